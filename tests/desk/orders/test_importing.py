"""Importing a table: all good rows at once, the others told; twice is the same as once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from klartecken.desk.errors import Forbidden
from klartecken.desk.orders import importing
from klartecken.desk.orders.importing import (
    Imported,
    import_file,
    import_rows,
    rejects_csv,
    template_csv,
)
from klartecken.desk.orders.sheets import csv_of, read_sheet, xlsx_of
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.orders import LINES, RUNS
from klartecken.desk.work import Row, find
from klartecken.errors import InputError
from tests.desk.orders.hand import Hand, codes
from tests.desk.world import HERE, line

HEADS = ["external_id", "item", "quantity", "unit_price", "currency", "destination", "ship_from",
         "exporter", "consignee", "end_user", "hq", "parent_hq", "end_use"]  # fmt: skip


def cells(number: int, **said: str) -> list[str]:
    """A row of a file, by the names of :data:`HEADS`."""
    held = line(number)
    held |= {"hq": "DE", "parent_hq": "DE", **said}
    return [str(held[head]) for head in HEADS]


def read(hand: Hand, body: bytes, name: str = "book.csv", by: str = "Pia") -> Imported:
    return import_file(hand.desk, hand.people[by], HERE, name, body)


def counts(done: Imported) -> tuple[int, int, int, int]:
    return done.new, done.changed, done.unchanged, done.rejected


def rows(hand: Hand) -> list[Row]:
    with hand.desk.read() as connection:
        return find(connection, LINES)


def told(done: Imported) -> set[tuple[int, str]]:
    return {(one.row, one.problem.where) for one in done.rejects}


def test_a_book_comes_in_evaluated_and_a_second_time_changes_nothing(hand: Hand) -> None:
    body = csv_of(HEADS, [cells(1), cells(2, item="nvidia-h20", destination="China", hq="CN")])
    done = read(hand, body)
    assert counts(done) == (2, 0, 0, 0)
    assert [row["state"] for row in rows(hand)] == ["ready", "held"]
    assert rows(hand)[0]["facts"] == {"consignee_hq": "DE", "parent_hq": "DE"}
    before = rows(hand)
    assert counts(read(hand, body)) == (0, 0, 2, 0)
    assert counts(read(hand, xlsx_of(HEADS, [cells(1)]), "book.xlsx")) == (0, 0, 1, 0)
    assert rows(hand) == before


def test_a_row_that_says_something_else_edits_its_line(hand: Hand) -> None:
    ident = hand.released(1)["id"]
    hand.enter(2)
    done = read(hand, csv_of(HEADS, [cells(1, quantity="9"), cells(2), cells(3)]), by="Per")
    assert counts(done) == (1, 1, 1, 0)
    edited = hand.now(ident)
    assert (edited["state"], edited["edited_by"]) == ("ready", hand.people["Per"].id)
    assert hand.release_of(ident)["state"] == "withdrawn"
    assert hand.now(2)["version"] == 2  # entered and evaluated, and nothing since


def test_columns_that_the_file_has_not_stay(hand: Hand) -> None:
    facts = {"consignee_hq": "DE", "parent_hq": "DE", "cluster_fp64_pflops": "120"}
    ident = hand.enter(facts=facts, note="call first")["id"]
    heads = ["external_id", "item", "quantity", "unit_price", "currency", "destination"]
    rest = ["E-000001", "nvidia-l40s", "8", "7200", "USD", "DE"]
    assert counts(read(hand, csv_of(heads, [rest]))) == (0, 0, 1, 0)
    done = read(hand, csv_of([*heads, "hq"], [[*rest, "FR"]]))
    assert counts(done) == (0, 1, 0, 0)
    assert hand.now(ident)["facts"] == {**facts, "consignee_hq": "FR"}
    read(hand, csv_of([*heads, "hq"], [[*rest, ""]]))  # the cell was emptied: so is the fact
    assert hand.now(ident)["facts"] == {n: t for n, t in facts.items() if n != "consignee_hq"}
    assert hand.now(ident)["note"] == "call first"
    read(hand, csv_of([*heads, "end_user"], [[*rest, ""]]))
    assert "party_unnamed" in codes(hand.now(ident))


def test_rows_of_a_program_replace_the_facts_that_they_name(hand: Hand) -> None:
    said = line(1)
    ident = hand.enter(1)["id"]
    done = hand.book({**said, "facts": {"hq": "FR"}})
    assert counts(done) == (0, 1, 0, 0)
    assert hand.now(ident)["facts"] == {"consignee_hq": "FR"}
    rest = {name: value for name, value in said.items() if name != "facts"}
    assert counts(hand.book(rest)) == (0, 0, 1, 0)


def test_what_is_wrong_is_told_and_the_rest_comes_in(hand: Hand) -> None:
    hand.shipped(7)
    hand.cancel(hand.enter(8)["id"])
    body = csv_of(HEADS, [
        cells(1), cells(2, quantity="0", destination="Atlantis"), cells(1, quantity="9"),
        cells(3, external_id=""), cells(4, item="#REF!"), cells(5, hq="Atlantis"),
        cells(7, quantity="9"), cells(8, quantity="9"), cells(8, quantity="8"),
        cells(6, end_use="#N/A"),
    ])  # fmt: skip
    done = read(hand, body)
    assert counts(done) == (1, 0, 0, 9)
    assert told(done) == {
        (3, "quantity"), (3, "destination"), (4, "external_id"), (5, "external_id"), (6, "item"),
        (7, "facts.consignee_hq"), (8, "external_id"), (9, "external_id"), (10, "external_id"),
        (11, "end_use"),
    }  # fmt: skip
    assert [one.row for one in done.rejects] == sorted(one.row for one in done.rejects)
    assert [row["external_id"] for row in rows(hand)] == ["E-000007", "E-000008", "E-000001"]
    assert hand.now(1)["state"] == "shipped"
    _, shown = read_sheet("rejects.csv", rejects_csv(done.rejects))
    assert len(shown) == len(done.rejects)
    assert shown[0][1]["reason"]
    assert (shown[0][1]["row"], shown[0][1]["consignee_hq"]) == ("3", "DE")
    assert done.to_dict()["rejects"][0]["external_id"] == "E-000002"


def test_the_lines_that_left_are_no_matter_if_they_say_the_same(hand: Hand) -> None:
    hand.shipped(1)
    assert counts(read(hand, csv_of(HEADS, [cells(1)]))) == (0, 0, 1, 0)


def test_an_item_of_ones_own_is_described_in_each_file(hand: Hand) -> None:
    facts = {"consignee_hq": "DE", "parent_hq": "DE", "tpp": "900"}
    hand.enter(1, item="Own Nine", facts=facts)
    done = read(hand, csv_of(HEADS, [cells(1, item="Own Nine")]))
    assert told(done) == {(2, "item")}
    assert counts(read(hand, csv_of([*HEADS, "tpp"], [[*cells(1, item="Own Nine"), "900"]]))) == (
        0, 0, 1, 0,
    )  # fmt: skip


def test_headings_by_their_other_names(hand: Hand) -> None:
    heads = ["External ID", "chip", "Qty", "price", "ccy", "ship-to", "from", "Buyer", "HQ"]
    values = ["007", "nvidia-l40s", "8", "7200", "usd", "Germany", "US", "A GmbH", "DE"]
    assert counts(read(hand, csv_of(heads, [values]))) == (1, 0, 0, 0)
    row = rows(hand)[0]
    assert (row["external_id"], row["destination"], row["purchaser"]) == ("007", "DE", "A GmbH")
    assert row["facts"] == {"consignee_hq": "DE"}


def test_headings_that_nobody_knows_are_refused(hand: Hand) -> None:
    before = hand.everything()
    for head in ("colour", "", "facts", "listed_entity", "listed", "ship_date", "dd_conditions",
                 "line_id"):  # fmt: skip
        with pytest.raises(InputError, match="is neither a column nor a fact"):
            read(hand, csv_of([*HEADS, head, "note"], [[*cells(1), "x", "y"]]))
    for head, name in (
        ("qty", "quantity"),
        ("to", "destination"),
        ("consignee_hq", "consignee_hq"),
    ):
        with pytest.raises(InputError, match=f"are both {name}"):
            read(hand, csv_of([*HEADS, head], [[*cells(1), "x"]]))
    assert hand.everything() == before


def test_no_file_of_ours(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    before = hand.everything()
    for name, body in (("a.pdf", b"x"), ("a.csv", b""), ("a.xlsx", b"PK")):
        with pytest.raises(InputError):
            read(hand, body, name)
    monkeypatch.setattr(importing, "MOST_ROWS", 1)
    with pytest.raises(InputError, match="has 2 rows, more than 1"):
        hand.book(line(1), line(2))
    with pytest.raises(Forbidden):
        hand.book(line(1), by="Ann")
    assert hand.everything() == before


def test_all_of_it_or_nothing(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.released(1)
    before = hand.everything()

    def broken(*_said: Any, **_more: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(importing, "change_lines", broken)
    with pytest.raises(RuntimeError):
        hand.book(line(1, quantity="9"), line(2))
    assert hand.everything() == before


def test_what_was_not_evaluated_is_held_until_it_is(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the program is stopped between the import and the evaluation."""
    hand.released(1)
    with monkeypatch.context() as patched:
        patched.setattr(importing, "reevaluate", lambda *_said, **_more: None)
        hand.book(line(1, quantity="9"), line(2))
    assert [(row["state"], codes(row)) for row in rows(hand)] == [("held", ["not_evaluated"])] * 2
    assert hand.evaluate().changed == 2
    assert [row["state"] for row in rows(hand)] == ["ready", "ready"]


