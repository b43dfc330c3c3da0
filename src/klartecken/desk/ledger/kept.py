"""What is kept by its hash, what refers to it, and the index of holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, exists, select

from klartecken.decide.receipt import seal
from klartecken.desk.ledger.compare import beside
from klartecken.desk.ledger.rawrows import raw, stream
from klartecken.desk.ledger.report import Finding
from klartecken.desk.storage.columns import canonical
from klartecken.desk.storage.guards import missing
from klartecken.desk.storage.tables.orders import LINE_HOLDS, LINES, RELEASES, VERDICTS
from klartecken.desk.storage.tables.plumbing import WEBHOOK_SECRETS, WEBHOOKS
from klartecken.desk.storage.tables.records import ATTACHMENTS, BLOBS, RECEIPTS


def kept_findings(connection: Connection) -> Iterator[Finding]:
    """All findings of this module."""
    yield from _guards(connection)
    yield from _contents(connection)
    yield from _references(connection)
    yield from _line_holds(connection)
    yield from _secrets(connection)


def verdict_id(body: Any) -> str:
    """The id of a verdict from its plain data; see :func:`klartecken.decide.verdict.case_id`."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]


def _guards(connection: Connection) -> Iterator[Finding]:
    for name in missing(connection):
        yield Finding("guard", f"the trigger {name} is missing or switched off",
                      name.rsplit("_no_", 1)[0])  # fmt: skip


def _contents(connection: Connection) -> Iterator[Finding]:
    for key, body in stream(connection, raw(BLOBS).order_by(BLOBS.c.sha256), batch=4):
        if not isinstance(body, (bytes, memoryview)) or hashlib.sha256(body).hexdigest() != key:
            yield Finding("content", "a file is not what its hash says", "blobs", str(key))
    for table, hashed in ((RECEIPTS, seal), (VERDICTS, verdict_id)):
        query = raw(table).order_by(next(iter(table.primary_key)))
        for key, text in stream(connection, query, batch=100):
            if not _fits(text, key, hashed):
                yield Finding("content", f"a row of {table.name} is not what its hash says",
                              table.name, str(key))  # fmt: skip


def _fits(text: Any, key: Any, hashed: Any) -> bool:
    try:
        body = json.loads(text)
        return bool(canonical(body) == text and hashed(body) == key
                    and (hashed is not seal or body.get("seal") == key))  # fmt: skip
    except (TypeError, ValueError, AttributeError):
        return False


def _references(connection: Connection) -> Iterator[Finding]:
    for table, column, target, key in (
        (RELEASES, "receipt", RECEIPTS, "seal"), (ATTACHMENTS, "sha256", BLOBS, "sha256"),
        (LINES, "case_id", VERDICTS, "case_id"),
    ):  # fmt: skip
        name = table.c[column]
        there = exists().where(target.c[key] == name)
        query = select(table.c.id, name).where(name.is_not(None), name != "", ~there)
        for ident, value in connection.execute(query.order_by(table.c.id)):
            yield Finding("missing", f"{target.name} has no {value}", table.name, ident, column,
                          str(value), "")  # fmt: skip


def _line_holds(connection: Connection) -> Iterator[Finding]:
    lines = stream(connection, raw(LINES, "id", "holds").order_by(LINES.c.id))
    rows = stream(connection, raw(LINE_HOLDS, "line", "code").order_by(LINE_HOLDS.c.line))
    held = ((line, sorted(str(code) for _, code in group)) for line, group in
            groupby(rows, key=itemgetter(0)))  # fmt: skip
    for line, holds, codes in beside(((ident, text) for ident, text in lines), held):
        said = [] if holds is None else _codes(holds)
        if said != (codes or []):
            yield Finding(
                "index", f"the index of holds of line {line} does not fit the line",
                "line_holds", line, "code", " ".join(said), " ".join(codes or []),
            )  # fmt: skip


def _secrets(connection: Connection) -> Iterator[Finding]:
    """Each webhook's secret, of which the ledger knows the hash alone."""
    said = {row.id: row.secret_hash for row in
            connection.execute(select(WEBHOOKS.c.id, WEBHOOKS.c.secret_hash))}  # fmt: skip
    held = {row.webhook: row.secret for row in connection.execute(select(WEBHOOK_SECRETS))}
    for ident in sorted({*said, *held}, key=str):
        secret = str(held.get(ident, "")).encode("utf-8", "replace")
        if hashlib.sha256(secret).hexdigest() != said.get(ident):
            yield Finding("content", "the secret of a webhook is not the one that was given",
                          "webhook_secrets", ident)  # fmt: skip


def _codes(text: Any) -> list[str]:
    try:
        return sorted({str(hold["code"]) for hold in json.loads(text)})
    except (TypeError, ValueError, KeyError):
        return []  # told where the line is compared with its entries
