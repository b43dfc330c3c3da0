"""Records of all kinds, put in directly, and hands that alter the database behind the desk."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Table, insert, text

from klartecken.decide.ask import check
from klartecken.decide.receipt import receipt
from klartecken.decide.verdict import case_id
from klartecken.desk.desk import Desk
from klartecken.desk.hooks.webhooks import add_webhook
from klartecken.desk.ledger.report import Report
from klartecken.desk.ledger.verify import verify
from klartecken.desk.orders.content import content_of
from klartecken.desk.storage.columns import Json, Moment, Words
from klartecken.desk.storage.connect import writing
from klartecken.desk.storage.guards import GUARDED
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.licences import (
    CONDITIONS,
    LICENCE_LINES,
    LICENCE_PARTIES,
    LICENCES,
    MOVEMENTS,
)
from klartecken.desk.storage.tables.orders import LINE_HOLDS, LINES, RELEASES, VERDICTS
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.storage.tables.records import ATTACHMENTS, BLOBS, EVIDENCE, RECEIPTS
from klartecken.desk.work import Work, whole
from tests.desk.world import h20, line

PAPER = b"%PDF-1.4 an end-user statement, invented"
DAY = date(2025, 7, 15)


def filled(table: Table, now: datetime, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for every column that must have one."""
    found = dict(values)
    for column in table.columns:
        if column.name in ("id", "version") or column.name in found or column.nullable:
            continue
        kind = column.type
        found[column.name] = (
            [] if isinstance(kind, Json) else now if isinstance(kind, Moment)
            else False if isinstance(kind, Boolean) else DAY if isinstance(kind, Date)
            else "" if isinstance(kind, Words) or hasattr(kind, "length") else 0
        )  # fmt: skip
    return found


def put(work: Work, table: Table, action: str = "", **values: Any) -> int:
    """A record, with something in every column that must have it."""
    return work.insert(table, action or f"{table.name}.add", filled(table, work.now, values))


def put_line(work: Work, number: int = 1, *codes: str, **said: Any) -> int:
    """An order line as a preparer entered it, with holds."""
    row = filled(LINES, work.now, {
        **line(number), "entered_by": 2, "edited_by": 2, "state": "held",
        "holds": [{"code": code, "detail": ""} for code in codes], **said,
    })  # fmt: skip
    row["content"] = content_of(whole(LINES, row))
    ident = work.insert(LINES, "lines.enter", row)
    if codes:
        work.connection.execute(
            insert(LINE_HOLDS), [{"line": ident, "code": code} for code in codes]
        )
    return ident


@functools.cache
def answers() -> tuple[dict[str, Any], str, dict[str, Any]]:
    """A receipt, and the verdict in it with its id."""
    found = check("nvidia-l40s", "DE", DAY, hq="DE", parent_hq="DE", end_use="commercial")
    return receipt(found), case_id(found.verdict), asdict(found.verdict)


def a_desk_at_work(work: Work) -> dict[str, int]:
    """An order of two lines, one of them released and shipped under a licence; their ids."""
    body, case, verdict = answers()
    work.connection.execute(insert(RECEIPTS), [{"seal": body["seal"], "body": body}])
    work.connection.execute(insert(VERDICTS), [{"case_id": case, "body": verdict}])
    sha256 = hashlib.sha256(PAPER).hexdigest()
    work.connection.execute(insert(BLOBS), [{"sha256": sha256, "body": PAPER}])
    first = put_line(work, 1, "not_evaluated")
    other = put_line(work, 2, "manual", "licence_required", **{
        k: v for k, v in h20(2, purchaser="Müller & Söhne, S.A.").items() if k != "external_id"
    })  # fmt: skip
    application = put(work, APPLICATIONS, reference="A-1", acn="Z123456", state="approved",
                      line=other, form={"parties": [{"name": "Lantern Cloud Computing",
                                                     "country": "China"}]})  # fmt: skip
    licence = put(work, LICENCES, number="D1234567", acn="Z123456", application=application,
                  holder="NVIDIA", destination="China", issued_on=date(2025, 8, 1),
                  expires_on=date(2029, 8, 31), state="issued")  # fmt: skip
    put(work, LICENCE_PARTIES, licence=licence, name="Lantern Cloud Computing", country="CN")
    put(work, CONDITIONS, licence=licence, text="Report each quarter", binds="NVIDIA")
    part = put(work, LICENCE_LINES, licence=licence, place=1, item="nvidia-h20", quantity="100",
               unit="pieces", value="1250000", currency="USD", tolerance=10,
               value_limit="1375000")  # fmt: skip
    put(work, MOVEMENTS, licence_line=part, line=other, kind="reserve", quantity="8",
        value="100000")  # fmt: skip
    statement = put(work, EVIDENCE, subject="lines", subject_id=other, kind="end_user_statement",
                    on=DAY, known_from=DAY, text="Statement", source="the customer")  # fmt: skip
    put(work, ATTACHMENTS, subject="evidence", subject_id=statement, name="statement.pdf",
        media_type="application/pdf", sha256=sha256, size=len(PAPER))  # fmt: skip
    put(work, CONDITIONS, application=application, kind="notify", text="A change of owner")
    add_webhook(work, "https://example.org/desk")
    put(work, ATTACHMENTS, subject="lines", subject_id=other, name="statement.pdf",
        media_type="application/pdf", sha256=sha256, size=len(PAPER))  # fmt: skip
    put(work, APPROVALS, subject="licences", subject_id=licence, what="licence",
        prepared_by=2, state="asked")  # fmt: skip
    release = put(work, RELEASES, line=first, content="c", under="u", authorisation="nlr",
                  released_by=4, until=date(2025, 7, 25), receipt=body["seal"],
                  state="valid")  # fmt: skip
    work.update(LINES, first, "lines.release", {"state": "released", "release": release,
                "case_id": case, "outcome": "no_licence_required", "holds": []})  # fmt: skip
    work.connection.execute(LINE_HOLDS.delete().where(LINE_HOLDS.c.line == first))
    work.update(LINES, first, "lines.ship", {
        "state": "shipped", "shipped_at": work.now, "shipped_on": DAY, "itn": "X20250715000001",
    }, "left by truck")  # fmt: skip
    work.update(LINES, other, "lines.assign", {"authorisation": "licence", "licence_line": part})
    work.note("lines.look", LINES, other, "asked by phone", {"by": "sales"})
    return {"first": first, "other": other, "application": application, "licence": licence,
            "part": part, "release": release}  # fmt: skip


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Without the triggers that refuse changes."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        held = [tuple(row) for row in connection.execute(text(query))]
        for name, _ in held:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield
        for _, sql in held:
            connection.exec_driver_sql(sql)
        return
    for table in GUARDED:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield
    for table in GUARDED:
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


class Undo(Exception):
    """Ends a transaction without a trace."""


@contextmanager
def undone(desk: Desk) -> Iterator[Connection]:
    """A connection of whose work nothing stays."""
    with suppress(Undo), writing(desk.engine) as connection:
        yield connection
        raise Undo


def tampered(
    desk: Desk, tamper: str | Callable[[Connection], object], head: str | None = None
) -> Report:
    """What is found after somebody had the database in hands; nothing of it stays."""
    reports = []
    with undone(desk) as connection:
        with unguarded(connection):
            if callable(tamper):
                tamper(connection)
            else:
                connection.exec_driver_sql(tamper)
        reports.append(verify(connection, head))
    return reports[0]
