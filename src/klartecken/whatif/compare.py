"""What changes between two scenarios: which lines, by which provision, how much money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from klartecken.book.amounts import SCALE
from klartecken.book.totals import Total, Totals
from klartecken.decide.verdict import Verdict
from klartecken.whatif.book import Asked, Book, Scenario, scenario


@dataclass(frozen=True)
class Move:
    """Lines that one answer had before, and another has now.

    Attributes:
        provisions: requirements and exceptions that came (``+``), went (``-``) or changed
            (``~``); where only the review policy moved, the policies' provisions that differ.
        totals: by currency (empty: not given).
    """

    before: Verdict
    after: Verdict
    provisions: tuple[str, ...]
    totals: dict[str, Total] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """``outcome``, ``review policy``, or ``other`` (class, reasons or exceptions alone)."""
        if (self.before.outcome, self.before.possible_outcomes) != (
            self.after.outcome, self.after.possible_outcomes,
        ):  # fmt: skip
            return "outcome"
        if self.before.review_policies_possible != self.after.review_policies_possible:
            return "review policy"
        return "other"

    @property
    def lines(self) -> int:
        """All lines that moved so."""
        return sum(total.lines for total in self.totals.values())

    @property
    def units(self) -> int:
        """All units."""
        return sum(total.units for total in self.totals.values())

    @property
    def money(self) -> dict[str, Decimal]:
        """Money by currency, of the lines that have a quantity and a price."""
        held = {c: Decimal(t.money) / SCALE for c, t in self.totals.items() if t.priced}
        return dict(sorted(held.items()))


@dataclass(frozen=True)
class Comparison:
    """Two scenarios of one book.

    Attributes:
        lines, rejected: of the book.
        moves: what changed, the largest first: outcomes, then review policies, then the rest.
    """

    before: str
    after: str
    lines: int
    rejected: int
    moves: tuple[Move, ...]

    @property
    def changed(self) -> int:
        """Lines whose outcome or review policy is another."""
        return sum(move.lines for move in self.moves if move.kind != "other")


def compare(book: Book, a: Asked, b: Asked) -> Comparison:
    """What changes from one scenario to another.

    Args:
        book: from :func:`klartecken.read_book`.
        a, b: each a law, a reform (or the name or file of one), a day (all lines as if
            shipped on it), or None for the law as it is.

    Raises:
        InputError: a scenario that cannot be made.
    """
    one, other = scenario(a, book.world), scenario(b, book.world)
    for asked in (one, other):
        book.number(asked.world)  # a law that needs a new reading renumbers the verdicts
    old, new = book.answer(one), book.answer(other)
    places = np.flatnonzero(old != new)
    pairs = old[places].astype(np.int64) << 32 | new[places]
    policies = changed_policies(one, other)
    moves: list[Move] = []
    for pair in np.unique(pairs).tolist():
        mine = places[pairs == pair]
        before, after = book.verdicts[pair >> 32], book.verdicts[pair & 0xFFFFFFFF]
        move = Move(before, after, provisions(before, after) or policies)
        move.totals.update(by_currency(book.cells.totals(new[mine], mine)))
        moves.append(move)
    kinds = ("outcome", "review policy", "other")
    moves.sort(key=lambda move: (kinds.index(move.kind), -move.lines))
    return Comparison(one.name, other.name, book.lines, book.rejected, tuple(moves))


def by_currency(totals: Totals) -> dict[str, Total]:
    """Totals of all verdicts together, by currency."""
    found: dict[str, Total] = {}
    for _, currency, total in totals:
        found.setdefault(currency, Total()).add(total)
    return found


def provisions(before: Verdict, after: Verdict) -> tuple[str, ...]:
    """The requirements and exceptions in which two verdicts differ."""
    old = {reason.provision: reason.value for reason in before.requirements}
    new = {reason.provision: reason.value for reason in after.requirements}
    old |= {way.provision: f"{way.value} {way.conditions}" for way in before.exceptions}
    new |= {way.provision: f"{way.value} {way.conditions}" for way in after.exceptions}
    return tuple(_signs(old, new))


def _signs(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for name in dict.fromkeys((*old, *new)):
        if name not in old:
            yield f"+{name}"
        elif name not in new:
            yield f"-{name}"
        elif old[name] != new[name]:
            yield f"~{name}"


def changed_policies(one: Scenario, other: Scenario) -> tuple[str, ...]:
    """The review policies, and classes, that two scenarios word otherwise."""
    found: dict[str, None] = {}
    if one.on and other.on:
        pairs = [(one.on, other.on)]
    else:
        turns = sorted({*one.world.timeline.days, *other.world.timeline.days})
        pairs = [(one.on or day, other.on or day) for day in turns]
    for first, second in pairs:
        old = one.world.timeline.on(first).by_id
        new = other.world.timeline.on(second).by_id
        if old is new:
            continue
        for name in dict.fromkeys((*old, *new)):
            a, b = old.get(name), new.get(name)
            rule = a or b
            if rule is None or rule.provision.stage not in ("policy", "classification"):
                continue
            if a is None or b is None or a.version.id != b.version.id:
                found[f"~{name}"] = None
    return tuple(found)
