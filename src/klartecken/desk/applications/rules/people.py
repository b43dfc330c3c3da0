"""Rules about applicant, agent, contact, signature and parties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from klartecken.desk.applications.blocks import FINAL_ROLES, ROLES
from klartecken.desk.applications.finding import Finding
from klartecken.desk.applications.form import parties
from klartecken.desk.applications.rules.around import Around, in_us

# words that name a trade, not a law: a warning, never more
_CARRIER = re.compile(
    r"\b(?:forward(?:er|ers|ing)|freight|logistics?|cargo|shipping|spedition|customs broker|"
    r"express)\b", re.IGNORECASE)  # fmt: skip
_ONCE = ("applicant", "agent", "purchaser", "consignee", "original_consignee")


def of_people(form: Mapping[str, Any], around: Around) -> Iterator[Finding]:
    """Who applies, who answers, who signs, and who receives."""
    kind = form["application_type"]
    if not kind:
        yield Finding("type_missing", "application_type")
    if kind == "classification_request":
        yield Finding("classification_request", "application_type")
    if not form["ship_from"]:
        yield Finding("ship_from_missing", "ship_from")
    elif kind == "export" and not in_us(around.places, form["ship_from"]):
        yield Finding("not_from_us", "ship_from", form["ship_from"])
    contact = form["contact"]
    if not contact["name"] or not (contact["telephone"] or contact["email"]):
        yield Finding("contact_missing", "contact")
    if not form["certifier"]["name"]:
        yield Finding("certifier_missing", "certifier")
    yield from _applicant(form, around)
    yield from _roles(form)
    for place, party in enumerate(form["parties"]):
        yield from _party(f"parties[{place}]", party)


def _applicant(form: Mapping[str, Any], around: Around) -> Iterator[Finding]:
    applicants = list(parties(form, "applicant"))
    if not applicants:
        yield Finding("applicant_missing", "parties")
    from_us = form["application_type"] == "export" or in_us(around.places, form["ship_from"])
    for place, party in applicants:
        if from_us and party["country"] and not in_us(around.places, party["country"]):
            yield Finding("applicant_not_us", f"parties[{place}].country", party["country"])
    papers = {*form["documents_submitted"], *form["documents_on_file"],
              *(held["kind"] for held in around.attachments)}  # fmt: skip
    for place, party in parties(form, "agent"):
        if "power_of_attorney" not in papers:
            yield Finding("agent_without_power", f"parties[{place}]", party["name"])


def _roles(form: Mapping[str, Any]) -> Iterator[Finding]:
    for role, code in (("consignee", "consignee_missing"), ("end_user", "end_user_missing")):
        if not any(True for _ in parties(form, role)):
            yield Finding(code, "parties")
    if form["application_type"] == "reexport" and not any(parties(form, "original_consignee")):
        yield Finding("original_missing", "parties")
    for role in _ONCE:
        held = list(parties(form, role))
        if len(held) > 1:
            yield Finding("role_twice", f"parties[{held[1][0]}]", ROLES[role])


def _party(where: str, party: Mapping[str, Any]) -> Iterator[Finding]:
    lacks = [name for name in ("name", "address", "country") if not party[name]]
    if lacks:
        yield Finding("party_incomplete", where, ", ".join(lacks))
    if party["role"] not in FINAL_ROLES:
        return
    if party["forwarder"]:
        yield Finding("forwarder", where, party["name"])
    elif party["forwarder"] is None:
        yield Finding("forwarder_unsaid", f"{where}.forwarder", party["name"])
    if not party["forwarder"] and _CARRIER.search(party["name"]):
        yield Finding("forwarder_name", f"{where}.name", party["name"])
