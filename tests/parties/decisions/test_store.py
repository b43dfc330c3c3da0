"""The log of decisions."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from klartecken.errors import DataError, InputError
from klartecken.parties.decisions.record import Withdrawal, decide
from klartecken.parties.decisions.store import FILE, add, read_decisions
from klartecken.parties.party import Party
from tests.parties.fake import DAY, MARLOW, TERN

FIRST = decide(Party("Marlow Works"), MARLOW, "false_positive", reason="öther", by="A", day=DAY,
               until=DAY + timedelta(9))  # fmt: skip
SECOND = decide(Party("Tern Mills"), TERN, "match", reason="same", by="B", day=DAY)


def test_what_is_added_is_read(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there"
    assert read_decisions(home).records == ()
    kept = [add(home, FIRST), add(home, SECOND), add(home, FIRST)]
    assert [record.number for record in kept] == [1, 2, 3]
    assert len({record.id for record in kept}) == 3
    assert list(read_decisions(home).records) == kept
    assert list(read_decisions(home).standing) == sorted(kept, key=lambda r: (r.day, r.id))


def test_a_withdrawal_leaves_both_in_the_log(tmp_path: Path) -> None:
    kept = add(tmp_path, FIRST)
    again = add(tmp_path, FIRST)
    add(tmp_path, Withdrawal(kept.id, "wrong", "B", DAY))
    held = read_decisions(tmp_path)
    assert held.standing == (again,)
    assert len(held.records) == 3
    for vain in (kept.id, "nothing"):
        with pytest.raises(InputError, match=r"no decision '.*' stands"):
            add(tmp_path, Withdrawal(vain, "wrong", "B", DAY))
    assert len(read_decisions(tmp_path).records) == 3


def test_a_torn_last_line_is_named_and_never_counts(tmp_path: Path) -> None:
    kept = add(tmp_path, FIRST)
    path = tmp_path / FILE
    whole = path.read_bytes()
    for cut in range(1, len(whole)):
        path.write_bytes(whole + whole[:cut])
        held = read_decisions(tmp_path)
        assert held.records == (kept,)
        assert "line 2" in held.torn
    after = add(tmp_path, SECOND)
    held = read_decisions(tmp_path)
    assert held.records == (kept, after)
    assert held.torn == ""
    assert (tmp_path / f"{FILE}.torn").read_bytes() == whole[:-1] + b"\n"


def test_an_altered_log_is_refused(tmp_path: Path) -> None:
    add(tmp_path, FIRST)
    add(tmp_path, SECOND)
    path = tmp_path / FILE
    first, second = path.read_text(encoding="utf-8").splitlines()
    data = json.loads(first)
    for lines, told in (
        ([first.replace("Marlow Works", "Marlow Wørks"), second], "was altered"),
        ([second], "a line was added or taken out"),
        ([first, first, second], "a line was added or taken out"),
        (["{", second], "is no JSON"),
        (["[]", second], "is no decision"),
        ([json.dumps({**data, "more": 1}), second], "has not the fields"),
        ([json.dumps({**data, "day": "soon"}), second], "cannot be read"),
    ):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        with pytest.raises(DataError, match=told):
            read_decisions(tmp_path)
        before = path.read_bytes()
        with pytest.raises(DataError, match=told):
            add(tmp_path, FIRST)
        assert path.read_bytes() == before


def test_two_writers_do_not_mix(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}.lock").touch()
    with pytest.raises(InputError, match="another process"):
        add(tmp_path, FIRST)
    assert not (tmp_path / FILE).exists()
