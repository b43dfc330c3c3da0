"""What the owners of the parties make of them: the Affiliates rule's facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from klartecken.logic.tri import NO, UNKNOWN, YES, Tri, any_of
from klartecken.logic.values import FLAG_NO, FLAG_UNKNOWN, FLAG_YES, Choice, Fact
from klartecken.parties.names.normal import fold
from klartecken.parties.names.parts import party_parts
from klartecken.parties.party import Party
from klartecken.parties.resolve.context import Context, Cover
from klartecken.parties.resolve.lists import POLICIES, astray, in_force, uncovered, unscreened
from klartecken.parties.resolve.owners import Owned, Owners, Seed
from klartecken.parties.resolve.programmes import reached
from klartecken.parties.resolve.result import Named, Remark
from klartecken.parties.screened import Screening

Screened = Callable[[Party, date], Screening | None]
COUNTED = ("EL", "BUILTIN", "MEU", "SDN")  # the lists whose parties the rule counts as owners
FLAGS = {YES: FLAG_YES, NO: FLAG_NO, UNKNOWN: FLAG_UNKNOWN}


@dataclass(frozen=True, slots=True)
class OwnedFacts:
    """What the owners of all parties come to.

    Attributes:
        facts: by name.
        footnotes, at_most: of owners that govern for sure, and of those that may.
        left_open: is it open which owners there are?
        remarks: red flags.
    """

    facts: dict[str, Fact]
    footnotes: frozenset[str]
    at_most: frozenset[str]
    left_open: bool
    remarks: tuple[Remark, ...]


def owned_facts(
    named: Sequence[Named], screened: Screened, context: Context, cover: Cover | None, day: date
) -> OwnedFacts:
    """The facts of ownership, over all parties that the owners' data know.

    A party that they do not know says nothing: it is assumed to be nobody's, and the answer
    lists that. It never turns into a "no" here.
    """
    found = [pair for n in named for pair in _owned(n, screened, context, cover, day)]
    owners = context.owners
    told = owners is not None and all(owners.find(n.party) is not None for n in named)
    facts: dict[str, Fact] = {}
    source = f"owners' data; screened against {cover.label}" if cover else "owners' data"
    for name, states in (
        ("affiliate_of_listed", [owned.status for _, owned in found]),
        ("minority_listed_owner", [owned.minority for _, owned in found]),
    ):
        state = any_of(states)
        if state is NO and not told:
            continue
        facts[name] = Fact(FLAGS[state], source, _grade(state), "; ".join(_notes(found, state)))
    reached = [owned for _, owned in found if owned.status is not NO]
    policies = frozenset(_policies(reached))
    if policies:
        value = Choice(policies)
        facts["owner_policy"] = Fact(
            value, source, _grade(YES if value.known else UNKNOWN), "of the owners that may govern"
        )
    return OwnedFacts(
        facts if found else {},
        frozenset(n for owned in reached if owned.status is YES for n in owned.footnotes),
        frozenset(n for owned in reached for n in owned.at_most),
        any(owned.open_owner for owned in reached),
        tuple(Remark("party_owner_flag", f"{held.told}: {text}")
              for held, owned in found for text in owned.flags),
    )  # fmt: skip


def known_as(owners: Owners, party: Party) -> tuple[str, ...]:
    """The numbers under which a party is known to the owners' data: its own, else those of the
    parties that its names hold ("A c/o B").

    Raises:
        InputError: several holders have its name.
    """
    own = owners.find(party)
    if own is not None:
        return (own,)
    parts = (part for name in party.names for part in party_parts(fold(name)))
    found = (owners.find(Party(part)) for part in parts)
    return tuple(dict.fromkeys(ident for ident in found if ident is not None))


def _owned(
    held: Named, screened: Screened, context: Context, cover: Cover | None, day: date
) -> Iterator[tuple[Named, Owned]]:
    owners = context.owners
    if owners is None:
        return
    for ident in known_as(owners, held.party):
        seeds = {}
        asked = []
        for number, party in owners.above(ident, day).items():
            mine = tuple(_seeds(party, screened(party, day), cover, context, day))
            if mine:
                seeds[number] = mine
            asked += [
                f"its owner {party.name!r} may be {seed.entries[0]}: decide with `klartecken "
                f'parties decide "{number}" {seed.entries[0]} --owner`, --match or '
                "--false-positive, with --reason and --by"
                for seed in mine if seed.status is UNKNOWN and seed.entries
            ]  # fmt: skip
        found = owners.owned(ident, seeds, day)
        yield held, replace(found, flags=(*found.flags, *asked))


def _seeds(
    party: Party, screening: Screening | None, cover: Cover | None, context: Context, day: date
) -> Iterator[Seed]:
    """Why an owner is restricted, or may be: also when it cannot be screened."""
    codes = ("EL", "MEU", "SDN")
    lacking = [code for code in codes if [*uncovered(code, cover, context.max_age, day)]]
    if screening is None or unscreened(screening, cover):
        lacking = [*codes]
    for code in lacking:
        yield Seed((code,), UNKNOWN)
    for decision in astray(party, screening, context, day) if screening else ():
        if decision.list in COUNTED:  # what its entry says is not known now
            yield Seed((decision.list,), UNKNOWN)
    for hit in screening.hits if screening else ():
        entry = hit.entry
        reach = reached(entry) if entry.list == "SDN" else YES
        if entry.list in COUNTED and in_force(entry, day) and reach is not NO:
            sure = screening is not None and entry.id in screening.confirmed and reach is YES
            yield Seed((entry.list,), YES if sure else UNKNOWN, entry.footnotes,
                       entry.programmes, entry.review_policy, (entry.id,))  # fmt: skip


def _policies(reached: Iterable[Owned]) -> Iterator[str]:
    """Every policy that may govern; one that is none of the three leaves it open."""
    for owned in reached:
        for name in owned.policies or ("",):
            yield from (name,) if name in POLICIES else POLICIES


def _notes(found: Sequence[tuple[Named, Owned]], state: Tri) -> Iterator[str]:
    if state is NO:
        return
    for held, owned in found:
        if owned.status is NO and owned.minority is NO:
            continue
        yield ": ".join((held.told, *owned.paths[:2]))
        if owned.settle:
            yield owned.settle


def _grade(state: Tri) -> str:
    return "none" if state is UNKNOWN else "inferred"
