"""A run over all open lines: what changed is written down, what is newer is never undone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

import klartecken as kt
from klartecken.decide.ask import shipped_world
from klartecken.desk.desk import Desk
from klartecken.desk.errors import Forbidden, IllegalEvent
from klartecken.desk.evidence.papers import PaperBook
from klartecken.desk.holds import Hold
from klartecken.desk.ledger.verify import verify
from klartecken.desk.licences.books import LicenceBook
from klartecken.desk.orders import evaluate, reevaluate
from klartecken.desk.orders.content import content_of
from klartecken.desk.orders.settle import Finding
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables.orders import LINE_HOLDS, LINES, RELEASES, RUNS
from klartecken.desk.work import find
from klartecken.parties.party import Party
from klartecken.parties.register.record import Registered, register_of
from tests.desk.orders.hand import Hand, codes
from tests.desk.orders.rows import DAY, listing
from tests.desk.world import HERE, line, nobody_listed

CHINESE = {"item": "nvidia-h20", "destination": "CN", "facts": {"hq": "CN", "parent_hq": "CN"}}


def test_nothing_changed_nothing_written(hand: Hand) -> None:
    hand.released(1)
    hand.h20(2)
    before = hand.everything()
    report = hand.evaluate()
    assert (report.lines, report.changed, report.held_again, report.lapsed) == (2, 0, 0, 0)
    after = hand.everything()
    same = {name for name in before if before[name] == after[name]}
    assert {*before} - same <= {"runs", "ledger", "ledger_keys"}
    assert report.states == {"released": 1, "held": 1}


def test_who_may(hand: Hand) -> None:
    before = hand.everything()
    for name in ("Vic", "Aud", "Ada"):
        with pytest.raises(Forbidden):
            hand.evaluate(name)
    assert hand.everything() == before


def test_lists_that_change_hold_what_was_released(hand: Hand) -> None:
    ident = hand.released(1)["id"]
    other = hand.enter(2)["id"]
    free = hand.enter(3, consignee="Andere AG", end_user="Andere AG")["id"]
    hand.lists(listing())
    report = hand.evaluate()
    assert (report.changed, report.held_again) == (2, 1)
    assert [hand.now(n)["state"] for n in (ident, other, free)] == ["held", "held", "ready"]
    assert hand.release_of(ident)["ended_why"].startswith("a party may be on a list")
    with pytest.raises(IllegalEvent):
        hand.ship(ident)
    hand.lists(listing("false_positive"))
    assert hand.evaluate().changed == 2
    assert hand.now(ident)["state"] == "ready"  # and waits for a new release
    assert hand.now(ident)["release"] is None
    hand.lists(listing("match"))
    hand.evaluate()
    assert codes(hand.now(ident)) == ["licence_required"]


def test_a_register_that_changes(hand: Hand) -> None:
    ident = hand.enter(1, facts={})["id"]
    assert codes(hand.now(ident)) == ["undetermined"]
    known = Registered(Party("Beispiel Rechenzentrum GmbH", id="1"), hq="DE", parent_hq="DE")
    hand.lists(nobody_listed(register=register_of({"1": known})))
    assert hand.evaluate().changed == 1
    assert hand.now(ident)["state"] == "ready"


def reformed(hand: Hand) -> Desk:
    """The same desk under a law by which all chips need a licence, for everywhere."""
    world = shipped_world()
    reform = kt.read_reform("ai-diffusion-enforced")
    return Desk(hand.desk.engine, hand.desk.contexts, hand.clock, world.under(reform))


def test_another_law_holds_what_was_released(hand: Hand) -> None:
    hand.clock.go("2025-06-02")
    ident = hand.released(1, item="nvidia-h100-sxm", destination="IN",
                          facts={"hq": "IN", "parent_hq": "IN"})["id"]  # fmt: skip
    hand.desk = reformed(hand)
    report = hand.evaluate()
    assert report.held_again == 1
    assert codes(hand.now(ident)) == ["licence_required"]
    assert hand.release_of(ident)["state"] == "withdrawn"


def test_days_that_pass(hand: Hand) -> None:
    ident = hand.released()["id"]
    hand.clock.go("2025-07-20")
    assert hand.evaluate().lapsed == 0
    hand.clock.go("2025-07-21")
    report = hand.evaluate()
    assert (report.lapsed, report.held_again) == (1, 0)
    assert hand.now(ident)["state"] == "ready"
    assert hand.release_of(ident)["state"] == "lapsed"
    hand.clock.go("2025-04-08")
    chinese = hand.h20(2)["id"]
    assert hand.now(chinese)["state"] == "ready"
    hand.clock.go("2025-04-09")
    hand.evaluate()
    assert codes(hand.now(chinese))[0] == "licence_required"


def test_papers_that_change(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = hand.enter(1, facts={})["id"]
    seats = {"consignee_hq": "DE", "parent_hq": "DE"}
    monkeypatch.setattr(PaperBook, "facts", lambda *_asked: seats)
    assert hand.evaluate().changed == 1
    assert hand.now(ident)["state"] == "ready"


def test_some_lines_alone(hand: Hand) -> None:
    idents = [hand.enter(n)["id"] for n in (1, 2)]
    hand.lists(listing())
    hand.evaluate("Rut", idents[1], 99)
    assert [hand.now(n)["state"] for n in idents] == ["ready", "held"]


# -- whatever happens meanwhile --------------------------------------------------------------
def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Callable[[], Any], part: int = 1) -> None:
    """Something happens after a run has worked out its answers, and before it writes them."""
    work_out = reevaluate._work_out

    def later(run: Any, idents: Sequence[int] | None) -> list[Finding]:
        found = work_out(run, idents)
        do()
        return found

    monkeypatch.setattr(reevaluate, "_work_out", later)
    monkeypatch.setattr(reevaluate, "PART", part)


def sound(hand: Hand) -> None:
    """What holds of all lines, always."""
    with hand.desk.read() as connection:
        lines = {row["id"]: row for row in find(connection, LINES)}
        releases = find(connection, RELEASES)
        index = {tuple(row) for row in connection.execute(LINE_HOLDS.select())}
    assert index == {(row["id"], code) for row in lines.values() for code in codes(row)}
    for row in lines.values():
        assert row["content"] == content_of(row)
        valid = [one for one in releases if one["line"] == row["id"] and one["state"] == "valid"]
        assert len(valid) == (row["state"] == "released")
        assert (row["state"] == "held") == bool(row["holds"])
        assert row["first_hold"] == (codes(row) or [""])[0]
        if valid:
            assert (valid[0]["id"], valid[0]["content"]) == (row["release"], row["content"])
        if row["state"] == "shipped":
            (used,) = (one for one in releases if one["id"] == row["release"])
            assert (used["state"], used["content"]) == ("used", row["content"])


def test_later_parts_do_not_undo_what_was_done_meanwhile(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first part sees that somebody wrote; the ones after it must not forget."""
    idents = [hand.enter(n)["id"] for n in range(1, 4)]
    gone, edited, left = hand.enter(4)["id"], hand.enter(5)["id"], hand.released(6)["id"]
    marked = hand.released(7)["id"]
    hand.clock.go("2025-07-16")

    def do() -> None:
        hand.cancel(gone)
        hand.edit(edited, **CHINESE)
        hand.ship(left)
        hand.hold(marked)

    listed = listing()
    with monkeypatch.context() as patched:
        meanwhile(patched, do)
        work_out = reevaluate._work_out

        def all_held(run: Any, wanted: Sequence[int] | None) -> list[Finding]:
            """As if the lists that it looked at had everybody on them."""
            found = work_out(run, wanted)
            bad = evaluate.evaluate_one(found[0].row, DAY, hand.desk.world, listed)[0]
            return [replace(one, found=bad, holds=bad.party_holds) for one in found]

        patched.setattr(reevaluate, "_work_out", all_held)
        hand.evaluate()
    assert [codes(hand.now(n)) for n in idents] == [["party_hit", "undetermined"]] * 3
    assert hand.now(gone)["state"] == "cancelled"
    assert "licence_required" in codes(hand.now(edited))
    assert hand.now(left)["state"] == "shipped"
    assert "manual" in codes(hand.now(marked))
    sound(hand)


