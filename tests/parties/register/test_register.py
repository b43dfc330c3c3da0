"""The firm's own parties."""

from __future__ import annotations

from pathlib import Path

import pytest

from klartecken.errors import DataError, InputError
from klartecken.parties.party import Address, Identifier
from klartecken.parties.register.csvfile import COLUMNS, read_parties
from klartecken.parties.register.record import Register, register_of
from klartecken.parties.register.store import keep, read_register

HEAD = "id,name,aliases,kind,country,address,identifiers,hq,parent,parent_hq,roles,source,as_of\n"
ROW = (
    'P1,Nordlicht Oy,Nordlicht|北光,organisation,Finland,"Kai 1, Turku",LEI:AB-1|VAT:9,FI,Oma Oyj,'
    "Hong Kong,consignee|end user,contract,2026-11-01\n"
)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "parties.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_column_is_read(tmp_path: Path) -> None:
    found, refused = read_parties(written(tmp_path, HEAD + ROW))
    assert refused == ()
    record = found["P1"]
    assert record.party.names == ("Nordlicht Oy", "Nordlicht", "北光")
    assert record.party.addresses == (Address("Kai 1, Turku"),)
    assert record.party.identifiers == (Identifier("LEI", "AB-1"), Identifier("VAT", "9"))
    assert (record.party.kind, record.party.country) == ("organisation", "FI")
    assert (record.hq, record.parent, record.parent_hq) == ("FI", "Oma Oyj", "HK")
    assert record.roles == ("consignee", "end_user")
    assert record.told == "register, party P1; contract; as of 2026-11-01"
    assert set(COLUMNS) == set(HEAD.strip().split(","))


def test_what_cannot_be_read_is_told_by_row_and_column(tmp_path: Path) -> None:
    bad = [
        ("id,name\n,Nordlicht\n", (2, "id", "is empty")),
        ("id,name\nP1,\n", (2, "name", "is empty")),
        ("id,name\n\nP1,A\nP1,B\n", (4, "id", "stands twice")),
        ("id,name\nP1,A,B\n", (2, "", "3 cells under 2 headings")),
        ("id,name,hq\nP1,A,Nowhere\n", (2, "hq", "there is no place")),
        ("id,name,kind\nP1,A,ship\n", (2, "kind", "is no kind")),
        ("id,name,roles\nP1,A,consignee|boss\n", (2, "roles", "is no role")),
        ("id,name,identifiers\nP1,A,12345\n", (2, "identifiers", "is no number")),
        ("id,name,as_of\nP1,A,2026-13-01\n", (2, "as_of", "is no day")),
        ('id,name\nP1,"A\u202e"\n', (2, "name", "control character")),
    ]
    for text, (row, column, told) in bad:
        _, refused = read_parties(written(tmp_path, text))
        assert (refused[0].row, refused[0].column) == (row, column), text
        assert told in refused[0].reason


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    for text, told in (
        ("id,name,contry\n", "Use country"),
        ("id,name,id\n", "stands twice"),
        ("name\nA\n", "no column id"),
        ("", "no column id"),
        ('id,name\n"a', "cannot be read as CSV"),
    ):
        with pytest.raises(InputError, match=told):
            read_parties(written(tmp_path, text))
    with pytest.raises(InputError, match="no such file"):
        read_parties(tmp_path / "absent.csv")


def register(tmp_path: Path, text: str) -> Register:
    found, refused = read_parties(written(tmp_path, text))
    assert refused == ()
    return register_of(found)


def test_looked_up_by_id_and_by_name(tmp_path: Path) -> None:
    held = register(tmp_path, "id,name,aliases\nP1,Nordlicht Oy,ＮＬ\nP2,Twin,\nP3, TWIN ,\n")
    for text in ("P1", " P1 ", "p1", "nordlicht  OY", "nl", "NORDLICHT, O.Y.", "Nordlicht-Oy"):
        record = held.find(text)
        assert record is not None
        assert record.party.id == "P1", text
    assert held.find("Nordlicht") is None
    assert held.find("P11") is None
    with pytest.raises(InputError, match="Give the id: P2, P3"):
        held.find("twin")


def test_versions_are_kept_and_checked(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert read_register(home) is None
    first = keep(home, read_parties(written(tmp_path, HEAD + ROW))[0])
    second = keep(home, read_parties(written(tmp_path, "id,name\nP2,Tern\nP1,New Name\n"))[0])
    assert read_register(home) == second
    assert [r.party.name for r in second.records] == ["New Name", "Tern"]
    assert read_register(home, first.hash) == first
    alone = keep(home, read_parties(written(tmp_path, "id,name\nP2,Tern\n"))[0], replace=True)
    assert [r.party.id for r in alone.records] == ["P2"]
    path = home / "parties" / f"{alone.hash}.json"
    path.write_text(path.read_text(encoding="utf-8").replace("Tern", "Turn"), encoding="utf-8")
    with pytest.raises(DataError, match="was altered"):
        read_register(home)
    path.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        read_register(home)


def test_a_semicolon_parts_values_too_but_not_addresses(tmp_path: Path) -> None:
    text = "id,name,aliases,identifiers,address\nP1,Vik,A;B| C,LEI:1;VAT:2,Kai 1; Turku|Kai 2\n"
    found, _ = read_parties(written(tmp_path, text))
    party = found["P1"].party
    assert party.aliases == ("A", "B", "C")
    assert party.identifiers == (Identifier("LEI", "1"), Identifier("VAT", "2"))
    assert party.addresses == (Address("Kai 1; Turku"), Address("Kai 2"))


def test_another_encoding_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "parties.csv"
    path.write_bytes("id,name\nP1,Müller\n".encode("latin-1"))
    with pytest.raises(InputError, match="Save it as UTF-8"):
        read_parties(path)
