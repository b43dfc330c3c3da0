"""All completions of a small law, one by one, on a grid: what ``logic.complete`` must equal.

Why a grid can be exact. Every cell of an arrangement of lines (or planes) whose corners lie
on the 1/m grid holds a point of the 1/(4m) grid, up to three dimensions: weigh a cell's
corners 1, 1/2+1/2, 1/2+1/4+1/4 or 1/4 each. Whole-number thresholds on x, y, z, x+y and y+z
have whole-number corners (m = 1, a unimodular arrangement); p/q against 1 and 2, or against 1
together with p+q, has corners in halves. Along one fact's direction the corners of the rest
come in too, which doubles m once more; so eighths do, when read at halves. An open end is cut
off where every line has already been crossed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product

from klartecken.logic.cells import OTHER
from klartecken.logic.nodes import Atom, Compare, OneOf, Result, atoms
from klartecken.logic.values import Choice, Range, Value
from tests.logic.strategies import POSITIVE, stands

STEP = 8  # grid lines per unit
FAR = 8  # where an open end is cut
NUMBERS = (("x", "y", "z"), ("p", "q"))
Vector = tuple[bool, ...]
Place = tuple[object, ...]


@dataclass(frozen=True)
class Part:
    """Facts that hang together: the truths of their atoms at each of their grid places."""

    facts: tuple[str, ...]
    atoms: tuple[Atom, ...]
    at: dict[Place, frozenset[Vector]]

    def vectors(self) -> frozenset[Vector]:
        return frozenset().union(*self.at.values())

    def by(self, fact: str) -> dict[object, frozenset[Vector]]:
        """The truths that are possible at each value of one fact."""
        i = self.facts.index(fact)
        return _merged((place[i], vectors) for place, vectors in self.at.items())

    def lines(self, fact: str) -> set[frozenset[Vector]]:
        """The truths along each line on which only this fact changes."""
        i = self.facts.index(fact)
        rest = ((place[:i] + place[i + 1 :], vectors) for place, vectors in self.at.items())
        return set(_merged(rest).values())


def _merged(pairs: Iterable[tuple[Hashable, frozenset[Vector]]]) -> dict:
    found: dict = {}
    for key, vectors in pairs:
        found[key] = found.get(key, frozenset()) | vectors
    return found


class Brute:
    """A decision list and the values that its facts may take, by brute force."""

    def __init__(
        self, law: list[tuple[Result, str]], default: str, values: dict[str, Value]
    ) -> None:
        self.law, self.default, self.values = law, default, values
        every = list(dict.fromkeys(a for tree, _ in law for a in atoms(tree)))
        self.parts = [p for facts in NUMBERS if (p := self._numbers(facts, every))]
        names = dict.fromkeys(a.fact for a in every if isinstance(a, OneOf))
        self.parts += [self._options(name, every) for name in names]
        self.label = cache(self._label)

    def _numbers(self, facts: tuple[str, ...], every: list[Atom]) -> Part | None:
        mine = [a for a in every if isinstance(a, Compare) and set(_facts(a)) <= set(facts)]
        used = tuple(f for f in facts if any(f in _facts(a) for a in mine))
        if not used:
            return None
        tests = [_test(a, used) for a in mine]
        grid = [_grid(f, self.values.get(f, Range())) for f in used]
        at = {n: frozenset({tuple(t(n) for t in tests)}) for n in product(*grid)}
        return Part(used, tuple(mine), at)  # type: ignore[arg-type]

    def _options(self, fact: str, every: list[Atom]) -> Part:
        mine = [a for a in every if isinstance(a, OneOf) and a.fact == fact]
        value = self.values.get(fact)
        if isinstance(value, Choice) and value.options is not None:
            options = set(value.options)
        else:
            options = set().union({OTHER}, *(a.options | a.unsure for a in mine))
        at = {}
        for o in options:
            truths = [(True, False) if o in a.unsure else (o in a.options,) for a in mine]
            at[(o,)] = frozenset(product(*truths))
        return Part((fact,), tuple(mine), at)  # type: ignore[arg-type]

    def _label(self, vectors: tuple[Vector, ...]) -> str:
        known = {}
        for part, vector in zip(self.parts, vectors, strict=True):
            known.update(zip(part.atoms, vector, strict=True))
        hits = (label for tree, label in self.law if stands(tree, known.__getitem__))
        return next(hits, self.default)

    def _labels(self, part: Part | None, vectors: frozenset[Vector]) -> frozenset[str]:
        each = [vectors if p is part else p.vectors() for p in self.parts]
        return frozenset(self.label(combo) for combo in product(*each))

    def possible(self) -> frozenset[str]:
        return self._labels(None, frozenset())

    def part(self, fact: str) -> Part | None:
        return next((p for p in self.parts if fact in p.facts), None)

    def matters(self, fact: str) -> bool:
        """Two completions that differ in this fact alone, with different labels?"""
        part = self.part(fact)
        if part is None:
            return False
        lines = [line for line in part.lines(fact) if len(line) > 1]
        for combo in product(*(p.vectors() for p in self.parts if p is not part)):
            rest = dict(zip((p.facts for p in self.parts if p is not part), combo, strict=True))
            for line in lines:
                here = {
                    self.label(tuple(v if p is part else rest[p.facts] for p in self.parts))
                    for v in line
                }
                if len(here) > 1:
                    return True
        return False

    def readings(self, fact: str) -> dict[object, frozenset[str]]:
        """The labels that stay possible at each value: a number (not all), or an option."""
        part = self.part(fact)
        assert part is not None
        found = {}
        for value, vectors in part.by(fact).items():
            if isinstance(value, int):
                if value * 2 % STEP:  # read at halves, see above
                    continue
                found[Fraction(value, STEP)] = self._labels(part, vectors)
            else:
                found[value] = self._labels(part, vectors)
        return found


def _facts(atom: Compare) -> tuple[str, ...]:
    names = [name for name, _ in atom.terms]
    return ("p", "q") if names == ["r"] else tuple(names)


def _grid(fact: str, value: Value) -> list[int]:
    assert isinstance(value, Range)
    low = -FAR if value.lo == -float("inf") else int(value.lo)
    high = FAR if value.hi == float("inf") else int(value.hi)
    return [n for n in range(low * STEP, high * STEP + 1) if n > 0 or fact not in POSITIVE]


def _test(atom: Compare, facts: tuple[str, ...]) -> Callable[[Place], bool]:
    """The atom on grid numbers, in whole-number arithmetic."""
    if atom.terms[0][0] == "r":
        over, under = facts.index("p"), facts.index("q")
        c, d = atom.bound.numerator, atom.bound.denominator
        if atom.op == ">=":
            return lambda n: n[over] * d >= c * n[under]  # type: ignore[operator]
        return lambda n: n[over] * d > c * n[under]  # type: ignore[operator]
    assert all(c.denominator == 1 for _, c in atom.terms)
    terms = [(facts.index(name), int(c)) for name, c in atom.terms]
    bound = int(atom.bound * STEP)
    if atom.op == ">=":
        return lambda n: sum(c * n[i] for i, c in terms) >= bound  # type: ignore[operator,misc]
    return lambda n: sum(c * n[i] for i, c in terms) > bound  # type: ignore[operator,misc]
