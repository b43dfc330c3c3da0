"""The ladder of evidence: only a licence in hand is its top."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Forbidden, NotFound, Refused
from klartecken.desk.evidence.happened import attach_to_line, concerning, events_of_line
from klartecken.desk.evidence.ladder import PAPERS, best, record, verify, withdraw
from klartecken.desk.evidence.papers import read_papers
from klartecken.desk.licences.balance import reserve
from klartecken.desk.licences.books import read_licences
from klartecken.desk.licences.events import fire
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.records import EVIDENCE
from klartecken.desk.work import Row, find
from klartecken.errors import InputError
from klartecken.facts.events import RUNGS, load_events
from tests.desk.clock import Clock
from tests.desk.licences.world import SHA, add_licence, add_line, change_line, day
from tests.desk.world import HERE

People = dict[str, Person]
SAID: dict[str, Any] = {"on": "2025-07-14", "source": "https://example.com/news"}


def put(desk: Desk, people: People, ident: int, subject: str = "lines", **said: Any) -> int:
    """Recorded by Pia and verified by Ann."""
    with desk.work(people["Pia"], HERE) as work:
        made = record(work, subject, ident, **{**SAID, **said})
    with desk.work(people["Ann"], HERE) as work:
        verify(work, made, "read the source")
    return made


def reached(desk: Desk, line: Row, on: str | None = None) -> int | None:
    with desk.read() as connection:
        return best(connection, "lines", line["id"], None if on is None else day(on)).rung


def entries(desk: Desk) -> int:
    with desk.read() as connection:
        return len(connection.execute(select(LEDGER.c.seq)).all())


def all_holds(desk: Desk, line: Row) -> list[Any]:
    with desk.read() as connection:
        licences, papers = read_licences(connection), read_papers(connection)
    return [
        *licences.holds(line, day()),
        *papers.holds(line, day(), "licence_required", "", True, ["4A090.b"]),
    ]


def test_no_record_of_the_ladder_removes_a_hold(desk: Desk, people: People) -> None:
    """An assurance is not a licence; nor is a record that claims to be the sixth rung."""
    _, (held,) = add_licence(desk, people, verified=False)
    line = add_line(desk)
    with desk.work(people["Liv"], HERE) as work:
        reserve(work, held, line)
    line = change_line(desk, line, licence_line=held)
    plain = add_line(desk, 2)
    before = all_holds(desk, line), all_holds(desk, plain)
    assert {hold.code for hold in before[0]} == {
        "licence_not_covering", "end_user_statement", "uvl_statement",
    }  # fmt: skip
    assert {hold.code for hold in before[1]} == {"end_user_statement", "uvl_statement"}
    for rung in range(6):
        for subject, ident in (("lines", line["id"]), ("lines", plain["id"]), ("licences", 1)):
            put(desk, people, ident, subject, rung=rung, text="You have it.", sha256=SHA)
        put(desk, people, 0, "general", rung=rung)
    with desk.work(DESK, HERE) as work:  # behind the desk's back
        for subject, ident in (("lines", line["id"]), ("lines", plain["id"]), ("licences", 1)):
            for kind in ("rung", "licence", "end_user_statment"):
                work.insert(EVIDENCE, "tests.fake", {
                    "subject": subject, "subject_id": ident, "kind": kind, "rung": 6,
                    "on": day(), "known_from": day(), "text": "", "source": "", "event": "",
                    "party": "", "sha256": SHA, "recorded_by": 2, "verified_by": 4,
                    "withdrawn": False,
                })  # fmt: skip
    assert (all_holds(desk, line), all_holds(desk, plain)) == before
    assert reached(desk, line) == 5
    with desk.read() as connection:
        assert read_papers(connection).facts(line, day()) == {}


def test_the_sixth_rung_is_not_recorded(desk: Desk, people: People) -> None:
    line = add_line(desk)
    before = entries(desk)
    with pytest.raises(Refused, match="Register the licence"), \
            desk.work(people["Pia"], HERE) as work:  # fmt: skip
        record(work, "lines", line["id"], rung=6, **SAID)
    assert entries(desk) == before


def test_the_sixth_rung_is_a_verified_licence_in_force(desk: Desk, people: People) -> None:
    ident, (held,) = add_licence(desk, people)
    line = change_line(desk, add_line(desk), licence_line=held)
    assert reached(desk, line) == 6
    assert reached(desk, line, "2025-07-01") is None  # not in hand yet
    with desk.read() as connection:
        assert best(connection, "licences", ident).licence == "D1000001"
    with desk.work(people["Liv"], HERE) as work:
        fire(work, ident, "suspend", "BIS's mail")
    put(desk, people, line["id"], rung=2)
    assert reached(desk, line) == 2


def test_the_best_rung_that_was_known(desk: Desk, people: People, clock: Clock) -> None:
    line = add_line(desk)
    assert reached(desk, line) is None
    put(desk, people, line["id"], rung=1, on="2025-04-15")
    third = put(desk, people, line["id"], rung=3, on="2025-07-10", known_from="2025-07-14")
    assert reached(desk, line, "2025-07-13") == 1
    assert reached(desk, line, "2025-07-14") == 3
    with desk.work(people["Pia"], HERE) as work:
        withdraw(work, third, "the filing came back")
    assert reached(desk, line) == 1
    with pytest.raises(Refused), desk.work(people["Pia"], HERE) as work:
        withdraw(work, third, "again")
    with pytest.raises(Refused), desk.work(people["Ann"], HERE) as work:
        verify(work, third, "again")


def test_who_recorded_it_does_not_verify_it(desk: Desk, people: People) -> None:
    both = Person(people["Pia"].id, "Pia", frozenset({"preparer", "approver"}))
    line = add_line(desk)
    with desk.work(both, HERE) as work:
        ident = record(work, "lines", line["id"], rung=1, **SAID)
    with pytest.raises(Refused), desk.work(both, HERE) as work:
        verify(work, ident, "seen")
    with pytest.raises(InputError), desk.work(people["Ann"], HERE) as work:
        verify(work, ident, "")
    with desk.work(people["Ann"], HERE) as work:
        verify(work, ident, "seen")
    with pytest.raises(Refused), desk.work(people["Ari"], HERE) as work:
        verify(work, ident, "seen")


def test_who_may(desk: Desk, people: People) -> None:
    line = add_line(desk)
    for name in ("Ann", "Ada", "Aud", "Vic", "Sam", "Rut"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            record(work, "lines", line["id"], rung=1, **SAID)
    ident = put(desk, people, line["id"], rung=1)
    for name in ("Aud", "Vic", "Sam"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            withdraw(work, ident, "why")


WRONG: list[dict[str, Any]] = [
    {"rung": 7}, {"rung": -1}, {"rung": None}, {"rung": True}, {"rung": "2"},
    {"rung": 1, "source": ""}, {"rung": 1, "on": "2025-07-16"}, {"rung": 1, "on": None},
    {"rung": 1, "known_from": "2025-07-13"}, {"rung": 1, "known_from": "2025-07-16"},
    {"rung": 1, "kind": "nac_notice"}, {"kind": "licence"}, {"rung": 1, "sha256": "x"},
    {"kind": "end_user_statement"}, {"kind": "uvl_statement"}, {"rung": 1, "text": "\ud800"},
]  # fmt: skip


def test_what_is_no_evidence(desk: Desk, people: People) -> None:
    line = add_line(desk)
    before = entries(desk)
    for said in WRONG:
        with pytest.raises(InputError), desk.work(people["Pia"], HERE) as work:
            record(work, "lines", line["id"], **{**SAID, **said})
    assert entries(desk) == before


def test_about_what(desk: Desk, people: People) -> None:
    for subject, ident, error in (("lines", 9, NotFound), ("people", 1, InputError),
                                  ("general", 1, InputError)):  # fmt: skip
        with pytest.raises(error), desk.work(people["Pia"], HERE) as work:
            record(work, subject, ident, rung=1, **SAID)


def test_papers_are_no_rungs() -> None:
    assert not {*PAPERS} & {"rung", *RUNGS.values()}


# -- the ledger of events -----------------------------------------------------------------------
def test_events_attach_once_and_never_as_a_licence(
    desk: Desk, people: People, clock: Clock
) -> None:
    line = add_line(desk)
    clock.go("2025-07-14")
    with desk.work(people["Pia"], HERE) as work:
        first = attach_to_line(work, line["id"])
    assert reached(desk, line) == 1
    clock.go("2025-07-15")  # the assurance, and applications said to be filed
    with desk.work(people["Pia"], HERE) as work:
        second = attach_to_line(work, line["id"])
    assert second
    assert not {*first} & {*second}
    assert reached(desk, line) == 3
    clock.go("2025-08-31")  # licences were granted, to somebody
    with desk.work(people["Pia"], HERE) as work:
        attach_to_line(work, line["id"])
        assert attach_to_line(work, line["id"]) == []
    with desk.read() as connection:
        held = find(connection, EVIDENCE, subject="lines", subject_id=line["id"])
    assert reached(desk, line) == 3
    assert {"E2025-033", "E2025-049"} <= {row["event"] for row in held}
    assert max(row["rung"] for row in held) < 6


def test_the_addressee_of_a_letter_knows_first(desk: Desk) -> None:
    asked = ("nvidia-h20",), "CN"
    mine = concerning(*asked, "NVIDIA", day("2025-04-10"))
    others = concerning(*asked, "Another Exporter", day("2025-04-10"))
    assert "E2025-007" in {event.id for event in mine}
    assert "E2025-007" not in {event.id for event in others}


def test_events_of_other_places_and_chips_do_not_attach(desk: Desk) -> None:
    line = add_line(desk, destination="DE")
    found = {event.id for event in events_of_line(line, day("2025-08-31"))}
    assert "E2025-033" not in found
    other = concerning(["nvidia-l40s"], "CN", "NVIDIA", day("2025-08-31"))
    assert "E2025-033" not in {event.id for event in other}


def test_no_event_of_the_ledger_is_above_the_fifth_rung_here() -> None:
    """The ledger keeps grants to others low by itself; the cap is a second lock."""
    assert max(event.rung for event in load_events().events if event.rung is not None) <= 6
