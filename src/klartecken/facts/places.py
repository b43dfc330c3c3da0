"""Places and the dated groups that the law puts them in.

A *legal* code is the place that the law looks at: Hong Kong is China since 2020-12-23
(85 FR 83765), and the territories of the United States are the United States (15 CFR 772.1).
Groups are the Country Groups of Supplement No. 1 to part 740 (``D:5``), the columns of the
Commerce Country Chart (``NS:1``) and ``Supp5a`` (Supplement No. 5(a) to part 740).
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from klartecken.errors import DataError, UnknownName
from klartecken.facts.table import GRADES, Row, read_table
from klartecken.logic.frozen import freeze

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """One country or territory (ISO 3166), and how the law treats it."""

    iso2: str
    iso3: str
    name: str
    treated_as: str
    also: tuple[str, ...]
    entry_basis: str
    source_date: str
    note: str


class Membership(NamedTuple):
    """A place in a group from ``start`` to ``until``, both inclusive; None is open.

    ``table_until`` is the last day on which the printed table still showed a membership that
    had already ended. Grade ``none`` says that the membership itself is unknown.
    """

    iso2: str
    group: str
    start: date | None
    until: date | None
    table_until: date | None
    citation: str
    grade: str
    note: str

    def covers(self, day: date) -> bool:
        """Is the membership in force on that day?"""
        return (self.start is None or self.start <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True)
class Places:
    """All places, their names and their memberships. Build it with :func:`load_places`."""

    places: Mapping[str, Place]
    names: Mapping[str, str]  # folded name -> iso2
    memberships: Mapping[str, tuple[Membership, ...]]  # by group
    codes: frozenset[str]  # legal codes
    unlisted: frozenset[str]  # legal codes with no entry in the tables

    def __post_init__(self) -> None:
        freeze(self, "places", "names", "memberships")

    @functools.cached_property
    def hash(self) -> str:
        """SHA-256 over what the law sees: memberships with their days, and foldings."""
        import hashlib

        held = sorted(
            f"{m.group},{m.iso2},{m.start},{m.until},{m.table_until},{m.grade == 'none'}"
            for members in self.memberships.values()
            for m in members
        )
        folded = sorted(f"{p.iso2}={p.treated_as}" for p in self.places.values())
        parts = [*held, *folded, *sorted(self.unlisted)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def resolve(self, text: str) -> str:
        """The iso2 code of a code or a name, whatever its case and accents.

        >>> load_places().resolve("south korea")
        'KR'

        Raises:
            UnknownName: no such place; holds the nearest names.
        """
        code = self.names.get(text) or self.names.get(fold(text))
        if code is None:
            near = self._near(text)
            next_step = "" if near else "Write an ISO 3166 code (CN) or the English name"
            raise UnknownName(
                f"there is no place called {text!r}", nearest=near, next_step=next_step
            )
        return code

    def _near(self, text: str) -> tuple[str, ...]:
        import difflib

        close = difflib.get_close_matches(fold(text), self.names, n=8, cutoff=0.6)
        found = dict.fromkeys(self.places[self.names[name]].name for name in close)
        return tuple(found)[:4]

    def name(self, code: str) -> str:
        """The English name of a place.

        Raises:
            UnknownName: no such place.
        """
        return self.places[self.resolve(code)].name

    def legal(self, code: str) -> str:
        """The code under which the law treats the place.

        >>> load_places().legal("HK"), load_places().legal("PR")
        ('CN', 'US')

        Raises:
            UnknownName: no such place.
        """
        return self.places[self.resolve(code)].treated_as

    @property
    def group_names(self) -> tuple[str, ...]:
        """Every group that has ever had a member, sorted."""
        return tuple(sorted(self.memberships))

    def _of(self, group: str) -> tuple[Membership, ...]:
        found = self.memberships.get(group)
        if found is None:
            import difflib

            near = tuple(difflib.get_close_matches(group, self.memberships, n=4, cutoff=0.3))
            raise UnknownName(f"there is no country group called {group!r}", nearest=near)
        return found

    def members(self, group: str, day: date) -> tuple[frozenset[str], frozenset[str]]:
        """The legal codes in a group on a day, and those whose membership is unknown.

        Raises:
            UnknownName: no such group.
        """
        yes: set[str] = set()
        unknown = set(self.unlisted)
        for item in self._of(group):
            if item.covers(day):
                (unknown if item.grade == "none" else yes).add(item.iso2)
        return frozenset(yes & self.codes), frozenset((unknown & self.codes) - yes)

    def groups(self, code: str, day: date) -> tuple[str, ...]:
        """The groups that a place is known to be in on a day, sorted.

        Raises:
            UnknownName: no such place.
        """
        legal = self.legal(code)
        return tuple(sorted({m.group for m in self._held(legal) if m.covers(day)}))

    def _held(self, legal: str) -> list[Membership]:
        return [
            m for held in self.memberships.values() for m in held
            if m.iso2 == legal and m.grade != "none"
        ]  # fmt: skip

    def change_days(self, groups: Iterable[str] | None = None) -> list[date]:
        """The days on which a membership starts, or is over for the first time, sorted.

        Args:
            groups: only these groups; by default all.

        Raises:
            UnknownName: no such group.
        """
        days: set[date] = set()
        for group in self.memberships if groups is None else groups:
            for item in self._of(group):
                if item.iso2 in self.codes:
                    days.update({item.start} if item.start else ())
                    days.update({item.until + _DAY} if item.until else ())
        return sorted(days)

    def lagging(self, code: str, day: date) -> tuple[Membership, ...]:
        """Memberships that had ended by that day, although the printed table still showed them.

        Raises:
            UnknownName: no such place.
        """
        legal = self.legal(code)
        return tuple(
            m for m in self._lags
            if m.iso2 == legal and m.until is not None and m.table_until is not None
            and m.until < day <= m.table_until
        )  # fmt: skip

    @functools.cached_property
    def _lags(self) -> tuple[Membership, ...]:
        return tuple(m for held in self.memberships.values() for m in held if m.table_until)


def fold(text: str) -> str:
    """A name without case, accents and doubled spaces."""
    text = text.strip().casefold().replace("’", "'")
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in parts if not unicodedata.combining(c))
    return " ".join(text.split())


@functools.cache
def load_places() -> Places:
    """The places of the package's own data, read once."""
    return read_places()


