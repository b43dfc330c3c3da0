"""A release: four eyes, some days, one content, one answer; and leaving on it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text, update

from klartecken.decide.replay import replay
from klartecken.desk.errors import (
    ChainBroken,
    Conflict,
    Forbidden,
    IllegalEvent,
    NotFound,
    Refused,
    Stale,
)
from klartecken.desk.orders import enter, release
from klartecken.desk.orders.evaluate import evaluate_many, evaluate_one
from klartecken.desk.orders.judge import Books
from klartecken.desk.people import breakglass
from klartecken.desk.people.accounts import change_person, person
from klartecken.desk.people.approvals import APPROVED
from klartecken.desk.settings import change_setting
from klartecken.desk.storage.connect import writing
from klartecken.desk.storage.tables.orders import LINES, RELEASES
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.storage.tables.records import RECEIPTS
from klartecken.desk.work import find
from klartecken.errors import InputError
from klartecken.parties.decisions.record import Decisions
from klartecken.parties.resolve.context import Context
from tests.desk.orders.hand import LICENSED, Hand, codes
from tests.desk.orders.rows import DAY, OLD, WORLD, lists, match, row
from tests.desk.orders.test_judge import NAC, Says, answer
from tests.desk.world import nobody_listed
from tests.parties import fake, owners


def test_a_release_holds_for_this_content_and_keeps_its_receipt(hand: Hand) -> None:
    ident = hand.enter()["id"]
    line = hand.release(ident)
    given = hand.release_of(ident)
    assert (line["state"], line["release"]) == ("released", given["id"])
    assert given["content"] == line["content"]
    assert (given["authorisation"], given["authorised_by"]) == ("nlr", "NLR")
    assert given["until"] == DAY + timedelta(5)
    assert (given["under"], given["state"]) == (line["under"], "valid")
    with hand.desk.read() as connection:
        body = connection.execute(
            select(RECEIPTS.c.body).where(RECEIPTS.c.seal == given["receipt"])
        ).scalar_one()
    assert replay(body).same
    assert replay(body).outcome == line["outcome"] == "no_licence_required"


def test_nobody_releases_what_went_through_their_hands(hand: Hand) -> None:
    roles = ["approver", "preparer", "licence_manager"]
    for name in ("Pia", "Per", "Ann", "Ari"):
        hand.do("Ada", lambda w, n=name: change_person(w, hand.people[n].id, roles=roles))  # type: ignore[misc]
    with hand.desk.read() as connection:
        hand.people = {name: person(connection, one.id) for name, one in hand.people.items()}
    ident = hand.enter(by="Pia")["id"]
    hand.edit(ident, by="Per", quantity="9")
    hand.edit(ident, by="Ann", quantity="8")  # of an earlier editor much may still stand there
    before = hand.everything()
    for name in ("Pia", "Per", "Ann"):
        with pytest.raises(Refused, match="entered, edited or assigned"):
            hand.release(ident, by=name)
    assert hand.everything() == before
    hand.exception(ident, "ACA", by="Ari")
    with pytest.raises(Refused, match="who prepared it"):
        hand.decide(ident, by="Per")
    hand.unassign(ident, by="Ari")
    with pytest.raises(Refused, match="entered, edited or assigned"):
        hand.release(ident, by="Ari")
    for name in ("Rut", "Liv", "Vic", "Aud", "Ada", "Sam"):
        with pytest.raises(Forbidden):
            hand.release(ident, by=name)


def test_an_override_counts_for_what_it_was_asked_for(hand: Hand) -> None:
    """Two people set the missing approval aside: not that of whatever is assigned later."""
    places = [hand.new_licence(number=f"D100000{n}") for n in (1, 2)]
    ident = hand.h20(**LICENSED)["id"]
    hand.licence(ident, places[0])
    asked = hand.do("Pia", lambda w: breakglass.ask(w, ident, ["not_approved"], "a hospital waits"))
    for name in ("Pia", "Liv"):
        with pytest.raises((Refused, Forbidden)):
            hand.do(name, lambda w: breakglass.second(w, asked, "agreed"))
    hand.do("Ann", lambda w: breakglass.second(w, asked, "agreed"))
    hand.evaluate()
    assert hand.now(ident)["state"] == "ready"
    assert codes(hand.licence(ident, places[1])) == ["not_approved"]
    assert hand.licence(ident, places[0])["state"] == "ready"
    assert codes(hand.edit(ident, quantity="7"))[0] == "licence_required"


def test_the_days_of_a_release(hand: Hand) -> None:
    ident = hand.enter()["id"]
    for days in (-1, 6, 2.5, True, "3"):
        with pytest.raises(Refused, match="0 to 5 days"):
            hand.release(ident, days=days)
    hand.release(ident, days=0)
    assert hand.release_of(ident)["until"] == DAY
    hand.do("Rut", lambda work: change_setting(work, "release_days", 30))
    other = hand.enter(2)["id"]
    hand.release(other)
    assert hand.release_of(other)["until"] == DAY + timedelta(30)


def test_the_version_that_was_seen(hand: Hand) -> None:
    row = hand.enter()
    with pytest.raises(Stale):
        hand.release(row["id"], expected=row["version"] - 1)
    hand.release(row["id"], expected=row["version"])
    with pytest.raises(Stale):
        hand.ship(row["id"], expected=row["version"])
    with pytest.raises(NotFound):
        hand.release(10**30)


def test_a_release_ends_before_the_law_changes(hand: Hand) -> None:
    hand.clock.go("2025-04-07")
    ident = hand.h20()["id"]
    hand.release(ident)
    assert hand.release_of(ident)["until"] == date(2025, 4, 8)  # the letter came on the 9th
    hand.clock.go("2025-04-09")
    with pytest.raises(Refused, match="the release holds from"):
        hand.ship(ident)
    shipped = hand.ship(ident, on=date(2025, 4, 8))  # it did leave, and is written down late
    assert shipped["shipped_on"] == date(2025, 4, 8)
    assert codes(hand.h20(2))[0] == "licence_required"


def test_a_release_ends_before_a_suspension_does(hand: Hand) -> None:
    hand.clock.go("2026-11-07")
    hand.lists(lists(match(fake.MARLOW), owners=owners.Chain()))
    line = hand.enter(consignee="Nordlicht Oy", end_user="Nordlicht Oy", destination="FI",
                      facts={"consignee_hq": "FI", "parent_hq": "FI"})  # fmt: skip
    assert (line["state"], line["outcome"]) == ("ready", "no_licence_required")
    hand.release(line["id"])
    assert hand.release_of(line["id"])["until"] == date(2026, 11, 9)


def test_a_release_ends_before_the_lists_are_too_old(hand: Hand) -> None:
    hand.lists(nobody_listed(fake.snapshot(day=date(2025, 7, 10)), max_age=7))
    ident = hand.released()["id"]
    assert hand.release_of(ident)["until"] == date(2025, 7, 17)
    hand.clock.go("2025-07-18")
    assert hand.evaluate().held_again == 1
    assert codes(hand.now(ident)) == ["lists_old", "undetermined"]


def test_a_release_ends_before_a_decision_does(hand: Hand) -> None:
    ends = date(2025, 7, 16)
    decision = match(fake.MARLOW, verdict="false_positive")
    short = Decisions((decision.__class__(**{**vars_of(decision), "until": ends}),))
    hand.lists(nobody_listed(fake.snapshot(day=OLD), decisions=short))
    ident = hand.released(consignee="Marlow Sonics")["id"]
    assert hand.release_of(ident)["until"] == ends


def vars_of(record: object) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__slots__}  # type: ignore[attr-defined]


def test_a_release_ends_before_its_licence(hand: Hand) -> None:
    line = hand.licensed(1, hand.new_licence(expires_on="2025-07-17"))
    assert line["state"] == "ready", line["holds"]
    given = hand.release(line["id"])
    assert hand.release_of(line["id"])["until"] == date(2025, 7, 17)
    assert hand.release_of(line["id"])["authorised_by"] == "D1000001"
    assert given["authorisation"] == "licence"


def test_every_day_is_asked_for_holds(hand: Hand) -> None:
    """Also of papers and caps, which have turns of their own."""

    class Until:
        def __init__(self, last: date, code: str) -> None:
            self.last, self.code = last, code

        def facts(self, _row: object, _day: date) -> dict[str, str]:
            return {}

        def holds(self, _row: object, day: date, *_more: object) -> list[object]:
            from klartecken.desk.holds import Hold

            return [Hold(self.code)] if day > self.last else []

    held = {**row(), "authorisation": "exception", "exception": "NAC"}
    found = answer("exception_available", NAC)
    for place in range(3):
        says: list[object] = [Says(), Says(), Says()]
        says[place] = Until(DAY + timedelta(2), "cap")
        books = Books(*says, {}, {1: {release_content(held)}}, {})  # type: ignore[arg-type]
        if place == 0:
            held = {**held, "authorisation": "licence", "licence_line": 1, "exception": ""}
            books = Books(*says, {}, {1: {release_content(held)}}, {})  # type: ignore[arg-type]
        last = release.last_day(hand.desk, held, books, found, DAY, DAY + timedelta(5))
        assert last == DAY + timedelta(2), place


def release_content(held: dict[str, object]) -> str:
    from klartecken.desk.orders.content import assignment

    return assignment(held)


def test_between_the_turns_the_answer_is_the_same() -> None:
    """What :func:`last_day` relies on, on every day from 2022 to 2027."""
    context = lists(match(fake.MARLOW), owners=owners.Chain())
    customer = "Nordlicht Oy"
    held = [
        row(item=item, destination=place, consignee=name, end_user=name,
            facts={"consignee_hq": seat, "parent_hq": seat})
        for item in ("nvidia-h20", "nvidia-l40s", "nvidia-a800-sxm-80gb")
        for place, seat, name in (("CN", "CN", "A"), ("AE", "AE", "A"), ("DE", "CN", "A"),
                                  ("FI", "FI", customer))
    ]  # fmt: skip
    days = [date(2022, 9, 1) + timedelta(n) for n in range(365 * 5)]
    found = evaluate_many([one for one in held for _ in days], days * len(held), WORLD, context)
    turns = {*WORLD.timeline.days, *context.turns}
    for place in range(len(held)):
        mine = found[place * len(days) : (place + 1) * len(days)]
        told = [(one.case_id, one.party_holds) for one in mine]
        changed = {day for day, was, now in zip(days[1:], told, told[1:], strict=False)
                   if was != now}  # fmt: skip
        assert changed <= turns
    assert len({one.case_id for one in found}) > 8


# -- what stands against it -----------------------------------------------------------------
def test_a_hold_that_nobody_wrote_down_yet_is_found(hand: Hand) -> None:
    ident = hand.enter()["id"]
    hand.lists(Context())  # the lists are gone
    before = hand.everything()
    with pytest.raises(Refused, match="the lists are missing"):
        hand.release(ident)
    assert hand.everything() == before
    assert hand.now(ident)["state"] == "ready"


def test_the_lists_of_now_count_when_it_leaves(hand: Hand) -> None:
    ident = hand.released()["id"]
    listed = fake.Entry("EL-new", "EL", "Beispiel Rechenzentrum GmbH")
    hand.lists(nobody_listed(fake.snapshot((listed,), OLD)))
    with pytest.raises(Refused, match="may be on a list"):
        hand.ship(ident)
    assert hand.evaluate().held_again == 1
    assert codes(hand.now(ident))[0] == "party_hit"


def test_a_held_line_is_not_released_and_says_why(hand: Hand) -> None:
    ident = hand.h20()["id"]
    with pytest.raises(IllegalEvent, match="a licence is required"):
        hand.release(ident)


def test_what_was_altered_behind_the_desk_does_not_leave(hand: Hand) -> None:
    ident, other = hand.enter()["id"], hand.released(2)["id"]
    with writing(hand.desk.engine) as connection:
        connection.execute(update(LINES).values(quantity=Decimal(5000)))
    with pytest.raises(ChainBroken, match="altered outside the desk"):
        hand.release(ident)
    with pytest.raises(ChainBroken, match="altered outside the desk"):
        hand.ship(other)


def test_an_edit_ends_the_release(hand: Hand) -> None:
    ident = hand.released()["id"]
    old = hand.now(ident)
    hand.edit(ident, note="call first", order_number="SO-9", ship_on="2025-07-16")
    assert hand.now(ident)["state"] == "released"  # nothing that the answer depends on
    edited = hand.edit(ident, quantity="9")
    assert (edited["state"], edited["release"]) == ("ready", None)
    assert edited["content"] != old["content"]
    assert hand.release_of(ident)["state"] == "withdrawn"
    with pytest.raises(IllegalEvent):
        hand.ship(ident)
    hand.edit(ident, quantity="8")  # as it was: the old release does not come back
    assert hand.now(ident)["content"] == old["content"]
    with pytest.raises(IllegalEvent):
        hand.ship(ident)


def test_an_edit_that_says_the_same_changes_nothing(hand: Hand) -> None:
    ident = hand.released()["id"]
    before = hand.everything()
    hand.edit(ident, quantity="8.000", destination="Germany", consignee=" Beispiel Rechenzentrum "
              "GmbH ", facts={"hq": "DE", "parent_hq": "DE"})  # fmt: skip
    assert hand.everything() == before


def test_a_bad_edit_changes_nothing(hand: Hand) -> None:
    ident = hand.released()["id"]
    before = hand.everything()
    for said in ({"quantity": "0"}, {"quantity": None}, {"colour": "red"}, {"external_id": "E-2"},
                 {"external_id": ""}, {"item": "nothing known"}, {"facts": {"chip": "x"}},
                 {"note": "\0"}):  # fmt: skip
        with pytest.raises((InputError, Refused)):
            hand.edit(ident, **said)
    assert hand.everything() == before


# -- leaving --------------------------------------------------------------------------------
def test_a_line_leaves_within_the_days_of_its_release(hand: Hand) -> None:
    ident = hand.enter()["id"]
    hand.clock.go("2025-07-16")
    hand.release(ident, days=2)
    for on in (date(2025, 7, 15), date(2025, 7, 19)):
        with pytest.raises((Refused, InputError)):
            hand.ship(ident, on=on)
    hand.clock.go("2025-07-19")
    with pytest.raises(Refused, match="the release holds from 2025-07-16 to 2025-07-18"):
        hand.ship(ident)
    with pytest.raises(InputError, match="future"):
        hand.ship(ident, on=date(2025, 7, 20))
    line = hand.ship(ident, on=date(2025, 7, 18), itn=" X20250718000001 ")
    assert (line["state"], line["shipped_on"]) == ("shipped", date(2025, 7, 18))
    assert line["itn"] == "X20250718000001"
    assert hand.release_of(ident)["state"] == "used"


def test_a_bad_itn_changes_nothing(hand: Hand) -> None:
    ident = hand.released()["id"]
    before = hand.everything()
    for itn in ("X\n1", "X" * 201, "X\0"):
        with pytest.raises(InputError):
            hand.ship(ident, itn=itn)
    assert hand.everything() == before


def test_a_release_that_is_no_longer_valid_lets_nothing_leave(hand: Hand) -> None:
    ident = hand.released()["id"]
    with writing(hand.desk.engine) as connection:
        connection.execute(update(RELEASES).values(state="withdrawn"))
    with pytest.raises(Refused):
        hand.ship(ident)


def test_another_answer_lets_nothing_leave(hand: Hand) -> None:
    ident = hand.released()["id"]
    with writing(hand.desk.engine) as connection:
        connection.execute(text("UPDATE lines SET case_id = 'another'"))
    with pytest.raises(Refused, match="no longer the one"):
        hand.ship(ident)


def test_what_is_used_of_a_licence(hand: Hand) -> None:
    place = hand.new_licence()
    line = hand.licensed(1, place)
    assert left(hand) == ("8", "0")
    hand.release(line["id"])
    hand.ship(line["id"])
    assert left(hand) == ("0", "8")
    hand.take_back(line["id"])
    assert left(hand) == ("0", "0")
    other = hand.licensed(2, place)
    hand.release(other["id"])
    hand.cancel(other["id"])
    assert left(hand) == ("0", "0")
    assert hand.release_of(other["id"])["state"] == "withdrawn"
    third = hand.licensed(3, place)
    hand.edit(third["id"], quantity="7")
    assert left(hand) == ("0", "0")
    assert codes(hand.now(third["id"])) == ["licence_required"]


def left(hand: Hand) -> tuple[str, str]:
    """What is reserved and what has left, of the one licence."""
    with hand.desk.read() as connection:
        from klartecken.desk.storage.tables.licences import LICENCE_LINES

        (held,) = find(connection, LICENCE_LINES)
    return str(held["reserved_quantity"]), str(held["shipped_quantity"])


# -- what is assigned -----------------------------------------------------------------------
def test_an_assignment_waits_for_a_second_person(hand: Hand) -> None:
    place = hand.new_licence()
    ident = hand.h20(**LICENSED)["id"]
    assert codes(hand.licence(ident, place)) == ["not_approved"]
    for name in ("Pia", "Liv"):
        with pytest.raises((Forbidden, Refused)):
            hand.decide(ident, by=name)
    assert codes(hand.decide(ident, approve=False)) == ["not_approved"]
    with pytest.raises(NotFound):
        hand.decide(ident)
    hand.unassign(ident)
    hand.licence(ident, place)
    assert hand.decide(ident)["state"] == "ready"


def test_an_approval_is_bound_to_what_was_assigned(hand: Hand) -> None:
    ident = hand.licensed()["id"]
    assert hand.now(ident)["state"] == "ready"
    hand.release(ident)
    assert codes(hand.exception(ident)) == ["exception_conditions", "nac_notice", "not_approved"]
    assert hand.release_of(ident)["state"] == "withdrawn"
    assert left(hand) == ("0", "0")
    assert "not_approved" in codes(hand.licence(ident, 1))
    with hand.desk.read() as connection:
        assert not find(connection, APPROVALS, state=APPROVED, subject="lines")


def test_an_approval_asked_before_an_edit_is_no_longer_open(hand: Hand) -> None:
    ident = hand.h20(**LICENSED)["id"]
    hand.licence(ident, hand.new_licence())
    hand.edit(ident, quantity="2")
    with pytest.raises(NotFound):
        hand.decide(ident)
    assert codes(hand.now(ident)) == ["licence_required"]


def test_a_line_that_needs_no_licence_leaves_without_the_one_assigned(hand: Hand) -> None:
    place = hand.new_licence()
    ident = hand.enter(**LICENSED)["id"]
    hand.licence(ident, place)
    assert codes(hand.now(ident)) == ["not_approved"]
    hand.decide(ident)
    hand.release(ident)
    assert hand.release_of(ident)["authorisation"] == "nlr"
    assert hand.release_of(ident)["licence_line"] is None
    hand.ship(ident)
    assert left(hand) == ("0", "0")
    hand.take_back(ident)


def test_what_can_be_assigned(hand: Hand) -> None:
    ident = hand.h20()["id"]
    before = hand.everything()
    for symbol in ("XYZ", "", "742.6", "\0"):
        with pytest.raises((Refused, InputError)):
            hand.exception(ident, symbol)
    with pytest.raises(NotFound):
        hand.licence(ident, 99)
    with pytest.raises(NotFound):
        hand.licence(ident, 2**80)
    assert hand.everything() == before
    assert codes(hand.exception(ident, "nac"))[0] == "exception_conditions"


def test_an_id_is_entered_once(hand: Hand) -> None:
    hand.enter()
    before = hand.everything()
    with pytest.raises(Conflict, match="there is already a line"):
        hand.enter()
    with pytest.raises(InputError):
        hand.do("Pia", lambda work: enter.enter(hand.desk, work, {"external_id": "E-9"}))
    assert hand.everything() == before


def test_the_answer_that_a_release_rests_on_is_that_of_the_line_alone(hand: Hand) -> None:
    line = hand.released()
    found, _ = evaluate_one(line, DAY, WORLD, hand.desk.context)
    assert found.case_id == line["case_id"]
