"""Readers: CSV, GLEIF and BODS; what they take, and what they refuse by row and column."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from klartecken.errors import InputError
from klartecken.parties.ownership.model import Holder, HqFact, Stake
from klartecken.parties.ownership.readers.common import Ignored, Read, Reject
from klartecken.parties.ownership.readers.files import READERS, format_of
from klartecken.parties.ownership.share import SOME, Share, exactly, read_share

LEI = "INR2EJN1ERAN0W5ZP974"


def read(tmp_path: Path, name: str, text: str) -> list[Read]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return list(READERS[format_of(path)](path))


def stakes(records: list[Read]) -> list[Stake]:
    return [r for r in records if isinstance(r, Stake)]


def test_csv(tmp_path: Path) -> None:
    made = read(tmp_path, "s.csv", (
        "owner,owned,low,high,from,until,source,owned_country,owned_hq,owned_parent,as_of,"
        "owner_lei\nAlder,Birch Ltd,>25,<50,2020-01-01,2024-12-31,register,Singapore,HK,Cedar,"
        f"2024-02-01,{LEI}\n"
        "unknown holders,Birch Ltd,50,,,,,PR,,,,\n"
    ))  # fmt: skip
    first, second = stakes(made)
    assert first.share == Share(
        *map(read_share("25-50").__getattribute__, ("low", "high")), True, True
    )
    assert (first.since, first.until) == (date(2020, 1, 1), date(2024, 12, 31))
    assert (first.source, first.where) == ("register", "s.csv, row 2")
    assert (second.owner, second.source, str(second.share)) == ("", "s.csv", ">=50")
    holders = [r for r in made if isinstance(r, Holder)]
    assert [(h.id, h.country, h.is_us) for h in holders] == [
        ("Alder", "", None), ("Birch Ltd", "SG", False), ("Birch Ltd", "PR", True),
    ]  # fmt: skip
    facts = [r for r in made if isinstance(r, HqFact)]
    assert [(f.what, f.country, f.parent, f.day) for f in facts] == [
        ("headquarters", "HK", "", date(2024, 2, 1)),
        ("ultimate_parent", "", "Cedar", date(2024, 2, 1)),
    ]


@pytest.mark.parametrize(
    ("heading", "row", "column"),
    [
        ("owner,owned,share", "A,B,fifty", "share"), ("owner,owned,share", "A,,50", "owned"),
        ("owner,owned,low,high", "A,B,60,50", "high"), ("owner,owned,low,high", "A,B,<6,", "low"),
        ("owner,owned,share,from", "A,B,5,2025-02-30", "from"),
        ("owner,owned,share,from,until", "A,B,5,2025-02-02,2025-02-01", "until"),
        ("owner,owned,share,kind", "A,B,5,option", "kind"),
        ("owner,owned,share,owned_country", "A,B,5,Atlantis", "owned_country"),
        ("owner,owned,share,owned_us", "A,B,5,perhaps", "owned_us"),
        ("owner,owned,share,owned_us,owned_country", "A,B,5,no,US", "owned_us"),
        ("owner,owned,share,owned_lei", f"A,B,5,{LEI[:-1]}5", "owned_lei"),
        ("owner,owned,share,owner_hq", ",B,5,CN", "owner_hq"),
        ("owner,owned,share,low,high", "A,B,5,5,5", "share"), ("owner,owned,share", "A,B", ""),
    ],
)  # fmt: skip
def test_csv_rejects(tmp_path: Path, heading: str, row: str, column: str) -> None:
    good = "A,B," + ",".join("" for _ in heading.split(",")[2:])
    made = read(tmp_path, "s.csv", f"{heading}\n{good}\n{row}\n")
    (reject,) = [r for r in made if isinstance(r, Reject)]
    assert (reject.where, reject.column) == ("s.csv, row 3", column)
    assert "\n" not in reject.line()


@pytest.mark.parametrize(
    "text", ["owner,share\nA,5\n", "owner,owned\nA,B\n", "owner,owned,share,colour\nA,B,5,red\n",
             "owner,owned,share,share\nA,B,5,5\n", ""],
)  # fmt: skip
def test_csv_without_its_columns(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="row 1"):
        read(tmp_path, "s.csv", text)


RR = """<?xml version="1.0"?>
<rr:RelationshipData xmlns:rr="x"><rr:Header><rr:ContentDate>2026-01-02T00:00:00Z</rr:ContentDate>
</rr:Header><rr:RelationshipRecords>{records}</rr:RelationshipRecords></rr:RelationshipData>"""
RECORD = """<rr:RelationshipRecord><rr:Relationship>
<rr:StartNode><rr:NodeID>CHILD000000000000012</rr:NodeID></rr:StartNode>
<rr:EndNode><rr:NodeID>PARENT00000000000012</rr:NodeID></rr:EndNode>
<rr:RelationshipType>{type}</rr:RelationshipType>
<rr:RelationshipPeriods><rr:RelationshipPeriod><rr:StartDate>2020-01-01T00:00:00Z</rr:StartDate>
{end}<rr:PeriodType>RELATIONSHIP_PERIOD</rr:PeriodType></rr:RelationshipPeriod></rr:RelationshipPeriods>
<rr:RelationshipStatus>{status}</rr:RelationshipStatus>{quantifiers}</rr:Relationship>
<rr:Registration><rr:RegistrationStatus>{registration}</rr:RegistrationStatus></rr:Registration>
</rr:RelationshipRecord>"""


def relationship(**given: str) -> str:
    told = {
        "type": "IS_DIRECTLY_CONSOLIDATED_BY", "end": "", "status": "ACTIVE", "quantifiers": "",
        "registration": "PUBLISHED",
    } | given  # fmt: skip
    return RR.format(records=RECORD.format(**told))


END = "<rr:EndDate>2021-05-01</rr:EndDate>"


def amount(number: str) -> str:
    return (
        "<rr:RelationshipQuantifiers><rr:RelationshipQuantifier>"
        f"<rr:QuantifierAmount>{number}</rr:QuantifierAmount>"
        "<rr:QuantifierUnits>PERCENTAGE</rr:QuantifierUnits>"
        "</rr:RelationshipQuantifier></rr:RelationshipQuantifiers>"
    )


@pytest.mark.parametrize(
    ("given", "kind", "share"),
    [
        ({}, "consolidation", SOME),
        ({"quantifiers": amount("60.5")}, "consolidation", exactly("60.5")),
        ({"quantifiers": amount("0.6")}, "consolidation", SOME),
        ({"type": "IS_INTERNATIONAL_BRANCH_OF"}, "branch", exactly(100)),
        ({"registration": "LAPSED"}, "consolidation", SOME),
        ({"status": "INACTIVE", "end": END}, "consolidation", SOME),
        ({"status": "INACTIVE"}, None, None), ({"registration": "ANNULLED"}, None, None),
        ({"type": "IS_FUND-MANAGED_BY"}, None, None),
    ],
)  # fmt: skip
def test_gleif_relationships(
    tmp_path: Path, given: dict[str, str], kind: str | None, share: Share | None
) -> None:
    (made,) = read(tmp_path, "rr.xml", relationship(**given))
    if kind is None:
        assert isinstance(made, Ignored)
        return
    assert isinstance(made, Stake)
    assert (made.owner, made.owned) == ("PARENT00000000000012", "CHILD000000000000012")
    assert (made.kind, made.share, made.since) == (kind, share, date(2020, 1, 1))
    assert made.until == (date(2021, 5, 1) if "end" in given else None)
    assert made.source == "GLEIF level 2 of 2026-01-02"
    assert made.where.startswith("rr.xml, line ")


def test_an_ultimate_parent_is_a_fact_and_a_possibility(tmp_path: Path) -> None:
    fact, stake = read(tmp_path, "rr.xml", relationship(type="IS_ULTIMATELY_CONSOLIDATED_BY"))
    assert isinstance(fact, HqFact)
    assert isinstance(stake, Stake)
    assert (fact.what, fact.parent) == ("ultimate_parent", "PARENT00000000000012")
    assert stake.kind == "indirect"


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><LEIData>&x;</LEIData>',
        '<!DOCTYPE a [<!ENTITY x "aaaa">]><LEIData><LEIRecord>&x;</LEIRecord></LEIData>',
        "<LEIData><LEIRecord>", "<other/>", "<html><Header/></html>",
        "<LEIData><LEIRecord>" + "<a>" * 60 + "</a>" * 60 + "</LEIRecord></LEIData>",
    ],
)  # fmt: skip
def test_xml_that_is_not_gleifs(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        read(tmp_path, "x.xml", text)


def test_xml_is_streamed(tmp_path: Path) -> None:
    """A hundred thousand records in a memory far below their size."""
    import tracemalloc

    path = tmp_path / "repex.xml"
    one = ("<Exception><LEI>CHILD000000000000012</LEI><ExceptionCategory>X</ExceptionCategory>"
           "<ExceptionReason>NON_PUBLIC</ExceptionReason></Exception>\n")  # fmt: skip
    with path.open("w") as out:
        out.write("<ReportingExceptionData>")
        for _ in range(20):
            out.write(one * 5000)
        out.write("</ReportingExceptionData>")
    tracemalloc.start()
    count = sum(1 for _ in READERS["gleif-xml"](path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_000
    assert peak < path.stat().st_size / 4


def test_gleif_samples(shared: Path) -> None:
    counts: Counter[str] = Counter()
    for path in sorted((shared / "data" / "ownership").glob("gleif*")):
        for record in READERS[format_of(path)](path):
            assert not isinstance(record, Reject), record
            counts[f"{format_of(path)} {type(record).__name__}"] += 1
    assert counts == {
        "gleif-xml Holder": 13, "gleif-xml HqFact": 14, "gleif-xml Stake": 12,
        "gleif-xml Ignored": 8, "gleif-api Holder": 27, "gleif-api HqFact": 41,
        "gleif-api Stake": 28,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ['{"data": [{"type": "x"}], "meta": {"pagination": {"lastPage": 2}}}', '{"a": 1}',
             '{"data": NaN}', '{"data": 5}', "{" * 100_000],
)  # fmt: skip
def test_what_is_no_answer_of_the_api(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        read(tmp_path, "a.json", text)


def statement(kind: str, record: str, details: dict[str, object], **more: str) -> dict[str, object]:
    return {"statementId": record, "recordId": record, "recordType": kind,
            "recordDetails": details} | more  # fmt: skip


def shareholding(share: object, how: str = "direct", **more: object) -> dict[str, object]:
    return {"type": "shareholding", "directOrIndirect": how, "share": share} | more


def bods(tmp_path: Path, *interests: dict[str, object], party: object = "p") -> list[Read]:
    rows = [
        statement("entity", "c", {"name": "Birch Ltd", "jurisdiction": {"code": "US-DE"}}),
        statement("person", "p", {"names": [{"fullName": "Alder"}]}),
        statement("relationship", "r", {"subject": "c", "interestedParty": party,
                                        "interests": list(interests)}),
    ]  # fmt: skip
    array = read(tmp_path, "b.json", json.dumps(rows))
    lines = read(tmp_path, "b.jsonl", "\n".join(map(json.dumps, rows)))
    assert list(map(type, array)) == list(map(type, lines))
    return array


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ({"exact": 49.9, "minimum": 49, "maximum": 50}, "49.9"),
        ({"minimum": 25, "maximum": 50}, "25-50"),
        ({"exclusiveMinimum": 25, "maximum": 50}, ">25-50"),
        ({"minimum": 25, "exclusiveMaximum": 50}, "25-<50"),
        ({"exclusiveMinimum": 75}, ">75"), ({}, "unknown"),
    ],
)  # fmt: skip
def test_bods_shares(tmp_path: Path, share: dict[str, float], text: str) -> None:
    (stake,) = stakes(bods(tmp_path, shareholding(share, startDate="2020-01-01")))
    assert (stake.owner, stake.owned, str(stake.share), stake.kind) == ("p", "c", text, "equity")
    assert stake.since == date(2020, 1, 1)


def test_bods_other_interests(tmp_path: Path) -> None:
    made = bods(tmp_path, {"type": "votingRights"}, {}, shareholding({"exact": 60}, "indirect"))
    assert [s.kind for s in stakes(made)] == ["indirect", "indirect"]
    assert sum(isinstance(r, Ignored) for r in made) == 1


def test_bods_an_owner_who_is_not_told(tmp_path: Path) -> None:
    (stake,) = stakes(bods(tmp_path, party={"reason": "subjectExemptFromDisclosure"}))
    assert (stake.owner, stake.owned) == ("", "c")


@pytest.mark.parametrize(
    "share",
    [{"exact": True}, {"exact": 101}, {"exact": "50"}, [], {"minimum": 60, "maximum": 50}],
)
def test_bods_rejects(tmp_path: Path, share: object) -> None:
    made = bods(tmp_path, shareholding(share))
    assert sum(isinstance(r, Reject) for r in made) == 1


def test_bods_a_statement_holds_until_the_next(tmp_path: Path) -> None:
    told = (60, "2020-01-01", "new"), (40, "2022-01-01", "updated"), (40, "2024-01-01", "closed")
    rows = []
    for share, day, status in told:
        held = [shareholding({"exact": share})]
        details: dict[str, object] = {"subject": "c", "interestedParty": "p", "interests": held}
        more = {"statementDate": day, "recordStatus": status}
        rows.append(statement("relationship", "r", details, **more))
    made = stakes(read(tmp_path, "b.json", json.dumps(rows)))
    assert [(str(s.share), str(s.since), str(s.until)) for s in made] == [
        ("60", "None", "2021-12-31"), ("40", "2022-01-01", "2023-12-31"),
        ("40", "2024-01-01", "2024-01-01"),
    ]  # fmt: skip
