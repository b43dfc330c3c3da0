from datetime import date
from pathlib import Path

from klartecken.parties.lists.build import build_snapshot, plain_snapshot
from klartecken.parties.lists.builtin import (
    BUILTIN_SOURCE,
    builtin_snapshot,
    builtin_warning,
    is_builtin,
)
from klartecken.parties.lists.conditions import footnotes
from klartecken.parties.lists.diff import diff
from klartecken.parties.lists.formats.recognise import read_files
from klartecken.parties.lists.identity import with_ids
from tests.parties.lists.made import own

DAY = date(2026, 8, 1)


def test_who_came_went_and_changed() -> None:
    before = build_snapshot([own("name,country,note\nA,CN,old\nB,CN,\nC,CN,\n")], DAY).snapshot
    after = build_snapshot([own("name,country,note\nA,CN,new\nC,CN,\nD,CN,\n")], DAY).snapshot
    (one,) = diff(before, after)
    assert one.list == "OWN:mine"
    assert [e.name for e in one.came] == ["D"]
    assert [e.name for e in one.went] == ["B"]
    ((change,),) = (one.changed,)
    assert change.fields == {"remarks": ("old", "new")}
    assert diff(before, before) == ()
    (back,) = diff(after, before)
    assert (back.came, back.went) == (one.went, one.came)
    assert one.to_dict()["changed"][0]["fields"] == {"remarks": ["old", "new"]}


def test_full_is_old_minus_went_plus_came() -> None:
    before = plain_snapshot([own("name\nA\nB\nC\n", "a.csv")], DAY)
    after = plain_snapshot([own("name\nB\nE\n", "a.csv")], DAY)
    (one,) = diff(before, after)
    assert {e.id for e in after.entries} == (
        {e.id for e in before.entries} - {e.id for e in one.went} | {e.id for e in one.came}
    )


def test_a_list_that_one_lacks_counts() -> None:
    before = plain_snapshot([own("name\nA\n", "a.csv")], DAY)
    after = plain_snapshot([own("name\nA\n", "b.csv")], DAY)
    assert [(d.list, len(d.came), len(d.went)) for d in diff(before, after)] == [
        ("OWN:a", 0, 1), ("OWN:b", 1, 0),
    ]  # fmt: skip


def test_the_builtin_table_is_no_list() -> None:
    snapshot = builtin_snapshot()
    assert snapshot.date == date(2026, 7, 31)
    assert len(snapshot.entries) == 314
    assert is_builtin(snapshot)
    for part in snapshot.parts.values():
        assert (part.complete, part.addresses, part.source) == (False, False, BUILTIN_SOURCE)
    assert "Nobody can be said not to be listed" in builtin_warning()
    assert not is_builtin(plain_snapshot([own("name\nA\n")], DAY))
    inspur = next(e for e in snapshot.entries if "IEIT" in " ".join(e.aliases))
    assert (inspur.list, inspur.footnotes, inspur.start) == ("EL", ("4",), "2025-03-25")
    assert "Federal Register metadata" in inspur.remarks
    assert all(e.footnotes == footnotes(e.requirement) for e in snapshot.entries)


def test_the_builtin_entries_are_those_of_the_list(shared: Path) -> None:
    (file,) = read_files([shared / "data/lists/csl-reduced-2026-07-31.json.gz"])
    listed = {e.id: e for e in with_ids(file.entries)}
    for entry in builtin_snapshot().entries:
        same = listed[entry.id]
        assert (entry.name, entry.list, entry.countries) == (same.name, same.list, same.countries)
        assert (entry.requirement, entry.policy) == (same.requirement, same.policy)
