"""What unknown facts could still be, as far as the rules can tell.

Rules see facts only through atoms, so of all the values that an unknown fact could take
only the distinct *truth vectors* of its atoms matter. Facts that meet in one atom (a sum,
or TPP and die area in a density) form one group, because their truth values hang
together. For a group of numbers the exact set of vectors comes from one sample point per
cell of the arrangement of the atoms' lines, found by eliminating one fact at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from klartecken.errors import KlarteckenError
from klartecken.logic.cells import OTHER, Cell, sample
from klartecken.logic.nodes import Atom, Compare, OneOf
from klartecken.logic.values import Bound, Choice, Range, Value

Vector = tuple[bool, ...]
Form = tuple[tuple[Fraction, ...], Fraction]  # coefficients per fact, and the right side
TESTS = 500_000  # atom tests that the sample points of one group may take
FORMS = 300  # forms that one elimination may start from


class CompletionBudget(KlarteckenError):
    """Too many distinguishable completions to check them all."""

    def __init__(self) -> None:
        super().__init__(
            "too many distinguishable completions to check one by one",
            next_step="Give more of the unknown facts",
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that hang together, their atoms, and the atoms' possible truth vectors."""

    facts: tuple[str, ...]
    atoms: tuple[Atom, ...]
    vectors: frozenset[Vector]
    values: Mapping[str, Value]
    positive: frozenset[str]

    def fibres(self, fact: str) -> tuple[frozenset[Vector], ...]:
        """Sets of vectors between which a change of ``fact`` alone moves."""
        if len(self.facts) == 1:
            return (self.vectors,)
        return _fibres(self.atoms, tuple(self.values.items()), self.positive, fact)

    def readings(self, fact: str) -> list[tuple[Cell, frozenset[Vector]]]:
        """Each cell of one fact with the vectors that remain possible in it, in order."""
        if not isinstance(self.atoms[0], Compare):
            return _choice_readings(self, fact)
        order = [fact, *(name for name in self.facts if name != fact)]
        levels = _levels(self, order)
        readings = []
        for cell in _cells(self, order, levels, []):
            points = _extend(self, order, levels, [sample(cell)])
            readings.append((cell, frozenset(_vector(self.atoms, p) for p in points)))
        return readings


def groups(
    atoms: Iterable[Atom], values: Mapping[str, Value], positive: frozenset[str] = frozenset()
) -> tuple[Group, ...]:
    """Group the facts of some atoms and work out each group's possible vectors.

    Args:
        atoms: the atoms of the residual trees.
        values: what each fact could be; a fact left out could be anything.
        positive: facts above zero, although their range may start at zero or below.

    Raises:
        CompletionBudget: a group of so many facts and lines that sampling it is too long.
    """
    parts: list[tuple[set[str], list[Atom]]] = []
    for atom in atoms:
        names = {n for n, _ in atom.terms} if isinstance(atom, Compare) else {atom.fact}
        joined, kept = names, [atom]
        rest = []
        for facts, members in parts:
            if facts & joined:
                joined = joined | facts
                kept = members + kept
            else:
                rest.append((facts, members))
        parts = [*rest, (joined, kept)]
    found = []
    for facts, members in parts:
        default: Value = Range() if isinstance(members[0], Compare) else Choice()
        pairs = tuple((name, values.get(name, default)) for name in sorted(facts))
        found.append(_group(tuple(members), pairs, positive & facts))
    return tuple(found)


@lru_cache(maxsize=2048)
def _group(
    atoms: tuple[Atom, ...], pairs: tuple[tuple[str, Value], ...], positive: frozenset[str]
) -> Group:
    """One group; kept, because "what if" asks for the same ones again and again."""
    mine: dict[str, Value] = dict(pairs)
    for name in positive:
        value = mine[name]
        if isinstance(value, Range) and value.lo < 0 < value.hi:
            mine[name] = Range(Fraction(0), value.hi)
    names = tuple(mine)
    blank = Group(names, atoms, frozenset(), mine, positive)
    return Group(names, atoms, frozenset(_vectors(blank)), mine, positive)


@lru_cache(maxsize=2048)
def _fibres(
    atoms: tuple[Atom, ...], pairs: tuple[tuple[str, Value], ...], positive: frozenset[str],
    fact: str,
) -> tuple[frozenset[Vector], ...]:  # fmt: skip
    """The fibres of a group of numbers; kept, as a group is asked of each of its facts."""
    mine = dict(pairs)
    group = Group(tuple(mine), atoms, frozenset(), mine, positive)
    others = [name for name in group.facts if name != fact]
    found: dict[tuple[Fraction, ...], set[Vector]] = {}
    for point in _points(group, [*others, fact]):
        key = tuple(point[name] for name in others)
        found.setdefault(key, set()).add(_vector(atoms, point))
    return tuple({frozenset(vectors) for vectors in found.values()})


def _vectors(group: Group) -> Iterator[Vector]:
    if isinstance(group.atoms[0], Compare):
        for point in _points(group, list(group.facts)):
            yield _vector(group.atoms, point)
    else:
        for _, vectors in _choice_readings(group, group.facts[0]):
            yield from vectors


