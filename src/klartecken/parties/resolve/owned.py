"""What the owners of the parties make of them: the Affiliates rule's facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from klartecken.logic.tri import NO, UNKNOWN, YES, Tri, any_of
from klartecken.logic.values import FLAG_NO, FLAG_UNKNOWN, FLAG_YES, Choice, Fact
from klartecken.parties.party import Party
from klartecken.parties.resolve.context import Context, Cover
from klartecken.parties.resolve.lists import POLICIES, in_force, uncovered
from klartecken.parties.resolve.owners import Owned, Seed
from klartecken.parties.resolve.result import Named
from klartecken.parties.screening.result import NOT_SCREENABLE, Screening

Screened = Callable[[Party, date], Screening | None]
COUNTED = ("EL", "BUILTIN", "MEU", "SDN")  # the lists whose parties the rule counts as owners
FLAGS = {YES: FLAG_YES, NO: FLAG_NO, UNKNOWN: FLAG_UNKNOWN}
Footnotes = list[tuple[str, ...]]


def owned_facts(
    named: Sequence[Named], screened: Screened, context: Context, cover: Cover | None, day: date
) -> tuple[dict[str, Fact], Footnotes, Footnotes, bool]:
    """The facts of ownership, over all parties that the owners' data know.

    A party that they do not know says nothing: it is assumed to be nobody's, and the answer
    lists that. It never turns into a "no" here.

    Returns:
        Facts; footnotes of owners that govern; of those that may; and whether it is open
        which owners there are.
    """
    found = [o for o in (_owned(n, screened, context, cover, day) for n in named) if o]
    if not found:
        return {}, [], [], False
    told = len(found) == len(named)
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
    policies = list(_policies(owned for _, owned in found))
    if policies:
        value = Choice(frozenset(policies))
        facts["owner_policy"] = Fact(value, source, "inferred" if value.known else "none")
    sure = [owned.footnotes for _, owned in found if owned.status is YES]
    maybe = [owned.footnotes for _, owned in found if owned.status is UNKNOWN]
    left_open = any(owned.status is UNKNOWN and not owned.footnotes for _, owned in found)
    return facts, sure, maybe, left_open


def _owned(
    held: Named, screened: Screened, context: Context, cover: Cover | None, day: date
) -> tuple[Named, Owned] | None:
    owners = context.owners
    ident = None if owners is None else owners.find(held.party)
    if owners is None or ident is None:
        return None
    seeds = {}
    for number, party in owners.above(ident, day).items():
        mine = tuple(_seeds(screened(party, day), cover, context, day))
        if mine:
            seeds[number] = mine
    return held, owners.owned(ident, seeds, day)


def _seeds(
    screening: Screening | None, cover: Cover | None, context: Context, day: date
) -> Iterator[Seed]:
    """Why an owner is restricted, or may be: also when it cannot be screened."""
    codes = ("EL", "MEU", "SDN")
    lacking = [code for code in codes if [*uncovered(code, cover, context.max_age, day)]]
    if screening is None or screening.status == NOT_SCREENABLE:
        lacking = [*codes]
    for code in lacking:
        yield Seed((code,), UNKNOWN)
    for hit in screening.hits if screening else ():
        entry = hit.entry
        if entry.list in COUNTED and in_force(entry, day):
            sure = screening is not None and entry.id in screening.confirmed
            yield Seed((entry.list,), YES if sure else UNKNOWN, entry.footnotes,
                       entry.programmes, entry.review_policy, (entry.id,))  # fmt: skip


def _policies(found: Iterable[Owned]) -> Iterator[str]:
    """The strictest policy of the owners that govern; every one that is possible otherwise."""
    held = [owned for owned in found if owned.status is not NO]
    sure = [name for owned in held if owned.status is YES for name in owned.policies or ("",)]
    could = [name for owned in held if owned.status is UNKNOWN for name in owned.policies or ("",)]
    if sure:
        if all(name in POLICIES for name in sure):
            yield next(name for name in POLICIES if name in sure)
        else:
            yield from POLICIES
    for name in could:
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
