"""The rules of part 748 about a form."""

from __future__ import annotations

from typing import Any

import pytest

from klartecken.desk.applications.checklist import items_of
from klartecken.desk.applications.finding import BLOCKING, KINDS, WARNING
from klartecken.desk.applications.form import read_form
from klartecken.desk.applications.rules.around import Around, Other
from klartecken.desk.applications.transaction import transaction_key
from klartecken.desk.applications.validate import validate
from klartecken.facts.places import load_places
from tests.desk.applications.make import codes, ready

PLACES = load_places()
FINE = Around(review_policy="presumption_of_denial", places=PLACES)


def found(form: dict[str, Any], *, all_of_them: bool = True, **around: Any) -> set[str]:
    held = validate(read_form(form, PLACES), Around(
        **{"review_policy": "presumption_of_denial", "places": PLACES, **around}))  # fmt: skip
    return codes(held, blocking=not all_of_them)


def party(role: str, **said: Any) -> dict[str, Any]:
    return {"role": role, "name": "Somebody", "address": "1 Street", "country": "US",
            "forwarder": False, **said}  # fmt: skip


def line(**said: Any) -> dict[str, Any]:
    return {**ready()["lines"][0], **said}


def with_party(*parties: dict[str, Any], without: str = "") -> dict[str, Any]:
    kept = [held for held in ready()["parties"] if held["role"] != without]
    return ready(parties=[*kept, *parties])


def test_a_ready_form_has_nothing_against_it() -> None:
    assert found(ready(), all_of_them=False) == set()
    assert found(ready()) == {"document_elsewhere"}


def test_an_empty_form_has_everything_against_it() -> None:
    blocking = found({}, all_of_them=False)
    assert blocking == {
        "type_missing", "ship_from_missing", "contact_missing", "certifier_missing",
        "applicant_missing", "consignee_missing", "end_user_missing", "end_use_missing",
        "end_use_uncoded", "lines_missing", "laden_unsaid",
    }  # fmt: skip


@pytest.mark.parametrize(("said", "code"), [
    ({"application_type": "classification_request"}, "classification_request"),
    ({"ship_from": "TW"}, "not_from_us"),
    ({"laden_or_exported": True}, "laden"),
    ({"laden_or_exported": None}, "laden_unsaid"),
    ({"replaces_licence": "Z123456"}, "acn_as_licence"),
    ({"resubmission": True}, "resubmission_without_acn"),
    ({"resubmission_of": "D1234567", "narrative": "D1234567"}, "acn_format"),
    ({"resubmission_of": "Z123456"}, "resubmission_unsaid"),
    ({"total_value": "12500000.01"}, "total_value"),
    ({"total_value": ""}, "total_value"),
    ({"documents_submitted": ["purchase_order"]}, "document_missing"),
    ({"contact": {"name": "Pia"}}, "contact_missing"),
])  # fmt: skip
def test_what_blocks(said: dict[str, Any], code: str) -> None:
    assert found(ready(**said), all_of_them=False) == {code}


@pytest.mark.parametrize(("said", "code"), [
    ({"total": "12500001"}, "line_total"), ({"quantity": "0", "total": "0"}, "line_nothing"),
    ({"eccn": "3A90"}, "eccn_format"), ({"eccn": ""}, "line_incomplete"),
    ({"performance": ""}, "performance_missing"), ({"description": ""}, "line_incomplete"),
    ({"item": "", "model": ""}, "line_incomplete"), ({"unit": ""}, "line_incomplete"),
])  # fmt: skip
def test_what_blocks_of_a_line(said: dict[str, Any], code: str) -> None:
    held = validate(read_form(ready(lines=[line(**said)]), PLACES), FINE)
    assert code in codes(held)
    assert all(f.where.startswith("lines[0]") for f in held if f.code == code)


