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
from klartecken.book.key.opening import Opening, openings
from klartecken.book.key.state import Known
from klartecken.logic.complete import CompletionBudget
from klartecken.logic.evaluate import Scope
from klartecken.logic.nodes import Atom, Node, Result, atoms, facts_of
from klartecken.logic.values import Value
from klartecken.logic.vocabulary import Vocabulary

Found = tuple[int, dict[Node, Result]]
Looked = tuple[tuple[int, ...], frozenset[str]]
Named = tuple[tuple[object, ...], Mapping[Atom, Atom]]


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
        self._openings: list[tuple[Opening, ...] | None] = []
        self._open_atoms: frozenset[Atom] = frozenset()  # also ratios spelt out
        self._parts: dict[tuple[int, frozenset[Atom]], tuple[Opening, ...]] = {}

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
        held: tuple[Opening, ...] | None
        try:
            held = openings(tuple(still), {**self._unknown, **facts}, self._positive)
        except CompletionBudget:
            held = None  # then only the very same values are the same
        key = (tuple(settled.values()), mine if held is None else held)
        number = self._numbers.setdefault(key, len(self._openings))
        if number == len(self._openings):
            self._openings.append(held)
            self._open_atoms = self._open_atoms.union(still)
        return number, settled

    def seen(self, number: int, wanted: frozenset[Atom]) -> int | tuple[Opening, ...]:
        """What some atoms, not settled, can tell of the values of a signature."""
        held = self._openings[number]
        if held is None:
            return number
        if not held or wanted.isdisjoint(self._open_atoms):
            return ()
        key = (number, wanted & self._open_atoms)
        found = self._parts.get(key)
        if found is None:
            seen = (opening.seen(wanted) for opening in held)
            found = self._parts[key] = tuple(part for part in seen if part is not None)
        return found


class Signer:
    """Numbers the signatures of one block.

    Args:
        block: the facts.
        vocabulary: their specifications.
        every: the atoms of all laws.
        unknown: what each fact could be, were nothing known.
        papers: the facts that conditions of exceptions look at.
        assume: fill in what is usually assumed (not under ``strict``).
        components: those that there are already, by facts and atoms; new ones are put to them.
        fine: give every distinct set of values its own number, so that no further law can
            tell apart what has one number.
    """

    def __init__(
        self, block: Block, vocabulary: Vocabulary, every: Iterable[Atom],
        unknown: Mapping[str, Value], papers: frozenset[str], assume: bool,
        components: dict[object, Component], fine: bool = False,
    ) -> None:  # fmt: skip
        mine = [atom for atom in every if facts_of(atom)[0] in block.facts]
        self._components = [
            components.setdefault((facts, tied), Component(facts, tied, vocabulary, unknown))
            for facts, tied in _ties(block, mine, vocabulary)
        ]
        taken = {name: vocabulary.facts[name].taken(assume) for name in block.facts}
        self._taken = {name: value for name, value in taken.items() if value is not None}
        self._papers, self._fine = papers, fine
        self._numbers: dict[object, int] = {}
        self._alike: dict[object, int] = {}
        self._open_alike: dict[tuple[frozenset[Atom], int], int] = {}
        self._named: dict[tuple[frozenset[Atom], int], Named] = {}
        self._members: list[list[Mapping[str, Value]]] = []
        self.signed: list[Signed] = []

    def sign(self, given: Mapping[str, Value]) -> int:
        """The number of the signature of what was given for the block."""
        assumed = {name: v for name, v in self._taken.items() if name not in given}
        values = {**given, **assumed}
        found = [component.look(values) for component in self._components]
        papers = self._papers.intersection(assumed)
        parts = tuple(number for number, _ in found)
        key: object = frozenset(given.items()) if self._fine else (parts, papers)
        number = self._numbers.get(key)
        if number is None:
            trees: dict[Node, Result] = {}
            for _, settled in found:
                trees.update(settled)
            self.signed.append(Signed(values, Known(papers, trees), parts))
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
        self._components, self._named = finer._components, {}
        self._alike, self._open_alike = {}, {}
        if not self._fine:
            keys = ((held.parts, held.known.assumed) for held in self.signed)
            self._numbers = {key: place for place, key in enumerate(keys)}

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

    def opening(self, wanted: frozenset[Atom], code: int) -> Named:
        """How the open atoms of a signature, of those wanted, can come out; lines counted."""
        found = self._named.get((wanted, code))
        if found is None:
            held: list[object] = []
            names: dict[Atom, Atom] = {}
            for component, number in zip(self._components, self.signed[code].parts, strict=True):
                seen = component.seen(number, wanted)
                if isinstance(seen, tuple):
                    pairs = [opening.named() for opening in seen]
                    held += [opening for opening, _ in pairs]
                    for _, called in pairs:
                        names.update(called)
                else:
                    held.append((component.facts, seen))
            found = self._named[wanted, code] = tuple(held), names
        return found

    def open_alike(self, wanted: frozenset[Atom], code: int) -> int:
        """The first signature whose open atoms, of those wanted, can come out the same."""
        found = self._open_alike.get((wanted, code))
        if found is None:
            parts = zip(self._components, self.signed[code].parts, strict=True)
            key = (wanted, tuple(component.seen(number, wanted) for component, number in parts))
            found = self._open_alike[wanted, code] = self._alike.setdefault(key, code)
        return found


def _ties(
    block: Block, mine: list[Atom], vocabulary: Vocabulary
) -> list[tuple[tuple[str, ...], tuple[Atom, ...]]]:
    """The facts that atoms tie together, with those atoms."""
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
        (tuple(n for n in block.facts if n in facts), tuple(members)) for facts, members in parts
    ]
