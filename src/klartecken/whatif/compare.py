"""What changes between two scenarios: which lines, by which provision, how much money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from klartecken.book.totals import Total
from klartecken.decide.ask import shipped_world
from klartecken.decide.findings import OUTCOMES
from klartecken.decide.verdict import Verdict
from klartecken.law.model import POLICIES
from klartecken.whatif.book import Asked, Book, Scenario, read_book, scenario
from klartecken.whatif.outcomes import (
    Outcomes,
    by_currency,
    lines_of,
    money_of,
    outcomes,
    together,
    units_of,
)

KINDS = ("outcome", "review policy", "other")
DIRECTIONS = ("stricter", "freer", "neither")


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
        return kind_of(self.before, self.after)

    @property
    def direction(self) -> str:
        """``stricter``, ``freer`` or ``neither``: see :func:`direction`."""
        return direction(self.before, self.after)

    @property
    def causes(self) -> tuple[str, ...]:
        """The provisions that do it: ``provisions`` without what merely follows.

        Exceptions are there only where a licence is needed; where no requirement stood
        before, or none stands after, they follow from the requirements and are left out.
        """
        if self.before.requirements and self.after.requirements:
            return self.provisions
        held = {r.provision for r in (*self.before.requirements, *self.after.requirements)}
        return tuple(name for name in self.provisions if name[1:] in held) or self.provisions

    @property
    def lines(self) -> int:
        """All lines that moved so."""
        return lines_of(self.totals)

    @property
    def units(self) -> int:
        """All units."""
        return units_of(self.totals)

    @property
    def money(self) -> dict[str, Decimal]:
        """Money by currency, of the lines that have a quantity and a price."""
        return money_of(self.totals)


@dataclass(frozen=True)
class Comparison:
    """Two scenarios of one book.

    Attributes:
        before, after: what they are called.
        lines, rejected: of the book.
        moves: what changed, the largest first: outcomes, then review policies, then the rest.
        outcomes_before, outcomes_after: all lines of the book, by outcome and currency.
    """

    before: str
    after: str
    lines: int
    rejected: int
    moves: tuple[Move, ...]
    outcomes_before: Outcomes = field(default_factory=dict, repr=False)
    outcomes_after: Outcomes = field(default_factory=dict, repr=False)

    @property
    def changed(self) -> int:
        """Lines whose outcome or review policy is another."""
        return sum(move.lines for move in self.moves if move.kind != "other")

    def of(self, *kinds: str) -> tuple[Move, ...]:
        """The moves of some kinds."""
        return tuple(move for move in self.moves if move.kind in kinds)

    def each_way(self) -> dict[str, dict[str, Total]]:
        """Totals by currency of what became stricter, freer, or neither of the two."""
        held = self.of("outcome", "review policy")
        return {way: together([m.totals for m in held if m.direction == way])
                for way in DIRECTIONS}  # fmt: skip


def compare(table: Book | object, a: Asked, b: Asked, **reading: Any) -> Comparison:
    """What changes from one scenario to another.

    Args:
        table: a book from :func:`klartecken.read_book`, or a table or file, which is then
            read once for both.
        a, b: each a law, a reform (or the name or file of one), a day (all lines as if
            shipped on it), or None for the law as it is.
        reading: with a table, how it is read: see :func:`klartecken.read_book`.

    Raises:
        InputError: a scenario that cannot be made, or a table that cannot be read.

    >>> import klartecken as kt
    >>> import pyarrow as pa
    >>> orders = pa.table({
    ...     "item": ["nvidia-h20", "nvidia-l20"], "to": ["CN", "CN"], "quantity": [10, 5],
    ...     "exporter": ["Acme", "Acme"], "date": ["2025-04-09", "2025-04-08"],
    ... })
    >>> found = kt.compare(orders, None, "april-2025-letters-public")
    >>> for move in found.moves:
    ...     print(move.before.outcome, move.after.outcome, move.units, move.causes)
    no_licence_required licence_required 10 ('+letters_2025.public',)
    """
    if isinstance(table, Book):
        if reading:
            raise TypeError(f"the book is read already: {', '.join(reading)} is of no use")
        book = table
    else:
        world = reading.get("law") or shipped_world()
        a, b = scenario(a, world), scenario(b, world)
        book = read_book(table, laws=(a, b), **reading)
    one, other = scenario(a, book.world), scenario(b, book.world)
    for asked in (one, other):
        book.number(asked.world)  # a law that needs a new reading renumbers the verdicts
    old, new = book.answer(one), book.answer(other)
    places = np.flatnonzero(old != new)
    pairs = old[places].astype(np.int64) << 32 | new[places]
    order = np.argsort(pairs, kind="stable")
    kept, starts = np.unique(pairs[order], return_index=True)
    policies = changed_policies(one, other, book.job.engine.view)
    moves: list[Move] = []
    for pair, group in zip(kept.tolist(), np.split(order, starts[1:]), strict=False):
        mine = places[group]
        before, after = book.verdicts[pair >> 32], book.verdicts[pair & 0xFFFFFFFF]
        move = Move(before, after, provisions(before, after) or policies)
        move.totals.update(by_currency(book.cells.totals(new[mine], mine)))
        moves.append(move)
    moves.sort(key=lambda move: (KINDS.index(move.kind), -move.lines))
    before_, after_ = (outcomes(book.verdicts, book.cells.totals(part)) for part in (old, new))
    return Comparison(
        one.name, other.name, book.lines, book.rejected, tuple(moves), before_, after_
    )


def kind_of(before: Verdict, after: Verdict) -> str:
    """In what two verdicts differ: ``outcome``, ``review policy``, or ``other``."""
    if (before.outcome, before.possible_outcomes) != (after.outcome, after.possible_outcomes):
        return "outcome"
    if before.review_policies_possible != after.review_policies_possible:
        return "review policy"
    return "other"


def direction(before: Verdict, after: Verdict) -> str:
    """Does an answer become stricter or freer?

    Of all possible outcomes the strictest and the freest are compared (where the outcomes are
    the same, of the possible review policies that are known): ``stricter`` when one of the two
    is stricter and the other is no freer, ``freer`` the other way round, else ``neither``.
    """
    kind = kind_of(before, after)
    if kind == "outcome":
        return _way(before.possible_outcomes, after.possible_outcomes, OUTCOMES)
    if kind == "review policy":
        # what no source says is neither strict nor free
        old, new = (
            set(verdict.review_policies_possible) - {"unknown", "not_published"}
            for verdict in (before, after)
        )
        return _way(old, new, POLICIES)
    return "neither"


def _way(old: Iterable[str], new: Iterable[str], order: Sequence[str]) -> str:
    """Which way a set of names moves, in an order that begins with the strictest."""
    before, after = (sorted(order.index(name) for name in names) for names in (old, new))
    if not before or not after:
        return "neither"
    steps = {after[0] - before[0], after[-1] - before[-1]} - {0}
    if not steps or min(steps) < 0 < max(steps):
        return "neither"
    return "stricter" if min(steps) < 0 else "freer"


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


def changed_policies(
    one: Scenario, other: Scenario, view: str = "practice"
) -> tuple[str, ...]:  # fmt: skip
    """The review policies, and classes, that two scenarios word otherwise."""
    found: dict[str, None] = {}
    if one.on and other.on:
        pairs = [(one.on, other.on)]
    else:
        turns = sorted({*one.world.timeline.days, *other.world.timeline.days})
        pairs = [(one.on or day, other.on or day) for day in turns]
    for first, second in pairs:
        old = one.world.timeline.on(first, view).by_id
        new = other.world.timeline.on(second, view).by_id
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
