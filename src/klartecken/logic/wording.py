"""Trees, cells and values as text that a person can read and the parser can mostly read back."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from klartecken.logic.cells import OTHER, Cell
from klartecken.logic.nodes import And, Compare, Not, OneOf, Or, Places, Ref, Result
from klartecken.logic.tri import Tri
from klartecken.logic.values import INF, show

Namer = Callable[[str], str]
_OPPOSITE = {">=": "<", ">": "<="}


def phrase(node: Result) -> str:
    """A tree as a condition, for example ``tpp >= 1600 and not datacenter``."""
    if isinstance(node, Tri):
        return node.value
    if isinstance(node, Compare):
        return _compare(node, node.op)
    if isinstance(node, OneOf):
        return _one_of(node)
    if isinstance(node, Places):
        names = ", ".join([*node.groups, *sorted(node.codes)])
        return f"{node.fact} in {names}"
    if isinstance(node, Ref):
        return f'"{node.provision}"'
    if isinstance(node, Not):
        return _not(node)
    word = " and " if isinstance(node, And) else " or "
    return word.join(
        f"({phrase(child)})" if isinstance(child, (And, Or)) else phrase(child)
        for child in node.children
    )


def _not(node: Not) -> str:
    child = node.child
    if isinstance(child, Compare):
        return _compare(child, _OPPOSITE[child.op])
    if isinstance(child, OneOf) and child.label != "yes":
        return _one_of(child).replace(" == ", " != ", 1).replace(" in ", " not in ", 1)
    text = phrase(child)
    return f"not ({text})" if isinstance(child, (And, Or)) else f"not {text}"


def _one_of(node: OneOf) -> str:
    if node.label == "yes" and node.options == {"yes"}:
        return node.fact
    names = node.label or ", ".join(sorted(node.options))
    only = len(node.options) == 1 and ":" not in names
    return f"{node.fact} {'==' if only else 'in'} {names}"


def _compare(node: Compare, op: str) -> str:
    parts: list[str] = []
    for name, factor in node.terms:
        size = abs(factor)
        term = name if size == 1 else f"{show(size)} * {name}"
        sign = "-" if factor < 0 else "+"
        parts.append(term if not parts and factor > 0 else f"{sign} {term}")
    return f"{' '.join(parts)} {op} {show(node.bound)}"


def cell_text(cells: tuple[Cell, ...], name: Namer = str) -> str:
    """One reading's cells as a condition, for example ``1600 <= tpp < 2400``.

    Args:
        cells: neighbouring cells of one fact, or options of one choice.
        name: how to write an option (a country's name for its code).
    """
    fact = cells[0].fact
    if cells[0].options:
        named = [option for cell in cells for option in cell.options]
        options = [OTHER if option == OTHER else name(option) for option in named]
        return _options_text(fact, options)
    first, last = cells[0], cells[-1]
    if first.low == last.high:
        return f"{fact} == {show(first.low)}"
    low = "" if first.low == -INF else f"{show(first.low)} {_edge(first, first.low)} "
    high = "" if last.high == INF else f" {_edge(last, last.high)} {show(last.high)}"
    if low and not high:
        return f"{fact} {'>=' if first.low == first.high else '>'} {show(first.low)}"
    return f"{low}{fact}{high}" if low or high else f"any {fact}"


def _edge(cell: Cell, end: Fraction | float) -> str:
    return "<=" if cell.low == cell.high == end else "<"


def _options_text(fact: str, options: list[str]) -> str:
    shown = sorted(o for o in options if o != OTHER)
    other = OTHER in options
    if fact and set(options) == {"yes"}:
        return f"{fact}: yes"
    if len(shown) > 8:
        return f"{fact}: one of {len(shown)} ({', '.join(shown[:5])}, ...)"
    words = [*shown, *(["any other"] if other else [])]
    return f"{fact}: {' or '.join(words)}"
