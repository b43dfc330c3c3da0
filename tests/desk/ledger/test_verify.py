"""Whatever is altered behind the desk's back is found, and said where."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    Integer,
    LargeBinary,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DatabaseError

from klartecken.desk.desk import Desk
from klartecken.desk.errors import ChainBroken
from klartecken.desk.ledger.chain import sealed_raw
from klartecken.desk.ledger.rawrows import raw
from klartecken.desk.ledger.report import Finding, Report, read_anchor
from klartecken.desk.ledger.verify import anchor, require_intact, verify
from klartecken.desk.people.accounts import new_token
from klartecken.desk.people.roles import DESK
from klartecken.desk.storage.columns import Exact, Json
from klartecken.desk.storage.connect import open_engine, reading
from klartecken.desk.storage.tables import METADATA
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.people import PEOPLE
from klartecken.desk.work import Work
from klartecken.errors import InputError
from tests.desk.ledger.things import tampered, undone, unguarded
from tests.desk.world import HERE


def kinds(report: Report) -> set[str]:
    return {found.kind for found in report.findings}


def first(report: Report, kind: str) -> Finding:
    return next(found for found in report.findings if found.kind == kind)


def head_of(desk: Desk) -> str:
    with desk.read() as connection:
        return str(anchor(connection))


def work_on(connection: Connection) -> Work:
    return Work(connection, DESK, datetime(2025, 8, 1, tzinfo=UTC), HERE)


def without_last(connection: Connection) -> None:
    connection.execute(text("DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)"))


def seal_again(connection: Connection, seq: int) -> str:
    row = connection.execute(raw(LEDGER).where(LEDGER.c.seq == seq)).one()
    new = sealed_raw(row)
    connection.execute(update(LEDGER).where(LEDGER.c.seq == seq).values(hash=new))
    return new


def test_nothing_is_found_where_nothing_was_done(busy: Desk) -> None:
    with busy.read() as connection:
        report = verify(connection, head_of(busy))
        assert require_intact(connection) == report
    assert report.ok, report.findings
    assert report.entries >= 25
    assert str(report.head) == head_of(busy)
    assert report.to_dict()["ok"] is True


def test_an_empty_ledger_is_intact(url: str) -> None:
    engine = open_engine(url)
    with reading(engine) as connection:
        assert str(anchor(connection)) == "0:" + "0" * 64
        assert verify(connection, "0:" + "0" * 64).ok
    engine.dispose()


def test_a_changed_entry(busy: Desk) -> None:
    change = "UPDATE ledger SET why = 'left by air' WHERE action = 'lines.ship'"
    (found,) = tampered(busy, change).findings
    assert (found.kind, found.table) == ("altered", "ledger")


def test_whoever_needs_it_intact_is_told(busy: Desk) -> None:
    with undone(busy) as connection, unguarded(connection):
        connection.execute(text("UPDATE ledger SET why = 'x' WHERE seq = 2"))
        with pytest.raises(ChainBroken, match="altered") as err:
            require_intact(connection)
        assert err.value.next_step


def test_a_deleted_entry(busy: Desk) -> None:
    report = tampered(busy, "DELETE FROM ledger WHERE seq = 3")
    assert "entry 3 is missing" in first(report, "removed").what
    assert first(report, "unrecorded").table == "people"


def test_the_first_entries_deleted(busy: Desk) -> None:
    report = tampered(busy, "DELETE FROM ledger WHERE seq <= 2")
    assert "entries 1 to 2 are missing" in first(report, "removed").what


def test_the_last_entry_deleted_with_its_change(busy: Desk) -> None:
    """It was a note: only the anchor can show it."""
    assert tampered(busy, without_last).ok
    report = tampered(busy, without_last, head_of(busy))
    assert kinds(report) == {"removed"}


def test_the_last_entry_deleted_without_its_change(busy: Desk) -> None:
    def tamper(connection: Connection) -> None:
        work = work_on(connection)
        work.update(PEOPLE, 5, "people.change", {"active": False})
        work.finish()
        without_last(connection)

    found = tampered(busy, tamper).findings
    assert {(f.kind, f.table, f.id, f.column) for f in found} == {
        ("value", "people", 5, "active"), ("value", "people", 5, "version")}  # fmt: skip


@pytest.mark.parametrize("pair", [(4, 5), (4, 9), (1, 2)])
def test_two_entries_swapped(busy: Desk, pair: tuple[int, int]) -> None:
    def swap(connection: Connection) -> None:
        for was, now in ((pair[0], 10_000), (pair[1], pair[0]), (10_000, pair[1])):
            connection.execute(update(LEDGER).where(LEDGER.c.seq == was).values(seq=now))

    found = [f for f in tampered(busy, swap).findings if f.kind == "reordered"]
    assert {f.id for f in found} == {*pair}
    assert {f.ledger for f in found} == {str(n) for n in pair}


def test_an_entry_added_at_the_end(busy: Desk) -> None:
    def add(connection: Connection) -> None:
        query = select(LEDGER).order_by(LEDGER.c.seq.desc()).limit(1)
        row = dict(connection.execute(query).mappings().one())
        row.update(seq=row["seq"] + 1, previous=row["hash"], hash="e" * 64)
        connection.execute(insert(LEDGER), [row])

    assert "altered" in kinds(tampered(busy, add))


def test_one_hash_computed_anew(busy: Desk) -> None:
    def tamper(connection: Connection) -> None:
        connection.execute(update(LEDGER).where(LEDGER.c.seq == 4).values(why="because"))
        seal_again(connection, 4)

    (found,) = tampered(busy, tamper).findings
    assert (found.kind, found.id) == ("broken", 5)


def test_the_whole_chain_computed_anew_is_found_by_the_anchor(busy: Desk) -> None:
    def tamper(connection: Connection) -> None:
        last = connection.execute(text("SELECT max(seq) FROM ledger")).scalar_one()
        connection.execute(update(LEDGER).where(LEDGER.c.seq == 4).values(why="because"))
        previous = seal_again(connection, 4)
        for seq in range(5, last + 1):
            connection.execute(update(LEDGER).where(LEDGER.c.seq == seq).values(previous=previous))
            previous = seal_again(connection, seq)

    assert tampered(busy, tamper).ok  # so the documentation says
    assert kinds(tampered(busy, tamper, head_of(busy))) == {"anchor"}


def test_a_changed_record_is_told_with_both_values(busy: Desk) -> None:
    change = "UPDATE licence_lines SET quantity = 900000 WHERE id = 1"
    (found,) = tampered(busy, change).findings
    assert (found.kind, found.where) == ("value", "licence_lines 1 quantity")
    assert (found.ledger, found.held) == ("100000", "900000")  # thousandths, as stored


def test_a_removed_record(busy: Desk) -> None:
    (found,) = tampered(busy, "DELETE FROM conditions WHERE id = 1").findings
    assert (found.kind, found.where) == ("lost", "conditions 1")


def test_an_added_record(busy: Desk) -> None:
    add = ("INSERT INTO licence_parties SELECT 7, 1, licence, role, 'Somebody Else', country, "
           "address, struck FROM licence_parties")  # fmt: skip
    (found,) = tampered(busy, add).findings
    assert (found.kind, found.where) == ("unrecorded", "licence_parties 7")


STATEMENTS = {
    "a key renamed": ("key", "UPDATE ledger_keys SET key = 'x' WHERE key = 'cn'"),
    "a key removed": ("key", "DELETE FROM ledger_keys WHERE kind = 'reference'"),
    "a key doubled": ("key", "INSERT INTO ledger_keys SELECT * FROM ledger_keys"),
    "a key of nothing": ("key", "INSERT INTO ledger_keys VALUES (9999, 'party', 'x')"),
    "a hold out of the index": ("index", "DELETE FROM line_holds WHERE code = 'manual'"),
    "a hold into the index": ("index", "INSERT INTO line_holds VALUES (1, 'manual')"),
    "a receipt": ("content", "UPDATE receipts SET body = replace(body, 'DE', 'CN')"),
    "a receipt's blanks": ("content", "UPDATE receipts SET body = body || ' '"),
    "a receipt gone": ("missing", "DELETE FROM receipts"),
    "a file gone": ("missing", "DELETE FROM blobs"),
    "a verdict": ("content", "UPDATE verdicts SET body = replace(body, 'licence', 'permit')"),
    "a verdict gone": ("missing", "DELETE FROM verdicts"),
    "a secret": ("content", "UPDATE webhook_secrets SET secret = 'known'"),
    "a secret gone": ("content", "DELETE FROM webhook_secrets"),
    "a secret of nothing": ("content", "INSERT INTO webhook_secrets VALUES (9, 'x')"),
    "a subject of no table": ("contradiction", "UPDATE ledger SET subject = 'x' WHERE seq = 3"),
}


def test_what_is_beside_the_chain(busy: Desk) -> None:
    for what, (kind, statement) in STATEMENTS.items():
        assert kind in kinds(tampered(busy, statement)), what


def test_a_file_altered(busy: Desk) -> None:
    def tamper(connection: Connection) -> None:
        connection.execute(text("UPDATE blobs SET body = :b"), {"b": b"other"})

    assert kinds(tampered(busy, tamper)) == {"content"}


def test_text_that_is_no_text(busy: Desk) -> None:
    """SQLite can hold bytes that are no UTF-8, and text in a column of numbers."""
    if busy.engine.dialect.name != "sqlite":
        return
    for statement in ("UPDATE ledger SET why = CAST(x'ff' AS TEXT) WHERE seq = 4",
                      "UPDATE people SET name = CAST(x'ff' AS TEXT) WHERE id = 4",
                      "UPDATE people SET name = x'ff' WHERE id = 4",
                      "UPDATE ledger SET subject_id = 'four' WHERE seq = 4",
                      "UPDATE ledger_keys SET seq = 'four' WHERE kind = 'country'",
                      "UPDATE line_holds SET line = 'four'"):  # fmt: skip
        assert not tampered(busy, statement).ok, statement


def test_a_trigger_gone(busy: Desk) -> None:
    on = "" if busy.engine.dialect.name == "sqlite" else " ON ledger"
    with undone(busy) as connection:
        connection.execute(text("DROP TRIGGER ledger_no_update" + on))
        (found,) = verify(connection).findings
        assert (found.kind, found.table) == ("guard", "ledger")


def test_a_secret_is_not_told(busy: Desk) -> None:
    def tamper(connection: Connection) -> None:
        work = work_on(connection)
        new_token(work, 2)
        work.finish()
        connection.execute(text("UPDATE tokens SET secret_hash = 'known'"))

    (found,) = tampered(busy, tamper).findings
    assert found.column == "secret_hash"
    assert "known" not in str(found.to_dict())


def test_many_findings_are_counted(busy: Desk) -> None:
    with undone(busy) as connection:
        with unguarded(connection):
            connection.execute(text("UPDATE ledger SET why = 'y'"))
        report = verify(connection, most=3)
        assert (len(report.findings), report.more) == (3, report.entries - 3)


@pytest.mark.parametrize("head", ["", "7", "x:" + "0" * 64, "7:" + "G" * 64, "-1:" + "0" * 64])
def test_no_anchor(head: str) -> None:
    with pytest.raises(InputError) as err:
        read_anchor(head)
    assert err.value.next_step


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.data())
def test_any_cell_altered_is_found(busy: Desk, data: st.DataObject) -> None:
    """Any one cell, of any row, of any table that counts, to any other value."""
    with undone(busy) as connection, unguarded(connection):
        name, where, column, before, after = drawn_cell(connection, data)
        quoted = connection.dialect.identifier_preparer.quote(column)
        try:
            with connection.begin_nested():
                connection.execute(text(f"UPDATE {name} SET {quoted} = :after WHERE {where}"),
                                   {"after": after})  # fmt: skip
        except DatabaseError:  # the database has rules of its own: a key twice, a balance
            assume(False)
        found = [f for f in verify(connection).findings if f.kind != "guard"]
        assert found, (name, where, column, before, after)


def drawn_cell(connection: Connection, data: st.DataObject) -> tuple[str, str, str, Any, Any]:
    """Table, the row's condition, column, its value as stored, and another one."""
    sqlite = connection.dialect.name == "sqlite"
    tables = [t for t in METADATA.sorted_tables if t.name not in ("idempotency", "deliveries")]
    rows = {t: connection.execute(raw(t)).mappings().all() for t in tables}
    table = data.draw(st.sampled_from([t for t in tables if rows[t]]), "table")
    row = data.draw(st.sampled_from(rows[table]), "row")
    column = data.draw(st.sampled_from(list(table.columns)), "column")
    before = row[column.name]
    # the same key on another row may be refused by the database; a check may be, too
    other = st.none() if column.nullable else st.nothing()
    if isinstance(before, bool) or isinstance(column.type, Boolean):
        other = st.just(not before) if not sqlite else st.just(1 - before)
    elif isinstance(column.type, (Integer, BigInteger, Exact)):
        other |= st.integers(1, 10**6)
    elif isinstance(column.type, Date):
        days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
        other |= days.map(str) if sqlite else days
    elif isinstance(column.type, LargeBinary):
        other |= st.binary()
    else:
        length = getattr(column.type, "length", None) or 80
        other |= st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=length)
        if isinstance(column.type, Json) and before:
            other |= st.just(before + " ") | st.just("null") | st.just("{}")
    after = data.draw(other.filter(lambda value: value != before), "after")
    keys = list(table.primary_key) or list(table.columns)
    where = " AND ".join(f"{c.name} = '{row[c.name]}'".replace("\\", "") for c in keys)
    return table.name, where, column.name, before, after
