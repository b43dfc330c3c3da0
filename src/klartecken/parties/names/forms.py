"""Legal forms and titles: what a name carries that says little about whose name it is.

The forms are those of the library rigour, frozen (see NOTICE), with our own additions: every
spelling of "Co., Ltd", pinyin forms, and ``corp`` and ``co``, which rigour leaves alone.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from klartecken.facts.table import read_table

DATA = Path(__file__).parent / "data"
TITLE_KINDS = frozenset({"courtesy", "academic", "degree"})

_WORD = re.compile(r"\w+")


class Form(NamedTuple):
    """A legal form as it is written, its generic class, its length in characters."""

    text: str
    generic: str
    length: int


@cache
def legal_forms() -> dict[str, str]:
    """Every legal form (NFKC, casefolded) and its generic class; ours overrule rigour's.

    Raises:
        DataError: a table breaks its layout.
    """
    rows = read_table("legal_forms", DATA, ("form", "generic"))
    own = read_table("legal_forms_own", DATA, ("form", "generic", "note"))
    return {row.cell("form"): row.cell("generic") for row in (*rows, *own)}


FORM_WORDS: frozenset[str] = frozenset(legal_forms().values())
"""The generic classes, each one word: ``llc``, ``jsc``, ``corp``, ``co`` and so on."""


Forms = tuple[Form, ...]
AHEAD = 2  # characters after the first word by which its forms are told apart


@cache
def _by_beginning() -> dict[str, dict[str, Forms]]:
    """The forms by their first word and the characters after it, longest first.

    Under ``""`` stand those that are their first word alone.
    """
    found: dict[str, list[Form]] = {}
    for text, generic in legal_forms().items():
        first = _WORD.match(text)
        if first is None:  # the tables' own test keeps such forms out
            continue
        found.setdefault(first[0], []).append(Form(text, generic, len(text)))
    return {word: _by_rest(len(word), forms) for word, forms in found.items()}


def _by_rest(length: int, forms: list[Form]) -> dict[str, Forms]:
    ordered = sorted(forms, key=lambda form: (-form.length, form.text))
    rests = {form.text[length : length + AHEAD] for form in forms} | {""}
    return {
        rest: tuple(f for f in ordered if rest.startswith(f.text[length : length + AHEAD]))
        for rest in rests
    }


def replace_forms(text: str) -> str:
    """The name with each legal form replaced by its generic class, longest form first.

    A form counts where no letter or digit stands right before or after it, as in rigour.

    Args:
        text: NFKC, casefolded, single spaces.

    >>> replace_forms("foo co., ltd"), replace_forms("ооо фу")
    ('foo llc', 'llc фу')
    """
    table = _by_beginning()
    if table.keys().isdisjoint(_WORD.findall(text)):
        return text
    parts: list[str] = []
    done = 0
    for match in _WORD.finditer(text):
        forms = table.get(match[0])
        start = match.start()
        if forms is None or start < done:
            continue
        after = text[match.end() : match.end() + AHEAD]
        likely = forms.get(after) or forms.get(after[:1]) or forms[""]
        form = _form_at(text, start, likely)
        if form is not None:
            parts += (text[done:start], form.generic)
            done = start + form.length
    return "".join((*parts, text[done:]))


def _form_at(text: str, start: int, forms: Forms) -> Form | None:
    for form in forms:
        if text.startswith(form.text, start):
            after = text[start + form.length : start + form.length + 1]
            if not (after.isalnum() or after == "_"):
                return form
    return None


@cache
def _titles() -> tuple[frozenset[str], frozenset[str]]:
    """Titles that stand before a name, and degrees that stand after it."""
    before: set[str] = set()
    after: set[str] = set()
    for row in read_table("titles", DATA, ("title", "kind")):
        kind = row.one_of("kind", TITLE_KINDS)
        (after if kind == "degree" else before).add(row.cell("title"))
    return frozenset(before), frozenset(after)


def drop_titles(text: str) -> str:
    """A person's name without courtesy and academic titles (casefolded; never emptied).

    Titles go at the start and right after a comma ("surname, dr. given"), degrees at the
    end. Sheikh, hajji, haji, mullah, general and the like stay: in lists they are names.

    >>> drop_titles("prof. dr. jane doe, ph.d.")
    'jane doe'
    """
    before, after = _titles()
    kept: list[str] = []
    open_place = True
    for word in text.split():
        if open_place and word.rstrip(".,") in before:
            continue
        kept.append(word)
        open_place = word.endswith(",")
    while len(kept) > 1 and kept[-1].rstrip(".,") in after:
        kept.pop()
    if not kept:
        return text
    return " ".join(kept).rstrip(",")
