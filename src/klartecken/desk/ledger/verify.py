"""Was anything altered, removed or reordered outside the desk?

Three things are compared: the ledger with its own chain of hashes (and with an anchor that
was kept elsewhere); every record with its entries; and whatever is kept by its hash with that
hash. Somebody who can rewrite the whole database, entries and hashes and records alike, is
found only by an anchor from before.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import Connection, select

from klartecken.desk.errors import ChainBroken
from klartecken.desk.ledger.chain import Walk
from klartecken.desk.ledger.compare import Comparison
from klartecken.desk.ledger.entry import START
from klartecken.desk.ledger.kept import kept_findings
from klartecken.desk.ledger.rawrows import any_text
from klartecken.desk.ledger.report import Anchor, Finding, Report, read_anchor
from klartecken.desk.storage.tables.ledger import LEDGER

MOST = 1000  # findings that a report lists


def anchor(connection: Connection) -> Anchor:
    """The end of the ledger now: print it, mail it, keep it where the desk cannot reach."""
    last = connection.execute(
        select(LEDGER.c.seq, LEDGER.c.hash).order_by(LEDGER.c.seq.desc()).limit(1)
    ).one_or_none()
    return Anchor(0, START) if last is None else Anchor(last.seq, last.hash)


def verify(connection: Connection, head: str | None = None, most: int = MOST) -> Report:
    """Check everything, in one state of the database.

    Args:
        connection: from ``desk.read()``.
        head: an anchor from before, as ``number:hash``. Without one, entries removed at the end
            are found only by the records that they changed.
        most: how many findings to list; the others are counted.

    Raises:
        InputError: ``head`` is no anchor.
    """
    walk = Walk(connection, None if head is None else read_anchor(head))
    comparison = Comparison(connection)
    with any_text(connection):
        found: Iterator[Finding] = chain(
            walk.findings(), comparison.findings(), kept_findings(connection)
        )
        kept: list[Finding] = []
        more = 0
        for finding in found:
            if len(kept) < most:
                kept.append(finding)
            else:
                more += 1
    return Report(walk.count, comparison.count, walk.head, tuple(kept), more)


def require_intact(connection: Connection, head: str | None = None) -> Report:
    """The report, if nothing is wrong.

    Raises:
        ChainBroken: something is; names the first finding.
        InputError: ``head`` is no anchor.
    """
    report = verify(connection, head)
    if not report.ok:
        first = report.findings[0]
        count = len(report.findings) + report.more
        raise ChainBroken(
            f"{first.what} ({count} finding{'s' if count != 1 else ''})", where=first.where,
            next_step="Keep the database as it is, and compare it with a backup",
        )  # fmt: skip
    return report
