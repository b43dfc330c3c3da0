"""Which assumptions the outcome relies on, and what would follow if each were wrong."""

from __future__ import annotations

from collections.abc import Mapping

from klartecken.decide.asked import DERIVED
from klartecken.decide.determination import Assumption, Determination
from klartecken.decide.findings import SEVERITY
from klartecken.decide.run import Run
from klartecken.decide.verdict import in_order
from klartecken.logic.complete import CompletionBudget, Completions
from klartecken.logic.values import INF, Choice, Range, Value


def assumptions(answer: Determination) -> tuple[Assumption, ...]:
    """The assumed and presumed facts that the outcome relies on.

    First those that alone, if wrong, give other possible outcomes. Then, if several wrong
    at once could still make a determined outcome worse, those that have a part in that.
    """
    alone = _alone(answer)
    return (*alone, *_together(answer, frozenset(a.fact for a in alone)))


def _alone(answer: Determination) -> list[Assumption]:
    run = answer.run
    found = []
    for name, value in {**_derived(answer), **run.assumed}.items():
        others = opposite(value, run.unknown[name])
        if others is None:
            continue
        wrong = _possible(run, {name: others}, assume=True)
        if wrong != set(answer.possible_outcomes):
            found.append(_assumption(run, name, value, wrong))
    return found


def _derived(answer: Determination) -> dict[str, Value]:
    """The parent's seat, where it was taken from the consignee's."""
    fact = answer.case.facts.get("parent_hq")
    return {"parent_hq": fact.value} if fact and fact.source == DERIVED else {}


def _together(answer: Determination, alone: frozenset[str]) -> list[Assumption]:
    run = answer.run
    if answer.outcome == "undetermined" or answer.case.strict:
        return []
    fixed = {n: v for n, v in run.assumed.items() if n in alone or _presumed(run, n)}
    freed = Run(run.case, run.law_day, run.places, assume=False, values=fixed, outcome_only=True)
    completions = freed.completions(freed.outcome)
    now = SEVERITY.index(answer.outcome)
    if all(SEVERITY.index(label) <= now for label in completions.possible()):
        return []
    found = []
    for name, value in run.assumed.items():
        others = opposite(value, run.unknown[name])
        if name in fixed or others is None or not _matters(completions, name):
            continue
        wrong = _possible(run, {**fixed, name: others}, assume=False)
        found.append(_assumption(run, name, value, wrong))
    return found


def _matters(completions: Completions[str], name: str) -> bool:
    try:
        return completions.matters(name)
    except CompletionBudget:
        return True  # not shown to be harmless, so listed


def _presumed(run: Run, name: str) -> bool:
    return run.law.vocabulary.facts[name].presumed is not None


def _assumption(run: Run, name: str, value: Value, wrong: set[str]) -> Assumption:
    spec = run.law.vocabulary.facts[name]
    kind = "presumption" if spec.presumed is not None else "assumption"
    text = spec.assumption or run.case.facts[name].note
    return Assumption(name, str(value), text, kind, in_order(wrong))


def _possible(run: Run, values: Mapping[str, Value], *, assume: bool) -> set[str]:
    base = run if assume else None
    changed = Run(
        run.case, run.law_day, run.places, assume=assume, values=values, base=base,
        outcome_only=True,
    )  # fmt: skip
    return set(changed.completions(changed.outcome).possible())


def opposite(value: Value, whole: Value) -> Value | None:
    """Everything that the fact could be, other than the value taken for granted."""
    if isinstance(value, Choice) and isinstance(whole, Choice):
        if value.options is None or whole.options is None:
            return None
        rest = whole.options - value.options
        return Choice(rest) if rest else None
    if isinstance(value, Range) and not isinstance(value.hi, float):
        return Range(value.hi, INF)
    return None
