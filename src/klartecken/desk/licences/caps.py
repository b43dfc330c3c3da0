"""Cumulative caps: performance sent to some places, against that sent to others.

The rule of January 2026 lets at most half of the total processing performance of a product that
went to customers in the United States go to China and Macau (supplement 2 to part 748, (dd)).
It is counted in TPP and never in units. What is not known counts against us: a performance
above by its upper end, one below by its lower end; chips inside servers count above only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from klartecken.desk.errors import Conflict
from klartecken.desk.holds import Hold
from klartecken.desk.licences import fields
from klartecken.desk.licences.same import item_of, legal_place_of, place_of, same_name, unit_of
from klartecken.desk.storage.columns import QUANTITY_PLACES
from klartecken.desk.storage.tables.licences import CAPS
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.work import Row, Work, find
from klartecken.errors import InputError
from klartecken.facts.chips import load_catalogue
from klartecken.logic.values import Range

FIELDS = (
    "name", "item", "cite", "starts_on", "percent", "destinations", "reference",
    "outside_capped", "outside_reference", "source",
)  # fmt: skip
_COUNTED = ("item", "quantity", "unit", "destination", "state", "shipped_on", "id")
_GIVEN = re.compile(r"(?i)server:\s*([1-9]\d{0,5})\s*x\s*(.+)")


def set_cap(work: Work, data: Mapping[str, Any], why: str, expected: int | None = None) -> int:
    """Record a cap, or change the one of that name; its id.

    Args:
        data: the :data:`FIELDS`. ``destinations`` and ``reference`` are lists of places;
            ``outside_capped`` and ``outside_reference`` are TPP that left outside this desk,
            with their ``source``.

    Raises:
        InputError, Forbidden, Stale: as usual.
        Conflict: ``expected`` is given, and there is no such cap.
    """
    work.require("cap.edit")
    why = fields.reason(why)
    fields.known(data, FIELDS, "cap")
    said: dict[str, Any] = {
        "name": fields.name(data, "name", need=True), "item": fields.name(data, "item", need=True),
        "cite": fields.name(data, "cite"), "starts_on": fields.day(data, "starts_on"),
        "percent": fields.whole(data, "percent", 0, 100, 50),
        "destinations": _places(data, "destinations"), "reference": _places(data, "reference"),
        "outside_capped": _tpp(data, "outside_capped"),
        "outside_reference": _tpp(data, "outside_reference"),
        "source": fields.prose(data, "source"),
    }  # fmt: skip
    if (said["outside_capped"] or said["outside_reference"]) and not said["source"]:
        raise InputError("figures from outside need their source", where="source")
    if set(said["destinations"]) & set(said["reference"]):
        raise InputError("a place is on both sides", where="reference")
    held = work.find(CAPS, CAPS.c.name == said["name"])
    if held:
        return int(work.update(CAPS, held[0]["id"], "caps.change", said, why, expected)["id"])
    if expected is not None:
        raise Conflict(f"there is no cap {said['name']!r}")
    return work.insert(CAPS, "caps.add", said, why)


def _tpp(data: Mapping[str, Any], name: str) -> Decimal:
    return Decimal(0) if data.get(name) is None else fields.number(data, name, QUANTITY_PLACES)


def _places(data: Mapping[str, Any], field_of: str) -> list[str]:
    codes = sorted({
        fields.country({"place": text}, "place", f"{field_of}.", need=True)
        for text in fields.entries(data, field_of)
    })  # fmt: skip
    if not codes:
        raise InputError("no place is named", where=field_of)
    return codes


@lru_cache(maxsize=1 << 14)
def performance_of(text: str) -> Range | None:
    """The TPP of one piece of an item, all chips in it together; None where we cannot say.

    >>> str(performance_of("nvidia-h20")), str(performance_of("nvidia-hgx-h20"))
    ('2368', '18944')
    """
    item = item_of(text)
    if item is None or "tpp" not in item.facts:
        return None
    value = item.facts["tpp"].value
    catalogue = load_catalogue()
    count = 1
    if item.contains is not None:
        server = catalogue.servers.get(item.id)
        given = _GIVEN.fullmatch(text.strip())
        if server is None and given is None:
            return None  # an assembly with an unsaid number of chips
        count = server.count if server is not None else int(given[1]) if given else 1
    packages = catalogue.chips[item.contains or item.id].packages
    return value.scaled(Fraction(count * packages)) if isinstance(value, Range) else None


@lru_cache(maxsize=1 << 14)
def chip_of(text: str) -> str:
    """The id of the chip that an item is or holds, or empty."""
    item = item_of(text)
    return "" if item is None else item.contains or item.id


def is_product(cap_item: str, item: str) -> bool:
    """Is an item the capped product, or does it hold it?"""
    chip = chip_of(cap_item)
    return chip == chip_of(item) if chip else same_name(cap_item, item)


def is_itself(cap_item: str, item: str) -> bool:
    """Is an item the capped product itself, and not something that holds it?"""
    left, right = item_of(cap_item), item_of(item)
    return (left is not None and right is not None and left.id == right.id) or (
        left is None and same_name(cap_item, item)
    )


@dataclass
class Count:
    """What counts for one cap.

    Attributes:
        days, sums: TPP shipped to the capped places up to each day (upper ends).
        reference: the same for the places that it is measured against (lower ends).
        open: TPP released and not shipped yet, by order line.
        unknown: days on which something of unknown performance left, and released lines.
    """

    row: Row
    capped: list[tuple[date, int, Fraction]] = field(default_factory=list)
    reference: list[tuple[date, int, Fraction]] = field(default_factory=list)
    open: dict[int, Fraction] = field(default_factory=dict)
    unknown: list[tuple[date, int]] = field(default_factory=list)
    unknown_open: set[int] = field(default_factory=set)


class CapBook:
    """All caps and what counts for them. Build it with :func:`read_caps`."""

    def __init__(self, counts: list[Count]) -> None:
        self.counts = counts
        for count in counts:
            count.capped.sort()
            count.reference.sort()
        self._sums = {
            id(entries): _running(entries) for c in counts for entries in (c.capped, c.reference)
        }

    def holds(self, line: Row, day: date) -> list[Hold]:
        """The caps that a line would exceed on a day; [] when it exceeds none.

        What was released and not shipped counts, and so does the line itself, once.
        """
        found = []
        for count in self.counts:
            cap = count.row
            if (
                (cap["starts_on"] is not None and day < cap["starts_on"])
                or not _goes_to(line, cap["destinations"])
                or not is_product(cap["item"], line["item"])
            ):
                continue
            wrong = self._exceeds(count, line, day)
            if wrong:
                found.append(Hold("cap", f"{cap['name']}: {wrong}"))
        return found

    def take(self, line: Row) -> None:
        """Count a line that was released just now, within the same work."""
        for count in self.counts:
            if _goes_to(line, count.row["destinations"]) and is_product(
                count.row["item"], line["item"]
            ):
                _release(count, line)

    def _exceeds(self, count: Count, line: Row, day: date) -> str:
        mine = performance_of_line(line)
        if mine is None or isinstance(mine.hi, float):
            return f"the total processing performance of {line['item']} is not known"
        shipped = line.get("state") == "shipped"
        if any(left <= day and ident != line["id"] for left, ident in count.unknown) or (
            not shipped and count.unknown_open - {line["id"]}
        ):
            return "something of unknown performance counts for it already"
        others = Fraction(count.row["outside_capped"]) + self._until(count.capped, day)
        if any(ident == line["id"] and left <= day for left, ident, _ in count.capped):
            others -= mine.hi
        if not shipped:
            others += sum((v for i, v in count.open.items() if i != line["id"]), Fraction(0))
        total = others + mine.hi
        reference = Fraction(count.row["outside_reference"]) + self._until(count.reference, day)
        allowed = reference * count.row["percent"] / 100
        if total <= allowed:
            return ""
        return (f"{shown(total)} TPP with this line, and {shown(allowed)} are allowed "
                f"({count.row['percent']} % of {shown(reference)})")  # fmt: skip

    def _until(self, entries: list[tuple[date, int, Fraction]], day: date) -> Fraction:
        days, sums = self._sums[id(entries)]
        place = bisect_right(days, day)
        return sums[place - 1] if place else Fraction(0)


def _running(entries: list[tuple[date, int, Fraction]]) -> tuple[list[date], list[Fraction]]:
    sums, total = [], Fraction(0)
    for _, _, value in entries:
        total += value
        sums.append(total)
    return [left for left, _, _ in entries], sums


def shown(number: Fraction) -> str:
    """A figure of performance, exact where it is a decimal number."""
    if number.denominator == 1:
        return f"{number.numerator:,}"
    return f"{Decimal(number.numerator) / Decimal(number.denominator):,.3f}"


def performance_of_line(line: Row) -> Range | None:
    """The TPP of a whole line, or None where item or unit do not say."""
    one = performance_of(line["item"]) if unit_of(line["unit"]) == "pieces" else None
    return None if one is None else one.scaled(Fraction(line["quantity"]))


def _goes_to(line: Row, places: list[str]) -> bool:
    """Does a line go to one of the places, as named or as the law treats it?"""
    return not {place_of(line["destination"]), legal_place_of(line["destination"])}.isdisjoint(
        places
    )


def _release(count: Count, line: Row) -> None:
    amount = performance_of_line(line)
    if amount is None or isinstance(amount.hi, float):
        count.unknown_open.add(line["id"])
    else:
        count.open[line["id"]] = amount.hi


def _ship(count: Count, line: Row) -> None:
    amount = performance_of_line(line)
    left = line["shipped_on"] or date.min
    if _goes_to(line, count.row["destinations"]) and is_product(count.row["item"], line["item"]):
        if amount is None or isinstance(amount.hi, float):
            count.unknown.append((left, line["id"]))
        else:
            count.capped.append((left, line["id"], amount.hi))
    elif place_of(line["destination"]) in count.row["reference"]:
        known = amount is not None and not isinstance(amount.lo, float)
        if known and is_itself(count.row["item"], line["item"]):
            count.reference.append((left, line["id"], _low(amount)))


def _low(amount: Range | None) -> Fraction:
    assert amount is not None
    return Fraction(amount.lo)


def read_caps(connection: Connection) -> CapBook:
    """The caps, and what was shipped and released, as they are now."""
    counts = [Count(row) for row in find(connection, CAPS)]
    if counts:
        columns = [LINES.c[name] for name in _COUNTED]
        query = select(*columns).where(LINES.c.state.in_(("shipped", "released")))
        for row in connection.execute(query.order_by(LINES.c.id)).mappings():
            line = dict(row)
            for count in counts:
                if line["state"] == "shipped":
                    _ship(count, line)
                elif _goes_to(line, count.row["destinations"]) and is_product(
                    count.row["item"], line["item"]
                ):
                    _release(count, line)
    return CapBook(counts)
