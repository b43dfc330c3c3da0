"""A file of parties in, a file of hits out: every party, all or nothing."""

import csv
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from klartecken.errors import InputError, SelfCheckError
from klartecken.parties.lists.build import Build
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.store import save
from klartecken.parties.party import Party
from klartecken.parties.screening.files import reading, receipt, work
from klartecken.parties.screening.files import run as running
from klartecken.parties.screening.files.columns import Columns
from klartecken.parties.screening.files.hitrows import COLUMNS, guarded, unguarded
from klartecken.parties.screening.files.run import FileRun, screen_file
from klartecken.parties.screening.listed import prepare
from klartecken.parties.screening.model import Thresholds
from klartecken.parties.screening.screen import screen_many
from tests.parties.screening import made

ROWS = [
    ("1", "Zorbla Chips", "CN", "organisation", ""),
    ("2", "Hollowmere Bakery", "Singapore", "", ""),
    ("3", "", "CN", "", ""),
    ("4", "Petrovask, Olgrim", "", "person", ""),
    ("5", "=cmd Vantablat", "", "ship", ""),
    ("6", "Федькино", "Narnia", "", ""),
    ("7", "Zorbla Chips", "CN", "organisation", ""),
    ("8", "Quite another", "", "", "Merqua Industry; Quuxford"),
    ("9", "Line\nbreak, \"quoted\"", "", "", ""),
]  # fmt: skip
HEADINGS = ("id", "name", "country", "kind", "aliases")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    stored(folder, made.ENTRIES)
    return folder


def stored(folder: Path, entries: tuple[Entry, ...], day: Any = made.DAY) -> None:
    build = Build(made.snapshot(entries, day), (), (), None, (), "", ())
    save(folder, build, "2026-01-05T00:00:00Z")


def table(path: Path, rows: Any = ROWS, headings: Any = HEADINGS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([headings, *rows])
    return path


def ran(tmp_path: Path, home: Path, name: str = "hits.csv", **options: Any) -> FileRun:
    source = options.pop("source", None) or table(tmp_path / "parties.csv")
    options.setdefault("on", made.DAY)
    return screen_file(source, tmp_path / name, home=home, **options)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_party_is_accounted_for(tmp_path: Path, home: Path) -> None:
    done = ran(tmp_path, home)
    rows = read(done.hits)
    assert tuple(rows[0]) == COLUMNS
    assert [*dict.fromkeys(row["row"] for row in rows)] == [str(n) for n in range(1, 10)]
    status = {row["row"]: row["status"] for row in rows}
    assert status == {
        "1": "hit", "2": "no_hit", "3": "not_screenable", "4": "hit", "5": "hit",
        "6": "not_screenable", "7": "hit", "8": "hit", "9": "no_hit",
    }  # fmt: skip
    counts = done.receipt["counts"]
    assert counts == {
        "parties": 9, "hit": 5, "no_hit": 2, "not_screenable": 2, "hits": counts["hits"],
        "decided": 0, "rows": len(rows),
    }  # fmt: skip
    assert counts["rows"] == counts["hits"] + 4
    reasons = {row["row"]: row["reasons"] for row in rows}
    assert "the name is empty" in reasons["3"]
    assert "read as unknown" in reasons["5"]
    assert "Cyrillic" in reasons["6"]
    assert "'Narnia' is not known" in reasons["6"]


def test_the_rows_say_what_the_engine_says(tmp_path: Path, home: Path) -> None:
    rows = read(ran(tmp_path, home).hits)
    party = Party("Zorbla Chips", kind="organisation", country="CN")
    answer = screen_many([party], prepare(made.snapshot(made.ENTRIES)))[0]
    first = next(row for row in rows if row["row"] == "1")
    hit = answer.hits[0]
    assert first["entry_id"] == hit.entry.id == "EL-1"
    assert (first["words"], first["characters"]) == ("1.0", "1.0")
    assert first["explanation"] == hit.explanation()
    assert (first["footnotes"], first["citation"]) == ("1 4", "1 FR 2")
    assert (first["party_hash"], first["entry_hash"]) == (party.hash, hit.entry.hash)
    seventh = next(row for row in rows if row["row"] == "7")
    assert {**seventh, "row": "1", "id": "1"} == first


def test_the_receipt_holds_what_a_reader_needs(tmp_path: Path, home: Path) -> None:
    done = ran(tmp_path, home)
    body = json.loads((tmp_path / "hits.csv.receipt.json").read_text(encoding="utf-8"))
    assert body == done.receipt
    assert body["snapshot"]["hash"] == made.snapshot(made.ENTRIES).hash
    assert body["thresholds"] == asdict(Thresholds())
    assert body["input"]["sha256"] == receipt._sha256(tmp_path / "parties.csv")
    assert body["output"]["sha256"] == receipt._sha256(done.hits)
    assert body["self_check"]["canaries_found"] >= 12
    assert body["self_check"]["forms_scored_against_all"] >= 5


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_other_formats_say_the_same(tmp_path: Path, home: Path, ending: str) -> None:
    rows = [dict(zip(HEADINGS, row, strict=True)) for row in ROWS]
    source = tmp_path / f"parties.{ending}"
    if ending == "jsonl":
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        pa = pytest.importorskip("pyarrow")
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(rows), source)
    expected = ran(tmp_path, home).hits.read_bytes()
    assert ran(tmp_path, home, "b.csv", source=source).hits.read_bytes() == expected
    out = ran(tmp_path, home, f"hits.{ending}").hits
    again = ran(tmp_path, home, "c.csv", previous=out)
    assert again.receipt["run"].startswith("re-screened")
    assert again.hits.read_bytes() == expected


