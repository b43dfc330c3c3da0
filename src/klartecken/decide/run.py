"""Evaluate every provision in force for one case, stage by stage.

Requirements are evaluated independently and unioned. They are overcome only by one exception
that all of them name, whose scope holds, that no bar defeats, and whose conditions are all
met. The outcome and the review policy are decision lists over the results, so that
the completion check of ``logic.complete`` applies to both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from klartecken.decide.case import Case
from klartecken.facts.places import Places
from klartecken.law.model import POLICIES, Law
from klartecken.law.timeline import InForce, LawDay, Timeline
from klartecken.logic.complete import CompletionBudget, Completions, Decision, certainty
from klartecken.logic.evaluate import Scope, evaluate, truth
from klartecken.logic.nodes import Result, conjoin, disjoin, negate
from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.logic.values import Choice, Value

OUTCOMES = (
    "prohibited", "licence_required", "exception_available", "no_licence_required",
)  # fmt: skip
SEVERITY = (
    "no_licence_required", "exception_available", "undetermined", "licence_required",
    "prohibited",
)  # fmt: skip
NO_POLICY = "none"


@dataclass(frozen=True, slots=True)
class ExceptionParts:
    """What became of one exception: its scope, its bars and its conditions."""

    in_force: InForce
    scope: Result
    bars: tuple[Result, ...]
    conditions: tuple[Result, ...]

    @property
    def result(self) -> Result:
        """May the exception be used?"""
        return conjoin([self.open, *self.conditions])

    @property
    def open(self) -> Result:
        """Does it reach the case, with no bar, whatever its conditions?"""
        return conjoin([self.scope, *(negate(bar) for bar in self.bars)])


class Run:
    """All results for one case under one law.

    Args:
        case: the question.
        law_day: what binds on the day.
        places: for what an unknown country could be.
        assume: fill silent facts with their assumed values; ``False`` leaves them unknown.
        given: results to take as they are, by provision id (for "what if").
        values: facts to take instead of the case's own.
        base: a run of the same case with the same assumptions, whose results stand for all
            provisions that do not look at ``values``.
        outcome_only: leave out policies, flags and gaps, which no outcome looks at.
    """

    def __init__(
        self, case: Case, law_day: LawDay, places: Places, *, assume: bool,
        given: Mapping[str, Result] | None = None, values: Mapping[str, Value] | None = None,
        base: Run | None = None, outcome_only: bool = False,
    ) -> None:  # fmt: skip
        self.case, self.law_day, self.places = case, law_day, places
        self.law: Law = law_day.law
        vocabulary = self.law.vocabulary
        self.assumed = filled(case, self.law, assume)
        facts = {name: fact.value for name, fact in case.facts.items()}
        facts.update(self.assumed)
        facts.update(values or {})
        self.facts = facts
        kept = law_day.timeline.kept
        defaults = kept.get("unknown") or kept.setdefault(
            "unknown", unknown_values(self.law, places)
        )
        assert isinstance(defaults, dict)
        self.scope = Scope(self.facts, vocabulary.ratios, {}, defaults)
        self.unknown = defaults  # what each fact could be, were nothing known
        self.values = {**defaults, **self.facts}
        self.positive = vocabulary.positive
        self.exceptions: dict[str, list[ExceptionParts]] = {}
        self.results = self.scope.results  # by provision id
        self._given = given or {}
        self._certain: dict[Result, Tri] = {}
        self._rules = law_day.decisive if outcome_only else law_day.in_force
        self._evaluate(base, frozenset(values or ()))

    def _evaluate(self, base: Run | None, changed: frozenset[str]) -> None:
        depends = self.law_day.dependencies if base else {}
        for rule in self._rules:
            if rule.id in self._given:
                self.results[rule.id] = self._given[rule.id]
            elif base and depends[rule.id].isdisjoint(changed):
                self.results[rule.id] = base.results[rule.id]
            elif rule.provision.stage == "exception":
                self.results[rule.id] = self._exception(rule).result
            else:
                self.results[rule.id] = evaluate(rule.version.when, self.scope)

    def _exception(self, rule: InForce) -> ExceptionParts:
        version = rule.version
        parts = ExceptionParts(
            rule,
            evaluate(version.when, self.scope),
            tuple(evaluate(bar.when, self.scope) for bar in version.bars),
            tuple(evaluate(part.when, self.scope) for part in version.conditions),
        )
        self.exceptions.setdefault(rule.provision.symbol, []).append(parts)
        return parts

    def result(self, rule: InForce) -> Result:
        """The result of a provision in force."""
        return self.results[rule.id]

    def certain(self, result: Result) -> Tri:
        """Yes or no when every completion agrees, else unknown."""
        if isinstance(result, Tri):
            return result
        known = self._certain.get(result)
        if known is None:
            try:
                known = certainty(result, self.values, self.positive)
            except CompletionBudget:
                known = UNKNOWN  # Kleene's word: sound, if not exact
            self._certain[result] = known
        return known

    def kleene(self, rule: InForce) -> Tri:
        """The Kleene value of a provision in force."""
        return truth(self.results[rule.id])

    # -- outcome ---------------------------------------------------------------------------
    def usable(self, symbol: str) -> Result:
        """May an exception of that symbol be used?"""
        rules = [r for r in self.law_day.stage("exception") if r.provision.symbol == symbol]
        return disjoin(self.results[rule.id] for rule in rules)

    @cached_property
    def outcome(self) -> Decision[str]:
        """The outcome as a decision list."""
        prohibited = disjoin(self.result(r) for r in self.law_day.stage("prohibition"))
        every = [(r, self.result(r)) for r in self.law_day.stage("requirement")]
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
        rules = self.law_day.stage("policy")
        found: dict[str, list[Result]] = {label: [] for label in POLICIES}
        for rule in self.law_day.stage("requirement"):
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
        """The completion check of a decision of this run."""
        return Completions(decision, self.values, self.positive)


def filled(case: Case, law: Law, assume: bool) -> dict[str, Value]:
    """The values put in for facts that nobody gave.

    A presumption of the law always holds; an assumption only when ``assume`` and the case
    is not strict.
    """
    found: dict[str, Value] = {}
    for name, spec in law.vocabulary.facts.items():
        if name in case.facts:
            continue
        if spec.presumed is not None:
            found[name] = spec.presumed
        elif spec.assumed is not None and assume and not case.strict:
            found[name] = spec.assumed
    return found


def unknown_values(law: Law, places: Places) -> Mapping[str, Value]:
    """What each fact could be when nothing at all is known."""
    anywhere = Choice(places.codes)
    return {
        name: anywhere if spec.kind == "place" else spec.unknown
        for name, spec in law.vocabulary.facts.items()
    }


def run_case(case: Case, timeline: Timeline, places: Places, *, assume: bool = True) -> Run:
    """Evaluate a case on its own day and view."""
    return Run(case, timeline.on(case.day, case.view), places, assume=assume)


__all__ = [
    "NO_POLICY", "OUTCOMES", "SEVERITY", "UNKNOWN", "YES", "ExceptionParts", "Run", "filled",
    "run_case", "unknown_values",
]  # fmt: skip
