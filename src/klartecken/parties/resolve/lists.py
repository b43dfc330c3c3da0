"""The facts that the lists give: who is on which, with which footnote and policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from klartecken.logic.tri import NO
from klartecken.logic.values import FLAG_NO, FLAG_UNKNOWN, FLAG_YES, Choice, Fact
from klartecken.parties.decisions.record import MATCH, Decision
from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Party
from klartecken.parties.resolve.context import LISTED, Context, Cover
from klartecken.parties.resolve.programmes import reached
from klartecken.parties.resolve.result import Named
from klartecken.parties.screened import NOT_SCREENABLE, Hit, Screening

FOOTNOTES = ("1", "3", "4", "5")
POLICIES = ("policy_of_denial", "presumption_of_denial", "case_by_case")  # strictest first
NEXT = "Run `klartecken lists import FILE` or `klartecken lists update`"
READ = {"BUILTIN": "EL"}  # an extract is read as the list that it is of
NAMES = {
    "EL": "the Entity List", "MEU": "the Military End-User List", "UVL": "the Unverified List",
    "DPL": "the Denied Persons List", "SDN": "the SDN list",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What the hits of one list come to.

    Attributes:
        yes, maybe: the hits that a person confirmed, and those that nobody decided on.
        open: why nothing can be ruled out, whatever the hits; empty when it can.
    """

    yes: tuple[tuple[Named, Hit], ...]
    maybe: tuple[tuple[Named, Hit], ...]
    open: tuple[str, ...]


def in_force(entry: Entry, day: date) -> bool:
    """Does an entry count on a day? Orders end, and some entries begin later."""
    told = day.isoformat()
    return not (entry.start and told < entry.start) and not (entry.end and entry.end < told)


def found(
    codes: Sequence[str], named: Sequence[Named], cover: Cover | None, context: Context, day: date
) -> Found:
    """The hits of some lists over all parties.

    Args:
        codes: the list, and an extract of it.
        named: the parties, screened.
        cover: of the snapshot.
        context, day: as for ``resolve``.
    """
    yes, maybe = [], []
    for held in named:
        for hit in held.screening.hits if held.screening else ():
            entry = hit.entry
            if entry.list not in codes or not in_force(entry, day):
                continue
            if entry.list == "SDN" and reached(entry) is NO:
                continue
            sure = entry.id in held.screening.confirmed if held.screening else False
            if sure and not (entry.list == "SDN" and not entry.programmes):
                yes.append((held, hit))
            else:
                maybe.append((held, hit))
    return Found(tuple(yes), tuple(maybe), tuple(_open(codes, named, cover, context, day)))


def _open(
    codes: Sequence[str], named: Sequence[Named], cover: Cover | None, context: Context, day: date
) -> Iterator[str]:
    yield from uncovered(codes[0], cover, context.max_age, day)
    for held in named:
        if held.screening is None:
            continue
        if why := unscreened(held.screening, cover):
            yield f"{held.told} cannot be screened ({why})"
        for decision in astray(held.party, held.screening, context, day):
            if decision.list in codes:
                yield f"{held.told} was decided to be {decision.entry_id}, which did not come up"


def astray(party: Party, screening: Screening, context: Context, day: date) -> list[Decision]:
    """Decisions that a party is an entry which does not come up now.

    Also those that lapsed because the party changed: who was said to be listed is not freed of
    it by a new name. Only a withdrawal, or the decision's own end, does that.
    """
    came = {hit.entry.id for hit in screening.hits}
    return [
        decision for decision in context.decisions.about(party)
        if decision.verdict == MATCH and decision.entry_id not in came
        and not (decision.until is not None and day > decision.until)
    ]  # fmt: skip


def unscreened(screening: Screening, cover: Cover | None) -> str:
    """Why a party could not be screened against any list, or nothing.

    A screener says ``not_screenable`` also where the snapshot lacks a list. That is no matter of
    the party: it is told of that list alone (:func:`uncovered`).
    """
    if screening.unread:
        return "; ".join(screening.unread)
    if screening.status != NOT_SCREENABLE or (cover is not None and _lacks(cover)):
        return ""
    return "; ".join(screening.reasons) or "no reason given"


def _lacks(cover: Cover) -> bool:
    """Is one of the lists that count missing, or only an extract?"""
    return any(code not in cover.parts or not cover.parts[code].complete for code in NAMES)