def test_the_applicant_is_in_the_united_states() -> None:
    assert found(with_party(party("applicant", country="TW"), without="applicant"),
                 all_of_them=False) == {"applicant_not_us"}  # fmt: skip
    assert "applicant_not_us" not in found(
        with_party(party("applicant", country="PR"), without="applicant")
    )
    abroad = with_party(party("applicant", country="TW"), without="applicant")
    abroad |= {"application_type": "reexport", "ship_from": "TW"}
    assert found(abroad, all_of_them=False) == set()
    assert "original_missing" in found(abroad)
    from_us = {**abroad, "ship_from": "US"}  # said to be a reexport, and leaves from there
    assert found(from_us, all_of_them=False) == {"applicant_not_us"}


def test_an_agent_needs_a_power_of_attorney() -> None:
    form = with_party(party("agent"))
    assert found(form, all_of_them=False) == {"agent_without_power"}
    declared = {**form, "documents_on_file": ["power_of_attorney"]}
    assert found(declared, all_of_them=False) == set()
    kept = {"kind": "power_of_attorney", "on_file": "on file", "name": "poa.pdf",
            "media_type": "application/pdf"}  # fmt: skip
    assert found(form, all_of_them=False, attachments=[kept]) == set()


@pytest.mark.parametrize("role", ["consignee", "end_user"])
def test_a_final_party_is_never_a_forwarder(role: str) -> None:
    assert found(with_party(party(role, forwarder=True)), all_of_them=False) == {"forwarder"}
    unsaid = found(with_party(party(role, forwarder=None, name="Swift Cargo Ltd")))
    assert {"forwarder_unsaid", "forwarder_name"} <= unsaid
    assert found(with_party(party("intermediate", forwarder=True)), all_of_them=False) == set()


def test_a_party_without_an_address_blocks() -> None:
    for lacking in ("name", "address", "country"):
        assert "party_incomplete" in found(with_party(party("purchaser", **{lacking: ""})))


def test_submitted_files_are_pdf() -> None:
    file = {"kind": "purchase_order", "on_file": "submitted", "name": "po.docx",
            "media_type": "application/msword"}  # fmt: skip
    form = ready(documents_submitted=["purchase_order"])
    assert found(form, all_of_them=False, attachments=[file]) == {"not_pdf"}
    pdf = {**file, "media_type": "application/pdf"}
    assert found(form, all_of_them=False, attachments=[pdf]) == set()
    assert found(ready(), all_of_them=False, attachments=[pdf]) == {"document_unsaid"}
    on_file = {**file, "on_file": "on file"}  # what is not sent may be anything
    assert found(ready(), all_of_them=False, attachments=[on_file]) == set()


@pytest.mark.parametrize(("eccn", "total", "country", "needed"), [
    ("4A090.a", "1", "CN", True),  # a computer: at any value
    ("4A003.z", "1", "HK", True),  # the law takes Hong Kong for China
    ("3A090.a", "50000", "CN", False), ("3A090.a", "50000.01", "CN", True),
    ("3A090.a", "50000.01", "MO", False), ("3A090.a", "90000", "DE", False),
    ("3E001", "90000", "CN", False),  # technology is no commodity
    ("EAR99", "90000", "CN", False), ("", "1", "CN", True),  # unknown counts as a computer
])  # fmt: skip
def test_chinas_end_user_statement(eccn: str, total: str, country: str, needed: bool) -> None:
    form = ready(lines=[line(eccn=eccn, quantity="1", unit_price=total, total=total)],
                 total_value=total, documents_on_file=[])  # fmt: skip
    for held in form["parties"][1:]:
        held["country"] = country
    assert ("china_statement" in found(form)) is needed
    assert "china_statement" not in found({**form, "documents_on_file": ["end_user_statement"]})


def test_the_value_of_all_commodities_counts() -> None:
    two = [line(quantity="1", unit_price="30000", total="30000")] * 2
    form = ready(lines=two, total_value="60000", documents_on_file=[])
    assert "china_statement" in found(form)
    assert "all_or_nothing_unsaid" in found(form)


def test_an_end_user_in_china_is_enough() -> None:
    form = ready(documents_on_file=[])
    form["parties"][1]["country"] = "SG"
    assert "china_statement" in found(form)


