"""Rules about papers, numbers of applications, the same transaction and the checklist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from klartecken.desk.applications.blocks import DOCUMENTS
from klartecken.desk.applications.checklist import checklists, paths_of
from klartecken.desk.applications.finding import Finding
from klartecken.desk.applications.form import amount, destination, parties
from klartecken.desk.applications.rules.around import Around, in_china, in_us, is_acn
from klartecken.desk.applications.rules.items import commodity, computer
from klartecken.desk.applications.transaction import bare, transaction_key
from klartecken.desk.machines.application import EDITABLE

CHINA_VALUE = Decimal(50_000)  # US dollars: 748.10(a)
GONE = ("shipped", "returned")


def of_papers(form: Mapping[str, Any], around: Around) -> Iterator[Finding]:
    """Attachments, China's statement, the earlier application, the same one twice."""
    yield from _documents(form, around)
    declared = (*form["documents_submitted"], *form["documents_on_file"])
    if statement_needed(form, around) and "end_user_statement" not in declared:
        yield Finding("china_statement", "documents_submitted")
    yield from _numbers(form, around)
    yield from _same(form, around)
    if form["laden_or_exported"] or around.line_state in GONE:
        yield Finding("laden", "laden_or_exported")
    elif form["laden_or_exported"] is None:
        yield Finding("laden_unsaid", "laden_or_exported")
    yield from _checklist(form, around)


def statement_needed(form: Mapping[str, Any], around: Around) -> bool:
    """China's end-user statement: computers at any value, commodities above 50,000 USD.

    What is not said counts as if it were needed. The exceptions of 748.9(c) are not modelled.
    """
    places = [destination(form), *(party["country"] for _, party in parties(form, "end_user"))]
    if not any(in_china(around.places, place) for place in places):
        return False
    if any(computer(line["eccn"]) for line in form["lines"]):
        return True
    totals = [amount(line["total"]) for line in form["lines"] if commodity(line["eccn"])]
    if None in totals:
        return True
    return sum((total for total in totals if total is not None), Decimal(0)) > CHINA_VALUE


def _documents(form: Mapping[str, Any], around: Around) -> Iterator[Finding]:
    sent = {held["kind"] for held in around.attachments if held["on_file"] == "submitted"}
    kept = {held["kind"] for held in around.attachments}
    for held in around.attachments:
        if held["on_file"] != "submitted":
            continue
        if held["media_type"] != "application/pdf":
            yield Finding("not_pdf", "attachments", held["name"])
        if held["kind"] not in form["documents_submitted"]:
            yield Finding("document_unsaid", "documents_submitted", held["name"])
    for kind in form["documents_submitted"]:
        if kind not in sent:
            yield Finding("document_missing", "documents_submitted", DOCUMENTS[kind])
    for kind in form["documents_on_file"]:
        if kind not in kept:
            yield Finding("document_elsewhere", "documents_on_file", DOCUMENTS[kind])


def _numbers(form: Mapping[str, Any], around: Around) -> Iterator[Finding]:
    earlier = form["resubmission_of"]
    if form["resubmission"] and not earlier:
        yield Finding("resubmission_without_acn", "resubmission_of")
    if is_acn(form["replaces_licence"]):
        yield Finding("acn_as_licence", "replaces_licence", form["replaces_licence"])
    if not earlier:
        return
    if not is_acn(earlier):
        yield Finding("acn_format", "resubmission_of", earlier)
        return
    if earlier not in form["narrative"]:
        yield Finding("resubmission_unsaid", "narrative", earlier)
    held = [other for other in around.others if other.acn == earlier]
    if not held:
        yield Finding("resubmission_unknown", "resubmission_of", earlier)
    elif held[0].pending:
        yield Finding("resubmission_pending", "resubmission_of", earlier)


def _same(form: Mapping[str, Any], around: Around) -> Iterator[Finding]:
    key = transaction_key(form)
    apart = {bare(entry["reference"]) for entry in form["distinct_from"]
             if entry["reference"] and entry["why"]}  # fmt: skip
    for other in around.others:
        if other.transaction_key != key:
            continue
        named = {bare(other.reference), bare(other.acn or "")} - {""}
        shown = other.reference + (f", {other.acn}" if other.acn else "")
        if other.state in EDITABLE:
            yield Finding("duplicate_draft", "distinct_from", shown)
        elif other.pending:
            distinct = named & apart
            yield Finding("duplicate_distinct" if distinct else "duplicate", "distinct_from", shown)


def _checklist(form: Mapping[str, Any], around: Around) -> Iterator[Finding]:
    for item in around.checklist:
        if item["when"] == "filing" and not item["done"]:
            yield Finding("checklist_open", f"checklist.{item['id']}", item["text"])
    if not around.review_policy:
        yield Finding("policy_unsaid", "review_policy")
    lists = checklists()
    for name in paths_of(around.checklist):
        chosen = lists.get(name)
        if chosen is None:
            continue
        if chosen.application_type and form["application_type"] != chosen.application_type:
            yield Finding("path_unfit", "application_type", f"{chosen.title}: "
                          f"{chosen.application_type} only")  # fmt: skip
        if chosen.ship_from == "US" and not in_us(around.places, form["ship_from"]):
            yield Finding("path_unfit", "ship_from", f"{chosen.title}: from the United States only")
        if chosen.policy and around.review_policy != chosen.policy:
            yield Finding("path_unfit", "review_policy", f"{chosen.title}: "
                          f"{chosen.policy.replace('_', ' ')}")  # fmt: skip
