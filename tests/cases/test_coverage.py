"""Every rule that can decide something is decided by some case, and every version of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from klartecken.decide.determination import Determination
from klartecken.law.load import load_law
from klartecken.law.timeline import InForce
from klartecken.logic.tri import YES
from tests.cases.compare import all_cases, answer, differences, listed
from tests.cases.form import NamedCase

STAGES = ("classification", "prohibition", "requirement", "exception", "policy")
USABLE = ("available", "conditional")


@cache
def covered() -> frozenset[tuple[str, str]]:
    """Provision and version of every rule that some passing case exercises."""
    found: set[tuple[str, str]] = set()
    for name, case in all_cases().items():
        got = answer(name)
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


def test_every_deciding_provision_is_in_a_case() -> None:
    rules = [rule for rule in load_law().provisions.values() if rule.stage in STAGES]
    seen = {provision for provision, _ in covered()}
    lacking = [rule.id for rule in rules if rule.id not in seen]
    assert not lacking, f"no case exercises {listed(lacking)}"


def test_every_version_of_a_deciding_provision_is_in_a_case() -> None:
    wanted = {
        (rule.id, version.id)
        for rule in load_law().provisions.values()
        if rule.stage in STAGES
        for version in rule.versions
    }
    lacking = [f"{provision} {version}" for provision, version in wanted - covered()]
    assert not lacking, f"no case exercises {listed(lacking)}"


def test_every_flag_and_gap_is_in_a_case() -> None:
    seen: set[str] = set()
    for case in all_cases().values():
        seen |= {*case.expect.get("flags", ()), *case.expect.get("gaps", ())}
    rules = load_law().provisions.values()
    wanted = {rule.code or rule.id for rule in rules if rule.stage in ("flag", "gap")}
    assert not wanted - seen, f"no case expects {listed(wanted - seen)}"
