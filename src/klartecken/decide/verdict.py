"""The answer in names alone: what two cases must share to have the same answer.

A verdict holds no text, figure or source, so that a million order lines can share one. The
determination of a single case is its verdict with reasons, texts and evidence beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from klartecken.decide.determination import Classification, LicenceException, Point
from klartecken.decide.findings import NO_POLICY, OUTCOMES, ExceptionParts, Findings
from klartecken.law.timeline import InForce
from klartecken.logic.evaluate import truth
from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.logic.vocabulary import Vocabulary

UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Reason:
    """A prohibition or requirement that holds (``yes``) or may hold (``unknown``)."""

    provision: str
    basis: str
    value: str


@dataclass(frozen=True, slots=True)
class Way:
    """An exception that is ``available``, ``unknown`` or ``conditional`` on what is not shown."""

    symbol: str
    provision: str
    value: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome, classes, requirements, exceptions and review policy, by name.

    Attributes:
        outcome: as of :class:`~.determination.Determination`.
        missing: the facts that could change an undetermined outcome, in the vocabulary's order.
        exact: false when too much was unknown to check every completion.
    """

    outcome: str
    possible_outcomes: tuple[str, ...]
    classification: Classification
    requirements: tuple[Reason, ...]
    exceptions: tuple[Way, ...]
    review_policy: str | None
    review_policies_possible: tuple[str, ...]
    missing: tuple[str, ...]
    exact: bool = True


def read(findings: Findings, vocabulary: Vocabulary) -> Verdict:
    """The verdict that findings amount to."""
    reach = findings.checks.reach(findings.outcome)
    possible = reach.possible
    outcome = next(iter(possible)) if len(possible) == 1 else "undetermined"
    review, policies = review_policy(findings)
    return Verdict(
        outcome=outcome, possible_outcomes=in_order(possible),
        classification=classify(findings),
        requirements=tuple(
            Reason(rule.id, rule.version.basis, value.value) for rule, value in required(findings)
        ),
        exceptions=tuple(
            Way(e.symbol, e.provision, e.value, tuple(point.id for point in e.conditions))
            for e in exceptions(findings) if e.value != UNAVAILABLE
        ),
        review_policy=review, review_policies_possible=policies,
        missing=sort_facts(reach.needed, vocabulary) if outcome == "undetermined" else (),
        exact=reach.exact,
    )  # fmt: skip


def sort_facts(names: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Facts in the vocabulary's order, once each."""
    wanted = set(names)
    return tuple(name for name in vocabulary.facts if name in wanted)


def classify(findings: Findings) -> Classification:
    """The classification paragraphs, each checked against all completions."""
    certain, possible = [], []
    for rule in findings.stage("classification"):
        value = findings.certain(findings.result(rule))
        if value is YES:
            certain.append(rule.provision.eccn)
        if value is UNKNOWN:
            possible.append(rule.provision.eccn)
    return Classification(tuple(certain), tuple(possible))


def required(findings: Findings) -> tuple[tuple[InForce, Tri], ...]:
    """Every prohibition and requirement that holds or may hold, the certain ones first."""
    found = [
        (rule, findings.certain(findings.result(rule)))
        for stage in ("prohibition", "requirement")
        for rule in findings.stage(stage)
    ]
    return tuple(sorted((pair for pair in found if pair[1] is not NO), key=_unsure))


def _unsure(pair: tuple[InForce, Tri]) -> bool:
    return pair[1] is not YES


def exceptions(findings: Findings) -> tuple[LicenceException, ...]:
    """Each exception's state, when some requirement holds or may hold."""
    needs = [(r, findings.result(r)) for r in findings.stage("requirement")]
    if all(result is NO for _, result in needs):
        return ()
    firm = [rule for rule, result in needs if result is YES]
    banned = [r for r in findings.stage("prohibition") if findings.result(r) is YES]
    found = []
    # in the law's order, which does not depend on exceptions that are out of reach
    parts_of = {
        parts.in_force.id: parts for group in findings.exceptions.values() for parts in group
    }
    for rule in findings.stage("exception"):
        symbol = rule.provision.symbol
        closed = (*banned, *(need for need in firm if symbol not in need.version.exceptions))
        found.append(_exception(findings, parts_of[rule.id], closed))
    order = ("available", "conditional", "unknown", UNAVAILABLE)
    return tuple(sorted(found, key=lambda e: order.index(e.value)))


def _exception(
    findings: Findings, parts: ExceptionParts, closed: tuple[InForce, ...]
) -> LicenceException:
    """One exception's state; ``closed`` is what is in force that it cannot overcome."""
    version = parts.in_force.version
    bars = [
        Point(bar.id, bar.text, bar.cite)
        for bar, result in zip(version.bars, parts.bars, strict=True)
        if findings.certain(result) is YES
    ]
    waiting = []
    conditions = zip(version.conditions, parts.conditions, parts.pending, strict=True)
    for clause, result, pending in conditions:
        point = Point(clause.id, clause.text, clause.cite)
        if pending:
            waiting.append(point)
        elif result is NO:
            bars.append(point)
    bars += _closed(closed)
    # with a bar the scope decides nothing more, so Kleene's word on it is enough
    scope = truth(parts.scope) if bars else findings.certain(parts.scope)
    if scope is NO:
        bars.insert(0, Point("scope", "outside its scope", version.cite))
    if bars:
        value = UNAVAILABLE
    elif findings.certain(parts.open) is UNKNOWN:
        value = "unknown"
    else:
        value = "conditional" if waiting else "available"
    return LicenceException(
        symbol=parts.in_force.provision.symbol, provision=parts.in_force.id, value=value,
        bars=tuple(bars), conditions=tuple(waiting) if value != UNAVAILABLE else (),
        citation=version.cite, url=version.url, tag=version.tag,
    )  # fmt: skip


def _closed(rules: tuple[InForce, ...]) -> Iterator[Point]:
    for rule in rules:
        text = f"does not overcome: {rule.provision.title}"
        yield Point("requirement", text, rule.version.cite)


def review_policy(findings: Findings) -> tuple[str | None, tuple[str, ...]]:
    """The policy, when one only is possible where a licence is needed; and all possible."""
    possible = findings.checks.reach(findings.policy).possible - {NO_POLICY}
    names = tuple(sorted(possible))
    if len(possible) == 1 and names[0] != "unknown":
        return names[0], names
    return None, names


def in_order(outcomes: Iterable[str]) -> tuple[str, ...]:
    """Outcomes, strictest first."""
    return tuple(sorted(outcomes, key=OUTCOMES.index))
