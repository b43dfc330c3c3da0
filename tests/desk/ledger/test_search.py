"""All records of a transaction are found by any one of the three keys (762.5(c))."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from klartecken.desk.desk import Desk
from klartecken.desk.ledger.keys import LONGEST, indexed, keys_of, sought
from klartecken.desk.ledger.search import (
    Page,
    entries,
    entries_of,
    search,
    spellings,
    transaction,
    transactions,
)
from klartecken.desk.ledger.verify import verify
from klartecken.desk.people.accounts import new_token
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.licences import LICENCES
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.work import Work
from klartecken.errors import InputError
from tests.desk.clock import Clock
from tests.desk.ledger.things import put, put_line, undone
from tests.desk.world import HERE

WHOLE = {("lines", 1), ("lines", 2), ("licences", 1), ("licence_parties", 1), ("conditions", 1),
         ("licence_lines", 1), ("movements", 1), ("evidence", 1), ("attachments", 1),
         ("attachments", 2), ("conditions", 2),
         ("approvals", 1), ("releases", 1), ("applications", 1)}  # fmt: skip


@pytest.mark.parametrize(
    "key",
    [
        {"party": "Lantern Cloud Computing"}, {"party": "  lantern   CLOUD computing "},
        {"party": "MULLER SOHNE S A"}, {"party": "müller & söhne, s.a."},
        {"country": "CN"}, {"country": "China"}, {"country": "cn"}, {"country": "germany"},
        {"reference": "SO-00001"}, {"reference": "so-00001"}, {"reference": "E-000001"},
        {"reference": "E-000002"}, {"reference": "D1234567"}, {"reference": "Z123456"},
        {"reference": "A-1"}, {"reference": "X20250715000001"},
    ],
    ids=lambda key: "-".join(*key.items()),
)  # fmt: skip
def test_every_key_finds_the_whole_transaction(busy: Desk, key: dict[str, str]) -> None:
    with busy.read() as connection:
        records, page = search(connection, limit=1000, **key)
    assert set(records) == WHOLE
    about = {(entry["subject"], entry["subject_id"]) for entry in page.rows}
    assert about == WHOLE
    assert [entry["seq"] for entry in page.rows] == sorted({e["seq"] for e in page.rows})
    assert page.next is None


@pytest.mark.parametrize(
    "key", [{"party": "Nobody"}, {"country": "FR"}, {"reference": "SO"}, {"reference": "d 1234567"}]
)
def test_nothing_else_is_found(busy: Desk, key: dict[str, str]) -> None:
    with busy.read() as connection:
        records, page = search(connection, **key)
    assert (records, list(page.rows), page.next) == ([], [], None)


def test_a_former_name_finds_it_too(busy: Desk) -> None:
    with undone(busy) as connection:
        work = Work(connection, DESK, datetime(2025, 8, 1, tzinfo=UTC), HERE)
        work.update(LINES, 2, "lines.edit", {"end_user": "Tidal Cloud Ltd"}, "renamed")
        work.finish()
        for name in ("Lantern Cloud Computing", "Tidal Cloud Ltd"):
            assert ("lines", 2) in transactions(connection, party=name).rows
        assert verify(connection).ok


def test_each_of_several_parties_finds_the_line(desk: Desk) -> None:
    with desk.work(DESK, HERE) as work:
        put_line(work, 1, end_user="Alpha Ltd | Beta, Inc.")
    with desk.read() as connection:
        for name in ("alpha ltd", "Beta Inc", "Alpha Ltd | Beta, Inc."):
            assert transactions(connection, party=name).rows == [("lines", 1)]
        assert spellings(connection, "party", "BETA,") == [
            "alpha ltd beta inc", "alpha ltd | beta, inc.", "beta inc", "beta, inc."]  # fmt: skip
        assert verify(connection).ok


def test_other_customers_of_a_licence_are_another_transaction(desk: Desk) -> None:
    """From the licence both are found; from one customer's line the other is not."""
    with desk.work(DESK, HERE) as work:
        licence = put(work, LICENCES, number="D1", issued_on=date(2025, 1, 1),
                      expires_on=date(2029, 1, 1), state="issued")  # fmt: skip
        from klartecken.desk.storage.tables.licences import LICENCE_LINES

        part = put(work, LICENCE_LINES, licence=licence, quantity="9", value="9", value_limit="9")
        put_line(work, 1, order_number="SO-1", end_user="Alpha", licence_line=part)
        put_line(work, 2, order_number="SO-2", end_user="Beta", licence_line=part)
        put_line(work, 3, order_number="SO-2", end_user="Gamma")
    with desk.read() as connection:
        found = set(transaction(connection, transactions(connection, party="Alpha").rows))
        assert found == {("lines", 1), ("licences", 1), ("licence_lines", 1)}
        found = set(transaction(connection, transactions(connection, reference="D1").rows))
        assert found == {("lines", 1), ("lines", 2), ("lines", 3), ("licences", 1),
                         ("licence_lines", 1)}  # fmt: skip


