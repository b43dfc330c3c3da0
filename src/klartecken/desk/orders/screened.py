"""What stands against the parties of order lines, beside what the law makes of it.

Pure: names, day and lists go in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from klartecken.decide.named import ROLES, names_in
from klartecken.desk.holds import Hold, in_order
from klartecken.desk.work import Row
from klartecken.errors import KlarteckenError
from klartecken.logic.tri import NO
from klartecken.logic.values import FLAG_YES
from klartecken.parties.decisions.apply import SUPPLEMENT
from klartecken.parties.resolve.context import Context
from klartecken.parties.resolve.lists import NAMES, astray, in_force, uncovered, unscreened
from klartecken.parties.resolve.programmes import reached
from klartecken.parties.resolve.resolve import Resolver
from klartecken.parties.screened import Hit

NEEDED = ("consignee", "end_user")
#: What people write where a name is not known yet; such a word names nobody.
NOBODY = frozenset({
    "n a", "na", "nn", "none", "nil", "null", "nobody", "unknown", "unnamed", "not known",
    "not applicable", "not available", "undefined", "undisclosed", "confidential", "anonymous",
    "tbd", "tba", "tbc", "to be determined", "to be defined", "to be decided", "to be advised",
    "to be announced", "to be confirmed", "pending", "same", "same as above", "as above",
    "see above", "ditto", "idem", "various", "several", "multiple", "other", "others", "misc",
    "customer", "end customer", "client", "consignee", "end user", "enduser", "purchaser",
    "buyer", "distributor", "reseller", "placeholder", "dummy",
})  # fmt: skip


@dataclass
class Parties:
    """What stands against parties, each distinct set of them once for each era.

    An era is the days on which nothing of the lists, decisions and so on changes.
    """

    context: Context
    _resolver: Resolver = field(init=False)
    _seen: dict[tuple[Any, ...], tuple[tuple[Hold, ...], bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._resolver = Resolver(self.context)

    def prepare(self, rows: Sequence[Row], days: Sequence[date]) -> None:
        """Screen all parties at once."""
        distinct = {self._key(row, day): (row, day)
                    for row, day in zip(rows, days, strict=True)}  # fmt: skip
        asked = []
        for row, day in distinct.values():
            try:
                asked.append((self._names(row), day))
            except KlarteckenError:  # told when the line is read
                continue
        self._resolver.prepare(asked)

    def _key(self, row: Row, day: date) -> tuple[Any, ...]:
        return (self.context.era(day)[0], *(row[role] for role in ROLES))

    @staticmethod
    def _names(row: Row) -> dict[str, tuple[str, ...]]:
        return {role: names_in(row[role], role) for role in ROLES if row[role]}

    def of(self, row: Row, day: date) -> tuple[tuple[Hold, ...], bool]:
        """Holds, and whether a party is confirmed on the Unverified List."""
        key = self._key(row, day)
        if key not in self._seen:
            self._seen[key] = self._find(row, day)
        return self._seen[key]

    def _find(self, row: Row, day: date) -> tuple[tuple[Hold, ...], bool]:
        roles = self._names(row)
        holds: list[Hold] = []
        missing = [role.replace("_", " ") for role in NEEDED if role not in roles]
        if missing:
            holds.append(Hold("party_unnamed", " and ".join(missing)))
        for name in dict.fromkeys(name for names in roles.values() for name in names):
            if names_nobody(name):
                holds.append(Hold("party_unnamed", f"{name!r} names nobody"))
            holds += self._screened(name, day)
        holds += self._lists(day)
        uvl = self._resolver.alike(roles, day).facts.get("listed_uvl")
        return tuple(in_order(holds)), uvl is not None and uvl.value == FLAG_YES

    def _lists(self, day: date) -> Iterator[Hold]:
        """Lists by which nobody can be said not to be listed, in words that stay the same."""
        cover, told = self.context.cover(day), []
        for code, name in NAMES.items():
            if any(uncovered(code, cover, self.context.max_age, day)):
                part = cover.parts.get(code) if cover else None
                state = (
                    "missing" if part is None else str(part.date) if part.complete else "in part"
                )
                told.append(f"{name}: {state}")
        if told:
            yield Hold("lists_old", "; ".join(told))

    def _screened(self, name: str, day: date) -> Iterator[Hold]:
        screening = self._resolver.profile(name, day).screening
        if screening is None:  # there is no list, which is told of the lists
            return
        for hit in screening.hits:
            if hit.entry.id not in screening.confirmed:
                told = f"{name!r} may be {hit.entry.name!r} ({hit.entry.list})"
                yield Hold("party_hit", told)
            elif barred(hit) and in_force(hit.entry, day):
                yield Hold("party_barred", f"{name!r} is {hit.entry.name!r} ({hit.entry.list})")
        for decision in astray(screening.party, screening, self.context, day):
            if decision.list != SUPPLEMENT:
                told = f"{name!r} was decided to be {decision.entry_id}, which did not come up"
                yield Hold("party_hit", told)
        # where a list is missing, that is told of the lists
        if why := unscreened(screening, self.context.cover(day)):
            yield Hold("party_unread", f"{name!r}: {why}")


def names_nobody(name: str) -> bool:
    """Is it a word for a name that is not known yet?

    >>> names_nobody("T.B.D."), names_nobody("N/A"), names_nobody("Beispiel GmbH")
    (True, True, False)
    """
    plain = "".join(c if c.isalnum() else " " for c in name.casefold().replace(".", ""))
    return " ".join(plain.split()) in NOBODY


def barred(hit: Hit) -> bool:
    """Does a list bar this party by rules that the law modelled here does not hold?

    A blocked person under a programme that section 744.8 does not name is OFAC's alone, and an
    own list without a stated requirement is the firm's own word.
    """
    entry = hit.entry
    if entry.list == "SDN":
        return reached(entry) is NO
    return entry.list.startswith("OWN") and not entry.requirement