def test_a_line_that_is_edited_meanwhile_gets_its_own_answer(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = hand.enter(1)["id"], hand.h20(2)["id"]

    def do() -> None:
        hand.edit(one, **CHINESE)
        hand.edit(two, item="nvidia-l40s", destination="DE", facts={"hq": "DE", "parent_hq": "DE"})

    for part in (1, 2):
        with monkeypatch.context() as patched:
            meanwhile(patched, do, part)
            hand.evaluate()
        assert [hand.now(n)["state"] for n in (one, two)] == ["held", "ready"]
        sound(hand)
        one, two = two, one


def test_lists_that_change_meanwhile_are_the_ones_that_count(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs: the one that began with older lists must not undo what the other found."""
    ident = hand.released(1)["id"]

    def do() -> None:
        hand.lists(listing())
        with monkeypatch.context() as plain:
            plain.setattr(reevaluate, "_work_out", work_out)
            hand.evaluate("Ann")

    work_out = reevaluate._work_out
    with monkeypatch.context() as patched:
        meanwhile(patched, do)
        hand.evaluate()
    assert codes(hand.now(ident))[0] == "party_hit"
    sound(hand)


def test_papers_that_change_meanwhile(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = hand.released(1)["id"]

    def do() -> None:
        facts = {"cluster_fp64_pflops": "120", "consignee_hq": "CN"}
        monkeypatch.setattr(PaperBook, "facts", lambda *_asked: facts)
        hand.hold(hand.enter(2)["id"])

    with monkeypatch.context() as patched:
        meanwhile(patched, do)
        hand.evaluate()
    row = hand.now(ident)
    assert row["state"] != "released"
    assert hand.evaluate().changed == 0
    assert row == hand.now(ident)


def test_licences_are_asked_of_each_line(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    line_ = hand.licensed(1)
    hand.release(line_["id"])
    monkeypatch.setattr(LicenceBook, "holds", lambda *_asked: [Hold("licence_not_covering", "x")])
    assert hand.evaluate().held_again == 1
    assert codes(hand.now(line_["id"])) == ["licence_not_covering"]


# -- in parts and at once --------------------------------------------------------------------
def test_parts_are_told_as_they_are_done(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.book(*(line(n) for n in range(1, 8)))
    monkeypatch.setattr(reevaluate, "PART", 3)
    told: list[int] = []
    report = reevaluate.reevaluate(hand.desk, hand.people["Rut"], HERE, progress=told.append)
    assert (report.lines, told) == (7, [3, 3, 1])
    with hand.desk.read() as connection:
        run = find(connection, RUNS, kind="reevaluate")[-1]
    assert run["counts"] == report.to_dict()
    assert run["finished_at"] > run["started_at"]


def test_a_run_that_is_stopped_is_finished_by_the_next(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    idents = [hand.released(n)["id"] for n in range(1, 4)]
    hand.lists(listing())

    class Stopped(Exception):
        """The program is stopped."""

    def stop(_count: int) -> None:
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(reevaluate, "PART", 1)
        with pytest.raises(Stopped):
            reevaluate.reevaluate(hand.desk, hand.people["Rut"], HERE, progress=stop)
    assert [hand.now(n)["state"] for n in idents] == ["held", "released", "released"]
    sound(hand)
    assert hand.evaluate().held_again == 2
    sound(hand)


def test_everybody_at_once(hand: Hand, people: dict[str, Person]) -> None:
    """Threads enter, edit, release, ship, hold and evaluate: what they leave is sound."""
    idents = [hand.enter(n)["id"] for n in range(1, 5)]
    failures: list[BaseException] = []
    gate = threading.Barrier(5)

    def run(acts: Sequence[Callable[[int], Any]]) -> None:
        try:
            gate.wait(30)
            for turn in range(4):
                for act in acts:
                    try:
                        act(idents[turn % len(idents)])
                    except kt.errors.KlarteckenError:
                        continue
        except BaseException as err:  # told below, in the test's own thread
            failures.append(err)

    acts: list[list[Callable[[int], Any]]] = [
        [lambda n: hand.release(n), lambda n: hand.ship(n)],
        [lambda n: hand.edit(n, quantity=str(1 + n)), lambda n: hand.edit(n, quantity="8")],
        [lambda _n: hand.evaluate(), lambda _n: hand.evaluate("Ari")],
        [lambda n: hand.hold(n, "Ari"), lambda n: hand.lift(n, "Ari"), lambda n: hand.release(n)],
        [lambda _n: hand.lists(listing()), lambda n: hand.evaluate("Pia", n),
         lambda _n: hand.lists(nobody_listed()), lambda n: hand.take_back(n)],
    ]  # fmt: skip
    threads = [threading.Thread(target=run, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures
    assert not any(thread.is_alive() for thread in threads)
    sound(hand)
    hand.lists(nobody_listed())
    hand.evaluate()
    sound(hand)
    with hand.desk.read() as connection:
        assert verify(connection).ok


def test_a_run_asks_the_database_no_more_for_many_lines_than_for_few(hand: Hand) -> None:
    counted: list[int] = []
    asked = [0]

    def count(*_said: Any) -> None:
        asked[0] += 1

    event.listen(hand.desk.engine, "before_cursor_execute", count)
    for first, last in ((1, 45), (46, 200)):
        hand.book(*(line(n) for n in range(first, last)))
        asked[0] = 0
        hand.evaluate()
        counted.append(asked[0])
    assert counted[1] <= counted[0] + 3
