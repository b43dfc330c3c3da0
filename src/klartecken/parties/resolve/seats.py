"""Where the consignee and the end users, and their parents, have their headquarters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from klartecken.facts.places import load_places
from klartecken.logic.values import UNKNOWN_CHOICE, Choice, Fact
from klartecken.parties.resolve.context import Context
from klartecken.parties.resolve.owners import Seat
from klartecken.parties.resolve.result import Named, Remark

SEATED = ("consignee", "end_user")


def seat_of(held: Named, context: Context, day: date) -> Seat:
    """What the register says of a party's seat, else what its owners' data say."""
    record = held.record
    other = Seat()
    if context.owners is not None:
        ident = context.owners.find(held.party)
        if ident is not None:
            other = context.owners.seat(ident, day)
    if record is None:
        return other
    sources = [record.told] if record.hq or record.parent_hq else []
    if (not record.hq and other.hq) or (not record.parent_hq and other.parent_hq):
        sources.append(other.source)
    hq = (record.hq,) if record.hq else other.hq
    parent_hq = (record.parent_hq,) if record.parent_hq else other.parent_hq
    return Seat(hq, parent_hq, "; ".join(sources))


def seats(
    named: Sequence[Named], context: Context, day: date
) -> tuple[dict[str, Fact], dict[str, frozenset[str]], list[Remark]]:
    """The facts ``consignee_hq`` and ``parent_hq``.

    Returns:
        Facts; the places that a fact must hold where only some are known; remarks. A seat
        that nobody knows is no fact: it stays open.
    """
    held = [(n, seat_of(n, context, day)) for n in named if n.role in SEATED]
    facts: dict[str, Fact] = {}
    partly: dict[str, frozenset[str]] = {}
    for name, pairs in (
        ("consignee_hq", [(n, s.hq, s.source) for n, s in held]),
        ("parent_hq", [(n, s.parent_hq, s.source) for n, s in held]),
    ):
        known = [(n, load_places().legal(code), source)
                 for n, codes, source in pairs for code in codes]  # fmt: skip
        if not known:
            continue
        said = frozenset(code for _, code, _ in known)
        sources = "; ".join(dict.fromkeys(source for _, _, source in known if source))
        note = "; ".join(f"{n.told}: {code}" for n, code, _ in known)
        if all(codes for _, codes, _ in pairs):
            facts[name] = Fact(Choice(said), sources, "given", note)
        else:
            # said to be unknown: else the parent's seat would be taken for the consignee's
            partly[name] = said
            facts[name] = Fact(UNKNOWN_CHOICE, sources, "none", f"{note}; of the others unknown")
    return facts, partly, list(_remarks(facts, partly))


def _remarks(
    facts: dict[str, Fact], partly: dict[str, frozenset[str]]
) -> Iterator[Remark]:  # fmt: skip
    for name, fact in facts.items():
        if name in partly or (isinstance(fact.value, Choice) and not fact.value.known):
            told = "parties differ" if name not in partly else "not known of all parties"
            yield Remark(
                "party_seats_differ",
                f"{name} ({told}): {fact.note}. A rule that looks at it asks each of them",
            )