def read_places(folder: Path | None = None) -> Places:
    """The places of a folder that holds places.csv and group_memberships.csv.

    Raises:
        DataError: a file breaks its layout (row and column are named).
    """
    places: dict[str, Place] = {}
    names: dict[str, str] = {}
    for row in read_table("places", folder):
        place = _place(row)
        if place.iso2 in places:
            raise row.fail("iso2", f"{place.iso2} stands twice")
        places[place.iso2] = place
        for column, known in _names(place):
            other = names.setdefault(fold(known), place.iso2)
            if other != place.iso2:
                raise row.fail(column, f"{known!r} already names {other}")
    for place in places.values():
        if place.treated_as not in places:
            raise DataError(f"{place.treated_as!r} is no place", where=f"places.csv, {place.iso2}")
    codes = frozenset(p.treated_as for p in places.values())
    unlisted = frozenset(p.treated_as for p in places.values() if p.entry_basis == "none")
    return Places(places, names, _memberships(places, folder), codes, unlisted)


def _place(row: Row) -> Place:
    cells = row.fields()
    for column in ("iso2", "iso3", "name", "treated_as", "entry_basis"):
        if not cells[column]:
            raise row.fail(column, "it is empty")
    also = tuple(cells["also"].split(";")) if cells["also"] else ()
    return Place(
        cells["iso2"], cells["iso3"], cells["name"], cells["treated_as"], also,
        cells["entry_basis"], cells["source_date"], cells["note"],
    )  # fmt: skip


def _names(place: Place) -> list[tuple[str, str]]:
    named = [("iso2", place.iso2), ("iso3", place.iso3), ("name", place.name)]
    return named + [("also", other) for other in place.also]


def _memberships(
    places: Mapping[str, Place], folder: Path | None
) -> dict[str, tuple[Membership, ...]]:
    found: dict[str, list[Membership]] = {}
    for row in read_table("group_memberships", folder):
        iso2, group, start, until, table_until, citation, grade, note = row.cells
        if iso2 not in places:
            raise row.fail("iso2", f"{iso2!r} is no place of places.csv")
        if grade not in GRADES:
            row.one_of("grade", GRADES)
        if not citation or not group:
            raise row.fail("group" if citation else "citation", "it is empty")
        first = row.day("from") if start else None
        last = row.day("until") if until else None
        if first and last and first > last:
            raise row.fail("until", "it ends before it starts")
        printed = row.day("table_until") if table_until else None
        item = Membership(iso2, group, first, last, printed, citation, grade, note)
        found.setdefault(group, []).append(item)
    return {group: tuple(held) for group, held in found.items()}
