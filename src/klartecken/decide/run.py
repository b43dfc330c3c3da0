"""Evaluate every provision in force for one case, stage by stage, in one go."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from klartecken.decide.case import Case
from klartecken.decide.findings import Checks, ExceptionParts, Findings
from klartecken.facts.places import Places
from klartecken.law.model import Law
from klartecken.law.timeline import InForce, LawDay, Timeline
from klartecken.logic.complete import Completions, Decision
from klartecken.logic.evaluate import Scope, evaluate, truth
from klartecken.logic.nodes import Result, facts_of
from klartecken.logic.tri import Tri
from klartecken.logic.values import Choice, Value


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
            tuple(not self.assumed.keys().isdisjoint(facts_of(c.when)) for c in version.conditions),
        )
        self.exceptions.setdefault(rule.provision.symbol, []).append(parts)
        return parts

    def result(self, rule: InForce) -> Result:
        """The result of a provision in force."""
        return self.results[rule.id]

    @cached_property
    def findings(self) -> Findings:
        """The results, as what outcome and review policy are read from."""
        checks = Checks(self.values, self.positive)
        return Findings(self.law_day.stages, self.results, self.exceptions, checks)

    def certain(self, result: Result) -> Tri:
        """Yes or no when every completion agrees, else unknown."""
        return self.findings.certain(result)

    def kleene(self, rule: InForce) -> Tri:
        """The Kleene value of a provision in force."""
        return truth(self.results[rule.id])

    @property
    def outcome(self) -> Decision[str]:
        """The outcome as a decision list."""
        return self.findings.outcome

    @property
    def policy(self) -> Decision[str]:
        """The strictest review policy over the requirements, as a decision list."""
        return self.findings.policy

    def completions(self, decision: Decision[str]) -> Completions[str]:
        """The completion check of a decision of this run."""
        return self.findings.checks.completions(decision)


def filled(case: Case, law: Law, assume: bool) -> dict[str, Value]:
    """The values put in for facts that nobody gave.

    A presumption of the law always holds; an assumption only when ``assume`` and the case
    is not strict.
    """
    found: dict[str, Value] = {}
    for name, spec in law.vocabulary.facts.items():
        value = spec.taken(assume and not case.strict)
        if value is not None and name not in case.facts:
            found[name] = value
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
