"""From the results of a run to the determination."""

from __future__ import annotations

from collections.abc import Iterable

from klartecken.decide.case import Case
from klartecken.decide.determination import (
    Classification,
    Determination,
    Evidence,
    LicenceException,
    Missing,
    Point,
    ReadingText,
    Requirement,
)
from klartecken.decide.notices import flags, gaps
from klartecken.decide.run import NO_POLICY, OUTCOMES, ExceptionParts, Run
from klartecken.decide.trace import because
from klartecken.law.timeline import InForce
from klartecken.logic.complete import CompletionBudget, Completions, needed
from klartecken.logic.evaluate import truth
from klartecken.logic.nodes import Result, facts_of
from klartecken.logic.tri import NO, UNKNOWN, YES
from klartecken.logic.wording import cell_text
from klartecken.version import ENGINE


def determine(case: Case, run: Run, law_hash: str, evidence: tuple[Evidence, ...]) -> Determination:
    """Build the answer to one case.

    Args:
        case: the question.
        run: its results, with assumptions filled in.
        law_hash: content hash of the law and of the country groups.
        evidence: what was known of licences and letters by the day.
    """
    try:
        completions = run.completions(run.outcome)
        possible = completions.possible()
        asked = missing(run, completions) if len(possible) > 1 else ()
        exact = True
    except CompletionBudget:
        # too much is unknown to check every case: all that Kleene cannot exclude, and said so
        possible, asked, exact = frozenset(run.outcome.labels), unchecked(run), False
    outcome = next(iter(possible)) if len(possible) == 1 else "undetermined"
    review, policies = review_policy(run)
    return Determination(
        case=case, run=run, outcome=outcome,
        possible_outcomes=tuple(o for o in OUTCOMES if o in possible),
        classification=classify(run),
        requirements=requirements(run),
        exceptions=exceptions(run),
        review_policy=review, review_policies_possible=policies,
        missing=asked if outcome == "undetermined" else (),
        flags=flags(run, outcome, evidence, exact), gaps=gaps(run), evidence=evidence,
        law={
            "regime": run.law.regime, "view": case.view, "hash": law_hash,
            "read_until": run.law.read_until.isoformat(),
        },
        engine=ENGINE,
    )  # fmt: skip


def classify(run: Run) -> Classification:
    """The classification paragraphs, each checked against all completions."""
    certain, possible = [], []
    for rule in run.law_day.stage("classification"):
        value = run.certain(run.result(rule))
        if value is YES:
            certain.append(rule.provision.eccn)
        if value is UNKNOWN:
            possible.append(rule.provision.eccn)
    return Classification(tuple(certain), tuple(possible))


def requirements(run: Run) -> tuple[Requirement, ...]:
    """Every prohibition and requirement that holds or may hold."""
    found = []
    for stage in ("prohibition", "requirement"):
        for rule in run.law_day.stage(stage):
            value = run.certain(run.result(rule))
            if value is not NO:
                found.append(_requirement(run, rule, value.value))
    return tuple(sorted(found, key=lambda r: r.value != "yes"))


def _requirement(run: Run, rule: InForce, value: str) -> Requirement:
    version = rule.version
    return Requirement(
        basis=version.basis, provision=rule.id, version=version.id, title=rule.provision.title,
        citation=version.cite, url=version.url, tag=version.tag, value=value,
        since=version.start, note=version.note, because=because(run, rule),
    )  # fmt: skip


def exceptions(run: Run) -> tuple[LicenceException, ...]:
    """Each exception's state, when some requirement holds or may hold."""
    needs = [(r, run.result(r)) for r in run.law_day.stage("requirement")]
    if all(result is NO for _, result in needs):
        return ()
    firm = [rule for rule, result in needs if result is YES]
    banned = [r for r in run.law_day.stage("prohibition") if run.result(r) is YES]
    found = []
    for symbol, group in run.exceptions.items():
        closed = (*banned, *(rule for rule in firm if symbol not in rule.version.exceptions))
        found += [_exception(run, parts, closed) for parts in group]
    order = ("available", "conditional", "unknown", "unavailable")
    return tuple(sorted(found, key=lambda e: order.index(e.value)))


def pending(run: Run, result: Result, when: Result) -> bool:
    """Is this condition only not yet shown (rather than known to fail)?"""
    if result is YES:
        return False
    return result is not NO or bool(set(facts_of(when)) & set(run.assumed))


def _exception(run: Run, parts: ExceptionParts, closed: tuple[InForce, ...]) -> LicenceException:
    """One exception's state; ``closed`` is what is in force that it cannot overcome."""
    version = parts.in_force.version
    bars = [
        Point(bar.id, bar.text, bar.cite)
        for bar, result in zip(version.bars, parts.bars, strict=True)
        if run.certain(result) is YES
    ]
    waiting = []
    for clause, result in zip(version.conditions, parts.conditions, strict=True):
        point = Point(clause.id, clause.text, clause.cite)
        if pending(run, result, clause.when):
            waiting.append(point)
        elif result is NO:
            bars.append(point)
    bars += [
        Point("requirement", f"does not overcome: {rule.provision.title}", rule.version.cite)
        for rule in closed
    ]
    # with a bar the scope decides nothing more, so Kleene's word on it is enough
    scope = truth(parts.scope) if bars else run.certain(parts.scope)
    if scope is NO:
        bars.insert(0, Point("scope", "outside its scope", version.cite))
    if bars:
        value = "unavailable"
    elif run.certain(parts.open) is UNKNOWN:
        value = "unknown"
    else:
        value = "conditional" if waiting else "available"
    return LicenceException(
        symbol=parts.in_force.provision.symbol, provision=parts.in_force.id, value=value,
        bars=tuple(bars), conditions=tuple(waiting) if value != "unavailable" else (),
        citation=version.cite, url=version.url, tag=version.tag,
    )  # fmt: skip


def review_policy(run: Run) -> tuple[str | None, tuple[str, ...]]:
    """The policy, when one only is possible where a licence is needed; and all possible."""
    try:
        possible = run.completions(run.policy).possible() - {NO_POLICY}
    except CompletionBudget:
        possible = frozenset(run.policy.labels) - {NO_POLICY}
    names = tuple(sorted(possible))
    if len(possible) == 1 and names[0] != "unknown":
        return names[0], names
    return None, names


def missing(run: Run, completions: Completions[str]) -> tuple[Missing, ...]:
    """The facts on which the outcome turns, and only those, each with its question."""
    found = []
    for name in needed(completions):
        spec = run.law.vocabulary.facts[name]
        found.append(Missing(name, spec.question, readings(run, completions, name)))
    return tuple(found)


def unchecked(run: Run) -> tuple[Missing, ...]:
    """Every unknown fact of the outcome, where it was too much to see which matter."""
    names = dict.fromkeys(n for result, _ in run.outcome.entries for n in facts_of(result))
    specs = run.law.vocabulary.facts
    return tuple(Missing(name, specs[name].question, ()) for name in names)


def readings(run: Run, completions: Completions[str], fact: str) -> tuple[ReadingText, ...]:
    """What each reading of a fact would leave possible, in words."""
    place = run.law.vocabulary.facts[fact].kind == "place"
    name = run.places.name if place else str
    return tuple(
        ReadingText(
            cell_text(reading.cells, name), in_order(reading.labels), reading.cells[0].example
        )
        for reading in completions.readings(fact)
    )


def in_order(outcomes: Iterable[str]) -> tuple[str, ...]:
    """Outcomes, strictest first."""
    return tuple(sorted(outcomes, key=OUTCOMES.index))
