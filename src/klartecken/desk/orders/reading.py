"""What is said of an order line, read from text or plain data, with all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from klartecken.book.table.columns import COLUMNS, fold
from klartecken.decide.ask import World, as_item
from klartecken.decide.named import ROLES, names_in
from klartecken.desk.storage.columns import (
    LARGEST,
    MONEY_PLACES,
    QUANTITY_PLACES,
    plain,
    scaled,
    storable,
)
from klartecken.errors import InputError, KlarteckenError
from klartecken.facts.text import LONGEST, one_line
from klartecken.law.model import Law

LONG = 2000  # characters of a note, or of a cell with several parties
MOST_FACTS = 60
ACTIVITIES = ("", "export", "reexport", "transfer")
TEXTS = ("external_id", "order_number", "unit", "unit_of_business")
REQUIRED = ("external_id", "item", "quantity", "unit_price", "currency", "destination")
# what a spreadsheet shows in place of a value that it could not work out
ERRORS = frozenset({
    "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DIV/0!", "#SPILL!", "#CALC!",
    "#GETTING_DATA",
})  # fmt: skip
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?|[+-]?\.[0-9]+")
NAMES = (
    *REQUIRED, "order_number", "unit", "ship_from", "activity", "exporter", *ROLES, "end_use",
    "ship_on", "unit_of_business", "note", "facts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a line.

    Attributes:
        where: the column.
        value: what stands there.
        what: why it cannot be used.
    """

    where: str
    value: str
    what: str

    def to_dict(self) -> dict[str, str]:
        """Plain data."""
        return {"where": self.where, "value": self.value[:200], "what": self.what}


def read_line(
    said: Mapping[str, Any], world: World, *, partly: bool = False
) -> tuple[dict[str, Any], list[Problem]]:  # fmt: skip
    """A line as it is kept, and everything that is wrong with it.

    Args:
        said: by the names of :data:`NAMES`, as text or plain data.
        world: gives places, items and the names of facts.
        partly: only some columns are said (an edit); the others are left out.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name in said:
        if name not in NAMES:
            problems.append(Problem(text_of(name), "", "there is no such column"))
    for name in NAMES:
        if partly and name not in said:
            continue
        raw = said.get(name)
        if name in REQUIRED and (raw is None or (isinstance(raw, str) and not raw.strip())):
            problems.append(Problem(name, "", "is missing"))
            continue
        try:
            _refuse_error(raw)
            values[name] = _READERS[name](raw, world)
        except KlarteckenError as err:
            where = err.where or name
            if isinstance(raw, Mapping) and where.startswith("facts."):
                raw = raw.get(where.removeprefix("facts."))
            problems.append(Problem(text_of(where), text_of(raw), _told(err)))
    if not problems and not partly:
        problems += _together(values, world)
    return values, problems


def refuse(problems: list[Problem], where: str = "order line") -> None:
    """Raises InputError that names everything that is wrong."""
    if problems:
        told = "; ".join(f"{p.where}: {p.what}" for p in problems)
        raise InputError(told, where=where)


def _together(values: Mapping[str, Any], world: World) -> Iterator[Problem]:
    """What can only be seen when all columns are read: is there such an item?"""
    try:
        as_item(values["item"], values["facts"], 32, world.law)
    except KlarteckenError as err:
        yield Problem("item", values["item"], _told(err))


def _refuse_error(raw: Any) -> None:
    """An error of a spreadsheet is no value, and no name of anybody."""
    if isinstance(raw, str) and raw[:1] == "#" and raw.strip().upper() in ERRORS:
        raise InputError("is an error of a spreadsheet", next_step="Correct its formula")


def _refuse_vast(raw: Any) -> None:
    """Whole numbers that nothing of ours could be, and that Python does not write out."""
    if isinstance(raw, int) and abs(raw) > LARGEST:
        raise InputError("is too large")


def _text(raw: Any, _world: World) -> str:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return ""
    if not isinstance(raw, (str, int)) or isinstance(raw, bool):
        raise InputError("must be text")
    _refuse_vast(raw)
    return one_line(str(raw), "")


def _item(raw: Any, world: World) -> str:
    name = _text(raw, world)
    if name.lower().endswith((".yaml", ".yml")):
        raise InputError("names a file", next_step="Name an item, and give its facts")
    return name


def _note(raw: Any, _world: World) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise InputError("must be text")
    if len(raw) > LONG:
        raise InputError(f"has {len(raw)} characters, more than {LONG}")
    return storable(raw).strip()


def _party(raw: Any, world: World) -> str:
    """One party, or several parted by a vertical bar."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return ""
    if isinstance(raw, list) and all(isinstance(one, str) for one in raw):
        raw = "|".join(raw)
    if not isinstance(raw, str) or len(raw) > LONG:
        raise InputError("must be the name of a party")
    return "|".join(one_line(name, "") for name in names_in(raw, ""))


