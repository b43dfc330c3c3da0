"""From the results of a run to the determination: the verdict, with reasons and texts."""

from __future__ import annotations

from klartecken.decide.case import Case
from klartecken.decide.determination import (
    Determination,
    Evidence,
    Missing,
    ReadingText,
    Requirement,
)
from klartecken.decide.notices import flags, gaps
from klartecken.decide.run import Run
from klartecken.decide.trace import because
from klartecken.decide.verdict import exceptions, in_order, read, required
from klartecken.law.timeline import InForce
from klartecken.logic.complete import Completions
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
    found = run.findings
    verdict = read(found, run.law.vocabulary)
    return Determination(
        case=case, run=run, verdict=verdict, outcome=verdict.outcome,
        possible_outcomes=verdict.possible_outcomes, classification=verdict.classification,
        requirements=tuple(_requirement(run, rule, v.value) for rule, v in required(found)),
        exceptions=exceptions(found),
        review_policy=verdict.review_policy,
        review_policies_possible=verdict.review_policies_possible,
        missing=missing(run, verdict.missing, verdict.exact),
        flags=flags(run, verdict.outcome, evidence, verdict.exact), gaps=gaps(run),
        evidence=evidence,
        law={
            "regime": run.law.regime, "view": case.view, "hash": law_hash,
            "read_until": run.law.read_until.isoformat(),
        },
        engine=ENGINE,
    )  # fmt: skip


def _requirement(run: Run, rule: InForce, value: str) -> Requirement:
    version = rule.version
    return Requirement(
        basis=version.basis, provision=rule.id, version=version.id, title=rule.provision.title,
        citation=version.cite, url=version.url, tag=version.tag, value=value,
        since=version.start, note=version.note, because=because(run, rule),
    )  # fmt: skip


def missing(run: Run, names: tuple[str, ...], exact: bool) -> tuple[Missing, ...]:
    """The facts on which the outcome turns, each with its question and its readings."""
    if not names:
        return ()
    specs = run.law.vocabulary.facts
    if not exact:
        return tuple(Missing(name, specs[name].question, ()) for name in names)
    completions = run.completions(run.outcome)
    return tuple(
        Missing(name, specs[name].question, readings(run, completions, name)) for name in names
    )


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
