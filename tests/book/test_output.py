"""The files of a run belong together, whatever stops it."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from klartecken.book import output
from klartecken.book.outfile import open_out
from klartecken.book.receipt import read_receipt
from klartecken.book.summary import summarise
from klartecken.errors import InputError
from tests.book.answered import answered

H20 = {"item": "nvidia-h20", "to": "CN", "on": "2025-07-15"}
GOOD = pa.Table.from_pylist([H20, {**H20, "to": "US"}])
BAD = pa.Table.from_pylist([H20, {**H20, "to": "Atlantis"}, {**H20, "on": "x"}])
OUTS = ["a.parquet", "a.csv", "a.jsonl"]


class Killed(BaseException):
    """What no handler of ours catches."""


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", OUTS)
def test_all_files_and_nothing_else(tmp_path: Path, name: str) -> None:
    written = answered(BAD, tmp_path / name)
    ends = ("", ".cases.json", ".receipt.json", ".rejects.csv")
    assert sorted(held(tmp_path)) == [name + end for end in ends]
    assert written.rejects == tmp_path / f"{name}.rejects.csv"
    assert read_receipt(tmp_path / name) == json.loads(json.dumps(written.receipt, default=str))
    assert written.receipt["lines"] == {"in": 3, "answered": 1, "rejected": 2}
    cases = json.loads((tmp_path / f"{name}.cases.json").read_text("utf-8"))
    assert len(cases) == written.receipt["cases"] == 1


def test_a_rejected_line_without_a_number_of_its_own(tmp_path: Path) -> None:
    lines = [{**H20, "id": None, "to": "Mars"}, {**H20, "id": "B", "to": "Mars"}]
    answered(pa.Table.from_pylist(lines), tmp_path / "a.csv")
    rows = (tmp_path / "a.csv.rejects.csv").read_text("utf-8").splitlines()
    assert [row.split(",")[:3] for row in rows[1:]] == [
        ["1", "", "destination"], ["2", "B", "destination"],
    ]  # fmt: skip


def test_stale_rejects_go(tmp_path: Path) -> None:
    answered(BAD, tmp_path / "a.csv")
    written = answered(GOOD, tmp_path / "a.csv")
    assert written.rejects is None
    assert "a.csv.rejects.csv" not in held(tmp_path)
    assert summarise(open_out(tmp_path / "a.csv")).whole.lines == 2


@pytest.mark.parametrize("name", OUTS)
@pytest.mark.parametrize("moves", [1, 2, 3])
@pytest.mark.parametrize(("first", "then"), [(BAD, GOOD), (GOOD, BAD)])
def test_a_kill_between_two_moves_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, moves: int,
    first: pa.Table, then: pa.Table,
) -> None:  # fmt: skip
    """After the answers have moved, and before the receipt has, nothing is read."""
    answered(first, tmp_path / name)
    done = 0
    put, unlink = output.put, Path.unlink

    def count(path: Path) -> None:
        nonlocal done
        if done == moves - 1 and ".part" not in path.name:
            raise Killed
        done += 1

    def counted(part: Path, path: Path) -> None:
        count(path)
        put(part, path)

    def removed(path: Path, missing_ok: bool = False) -> None:
        if path.name.endswith(".rejects.csv") and ".part" not in path.name:
            count(path)
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(output, "put", counted)
    monkeypatch.setattr(Path, "unlink", removed)
    with pytest.raises(Killed):
        answered(then, tmp_path / name)
    monkeypatch.undo()
    with pytest.raises(InputError, match=r"are not those of the receipt|are not there"):
        open_out(tmp_path / name)
    open_out(tmp_path / name, anyway=True)
    answered(then, tmp_path / name)
    open_out(tmp_path / name)


@pytest.mark.parametrize("name", OUTS)
@pytest.mark.parametrize("where", ["write", "place_nothing", "run"])
def test_what_fails_before_the_first_move_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, where: str
) -> None:
    answered(BAD, tmp_path / name)
    before = held(tmp_path)

    def stop(*_: object, **__: object) -> None:
        raise Killed

    targets = {"write": "receipt", "place_nothing": "dump", "run": "dump_cases"}
    monkeypatch.setattr(output, targets[where], stop)
    with pytest.raises(Killed):
        answered(GOOD, tmp_path / name)
    assert held(tmp_path) == before


def test_a_failure_of_the_book_changes_nothing(tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("item,to,on\nh20,CN,2025-07-15\nh20,CN\n")
    out = tmp_path / "a.parquet"
    answered(GOOD, out)
    before = held(tmp_path)
    with pytest.raises(InputError, match="line 3"):
        answered(book, out)
    assert held(tmp_path) == before


@pytest.mark.parametrize("side", ["a.csv.receipt.json", "a.csv.cases.json", "a.csv.rejects.csv"])
@pytest.mark.parametrize("change", ["edit", "remove"])
def test_a_changed_file_is_noticed(tmp_path: Path, side: str, change: str) -> None:
    out = tmp_path / "a.csv"
    answered(BAD, out)
    path = tmp_path / side
    if change == "remove":
        path.unlink()
        if side.endswith("receipt.json"):
            assert open_out(out).receipt is None
            return
    else:
        path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    with pytest.raises(InputError):
        open_out(out)


def test_the_receipt_of_a_neighbour_does_not_do(tmp_path: Path) -> None:
    answered(BAD, tmp_path / "a.csv")
    answered(GOOD, tmp_path / "b.csv")
    (tmp_path / "b.csv").replace(tmp_path / "a.csv")
    with pytest.raises(InputError, match="the answers are not those of the receipt"):
        open_out(tmp_path / "a.csv")


@pytest.mark.parametrize("name", ["none/a.csv", "a.txt", ".", "..", "folder.csv", "full.csv"])
def test_places_that_cannot_be(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "full.csv.receipt.json").mkdir()
    with pytest.raises(InputError):
        answered(GOOD, tmp_path / name if "." not in (name, name[:1]) else Path(name))
    assert len(list(tmp_path.iterdir())) == 2


def test_no_line_at_all(tmp_path: Path) -> None:
    for name in OUTS:
        answered(GOOD.slice(0, 0), tmp_path / name)
        assert summarise(open_out(tmp_path / name), ["basis"]).whole.lines == 0
