"""Signatures: all that the atoms of the laws can tell of the facts of one block.

Two sets of values with the same signature are the same to every rule, on every day. For a
known fact that is a yes or no for each atom. For an unknown one it is what the completion
check would see (yes/no/unknown for each atom is not enough): the truth vectors that its
atoms can still take, and between which of them each fact alone can move. Whether a fact
was said or only assumed belongs to it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from klartecken.book.key.blocks import Block
from klartecken.book.key.residual import Known
from klartecken.logic.complete import CompletionBudget
from klartecken.logic.evaluate import Scope
from klartecken.logic.nodes import Atom, Node, Result, atoms, facts_of
from klartecken.logic.space import groups
from klartecken.logic.values import Value
from klartecken.logic.vocabulary import Vocabulary

Found = tuple[int, dict[Node, Result]]
Looked = tuple[tuple[int, ...], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature of a block, with the first values that had it.

    Attributes:
        values: by fact; what is left out could be anything.
        known: what the signature settles.
        parts: the signature of each component.
    """

    values: Mapping[str, Value]
    known: Known
    parts: tuple[int, ...]


class Component:
    """Facts that some atom ties together, and their atoms."""

    def __init__(
        self, facts: tuple[str, ...], mine: tuple[Atom, ...], vocabulary: Vocabulary,
        unknown: Mapping[str, Value],
    ) -> None:  # fmt: skip
        self.facts, self._atoms = facts, mine
        self._ratios, self._positive = vocabulary.ratios, vocabulary.positive
        self._unknown = unknown
        self._seen: dict[tuple[Value | None, ...], Found] = {}
        self._numbers: dict[object, int] = {}

    def look(self, values: Mapping[str, Value]) -> Found:
        """The number of the signature of these values, and what each atom comes to."""
        mine = tuple(values.get(name) for name in self.facts)
        found = self._seen.get(mine)
        if found is None:
            found = self._seen[mine] = self._sign(mine)
        return found

    def _sign(self, mine: tuple[Value | None, ...]) -> Found:
        pairs = zip(self.facts, mine, strict=True)
        facts = {name: value for name, value in pairs if value is not None}
        scope = Scope(facts, self._ratios, {}, self._unknown)
        settled: dict[Node, Result] = {atom: scope.atom(atom) for atom in self._atoms}
        still = dict.fromkeys(atom for result in settled.values() for atom in atoms(result))
        key = (tuple(settled.values()), self._open(tuple(still), {**self._unknown, **facts}))
        return self._numbers.setdefault(key, len(self._numbers)), settled

    def _open(self, still: tuple[Atom, ...], values: Mapping[str, Value]) -> object:
        """What distinguishes the completions of the atoms that are not settled."""
        try:
            return tuple(
                (group.atoms, group.vectors, *(frozenset(group.fibres(n)) for n in group.facts))
                for group in groups(still, values, self._positive)
            )
        except CompletionBudget:
            return tuple((name, values[name]) for name in self.facts if name in values)


class Signer:
    """Numbers the signatures of one block.

    Args:
        block: the facts.
        vocabulary: their specifications.
        every: the atoms of all laws.
        unknown: what each fact could be, were nothing known.
        papers: the facts that conditions of exceptions look at.
        assume: fill in what is usually assumed (not under ``strict``).
    """

    def __init__(
        self, block: Block, vocabulary: Vocabulary, every: Iterable[Atom],
        unknown: Mapping[str, Value], papers: frozenset[str], assume: bool,
    ) -> None:  # fmt: skip
        mine = [atom for atom in every if facts_of(atom)[0] in block.facts]
        self._components = _components(block, mine, vocabulary, unknown)
        taken = {name: vocabulary.facts[name].taken(assume) for name in block.facts}
        self._taken = {name: value for name, value in taken.items() if value is not None}
        self._papers = papers
        self._numbers: dict[tuple[tuple[int, ...], frozenset[str]], int] = {}
        self._alike: dict[object, int] = {}
        self._members: list[list[Mapping[str, Value]]] = []
        self.signed: list[Signed] = []

    def sign(self, given: Mapping[str, Value]) -> int:
        """The number of the signature of what was given for the block."""
        assumed = {name: v for name, v in self._taken.items() if name not in given}
        values = {**given, **assumed}
        found = [component.look(values) for component in self._components]
        papers = self._papers.intersection(assumed)
        key = (tuple(number for number, _ in found), papers)
        number = self._numbers.get(key)
        if number is None:
            trees: dict[Node, Result] = {}
            for _, settled in found:
                trees.update(settled)
            self.signed.append(Signed(values, Known(papers, trees), key[0]))
            self._members.append([])
            number = self._numbers[key] = len(self.signed) - 1
        self._members[number].append(given)
        return number

    def can_refine(self, finer: Signer) -> bool:
        """Does a signer of more atoms tell apart nothing that has one number here?"""
        return all(len({finer.sign(given) for given in members}) == 1 for members in self._members)

    def refine(self, finer: Signer) -> None:
        """Take over the atoms of a finer signer of the same block; the numbers stay."""
        for place, members in enumerate(self._members):
            old, new = self.signed[place], finer.signed[finer.sign(members[0])]
            for node, result in new.known.trees.items():
                old.known.trees.setdefault(node, result)
            self.signed[place] = Signed(old.values, old.known, new.parts)
        self._components, self._alike = finer._components, {}
        self._numbers = {
            (held.parts, held.known.assumed): place for place, held in enumerate(self.signed)
        }

    def looked_at(self, facts: frozenset[str]) -> Looked:
        """The components, and the facts of conditions, that some facts belong to."""
        parts = (i for i, c in enumerate(self._components) if not facts.isdisjoint(c.facts))
        return tuple(parts), self._papers & facts

    def alike(self, looked: Looked, code: int) -> int:
        """The first signature that is the same as this one in what is looked at."""
        parts, papers = looked
        signed = self.signed[code]
        key = (looked, tuple(signed.parts[i] for i in parts), papers & signed.known.assumed)
        return self._alike.setdefault(key, code)


def _components(
    block: Block, mine: list[Atom], vocabulary: Vocabulary, unknown: Mapping[str, Value]
) -> list[Component]:
    parts: list[tuple[set[str], list[Atom]]] = []
    for atom in mine:
        names = set(facts_of(atom))
        for name in names & vocabulary.ratios.keys():
            names |= set(vocabulary.ratios[name])
        together = [atom]
        rest = []
        for facts, members in parts:
            if facts & names:
                names |= facts
                together = members + together
            else:
                rest.append((facts, members))
        parts = [*rest, (names, together)]
    return [
        Component(tuple(n for n in block.facts if n in facts), tuple(members), vocabulary, unknown)
        for facts, members in parts
    ]
