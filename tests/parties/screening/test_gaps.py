"""Nobody is said not to be listed by a list that is missing or not whole."""

from dataclasses import replace

import pytest

from klartecken.parties.lists.builtin import builtin_snapshot
from klartecken.parties.lists.snapshot import Snapshot
from klartecken.parties.party import Address, Identifier, Party
from klartecken.parties.screening.gaps import NEEDED, gaps
from klartecken.parties.screening.listed import Listed, prepare
from klartecken.parties.screening.screen import screen
from tests.parties.screening import made

STRANGER = Party("Hollowmere Bakery")


def without(code: str) -> Snapshot:
    parts = {c: p for c, p in made.snapshot(()).parts.items() if c != code}
    return Snapshot(made.DAY, parts, (), "0" * 64)


def partly(code: str) -> Snapshot:
    parts = {
        c: replace(p, complete=c != code) for c, p in made.snapshot(made.ENTRIES).parts.items()
    }
    return Snapshot(made.DAY, parts, made.ENTRIES, "0" * 64)


def test_whole_lists_can_say_no() -> None:
    assert gaps(made.snapshot(()).parts) == ()
    assert screen(STRANGER, prepare(made.snapshot(made.ENTRIES))).status == "no_hit"


@pytest.mark.parametrize("code", NEEDED)
@pytest.mark.parametrize("lack", [without, partly])
def test_a_list_that_is_missing_or_partial_cannot(code: str, lack: object) -> None:
    answer = screen(STRANGER, prepare(lack(code)))  # type: ignore[operator]
    assert answer.status == "not_screenable"
    assert any(NEEDED[code] in reason for reason in answer.reasons)


def test_what_a_partial_list_holds_is_a_hit() -> None:
    answer = screen(Party("Merqua Industries"), prepare(partly("EL")))
    assert answer.status == "hit"


def test_another_list_may_be_partial() -> None:
    snapshot = made.snapshot(made.ENTRIES)
    parts = {**snapshot.parts, "ISN": made.part("ISN", 0, complete=False)}
    answer = screen(STRANGER, prepare(Snapshot(made.DAY, parts, made.ENTRIES, "0" * 64)))
    assert answer.status == "no_hit"


def test_the_built_in_table_says_what_it_is() -> None:
    answer = screen(STRANGER, prepare(builtin_snapshot()))
    assert answer.status == "not_screenable"
    assert answer.snapshot is not None
    assert answer.snapshot["label"].startswith("built-in table")
    assert any("No restricted-party list is imported" in reason for reason in answer.reasons)


def numbered() -> Listed:
    first = replace(made.ENTRIES[0], identifiers=(Identifier("LEI", "213800WSGIIZCXF1P572"),))
    return prepare(made.snapshot((first, *made.ENTRIES[1:])))


def test_what_the_lists_leave_nothing_to_compare_with_is_said() -> None:
    whole = made.snapshot(made.ENTRIES)
    parts = {c: replace(p, addresses=c not in ("EL", "SDN")) for c, p in whole.parts.items()}
    listed = prepare(Snapshot(made.DAY, parts, made.ENTRIES, "0" * 64))
    asked = Party(
        "Hollowmere Bakery", addresses=(Address("7 Fennel Lane, Quorn"),),
        identifiers=(Identifier("LEI", "5493001KJTIIGC8Y1R12"),),
    )  # fmt: skip
    told = screen(asked, listed).reasons
    assert "no addresses are here of EL, SDN: the party's was not compared with them" in told
    assert "no registered numbers are here in any list: the party's was not compared" in told
    assert not any("are here" in reason for reason in screen(STRANGER, listed).reasons)
    assert not any("are here" in reason for reason in screen(asked, numbered()).reasons)


@pytest.mark.parametrize("name", ["\N{SLIGHTLY SMILING FACE}", "---", "\N{SNOWMAN} !"])
def test_signs_name_nobody(name: str) -> None:
    answer = screen(Party(name), prepare(made.snapshot(made.ENTRIES)))
    assert answer.status == "not_screenable"
    assert any("no letter or digit" in reason for reason in answer.reasons)
