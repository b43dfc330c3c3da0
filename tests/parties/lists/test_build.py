from datetime import date

import pytest

from klartecken.errors import InputError
from klartecken.parties.lists.accept import Accepted
from klartecken.parties.lists.build import build_snapshot, not_after
from tests.parties.lists.made import csl_json, names, own, read

OK = Accepted("invented", "Ann Example")
FIRST, LATER = date(2026, 8, 1), date(2026, 8, 5)


def test_the_day_comes_from_the_file_or_is_given() -> None:
    stamped, bare = read(csl_json(names(3))), read(csl_json(names(3), stamp=None))
    assert build_snapshot([stamped], accepted=OK).snapshot.date == FIRST
    later = build_snapshot([stamped], LATER, accepted=OK).snapshot
    assert (later.date, later.parts["EL"].date) == (LATER, FIRST)
    assert build_snapshot([bare], LATER, accepted=OK).snapshot.parts["EL"].date == LATER
    with pytest.raises(InputError, match="--date"):
        build_snapshot([bare], accepted=OK)
    with pytest.raises(InputError, match="after 2026-07-01"):
        build_snapshot([stamped], date(2026, 7, 1), accepted=OK)


def test_other_lists_are_carried_over_with_their_days() -> None:
    csl = build_snapshot([read(csl_json(names(3)))], accepted=OK)
    both = build_snapshot([own("name\nA B\n")], LATER, csl.snapshot)
    assert "EL" in both.carried
    assert "OWN:mine" not in both.carried
    assert both.previous == csl.snapshot.label
    assert both.snapshot.parts["EL"] == csl.snapshot.parts["EL"]
    assert both.snapshot.parts["OWN:mine"].date == LATER
    assert len(both.snapshot.entries) == 4
    again = build_snapshot([read(csl_json(names(4), "2026-08-06T01:00:00Z"))], None, both.snapshot)
    assert again.carried == ("OWN:mine",)
    assert again.snapshot.parts["EL"].count == 4
    alone = build_snapshot([own("name\nA B\n")], LATER, csl.snapshot, alone=True)
    assert set(alone.snapshot.parts) == {"OWN:mine"}
    assert alone.previous == ""


def test_a_refusal_says_why_and_how_to_go_on() -> None:
    with pytest.raises(InputError) as caught:
        build_snapshot([read(csl_json(names(3)))])
    line = caught.value.line()
    assert "EL has 3 entries, below 95 % of the 3,420 known on 2026-07-31" in line
    assert "--accept" in line
    assert "\n" not in line


def test_an_acceptance_is_kept_and_the_list_is_not_whole() -> None:
    built = build_snapshot([read(csl_json(names(3)))], accepted=OK)
    assert not built.snapshot.parts["EL"].complete
    kept = built.record()["accepted"]
    assert (kept["reason"], kept["by"]) == ("invented", "Ann Example")
    assert {r["list"] for r in kept["refusals"]} >= {"EL", "SDN"}
    whole = build_snapshot([own("name\nA B\n")], LATER, accepted=OK)
    assert whole.record()["accepted"] is None  # nothing was to accept
    assert whole.snapshot.parts["OWN:mine"].complete


def test_a_list_in_two_files_is_an_error() -> None:
    with pytest.raises(InputError, match="stands in"):
        build_snapshot([own("name\nA\n", "mine.csv"), own("name\nB\n", "mine.csv")], LATER)
    with pytest.raises(InputError, match="stands in"):
        build_snapshot([read(csl_json(names(1)), "a"), read(csl_json(names(1)), "b")], LATER)


def test_a_missing_list_that_was_accepted_stays_visible_and_is_accepted_once() -> None:
    first = build_snapshot([read(csl_json([*names(3), *names(2, "FSE")]))], accepted=OK)
    assert first.snapshot.parts["SDN"].count == 0
    new = read(csl_json(names(3), "2026-08-06T01:00:00Z"))
    with pytest.raises(InputError, match="FSE is missing"):
        build_snapshot([new], None, first.snapshot)
    second = build_snapshot([new], None, first.snapshot, accepted=OK)
    assert (second.snapshot.parts["FSE"].count, second.snapshot.parts["FSE"].complete) == (0, False)
    third = build_snapshot(
        [read(csl_json(names(3), "2026-08-07T01:00:00Z"))], None, second.snapshot
    )
    assert third.refused == ()
    assert not third.snapshot.parts["SDN"].complete
    assert not third.snapshot.parts["EL"].complete  # still below the known count


def test_stamps_are_in_utc() -> None:
    file = read(csl_json(names(1), "2026-08-02T00:30:00Z"))
    assert not_after([file], FIRST)[0].generated == FIRST
    with pytest.raises(InputError, match="clock"):
        not_after([file], date(2026, 7, 31))


def test_no_entry_is_no_snapshot() -> None:
    with pytest.raises(InputError, match="no entry"):
        build_snapshot([read(csl_json([]))], accepted=OK)