def _place(raw: Any, world: World) -> str:
    name = _text(raw, world)
    return world.places.resolve(name) if name else ""


def _number(places: int, least: int) -> Callable[[Any, World], Decimal]:
    def read(raw: Any, _world: World) -> Decimal:
        if isinstance(raw, (bool, float)) or not isinstance(raw, (str, int, Decimal)):
            raise InputError("must be a number, written as text where it has decimals")
        _refuse_vast(raw)
        text = raw.strip() if isinstance(raw, str) else raw
        if isinstance(text, str) and not (len(text) <= 30 and NUMBER.fullmatch(text)):
            raise InputError("is not a number", next_step="Write it in digits, as 1234.50")
        whole = scaled(text, places)
        if whole < least:
            raise InputError("must be more than zero" if least else "must not be negative")
        return plain(Decimal(whole).scaleb(-places))

    return read


def _currency(raw: Any, world: World) -> str:
    text = _text(raw, world)
    if len(text) != 3 or not (text.isascii() and text.isalpha()):
        raise InputError("is not the three letters of a currency, as USD")
    return text.upper()


def _activity(raw: Any, world: World) -> str:
    text = _text(raw, world).lower()
    if text not in ACTIVITIES:
        raise InputError("is not export, reexport or transfer")
    return text


def _day(raw: Any, _world: World) -> date | None:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if isinstance(raw, date):
        return date(raw.year, raw.month, raw.day)
    try:
        if not isinstance(raw, str) or not DAY.fullmatch(raw.strip()):
            raise ValueError
        return date.fromisoformat(raw.strip())
    except ValueError:
        raise InputError("is not a day", next_step="Write 2025-07-15") from None


def _facts(raw: Any, world: World) -> dict[str, str]:
    """Facts by the vocabulary's names, each as text that can be read."""
    if raw is None:
        return {}
    if not isinstance(raw, Mapping) or len(raw) > MOST_FACTS:
        raise InputError("must be a mapping of facts to values")
    found: dict[str, str] = {}
    for given, value in raw.items():
        where = text_of(f"facts.{text_of(given)}")
        if not isinstance(given, str) or len(given) > LONGEST:
            raise InputError("is no name of a fact", where=where)
        try:
            name = fact_name(given, world.law)
            if name in found:
                raise InputError("is given twice")
            found[name] = _fact(name, value, world)
        except KlarteckenError as err:
            raise InputError(_told(err), where=where) from err
    return found


def fact_name(given: str, law: Law) -> str:
    """The fact of a name or alias, if a line may say it.

    Raises:
        InputError: no such fact; a column of its own; or one that follows from the parties.
    """
    name = law.vocabulary.find(given).name
    if name in NAMES or name in OF_PARTIES or OF_A_BOOK.get(fold(name), name) != name:
        raise InputError("is not said as a fact: it is a column, or follows from the parties")
    return name


def _fact(name: str, value: Any, world: World) -> str:
    spec = world.law.vocabulary.facts[name]
    text = ("yes" if value else "no") if isinstance(value, bool) else value
    if isinstance(text, float) or not isinstance(text, (str, int, Decimal)):
        raise InputError("must be text")
    _refuse_error(text)
    _refuse_vast(text)
    said = one_line(str(text), "")
    if spec.kind != "place":
        spec.read(said)
        return said
    for part in said.split("|"):
        if part.strip().lower() not in ("unknown", "?"):
            world.places.resolve(part)
    return said


#: Facts that named parties give; nobody may say them of a line.
OF_PARTIES = frozenset({
    "listed_entity", "listed_meu", "listed_uvl", "listed_dpl", "listed_sdn",
    "affiliate_of_listed", "minority_listed_owner", "entity_list_footnote",
})  # fmt: skip

#: Columns by which the book engine knows something else than the fact of that name.
OF_A_BOOK = {fold(alias): column.name for column in COLUMNS
             for alias in (column.name, *column.aliases)}  # fmt: skip

_READERS: dict[str, Callable[[Any, World], Any]] = {
    **dict.fromkeys(TEXTS, _text), **dict.fromkeys(ROLES, _party),
    "item": _item, "quantity": _number(QUANTITY_PLACES, 1),
    "unit_price": _number(MONEY_PLACES, 0), "currency": _currency, "destination": _place,
    "ship_from": _place, "activity": _activity, "exporter": _text, "end_use": _text,
    "ship_on": _day, "note": _note, "facts": _facts,
}  # fmt: skip


def text_of(raw: Any) -> str:
    """Anything as text that can be stored and printed."""
    if raw is None:
        return ""
    if isinstance(raw, int) and abs(raw) > LARGEST:
        return "a vast number"
    text = str(raw) if isinstance(raw, (str, int, float, Decimal, date)) else type(raw).__name__
    return text[:LONG].encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def _told(err: KlarteckenError) -> str:
    return text_of(f"{err.what}. {err.next_step}" if err.next_step else err.what)
