"""What would it take: the smallest changes under which the answer is another.

One fact at a time (for all facts that the rules look at), then what needs several papers
at once (an exception's conditions, a milder review policy), then other days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from klartecken.decide.answer import readings
from klartecken.decide.determination import Change, Determination
from klartecken.decide.findings import SEVERITY
from klartecken.decide.run import Run
from klartecken.decide.verdict import in_order, review_policy
from klartecken.law.model import POLICIES
from klartecken.law.timeline import InForce
from klartecken.logic.nodes import And, OneOf, Result, conjoin
from klartecken.logic.tri import YES, Tri
from klartecken.logic.wording import phrase

KINDS = {
    "item": "fact", "place": "route", "route": "route", "party": "party", "exporter": "party",
    "use": "party", "paper": "paper", "law": "law",
}  # fmt: skip


def would_change(answer: Determination) -> tuple[Change, ...]:
    """All single changes, joint papers and days that give another answer."""
    papers = tuple(_papers(answer))
    told = {change.condition for change in papers}  # one paper alone is no other change
    single = (c for c in _single(answer) if c.condition.replace(": yes", "") not in told)
    return (*papers, *_policies(answer), *single, *_days(answer))


def relevant(run: Run) -> tuple[str, ...]:
    """Facts that some provision in force looks at, ratios spelt out."""
    depends = run.law_day.dependencies
    names: dict[str, None] = {}
    for stage in ("prohibition", "requirement", "exception"):
        for rule in run.law_day.stage(stage):
            names.update((name, None) for name in sorted(depends[rule.id]))
    return tuple(names)


def _single(answer: Determination) -> Iterator[Change]:
    run = answer.run
    for name in relevant(run):
        spec = run.law.vocabulary.facts[name]
        if name not in run.facts or spec.identity:
            continue  # already unknown (then in `missing` if it matters), or no change at all
        values = {name: run.unknown[name]}
        freed = Run(run.case, run.law_day, run.places, assume=True, values=values, base=run,
                    outcome_only=True)  # fmt: skip
        decision = freed.outcome
        if not decision.entries:
            continue
        completions = freed.completions(decision)
        for reading in readings(run, completions, name):
            if not _another(answer, reading.outcomes):
                continue
            if name in run.assumed and not _milder(answer, reading.outcomes):
                continue  # a worse answer from a wrong assumption stands under `assumptions`
            yield Change(
                KINDS[spec.of], name, reading.condition, reading.outcomes,
                example=reading.example,
            )  # fmt: skip


def _another(answer: Determination, outcomes: tuple[str, ...]) -> bool:
    """Is this another answer for sure (not perhaps the same)?"""
    if answer.outcome == "undetermined":
        return len(outcomes) == 1
    return answer.outcome not in outcomes


def _milder(answer: Determination, outcomes: tuple[str, ...]) -> bool:
    worst = max(SEVERITY.index(o) for o in outcomes)
    return worst < SEVERITY.index(answer.outcome)


def _papers(answer: Determination) -> Iterator[Change]:
    """Exceptions whose conditions are still open, all of them met at once."""
    run = answer.run
    for group in run.exceptions.values():
        for parts in group:
            clauses = parts.in_force.version.conditions
            waiting = [
                clause for clause, pending in zip(clauses, parts.pending, strict=True) if pending
            ]
            failed = len(waiting) < sum(result is not YES for result in parts.conditions)
            if not waiting or failed or run.certain(parts.open) is not YES:
                continue
            given = {parts.in_force.id: YES}
            met = Run(
                run.case, run.law_day, run.places, assume=True, given=given, outcome_only=True
            )
            outcomes = in_order(met.completions(met.outcome).possible())
            if not _another(answer, outcomes):
                continue
            condition = _papers_text(run, conjoin(clause.when for clause in waiting))
            symbol = parts.in_force.provision.symbol
            yield Change("paper", symbol, condition, outcomes, answer.review_policy)


def _policies(answer: Determination) -> Iterator[Change]:
    """Milder review policies, with what is still needed for them."""
    run = answer.run
    if answer.outcome in ("no_licence_required", "prohibited"):
        return
    open_run = Run(run.case, run.law_day, run.places, assume=False)
    for rule in run.law_day.stage("policy"):
        left = open_run.result(rule)
        if isinstance(left, Tri) or run.result(rule) is YES:
            continue
        met = Run(run.case, run.law_day, run.places, assume=True, given={rule.id: YES})
        policy, _ = review_policy(met.findings)
        if policy is None or policy == answer.review_policy or not _softer(answer, policy):
            continue
        condition = _papers_text(run, left)
        yield Change("paper", rule.id, condition, answer.possible_outcomes, policy)


def _papers_text(run: Run, left: Result) -> str:
    """Conditions in words; papers that have a common name (a bundle) are one."""
    parts: list[Result] = [*left.children] if isinstance(left, And) else [left]
    words = []
    for name, members in run.law.vocabulary.bundles.items():
        held = [p for p in parts if isinstance(p, OneOf) and p.fact in members]
        if len(held) == len(members):
            parts = [p for p in parts if p not in held]
            words.append(f"{name} (all {len(members)})")
    return " and ".join([*(phrase(part) for part in parts), *words])


def _softer(answer: Determination, policy: str) -> bool:
    now = [POLICIES.index(p) for p in answer.review_policies_possible]
    return bool(now) and POLICIES.index(policy) > min(now)


def _days(answer: Determination) -> Iterator[Change]:
    """The nearest later and earlier day on which the outcome is another."""
    from datetime import timedelta

    run = answer.run
    timeline = run.law_day.timeline
    days = timeline.decisive
    later = [day for day in days if day > run.case.day]
    earlier = [day - timedelta(days=1) for day in reversed(days) if day <= run.case.day]
    for word, candidates in (("on or after", later), ("on or before", earlier)):
        seen = run.law_day.decisive
        for day in candidates:
            if day < run.law.covers_from:
                break
            there = timeline.on(day, run.case.view)
            if _same(there.decisive, seen):
                continue
            seen = there.decisive
            other = Run(replace(run.case, day=day), there, run.places, assume=True)
            outcomes = in_order(other.completions(other.outcome).possible())
            if _another(answer, outcomes):
                yield Change(
                    "day", "day", f"{word} {day}", outcomes, review_policy(other.findings)[0]
                )
                break


def _same(left: tuple[InForce, ...], right: tuple[InForce, ...]) -> bool:
    return len(left) == len(right) and all(
        a.version is b.version for a, b in zip(left, right, strict=True)
    )
