"""The one tree behind every rule: and, or, not, references, and two kinds of atom.

A rule looks at facts only through *atoms*. There are two: a linear comparison of numbers
(:class:`Compare`, only ``>=`` and ``>``; the other operators are built from them) and a
membership test (:class:`OneOf`, which also serves for yes/no facts). Because value,
residual, atoms and completions all come out of this tree, they cannot disagree.

Every node keeps its hash: trees are looked up far more often than they are built.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Literal

from klartecken.errors import TruthError
from klartecken.logic.tri import NO, UNKNOWN, YES, Tri

Terms = tuple[tuple[str, Fraction], ...]


def _remake(node: Node) -> tuple[type[Node], tuple[object, ...]]:
    """Pickle as a call: a kept hash is of one process only (text hashes are salted)."""
    return type(node), tuple(getattr(node, f.name) for f in fields(node) if f.init)


@dataclass(frozen=True, slots=True)
class Compare:
    """``sum(coefficient * fact) >= bound`` (or ``>``). The first coefficient is 1.

    Build with :func:`compare`, which brings any comparison to this form.
    """

    terms: Terms
    op: Literal[">=", ">"]
    bound: Fraction
    _hash: int = field(init=False, compare=False, repr=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.terms, self.op, self.bound)))

    def __hash__(self) -> int:
        return self._hash

    __reduce__ = _remake


@dataclass(frozen=True, slots=True)
class OneOf:
    """Is the fact's value one of ``options``? ``unsure`` options may or may not be.

    ``label`` is how the law writes the set (``D:5``); it is not part of the identity.
    """

    fact: str
    options: frozenset[str]
    unsure: frozenset[str] = frozenset()
    label: str = field(default="", compare=False)
    _hash: int = field(init=False, compare=False, repr=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.fact, self.options, self.unsure)))

    def __hash__(self) -> int:
        return self._hash

    __reduce__ = _remake


@dataclass(frozen=True, slots=True)
class Places:
    """Is the place in one of the groups or codes, on a day still to be named?

    ``law.timeline`` turns it into a :class:`OneOf` for a day.
    """

    fact: str
    groups: tuple[str, ...]
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ref:
    """The result of another provision."""

    provision: str


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    child: Node
    _hash: int = field(init=False, compare=False, repr=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(("not", self.child)))

    def __hash__(self) -> int:
        return self._hash

    __reduce__ = _remake


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction of two or more."""

    children: tuple[Node, ...]
    _hash: int = field(init=False, compare=False, repr=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(("and", self.children)))

    def __hash__(self) -> int:
        return self._hash

    __reduce__ = _remake


@dataclass(frozen=True, slots=True)
class Or:
    """Disjunction of two or more."""

    children: tuple[Node, ...]
    _hash: int = field(init=False, compare=False, repr=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(("or", self.children)))

    def __hash__(self) -> int:
        return self._hash

    __reduce__ = _remake


Atom = Compare | OneOf
Node = Compare | OneOf | Places | Ref | Not | And | Or
Result = Tri | Node  # YES, NO, or the tree that is left to be known


def negate(result: Result) -> Result:
    """Not, on a result."""
    if isinstance(result, Tri):
        return ~result
    return result.child if isinstance(result, Not) else Not(result)


def conjoin(results: Iterable[Result]) -> Result:
    """And, on results: what is known falls away."""
    left: list[Node] = []
    for result in results:
        if result is NO:
            return NO
        if not isinstance(result, Tri):
            left.extend(result.children if isinstance(result, And) else (result,))
        elif result is UNKNOWN:
            raise _treeless()
    return _join(And, left, YES)


def disjoin(results: Iterable[Result]) -> Result:
    """Or, on results: what is known falls away."""
    left: list[Node] = []
    for result in results:
        if result is YES:
            return YES
        if not isinstance(result, Tri):
            left.extend(result.children if isinstance(result, Or) else (result,))
        elif result is UNKNOWN:
            raise _treeless()
    return _join(Or, left, NO)


def _treeless() -> TruthError:
    return TruthError(
        "an unknown without its residual tree was joined to a condition",
        next_step="Pass YES, NO or the tree that is left to be known",
    )


def _join(kind: type[And] | type[Or], nodes: list[Node], empty: Tri) -> Result:
    unique = tuple(dict.fromkeys(nodes))
    if not unique:
        return empty
    return unique[0] if len(unique) == 1 else kind(unique)


def compare(terms: dict[str, Fraction], op: str, bound: Fraction) -> Result:
    """Any comparison of a linear sum with a number, in canonical form.

    Args:
        terms: coefficient by fact; zero coefficients fall away.
        op: ``<``, ``<=``, ``>``, ``>=``, ``==`` or ``!=``.
        bound: the number on the right.
    """
    left = {name: factor for name, factor in sorted(terms.items()) if factor != 0}
    if not left:
        return _settle(op, bound)
    if op == "==":
        return conjoin((compare(left, ">=", bound), negate(compare(left, ">", bound))))
    if op == "!=":
        return negate(compare(left, "==", bound))
    scale = next(iter(left.values()))
    if scale < 0:
        op = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}[op]
    canonical = tuple((name, factor / scale) for name, factor in left.items())
    bound = bound / scale
    if op == ">=":
        return Compare(canonical, ">=", bound)
    if op == ">":
        return Compare(canonical, ">", bound)
    return Not(Compare(canonical, ">" if op == "<=" else ">=", bound))


def _settle(op: str, bound: Fraction) -> Tri:
    holds = {
        "<": bound > 0, "<=": bound >= 0, ">": bound < 0, ">=": bound <= 0,
        "==": bound == 0, "!=": bound != 0,
    }[op]  # fmt: skip
    return YES if holds else NO


def walk(node: Result) -> Iterator[Node]:
    """Every node of the tree, parents first."""
    if isinstance(node, Tri):
        return
    yield node
    if isinstance(node, (And, Or)):
        for child in node.children:
            yield from walk(child)
    elif isinstance(node, Not):
        yield from walk(node.child)


def atoms(node: Result) -> tuple[Atom, ...]:
    """The distinct atoms of a tree, in order of appearance."""
    return tuple(dict.fromkeys(n for n in walk(node) if isinstance(n, (Compare, OneOf))))


def facts_of(node: Result) -> tuple[str, ...]:
    """The names of the facts that a tree looks at."""
    names: dict[str, None] = {}
    for part in walk(node):
        if isinstance(part, Compare):
            names.update((name, None) for name, _ in part.terms)
        elif isinstance(part, (OneOf, Places)):
            names[part.fact] = None
    return tuple(names)


def references(node: Result) -> tuple[str, ...]:
    """The provisions that a tree refers to."""
    return tuple(dict.fromkeys(n.provision for n in walk(node) if isinstance(n, Ref)))
