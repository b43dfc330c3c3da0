"""A book whole or not at all: lost partitions, interruptions, kills."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klartecken.book.check import run, run_to, verify
from klartecken.book.job import Job, Settings
from klartecken.book.report import Report
from klartecken.book.synthetic.lines import synth
from klartecken.book.table.columns import layout
from klartecken.book.table.sources import Source, open_source
from klartecken.book.totals import Total, Totals
from klartecken.decide.ask import shipped_world
from klartecken.errors import KlarteckenError

WORLD = shipped_world()
OLD = b"what was there before"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten row groups of 12 lines."""
    found = tmp_path_factory.mktemp("book") / "book.parquet"
    pq.write_table(pa.Table.from_batches(synth(120, 4)), found, row_group_size=12)
    return found


def opened(path: Path) -> tuple[Job, Source]:
    source = open_source(path, lambda names: layout(names, WORLD.law.vocabulary))
    return Job(WORLD, source.layout, Settings()), source


@pytest.fixture(scope="module")
def done(path: Path) -> tuple[Source, tuple[Report, ...]]:
    job, source = opened(path)
    return source, run(job, source)


# -- partitions ------------------------------------------------------------------------------
def test_whole_reports_are_accepted(done: tuple[Source, tuple[Report, ...]]) -> None:
    source, reports = done
    assert [held.id for held in reports] == [part.id for part in source.partitions()]
    verify(source.partitions(), reports)
    verify(source.partitions(), reports[::-1])
    verify((), ())


def _more(held: Report) -> Report:
    totals = Totals()
    totals.add(held.totals)
    totals.add(Totals({("x", ""): Total(1)}))
    return replace(held, totals=totals)


WRONG: dict[str, Any] = {
    "lost": lambda r: r[1:],
    "all lost": lambda r: (),
    "doubled": lambda r: (*r, r[0]),
    "doubled for another": lambda r: (r[0], *r[:-1]),
    "foreign": lambda r: (*r[:-1], replace(r[-1], id="group-00099")),
    "cut short": lambda r: (replace(r[0], lines=11, answered=11), *r[1:]),
    "too long": lambda r: (replace(r[0], lines=13, answered=13), *r[1:]),
    "a line neither answered nor rejected": lambda r: (replace(r[0], answered=11), *r[1:]),
    "a line both": lambda r: (replace(r[0], rejected=1), *r[1:]),
    "totals of more lines": lambda r: (_more(r[0]), *r[1:]),
    "totals of none": lambda r: (replace(r[0], totals=Totals()), *r[1:]),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_wrong_reports_are_refused(name: str, done: tuple[Source, tuple[Report, ...]]) -> None:
    source, reports = done
    with pytest.raises(KlarteckenError):
        verify(source.partitions(), WRONG[name](reports))


def test_a_partition_that_loses_a_line_on_the_way_is_noticed(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    job, source = opened(path)
    answer = Job.answer

    def losing(self: Job, batch: pa.RecordBatch, first: int) -> Any:
        return answer(self, batch.slice(0, 11) if first == 37 else batch, first)

    monkeypatch.setattr(Job, "answer", losing)
    with pytest.raises(KlarteckenError, match="group-00003 has 12 lines"):
        run_to(job, source, tmp_path / "out.parquet")
    assert list(tmp_path.iterdir()) == []


# -- interruptions ---------------------------------------------------------------------------
def rows(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(out).to_pylist()
    return found


@pytest.fixture(scope="module")
def wanted(path: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    out = tmp_path_factory.mktemp("wanted") / "out.parquet"
    run_to(*opened(path), out)
    found = rows(out)
    assert [row["line_id"] for row in found] == [f"L{n:010d}" for n in range(1, 121)]
    return found


def test_threads_change_nothing(path: Path, wanted: list[dict[str, Any]], tmp_path: Path) -> None:
    for workers in (1, 2, 4):
        out = tmp_path / f"{workers}.parquet"
        run_to(*opened(path), out, workers=workers)
        assert rows(out) == wanted


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (RuntimeError, "parquet"), (KeyboardInterrupt, "parquet"), (MemoryError, "csv"),
        (SystemExit, "jsonl"),
    ],
)  # fmt: skip
def test_an_interrupted_book_leaves_what_was_there(
    error: type[BaseException], ending: str, path: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"out.{ending}"
    out.write_bytes(OLD)
    calls = iter(range(10))

    def progress(lines: int) -> None:
        if next(calls) == 4:
            raise error

    with pytest.raises(error):
        run_to(*opened(path), out, progress=progress, workers=2)
    assert out.read_bytes() == OLD
    assert [p.name for p in tmp_path.iterdir()] == [out.name]
    run_to(*opened(path), out)
    assert out.read_bytes() != OLD
    assert len(list(tmp_path.iterdir())) == 1


def test_an_error_in_a_worker_or_in_the_seal_leaves_what_was_there(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.parquet"
    out.write_bytes(OLD)

    def seal(reports: tuple[Report, ...]) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        run_to(*opened(path), out, seal=seal)
    answer = Job.answer

    def failing(self: Job, batch: pa.RecordBatch, first: int) -> Any:
        if first > 80:
            raise MemoryError
        return answer(self, batch, first)

    monkeypatch.setattr(Job, "answer", failing)
    with pytest.raises(MemoryError):
        run_to(*opened(path), out)
    assert out.read_bytes() == OLD
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


KILLED = """
import sys, time
from pathlib import Path
from tests.book.test_check import opened, run_to
calls = iter(range(100))
def progress(lines):
    if next(calls) == 3:
        print("in the middle", flush=True)
        time.sleep(60)
run_to(*opened(Path(sys.argv[1])), Path(sys.argv[2]), progress=progress, workers=2)
"""


def _killed(path: Path, out: Path, how: signal.Signals) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path), str(out)], stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL, cwd=Path(__file__).resolve().parents[2],
    ) as process:  # fmt: skip
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.send_signal(how)
        yield str(process.wait(timeout=30))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_book_leaves_what_was_there(
    how: signal.Signals, path: Path, wanted: list[dict[str, Any]], tmp_path: Path
) -> None:
    out = tmp_path / "out.parquet"
    out.write_bytes(OLD)
    said, code = _killed(path, out, how)
    assert said == "in the middle"
    assert code != "0"
    assert out.read_bytes() == OLD
    run_to(*opened(path), out)  # also over what the killed one left behind
    assert rows(out) == wanted
    assert [p.name for p in tmp_path.iterdir()] == [out.name]
