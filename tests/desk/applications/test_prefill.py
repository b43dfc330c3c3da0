"""A first form from a determination: what is known, and nothing guessed."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from klartecken.decide.ask import check
from klartecken.decide.determination import Determination
from klartecken.desk.applications.prefill import prefill
from klartecken.desk.applications.rules.around import Around
from klartecken.desk.applications.validate import validate
from tests.desk.applications.make import codes
from tests.desk.world import h20

US_FIRM = {"name": "Orrery Accelerators Inc", "address": "1 Lane, Austin", "country": "US"}


@cache
def answer(item: str, day: str, **said: Any) -> Determination:
    return check(item, "CN", date.fromisoformat(day), **{
        "ship_from": "US", "activity": "export", "exporter": "NVIDIA", "hq": "CN",
        "parent_hq": "CN", "end_use": "commercial", **said})  # fmt: skip


def line(**said: Any) -> dict[str, Any]:
    return {**h20(), "activity": "export", "state": "held", "purchaser": "", "intermediate": "",
            **said}  # fmt: skip


def test_an_h200_to_china_in_2026() -> None:
    """The certifications open the path: the checklist is offered before they are shown."""
    found = prefill(answer("nvidia-h200-sxm", "2026-02-01"), line(item="nvidia-h200-sxm"), US_FIRM)
    assert found.review_policy == "presumption_of_denial"
    assert found.paths == ("january_2026",)
    form = found.form
    assert (form["application_type"], form["ship_from"]) == ("export", "US")
    assert form["end_use_code"] == "commercial"
    only = form["lines"][0]
    assert (only["eccn"], only["performance"]) == ("3A090.a", "TPP 15832")
    assert (only["quantity"], only["unit_price"], only["total"]) == ("8", "12500", "100000")
    assert (form["total_value"], only["manufacturer"]) == ("100000", "Nvidia")
    assert "Memory bandwidth 4800 GB/s" in only["description"]
    parties = {party["role"]: (party["name"], party["country"]) for party in form["parties"]}
    assert parties == {
        "applicant": ("Orrery Accelerators Inc", "US"),
        "consignee": ("Lantern Cloud Computing", "CN"),
        "end_user": ("Lantern Cloud Computing", "CN"),
    }  # fmt: skip
    assert form["order_numbers"] == ["SO-00001", "E-000001"]


def test_with_the_certifications_shown() -> None:
    shown = check("nvidia-h200-sxm", "CN", date(2026, 2, 1), ship_from="US", activity="export",
                  hq="CN", end_use="commercial", facts={"dd_conditions": "yes"})  # fmt: skip
    found = prefill(shown, line())
    assert (found.review_policy, found.paths) == ("case_by_case", ("january_2026",))


@pytest.mark.parametrize(("day", "said"), [
    ("2025-12-01", {}), ("2026-02-01", {"activity": "reexport", "ship_from": "TW"}),
])  # fmt: skip
def test_no_path_before_its_day_or_from_abroad(day: str, said: dict[str, str]) -> None:
    assert prefill(answer("nvidia-h200-sxm", day, **said), line()).paths == ()


def test_what_is_not_known_stays_empty() -> None:
    found = prefill(
        check("an own chip", "CN", date(2025, 7, 15), hq="CN", facts={"tpp": "1600..5000"}),
        line(end_user="Somebody Else", consignee="Lantern Cloud Computing | Second House",
             currency="EUR", activity="transfer"),
    )  # fmt: skip
    form = found.form
    only = form["lines"][0]
    assert (only["eccn"], only["unit_price"], only["total"], form["total_value"]) == ("",) * 4
    assert form["application_type"] == ""
    assert only["performance"] == only["manufacturer"] == ""
    countries = {party["name"]: party["country"] for party in form["parties"]}
    assert countries == {"NVIDIA": "", "Lantern Cloud Computing": "CN", "Second House": "CN",
                         "Somebody Else": ""}  # fmt: skip
    told = " ".join(found.notes)
    for word in ("EUR", "ECCN is to be chosen", "Somebody Else", "transfer", "undetermined"):
        assert word in told
    blocking = codes(validate(form, Around()))
    assert {"type_missing", "party_incomplete", "line_incomplete", "total_value",
            "end_use_missing"} <= blocking  # fmt: skip


def test_a_server_counts_by_the_chip() -> None:
    found = prefill(check("server:8xnvidia-h100-sxm", "CN", date(2025, 7, 15), hq="CN"), line())
    assert found.form["lines"][0]["performance"] == "TPP 15832 per chip"


def test_goods_that_have_left() -> None:
    found = prefill(answer("nvidia-h20", "2025-07-15"), line(state="shipped"), US_FIRM)
    assert found.form["laden_or_exported"] is True
    assert "laden" in codes(validate(found.form, Around()))


def test_what_needs_no_licence_is_told() -> None:
    found = prefill(check("nvidia-l40s", "DE", date(2025, 7, 15)), line(destination="DE"))
    assert any("not that a licence is required" in note for note in found.notes)
