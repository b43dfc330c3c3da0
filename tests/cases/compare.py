"""Ask a case, and say where the answer differs from the expected one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from klartecken.decide.ask import World, check, shipped_world
from klartecken.decide.determination import Determination, LicenceException
from klartecken.law.load import load_law
from klartecken.law.overlay import read_reform
from tests.cases.form import NamedCase, load_cases


@cache
def all_cases() -> Mapping[str, NamedCase]:
    """Every case, by test id."""
    return {case.name: case for case in load_cases()}


@cache
def answer(name: str) -> Determination:
    """The engine's answer to a case (asked once per run)."""
    return ask(all_cases()[name])


def ask(case: NamedCase, world: World | None = None) -> Determination:
    """The engine's answer to a case, under the shipped law or another."""
    question = dict(case.ask)
    if "reform" in question:
        world = reformed(question.pop("reform"), world)
    question["ship_from"] = question.pop("from", None)
    question["facts"] = spelt_out(case.ask.get("facts", {}))
    return check(
        question.pop("item"), question.pop("to"), question.pop("on"), world=world, **question
    )


def reformed(name: str, world: World | None = None) -> World:
    """The shipped world, or another, under a shipped reform (the former made once per run)."""
    return _reformed(name) if world is None else world.under(read_reform(name))


@cache
def _reformed(name: str) -> World:
    return shipped_world().under(read_reform(name))


def spelt_out(facts: Mapping[str, str]) -> dict[str, str]:
    """Facts with bundles spelt out; a fact named beside its bundle wins."""
    vocabulary = load_law().vocabulary
    found: dict[str, str] = {}
    for name, value in facts.items():
        found.update(dict.fromkeys(vocabulary.bundles.get(name, ()), value))
    for name, value in facts.items():
        if name not in vocabulary.bundles:
            found[vocabulary.find(name).name] = value
    return found


def differences(case: NamedCase, got: Determination) -> list[str]:
    """One line for each expectation that does not hold."""
    return list(_differences(case.expect, got))


def _differences(expect: Mapping[str, Any], got: Determination) -> Iterator[str]:
    held = {r.provision: r for r in got.requirements}
    yes = [r for r in got.requirements if r.value == "yes"]
    flags = {flag.code for flag in got.flags}
    exact = {
        "possible_outcomes": got.possible_outcomes,
        "classification": got.classification.certain,
        "classification_possible": got.classification.possible,
        "bases": {r.basis for r in yes},
        "review_policies_possible": got.review_policies_possible,
        "missing": [m.fact for m in got.missing],
    }
    included = {
        "provisions": {r.provision for r in yes},
        "missing_includes": exact["missing"],
        "flags": flags,
        "gaps": {gap.code for gap in got.gaps},
    }
    absent = {
        "not_bases": {r.basis for r in got.requirements},
        "not_provisions": set(held),
        "no_flags": flags,
    }
    for key, have in (("outcome", got.outcome), ("review_policy", got.review_policy)):
        if key in expect and expect[key] != have:
            yield f"{key}: expected {expect[key]}, got {have}"
    for key, names in exact.items():
        if key in expect and set(expect[key]) != set(names):
            yield f"{key}: expected {listed(expect[key])}, got {listed(names)}"
    for key, names in included.items():
        yield from _lacking(key, expect.get(key, ()), names)
    if "assumptions_include" in expect:
        taken = {assumption.fact for assumption in got.assumptions}
        yield from _lacking("assumptions_include", expect["assumptions_include"], taken)
    for key, names in absent.items():
        both = set(expect.get(key, ())) & set(names)
        if both:
            yield f"{key}: {listed(both)} should not be there"
    yield from _exceptions(expect, got)
    yield from _evidence(expect.get("evidence", {}), got)


def _lacking(key: str, wanted: Collection[str], names: Collection[str]) -> Iterator[str]:
    lacking = set(wanted) - set(names)
    if lacking:
        yield f"{key}: {listed(lacking)} lacking among {listed(names)}"


def _exceptions(expect: Mapping[str, Any], got: Determination) -> Iterator[str]:
    best: dict[str, LicenceException] = {}
    for item in got.exceptions:  # the most favourable first
        best.setdefault(item.symbol, item)
    for symbol, value in expect.get("exceptions", {}).items():
        have = best[symbol].value if symbol in best else "absent"
        if have != value:
            yield f"exceptions: {symbol} expected {value}, got {have}"
    for key in ("bars", "conditions"):
        for symbol, ids in expect.get(key, {}).items():
            points = getattr(best[symbol], key) if symbol in best else ()
            yield from _lacking(f"{key} of {symbol}", ids, [point.id for point in points])


def _evidence(expect: Mapping[str, str], got: Determination) -> Iterator[str]:
    rungs = {e.id: "none" if e.rung is None else str(e.rung) for e in got.evidence}
    for ident, rung in expect.items():
        have = rungs.get(ident, "absent")
        if have != rung:
            yield f"evidence: {ident} expected on rung {rung}, got {have}"


def listed(names: Collection[str]) -> str:
    """Names in brackets, sorted."""
    return "[" + ", ".join(sorted(names)) + "]"
