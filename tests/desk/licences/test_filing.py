"""What the filing and the invoice must say."""

from __future__ import annotations

from typing import Any

import pytest

from klartecken.desk.licences.filing import check_description, filing_of
from tests.desk.licences.world import plain_line, whole


def test_c30_is_the_licence_and_c33_is_none() -> None:
    """758.1(g)(3): C33 says that no licence is required; often taken for a licence's code."""
    held = whole()
    licensed = filing_of(plain_line(), ["3A090.b"], licence=held.licence,
                         licence_line=held.lines[0])  # fmt: skip
    free = filing_of(plain_line(authorisation="nlr", destination="DE"), ["5A992.c"])
    assert (licensed.code, licensed.licence, licensed.eccn) == ("C30", "D1000001", "3A090.b")
    assert (free.code, free.licence) == ("C33", "")


@pytest.mark.parametrize("symbol", ["NAC", "ACA", "HBM", "RPL"])
def test_codes_of_exceptions_are_not_guessed(symbol: str) -> None:
    found = filing_of(plain_line(authorisation="exception", exception=symbol), ["3A090.b"])
    assert found.code == ""
    assert f"exception {symbol} is not verified" in found.notes[0]


def test_no_authorisation_no_code() -> None:
    assert filing_of(plain_line(authorisation=""), ["3A090.b"]).code == ""


@pytest.mark.parametrize(("said", "eccns", "more", "cites"), [
    ({}, ["3A090.b"], {}, ["758.1(b)(2)", "758.1(b)(10)"]),
    ({"destination": "DE"}, ["3A090.b"], {}, ["758.1(b)(2)"]),
    ({"authorisation": "nlr", "destination": "DE"}, ["5A992.c"], {}, []),
    ({"authorisation": "nlr", "destination": "RU"}, ["5A992.c"], {}, ["758.1(b)(10)"]),
    ({"authorisation": "nlr", "destination": "VE"}, ["5A992.c"], {}, ["758.1(b)(10)"]),
    ({"authorisation": "nlr", "destination": "HK"}, ["5A992.c"], {}, ["758.1(b)(10)"]),
    ({"authorisation": "nlr", "destination": "Nowhere"}, ["5A992.c"], {}, ["758.1(b)(10)"]),
    ({"authorisation": "nlr"}, ["EAR99"], {}, []), ({"authorisation": "nlr"}, [], {},
                                                    ["758.1(b)(10)"]),
    ({"authorisation": "nlr", "destination": "DE"}, ["EAR99"], {"on_uvl": True, "is_veu": True},
     ["758.1(b)(7)", "758.1(b)(8)"]),
])  # fmt: skip
def test_why_it_is_filed(
    said: dict[str, Any], eccns: list[str], more: dict[str, Any], cites: list[str]
) -> None:
    found = filing_of(plain_line(**said), eccns, **more)
    assert [reason.rpartition(": ")[2] for reason in found.needed] == cites


def test_no_filing_after_departure_for_licensed_items_758_2_b_5() -> None:
    assert filing_of(plain_line(), ["3A090.b"]).after_departure is False
    assert filing_of(plain_line(authorisation="nlr"), ["5A992.c"]).after_departure is None


def test_z_comes_first_758_1_g_5() -> None:
    assert ".z" in filing_of(plain_line(), ["4A003.z.1"]).description
    assert check_description(".z; GPU board", "4A003.z.1") == ""
    assert "758.1(g)(5)" in check_description("GPU board .z", "4A003.z.1")
    assert check_description("GPU board", "3A090.a") == ""


def test_the_invoice_names_the_eccn_758_6_a() -> None:
    found = filing_of(plain_line(), ["4A003.z.1", "3A090.a", "5A992.c"]).invoice
    assert found == ("the destination control statement: 758.6(a)",
                     "the ECCN 3A090.a: 758.6(a)", "the ECCN 4A003.z.1: 758.6(a)")  # fmt: skip
    assert filing_of(plain_line(), ["EAR99"]).invoice == ()


def test_an_unsettled_class_is_said() -> None:
    found = filing_of(plain_line(), ["3A090.a", "3A090.b"])
    assert found.eccn == ""
    assert any("3A090.a, 3A090.b" in note for note in found.notes)
