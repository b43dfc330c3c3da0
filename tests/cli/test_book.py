"""`klartecken book`: what it prints, what it writes, what it refuses."""

import csv
import gzip
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from klartecken.book.table.columns import documented
from klartecken.law.load import load_law
from tests.house.program import Ran, klartecken

HEAD = "id,item,to,on,qty,price,currency,exporter"
LINES = (
    "1,nvidia-h20,CN,2025-07-15,10,100.5,USD,NVIDIA",
    "2,nvidia-h20,US,2025-07-15,1,100,EUR,NVIDIA",
    "3,nvidia-h20,CN,2025-07-16,1,,USD,",
)
BAD = ("4,nvidia-h20,Mars,2025-07-15,1,1,USD,", "5,nvidia-h20,CN,2025-02-30,x,1,USD,")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def book(*lines: str, name: str = "orders.csv", head: str = HEAD, end: str = "\n") -> str:
    Path(name).write_bytes("".join(line + end for line in (head, *lines)).encode())
    return name


def good(*arguments: str) -> Ran:
    ran = klartecken("book", *arguments)
    assert ran.code == 0, ran.err
    return ran


def refused(*arguments: str) -> str:
    before = sorted(os.listdir())
    ran = klartecken("book", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("Error: ")
    assert ran.err.count("\n") == 1
    assert sorted(os.listdir()) == before
    return ran.err


def test_the_account() -> None:
    ran = good("check", book(*LINES, *BAD), "-o", "a.csv")
    lines = ran.out.splitlines()
    assert lines[0] == "orders.csv: 5 lines = 3 answered + 2 rejected"
    assert lines[1].startswith("read: line_id ('id'), item, destination ('to')")
    table = {line.split("  ")[0]: line.split()[-4:] for line in lines[4:9]}
    assert table["licence required"] == ["1", "10", "-", "1,005.00"]
    assert table["undetermined"] == ["1", "1", "-", "-"]
    assert table["no licence required"] == ["1", "1", "100.00", "-"]
    assert table["all lines"] == ["3", "12", "100.00", "1,005.00"]
    assert "destination: there is no place called 'Mars'" in ran.out
    assert "not in the money: 1 line" in ran.out
    assert (
        ran.err == "Warning: rejected, so without an answer: 2 of 5 lines; see a.csv.rejects.csv\n"
    )
    with open("a.csv.rejects.csv", encoding="utf-8", newline="") as file:
        found = [(row["line"], row["line_id"], row["column"]) for row in csv.DictReader(file)]
    assert found == [("4", "4", "destination"), ("5", "5", "ship_date"), ("5", "5", "quantity")]


def test_without_out_nothing_is_written() -> None:
    name = book(*LINES, *BAD)
    ran = good("check", name)
    assert os.listdir() == [name]
    assert "-o OUT would list them" in ran.err
    with_out = good("check", name, "-o", "a.csv").out
    assert with_out.startswith(ran.out)


@pytest.mark.parametrize("out", ["a.csv", "a.parquet", "a.jsonl"])
def test_from_check_to_explanation(out: str) -> None:
    good("check", book(*LINES), "-o", out)
    found = json.loads(good("summary", out, "--by", "outcome", "--by", "month", "--json").out)
    money = {row["outcome"]: row["money"] for row in found["rows"]}
    assert {k: {c: Decimal(m) for c, m in v.items()} for k, v in money.items()} == {
        "licence_required": {"USD": Decimal(1005)}, "undetermined": {},
        "no_licence_required": {"EUR": Decimal(100)},
    }  # fmt: skip
    assert found["all"]["lines"] == 3
    case = ("nvidia-h20", "--to", "CN", "--on", "2025-07-15", "--exporter", "NVIDIA")
    for more in ((), ("--json",)):
        single = klartecken("check", *case, *more)
        assert good("explain", out, "--line", "1", *more).out == single.out


def test_json_is_the_receipt() -> None:
    name = book(*LINES, *BAD)
    told = json.loads(good("check", name, "-o", "a.csv", "--json").out)
    assert told["receipt"] == json.loads(Path("a.csv.receipt.json").read_text("utf-8"))
    assert (told["answers"], told["rejects"]) == ("a.csv", "a.csv.rejects.csv")
    assert {row["column"]: row["first_line"] for row in told["reject_reasons"]} == {
        "destination": 4, "ship_date": 5, "quantity": 5,
    }  # fmt: skip
    counted = json.loads(good("check", name, "--json").out)
    assert counted["answers"] is None
    for key in ("law", "settings", "input", "lines", "outcomes"):
        assert counted["receipt"][key] == told["receipt"][key]


ODD: dict[str, bytes] = {
    "byte order mark": b"\xef\xbb\xbf" + f"{HEAD}\n{LINES[0]}\n".encode(),
    "windows newlines": f"{HEAD}\r\n{LINES[0]}\r\n".encode(),
    "no last newline": f"{HEAD}\n{LINES[0]}".encode(),
    "empty lines": f"{HEAD}\n\n{LINES[0]}\n\n".encode(),
    "quotes": f"{HEAD}\n{LINES[0]}\n".replace("nvidia-h20", '"nvidia-h20"').encode(),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_files(name: str) -> None:
    Path("odd.csv").write_bytes(ODD[name])
    assert "= 1 answered + 0 rejected" in good("check", "odd.csv").out
    Path("odd.csv.gz").write_bytes(gzip.compress(ODD[name]))
    assert "= 1 answered + 0 rejected" in good("check", "odd.csv.gz").out


def test_a_spreadsheet() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    made = openpyxl.Workbook()
    for line in (HEAD, *LINES):
        made.active.append(line.split(","))
    made.create_sheet("Empty")
    made.save("orders.xlsx")
    assert "orders.xlsx: 3 lines = 3 answered" in good("check", "orders.xlsx").out
    assert "no headings" in refused("check", "orders.xlsx", "--sheet", "Empty")
    assert "Its sheets: Sheet, Empty" in refused("check", "orders.xlsx", "--sheet", "Other")


def test_no_line_and_no_answer() -> None:
    assert "the book holds no line" in good("check", book(), "-o", "a.csv").err
    assert good("summary", "a.csv").out.endswith("all lines      0      0\n")
    ran = good("check", book(BAD[0], BAD[0]), "-o", "b.csv")
    assert "EVERY line" in ran.err
    assert "= 0 answered + 2 rejected" in ran.out
    assert "rejected, and not in here: 2 lines" in good("summary", "b.csv").out


def test_a_mapping_constants_and_headings_that_are_not_read() -> None:
    name = book("h20,CN,x", head="Chip type,Country,Note")
    Path("map.yaml").write_text("columns: {item: Chip type, destination: Country}\n")
    more = ("--map", "map.yaml", "--set", "exporter=NVIDIA", "--set", "tpp=2300..2400")
    ran = good("check", name, *more, "--on", "2025-07-15", "-o", "a.csv")
    assert "read: item ('Chip type'), destination ('Country'), exporter = NVIDIA" in ran.out
    assert "tpp = 2300..2400" in ran.out
    assert "NOT READ: Note" in ran.out
    case = ("h20", "--to", "CN", "--on", "2025-07-15", "--exporter", "NVIDIA")
    single = klartecken("check", *case, "--fact", "tpp=2300..2400").out
    assert good("explain", "a.csv", "--row", "1").out == single
    assert "exporter" in good("summary", "a.csv", "--by", "exporter").out


def test_settings_are_those_of_the_receipt() -> None:
    book("1,nvidia-h100-sxm,SA,2025-05-20,1,1,USD,NVIDIA")
    settings = ("--view", "text", "--strict", "--tf32-bits", "19")
    good("check", "orders.csv", "-o", "a.csv", *settings)
    case = ("nvidia-h100-sxm", "--to", "SA", "--on", "2025-05-20", "--exporter", "NVIDIA")
    assert good("explain", "a.csv", "--line", "1").out == klartecken("check", *case, *settings).out


def test_items_of_ones_own() -> None:
    Path("ours.yaml").write_text(
        "name: ours\nkind: ic\ntpp: 5000\ndie_area: 800\ndatacenter: yes\n"
    )
    name = book("ours,CN,2025-03-01", head="item,to,on")
    good("check", name, "-o", "a.csv", "--items", "ours.yaml")
    assert "--items" in refused("explain", "a.csv", "--line", "1")
    told = good("explain", "a.csv", "--line", "1", "--items", "ours.yaml").out
    assert told == klartecken("check", "ours.yaml", "--to", "CN", "--on", "2025-03-01").out


def test_answers_that_were_edited() -> None:
    good("check", book(*LINES), "-o", "a.csv")
    Path("a.csv").write_text(Path("a.csv").read_text("utf-8").replace('"CN"', '"US"'))
    for command in (("summary", "a.csv"), ("explain", "a.csv", "--line", "1")):
        assert "are not those of the receipt" in refused(*command)
    assert good("summary", "a.csv", "--anyway").out
    ran = good("explain", "a.csv", "--line", "1", "--anyway")
    assert "Warning: line '1' was licence_required" in ran.err
    Path("a.csv.receipt.json").unlink()
    assert "nothing says that it is whole" in good("summary", "a.csv").err
    assert "receipt" in refused("explain", "a.csv", "--line", "1", "--anyway")


def test_another_law_than_that_of_the_receipt() -> None:
    from klartecken.book.receipt import dump, seal

    good("check", book(*LINES), "-o", "a.csv")
    path = Path("a.csv.receipt.json")
    body: dict[str, Any] = json.loads(path.read_text("utf-8"))
    body["law"]["hash"] = "0" * 64
    body["seal"] = seal(body)
    path.write_text(dump(body), encoding="utf-8")
    assert "of law 000000000000" in refused("explain", "a.csv", "--line", "1")
    ran = good("explain", "a.csv", "--line", "1", "--anyway")
    assert "Warning: the answers are of law 000000000000" in ran.err
    assert ran.out.startswith("LICENCE REQUIRED")


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "absent": (("check", "none.csv"), "no such file"),
    "empty": (("check", "empty.csv"), "empty"),
    "folder": (("check", "."), "folder"),
    "other format": (("check", "map.yaml"), "no format that is read"),
    "same": (("check", "orders.csv", "-o", "orders.csv"), "written over"),
    "same by a link": (("check", "orders.csv", "-o", "link.csv"), "written over"),
    "read by a link": (("check", "link.csv", "-o", "orders.csv"), "written over"),
    "rejects of out": (("check", "b.csv.rejects.csv", "-o", "b.csv"), "written over"),
    "no folder": (("check", "orders.csv", "-o", "none/a.csv"), "no such folder"),
    "out is here": (("check", "orders.csv", "-o", "."), "no file name"),
    "out format": (("check", "orders.csv", "-o", "a.txt"), ".parquet, .csv, .jsonl"),
    "device": (("check", "orders.csv", "-o", os.devnull), "regular file"),
    "no mapping": (("check", "orders.csv", "--map", "none.yaml"), "no such file"),
    "mapping of others": (("check", "orders.csv", "--map", "map.yaml"), "no heading 'Foo'"),
    "set twice": (("check", "orders.csv", "--set", "hq=CN", "--set", "hq=US"), "twice"),
    "set nothing": (("check", "orders.csv", "--set", "hq="), "--set: 'hq=' is not NAME=VALUE"),
    "set unknown": (("check", "orders.csv", "--set", "exportr=X"), "Nearest: exporter"),
    "set a heading": (("check", "orders.csv", "--set", "exporter=X"), "a constant"),
    "day": (("check", "orders.csv", "--on", "soon"), "2025-07-15"),
    "sheet": (("check", "orders.csv", "--sheet", "x"), "sheets"),
    "own item": (("check", "orders.csv", "--items", "none.yaml"), "no such file"),
    "threads": (("check", "orders.csv", "--threads", "0"), "--threads"),
    "summary of a book": (("summary", "orders.csv"), "no table of answers"),
    "explain a book": (("explain", "orders.csv", "--row", "1"), "no table of answers"),
    "synth format": (("synth", "3", "-o", "a.xlsx"), ".parquet, .csv, .jsonl"),
    "synth folder": (("synth", "3", "-o", "none/a.csv"), "no such folder"),
    "synth number": (("synth", "many", "-o", "a.csv"), "many"),
    "no command": (("chek",), "check"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_one_line_and_nothing_is_written(name: str) -> None:
    book(*LINES)
    book(*LINES, name="b.csv.rejects.csv")
    Path("empty.csv").touch()
    Path("map.yaml").write_text("columns: {item: Foo}\n")
    Path("link.csv").symlink_to("orders.csv")
    arguments, hint = WRONG[name]
    assert hint in refused(*arguments)


def test_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    from klartecken.book.job import Job

    good("check", book(*LINES), "-o", "a.csv")
    before = {name: Path(name).read_bytes() for name in os.listdir()}

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Job, "answer", stop)
    ran = klartecken("book", "check", "orders.csv", "-o", "a.csv")
    assert (ran.code, ran.err.strip()) == (130, "Stopped.")
    assert {name: Path(name).read_bytes() for name in os.listdir()} == before


def test_synth_says_that_it_is_made_up() -> None:
    import pyarrow.parquet as pq

    assert "synthetic order book: invented" in good("synth", "20", "-o", "a.parquet").out
    assert b"synthetic" in pq.read_schema("a.parquet").metadata[b"klartecken"]
    good("synth", "20", "-o", "a.csv")
    good("synth", "20", "-o", "b.csv", "--seed", "0")
    told = json.loads(good("synth", "20", "-o", "c.csv", "--seed", "1", "--json").out)
    assert "synthetic" in told["synthetic"]
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes() != Path("c.csv").read_bytes()
    counts = [good("check", name).out.split(" = ")[1] for name in ("a.csv", "a.parquet")]
    assert counts[0] == counts[1]


def test_every_column_is_listed() -> None:
    text = good("columns").out
    found = json.loads(good("columns", "--json").out)
    names = [name for name, _, _ in documented(load_law().vocabulary)]
    assert [row["column"] for row in found] == names
    for name in names:
        assert f"\n{name}" in f"\n{text}"


def test_rows_beyond_the_top_are_counted() -> None:
    good("synth", "50", "-o", "orders.csv")
    good("check", "orders.csv", "-o", "a.csv")
    every = good("summary", "a.csv", "--by", "item", "--top", "0").out.splitlines()
    some = good("summary", "a.csv", "--by", "item", "--top", "2").out.splitlines()
    assert len(some) == 5
    assert some[-1] == f"and {len(every) - 4:,} more rows (--top 0 shows all)"
    assert [line.split()[0] for line in some[:3]] == [line.split()[0] for line in every[:3]]


def test_without_the_libraries_it_says_what_to_install() -> None:
    program = (
        "import sys, importlib.util as u\n"
        "find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'pyarrow' else find(name, *a)\n"
        "from klartecken.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    for arguments, code, told in (
        (("book", "check", "x.csv"), 2, "pip install 'klartecken[book]'"),
        (("book", "--help"), 0, ""),
    ):
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == code
        assert told in done.stderr
        assert done.stderr.count("\n") == (1 if code else 0)


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom klartecken.cli import main\n"
        "try:\n    main(['book', 'check', '--help'])\n"
        "finally:\n    print([n for n in ('numpy', 'pyarrow') if n in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("[]\n")