def test_runs_and_reasons_are_written_down(hand: Hand) -> None:
    done = import_rows(hand.desk, hand.people["Sam"], HERE, [(2, line(1))], "night.csv",
                       why="nightly")  # fmt: skip
    with hand.desk.read() as connection:
        (run,) = find(connection, RUNS, kind="import")
        entered = connection.execute(select(LEDGER.c.person, LEDGER.c.why).where(
            LEDGER.c.action == "line.enter")).one()  # fmt: skip
    assert (run["id"], run["source"]) == (done.run, "night.csv")
    assert run["counts"] == {"rows": 1, "new": 1, "changed": 0, "unchanged": 0, "rejected": 0}
    assert tuple(entered) == (hand.people["Sam"].id, "nightly")


def test_odd_rows_are_rejected_and_can_be_shown(hand: Hand) -> None:
    done = hand.book(line(1, note="\ud800"), line(2, quantity=10**5000), {"\ud800": []}, {},
                     line(3, facts=[1]), line(4, facts={"\ud800": "1"}))  # fmt: skip
    assert counts(done) == (0, 0, 0, 6)
    body = rejects_csv(done.rejects)
    assert b"\\ud800" in body
    assert len(read_sheet("a.csv", body)[1]) == len(done.rejects)


def test_the_template_is_a_table_that_can_be_imported(hand: Hand) -> None:
    heads, empty = read_sheet("template.csv", template_csv())
    assert not empty
    said = {**line(1), "consignee_hq": "DE", "parent_hq": "DE"}
    body = csv_of(heads, [[said.get(head, "") for head in heads]])
    assert counts(read(hand, body)) == (1, 0, 0, 0)
    assert rows(hand)[0]["state"] == "ready"
