"""Files that are not as they should be: read whole, or refused; no row is lost silently."""

import gzip
import json
import zlib

import pytest

from klartecken.errors import InputError
from klartecken.parties.lists.formats.recognise import read_raws
from klartecken.parties.lists.source import raw_file
from klartecken.parties.party import Address, Identifier
from tests.parties.lists.made import SOURCES, csl_csv, csl_json, item, names, own, read

ROW = {"source": SOURCES["EL"], "name": "Invented Works"}


def test_the_official_json_in_full() -> None:
    made = item(
        " Invented  Works ", "SDN", entity_number="77", type="Entity",
        alt_names=["Made", None, "Invented Works", "Made"], programs=["SDGT", "NPWMD"],
        addresses=[
            {"address": "1 Road", "city": "Town", "state": None, "postal_code": 12,
             "country": "CN"},
            {"address": None, "city": None, "state": None, "postal_code": None,
             "country": "Atlantis"},
        ],
        ids=[
            {"type": "Tax ID No.", "number": "12-3", "country": "RU", "issue_date": None},
            {"type": "Gender", "number": "Male", "country": None},
        ],
        dates_of_birth=["1970", "1971"],
    )  # fmt: skip
    (entry,) = read(csl_json([made])).entries
    assert (entry.id, entry.list, entry.name, entry.kind) == (
        "SDN-77", "SDN", "Invented Works", "organisation",
    )  # fmt: skip
    assert entry.aliases == ("Made",)
    assert entry.programmes == ("SDGT", "NPWMD")
    assert entry.addresses == (Address("1 Road, Town, 12", "CN"), Address("Atlantis", ""))
    assert entry.countries == ("CN",)
    assert entry.identifiers == (Identifier("Tax ID No.", "12-3", "RU"),)
    assert "DOB 1970; 1971" in entry.remarks
    assert "Gender Male" in entry.remarks


