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

from klartecken.law.model import POLICIES
from klartecken.law.timeline import InForce
from klartecken.logic.complete import CompletionBudget, Completions, Decision, certainty
from klartecken.logic.nodes import Result, conjoin, disjoin, negate
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


class Findings:
    """Results by rule, and what each fact that they still look at could be.

    Args:
        stages: the rules in force, by stage, in the law's order. Rules that came out as no
            may be left out.
        results: by rule id.
        exceptions: by symbol.
        values: what each fact could be.
        positive: facts that cannot be zero.
        certain: yes or no when every completion of a result agrees, else unknown; by
            default the completion check itself (an order book remembers its answers).
    """

    def __init__(
        self,
        stages: Mapping[str, tuple[InForce, ...]],
        results: Mapping[str, Result],
        exceptions: Mapping[str, Sequence[ExceptionParts]],
        values: Mapping[str, Value],
        positive: frozenset[str],
        certain: Callable[[Result], Tri] | None = None,
    ) -> None:
        self.stages, self.results, self.exceptions = stages, results, exceptions
        self.values, self.positive = values, positive
        self._certain: dict[Result, Tri] = {}
        self._check = certain or (lambda result: check(result, values, positive))

    def stage(self, name: str) -> tuple[InForce, ...]:
        """The rules of one stage."""
        return self.stages.get(name, NOTHING)

    def result(self, rule: InForce) -> Result:
        """The result of a rule."""
        return self.results[rule.id]

    def certain(self, result: Result) -> Tri:
        """Yes or no when every completion agrees, else unknown."""
        if isinstance(result, Tri):
            return result
        known = self._certain.get(result)
        if known is None:
            known = self._check(result)
            self._certain[result] = known
        return known

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

    def completions(self, decision: Decision[str]) -> Completions[str]:
        """The completion check of a decision."""
        return Completions(decision, self.values, self.positive)


def check(result: Result, values: Mapping[str, Value], positive: frozenset[str]) -> Tri:
    """The completion check of one result; where that is too much, Kleene's word (sound)."""
    try:
        return certainty(result, values, positive)
    except CompletionBudget:
        return UNKNOWN
