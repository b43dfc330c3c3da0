"""The graph of ownership: immutable, built from statements, its problems named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from klartecken.errors import InputError, UnknownName
from klartecken.logic.frozen import Frozen
from klartecken.parties.names.lookup import lookup_key
from klartecken.parties.ownership.model import NOBODY_NAMED, Holder, HqFact, Stake


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the data that a person should look at; nothing is dropped for it.

    Attributes:
        code: ``over_100``, ``disagreement``, ``us_or_not``, ``lei``.
        party: id of the party concerned.
        text: what is wrong, on one line.
        where: files and rows.
    """

    code: str
    party: str
    text: str
    where: str = ""


@dataclass(frozen=True)
class Graph:
    """Statements about owners, by both ends.

    Attributes:
        holders: by id; each party that any statement names.
        into: the stakes in a company, by its id.
        out: the stakes of a holder, by its id.
        facts: headquarters facts, by the party that they are about.
        conflicts: what the holders' records contradict each other in.
        same: a source's own id -> the LEI under which the holder is kept.
    """

    holders: Mapping[str, Holder]
    into: Mapping[str, tuple[Stake, ...]]
    out: Mapping[str, tuple[Stake, ...]]
    facts: Mapping[str, tuple[HqFact, ...]]
    conflicts: tuple[Problem, ...] = ()
    same: Mapping[str, str] = field(default_factory=Frozen)

    def id_of(self, party: str) -> str:
        """The id under which a holder is kept, by that id or by a source's own."""
        return self.same.get(party, party)

    @property
    def size(self) -> int:
        """How many stakes."""
        return sum(map(len, self.into.values()))

    def name(self, party: str) -> str:
        """The name of a holder; words for nobody named."""
        if party == NOBODY_NAMED:
            return "holders that nobody names"
        holder = self.holders.get(party)
        return holder.name if holder and holder.name else party

    def label(self, party: str) -> str:
        """Name and id, or the one where both are the same."""
        name = self.name(party)
        return name if name == party else f"{name} ({party})"

    @cached_property
    def below_by_majority(self) -> Mapping[str, tuple[str, ...]]:
        """Companies with an indirect owner, by each party that stands above them by majority
        stakes (on whatever days): that owner may stand above the party too.
        """
        found: dict[str, list[str]] = {}
        for company, held in self.into.items():
            if not any(stake.kind == "indirect" for stake in held):
                continue
            seen, left = {company}, [company]
            while left:
                for stake in self.into.get(left.pop(), ()):
                    if stake.share.low >= 50 and stake.owner not in seen:
                        seen.add(stake.owner)
                        left.append(stake.owner)
                        found.setdefault(stake.owner, []).append(company)
        return Frozen({party: tuple(companies) for party, companies in found.items()})

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for holder in self.holders.values():
            found.setdefault(lookup_key(holder.name or holder.id), []).append(holder.id)
        return Frozen({name: tuple(ids) for name, ids in found.items()})

    def find(self, text: str) -> str:
        """The id of a party, by its id or its name (case, spaces, punctuation aside).

        Raises:
            UnknownName: no such party.
            InputError: several parties have this name.
        """
        said = self.id_of(tidy(text))
        if said in self.holders:
            return said
        ids = self._by_name.get(lookup_key(said), ())
        if len(ids) == 1:
            return ids[0]
        if ids:
            shown = ", ".join(ids[:5])
            raise InputError(f"{said!r} is the name of several: {shown}", next_step="Give the id")
        import difflib

        near = difflib.get_close_matches(lookup_key(said), self._by_name, n=3)
        names = tuple(self.name(self._by_name[name][0]) for name in near)
        raise UnknownName(
            f"nothing is known of the owners of {said!r}", nearest=names,
            next_step="" if names else "See klartecken owners import",
        )  # fmt: skip


def tidy(text: str) -> str:
    """An id or a name with its spaces in order."""
    return " ".join(text.split())


def folded(name: str) -> str:
    """A name for exact look-up: no case, one space between words."""
    return tidy(name).casefold()


def build_graph(
    stakes: Iterable[Stake], holders: Iterable[Holder] = (), facts: Iterable[HqFact] = ()
) -> Graph:
    """Join statements of any number of sources.

    Holders of the same LEI are one holder, whose id is the LEI. A party that only stakes name
    is a holder of which nothing else is known.

    Raises:
        InputError: one id with two LEIs.
    """
    records = list(holders)
    same = _one_id(records)
    conflicts: list[Problem] = []
    known = _join(records, same, conflicts)
    into: dict[str, list[Stake]] = {}
    out: dict[str, list[Stake]] = {}
    for stake in stakes:
        if same and (stake.owner in same or stake.owned in same):
            stake = replace(
                stake, owner=same.get(stake.owner, stake.owner),
                owned=same.get(stake.owned, stake.owned),
            )  # fmt: skip
        into.setdefault(stake.owned, []).append(stake)
        out.setdefault(stake.owner, []).append(stake)
    about: dict[str, list[HqFact]] = {}
    for fact in facts:
        party, parent = same.get(fact.party, fact.party), same.get(fact.parent, fact.parent)
        about.setdefault(party, []).append(replace(fact, party=party, parent=parent))
    named = {*into, *out, *about, *(f.parent for held in about.values() for f in held)}
    for party in named - {NOBODY_NAMED} - known.keys():
        known[party] = Holder(party, party)
    return Graph(
        Frozen(known),
        Frozen({party: tuple(held) for party, held in into.items()}),
        Frozen({party: tuple(held) for party, held in out.items()}),
        Frozen({party: tuple(held) for party, held in about.items()}),
        tuple(conflicts),
        Frozen(same),
    )


def _one_id(records: list[Holder]) -> dict[str, str]:
    """Source's id -> LEI, for the holders that have one."""
    same: dict[str, str] = {}
    for holder in records:
        if not holder.lei or holder.lei == holder.id:
            continue
        if same.setdefault(holder.id, holder.lei) != holder.lei:
            raise InputError(
                f"{holder.id!r} has two LEIs, {same[holder.id]} and {holder.lei}",
                where=holder.where, next_step="Give two companies two ids",
            )  # fmt: skip
    return same


def _join(
    records: list[Holder], same: Mapping[str, str], conflicts: list[Problem]
) -> dict[str, Holder]:
    """One record for each party; US or not becomes unknown where the records disagree."""
    known: dict[str, Holder] = {}
    torn: set[str] = set()
    for new in records:
        party = same.get(new.id, new.id)
        old = known.get(party)
        if old is None:
            known[party] = new if party == new.id else replace(new, id=party)
            continue
        is_us = old.is_us if new.is_us is None else new.is_us
        if party not in torn and None not in (old.is_us, new.is_us) and old.is_us != new.is_us:
            torn.add(party)
            text = f"{old.name or party}: a US entity by one source and a foreign one by another"
            conflicts.append(Problem("us_or_not", party, text, f"{old.where}; {new.where}"))
        known[party] = Holder(
            party, old.name or new.name, old.country or new.country,
            None if party in torn else is_us, old.lei or new.lei,
            new.kind if old.kind == "unknown" else old.kind,
            old.source or new.source, old.where or new.where,
        )  # fmt: skip
    return known