@pytest.mark.parametrize("with_id", [True, False])
def test_byte_order_mark_and_line_ends(with_id: bool) -> None:
    rows = [ROW, {**ROW, "name": ' "Quoted", and, comma', "addresses": "Road\r\nTwo, CN"}]
    data = csl_csv(rows, with_id)
    packed = gzip.compress(data, mtime=0)
    for odd in (data, b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r\n"), packed):
        file = read(odd)
        assert [e.name for e in file.entries] == ["Invented Works", '"Quoted", and, comma']
        assert file.entries[1].addresses == (Address("Road Two", "CN"),)
        assert file.rejected == ()


def test_rows_that_cannot_be_read_are_named() -> None:
    data = csl_csv([
        ROW, {**ROW, "name": ""}, {**ROW, "start_date": "soon"}, {**ROW, "source": "A list"},
    ]) + b"too,short\n"  # fmt: skip
    file = read(data, "csl.csv")
    assert len(file.entries) == 1
    assert [(r.file, r.row) for r in file.rejected] == [("csl.csv", n) for n in (3, 4, 5, 6)]
    reasons = [r.reason for r in file.rejected]
    assert reasons[0] == "has no name"
    assert "soon" in reasons[1]
    assert "A list" in reasons[2]
    assert "2 cells" in reasons[3]


def test_json_entries_that_cannot_be_read_are_named() -> None:
    items = [*names(2), "text", item(""), item("X Y", alt_names={"a": 1}), {"name": None}]
    file = read(csl_json(items))  # type: ignore[arg-type]
    assert len(file.entries) == 2
    assert [r.row for r in file.rejected] == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\x00\x01\x02binary", "not text"),
        (b"\x1f\x8bbroken", "gzip"),
        (gzip.compress(b"x" * 500, mtime=0)[:-6], "cut short"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"what,is,this\n1,2,3\n", "Known:"),
        (b"[1, 2]", "Known:"),
        (b'{"a": 1}', "Known:"),
        (b'{"results": 3}', "not a list"),
        (b'{"results": [', "cut short"),
        (b"[" * 100_000, "Known:"),
        (b'{"a":' * 100_000, "JSON"),
        ("name\nMünchen".encode("latin-1"), "UTF-8"),
        ("name\nInvented".encode("utf-16"), "not"),
        (b'name\n"never closed', "well-formed"),
        (b"name,address\n" + b"x" * 200_000, "well-formed"),
        (b"name,nam\nx,y\n", "nam"),
        (b"name,name\nx,y\n", "twice"),
        (b"_id,source,entity_number,programs,name,new\n", "other columns"),
        (b'{"search_performed_at": "later", "results": []}', "no time"),
        (b"12,x,y\n", "OFAC"),
    ],
)
def test_files_that_are_none(data: bytes, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read(data, "odd.csv")
    assert told in caught.value.line()
    assert "\n" not in caught.value.line()
    assert "odd.csv" in caught.value.line()


def test_a_gzip_bomb_is_stopped() -> None:
    bomb = zlib.compressobj(wbits=31)
    data = bomb.compress(b" " * 50_000_000) + bomb.flush()
    with pytest.raises(InputError, match="unpacks to more"):
        raw_file("bomb.gz", data, cap=1_000_000)
    twice = gzip.compress(b"name\nA B\n", mtime=0) + gzip.compress(b"C D\n")
    assert raw_file("two.gz", twice).data == b"name\nA B\nC D\n"
    with pytest.raises(InputError, match="unpacks to more"):
        raw_file("two.gz", twice, cap=10)


def test_the_reduced_file_must_hold_what_it_says() -> None:
    tables = {"sources": [SOURCES["EL"]], "licenceRequirements": [], "licencePolicies": [],
              "programmes": [], "urls": []}  # fmt: skip
    made = {"tables": tables, "fieldKey": {}, "entryCount": 2,
            "entries": [{"n": "A B", "s": 0}, {"n": "C D", "s": 7}]}  # fmt: skip
    file = read(json.dumps(made).encode())
    assert [r.reason for r in file.rejected] == ["points to row 7 of sources, which has none"]
    with pytest.raises(InputError, match="3 entries, and does not"):
        read(json.dumps({**made, "entryCount": 3}).encode())
    with pytest.raises(InputError, match="no table"):
        read(json.dumps({**made, "tables": {}}).encode())


def test_an_own_list() -> None:
    file = own(
        "Name,aliases,COUNTRY,address,identifiers,kind,requirement,policy,start,end,note,id\n"
        "Invented Works,Made; Old Made,China;HK,1 Road;2 Road,VAT: 12-3 (CN); 99,organisation,"
        "ask counsel,Policy of denial,2026-01-02,2027-01-01,from a letter,7\n"
    )
    (entry,) = file.entries
    assert (entry.id, entry.list) == ("OWN:mine-7", "OWN:mine")
    assert entry.aliases == ("Made", "Old Made")
    assert entry.countries == ("CN", "HK")
    assert [a.text for a in entry.addresses] == ["1 Road", "2 Road"]
    assert entry.identifiers == (Identifier("VAT", "12-3", "CN"), Identifier("", "99", ""))
    assert entry.review_policy == "policy_of_denial"
    assert (entry.start, entry.end, entry.remarks) == ("2026-01-02", "2027-01-01", "from a letter")
    assert read(b"name\nA B\n", own="customers").lists == ("OWN:customers",)


@pytest.mark.parametrize(
    "row",
    [",,,", "A,Atlantis,,", "A,,robot,", "A,,,2026-02-30", "A,,,,"],
)
def test_rows_of_an_own_list_that_are_wrong(row: str) -> None:
    file = own(f"name,country,kind,start\nGood One,CN,person,\n{row}\n")
    assert len(file.entries) == 1
    assert len(file.rejected) == (0 if row == ",,," else 1)  # a blank row is none


@pytest.mark.parametrize("name", ["", "a/b", "x" * 61, "a;b"])
def test_names_of_own_lists(name: str) -> None:
    with pytest.raises(InputError):
        read(b"name\nA\n", "?.csv", name)


PRIM = (
    b'1,"MADE, Anna","individual","SDGT] [NPWMD",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    b'"DOB 1970; Passport A1234 (Korea, North) issued 1 Jan 2000; nation"\r\n'
    b'2,"INVENTED STAR","vessel","CUBA",-0- ,"CALL7","Tanker",-0- ,-0- ,"Panama","Owner",'
    b'"Vessel Registration Identification IMO 9187629; MMSI 123456789."\r\n'
    b"\x1a"
)
ALT = b'1,11,"aka","TEST, Anna",-0- \r\n9,12,"aka","NOBODY",-0- \r\n'
ADD = b'1,21,-0- ,-0- ,-0- ,-0- \r\n2,22,"1 Road","Town 12","Korea, North",-0- \r\n'
COMMENTS = b"1,\"ality KP; a.k.a. 'ANNA-T'.\"\r\n"


def test_ofac_files_are_joined() -> None:
    raws = [raw_file(f"sdn{n}.csv", d) for n, d in enumerate((ADD, COMMENTS, PRIM, ALT))]
    (file,) = read_raws(raws)
    assert file.format == "ofac-sdn"
    anna, star = file.entries
    assert (anna.id, anna.kind, anna.programmes) == ("SDN-1", "person", ("SDGT", "NPWMD"))
    assert anna.aliases == ("TEST, Anna", "ANNA-T")
    assert "nationality KP" in anna.remarks
    assert anna.identifiers == (Identifier("Passport", "A1234", "KP"),)
    assert anna.addresses == ()
    assert (star.kind, star.countries) == ("vessel", ("KP",))
    assert star.addresses == (Address("1 Road, Town 12", "KP"),)
    assert {i.number for i in star.identifiers} >= {"IMO 9187629", "123456789"}
    assert star.remarks.startswith("Call sign CALL7; Vessel type Tanker; Flag Panama")
    assert [(r.file, r.row) for r in file.rejected] == [("sdn3.csv", 2)]


def test_a_set_of_ofac_files_must_be_whole() -> None:
    with pytest.raises(InputError, match="add, alt, comments"):
        read(PRIM)
    with pytest.raises(InputError, match="second prim"):
        read_raws([raw_file("a.csv", PRIM), raw_file("b.csv", PRIM)])


def test_exact_duplicates_are_kept_apart() -> None:
    from klartecken.parties.lists.identity import with_ids

    ids = [e.id for e in with_ids(read(csl_json([item("Made Works")] * 3)).entries)]
    assert [name.count("-") for name in ids] == [1, 2, 2]
    assert ids[1:] == [ids[0] + "-2", ids[0] + "-3"]