def test_pages_hold_each_once(desk: Desk) -> None:
    with desk.work(DESK, HERE) as work:
        for number in range(1, 8):
            put_line(work, number)
        for ident in range(1, 8):  # the same key again
            work.update(LINES, ident, "lines.edit", {"purchaser": "Beispiel Rechenzentrum GmbH"})
    with desk.read() as connection:
        found, start = [], 0
        while start is not None:
            page = transactions(connection, country="DE", after=start, limit=3)
            found += page.rows
            start = page.next
        assert found == [("lines", n) for n in range(1, 8)]
        seqs, start = [], 0
        while start is not None:
            page = entries_of(connection, found, start, 4)
            seqs += [row["seq"] for row in page.rows]
            start = page.next
        assert len(seqs) == 14
        assert seqs == sorted(set(seqs))


def test_who_when_and_on_what(desk: Desk, people: dict[str, Person], clock: Clock) -> None:
    with desk.work(people["Pia"], "api 10.1.2.3") as work:
        put_line(work)
        at = work.now
    clock.pass_days(1)
    with desk.work(people["Per"], "command line desk-4") as work:
        work.update(LINES, 1, "lines.edit", {"note": "call first"}, "asked by the customer")
    with desk.read() as connection:
        (entry,) = entries(connection, person=people["Pia"].id).rows
        assert (entry["channel"], entry["at"], entry["action"]) == (
            "api 10.1.2.3", at, "lines.enter")  # fmt: skip
        (later,) = entries(connection, since=at + timedelta(seconds=1)).rows
        assert (later["channel"], later["why"]) == ("command line desk-4", "asked by the customer")
        assert later["old"] == {"note": ""}
        assert [e["seq"] for e in entries(connection, subject="lines", subject_id=1).rows] == [
            entry["seq"], later["seq"]]  # fmt: skip
        assert entries(connection, action="lines.edit", until=at).rows == []
        pages = entries(connection, limit=10)
        assert len(pages.rows) == 10
        assert len(entries(connection, after=pages.next or 0).rows) == 2


def test_secrets_are_not_shown(desk: Desk, people: dict[str, Person]) -> None:
    with desk.work(people["Pia"], HERE) as work:
        new_token(work, people["Pia"].id)
    with desk.read() as connection:
        (entry,) = entries(connection, subject="tokens").rows
    assert entry["new"]["secret_hash"] == "(not shown)"


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_page_of_no_length(busy: Desk, limit: int) -> None:
    with busy.read() as connection, pytest.raises(InputError):
        entries(connection, limit=limit)


@pytest.mark.parametrize(
    "keys", [{}, {"party": "x", "country": "y"}, {"party": " "}, {"reference": "a\0b"}]
)
def test_no_key(busy: Desk, keys: dict[str, str]) -> None:
    with busy.read() as connection, pytest.raises(InputError):
        search(connection, **keys)


def test_spellings_need_a_text(busy: Desk) -> None:
    with busy.read() as connection:
        assert spellings(connection, "reference", "00000") == ["e-000001", "e-000002",
                                                               "x20250715000001"]  # fmt: skip
        assert spellings(connection, "reference", "%") == []
        for kind, part in (("party", "--"), ("colour", "red")):
            with pytest.raises(InputError):
                spellings(connection, kind, part)


def test_a_very_long_name_is_kept_and_found(desk: Desk) -> None:
    """An index of PostgreSQL cannot hold all of it."""
    name = "工" * 5000
    with desk.work(DESK, HERE) as work:
        put_line(work, 1, end_user=name)
    with desk.read() as connection:
        assert transactions(connection, party=name).rows == [("lines", 1)]
        assert verify(connection).ok
    assert {len(key) for _, key in indexed({"party": [name]})} == {LONGEST}


def test_a_change_that_says_no_key_repeats_none() -> None:
    row = {"consignee": "A", "destination": "DE", "note": "n"}
    assert keys_of("lines", row) == {"party": ["A"], "country": ["DE"]}
    assert keys_of("lines", row, {"note"}) == {}
    assert keys_of("lines", row, {"destination"}) == {"party": ["A"], "country": ["DE"]}
    assert keys_of("lines", {"destination": "Germany"})["country"] == ["DE", "Germany"]
    assert keys_of("settings", {"name": "x"}) == {}
    assert sought("party", "..") == {".."}


def test_an_empty_page() -> None:
    assert Page([], None).next is None