# -- the same transaction ------------------------------------------------------------------------
def other(form: dict[str, Any], state: str = "referred", acn: str = "Y111111") -> Other:
    return Other("A-00007", acn, state, transaction_key(read_form(form, PLACES)))


def test_no_second_application_while_one_is_pending() -> None:
    again = ready(lines=[line(quantity="2000", total="25000000")], total_value="25000000")
    again["parties"][1]["name"] = "LANTERN cloud-computing"
    assert found(again, all_of_them=False, others=[other(ready())]) == {"duplicate"}
    for state in ("denied", "withdrawn", "returned_without_action", "approved"):
        assert found(again, all_of_them=False, others=[other(ready(), state)]) == set()
    assert "duplicate_draft" in found(again, others=[other(ready(), "draft")])


@pytest.mark.parametrize("change", [
    {"end_user": "Another Cloud"}, {"item": "nvidia-h200-sxm"}, {"country": "SG"},
    {"application_type": "reexport"},
])  # fmt: skip
def test_another_transaction(change: dict[str, str]) -> None:
    form = ready()
    if "end_user" in change:
        form["parties"][2]["name"] = change["end_user"]
    if "country" in change:
        form["parties"][1]["country"] = change["country"]
    form["lines"][0]["item"] = change.get("item", form["lines"][0]["item"])
    form["application_type"] = change.get("application_type", "export")
    assert "duplicate" not in found(form, others=[other(ready())])


def test_said_to_be_another_transaction() -> None:
    said = ready(distinct_from=[{"reference": "y111111", "why": "a second data centre"}])
    held = found(said, others=[other(ready())])
    assert "duplicate" not in held
    assert "duplicate_distinct" in held
    unreasoned = ready(distinct_from=[{"reference": "Y111111"}])
    assert "duplicate" in found(unreasoned, others=[other(ready())])


def test_a_resubmission() -> None:
    form = ready(resubmission=True, resubmission_of="Y111111", narrative="Replaces Y111111.")
    assert (
        found(form, all_of_them=False, others=[other(ready(), "returned_without_action")]) == set()
    )
    assert "resubmission_pending" in found(form, others=[other(ready())])
    assert "resubmission_unknown" in found(form)


def test_goods_of_a_line_that_has_left() -> None:
    assert found(ready(), all_of_them=False, line_state="shipped") == {"laden"}


# -- the checklist -------------------------------------------------------------------------------
def test_what_is_not_ticked_blocks_the_filing() -> None:
    items = items_of(["january_2026"])
    held = [f for f in validate(read_form(ready(), PLACES), Around(
        review_policy="case_by_case", checklist=items, places=PLACES)) if f.blocks]  # fmt: skip
    assert {f.where for f in held} == {
        *(f"checklist.january_2026.{n}" for n in (*range(1, 10), 11)),  # the test: before export
        *(f"checklist.common.{name}" for name in
          ("parties", "use_known", "not_gone", "supplement_2")),
    }  # fmt: skip
    done = [{**item, "done": item["when"] == "filing"} for item in items]
    assert found(ready(), all_of_them=False, checklist=done,
                 review_policy="case_by_case") == set()  # fmt: skip


@pytest.mark.parametrize("said", [
    {"application_type": "reexport"}, {"ship_from": "TW", "application_type": "reexport"},
])  # fmt: skip
def test_the_path_of_january_2026_is_for_exports_from_the_united_states(
    said: dict[str, Any],
) -> None:
    done = [{**item, "done": True} for item in items_of(["january_2026"])]
    assert "path_unfit" in found(ready(**said), checklist=done, review_policy="case_by_case")
    assert "path_unfit" in found(ready(), checklist=done, review_policy="presumption_of_denial")


def test_the_table_is_used_and_cites() -> None:
    assert {kind.severity for kind in KINDS.values()} == {BLOCKING, WARNING}
    import klartecken.desk.applications.rules as rules

    folder = next(iter(rules.__path__))
    from pathlib import Path

    source = "".join(file.read_text() for file in Path(folder).glob("*.py"))
    assert {code for code in KINDS if f'"{code}"' not in source} == set()