def uncovered(code: str, cover: Cover | None, max_age: int, day: date) -> Iterator[str]:
    """Why nobody can be said not to be on a list, if so."""
    name = NAMES[code]
    if cover is None:
        yield f"{name} is not at hand as of {day}. {NEXT}"
        return
    part = cover.parts.get(code)
    if part is None:
        yield f"snapshot {cover.label} does not hold {name}. {NEXT}"
    elif not part.complete:
        yield f"snapshot {cover.label} holds only an extract of {name}. {NEXT}"
    elif (day - part.date).days > max_age:
        yield (
            f"{name} of {part.date} is {(day - part.date).days} days older than {day}, and at most "
            f"{max_age} are allowed. {NEXT}, or allow more with --list-age"
        )


def listing(found: Found, cover: Cover | None, aside: int) -> Fact:
    """The fact that somebody is on a list: yes, no, or unknown with what to do next.

    Args:
        found: what came up.
        cover: of the snapshot.
        aside: hits that reviewers set aside.
    """
    if found.yes:
        held, hit = found.yes[0]
        more = f", and {len(found.yes) - 1} more" if len(found.yes) > 1 else ""
        note = f"{held.told} is {hit.entry.id} ({hit.entry.name}), as a person confirmed{more}"
        return Fact(FLAG_YES, _source(cover), "given", note)
    reasons = [_undecided(held, hit) for held, hit in found.maybe[:3]]
    if len(found.maybe) > 3:
        reasons.append(f"and {len(found.maybe) - 3} more hits")
    reasons += found.open
    if reasons:
        return Fact(FLAG_UNKNOWN, _source(cover), "none", "; ".join(reasons))
    note = f"{aside} hit{'s' if aside != 1 else ''} set aside by a reviewer" if aside else ""
    return Fact(FLAG_NO, f"{_source(cover)}: no hit", "inferred", note)


def _source(cover: Cover | None) -> str:
    return f"screened against {cover.label}" if cover else "not screened"


def _undecided(held: Named, hit: Hit) -> str:
    return (
        f"{held.told} may be {hit.entry.id} ({hit.entry.name}): decide with "
        f'`klartecken parties decide "{held.party.id or held.party.name}" {hit.entry.id}`, '
        "--match or --false-positive, with --reason and --by"
    )


def footnote(
    found: Found, owners: frozenset[str], at_most: frozenset[str], open_owner: bool, source: str
) -> Fact:
    """Which footnote: every reading of the hits that nobody decided on.

    Args:
        found: of the Entity List.
        owners, at_most: the footnotes of owners that govern, and of those that may.
        open_owner: is it open which owners there are?
        source: what was screened against.
    """
    sure = {n for _, hit in found.yes for n in hit.entry.footnotes} | owners
    could = {n for _, hit in found.maybe for n in hit.entry.footnotes} | at_most
    if found.open or open_owner:
        could |= set(FOOTNOTES)
    options = frozenset(sure | could) if sure else frozenset({"none", *could})
    options &= {"none", *FOOTNOTES}
    told = [
        f"{hit.entry.id}: {', '.join(hit.entry.footnotes) or 'none'}"
        for _, hit in (*found.yes, *found.maybe)[:4]
    ]
    told += found.open[:2]
    if owners or at_most or open_owner:
        told.append("with those of its owners, or possible owners")
    value = Choice(options or frozenset({"none"}))
    return Fact(value, source, "inferred" if value.known else "none", "; ".join(told))


def policy(found: Found, source: str) -> Fact | None:
    """The review policy of the Entity List entries; None where no entry came up.

    Of several confirmed entries the strictest governs; a text that is none of the three
    leaves it open.
    """
    if not found.yes and not found.maybe:
        return None
    sure = [hit.entry.review_policy for _, hit in found.yes]
    could = {hit.entry.review_policy for _, hit in found.maybe}
    options: set[str] = set()
    if sure:
        named = [name for name in POLICIES if name in sure]
        options |= {named[0]} if named and all(name in POLICIES for name in sure) else {*POLICIES}
    for name in could:
        options |= {name} if name in POLICIES else {*POLICIES}
    value = Choice(frozenset(options))
    return Fact(value, source, "inferred" if value.known else "none",
                "as the entry states it")  # fmt: skip


__all__ = [
    "FOOTNOTES", "LISTED", "NEXT", "POLICIES", "READ", "Found", "astray", "footnote", "found",
    "in_force", "listing", "policy", "uncovered", "unscreened",
]  # fmt: skip
