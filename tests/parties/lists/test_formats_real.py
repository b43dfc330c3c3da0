"""The files at hand: counts, and what is known of single rows."""

import csv
import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from klartecken.parties.lists.accept import known_counts
from klartecken.parties.lists.formats.ofac import cons_code
from klartecken.parties.lists.formats.recognise import read_files
from klartecken.parties.lists.formats.result import ListFile
from klartecken.parties.lists.identity import with_ids
from klartecken.parties.party import Address, Identifier


@pytest.fixture(scope="module")
def reduced(shared: Path) -> ListFile:
    (file,) = read_files([shared / "data/lists/csl-reduced-2026-07-31.json.gz"])
    return file


@pytest.fixture(scope="module")
def cons(shared: Path) -> ListFile:
    (file,) = read_files(sorted((shared / "data/lists").glob("ofac-cons_*")))
    return file


def test_the_reduced_list(reduced: ListFile, shared: Path) -> None:
    assert reduced.format == "csl-reduced"
    assert str(reduced.generated) == "2026-07-31"
    assert reduced.counts == {code: known.count for code, known in known_counts().items()}
    assert reduced.rejected == ()
    assert not reduced.addresses
    kinds = Counter(entry.kind for entry in reduced.entries)
    assert (kinds["vessel"], kinds["aircraft"], kinds["person"]) == (1524, 344, 7591)
    raw = json.loads(gzip.decompress((shared / "data/lists/csl-reduced-2026-07-31.json.gz")
                                     .read_bytes()))  # fmt: skip
    given = [" ".join(e["n"].split()) for e in raw["entries"]]
    other = [(n, e.name) for n, e in zip(given, reduced.entries, strict=True) if n != e.name]
    assert {new for _, new in other} == {n.replace("\x81", "ü") for n, _ in other}
    assert len(other) < 10
    assert all(e.name.isprintable() for e in reduced.entries)
    aliases = sum(len(e.get("a", ())) for e in raw["entries"])
    assert aliases - sum(len(e.aliases) for e in reduced.entries) < 60  # repeated ones only
    assert all(len(code) == 2 for entry in reduced.entries for code in entry.countries)


def test_ids_are_unique_and_stable(reduced: ListFile) -> None:
    once, again = with_ids(reduced.entries), with_ids(reversed(reduced.entries))
    assert once == again
    assert len({entry.id for entry in once}) == len(once) == 25921
    assert "CMIC-30882" in {entry.id for entry in once}


def test_ofac_consolidated(cons: ListFile, reduced: ListFile) -> None:
    assert cons.format == "ofac-cons"
    assert cons.counts == {"SSI": 286, "PLC": 78, "CMIC": 68, "MBS": 9, "CAP": 1}
    assert cons.rejected == ()
    july = {e.id: e for e in with_ids(reduced.entries)}
    same = [e for e in cons.entries if e.id in july]
    assert len(same) == 437  # our code by programme is that of the CSL, but for 5 of 442
    assert all(set(e.programmes) & set(july[e.id].programmes) for e in same)


def test_remarks_go_on_in_the_comments(cons: ListFile) -> None:
    entry = next(e for e in cons.entries if e.id == "SSI-17016")
    assert "after the 'Effective Date (EO 14024 Directive)' associated" in entry.remarks
    assert Identifier("Tax ID No.", "7744001497", "RU") in entry.identifiers
    assert Identifier("Legal Entity Number", "253400WSS48YWMBUA688", "") in entry.identifiers
    assert Identifier("Registration Number", "1027700167110", "RU") in entry.identifiers
    assert Address("6 Enh-Taivan St., Ulaanbaatar 14250", "MN") in entry.addresses
    assert "BANK GPB JSC" in entry.aliases
    assert entry.programmes == ("UKRAINE-EO13662", "RUSSIA-EO14024")


def test_no_identifier_of_the_remarks_is_lost(cons: ListFile, shared: Path) -> None:
    """Each `... No. 1234`, `... Number 1234`, `... ID 1234` of the file became an identifier."""
    import re

    text = "".join(p.read_text() for p in (shared / "data/lists").glob("ofac-cons_prim*"))
    said = re.findall(r"(?:Tax ID No\.|Gazette Number|Registration ID) (\d{6,})[ ;.(]", text)
    found = {i.number for e in cons.entries for i in e.identifiers}
    assert len(said) > 500
    assert set(said) <= found


def test_a_row_of_two_programmes_has_one_code(cons: ListFile) -> None:
    entry = next(e for e in cons.entries if e.id == "PLC-9647")
    assert entry.programmes == ("SDGT", "NS-PLC")
    assert "AL-ZAHAR, Mahmoud" in entry.aliases  # in the remarks only
    assert entry.countries == ("PS",)
    assert cons_code(["RUSSIA-EO14024"]) == "MBS"


def test_official_samples(shared: Path) -> None:
    (old,) = read_files([shared / "data/lists/csl-official-format-sample-2019-08.csv"])
    (new,) = read_files([shared / "data/lists/csl-official-format-sample-2025-06.csv"])
    assert (len(old.entries), len(new.entries)) == (115, 13)
    assert old.rejected == new.rejected == ()
    assert old.generated is None
    names = {e.name: e for e in (*old.entries, *new.entries)}
    assert "ADRIAN MANUEL HERNANDEZ" in names  # a leading space in the file
    assert names["Atlas Sanatgaran"].countries == ("AM",)
    assert names["Evren KAYAKIRAN"].identifiers == (Identifier("Passport", "U00242309", "TR"),)
    psa = names["200G PSA HOLDINGS LLC"]
    assert psa.identifiers == (Identifier("Tax ID No.", "80-0890696", "US"),)
    cetc = next(e for name, e in names.items() if "13th Research Institute" in name)
    assert cetc.footnotes == ("3",)
    assert (cetc.start, cetc.review_policy) == ("2018-08-01", "")
    assert {a.country for a in cetc.addresses} == {"CN"}
    assert all(e.name.isprintable() and e.remarks.isprintable() for e in names.values())


def test_denied_persons(shared: Path) -> None:
    path = shared / "data/lists/bis-dpl-2022-09.txt.gz"
    (file,) = read_files([path])
    with gzip.open(path, "rt", newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream, delimiter="\t"))
    assert len(file.entries) == len(rows) - 1 == 581
    assert file.rejected == ()
    ash = [e for e in file.entries if e.name == "I. ASH"]
    assert len(ash) == 3
    assert {e.start for e in ash} == {"2003-06-19", "2002-03-04"}
    assert {e.end for e in ash} == {"2056-06-29"}
    assert len({e.id for e in with_ids(file.entries)}) == 581
