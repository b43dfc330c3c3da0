"""Does a licence cover an order line? Every reason why not, in words. Pure.

A licence covers what it names and nothing beside: an empty cell of the line, an unknown place
or a name written otherwise is a reason against it (750.7(a)(1), 750.7(c)).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from klartecken.desk.licences.balance import misfit
from klartecken.desk.licences.content import Whole
from klartecken.desk.licences.same import (
    key_of,
    names_of,
    place_of,
    same_item,
    same_name,
)
from klartecken.desk.machines.licence import IN_FORCE
from klartecken.desk.work import Row

ROLES = ("consignee", "end_user", "purchaser", "intermediate")
#: For what has left already these say nothing: it left while the licence was in force.
ENDED_AFTER = ("exhausted", "expired", "surrendered", "replaced", "transferred")
#: name in a cell -> its registered name, and the country where it is known
Known = Callable[[str], tuple[str, str]]


@dataclass(frozen=True)
class Scope:
    """A licence and whether it is verified, ready for many lines.

    Attributes:
        whole: with lines, parties and conditions.
        verified: did a second person verify it as it is now?
    """

    whole: Whole
    verified: bool

    @cached_property
    def parties(self) -> dict[str, frozenset[str]]:
        """The names that it lists, as they are compared, by role."""
        held = [party for party in self.whole.parties if not party["struck"]]
        return {
            role: frozenset(key_of(p["name"]) for p in held if p["role"] in (role, ""))
            for role in ROLES
        }

    @property
    def names_purchaser(self) -> bool:
        """Does it name a purchaser as such?"""
        return any(p["role"] == "purchaser" and not p["struck"] for p in self.whole.parties)

    @cached_property
    def end_uses(self) -> frozenset[str]:
        """The end uses that it lists, parted by ``|``."""
        return frozenset(key_of(use) for use in names_of(self.whole.licence["end_use"]))


def standing(scope: Scope, day: date, shipped: bool = False) -> Iterator[str]:
    """Why a licence is not in force on a day: unverified, not in hand, ended, out of its days.

    Args:
        shipped: for what left on that day.
    """
    licence = scope.whole.licence
    if not scope.verified:
        yield "no second person has verified it as it is now"
    if licence["in_hand_on"] is None or licence["in_hand_on"] > day:
        yield "the document is not in hand"
    state = licence["state"]
    if state not in IN_FORCE and not (shipped and state in ENDED_AFTER):
        yield f"it is {state}"
    if day < licence["issued_on"]:
        yield f"it was issued on {licence['issued_on']}"
    if day > licence["expires_on"]:
        yield f"it expires on {licence['expires_on']}, before the departure on {day}"


def reasons(scope: Scope, held: Row, line: Row, day: date, known: Known) -> list[str]:
    """All reasons why a licence line does not cover an order line on a day.

    Args:
        held: the line of the licence.
        day: of departure (758.4(b)). What is laden or on the pier by then is left to people.
        known: see :data:`Known`.
    """
    found = list(standing(scope, day, line.get("state") == "shipped"))
    wrong = misfit(held, line)
    if wrong:
        found.append(wrong)
    if not same_item(held["item"], line["item"]):
        found.append(f"it covers {held['item']}, not {line['item']}")
    found += _route(scope.whole.licence, line)
    found += _use_and_exporter(scope, line)
    found += _parties(scope, line, known)
    return found


def _route(licence: Row, line: Row) -> Iterator[str]:
    destination = place_of(line["destination"])
    if destination != licence["destination"]:
        yield f"it is for {licence['destination']}, not {line['destination'] or 'nowhere'}"
    if licence["ship_from"] and place_of(line["ship_from"]) != licence["ship_from"]:
        yield f"it is from {licence['ship_from']}, not {line['ship_from'] or 'an unsaid place'}"
    if licence["activity"] and line["activity"].strip().lower() != licence["activity"]:
        yield f"it is for {licence['activity']}, not {line['activity'] or 'an unsaid activity'}"


def _use_and_exporter(scope: Scope, line: Row) -> Iterator[str]:
    licence = scope.whole.licence
    if not line["end_use"].strip() or key_of(line["end_use"]) not in scope.end_uses:
        yield f"it is for the end use {licence['end_use']}, not {line['end_use'] or 'unsaid'}"
    exporter = licence["exporter"] or licence["holder"]
    if not same_name(line["exporter"], exporter):
        yield f"its exporter is {exporter}, not {line['exporter'] or 'unsaid'}"


def _parties(scope: Scope, line: Row, known: Known) -> Iterator[str]:
    for role in ROLES:
        listed = scope.parties[role]
        said = role.replace("_", " ")
        named = [known(name) for name in names_of(line[role])]
        if not named and role in ("consignee", "end_user"):
            yield f"the line names no {said}"
        for name, country in named:
            if key_of(name) in listed:
                continue
            if role != "intermediate":
                yield f"{name} is no {said} on it"
            elif not country or country != place_of(line["destination"]):
                place = f"in {country}" if country else "its country is not known"
                yield f"{name} is no intermediate consignee on it, {place} (750.7(c))"
    yield from _buyer(scope, line, known)


def _buyer(scope: Scope, line: Row, known: Known) -> Iterator[str]:
    """A line that names no purchaser is bought by its consignee or end user."""
    if names_of(line["purchaser"]) or not scope.names_purchaser:
        return
    listed = scope.parties["purchaser"]
    names = [*names_of(line["consignee"]), *names_of(line["end_user"])]
    if not any(key_of(known(name)[0]) in listed for name in names):
        yield "it names the purchaser, and the line does not"
