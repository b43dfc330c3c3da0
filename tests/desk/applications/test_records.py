"""Applications as records: references, checklist, files, what can be found by what."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import update

from klartecken.desk import attachments
from klartecken.desk.applications import checklist
from klartecken.desk.applications.changes import material_change, resubmit
from klartecken.desk.applications.records import attach, create, detach, edit, tick
from klartecken.desk.applications.validate import findings
from klartecken.desk.applications.view import late, listed, rung, shown
from klartecken.desk.desk import Desk
from klartecken.desk.errors import (
    ChainBroken,
    Conflict,
    Forbidden,
    IllegalEvent,
    NotFound,
    Refused,
    Stale,
)
from klartecken.desk.machines.application import APPLICATION
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.licences import CONDITIONS, LICENCES
from klartecken.desk.storage.tables.records import ATTACHMENTS, BLOBS
from klartecken.desk.work import find
from klartecken.errors import DataError, InputError
from klartecken.law.load import load_law
from tests.desk.applications.make import (
    People,
    approved,
    brought,
    drafted,
    entries,
    happened,
    ready,
    row,
)
from tests.desk.clock import Clock
from tests.desk.ledger.things import unguarded
from tests.desk.world import HERE

PDF = b"%PDF-1.7\nhello"


def test_references(desk: Desk, people: People) -> None:
    with desk.work(people["Pia"], HERE) as work:
        assert create(work, {}) == 1
        assert create(work, {}, reference="A-00003") == 2
        assert create(work, {}) == 3
        with pytest.raises(Conflict):
            create(work, {}, reference="A-00001")
        for wrong in ("Z123456", "x\0", "x" * 300):
            with pytest.raises(InputError):
                create(work, {}, reference=wrong)
        with pytest.raises(NotFound):
            create(work, {}, line=99)
        for said in ({"review_policy": "denial"}, {"paths": ["february_2026"]}):
            with pytest.raises(InputError):
                create(work, {}, **said)
    with desk.read() as connection:
        held = listed(connection)
    assert [one["reference"] for one in held] == ["A-00001", "A-00003", "A-00004"]


@pytest.mark.parametrize("name", ["Ann", "Vic", "Ada", "Aud", "Sam", "Rut"])
def test_who_may_not_make_one(desk: Desk, people: People, name: str) -> None:
    with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
        create(work, {})


# -- what can be found ---------------------------------------------------------------------------
def test_each_key_finds_it(desk: Desk, people: People) -> None:
    form = ready(order_numbers=["SO-77"], replaces_licence="D999", ship_from="US",
                 euc_ref={"country": "JP", "number": "EUC-5"})  # fmt: skip
    ident = drafted(desk, people, form)
    drafted(desk, people, ready(parties=[]))
    with desk.work(people["Pia"], HERE) as work:
        renamed = ready(order_numbers=["SO-78"])
        renamed["parties"][1]["name"] = "New Lantern Computing"
        edit(work, ident, renamed)
    with desk.read() as connection:
        for key in ({"party": "lantern  CLOUD computing"}, {"party": "New Lantern Computing"},
                    {"country": "cn"}, {"country": "JP"}, {"reference": "SO-77"},
                    {"reference": "SO-78"}, {"reference": "EUC-5"}, {"reference": "d999"},
                    {"reference": "A-00001"}):  # fmt: skip
            assert [one["id"] for one in listed(connection, **key)] == [ident], key
        assert listed(connection, party="Lantern") == []
        assert len(listed(connection, country="US")) == 2


def test_pages_and_filters(desk: Desk, people: People) -> None:
    with desk.work(people["Pia"], HERE) as work:
        for _ in range(5):
            create(work, {})
    brought(desk, people, "referred")
    with desk.read() as connection:
        assert [one["id"] for one in listed(connection, limit=2, after=2)] == [3, 4]
        assert [one["id"] for one in listed(connection, state="pending")] == [6]
        assert len(listed(connection, state="draft")) == 5
        assert listed(connection, state="granted") == []
        policy = listed(connection, review_policy="presumption_of_denial")
        assert [one["id"] for one in policy] == [6]
        for wrong in ({"state": "free"}, {"limit": 0}, {"limit": 501}, {"after": -1}):
            with pytest.raises(InputError):
                listed(connection, **wrong)  # type: ignore[arg-type]


def test_as_it_is_shown(desk: Desk, people: People, clock: Clock) -> None:
    ident = brought(desk, people, "referred")
    clock.pass_days(40)
    with desk.read() as connection:
        held = shown(connection, ident, clock().date())
        behind = list(late(connection, clock().date()))
    assert held["rung"] == 4
    assert held["days"] == {"counted": 40, "not_counted": 0}
    assert [due["code"] for due in held["overdue"]] == ["agency_recommendation"]
    assert "grant" in held["events"]
    assert [(one["id"], len(past)) for one, past in behind] == [(ident, 1)]
    assert row(desk, ident)["state"] == "referred"  # overdue decides nothing


def test_no_state_is_the_top_of_the_ladder() -> None:
    held = {state: rung(state) for state in APPLICATION.states}
    assert {*held.values()} == {None, 3, 4, 5}
    assert held["returned_without_action"] is None
    assert held["denied"] is None


def test_a_return_is_no_answer(desk: Desk, people: People, clock: Clock) -> None:
    ident = brought(desk, people, "returned_without_action")
    with desk.read() as connection:
        assert "nothing about any line" in shown(connection, ident, clock().date())["note"]


# -- the checklist -------------------------------------------------------------------------------
def test_the_lists_name_facts_and_provisions_of_the_law() -> None:
    law = load_law()
    provisions = {*law.provisions}
    lists = checklist.checklists()
    assert {one.provision for one in lists.values()} - {""} <= provisions
    january = lists["january_2026"]
    facts = [item["fact"] for item in january.items if item["fact"]]
    assert facts == list(law.vocabulary.bundles["dd_conditions"])
    assert [item["id"] for item in january.items] == [str(n) for n in range(1, 12)]
    assert {item["tag"] for item in january.items} == {"primary", "secondary"}


def test_a_broken_list_is_told() -> None:
    from klartecken.desk.applications.checklist import read_checklist

    item = {"id": "1", "text": "x", "when": "filing", "cite": "", "tag": "memory"}
    entry = {"id": "x", "title": "X", "cite": "", "items": [item]}
    assert read_checklist(entry).items
    for wrong in ({"when": "later"}, {"tag": "rumour"}, {"document": "passport"}):
        with pytest.raises(DataError):
            read_checklist({**entry, "items": [{**item, **wrong}]})


def test_ticks(desk: Desk, people: People) -> None:
    ident = drafted(desk, people, paths=["january_2026"])
    with desk.work(people["Pia"], HERE) as work:
        for wrong in (("january_2026.99", "x"), ("january_2026.1", " "), ("january_2026.1", "\0")):
            with pytest.raises(InputError):
                tick(work, ident, *wrong)
        done = tick(work, ident, "january_2026.1", "price list of 2026-01-10")
        held = next(item for item in done["checklist"] if item["id"] == "january_2026.1")
        assert (held["done"], held["evidence"]) == (True, "price list of 2026-01-10")
        kept = edit(work, ident, paths=["january_2026"], review_policy="case_by_case")
        assert kept["checklist"] == done["checklist"]
        without = edit(work, ident, paths=[])
        assert all(item["id"].startswith("common.") for item in without["checklist"])


def test_a_tick_lets_the_approval_lapse(desk: Desk, people: People) -> None:
    ident = approved(desk, people)
    with desk.work(people["Per"], HERE) as work:
        done = tick(work, ident, "common.parties", "", done=False)
    assert done["state"] == "draft"
    assert people["Per"].id in done["authors"]


def test_what_is_for_the_export_is_ticked_later(desk: Desk, people: People) -> None:
    ident = drafted(desk, people)
    with desk.work(people["Pia"], HERE) as work:
        edit(work, ident, paths=["january_2026"], review_policy="case_by_case")
        for number in (*range(1, 10), 11):
            tick(work, ident, f"january_2026.{number}", "certificate")
    from klartecken.desk.applications.approval import ask_approval, decide

    with desk.work(people["Pia"], HERE) as work:
        ask_approval(work, ident)
    with desk.work(people["Ann"], HERE) as work:
        decide(work, ident, True, "fine")
    happened(desk, people, ident, "submit", acn="Z000001")
    with desk.work(people["Pia"], HERE) as work:
        done = tick(work, ident, "january_2026.10", "laboratory's certificate 12")
        assert done["state"] == "submitted"
        with pytest.raises(IllegalEvent):
            tick(work, ident, "january_2026.9", "", done=False)
    happened(desk, people, ident, "register")
    happened(desk, people, ident, "return", reason_code="deficiency")
    with pytest.raises(IllegalEvent), desk.work(people["Pia"], HERE) as work:
        tick(work, ident, "january_2026.10", "another one")


# -- files ---------------------------------------------------------------------------------------
def test_files_by_their_hash(desk: Desk, people: People) -> None:
    ident = approved(desk, people)
    with desk.work(people["Pia"], HERE) as work:
        one = attach(work, ident, name="po.pdf", body=PDF, kind="purchase_order")
        assert attach(work, ident, name="again.pdf", body=PDF, kind="purchase_order") == one
        two = attach(work, ident, name="po.pdf", body=PDF, kind="other")
    assert row(desk, ident)["state"] == "draft"  # what was approved is another now
    with desk.read() as connection:
        held, body = attachments.read(connection, one)
        assert (held["sha256"], body) == (hashlib.sha256(PDF).hexdigest(), PDF)
        assert held["media_type"] == "application/pdf"
        assert len(connection.execute(BLOBS.select()).all()) == 1
    with desk.work(people["Pia"], HERE) as work:
        with pytest.raises(InputError, match="reason"):
            detach(work, ident, two, " ")
        detach(work, ident, two, "twice")
        with pytest.raises(IllegalEvent):
            detach(work, ident, two, "twice")
    with desk.read() as connection:
        assert [file["id"] for file in attachments.of(connection, APPLICATIONS, ident)] == [one]


def test_altered_bytes_are_told(desk: Desk, people: People) -> None:
    ident = drafted(desk, people)
    with desk.work(people["Pia"], HERE) as work:
        made = attach(work, ident, name="a.txt", body=b"a")
        with unguarded(work.connection):
            work.connection.execute(update(BLOBS).values(body=b"b"))
    with desk.read() as connection, pytest.raises(ChainBroken):
        attachments.read(connection, made)


@pytest.mark.parametrize("name", [
    "", "../a.pdf", "a/b.pdf", "a\\b.pdf", ".hidden", "a.", "a\n.pdf", "x" * 300, "a:b", "a\0.pdf",
])  # fmt: skip
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(InputError):
        attachments.file_name(name)


def test_bodies_that_are_refused(desk: Desk, people: People, monkeypatch: object) -> None:
    for name, body in (("a.pdf", b"MZ"), ("a.txt", b"")):
        with pytest.raises(InputError):
            attachments.media_type_of(name, body)
    assert attachments.media_type_of("page.html", b"<p>") == attachments.ANYTHING
    with pytest.raises(InputError, match="more than"):
        attachments.media_type_of("big.bin", bytes(attachments.LARGEST + 1))
    ident = drafted(desk, people)
    before = entries(desk)
    with desk.work(people["Pia"], HERE) as work:
        with pytest.raises(InputError):
            attach(work, ident, name="a.pdf", body=PDF, on_file="somewhere")
        with pytest.raises(InputError):
            attachments.add(work, ATTACHMENTS, 1, name="a.pdf", body=PDF)
        with pytest.raises(NotFound):
            attachments.add(work, APPLICATIONS, 99, name="a.pdf", body=PDF)
        with pytest.raises(Stale):
            attach(work, ident, name="a.pdf", body=PDF, expected=1)
    with pytest.raises(Forbidden), desk.work(people["Vic"], HERE) as work:
        attach(work, ident, name="a.pdf", body=PDF)
    assert entries(desk) == before


def test_a_file_past_the_back_door_still_needs_an_approval(desk: Desk, people: People) -> None:
    ident = approved(desk, people)
    with desk.work(people["Pia"], HERE) as work:
        attachments.add(work, APPLICATIONS, ident, name="a.pdf", body=PDF)
    with pytest.raises(Refused, match="not for what it says now"):
        happened(desk, people, ident, "submit", acn="Z000001")


def test_files_after_the_filing(desk: Desk, people: People) -> None:
    ident = brought(desk, people, "registered")
    content = row(desk, ident)["content"]
    with desk.work(people["Pia"], HERE) as work:
        made = attach(work, ident, name="answer.pdf", body=PDF)
        with pytest.raises(IllegalEvent):
            detach(work, ident, made, "a mistake")
    assert row(desk, ident)["content"] == content


# -- material changes ----------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["referred", "approved_with_conditions"])
def test_a_material_change_is_a_task(desk: Desk, people: People, state: str) -> None:
    ident = brought(desk, people, state)
    with desk.work(people["Pia"], HERE) as work:
        made = material_change(work, ident, "the end user has another owner")
    with desk.read() as connection:
        tasks = find(connection, CONDITIONS, application=ident)
    assert [task["id"] for task in tasks] == made
    assert [(t["kind"], t["state"], t["before_shipment"]) for t in tasks] == [
        ("notify_bis", "open", 1)
    ]


def test_each_licence_gets_the_task(desk: Desk, people: People, clock: Clock) -> None:
    ident = brought(desk, people, "approved")
    with desk.work(people["Liv"], HERE) as work:
        licence = work.insert(LICENCES, "test", {
            "number": "D1", "regime": "us-ear", "application": ident, "acn": "Z000000",
            **dict.fromkeys(("holder", "exporter", "activity", "ship_from", "destination",
                             "end_use", "document_name", "document_sha256", "scope", "riders"), ""),
            "issued_on": clock().date(), "expires_on": clock().date(), "letters": [],
            "state": "issued", "registered_by": 6, "registered_at": work.now,
        })  # fmt: skip
        made = material_change(work, ident, "the end user has another owner", binds="Orrery")
    with desk.read() as connection:
        tasks = find(connection, CONDITIONS, application=ident)
    assert [(task["id"], task["licence"]) for task in tasks] == [(made[0], None),
                                                                 (made[1], licence)]  # fmt: skip


def test_filed_anew(desk: Desk, people: People) -> None:
    ident = brought(desk, people, "returned_without_action")
    with desk.work(people["Pia"], HERE) as work:
        new = resubmit(work, ident)
    held = row(desk, new)
    assert (held["state"], held["acn"], held["clock"], held["steps"]) == ("draft", None, [], [])
    assert held["form"]["resubmission_of"] == "Z000000"
    assert not any(item["done"] for item in held["checklist"])
    with desk.read() as connection:
        blocking = {f.code for f in findings(connection, held) if f.blocks}
    assert blocking == {"laden_unsaid", "certifier_missing", "checklist_open"}


@pytest.mark.parametrize("state", ["draft", "referred", "approved"])
def test_not_filed_anew(desk: Desk, people: People, state: str) -> None:
    ident = brought(desk, people, state)
    with pytest.raises(Refused), desk.work(people["Pia"], HERE) as work:
        resubmit(work, ident)


@pytest.mark.parametrize("state", ["draft", "denied", "withdrawn", "returned_without_action"])
def test_no_task_where_there_is_nothing_to_correct(
    desk: Desk, people: People, state: str
) -> None:  # fmt: skip
    ident = brought(desk, people, state)
    with desk.work(people["Pia"], HERE) as work:
        with pytest.raises(Refused):
            material_change(work, ident, "the end user has another owner")
        with pytest.raises(InputError):
            material_change(work, ident, " ")
