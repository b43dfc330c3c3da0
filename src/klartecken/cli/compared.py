"""A comparison of two scenarios as plain data, with the sources of what did it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from klartecken.decide.verdict import Verdict
    from klartecken.law.model import Version
    from klartecken.whatif.book import Book, Scenario
    from klartecken.whatif.catalogue import Named
    from klartecken.whatif.compare import Comparison, Move
    from klartecken.whatif.outcomes import Outcomes

Totals = dict[str, Any]  # by currency


@dataclass(frozen=True)
class Answer:
    """A comparison with what is needed to word it.

    Attributes:
        named: items and destinations by move, where the catalogue was asked.
        source: what the book is called.
    """

    found: Comparison
    book: Book
    one: Scenario
    other: Scenario
    source: str
    named: Named | None = None


def sources(names: Sequence[str], answer: Answer) -> Iterator[dict[str, str]]:
    """Title and citation of provisions, from the side of the comparison that has them."""
    for name in names:
        sign, ident = name[0], name[1:]
        asked = answer.one if sign == "-" else answer.other
        provision = asked.world.law.provisions.get(ident)
        if provision is None:
            continue
        version = _version(asked, ident, answer.book.job.settings.view) or provision.versions[-1]
        yield {
            "change": sign, "provision": ident, "title": provision.title,
            "citation": version.cite, "url": version.url, "tag": version.tag,
        }  # fmt: skip


def _version(asked: Scenario, ident: str, view: str) -> Version | None:
    """The version that binds on the scenario's day, or on the first day of its reform."""
    reforms = asked.world.reforms
    day = asked.on or (reforms[-1].start if reforms else None)
    rule = asked.world.timeline.on(day, view).by_id.get(ident) if day else None
    return rule.version if rule else None


def comparison_data(answer: Answer, written: tuple[str, int] | None) -> dict[str, Any]:
    """The comparison as plain data; money is exact, as text."""
    found, law = answer.found, answer.book.world.law
    names = dict.fromkeys(name for move in found.moves for name in move.provisions)
    return {
        "before": found.before, "after": found.after, "book": answer.source,
        "law": {
            "regime": law.regime, "view": answer.book.job.settings.view,
            "hash": answer.book.world.hash, "read_until": law.read_until.isoformat(),
        },
        "reforms": [
            {"id": r.id, "title": r.title, "from": str(r.start),
             "until": str(r.until) if r.until else None}
            for r in answer.other.world.reforms
        ],
        "lines": found.lines, "rejected": found.rejected, "changed": found.changed,
        "outcomes_before": outcomes_data(found.outcomes_before),
        "outcomes_after": outcomes_data(found.outcomes_after),
        "each_way": {way: totals_data(totals) for way, totals in found.each_way().items()},
        "moves": [_move_data(move, answer) for move in found.moves],
        "provisions": list(sources(tuple(names), answer)),
        "written": {"file": written[0], "lines": written[1]} if written else None,
    }  # fmt: skip


def outcomes_data(held: Outcomes) -> dict[str, Any]:
    """Totals by outcome as plain data."""
    return {outcome: totals_data(totals) for outcome, totals in sorted(held.items())}


def totals_data(totals: Totals) -> dict[str, Any]:
    """Totals by currency as plain data."""
    from klartecken.whatif.outcomes import lines_of, money_of, units_of

    held = {currency: str(amount) for currency, amount in money_of(totals).items()}
    return {"lines": lines_of(totals), "units": units_of(totals), "money": held}


def _move_data(move: Move, answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {
        "change": move.kind, "direction": move.direction,
        "before": _verdict_data(move.before), "after": _verdict_data(move.after),
        "provisions": list(move.provisions), "causes": list(move.causes),
        **totals_data(move.totals),
    }  # fmt: skip
    if answer.named is not None:
        pairs = answer.named.get((move.before, move.after), [])
        found["items"] = [{"item": item, "destination": place} for item, place in pairs]
    return found


def _verdict_data(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome, "possible_outcomes": list(verdict.possible_outcomes),
        "classification": list(verdict.classification.certain),
        "review_policies": list(verdict.review_policies_possible),
    }  # fmt: skip
