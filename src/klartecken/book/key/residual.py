"""What is left of the law once some blocks of a line are known: states, and how they move.

A state is a law cut down: the rules that still stand, each with the tree that is left of
its condition. It belongs to no day, no line and no law: two days, two items or two reforms
that leave the same rules standing are one state from there on. Knowing one more block
settles its atoms in every tree; rules that can no longer show in an answer fall away. What
stands when all blocks are known are the findings that a verdict is read from, the very
same that ``decide.run`` reaches in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from klartecken.book.key.state import Face, Known, Left, Role, State
from klartecken.book.key.trees import Trees, renamed
from klartecken.decide.findings import Checks, ExceptionParts, Findings
from klartecken.law.timeline import InForce, LawDay
from klartecken.logic.nodes import Atom, Node, Result, atoms, facts_of
from klartecken.logic.tri import NO, YES, Tri

ASIDE = ("definition", "flag", "gap")  # no verdict names them


class Residuals:
    """Makes states, and moves them on.

    Args:
        home: the number of the block of each fact.
    """

    def __init__(self, home: Mapping[str, int]) -> None:
        self._home = home
        self._trees = Trees()
        self._blocks: dict[Node, frozenset[int]] = {}
        self._held: dict[Node, frozenset[Atom]] = {}
        self._faces: dict[object, int] = {}
        self._seen: dict[int, tuple[InForce, int]] = {}
        self.faces: list[Face] = []
        self._lefts: dict[Left, int] = {}
        self.lefts: list[Left] = []
        self._roles: list[Role] = []
        self._shapes: dict[object, Left] = {}

    def __setstate__(self, held: dict[str, Any]) -> None:
        self.__dict__.update(held)  # objects have other ids in another process
        self._seen = {id(rule): (rule, number) for rule, number in self._seen.values()}

    # -- states ------------------------------------------------------------------------------
    def start(
        self, law_day: LawDay, known: Known, later: frozenset[str]
    ) -> tuple[State, dict[str, Left]]:
        """The law of a day, with the block that is the same on every line put in.

        Args:
            law_day: what binds.
            known: what that block settles.
            later: the facts of all other blocks.

        Returns:
            The state, and what is left of each rule (definitions too), by id.
        """
        results: dict[str, Result] = {}
        every: dict[str, Left] = {}
        for rule in law_day.in_force:
            stage = rule.provision.stage
            if stage in ("flag", "gap"):
                continue
            face = self._face(rule)
            flags = tuple(bool(looks & known.assumed) for looks in self.faces[face].looks)
            parts = (self._trees.close(tree, results) for tree in rule.version.trees)
            mine = Left(face, tuple(self._trees.settle(part, known.trees) for part in parts), flags)
            exception = stage == "exception"
            results[rule.id] = self._parts(mine).result if exception else mine.parts[0]
            every[rule.id] = mine
        left = [
            self._number(rule) for rule in every.values()
            if self.faces[rule.face].stage not in ASIDE
        ]  # fmt: skip
        return self._state(left, {}, later), every

    def same(self, one: Left | None, other: Left | None, known: Known) -> bool:
        """Do two wordings of a rule come to the same, once a block is known?

        None is a rule that is not in force.
        """
        parts = [
            tuple(self._trees.settle(part, known.trees) for part in rule.parts) if rule else (NO,)
            for rule in (one, other)
        ]
        if all(held[0] is NO for held in parts):
            return True
        alike = one and other and (one.face, one.assumed) == (other.face, other.assumed)
        return bool(alike) and parts[0] == parts[1]

    def move(
        self, state: State, block: int, code: int, known: Known, later: frozenset[str]
    ) -> State:
        """The state once one more block is known.

        Args:
            state: what is left so far.
            block, code: the block, and the number of its signature.
            known: what that signature settles.
            later: the facts of all blocks that are not known yet.
        """
        rules = known.rules
        left = []
        for number in state.left:
            moved = rules.get(number)
            if moved is None:
                moved = rules[number] = self._move(number, known)
            left.append(moved)
        return self._state(left, {**dict(state.open), block: code}, later)

    def _move(self, number: int, known: Known) -> int:
        rule = self.lefts[number]
        parts = tuple(self._trees.settle(part, known.trees) for part in rule.parts)
        looks = self.faces[rule.face].looks
        flags = zip(rule.assumed, looks, strict=True)
        assumed = tuple(flag or bool(facts & known.assumed) for flag, facts in flags)
        return self._number(Left(rule.face, parts, assumed))

    def _number(self, rule: Left) -> int:
        number = self._lefts.get(rule)
        if number is None:
            role = self._role(rule)  # before either list grows, as it may fail
            self.lefts.append(rule)
            self._roles.append(role)
            number = self._lefts[rule] = len(self.lefts) - 1
        return number

    def _role(self, rule: Left) -> Role:
        face = self.faces[rule.face]
        provision, version = face.rule.provision, face.rule.version
        symbols = (provision.symbol,) if provision.symbol else version.exceptions
        first = rule.parts[0]
        return Role(
            face.stage, provision.id, first is YES, first is NO, frozenset(symbols),
            provision.policy_for, frozenset(b for part in rule.parts for b in self.looks(part)),
            self._facts(rule, face), self.atoms_of(rule.parts),
        )  # fmt: skip

    @staticmethod
    def _facts(rule: Left, face: Face) -> frozenset[str]:
        named = (facts_of(part) for part in rule.parts if not isinstance(part, Tri))
        return frozenset[str]().union(*named, *face.looks)

    def atoms(self, state: State) -> frozenset[Atom]:
        """The atoms that a state still holds."""
        return frozenset[Atom]().union(*(self._roles[number].atoms for number in state.left))

    def facts(self, state: State) -> frozenset[str]:
        """The facts that can still change a state."""
        return frozenset[str]().union(*(self._roles[number].facts for number in state.left))

    def _state(self, left: list[int], known: Mapping[int, int], later: frozenset[str]) -> State:
        standing = tuple(self._standing(left, later))
        looked = frozenset[int]().union(*(self._roles[number].blocks for number in standing))
        return State(standing, tuple((b, known[b]) for b in sorted(looked & known.keys())))

    def shape(self, number: int, names: Mapping[Atom, Atom]) -> object:
        """A rule that stands, its open atoms called by other names."""
        mine = tuple((atom, names[atom]) for atom in self._roles[number].atoms if atom in names)
        if not mine:
            return number
        key = (number, frozenset(mine))
        found = self._shapes.get(key)
        if found is None:
            rule = self.lefts[number]
            parts = tuple(self._trees.one(renamed(part, names)) for part in rule.parts)
            found = self._shapes[key] = Left(rule.face, parts, rule.assumed)
        return found

    def looks(self, part: Result) -> frozenset[int]:
        """The blocks that a tree looks at."""
        if isinstance(part, Tri):
            return frozenset()
        found = self._blocks.get(part)
        if found is None:
            found = frozenset(self._home[name] for name in facts_of(part))
            self._blocks[part] = found
        return found

    def atoms_of(self, parts: Iterable[Result]) -> frozenset[Atom]:
        """The atoms of some trees."""
        return frozenset[Atom]().union(*map(self._atoms, parts))

    def _atoms(self, part: Result) -> frozenset[Atom]:
        if isinstance(part, Tri):
            return frozenset()
        found = self._held.get(part)
        if found is None:
            found = self._held[part] = frozenset(atoms(part))
        return found

    # -- what falls away ---------------------------------------------------------------------
    def _standing(self, left: list[int], later: frozenset[str]) -> Iterator[int]:
        """The rules that can still show in an answer, or change one."""
        needs: set[str] = set()
        firm: list[frozenset[str]] = []
        closed = False
        standing = []
        for number in left:
            role = self._roles[number]
            if role.failed:
                continue  # an exception whose scope is no is dead, too
            standing.append((number, role))
            if role.stage == "requirement":
                needs.add(role.id)
                if role.met:
                    firm.append(role.symbols)
            elif role.stage == "prohibition":
                closed = closed or role.met
        for number, role in standing:
            if role.stage == "exception":
                usable = not closed and all(role.symbols <= symbols for symbols in firm)
                if needs and usable and not self._dead(self.lefts[number], later):
                    yield number
            elif role.stage != "policy" or not needs.isdisjoint(role.policy_for):
                yield number

    def _dead(self, rule: Left, later: frozenset[str]) -> bool:
        """Is an exception out of reach, whatever else comes to be known?"""
        face = self.faces[rule.face]
        scope, rest = rule.parts[0], rule.parts[1:]
        bars, conditions = rest[: face.bars], rest[face.bars :]
        if scope is NO or any(bar is YES for bar in bars):
            return True
        return any(
            result is NO and not assumed and looks.isdisjoint(later)
            for result, assumed, looks in zip(conditions, rule.assumed, face.looks, strict=True)
        )

    def _face(self, rule: InForce) -> int:
        provision, version = rule.provision, rule.version
        seen = self._seen.get(id(rule))
        if seen is not None:  # held, so that its id stays its own
            return seen[1]
        looks = tuple(frozenset(facts_of(clause.when)) for clause in version.conditions)
        key = (
            rule.id, provision.stage, provision.eccn, provision.symbol, provision.policy_for,
            version.basis, version.policy, version.exceptions, len(version.bars),
            tuple(clause.id for clause in version.conditions), looks,
        )  # fmt: skip
        number = self._faces.get(key)
        if number is None:
            self.faces.append(Face(rule, len(version.bars), looks))
            number = self._faces[key] = len(self.faces) - 1
        self._seen[id(rule)] = (rule, number)
        return number

    # -- what is left at the end -------------------------------------------------------------
    def _parts(self, rule: Left) -> ExceptionParts:
        face = self.faces[rule.face]
        scope, rest = rule.parts[0], rule.parts[1:]
        return ExceptionParts(face.rule, scope, rest[: face.bars], rest[face.bars :], rule.assumed)

    def findings(self, state: State, checks: Checks) -> Findings:
        """The findings that a state amounts to when every block is known."""
        stages: dict[str, list[InForce]] = {}
        results: dict[str, Result] = {}
        exceptions: dict[str, list[ExceptionParts]] = {}
        for rule in (self.lefts[number] for number in state.left):
            face = self.faces[rule.face]
            stages.setdefault(face.stage, []).append(face.rule)
            results[face.rule.id] = rule.parts[0]
            if face.stage == "exception":
                parts = self._parts(rule)
                results[face.rule.id] = parts.result
                exceptions.setdefault(face.rule.provision.symbol, []).append(parts)
        fixed = {name: tuple(rules) for name, rules in stages.items()}
        return Findings(fixed, results, exceptions, checks)


def facts_of_conditions(law_days: Iterable[LawDay]) -> frozenset[str]:
    """The facts that conditions of exceptions look at: there it counts who said them."""
    return frozenset(
        name
        for law_day in law_days
        for rule in law_day.stage("exception")
        for clause in rule.version.conditions
        for name in facts_of(clause.when)
    )
