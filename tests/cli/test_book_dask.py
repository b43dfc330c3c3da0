"""`klartecken book check --engine dask`: the same answers, in a folder; what it refuses."""

import importlib.util
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from klartecken.book.table.digest import file_digest
from tests.book.spread.parts import LINES, book
from tests.house.program import Ran, klartecken

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="Dask is not installed (extra dask)"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    book(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    """A scheduler with two processes."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster.scheduler_address.replace("tcp://", "dask://")


def good(*arguments: str) -> Ran:
    ran = klartecken("book", *arguments)
    assert ran.code == 0, ran.err
    return ran


def refused(*arguments: str) -> str:
    before = sorted(os.listdir())
    ran = klartecken("book", *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert sorted(os.listdir()) == before
    return ran.err


@needs_dask
def test_the_same_answers_and_all_files_beside_them(engine: str) -> None:
    told = good("check", "book.parquet", "-o", "many", "--engine", engine)
    alone = good("check", "book.parquet", "-o", "one.parquet")
    assert told.out.splitlines()[0] == alone.out.splitlines()[0]
    assert told.out.replace("many", "one.parquet") == alone.out
    assert sorted(os.listdir()) == sorted(
        ["book.parquet"] + [out + end for out in ("many", "one.parquet")
         for end in ("", ".cases.json", ".receipt.json", ".rejects.csv")]
    )  # fmt: skip
    for end in (".cases.json", ".rejects.csv"):
        assert Path(f"many{end}").read_bytes() == Path(f"one.parquet{end}").read_bytes()
    mine, theirs = (json.loads(Path(f"{n}.receipt.json").read_text()) for n in _OUTS)
    assert mine["engine"]["ran_on"] == engine.replace("dask://", "dask at tcp://")
    assert theirs["engine"]["ran_on"].endswith(" threads")
    assert {k for k in mine if mine[k] != theirs[k]} == {"engine", "files", "seal"}
    assert mine["lines"]["in"] == LINES
    assert _digest(Path("many")) == mine["files"]["answers"]


_OUTS = ("many", "one.parquet")


def _digest(folder: Path) -> dict[str, object]:
    import hashlib

    held = sorted(folder.iterdir())
    text = "".join(f"{file_digest(file)}  {file.name}\n" for file in held)
    return {
        "files": 12, "bytes": sum(len(file.read_bytes()) for file in held),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }  # fmt: skip


@needs_dask
def test_the_folder_is_read_back(engine: str) -> None:
    for out, more in zip(_OUTS, (("--engine", engine), ()), strict=True):
        good("check", "book.parquet", "-o", out, *more)
    for command in (
        ("summary", "{}", "--by", "month", "--by", "basis", "--top", "0"),
        ("explain", "{}", "--line", "L0000001904"),
        ("explain", "{}", "--row", "1777"),
    ):
        many, one = (good(*(text.format(out) for text in command)).out for out in _OUTS)
        assert many == one
    assert "was rejected (quantity" in refused("explain", "many", "--line", "L0000001903")


@needs_dask
@pytest.mark.parametrize("change", ["edited", "away", "more", "renamed"])
def test_a_folder_that_was_changed_is_refused(engine: str, change: str) -> None:
    good("check", "book.parquet", "-o", "many", "--engine", engine)
    files = sorted(Path("many").iterdir())
    if change == "edited":
        files[3].write_bytes(files[4].read_bytes())
    elif change == "away":
        files[3].unlink()
    elif change == "more":
        Path("many/group-99999.parquet").write_bytes(files[3].read_bytes())
    else:
        files[3].rename("many/a.parquet")
    for command in (("summary", "many"), ("explain", "many", "--row", "1")):
        assert "the answers are not those of the receipt" in refused(*command)
    assert good("summary", "many", "--anyway").out


@needs_dask
def test_processes_of_this_machine_count_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klartecken.book.spread.dask.threads", lambda: 2)
    told = json.loads(good("check", "book.parquet", "--engine", "dask", "--json").out)
    alone = json.loads(good("check", "book.parquet", "--json").out)
    assert told["receipt"]["engine"]["ran_on"] == "dask, 2 processes"
    assert told["answers"] is None
    for key in ("lines", "outcomes", "partitions", "input"):
        assert told["receipt"][key] == alone["receipt"][key]
    assert os.listdir() == ["book.parquet"]


@needs_dask
@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("book.csv",), "only a Parquet file"),
        (("book.csv", "-o", "many"), "only a Parquet file"),
        (("book.parquet", "-o", "a.csv"), "a folder of Parquet files"),
        (("book.parquet", "-o", "held"), "is there already"),
        (("book.parquet", "-o", "book.parquet"), "written over"),
        (("book.parquet", "-o", "none/many"), "no such folder"),
        (("book.parquet", "-o", "."), "no file name"),
        (("book.parquet", "-o", "full"), "regular file"),
        (("book.parquet", "--threads", "2"), "processes, not on threads"),
    ],
)
def test_what_does_not_fit_is_refused_before_any_work(
    arguments: tuple[str, ...], hint: str
) -> None:
    Path("book.csv").write_text("item,to,on\nh20,CN,2025-07-15\n")
    Path("held").mkdir()
    Path("full.receipt.json").mkdir()
    # nobody answers at that address, and nobody is asked
    assert hint in refused("check", *arguments, "--engine", "dask://127.0.0.1:9")


@pytest.mark.parametrize("name", ["dusk", "dask://", "spark://h:1", ""])
def test_an_engine_that_is_none(name: str) -> None:
    assert "names no engine" in refused("check", "book.parquet", "--engine", name)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klartecken.book.extra.find_spec", lambda name: None)
    told = refused("check", "book.parquet", "-o", "many", "--engine", "dask")
    assert "distributed" in told
    assert "pip install 'klartecken[dask]'" in told


def test_a_folder_of_something_else() -> None:
    Path("none").mkdir()
    assert "without a Parquet file" in refused("summary", "none")
    Path("none/book.parquet").write_bytes(Path("book.parquet").read_bytes())
    assert "no table of answers" in refused("summary", "none")


def test_files_of_two_runs_in_one_folder(tmp_path: Path) -> None:
    Path("two").mkdir()
    good("check", "book.parquet", "-o", "two/a.parquet")
    good("check", "book.parquet", "-o", "two/b.parquet", "--set", "tpp=100")
    for path in Path("two").glob("*.*.*"):
        path.unlink()
    assert "has other columns than a.parquet" in refused("summary", "two")
