"""A question of the API, as a single case and as a line of a book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from klartecken.api.models.determinations import HowAsked, Question
from klartecken.decide.ask import as_item
from klartecken.decide.named import ROLES
from klartecken.errors import InputError
from klartecken.law.model import Law

#: Field of a question -> column of a book.
COLUMNS = {
    "ship_from": "ship_from", "activity": "activity", "exporter": "exporter",
    "hq": "consignee_hq", "parent_hq": "parent_hq", "end_use": "end_use",
}  # fmt: skip


def text_of(value: str | bool | int | Decimal) -> str:
    """A fact's value as the text that both ways of asking read.

    Raises:
        InputError: a number of no sane size.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.strip()
    number = Decimal(value)
    if not number.is_finite() or (number and not -30 < number.adjusted() < 30):
        raise InputError(f"{value} is no number of a sane size", where="facts")
    return format(number, "f")


def facts_of(question: Question) -> dict[str, str]:
    """The facts of a question as text."""
    return {name: text_of(value) for name, value in question.facts.items()}


def named(question: Question) -> dict[str, list[str]]:
    """The parties of a question by role; no role without a name.

    Raises:
        InputError: a name with a bar, which parts names in a book.
    """
    found = {role: held for role in ROLES if (held := getattr(question, role))}
    for role, names in found.items():
        if any("|" in name for name in names):
            raise InputError("a name may not hold a bar", where=role,
                             next_step="Give several names as a list")  # fmt: skip
    return found


def refuse_files(item: str) -> None:
    """A question names items; it does not make us open files.

    Raises:
        InputError: it names a file.
    """
    if item.lower().endswith((".yaml", ".yml")):
        raise InputError(f"{item!r} is the name of a file", where="item",
                         next_step="Describe the item with facts")  # fmt: skip


def as_check(question: Question, how: HowAsked, day: date) -> dict[str, Any]:
    """The arguments of :func:`klartecken.decide.ask.check`.

    Raises:
        InputError: what could not be the same in a book.
    """
    refuse_files(question.item)
    return {
        "item": question.item, "to": question.to, "on": day,
        **{name: getattr(question, name) for name in COLUMNS},
        "listed": question.listed, "facts": facts_of(question), "view": how.view,
        "strict": how.strict, "tf32_bits": how.tf32_bits, **named(question),
    }  # fmt: skip


def as_line(question: Question, law: Law, tf32_bits: int, day: date) -> dict[str, Any]:
    """Column of a book -> cell.

    Raises:
        InputError: a fact that does not exist or is given twice, or an item that nobody
            knows and nothing describes.
    """
    refuse_files(question.item)
    facts = facts_of(question)
    as_item(question.item, facts, tf32_bits, law)  # in a book, an unknown name is no error
    cells: dict[str, Any] = {"item": question.item, "destination": question.to, "ship_date": day}
    for name, column in COLUMNS.items():
        if (text := getattr(question, name)) is not None:
            cells[column] = text
    if question.listed:
        cells["listed"] = ",".join(question.listed)
    for fact, text in _each(facts, law):
        if fact in cells:
            raise InputError(f"{fact} is given twice", where="facts")
        cells[fact] = text
    for role, names in named(question).items():
        cells[role] = " | ".join(names)
    return cells


def _each(facts: Mapping[str, str], law: Law) -> list[tuple[str, str]]:
    """The facts by their own names, bundles taken apart."""
    found: list[tuple[str, str]] = []
    for name, text in facts.items():
        bundle = law.vocabulary.bundles.get(name.strip().lower())
        names = bundle if bundle is not None else (law.vocabulary.find(name).name,)
        found += [(one, text) for one in names]
    if len({name for name, _ in found}) != len(found):
        raise InputError("a fact is given twice", where="facts")
    return found
