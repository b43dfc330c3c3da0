"""Conditions as tasks: due, recurring, met with evidence, ended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Forbidden, IllegalEvent, Refused, Stale
from klartecken.desk.licences.conditions import add, due, end, meet, notify_bis, reopen
from klartecken.desk.licences.content import read_whole, verified
from klartecken.desk.machines.condition import CONDITION
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.licences import CONDITIONS
from klartecken.desk.work import find
from klartecken.errors import InputError
from tests.desk.licences.world import add_licence, add_line, day
from tests.desk.world import HERE

People = dict[str, Person]
REPORT = {"kind": "reporting", "text": "Report sales.", "due_on": "2025-10-31",
          "recurs": "monthly"}  # fmt: skip


def tasks(desk: Desk) -> list[dict[str, Any]]:
    with desk.read() as connection:
        return find(connection, CONDITIONS)


def do(desk: Desk, who: Person, act: Any, *args: Any, **more: Any) -> Any:
    with desk.work(who, HERE) as work:
        return act(work, *args, **more)


def test_a_recurring_task_opens_the_next_one(desk: Desk, people: People) -> None:
    add_licence(desk, people, conditions=[REPORT])
    found = []
    ident: int | None = 1
    for _ in range(5):
        found.append(tasks(desk)[-1]["due_on"])
        ident = do(desk, people["Liv"], meet, ident, "sent")
    assert found == [date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31),
                     date(2026, 1, 31), date(2026, 2, 28)]  # fmt: skip
    assert [task["state"] for task in tasks(desk)] == ["met"] * 5 + ["open"]
    with desk.read() as connection:  # what follows is no new condition
        assert verified(connection, read_whole(connection, 1)) is not None


def test_it_ends_with_its_last_day_750_7_i(desk: Desk, people: People) -> None:
    add_licence(desk, people, conditions=[{**REPORT, "ends_on": "2025-11-29"}])
    assert do(desk, people["Liv"], meet, 1, "sent") is None


def test_a_task_that_was_reopened_opens_no_second_one(desk: Desk, people: People) -> None:
    add_licence(desk, people, conditions=[REPORT])
    do(desk, people["Liv"], meet, 1, "sent")
    do(desk, people["Liv"], reopen, 1, "it came back")
    assert do(desk, people["Liv"], meet, 1, "sent again") is None
    assert len(tasks(desk)) == 2


def test_whom_it_binds_is_told_first_750_7_d(desk: Desk, people: People) -> None:
    add_licence(desk, people, conditions=[
        {"text": "No resale.", "kind": "no_resale", "binds": "Lantern Cloud Computing"},
        {"text": "Keep it.", "binds": "nvidia"},
    ])  # fmt: skip
    found = [(task["kind"], task["before_shipment"], task["follows"]) for task in tasks(desk)]
    assert found == [("no_resale", 0, None), ("communicate", 1, 1), ("other", 0, None)]


def test_a_new_condition_is_verified(desk: Desk, people: People) -> None:
    ident, _ = add_licence(desk, people)
    do(desk, people["Liv"], add, {"text": "Ask first."}, "BIS's letter", licence=ident)
    with desk.read() as connection:
        assert verified(connection, read_whole(connection, ident)) is None


@pytest.mark.parametrize("said", [
    {}, {"text": ""}, {"text": "a", "kind": "notify_bis"}, {"text": "a", "kind": "communicate"},
    {"text": "a", "recurs": "monthly"}, {"text": "a", "stops_when_overdue": True},
    {"text": "a", "recurs": "daily", "due_on": "2025-10-31"},
    {"text": "a", "recurs": "monthly", "due_on": "2025-10-31", "before_shipment": True},
    {"text": "a", "before_shipment": "yes"}, {"text": "a", "due_on": "soon"},
    {"text": "a", "state": "met"}, {"text": "x" * 20_001},
], ids=lambda said: str(said)[:40])  # fmt: skip
def test_what_is_no_condition(said: dict[str, Any]) -> None:
    from klartecken.desk.licences.conditions import read

    with pytest.raises(InputError):
        read(said)


def test_of_a_licence_or_of_a_line(desk: Desk, people: People) -> None:
    for where in ({}, {"licence": 1, "line": 1}):
        with pytest.raises(InputError):
            do(desk, people["Liv"], add, {"text": "a"}, "why", **where)
        with pytest.raises(InputError):
            do(desk, people["Liv"], notify_bis, "a", **where)


def test_who_may(desk: Desk, people: People) -> None:
    add_licence(desk, people, conditions=[{"text": "Ask first.", "before_shipment": True}])
    for name in ("Pia", "Ann", "Ada", "Vic", "Sam"):
        with pytest.raises(Forbidden):
            do(desk, people[name], meet, 1, "asked")
    with pytest.raises(Forbidden):
        do(desk, people["Liv"], end, 1, "no longer")
    both = Person(people["Liv"].id, "Liv", frozenset({"licence_manager", "approver"}))
    with pytest.raises(Refused):
        do(desk, both, end, 1, "no longer")
    for wrong in ("", " "):
        with pytest.raises(InputError):
            do(desk, people["Liv"], meet, 1, wrong)
    with pytest.raises(Stale):
        do(desk, people["Liv"], meet, 1, "asked", expected=4)
    do(desk, people["Ann"], end, 1, "the item needs no licence any more")
    assert tasks(desk)[0]["state"] == "ended"


def test_all_states_and_all_events(desk: Desk, people: People) -> None:
    add_licence(desk, people, conditions=[{"text": "Ask first."}])
    acts = {"meet": (meet, "Liv"), "end": (end, "Ann"), "reopen": (reopen, "Liv")}
    assert set(acts) == set(CONDITION.events)
    for state in CONDITION.states:
        with desk.work(DESK, HERE) as work:
            work.update(CONDITIONS, 1, "tests.state", {"state": state})
        before = tasks(desk)
        legal = {move.event: move.target for move in CONDITION.after(state)}
        for event, (act, name) in acts.items():
            if event in legal:
                with pytest.raises(ZeroDivisionError), desk.work(people[name], HERE) as work:  # noqa: PT012
                    act(work, 1, "a reason")
                    assert work.get(CONDITIONS, 1)["state"] == legal[event]
                    raise ZeroDivisionError  # undone
            else:
                with pytest.raises(IllegalEvent):
                    do(desk, people[name], act, 1, "a reason")
            assert tasks(desk) == before


def test_what_is_due(desk: Desk, people: People) -> None:
    add_licence(desk, people, conditions=[
        {"text": "a", "due_on": "2025-07-20"}, {"text": "b", "due_on": "2025-07-10"},
        {"text": "c"}, {"text": "d", "due_on": "2025-07-12", "ends_on": "2025-07-12"},
    ])  # fmt: skip
    line = add_line(desk)
    do(desk, people["Pia"], notify_bis, "Another owner.", line=line["id"], due_on="2025-07-15")
    with desk.read() as connection:
        assert [row["text"] for row in due(connection, day())] == ["b", "Another owner."]
        assert [row["text"] for row in due(connection, day(), 5)] == ["b", "Another owner.", "a"]
