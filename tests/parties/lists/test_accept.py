from datetime import date

import pytest

from klartecken.errors import InputError
from klartecken.parties.lists.accept import (
    ROWS_THAT_FAIL,
    Accepted,
    known_counts,
    refusals,
)
from klartecken.parties.lists.build import build_snapshot
from klartecken.parties.lists.snapshot import Part
from tests.parties.lists.made import csl_json, item, names, own, read

DAY = date(2026, 8, 1)


def part(code: str, count: int, complete: bool = True) -> Part:
    return Part(code, DAY, count, complete, "made", "00")


def rules(count: int, before: Part | None, code: str = "EL") -> list[str]:
    file = read(csl_json(names(count, code)))
    found = refusals(file, {} if before is None else {before.list: before})
    return [r.rule for r in found if r.list == code]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (100, 97, []), (100, 96, ["shrinks"]), (1000, 970, []), (1000, 969, ["shrinks"]),
        (100, 200, []), (1, 1, []), (1, 0, ["missing"]), (34, 33, []), (33, 32, ["shrinks"]),
    ],
)  # fmt: skip
def test_a_list_may_lose_three_per_cent(before: int, now: int, expected: list[str]) -> None:
    assert rules(now, part("EL", before)) == expected


def test_a_first_import_is_measured_against_the_known_count() -> None:
    known = known_counts()
    assert sum(k.count for k in known.values()) == 25_921
    assert {k.date for k in known.values()} == {date(2026, 7, 31)}
    assert rules(211, None, "UVL") == []  # 222 known; 95 % of it is 210.9
    assert rules(210, None, "UVL") == ["below_known"]
    assert rules(0, None, "UVL") == ["below_known"]
    assert rules(1, None, "FSE") == []  # no count is known


def test_a_list_that_no_table_knows_goes_missing_too() -> None:
    before = {"FSE": part("FSE", 3), "OWN:mine": part("OWN:mine", 2)}
    found = refusals(read(csl_json(names(3))), before)
    assert [r.list for r in found if r.rule == "missing"] == ["FSE"]


def test_a_file_of_one_list_speaks_for_that_one_only() -> None:
    file = own("name\nA B\n")
    assert refusals(file, {"EL": part("EL", 100), "OWN:mine": part("OWN:mine", 1)}) == ()
    assert [r.list for r in refusals(file, {"OWN:mine": part("OWN:mine", 2)})] == ["OWN:mine"]


def test_rows_that_cannot_be_read_refuse_the_file() -> None:
    assert set(ROWS_THAT_FAIL.values()) == {0}
    file = read(csl_json([*names(3), item("")]))
    (refusal,) = (r for r in refusals(file, {}) if r.rule == "unread_rows")
    assert "row 4" in refusal.text
    built = build_snapshot([file], accepted=Accepted("known slip", "Ann Example"))
    assert not built.snapshot.parts["EL"].complete
    assert built.record()["rejected_rows"][0]["row"] == 4


def test_who_accepts_says_why() -> None:
    for reason, by in (("", "Ann"), ("why", " "), ("two\nlines", "Ann")):
        with pytest.raises(InputError):
            Accepted(reason, by)
