"""The form of the case files, and that what breaks it is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from klartecken.errors import DataError
from klartecken.law.model import TAGS
from tests.cases.compare import all_cases, ask, differences
from tests.cases.form import FOLDER, NamedCase, load_cases, read_file
from tests.cases.names import check_names

WHOLE = """
subject: One
cases:
  - id: c1
    title: A title
    source: 88 FR 73458
    tag: primary
    ask: {item: nvidia-h20, to: NO, on: 2024-06-01, facts: {tpp: 2368.0001}}
    expect: {outcome: no_licence_required}
"""


def write(folder: Path, content: str, name: str = "one.yaml") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def read(folder: Path, content: str) -> tuple[NamedCase, ...]:
    return read_file(write(folder, content))


def test_all_is_text(tmp_path: Path) -> None:
    (case,) = read(tmp_path, WHOLE)
    assert case.name == "one/c1"
    assert case.ask["to"] == "NO"
    assert case.ask["facts"] == {"tpp": "2368.0001"}
    check_names(case)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("tag: primary", "tag: primary\n    remark: x", r"one.yaml, case c1: .*'remark'"),
        ("to: NO", "too: NO", r"one.yaml, case c1, ask: .*'too'"),
        ("outcome: no", "outcom: no", r"one.yaml, case c1, expect: .*'outcom'"),
        ("subject: One", "subject: One\nrules: x", r"one.yaml: .*'rules'"),
        ("title: A title", "title: A title\n    title: B", r"one.yaml, line 6, key title: .*twice"),
        ("tag: primary", "tag: sure", r"one.yaml, case c1: unknown tag 'sure'"),
        ("source: 88 FR 73458", "source: /srv/facts/x.txt", r"one.yaml, case c1: a source is"),
        ("source: 88 FR 73458", "source: facts.md section 9", r"one.yaml, case c1: a source is"),
        ("source: 88 FR 73458", "source: ''", r"one.yaml, case c1, key source"),
        ("on: 2024-06-01, ", "", r"one.yaml, case c1, ask, key on"),
        ("{outcome: no_licence_required}", "{}", r"one.yaml, case c1, expect: it expects nothing"),
        ("{outcome: no_licence_required}", "{outcome: any}", r"it expects nothing"),
        ("{outcome: no_licence_required}", "{bases: ccl}", r"c1, expect, key bases: .*list"),
        ("facts: {", "strict: perhaps, facts: {", r"one.yaml, case c1, ask, key strict"),
        ("id: c1", "id: c 1", r"one.yaml, case c 1, key id"),
    ],
)
def test_what_breaks_the_form_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in WHOLE
    with pytest.raises(DataError, match=says):
        read(tmp_path, WHOLE.replace(old, new, 1))


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ("{outcome: free}", r"one.yaml, case c1, key outcome: .*'free'"),
        ("{no_flags: [letter_not_adressed]}", r"one.yaml, case c1, key no_flags"),
        ("{bases: [cll]}", r"case c1, key bases"),
        ("{provisions: [742.6]}", r"case c1, key provisions"),
        ("{exceptions: {NAK: available}}", r"case c1, key exceptions"),
        ("{exceptions: {NAC: maybe}}", r"case c1, key exceptions"),
        ("{bars: {NAC: [density]}}", r"case c1, key bars"),
        ("{missing: [area]}", r"case c1, key missing: 'area' is an alias"),
        ("{missing_includes: [nothing]}", r"case c1, key missing_includes"),
        ("{gaps: [gap.none]}", r"case c1, key gaps"),
        ("{evidence: {E1: 2}}", r"case c1, key evidence"),
        ("{review_policy: lenient}", r"case c1, key review_policy"),
        ("{classification: [3A090]}", r"case c1, key classification"),
    ],
)
def test_names_that_nobody_knows_are_refused(tmp_path: Path, expect: str, says: str) -> None:
    (case,) = read(tmp_path, WHOLE.replace("{outcome: no_licence_required}", expect))
    with pytest.raises(DataError, match=says):
        check_names(case)


def test_an_unknown_fact_is_refused(tmp_path: Path) -> None:
    (case,) = read(tmp_path, WHOLE.replace("tpp:", "ttp:"))
    with pytest.raises(DataError, match=r"one.yaml, case c1, key facts"):
        check_names(case)


def test_an_unknown_reform_is_refused(tmp_path: Path) -> None:
    (case,) = read(tmp_path, WHOLE.replace("to: NO", "to: NO, reform: ai-difusion-enforced"))
    with pytest.raises(DataError, match=r"case c1, key reform: .*Shipped: ai-diffusion-enforced"):
        check_names(case)


def test_rows_inherit_and_may_drop_an_expectation(tmp_path: Path) -> None:
    rows = """
    each:
      - {id: same}
      - id: other
        title: abroad
        ask: {to: SE, facts: {datacenter: no}}
        expect: {outcome: any, bases: []}
"""
    same, other = read(tmp_path, WHOLE.rstrip() + rows)
    assert (same.id, same.title, same.expect) == ("c1.same", "A title", {
        "outcome": "no_licence_required"
    })  # fmt: skip
    assert (other.id, other.title) == ("c1.other", "A title: abroad")
    assert other.ask["facts"] == {"tpp": "2368.0001", "datacenter": "no"}
    assert other.ask["on"] == "2024-06-01"
    assert other.expect == {"bases": ()}


def test_an_id_stands_once(tmp_path: Path) -> None:
    write(tmp_path, WHOLE, "a.yaml")
    write(tmp_path, WHOLE, "b.yaml")
    with pytest.raises(DataError, match=r"b.yaml, c1 \(a.yaml\): the id stands twice"):
        load_cases(tmp_path)


def test_a_wrong_expectation_is_told(tmp_path: Path) -> None:
    wrong = "{outcome: prohibited, bases: [ccl], flags: [near_line], exceptions: {NAC: available}}"
    (case,) = read(tmp_path, WHOLE.replace("{outcome: no_licence_required}", wrong))
    told = differences(case, ask(case))
    assert told[0] == "outcome: expected prohibited, got no_licence_required"
    assert "bases: expected [ccl], got []" in told
    assert "exceptions: NAC expected available, got absent" in told
    assert any(line.startswith("flags: [near_line] lacking") for line in told)


def test_every_case_has_a_source_and_a_tag() -> None:
    assert len(all_cases()) > 500
    assert {case.tag for case in all_cases().values()} <= set(TAGS)
    assert all(case.source and case.title for case in all_cases().values())


def test_the_worked_determinations_are_all_there() -> None:
    found = {c.id.split(".")[0] for c in all_cases().values() if c.file == "determinations.yaml"}
    assert found == {f"D{number:02}" for number in range(1, 26)}


def test_the_example_of_the_readme_holds(tmp_path: Path) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(subject:.*?)```", readme, re.DOTALL)
    assert blocks
    for block in blocks:
        for case in read(tmp_path, block):
            check_names(case)
            assert not differences(case, ask(case)), case.id


def test_the_readme_names_every_file_and_key() -> None:
    from tests.cases.form import ASK_KEYS, CASE_KEYS, EXPECT_KEYS

    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    wanted = [path.name for path in FOLDER.glob("*.yaml")]
    wanted += [*ASK_KEYS, *CASE_KEYS, *EXPECT_KEYS]
    assert not [word for word in wanted if f"`{word}`" not in readme]
