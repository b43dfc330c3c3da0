"""One function of a batch: the same whatever the batches, the threads and the order."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from klartecken.book.answers import OutColumns
from klartecken.book.check import run
from klartecken.book.coded import Answered
from klartecken.book.job import Job, Settings
from klartecken.book.report import Report, report
from klartecken.book.synthetic.lines import synth
from klartecken.book.table.columns import layout
from klartecken.book.table.sinks import Reject
from klartecken.book.table.sources import Source, open_source
from klartecken.book.totals import Totals
from klartecken.decide.ask import shipped_world
from klartecken.decide.verdict import Verdict, case_id
from tests.book.compare import alone

WORLD = shipped_world()
BAD = {
    "item": ("a\nb", "H2O"), "destination": ("Narnia", "CN|", "|"), "ship_from": ("Narnia",),
    "activity": ("smuggle", "transfer"), "consignee_hq": ("??",), "parent_hq": ("Narnia",),
    "end_use": ("fun", "|"), "listed": ("blacklist", "none,uvl", ","),
    "nac_notice_days": ("soon", "5..1", "-1"), "dd_conditions": ("perhaps",), "exporter": ("a\tb",),
    "ship_date": ("2025-02-30", "1999-01-01", "soon", None), "quantity": ("1.5", "-1", "many"),
    "unit_price": ("-0.01", "free", "1e13"), "currency": ("", None), "tpp": ("x", "3..2", "0"),
}  # fmt: skip


def texts(count: int, seed: int = 5, bad: float = 0.0) -> list[dict[str, Any]]:
    """Synthetic lines as text, some of them spoilt."""
    rnd = Random(seed)
    rows = pa.Table.from_batches(synth(count, seed)).to_pylist()
    found = []
    for row in rows:
        line = {name: None if cell is None else str(cell) for name, cell in row.items()}
        line["tpp"] = rnd.choice((None, None, None, "4000", "3000..5000"))
        if line["tpp"]:
            line["item"] = "a part of ours"
        if rnd.random() < bad:
            name = rnd.choice(list(BAD))
            line[name] = rnd.choice(BAD[name])
        found.append(line)
    return found


def table(rows: Sequence[dict[str, Any]], size: int = 10**6) -> pa.Table:
    """Rows as a table in chunks of some lines."""
    schema = pa.schema([(name, pa.string()) for name in rows[0]])
    whole = pa.Table.from_pylist(list(rows), schema)
    chunks = [whole.slice(start, size) for start in range(0, len(rows), size)]
    return pa.concat_tables(
        [pa.Table.from_batches(c.combine_chunks().to_batches(), schema) for c in chunks]
    )


def opened(lines: pa.Table) -> Source:
    return open_source(lines, lambda names: layout(names, WORLD.law.vocabulary))


def asked(lines: pa.Table, workers: int = 1, job: Job | None = None) -> tuple[
    list[Verdict | None], tuple[Report, ...], list[Reject]
]:  # fmt: skip
    """The verdict of each line, the reports and the rejects."""
    source = opened(lines)
    job = job or Job(WORLD, source.layout, Settings())
    found: list[Verdict | None] = [None] * lines.num_rows
    rejects: list[Reject] = []

    def keep(answered: Answered) -> None:
        places = np.arange(answered.lines) if answered.places is None else answered.places
        for place, number in zip(places.tolist(), answered.numbers.tolist(), strict=True):
            found[answered.first - 1 + place] = job.verdicts[number]
        rejects.extend(answered.rejects)

    reports = run(job, source, write=keep, columns=source.schema.names, workers=workers)
    return found, reports, rejects


def totals(reports: Sequence[Report]) -> dict[tuple[object, str], Any]:
    found = Totals()
    for held in reports:
        found.add(held.totals)
    return found.by


ROWS = texts(300, bad=0.25)


@pytest.fixture(scope="module")
def base() -> tuple[list[Verdict | None], tuple[Report, ...], list[Reject]]:
    return asked(table(ROWS))


def test_a_spoilt_book_is_answered_and_refused_as_its_lines(base: Any) -> None:
    job = Job(WORLD, opened(table(ROWS)).layout, Settings())
    refused = {reject.line for reject in base[2] if reject.column not in ("quantity", "unit_price")}
    for place, (row, got) in enumerate(zip(ROWS, base[0], strict=True)):
        if got is None and place + 1 not in refused:
            continue  # refused for its amounts alone, which no single question has
        if place % 3 == 0 or place + 1 in refused:
            assert alone(job, row) == got, row


def test_every_line_is_accounted_for(base: Any) -> None:
    found, reports, rejects = base
    (held,) = reports
    lost = [place + 1 for place, verdict in enumerate(found) if verdict is None]
    assert held.lines == len(ROWS) == held.answered + held.rejected
    assert held.rejected == len(lost) > 30
    assert sorted({reject.line for reject in rejects}) == lost
    assert held.totals.lines == held.answered
    assert {reject.column for reject in rejects} >= {
        "destination",
        "ship_date",
        "quantity",
        "listed",
    }
    for reject in rejects:
        assert reject.reason
        assert reject.line_id == ROWS[reject.line - 1]["line_id"]
        for column in reject.column.split(", "):
            assert column in ROWS[0]


@pytest.mark.parametrize(("size", "workers"), [(1, 2), (7, 1), (64, 4), (1000, 2)])
def test_batches_and_threads_change_nothing(base: Any, size: int, workers: int) -> None:
    found, reports, rejects = asked(table(ROWS, size), workers)
    assert found == base[0]
    assert totals(reports) == totals(base[1])
    assert rejects == base[2]
    assert [held.digest for held in reports] == [held.digest for held in base[1]]


def test_the_order_of_lines_changes_nothing(base: Any) -> None:
    order = Random(2).sample(range(len(ROWS)), len(ROWS))
    found, reports, _ = asked(table([ROWS[i] for i in order], 50), 2)
    assert found == [base[0][i] for i in order]
    assert totals(reports) == totals(base[1])


def test_a_job_may_be_asked_again(base: Any) -> None:
    source = opened(table(ROWS))
    job = Job(WORLD, source.layout, Settings())
    first, again = (asked(table(ROWS), job=job) for _ in range(2))
    assert first[0] == again[0] == base[0]
    assert totals(first[1]) == totals(again[1]) == totals(base[1])


def test_four_threads_fill_one_engine(base: Any) -> None:
    source = opened(table(ROWS))
    job = Job(WORLD, source.layout, Settings())
    (whole,) = source.partitions()[0].batches()
    rnd = Random(9)
    parts = [(start, whole.slice(start, 25)) for start in range(0, len(ROWS), 25)] * 3
    rnd.shuffle(parts)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda part: (part[0], job.answer(part[1], part[0] + 1)), parts))
    for start, answered in answers:
        places = range(answered.lines) if answered.places is None else answered.places.tolist()
        for place, number in zip(places, answered.numbers.tolist(), strict=True):
            assert job.verdicts[number] == base[0][start + place]
    held = report(job, "x", [answered for _, answered in answers[:]])
    assert held.lines == 3 * len(ROWS)
    assert len(job.verdicts) == len(set(job.verdicts))


def test_totals_are_exact_however_large() -> None:
    """Past int64: ten lines of nearly 9e14 units of currency each, a thousand times over."""
    line = {
        "item": "H20", "to": "CN", "on": "2025-07-15", "quantity": "900000000000",
        "price": "999.9999", "currency": "SEK",
    }  # fmt: skip
    rows = [line] * 10_000 + [{**line, "quantity": None}, {**line, "price": None}]
    _, (held,), rejects = asked(table(rows, 3000), 2)
    assert not rejects
    (((_, currency), total),) = held.totals.by.items()
    assert (currency, total.lines, total.priced) == ("SEK", 10_002, 10_000)
    assert total.units == 10_001 * 900_000_000_000
    assert total.money == 10_000 * 900_000_000_000 * 9_999_999 > 2**63


def test_money_past_int64_is_rejected_and_not_wrapped() -> None:
    line = {"item": "H20", "to": "CN", "on": "2025-07-15", "quantity": "1000000000000"}
    _, (held,), rejects = asked(table([{**line, "price": "1000000000000"}, {**line, "price": "1"}]))
    assert (held.answered, held.rejected) == (1, 1)
    assert [(r.line, r.column) for r in rejects] == [(1, "quantity, unit_price")]


SECONDS = [20_000 * 86_400 + 2**32 * 86_400, 20_000 * 86_400 + 3_600, 10**18, None]
IMPOSSIBLE = {
    "dates": pa.array([-(10**7), 20_000, 10**7, None], pa.int32()).cast(pa.date32()),
    # as days these wrap round to 2024-10-04, if one lets them
    "times": pa.array(SECONDS, pa.int64()).cast(pa.timestamp("s")),
}


@pytest.mark.parametrize("kind", list(IMPOSSIBLE))
def test_impossible_days_are_rejects(kind: str) -> None:
    days = IMPOSSIBLE[kind]
    lines = pa.table({"item": ["H20"] * 4, "to": ["CN"] * 4, "on": days})
    found, (held,), rejects = asked(lines)
    assert [verdict is None for verdict in found] == [True, False, True, True]
    assert [reject.column for reject in rejects] == ["ship_date"] * 3
    assert (held.answered, held.rejected) == (1, 3)


def test_the_columns_of_answers_stand_beside_their_lines(base: Any) -> None:
    source = opened(table(ROWS, 40))
    job = Job(WORLD, source.layout, Settings())
    columns = OutColumns(job, source.schema)
    rows: list[dict[str, Any]] = []
    run(
        job, source, write=lambda a: rows.extend(columns.batch(a).to_pylist()),
        columns=source.schema.names, workers=2,
    )  # fmt: skip
    kept = [(row, verdict) for row, verdict in zip(ROWS, base[0], strict=True) if verdict]
    for row, (line, verdict) in zip(rows, kept, strict=True):
        assert row["line_id"] == line["line_id"]
        assert row["case"] == case_id(verdict)
        assert row["outcome"] == verdict.outcome
        assert str(row["ship_date"]) == line["ship_date"]


def test_reports_of_other_counts_have_other_digests(base: Any) -> None:
    (held,) = base[1]
    more = Totals()
    more.add(held.totals)
    more.add(held.totals)
    others = [
        Report("other", held.lines, held.answered, held.rejected, held.totals),
        Report(held.id, held.lines + 1, held.answered, held.rejected, held.totals),
        Report(held.id, held.lines, held.answered, held.rejected, more),
    ]
    assert len({held.digest, *(other.digest for other in others)}) == 4