def _vector(atoms: Sequence[Atom], point: Mapping[str, Fraction]) -> Vector:
    found = []
    for atom in atoms:
        assert isinstance(atom, Compare)
        if len(atom.terms) == 1:  # the leading coefficient is 1
            total = point[atom.terms[0][0]]
        else:
            total = sum((factor * point[name] for name, factor in atom.terms), Fraction(0))
        found.append(total >= atom.bound if atom.op == ">=" else total > atom.bound)
    return tuple(found)


# -- choices ---------------------------------------------------------------------------------
def _choice_readings(group: Group, fact: str) -> list[tuple[Cell, frozenset[Vector]]]:
    value = group.values[fact]
    tests = [atom for atom in group.atoms if isinstance(atom, OneOf)]
    options: set[str] = set()
    if isinstance(value, Choice) and value.options is not None:
        options |= value.options
    else:
        for test in tests:
            options |= test.options | test.unsure
        options.add(OTHER)
    # split all options at once, test by test: places come by the hundred
    blocks: list[tuple[set[str], tuple[Vector, ...]]] = [(options, ((),))]
    for test in tests:
        parts = []
        for block, vectors in blocks:
            unsure = block & test.unsure
            inside = (block & test.options) - unsure
            outside = block - test.options - unsure
            for part, answers in ((inside, (True,)), (outside, (False,)), (unsure, (True, False))):
                if part:
                    parts.append((part, tuple((*v, a) for v in vectors for a in answers)))
        blocks = parts
    return [(Cell(fact, options=tuple(sorted(b))), frozenset(v)) for b, v in blocks]


# -- numbers ---------------------------------------------------------------------------------
def _points(group: Group, order: list[str]) -> Iterator[dict[str, Fraction]]:
    """At least one point in every cell of the arrangement, the first fact slowest."""
    for count, point in enumerate(_extend(group, order, _levels(group, order), [])):
        if count * len(group.atoms) > TESTS:
            raise CompletionBudget
        yield point


def _levels(group: Group, order: list[str]) -> list[list[Form]]:
    """For each fact in order, the forms that cut it once the facts before it are chosen."""
    forms: list[Form] = []
    for atom in group.atoms:
        assert isinstance(atom, Compare)
        terms = dict(atom.terms)
        forms.append((tuple(terms.get(name, Fraction(0)) for name in order), atom.bound))
    for place, name in enumerate(order):
        value = _range(group, name)
        unit = tuple(Fraction(int(place == i)) for i in range(len(order)))
        forms += [(unit, end) for end in (value.lo, value.hi) if isinstance(end, Fraction)]
    levels = [forms]
    for last in range(len(order) - 1, 0, -1):
        levels.insert(0, _eliminate(levels[0], last))
    return levels


def _eliminate(forms: list[Form], last: int) -> list[Form]:
    """Forms without fact ``last`` whose zero sets mark where its cells are born or meet."""
    with_it = [f for f in forms if f[0][last] != 0]
    kept = [f for f in forms if f[0][last] == 0 and any(f[0])]
    scaled = [(tuple(c / f[0][last] for c in f[0]), f[1] / f[0][last]) for f in with_it]
    if len(scaled) > FORMS:
        raise CompletionBudget
    for i, (left, a) in enumerate(scaled):
        for right, b in scaled[:i]:
            terms = tuple(x - y for x, y in zip(left, right, strict=True))
            if any(terms):
                kept.append((terms, a - b))
    return list(dict.fromkeys(kept))


def _extend(
    group: Group, order: list[str], levels: list[list[Form]], chosen: list[Fraction]
) -> Iterator[dict[str, Fraction]]:
    if len(chosen) == len(order):
        yield dict(zip(order, chosen, strict=True))
        return
    for cell in _cells(group, order, levels, chosen):
        yield from _extend(group, order, levels, [*chosen, sample(cell)])


def _cells(
    group: Group, order: list[str], levels: list[list[Form]], chosen: list[Fraction]
) -> list[Cell]:
    """The next fact's cells, points and open intervals in turn."""
    place = len(chosen)
    name = order[place]
    value = _range(group, name)
    roots = set()
    for terms, bound in levels[place]:
        if terms[place] == 0:
            continue
        for factor, x in zip(terms, chosen, strict=False):
            if factor != 0:
                bound -= factor * x
        roots.add(bound / terms[place])
    marks: list[Bound] = sorted(r for r in roots if value.lo <= r <= value.hi)
    if not marks:
        return [Cell(name, value.lo, value.hi)]
    edges = [value.lo, *marks, value.hi]
    cells = []
    for i, mark in enumerate(marks):
        if edges[i] < mark:
            cells.append(Cell(name, edges[i], mark))
        cells.append(Cell(name, mark, mark))
    if marks[-1] < value.hi:
        cells.append(Cell(name, marks[-1], value.hi))
    if name in group.positive:
        return [cell for cell in cells if cell.high > 0]
    return cells


def _range(group: Group, name: str) -> Range:
    value = group.values[name]
    if not isinstance(value, Range):
        raise TypeError(f"fact {name} is compared as a number but is a choice")
    return value
