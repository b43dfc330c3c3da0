"""Numbers of registers: what is the same, what is no number, how sure a hit is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Identifier, Party
from klartecken.parties.screened import Hit
from klartecken.parties.screening.identifiers import (
    by_identifier,
    doubts,
    family,
    identifier_reasons,
    lookup_key,
    numbers_of,
)


def hits(ours: Identifier, *theirs: Identifier) -> list[Hit]:
    entries = [Entry(str(i), "SDN", f"Firm {i}", identifiers=(t,)) for i, t in enumerate(theirs)]
    return by_identifier(Party("Zzyzx", identifiers=(ours,)), entries, numbers_of(entries))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("LEI", "5493 00AB CDEF GHIJ KL12"), ("LEI", "LEI: 549300abcdefghijkl12")),
        (("IMO", "IMO9998831"), ("Vessel Registration Identification", "IMO 9998831")),
        (("Tax ID No.", "No. 77-0890696"), ("Tax ID", "770890696")),
        (("", "987654321012"), ("Registration ID", "987654321012")),
        (("VAT", "ＣＨＥ-999.006.032"), ("V.A.T. Number", "CHE-999.006.032")),
        (("Email", "Office@Quorn.example"), ("Email Address", "office@quorn.example")),
    ],
)
def test_the_same_number_blocks(ours: tuple[str, str], theirs: tuple[str, str]) -> None:
    (hit,) = hits(Identifier(*ours), Identifier(*theirs))
    assert hit.rule == "identifier"
    assert hit.scores == {"identifier": 1.0}
    expected = "review" if Identifier(*ours).key != Identifier(*theirs).key else "block"
    if expected == "review":
        assert hit.notes[0].startswith("the same but for")
    assert hit.band == expected


def test_a_bank_is_met_by_its_branches() -> None:
    listed = Identifier("SWIFT/BIC", "QUORGB2L")
    assert hits(Identifier("BIC", "QUORGB2L"), listed)[0].band == "block"
    for branch in ("QUORGB2LXXX", "QUORGB2L123"):
        (hit,) = hits(Identifier("BIC", branch), listed)
        assert hit.band == "review"
        assert "branch" in hit.notes[0]
    assert not hits(Identifier("BIC", "QUORGB3L"), listed)


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (("Passport", "987654321"), ("Tax ID No.", "987654321"), "is a Passport"),
        (("Tax ID", "987654321", "DE"), ("Tax ID", "987654321", "CO"), "given in DE"),
        (("Tax ID", "98765"), ("Tax ID", "98765", "CO"), "short number"),
        (("Registration ID", "0098765432"), ("Registration ID", "98765432"), "leading zeros"),
    ],
)
def test_equal_keys_that_may_not_be_one_number_are_for_review(
    ours: tuple[str, ...], theirs: tuple[str, ...], words: str
) -> None:
    (hit,) = hits(Identifier(*ours), Identifier(*theirs))
    assert hit.band == "review"
    assert words in " ".join(hit.notes)


def test_what_may_be_one_number_is_no_doubt() -> None:
    tax, company = Identifier("NIT #", "800000941", "CO"), Identifier("Registration", "800000941")
    assert doubts(tax, company) == ()
    mainland, hong_kong = (Identifier("Company Number", "98765432", c) for c in ("CN", "HK"))
    assert doubts(mainland, hong_kong) == ()
    short = [Identifier("Company Number", "98765", "HK")] * 2
    assert doubts(*short) == ()


@pytest.mark.parametrize(
    "identifier",
    [
        Identifier("Gender", "Female"),
        Identifier("Organization Established Date", "12 Jan 2010"),
        Identifier("Additional Sanctions Information -", "Subject to Secondary Sanctions"),
        Identifier("Executive Order 13662 Directive Determination -", "Subject to Directive 1"),
        Identifier("Nationality of Registration", "Panama 12345"),
        Identifier("Tax ID", "1234"),
        Identifier("Tax ID", "00000000"),
        Identifier("Tax ID", "0001234"),
        Identifier("Tax ID", "unknown"),
        Identifier("", ""),
    ],
)
def test_what_is_no_number_never_hits(identifier: Identifier) -> None:
    assert lookup_key(identifier) == ""
    assert not hits(identifier, identifier)


def test_numbers_that_cannot_be_compared_are_said() -> None:
    party = Party("x", identifiers=(Identifier("Tax ID", "12"), Identifier("Tax ID", "987654321")))
    (reason,) = identifier_reasons(party)
    assert "'Tax ID 12' cannot be compared" in reason


def test_the_pair_with_the_fewest_doubts_is_told() -> None:
    entries = [Entry("1", "SDN", "Firm", identifiers=(
        Identifier("Passport", "987654321"), Identifier("Tax ID", "987654321")))]  # fmt: skip
    party = Party("x", identifiers=(Identifier("Tax ID", "987654321"),))
    (hit,) = by_identifier(party, entries, numbers_of(entries))
    assert hit.band == "block"
    assert hit.matched_name == "Tax ID 987654321"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("Tax ID No.", "tax"), ("SWIFT/BIC", "bic"), ("Passport", "passport"), ("RFC", "tax"),
     ("Vessel Registration Identification", "imo"), ("Company Number", "registration"),
     ("Cedula No.", "person"), ("Matricula Mercantil No", "registration"), ("Foo", "")],
)  # fmt: skip
def test_families(kind: str, expected: str) -> None:
    assert family(kind) == expected


@given(st.text(alphabet="0123456789ABCXYZ -./", min_size=1, max_size=20))
def test_a_number_meets_itself_however_it_is_punctuated(number: str) -> None:
    plain = Identifier("Foo", number)
    spaced = Identifier("Foo", " ".join(number.lower()))
    if lookup_key(plain) and lookup_key(spaced):
        assert lookup_key(plain) == lookup_key(spaced)
        assert hits(plain, spaced)
