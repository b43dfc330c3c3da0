"""On processes of this machine: the same counts, whoever dies on the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

pytest.importorskip("distributed", reason="Dask is not installed (extra dask)")

from klartecken.book.check import run, run_to
from klartecken.book.receipt import receipt
from klartecken.book.spread import dask as spread
from klartecken.book.table.sources import FileSource
from klartecken.errors import InputError, KlarteckenError
from tests.book.spread.parts import LINES, book, deadly, plan


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> FileSource:
    return book(tmp_path_factory.mktemp("dask"))


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster.scheduler_address


def test_reports_are_those_of_one_machine(source: FileSource, scheduler: str) -> None:
    done: list[int] = []
    job = plan(source).job()
    found = spread.run(job, source, scheduler=scheduler, progress=done.append)
    alone = run(job, source)
    assert found == alone
    assert sum(done) == LINES
    assert len(done) > 1
    seals = [
        receipt(job, held, source="book", digest="0", threads="here")["seal"]
        for held in (found, alone)
    ]
    assert seals[0] == seals[1]


def test_a_worker_killed_in_the_middle_changes_no_count(
    source: FileSource, scheduler: str, tmp_path: Path
) -> None:
    mark, out = tmp_path / "killed", tmp_path / "answers.parquet"
    sealed: list[tuple[int, int]] = []
    found = spread.run_to(
        plan(source).job(), deadly(source, 4, mark), out, scheduler=scheduler,
        seal=lambda reports, folder: sealed.append((len(reports), len(list(folder.iterdir())))),
    )  # fmt: skip
    assert mark.exists()  # it was
    assert sealed == [(12, 12)]
    alone = tmp_path / "alone.parquet"
    assert found == run_to(plan(source).job(), source, alone)
    assert _rows(out) == _rows(alone)
    assert {path.name for path in tmp_path.iterdir()} == {"killed", out.name, alone.name}


def _rows(path: Path) -> list[dict[str, object]]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


@pytest.mark.parametrize("fault", ["lost", "doubled"])
def test_lost_and_doubled_partitions_are_errors(
    fault: str, source: FileSource, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = spread.groups

    def faulty(parts: Any, tasks: int) -> Any:
        made = real(parts, tasks)
        return made[1:] if fault == "lost" else [*made, made[0]]

    monkeypatch.setattr(spread, "groups", faulty)
    with pytest.raises(KlarteckenError, match="did not come back exactly once: group-00000"):
        spread.run_to(plan(source).job(), source, tmp_path / "answers", scheduler=scheduler)
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_a_worker_is_told_as_it_is(scheduler: str, tmp_path: Path) -> None:
    source = book(tmp_path, 1000)
    whole = source.path.read_bytes()
    footer = 8 + int.from_bytes(whole[-8:-4], "little")
    source.path.write_bytes(b"\xff" * (len(whole) - footer) + whole[-footer:])
    with pytest.raises(InputError, match=r"book\.parquet.*row group \d"):
        spread.run(plan(source).job(), source, scheduler=scheduler)


def test_an_empty_book_has_an_empty_folder_of_answers(scheduler: str, tmp_path: Path) -> None:
    source = book(tmp_path, 1000)
    table = pq.read_table(source.path)
    pq.ParquetWriter(source.path, table.schema).close()
    empty = book_again(source)
    out = tmp_path / "answers"
    assert spread.run_to(plan(empty).job(), empty, out, scheduler=scheduler) == ()
    assert _rows(out) == []
    assert "outcome" in pq.read_schema(next(out.iterdir())).names


def book_again(source: FileSource) -> FileSource:
    from tests.book.books import opened

    found = opened(source.path)
    assert isinstance(found, FileSource)
    return found


def test_a_cluster_of_its_own_is_told_what_is_known(
    source: FileSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = plan(source).job()
    alone = run(job, source)
    assert spread._plan(job).knowledge
    assert spread.run(job, source, workers=1) == alone


def test_no_scheduler_there(source: FileSource, monkeypatch: pytest.MonkeyPatch) -> None:
    import dask

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(InputError, match="no Dask scheduler"),
    ):
        spread.run(plan(source).job(), source, scheduler="tcp://127.0.0.1:9")


def test_names_of_engines() -> None:
    assert spread.address("dask") is None
    assert spread.address("dask://h:1") == "tcp://h:1"
    for wrong in ("dusk", "dask://", "spark://h:1"):
        with pytest.raises(InputError, match="names no engine"):
            spread.address(wrong)
