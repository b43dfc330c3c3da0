"""What the rules gave for a case, and what follows: outcome and review policy.

Nothing here knows where a result came from. One case is evaluated in one go (``run``), an
order book step by step (``book``); both end in the same findings, read by the same code.
Requirements are unioned. They are overcome only by one exception that all of them name,
whose scope holds, that no bar defeats, and whose conditions are all met. Outcome and review
policy are decision lists, so that the completion check of ``logic.complete`` applies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from klartecken.law.model import POLICIES
from klartecken.law.timeline import InForce
from klartecken.logic.complete import CompletionBudget, Completions, Decision, certainty, needed
from klartecken.logic.nodes import Result, conjoin, disjoin, facts_of, negate
from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.logic.values import Value

OUTCOMES = (
    "prohibited", "licence_required", "exception_available", "no_licence_required",
)  # fmt: skip
SEVERITY = (
    "no_licence_required", "exception_available", "undetermined", "licence_required",
    "prohibited",
)  # fmt: skip
NO_POLICY = "none"
NOTHING: tuple[InForce, ...] = ()


@dataclass(frozen=True, slots=True)
class ExceptionParts:
    """What became of one exception: its scope, its bars and its conditions.

    ``assumed`` says of each condition whether it looks at a fact that was only assumed: a
    no is then not a failure but something not yet shown.
    """

    in_force: InForce
    scope: Result
    bars: tuple[Result, ...]
    conditions: tuple[Result, ...]
    assumed: tuple[bool, ...]

    @property
    def result(self) -> Result:
        """May the exception be used?"""
        return conjoin([self.open, *self.conditions])

    @property
    def open(self) -> Result:
        """Does it reach the case, with no bar, whatever its conditions?"""
        return conjoin([self.scope, *(negate(bar) for bar in self.bars)])

    @property
    def pending(self) -> tuple[bool, ...]:
        """Of each condition: is it only not yet shown (rather than known to fail)?"""
        return tuple(
            result is not YES and (result is not NO or assumed)
            for result, assumed in zip(self.conditions, self.assumed, strict=True)
        )


class Checks:
    """The completion checks of one case, each made once.

    Args:
        values: what each fact could be.
        positive: facts that cannot be zero.
        memo: what is remembered; an order book shares it between lines.
        key: tells apart, for some results, cases that share a memo but not the values.
    """

    def __init__(
        self,
        values: Mapping[str, Value],
        positive: frozenset[str],
        memo: dict[object, Any] | None = None,
        key: Callable[[tuple[Result, ...]], object] | None = None,
    ) -> None:
        self.values, self.positive = values, positive
        self._memo: dict[object, Any] = {} if memo is None else memo
        self._key = key or (lambda results: None)

    def certain(self, result: Result) -> Tri:
        """Yes or no when every completion agrees, else unknown."""
        if isinstance(result, Tri):
            return result
        key = (result, self._key((result,)))
        known: Tri | None = self._memo.get(key)
        if known is None:
            try:
                known = certainty(result, self.values, self.positive)
            except CompletionBudget:
                known = UNKNOWN  # Kleene's word: sound, if not exact
            self._memo[key] = known
        return known

    def reach(self, decision: Decision[str]) -> Reach:
        """What a decision can come to, and on which facts it turns."""
        key = (decision, self._key(tuple(result for result, _ in decision.entries)))
        known: Reach | None = self._memo.get(key)
        if known is None:
            known = self._memo[key] = self._reach(decision)
        return known

    def _reach(self, decision: Decision[str]) -> Reach:
        try:
            completions = self.completions(decision)
            possible = completions.possible()
            asked = needed(completions) if len(possible) > 1 else ()
            return Reach(possible, asked, exact=True)
        except CompletionBudget:
            # too much is unknown to check every case: all that Kleene cannot exclude
            asked = tuple(n for result, _ in decision.entries for n in facts_of(result))
            return Reach(frozenset(decision.labels), asked, exact=False)

    def completions(self, decision: Decision[str]) -> Completions[str]:
        """The completion check of a decision."""
        return Completions(decision, self.values, self.positive)


@dataclass(frozen=True, slots=True)
class Reach:
    """The labels that a decision can come to, the facts that decide among them.

    ``exact`` is false when too much was unknown to check every completion.
    """

    possible: frozenset[str]
    needed: tuple[str, ...]
    exact: bool


class Findings:
    """Results by rule, and what each fact that they still look at could be.

    Args:
        stages: the rules in force, by stage, in the law's order. Rules that came out as no
            may be left out.
        results: by rule id.
        exceptions: by symbol.
        checks: the completion checks of the case.
    """

    def __init__(
        self,
        stages: Mapping[str, tuple[InForce, ...]],
        results: Mapping[str, Result],
        exceptions: Mapping[str, Sequence[ExceptionParts]],
        checks: Checks,
    ) -> None:
        self.stages, self.results, self.exceptions = stages, results, exceptions
        self.checks = checks

    def stage(self, name: str) -> tuple[InForce, ...]:
        """The rules of one stage."""
        return self.stages.get(name, NOTHING)

    def result(self, rule: InForce) -> Result:
        """The result of a rule."""
        return self.results[rule.id]

    def certain(self, result: Result) -> Tri:
        """Yes or no when every completion agrees, else unknown."""
        return self.checks.certain(result)

    def usable(self, symbol: str) -> Result:
        """May an exception of that symbol be used?"""
        rules = (r for r in self.stage("exception") if r.provision.symbol == symbol)
        return disjoin(self.results[rule.id] for rule in rules)

    @cached_property
    def outcome(self) -> Decision[str]:
        """The outcome as a decision list."""
        prohibited = disjoin(self.result(r) for r in self.stage("prohibition"))
        every = [(r, self.result(r)) for r in self.stage("requirement")]
        needs = [(rule, need) for rule, need in every if need is not NO]
        some = disjoin(need for _, need in needs)
        # one exception must overcome every requirement: two halves make no authorisation
        symbols = dict.fromkeys(s for rule, _ in needs for s in rule.version.exceptions)
        covered = disjoin(
            conjoin(
                [
                    self.usable(symbol),
                    *(negate(n) for rule, n in needs if symbol not in rule.version.exceptions),
                ]
            )
            for symbol in symbols
        )
        unmet = conjoin([some, negate(covered)])
        entries = (
            (prohibited, "prohibited"), (unmet, "licence_required"),
            (some, "exception_available"),
        )  # fmt: skip
        return Decision(entries, "no_licence_required").settled()

    @cached_property
    def policy(self) -> Decision[str]:
        """The strictest review policy over the requirements, as a decision list."""
        rules = self.stage("policy")
        found: dict[str, list[Result]] = {label: [] for label in POLICIES}
        for rule in self.stage("requirement"):
            need = self.result(rule)
            if need is NO:
                continue
            mine = [p for p in rules if rule.id in p.provision.policy_for]
            for policy in mine:
                found[policy.version.policy].append(conjoin([need, self.result(policy)]))
            nothing = negate(disjoin(self.result(policy) for policy in mine))
            found["unknown"].append(conjoin([need, nothing]))
        entries = tuple((disjoin(found[label]), label) for label in POLICIES)
        return Decision(entries, NO_POLICY).settled()