def test_chunks_and_processes_do_not_matter(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ran(tmp_path, home).hits.read_bytes()
    spread = ran(tmp_path, home, "spread.csv", jobs=2)
    assert spread.hits.read_bytes() == whole
    monkeypatch.setattr(reading.PartyFile.chunks, "__defaults__", (2,))
    told: list[int] = []
    small = ran(tmp_path, home, "small.csv", progress=told.append)
    assert small.hits.read_bytes() == whole
    assert told == [2, 2, 2, 2, 1]


def test_no_cell_is_a_formula(tmp_path: Path, home: Path) -> None:
    source = table(tmp_path / "p.csv", [["=1+1"], ["+Zorbla Chips"], ["@x"], ["-y"]], ["name"])
    done = ran(tmp_path, home, source=source)
    assert not [
        cell for row in read(done.hits) for cell in row.values() if cell[:1] in ("=", "+", "-", "@")
    ]
    assert ran(tmp_path, home, "b.csv", source=source, previous=done.hits).hits.read_bytes() == (
        done.hits.read_bytes()
    )


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'x", "x", "", "-", "'", "\t=", "1-2"])
def test_guarding_is_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_headings_of_ones_own(tmp_path: Path, home: Path) -> None:
    source = table(tmp_path / "p.csv", [["x", "Zorbla Chips", "LEI:12;99"]], ["A", "B", "C"])
    columns = Columns(name="B", id="A", identifier="C")
    row = read(ran(tmp_path, home, source=source, columns=columns).hits)[0]
    assert (row["id"], row["status"]) == ("x", "hit")


FAULTS = {
    "no name column": (b"who\nZorbla\n", "has no column 'name'; it has 'who'"),
    "a column twice": (b"name,name\na,b\n", "has the column 'name' twice"),
    "ragged": (b"name,id\na,1\nb\n", "row 2: has 1 cells, the headings are 2"),
    "not UTF-8": (b"name\nZorbla\n\xff\xfe\n", "is not UTF-8 text"),
    "empty": (b"", "is empty"),
    "an open quote": (b'name\n"Zorbla\n', "cannot be read as CSV"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_structural_fault_is_one_line_and_writes_nothing(
    name: str, tmp_path: Path, home: Path
) -> None:
    content, told = FAULTS[name]
    source = tmp_path / "p.csv"
    source.write_bytes(content)
    (tmp_path / "hits.csv").write_text("as it was")
    with pytest.raises(InputError) as caught:
        ran(tmp_path, home, source=source)
    assert told in caught.value.line()
    assert "\n" not in caught.value.line()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["hits.csv", "home", "p.csv"]
    assert (tmp_path / "hits.csv").read_text() == "as it was"


def test_the_input_is_never_overwritten(tmp_path: Path, home: Path) -> None:
    source = table(tmp_path / "hits.csv")
    before = source.read_bytes()
    with pytest.raises(InputError, match="would be written over"):
        ran(tmp_path, home, source=source)
    assert source.read_bytes() == before


def test_a_failed_check_writes_nothing(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from klartecken.parties.screening import screen as screening

    monkeypatch.setattr(screening, "meet", lambda *_: {})
    with pytest.raises(SelfCheckError):
        ran(tmp_path, home)
    assert not list(tmp_path.glob("*hits*"))


def test_no_parties_at_all(tmp_path: Path, home: Path) -> None:
    done = ran(tmp_path, home, source=table(tmp_path / "p.csv", []))
    assert read(done.hits) == []
    assert done.receipt["counts"]["parties"] == 0


def later(home: Path) -> Any:
    """Another list: one entry gone, one changed, one new."""
    from dataclasses import replace
    from datetime import date

    day = date(2026, 2, 1)
    changed = replace(made.ENTRIES[1], aliases=("Quite another",))
    stored(home, (changed, *made.ENTRIES[2:], Entry("EL-9", "EL", "Hollowmere Group")), day)
    return day


def test_rescreening_gives_the_file_of_a_full_run(tmp_path: Path, home: Path) -> None:
    first = ran(tmp_path, home)
    day = later(home)
    more = table(tmp_path / "more.csv", [*ROWS[1:], ("10", "Merqua", "", "", "")])
    full = ran(tmp_path, home, "full.csv", source=more, on=day)
    again = ran(tmp_path, home, "again.csv", source=more, on=day, previous=first.hits)
    assert again.hits.read_bytes() == full.hits.read_bytes() != first.hits.read_bytes()
    assert again.receipt["run"] == (
        f"re-screened from {first.receipt['snapshot']['label']}: 2 entries new or changed, "
        "2 gone or changed"
    )
    same = {key: again.receipt[key] for key in full.receipt if key not in ("run", "self_check")}
    assert same == {key: full.receipt[key] for key in same}
    assert again.receipt["self_check"]["re_screenings_compared"] >= 5
    assert full.receipt["counts"]["hit"] == 4


def test_other_thresholds_make_it_a_full_run(tmp_path: Path, home: Path) -> None:
    first = ran(tmp_path, home)
    rules = Thresholds(words=900)
    again = ran(tmp_path, home, "b.csv", previous=first.hits, thresholds=rules)
    assert again.receipt["run"] == "full: the earlier run had other thresholds"
    assert (
        again.hits.read_bytes() == ran(tmp_path, home, "c.csv", thresholds=rules).hits.read_bytes()
    )


def test_a_snapshot_that_is_gone_makes_it_a_full_run(tmp_path: Path, home: Path) -> None:
    first = ran(tmp_path, home)
    other = tmp_path / "other"
    day = later(other)
    again = ran(tmp_path, other, "b.csv", previous=first.hits, on=day)
    assert "is not stored here" in again.receipt["run"]


def test_hits_that_were_changed_are_refused(tmp_path: Path, home: Path) -> None:
    first = ran(tmp_path, home)
    first.hits.write_bytes(first.hits.read_bytes().replace(b"no_hit", b"not_it"))
    with pytest.raises(InputError, match="changed after it was written"):
        ran(tmp_path, home, "b.csv", previous=first.hits)
    with pytest.raises(InputError, match="cannot be read"):
        ran(tmp_path, home, "b.csv", previous=tmp_path / "none.csv")


def test_a_delta_that_goes_wrong_is_noticed(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ran(tmp_path, home)
    true = running.earlier_run

    def lossy(*args: Any) -> Any:
        earlier, how = true(*args)
        assert earlier is not None
        return work.Earlier(dict.fromkeys(earlier.hits, ()), earlier.delta), how

    monkeypatch.setattr(running, "earlier_run", lossy)
    with pytest.raises(SelfCheckError, match="re-screening found something else"):
        ran(tmp_path, home, "b.csv", previous=first.hits)
    assert not (tmp_path / "b.csv").exists()


def test_parquet_without_its_library(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'klartecken\[book\]'"):
        ran(tmp_path, home, "hits.parquet")
