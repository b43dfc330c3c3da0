"""What the cases exercise: a rule is covered where a case that holds depends on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from klartecken.decide.determination import Determination
from klartecken.law.model import Law
from klartecken.law.timeline import InForce
from klartecken.logic.tri import YES
from tests.cases.compare import differences
from tests.cases.form import NamedCase

STAGES = ("classification", "prohibition", "requirement", "exception", "policy")
USABLE = ("available", "conditional")
Answered = Iterable[tuple[NamedCase, Determination]]


def lacking_versions(law: Law, cases: Answered) -> set[tuple[str, str]]:
    """Provision and version of every deciding rule that no passing case exercises."""
    wanted = {
        (rule.id, version.id)
        for rule in law.provisions.values()
        if rule.stage in STAGES
        for version in rule.versions
    }
    return wanted - covered(cases)


def lacking_notices(law: Law, cases: Iterable[NamedCase]) -> set[str]:
    """The flags and gaps that no case expects."""
    seen: set[str] = set()
    for case in cases:
        seen |= {*case.expect.get("flags", ()), *case.expect.get("gaps", ())}
    rules = law.provisions.values()
    return {rule.code or rule.id for rule in rules if rule.stage in ("flag", "gap")} - seen


def covered(cases: Answered) -> frozenset[tuple[str, str]]:
    """Provision and version of every rule that some passing case exercises."""
    found: set[tuple[str, str]] = set()
    for case, got in cases:
        if "reform" in case.ask:  # what a hypothetical law gives exercises nothing of the law
            continue
        if not differences(case, got):
            found.update((rule.id, rule.version.id) for rule in exercised(case, got))
    return frozenset(found)


def exercised(case: NamedCase, got: Determination) -> Iterator[InForce]:
    """The rules that hold in an answer, as far as the case's expectation sees them."""
    run = got.run
    day = run.law_day
    for stage in ("classification", "prohibition", "requirement"):
        yield from (rule for rule in day.stage(stage) if run.result(rule) is YES)
    if case.expect.get("review_policy") is not None:
        yield from _policies(case.expect["review_policy"], got)
    named = {*case.expect.get("exceptions", {}), *case.expect.get("bars", {})}
    values = {item.provision: item for item in got.exceptions}
    for rule in day.stage("exception"):
        item = values.get(rule.id)
        if item is None:
            continue
        always_shut = bool(item.bars) and item.bars[0].id == "740.2(a)(9)(ii)"
        if item.value in USABLE or (item.symbol in named and always_shut):
            yield rule


def _policies(expected: str, got: Determination) -> Iterator[InForce]:
    run = got.run
    needs = {r.id for r in run.law_day.stage("requirement") if run.result(r) is YES}
    for rule in run.law_day.stage("policy"):
        applies = needs & set(rule.provision.policy_for)
        if rule.version.policy == expected and applies and run.result(rule) is YES:
            yield rule
