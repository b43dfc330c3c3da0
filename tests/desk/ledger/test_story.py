"""The story of the H20, replayed by the desk itself: what it leaves behind holds together."""

from __future__ import annotations

import json
from pathlib import Path

from klartecken.desk.demo.story import Story
from klartecken.desk.ledger.bundle import bundle, write_folder
from klartecken.desk.ledger.bundlecheck import check_bundle
from klartecken.desk.ledger.compare import record_tables
from klartecken.desk.ledger.fold import shown
from klartecken.desk.ledger.history import answered, as_of
from klartecken.desk.ledger.retention import keepings
from klartecken.desk.ledger.search import search
from klartecken.desk.ledger.verify import verify
from klartecken.desk.machines.line import OPEN
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.work import find


def test_what_the_story_leaves(tmp_path: Path) -> None:
    story = Story(str(tmp_path / "desk.sqlite"))
    days = list(story.tell())
    desk = story.desk
    try:
        with desk.read() as connection:
            report = verify(connection)
            assert report.ok, report.findings[:5]
            for table in record_tables():
                for row in find(connection, table):
                    then = as_of(connection, table, row["id"], story.clock())
                    assert then == shown(table.name, row)
            lines = find(connection, LINES)
            for day in days:  # what the ledger says of each evening is what was seen then
                for seen in day.lines:
                    moment = story.now.replace(year=day.day.year, month=day.day.month,
                                               day=day.day.day, hour=23)  # fmt: skip
                    then_line = answered(connection, seen["id"], moment).line
                    assert (then_line["state"], then_line["holds"]) == (seen["state"],
                                                                        seen["holds"])  # fmt: skip
            for order in sorted({line["order_number"] for line in lines}):
                folder = tmp_path / order
                write_folder(bundle(connection, order=order), folder)
                found = check_bundle(folder)
                assert found.ok, found.findings
                assert found.other_answers == ()
                named = {(name, row["id"]) for name, rows in json.loads(
                    (folder / "bundle.json").read_text("utf-8"))["records"].items()
                    for row in rows}  # fmt: skip
                assert named == set(search(connection, reference=order)[0])
            is_open = {line["order_number"] for line in lines if line["state"] in OPEN}
            for kept in keepings(connection):
                if kept.subject == "lines":
                    order = next(r["order_number"] for r in lines if r["id"] == kept.id)
                    assert (kept.until is None) == (order in is_open)
    finally:
        desk.close()
