"""A decision: a person says whether a party is a listed one, why, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

from klartecken.errors import DataError, InputError
from klartecken.facts.text import one_line
from klartecken.parties.lists.entry import Entry
from klartecken.parties.names.lookup import lookup_key
from klartecken.parties.party import Party, content_hash

FALSE_POSITIVE, MATCH = "false_positive", "match"
VERDICTS = (FALSE_POSITIVE, MATCH)
EXACT = ("identifier", "exact")  # rules whose hits need two people to be set aside


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided of one pair.

    It holds for these two contents only: once the party or the entry changes, it lapses.

    Attributes:
        verdict: ``false_positive`` (somebody else) or ``match`` (the same).
        party_hash, party_name, party_id: the party as it was; name and id only find what
            lapsed.
        entry_hash, entry_id, entry_name, list: the listed entry as it was.
        reason, by: why, and who decided.
        day: when; a false positive counts for no day before it.
        until: its last day, or None (a match without end).
        second: who agreed; a false positive on an exact hit needs one.
        number: its place in the log, from 1.
    """

    verdict: str
    party_hash: str
    party_name: str
    party_id: str
    entry_hash: str
    entry_id: str
    entry_name: str
    list: str
    reason: str
    by: str
    day: date
    until: date | None = None
    second: str = ""
    number: int = 0

    @property
    def id(self) -> str:
        """Content hash, shortened: what a withdrawal names."""
        return content_hash(self._plain())[:16]

    def _plain(self) -> dict[str, Any]:
        until = None if self.until is None else self.until.isoformat()
        return {**asdict(self), "day": self.day.isoformat(), "until": until}

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, with the id."""
        return {"id": self.id, **self._plain()}


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Takes a decision back; both stay in the log.

    Attributes:
        withdraws: id of the decision.
        reason, by, day: why, who, when.
        number: its place in the log, from 1.
    """

    withdraws: str
    reason: str
    by: str
    day: date
    number: int = 0

    @property
    def id(self) -> str:
        """Content hash, shortened."""
        return content_hash(self._plain())[:16]

    def _plain(self) -> dict[str, Any]:
        return {**asdict(self), "day": self.day.isoformat()}

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, with the id."""
        return {"id": self.id, **self._plain()}


Record = Decision | Withdrawal


@dataclass(frozen=True)
class Decisions:
    """All records of a log; which of them count is worked out, never stored.

    Attributes:
        records: decisions and withdrawals, in any order.
        torn: what is wrong with the last line of the log, or empty.
    """

    records: tuple[Record, ...] = ()
    torn: str = ""

    @cached_property
    def standing(self) -> tuple[Decision, ...]:
        """The decisions that nobody withdrew, by day and id."""
        gone = {r.withdraws for r in self.records if isinstance(r, Withdrawal)}
        held = (r for r in self.records if isinstance(r, Decision) and r.id not in gone)
        return tuple(sorted(held, key=lambda r: (r.day, r.id)))

    @cached_property
    def _found(self) -> Mapping[tuple[str, str], tuple[Decision, ...]]:
        found: dict[tuple[str, str], tuple[Decision, ...]] = {}
        for held in self.standing:
            for key in _keys(held.party_hash, held.party_id, held.party_name):
                found[key] = (*found.get(key, ()), held)
        return found

    def about(self, party: Party) -> tuple[Decision, ...]:
        """The standing decisions on a party: of its content, its id or its name."""
        held: dict[Decision, None] = {}
        for key in _keys(party.hash, party.id, party.name):
            held.update(dict.fromkeys(self._found.get(key, ())))
        return tuple(sorted(held, key=lambda r: (r.day, r.id)))

    @cached_property
    def turns(self) -> frozenset[date]:
        """The days from which on a decision counts, or no longer does."""
        from datetime import timedelta

        ends = (d.until + timedelta(1) for d in self.standing if d.until and d.until < date.max)
        return frozenset((*(d.day for d in self.standing), *ends))

    @cached_property
    def hash(self) -> str:
        """Content hash of the records, whatever their order."""
        return content_hash(sorted(record.id for record in self.records))


def _keys(party_hash: str, party_id: str, name: str) -> Iterable[tuple[str, str]]:
    yield "hash", party_hash
    yield "name", name
    if party_id:
        yield "id", party_id


def decide(
    party: Party, entry: Entry, verdict: str, *, reason: str, by: str, day: date,
    until: date | None = None, second: str = "", exact: bool = False,
) -> Decision:  # fmt: skip
    """A decision that may be kept.

    Args:
        party, entry: the pair, as both are now.
        verdict: ``false_positive`` or ``match``.
        reason, by, day, until, second: see :class:`Decision`.
        exact: did the pair meet by an identifier or an equal name?

    Raises:
        InputError: no reason, person or end; an end before the day; or an exact hit that only
            one person would set aside.
    """
    if verdict not in VERDICTS:
        raise InputError(f"{verdict!r} is no verdict", next_step="Use " + " or ".join(VERDICTS))
    reason, by = one_line(reason, "reason"), one_line(by, "by")
    second = one_line(second, "second") if second else ""
    if until is not None and until < day:
        raise InputError(f"{until} is before the decision's own day {day}", where="until")
    if verdict == FALSE_POSITIVE and until is None:
        raise InputError("a false positive needs a last day", where="until")
    if second and lookup_key(second) == lookup_key(by):
        raise InputError(f"{second!r} decides already", where="second",
                         next_step="Name another person")  # fmt: skip
    if verdict == FALSE_POSITIVE and exact and not second:
        raise InputError(
            f"{party.name!r} is exactly {entry.id} by name or number: setting that aside takes "
            "two people", where="second", next_step="Name the second person",
        )  # fmt: skip
    return Decision(verdict, party.hash, party.name, party.id, entry.hash, entry.id, entry.name,
                    entry.list, reason, by, day, until, second)  # fmt: skip


def read_record(data: object, where: str) -> Record:
    """A record from plain data.

    Raises:
        DataError: not a record, or one whose content is not that of its id.
    """
    if not isinstance(data, Mapping):
        raise DataError("is no decision", where=where)
    kind = Withdrawal if "withdraws" in data else Decision
    names = [field.name for field in fields(kind)]
    if set(data) != {"id", *names}:
        raise DataError(f"has not the fields of a {kind.__name__.lower()}", where=where)
    try:
        held = {name: data[name] for name in names}
        held["day"] = date.fromisoformat(held["day"])
        if held.get("until") is not None:
            held["until"] = date.fromisoformat(held["until"])
        record: Record = kind(**held)
    except (TypeError, ValueError) as err:
        raise DataError(f"cannot be read ({err})", where=where) from err
    if record.id != data["id"]:
        raise DataError("was altered after it was written: its id is not that of its content",
                        where=where, next_step="Restore the log from a copy")  # fmt: skip
    return record
