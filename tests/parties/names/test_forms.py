"""Legal forms and titles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.parties.names.forms import (
    FORM_WORDS,
    drop_titles,
    legal_forms,
    replace_forms,
)

COMPANIES = {
    "llc": (
        "Zorbla Co., Ltd", "Zorbla Co., Ltd.", "Zorbla Co. Ltd", "Zorbla Co.,Ltd.", "Zorbla Co Ltd",
        "Zorbla Company Limited", "Zorbla Company, Limited", "Zorbla LLC", "Zorbla L.L.C.",
        "Zorbla Limited Liability Company", "Zorbla Company Limited Liability Company",
        "Zorbla OOO", "Zorbla ООО", "Zorbla GmbH", "Zorbla Sdn Bhd", "Zorbla Sdn. Bhd.",
        "Zorbla Pte Ltd", "Zorbla Pte. Ltd.", "Zorbla (Pvt) Ltd", "Zorbla FZE", "Zorbla FZ-LLC",
        "Zorbla Ltd. Sti.", "Zorbla Ltd. Şti.", "Zorbla Limited Şirketi",
        "Zorbla Youxian Gongsi", "Zorbla Youxian Zeren Gongsi", "Zorbla 有限公司",
    ),
    "jsc": (
        "Zorbla JSC", "Zorbla AO", "Zorbla OAO", "Zorbla PAO", "Zorbla ПАО", "Zorbla A.S.",
        "Zorbla A.Ş.", "Zorbla Anonim Sirketi", "Zorbla Gufen Youxian Gongsi", "Zorbla K.K.",
        "Zorbla Joint Stock Company", "Zorbla Public Joint-Stock Company", "Zorbla 股份有限公司",
    ),
    "corp": ("Zorbla Corporation", "Zorbla Corp."),
    "co": ("Zorbla Company", "Zorbla Co."),
}  # fmt: skip


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize(
    ("name", "generic"), [(name, generic) for generic, all_ in COMPANIES.items() for name in all_]
)
def test_a_form_becomes_its_class(name: str, generic: str) -> None:
    """What remains beside the class is punctuation."""
    opened, _, inner = replace_forms(name.casefold()).partition(" ")
    assert opened == "zorbla"
    assert words(inner) == [generic]


def test_forms_before_a_name_and_within_it() -> None:
    assert replace_forms("ооо зорбла") == "llc зорбла"
    assert replace_forms("zorbla co., ltd, harbin branch") == "zorbla llc, harbin branch"


@pytest.mark.parametrize(
    "name", ["zorbla agate", "incandela", "coltrane works", "salt lake mining", "yu in is", "лаоо"]
)
def test_a_form_inside_a_word_stays(name: str) -> None:
    assert replace_forms(name) == name


def test_the_longest_form_wins() -> None:
    assert replace_forms("zorbla gmbh & co. kg") == "zorbla lp"


def slow(text: str) -> str:
    """The same rule as one look at every place: leftmost, then longest."""
    out, place = "", 0
    table = legal_forms()
    longest = max(map(len, table))
    while place < len(text):
        if place == 0 or not re.match(r"\w", text[place - 1]):
            for size in range(min(longest, len(text) - place), 0, -1):
                form, after = text[place : place + size], text[place + size : place + size + 1]
                if form in table and not re.match(r"\w", after):
                    out, place = out + table[form], place + size
                    break
            else:
                out, place = out + text[place], place + 1
        else:
            out, place = out + text[place], place + 1
    return out


PIECES = st.sampled_from([*list(legal_forms())[::40], "co., ltd", "ltd.", "zorbla", "x", "ж"])
GLUE = st.sampled_from([" ", ", ", "-", "", "."])


@given(st.lists(st.tuples(PIECES, GLUE), max_size=6))
def test_the_scan_is_the_plain_rule(pieces: list[tuple[str, str]]) -> None:
    text = "".join(word + glue for word, glue in pieces)
    assert replace_forms(text) == slow(text)


@given(st.text(max_size=30))
def test_any_text_is_taken(text: str) -> None:
    folded = text.casefold()
    assert replace_forms(folded) == slow(folded)
    assert drop_titles(folded) or not folded


def test_the_tables_are_sound() -> None:
    """Each form can be met: normal text that begins with a letter or digit."""
    for form in legal_forms():
        assert re.match(r"\w", form), form
        assert form == " ".join(form.split())
    assert {"llc", "jsc", "corp", "co"} <= FORM_WORDS
    assert all(re.fullmatch(r"[a-z]+", word) for word in FORM_WORDS)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("mr. john doe", "john doe"),
        ("prof. dr. jane doe, ph.d.", "jane doe"),
        ("doe, dr. jane", "doe, jane"),
        ("sheikh zorbla", "sheikh zorbla"),
        ("mullah zorbla", "mullah zorbla"),
        ("hajji zorbla", "hajji zorbla"),
        ("jane mba", "jane"),
        ("dr", "dr"),
        ("md zorbla", "md zorbla"),
        ("zorbla miss line", "zorbla miss line"),
    ],
)
def test_titles(name: str, bare: str) -> None:
    assert drop_titles(name) == bare
