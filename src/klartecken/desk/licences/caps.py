"""Cumulative caps: performance sent to some places, against that sent to others.

The rule of January 2026 lets at most half of the total processing performance of a product that
went to customers in the United States go to China and Macau (supplement 2 to part 748, (dd)).
It is counted in TPP and never in units. What is not known counts against us: a performance
above by its upper end, one below by its lower end; chips inside servers count above only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from klartecken.desk.errors import Conflict
from klartecken.desk.holds import Hold
from klartecken.desk.licences import fields
from klartecken.desk.licences.performance import is_itself, is_product, performance_of_line
from klartecken.desk.licences.same import legal_place_of, place_of
from klartecken.desk.storage.columns import QUANTITY_PLACES, plain
from klartecken.desk.storage.tables.licences import CAPS
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.work import Row, Work, find
from klartecken.errors import InputError
from klartecken.logic.values import Range

FIELDS = (
    "name", "item", "cite", "starts_on", "percent", "destinations", "reference",
    "outside_capped", "outside_reference", "source",
)  # fmt: skip
Entry = tuple[date, int, Fraction]  # day, line, TPP
_COUNTED = ("item", "quantity", "unit", "destination", "state", "shipped_on", "id")


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


@dataclass
class Count:
    """What counts for one cap.

    Attributes:
        capped: TPP of each line shipped to the capped places: day, line, upper end.
        reference: the same of the places that it is measured against, by the lower end.
        own: upper end by shipped line.
        open: upper end by line that is released and not shipped yet.
        unknown: the same of lines of unknown performance; ``unknown_open`` of released ones.
    """

    row: Row
    capped: list[Entry] = field(default_factory=list)
    reference: list[Entry] = field(default_factory=list)
    own: dict[int, tuple[date, Fraction]] = field(default_factory=dict)
    open: dict[int, Fraction] = field(default_factory=dict)
    open_sum: Fraction = Fraction(0)
    unknown: list[tuple[date, int]] = field(default_factory=list)
    unknown_open: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a cap stands, in TPP.

    Attributes:
        shipped, released: what counts for it by the upper end.
        allowed: by the lower end.
        unknown: order lines of unknown performance: with one of them nothing more may leave.
    """

    shipped: Fraction
    released: Fraction
    allowed: Fraction
    unknown: tuple[int, ...]

    @property
    def left(self) -> Fraction | None:
        """What may still be released; below zero where it is passed, None where not known."""
        return None if self.unknown else self.allowed - self.shipped - self.released


class CapBook:
    """All caps and what counts for them. Build it with :func:`read_caps`."""

    def __init__(self, counts: list[Count]) -> None:
        self.counts = counts
        self._days: dict[tuple[int, date], tuple[Fraction, Fraction, str]] = {}
        self._reached: dict[tuple[int, str, str], bool] = {}
        for count in counts:
            count.capped.sort()
            count.reference.sort()
            count.unknown.sort()
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
            early = cap["starts_on"] is not None and day < cap["starts_on"]
            if early or not self._capped(count, line):
                continue
            wrong = self._exceeds(count, line, day)
            if wrong:
                found.append(Hold("cap", f"{cap['name']}: {wrong}"))
        return found

    def standing(self, cap: int, day: date) -> Standing:
        """How a cap stands at the end of a day, with all that is released.

        Args:
            cap: its id, which must be in the book.
        """
        count = next(count for count in self.counts if count.row["id"] == cap)
        gone, allowed, _ = self._on(count, day)
        unknown = {ident for left, ident in count.unknown if left <= day} | count.unknown_open
        return Standing(gone, count.open_sum, allowed, tuple(sorted(unknown)))

    def take(self, line: Row) -> None:
        """Count a line that was released just now, within the same work."""
        for count in self.counts:
            if self._capped(count, line):
                _release(count, line)

    def _capped(self, count: Count, line: Row) -> bool:
        """Does the cap reach a line? Most lines share item and destination."""
        key = (id(count), line["item"], line["destination"])
        if key not in self._reached:
            self._reached[key] = _goes_to(line, count.row["destinations"]) and is_product(
                count.row["item"], line["item"]
            )
        return self._reached[key]

    def _exceeds(self, count: Count, line: Row, day: date) -> str:
        mine = performance_of_line(line)
        if mine is None or isinstance(mine.hi, float):
            return f"the total processing performance of {line['item']} is not known"
        shipped = line.get("state") == "shipped"
        me = line["id"]
        open_too = not shipped and len(count.unknown_open) > (me in count.unknown_open)
        if open_too or any(left <= day and ident != me for left, ident in count.unknown):
            return "something of unknown performance counts for it already"
        others, allowed, told = self._on(count, day)
        left, own = count.own.get(me, (day, Fraction(0)))
        others -= own if left <= day else 0
        if not shipped:
            others += count.open_sum - count.open.get(me, 0)
        total = others + mine.hi
        return "" if total <= allowed else f"{shown(total)} TPP with this line, and {told}"

    def _on(self, count: Count, day: date) -> tuple[Fraction, Fraction, str]:
        """TPP that has left by a day, what is allowed, and that in words."""
        key = (id(count), day)
        if key not in self._days:
            percent = count.row["percent"]
            gone = Fraction(count.row["outside_capped"]) + self._until(count.capped, day)
            base = Fraction(count.row["outside_reference"]) + self._until(count.reference, day)
            allowed = base * percent / 100
            told = f"{shown(allowed)} are allowed ({percent} % of {shown(base)})"
            self._days[key] = (gone, allowed, told)
        return self._days[key]

    def _until(self, entries: list[Entry], day: date) -> Fraction:
        days, sums = self._sums[id(entries)]
        place = bisect_right(days, day)
        return sums[place - 1] if place else Fraction(0)


def _running(entries: list[Entry]) -> tuple[list[date], list[Fraction]]:
    sums, total = [], Fraction(0)
    for _, _, value in entries:
        total += value
        sums.append(total)
    return [left for left, _, _ in entries], sums


def shown(number: Fraction) -> str:
    """A figure of performance, with as many decimal places as it has.

    >>> shown(Fraction(236800)), shown(Fraction("118402.368"))
    ('236,800', '118,402.368')
    """
    return f"{exact(number):,f}"


def exact(number: Fraction) -> Decimal:
    """A figure of performance as a decimal number."""
    return plain(Decimal(number.numerator) / Decimal(number.denominator))


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
        count.open_sum += amount.hi - count.open.get(line["id"], 0)
        count.open[line["id"]] = amount.hi


def _ship(count: Count, line: Row) -> None:
    amount = performance_of_line(line)
    left = line["shipped_on"] or date.min
    if _goes_to(line, count.row["destinations"]) and is_product(count.row["item"], line["item"]):
        if amount is None or isinstance(amount.hi, float):
            count.unknown.append((left, line["id"]))
        else:
            count.capped.append((left, line["id"], amount.hi))
            count.own[line["id"]] = (left, amount.hi)
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
