"""Every rule that can decide something is decided by some case, and every version of it."""

from __future__ import annotations

from functools import cache

from klartecken.law.load import load_law
from tests.cases.compare import all_cases, answer, listed
from tests.cases.coverage import lacking_notices, lacking_versions


@cache
def lacking() -> set[tuple[str, str]]:
    return lacking_versions(load_law(), ((case, answer(n)) for n, case in all_cases().items()))


def test_every_deciding_provision_is_in_a_case() -> None:
    bare = [
        rule.id
        for rule in load_law().provisions.values()
        if rule.versions and all((rule.id, version.id) in lacking() for version in rule.versions)
    ]
    assert not bare, f"no case exercises {listed(bare)}"


def test_every_version_of_a_deciding_provision_is_in_a_case() -> None:
    versions = [f"{provision} {version}" for provision, version in lacking()]
    assert not versions, f"no case exercises {listed(versions)}"


def test_every_flag_and_gap_is_in_a_case() -> None:
    bare = lacking_notices(load_law(), all_cases().values())
    assert not bare, f"no case expects {listed(bare)}"
