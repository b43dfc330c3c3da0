"""What a worker does: reports that add up, files that do no harm when a task runs twice."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klartecken.book.check import run, run_to
from klartecken.book.spread.folder import Folder
from klartecken.book.spread.task import Order, answer_group, groups, row_groups, stamp
from klartecken.book.spread.wire import Unpacker
from klartecken.book.table.sources import FileSource, RowGroup
from klartecken.errors import InputError, KlarteckenError
from tests.book.books import opened
from tests.book.spread.parts import GROUP, LINES, book, plan


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> FileSource:
    return book(tmp_path_factory.mktemp("task"))


def order(source: FileSource, folder: Path | None = None) -> Order:
    return Order(tuple(source.schema.names), stamp(source.path), folder)


def test_reports_are_those_of_a_single_machine(source: FileSource) -> None:
    _, parts = row_groups(source)
    unpacker = Unpacker()
    found = [
        report
        for group in groups(parts, 4)
        for report in unpacker.unpack(answer_group(plan(source), group, order(source)))
    ]
    assert found == list(run(plan(source).job(), source, columns=source.schema.names))
    assert sum(report.rejected for report in found) >= 2


def test_groups_hold_each_partition_once(source: FileSource) -> None:
    _, parts = row_groups(source)
    for tasks in (1, 3, 5, len(parts), 100):
        made = groups(parts, tasks)
        assert tuple(part for group in made for part in group) == parts
        assert len(made) >= min(tasks, len(parts))
    assert groups((), 4) == []


@pytest.mark.parametrize("kind", ["csv", "table"])
def test_only_parquet_is_spread(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text("item,to,on\nh20,CN,2025-07-15\n")
    table = pa.table({"item": ["h20"], "to": ["CN"], "on": ["2025-07-15"]})
    with pytest.raises(InputError, match="only a Parquet file"):
        row_groups(opened(path if kind == "csv" else table))


def test_another_file_of_that_name_is_refused(tmp_path: Path) -> None:
    source = book(tmp_path, 1000)
    _, parts = row_groups(source)
    first = order(source)
    book(tmp_path, 1500)
    with pytest.raises(InputError, match="sees another file"):
        answer_group(plan(source), parts, first)


def test_a_task_that_runs_twice_doubles_no_line(source: FileSource, tmp_path: Path) -> None:
    _, parts = row_groups(source)
    out = tmp_path / "answers"
    with Folder(out) as folder:
        told = order(source, folder.work)
        answer_group(plan(source), parts[:6], told)  # its result is lost
        did = [answer_group(plan(source), group, told) for group in (parts[:6], parts[6:])]
        (folder.work / ".cut-off.parquet").write_bytes(b"PAR1")
        done = [one for each in did for one in each.done]
        folder.keep({one.file: one.answered for one in done if one.file})
        folder.commit()
    assert [path.name for path in tmp_path.iterdir()] == ["answers"]
    assert len(list(out.iterdir())) == len(parts) == LINES // GROUP
    alone = tmp_path / "alone.parquet"
    run_to(plan(source).job(), source, alone)
    assert _rows(out) == _rows(alone)


def _rows(path: Path) -> list[dict[str, object]]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def test_a_folder_that_fails_leaves_nothing(source: FileSource, tmp_path: Path) -> None:
    _, parts = row_groups(source)
    for wrong in ("lines", "name"):
        with pytest.raises(KlarteckenError, match="nothing was written"):
            _written_wrong(source, parts[:1], tmp_path / "answers", wrong)
        assert list(tmp_path.iterdir()) == []


def _written_wrong(source: FileSource, parts: Sequence[RowGroup], out: Path, wrong: str) -> None:
    with Folder(out) as folder:
        (done,) = answer_group(plan(source), parts, order(source, folder.work)).done
        assert done.file is not None
        told = {done.file: done.answered + 1}
        folder.keep(told if wrong == "lines" else {f"x{done.file}": done.answered})


def test_a_folder_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "held").mkdir()
    with pytest.raises(InputError, match="is there already"):
        Folder(tmp_path / "held")
    with pytest.raises(InputError, match="no other format"):
        Folder(tmp_path / "answers.csv")
    with Folder(tmp_path / "new") as folder:
        (tmp_path / "new").mkdir()
        with pytest.raises(InputError, match="meanwhile"):
            folder.commit()


def test_a_report_without_its_partition_is_seen(source: FileSource) -> None:
    _, parts = row_groups(source)
    did = answer_group(plan(source), parts[:2], order(source))
    short = replace(did, done=did.done[:1])
    assert [report.id for report in Unpacker().unpack(short)] == [parts[0].id]
