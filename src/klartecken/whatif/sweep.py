"""A threshold of the law moved along a range: lines and money by outcome at each value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from klartecken.errors import InputError
from klartecken.law.model import Law
from klartecken.law.overlay import Reform, parameter, sweep_reform
from klartecken.logic.values import parse_range
from klartecken.whatif.book import Book
from klartecken.whatif.outcomes import Outcomes, outcomes, together

STEPS = 21


@dataclass(frozen=True)
class Point:
    """One value of the threshold.

    Attributes:
        outcomes: totals by outcome and currency.
        changed: lines whose answer is not that of the law as it is.
    """

    value: Fraction
    outcomes: Outcomes
    changed: int


@dataclass(frozen=True)
class Sweep:
    """A threshold moved over a book.

    Attributes:
        parameter: ``PROVISION.PARAMETER``.
        title: of the provision.
        current: its values in the law as it is, by version.
        base: totals by outcome and currency under the law as it is.
        points: in order of the value.
    """

    parameter: str
    title: str
    current: dict[str, Fraction]
    base: Outcomes
    points: tuple[Point, ...]
    lines: int
    rejected: int

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of the book that have money in them, the largest first."""
        held = together(list(self.base.values()))
        named = [name for name, total in held.items() if total.priced]
        return tuple(sorted(named, key=lambda name: (-held[name].money, name)))


def steps(text: str, count: int = STEPS) -> tuple[Fraction, ...]:
    """Evenly spaced values of ``LO..HI``, both ends included.

    Raises:
        InputError: no range with two finite ends, or fewer than two steps.
    """
    held = parse_range(text)
    if isinstance(held.lo, float) or isinstance(held.hi, float) or held.lo == held.hi:
        raise InputError(f"{text!r} is no range between two numbers",
                         next_step="Write it like 1600..6000")  # fmt: skip
    if not 2 <= count <= 1000:
        raise InputError(f"{count} steps", where="steps", next_step="Use from 2 to 1000")
    width = (held.hi - held.lo) / (count - 1)
    return tuple(held.lo + width * place for place in range(count))


def sweep_reforms(
    law: Law, name: str, values: Sequence[Fraction], start: date | None = None,
    until: date | None = None,
) -> tuple[Reform, ...]:  # fmt: skip
    """One reform for each value of a threshold."""
    return tuple(sweep_reform(law, name, value, start, until) for value in values)


def sweep(
    read: Callable[[Sequence[Reform]], Book], law: Law, name: str, values: Sequence[Fraction], *,
    start: date | None = None, until: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> Sweep:  # fmt: skip
    """Move a threshold, and answer the whole book at each value.

    Args:
        read: reads the book for some reforms (all are told apart in one reading).
        law: the law as it is.
        name: ``PROVISION.PARAMETER``.
        values: of the threshold.
        start, until: the period in which it is moved; by default all days.
        progress: takes 1 after each value.

    Raises:
        InputError: there is no such provision or parameter.
    """
    known = parameter(law, name)
    wanted = sorted(set(values) | set(known.values.values()))
    reforms = sweep_reforms(law, name, wanted, start, until)
    book = read(reforms)
    base = book.answer_of(None)
    points = []
    for value, reform in zip(wanted, reforms, strict=True):
        numbers = book.answer_of(reform)
        found = outcomes(book.verdicts, book.cells.totals(numbers))
        points.append(Point(value, found, int(book.cells.lines[numbers != base].sum())))
        if progress is not None:
            progress(1)
    under = outcomes(book.verdicts, book.cells.totals(base))
    return Sweep(
        f"{known.provision}.{known.name}", law.provisions[known.provision].title,
        dict(known.values), under, tuple(points), book.lines, book.rejected,
    )  # fmt: skip
