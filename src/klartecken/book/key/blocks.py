"""Blocks: the facts of a line that are read and settled together.

A line's answer looks at its facts only through atoms, and every atom looks at the facts of
one block. What joins facts into a block is found, not listed: an atom that compares two of
them, a column that says several, an item that carries many, a derivation
(``decide.derived.links``). A block that no column speaks of is the same on every line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from klartecken.decide.asked import LISTINGS
from klartecken.decide.derived import links
from klartecken.law.model import Law
from klartecken.logic.nodes import Atom, facts_of

ITEM = "item"
LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Block:
    """Facts, and the columns that speak of them, in the order in which they are read."""

    facts: tuple[str, ...]
    columns: tuple[str, ...]


def blocks(
    law: Law, atoms: Iterable[Atom], columns: Sequence[str], own_facts: Iterable[str] = ()
) -> tuple[Block, ...]:
    """The blocks of a book: first the one without columns, then the item's, then the rest.

    Args:
        law: gives the vocabulary and the derivations.
        atoms: all atoms of all laws that the book is read under.
        columns: the question and fact columns of the book, in its order.
        own_facts: facts that items of the asker's own state.
    """
    vocabulary = law.vocabulary
    said = {name: said_by(law, name, own_facts) for name in columns}
    sets = [*links(law), *(frozenset(facts_of(atom)) for atom in atoms), *said.values()]
    if columns and ITEM not in columns:
        sets.append(_unnamed(said_by(law, ITEM, own_facts), said))
    joined = _join(vocabulary.facts, sets)
    found: list[Block] = []
    silent: list[str] = []
    for facts in joined:
        mine = tuple(name for name in columns if not said[name].isdisjoint(facts))
        if mine:
            found.append(Block(facts, mine))
        else:
            silent += facts
    # the item first: most of the law falls away once it is known; then who exports
    found.sort(key=lambda block: (ITEM not in block.columns, "exporter" not in block.columns))
    return (Block(tuple(silent), ()), *found)


def _unnamed(of_item: frozenset[str], said: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The facts of items that no column names, with those of a column.

    An item without a name is taken to be a chip. That is read with the item's block, so there
    must be one: no column may leave it among the silent facts.
    """
    if any(not of_item.isdisjoint(facts) for facts in said.values()):
        return of_item
    return of_item | next(iter(said.values()))


def said_by(law: Law, column: str, own_facts: Iterable[str] = ()) -> frozenset[str]:
    """The facts that a column may say."""
    vocabulary = law.vocabulary
    if column == ITEM:
        of_item = {name for name, spec in vocabulary.facts.items() if spec.of == "item"}
        # a fact of the item that follows from the route stays with the route
        tied = {n for part in links(law) if not part <= of_item for n in part}
        return frozenset((of_item - tied) | set(own_facts))
    if column == LISTED:
        said = {name for pairs in LISTINGS.values() for name, _ in pairs}
        return frozenset(said | {"entity_list_footnote"})
    if column in vocabulary.bundles:
        return frozenset(vocabulary.bundles[column])
    return frozenset({vocabulary.find(column).name})


def _join(facts: Iterable[str], sets: Iterable[frozenset[str]]) -> list[tuple[str, ...]]:
    """The facts in the classes that overlapping sets make, each in the given order."""
    head = {name: name for name in facts}

    def root(name: str) -> str:
        while head[name] != name:
            head[name] = head[head[name]]
            name = head[name]
        return name

    for names in sets:
        first, *rest = (root(name) for name in names)
        for other in rest:
            head[root(other)] = root(first)
    classes: dict[str, list[str]] = {}
    for name in head:
        classes.setdefault(root(name), []).append(name)
    return [tuple(names) for names in classes.values()]
