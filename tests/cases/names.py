"""Every name in a case must exist: a mistyped flag in ``no_flags`` would test nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from klartecken.decide.findings import OUTCOMES
from klartecken.errors import DataError, KlarteckenError, UnknownName
from klartecken.facts.events import load_events
from klartecken.law.load import load_law
from klartecken.law.model import BASES, POLICIES, Law
from klartecken.law.overlay import apply, read_reform
from tests.cases.form import NamedCase

ENGINE_FLAGS = (
    "beyond_sources", "group_table_lag", "item_not_in_catalogue", "lower_bound",
    "sources_disagree", "near_line", "assurance_is_not_a_licence", "licence_of_others",
)  # fmt: skip
EXCEPTION_VALUES = ("available", "conditional", "unknown", "unavailable", "absent")


def check_names(case: NamedCase, law: Law | None = None) -> None:
    """Refuse a case with a name that the law, the engine or the ledger does not have.

    Raises:
        DataError: an unknown name; file, case and key are named.
    """
    law = law or load_law()
    where = f"{case.file}, case {case.id}"
    if "reform" in case.ask:
        law = _reformed(case.ask["reform"], law, f"{where}, key reform")
    for name in case.ask.get("facts", {}):
        if name.lower() not in law.vocabulary.bundles:
            _fact(name, law, f"{where}, key facts")
    for key in ("missing", "missing_includes", "assumptions_include"):
        for name in case.expect.get(key, ()):
            if _fact(name, law, f"{where}, key {key}") != name:
                raise DataError(f"{name!r} is an alias", where=f"{where}, key {key}")
    for key, name, known in _pairs(case.expect, law):
        if name not in known:
            raise DataError(f"unknown name {name!r}", where=f"{where}, key {key}",
                            next_step="Known: " + ", ".join(sorted(known)))  # fmt: skip
    for ident in case.expect.get("evidence", {}):
        if load_events().get(ident) is None:
            raise DataError(f"no event {ident!r}", where=f"{where}, key evidence")


def _reformed(name: str, law: Law, where: str) -> Law:
    try:
        return apply(law, read_reform(name))
    except KlarteckenError as err:
        raise DataError(err.what, where=where, next_step=err.next_step) from err


def _fact(name: str, law: Law, where: str) -> str:
    try:
        return law.vocabulary.find(name).name
    except UnknownName as err:
        raise DataError(err.what, where=where, next_step=err.next_step) from err


def _pairs(expect: Any, law: Law) -> Iterator[tuple[str, str, Collection[str]]]:
    """Key, name and known names, for every name in an expectation."""
    rules = law.provisions.values()
    outcomes = (*OUTCOMES, "undetermined")
    eccns = {rule.eccn for rule in rules if rule.eccn}
    demands = {r.id for r in rules if r.stage in ("requirement", "prohibition")}
    symbols = {rule.symbol for rule in rules if rule.symbol}
    flags = {rule.code for rule in rules if rule.code} | set(ENGINE_FLAGS)
    gaps = {rule.id for rule in rules if rule.stage == "gap"}
    known: dict[str, Collection[str]] = {
        "possible_outcomes": OUTCOMES, "classification": eccns,
        "classification_possible": eccns, "bases": BASES, "not_bases": BASES,
        "provisions": demands, "not_provisions": demands,
        "review_policies_possible": POLICIES, "flags": flags, "no_flags": flags, "gaps": gaps,
        "exceptions": symbols, "bars": symbols, "conditions": symbols,
    }  # fmt: skip
    for key, names in known.items():
        for name in expect.get(key, ()):
            yield key, name, names
    for value in expect.get("exceptions", {}).values():
        yield "exceptions", value, EXCEPTION_VALUES
    if "outcome" in expect:
        yield "outcome", expect["outcome"], outcomes
    if expect.get("review_policy") is not None:
        yield "review_policy", expect["review_policy"], POLICIES
    clauses = _clauses(law)
    for key in ("bars", "conditions"):
        for symbol, ids in expect.get(key, {}).items():
            for ident in ids:
                yield key, ident, clauses.get(symbol, frozenset())


def _clauses(law: Law) -> dict[str, frozenset[str]]:
    """Symbol -> the ids of its bars and conditions, and the two that the engine adds."""
    found: dict[str, set[str]] = {}
    for rule in law.provisions.values():
        for version in rule.versions:
            ids = {clause.id for clause in (*version.bars, *version.conditions)}
            found.setdefault(rule.symbol, {"scope", "requirement"}).update(ids)
    return {symbol: frozenset(ids) for symbol, ids in found.items()}


__all__ = ["ENGINE_FLAGS", "check_names"]
