"""Forms and applications for the tests. All names are invented."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from klartecken.desk.applications.approval import ask_approval, decide
from klartecken.desk.applications.checklist import checklists
from klartecken.desk.applications.events import fire
from klartecken.desk.applications.records import create, tick
from klartecken.desk.desk import Desk
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.work import Row, get
from tests.desk.world import HERE

People = dict[str, Person]

READY: dict[str, Any] = {
    "contact": {"name": "Pia Preparer", "telephone": "+1 555 0100"},
    "filed_on": "2025-07-15", "application_type": "export", "ship_from": "US",
    "laden_or_exported": False,
    "parties": [
        {"role": "applicant", "name": "Orrery Accelerators Inc", "address": "1 Lane, Austin",
         "country": "US"},
        {"role": "consignee", "name": "Lantern Cloud Computing", "address": "2 Road, Shanghai",
         "country": "CN", "forwarder": False},
        {"role": "end_user", "name": "Lantern Cloud Computing", "address": "2 Road, Shanghai",
         "country": "CN", "forwarder": False},
    ],
    "end_use": "Inference in a data centre in Shanghai", "end_use_code": "commercial",
    "lines": [
        {"item": "nvidia-h20", "eccn": "3A090.b", "performance": "TPP 2368", "model": "H20",
         "quantity": "1000", "unit": "pieces", "unit_price": "12500", "total": "12500000",
         "description": "Accelerator with 96 GB", "manufacturer": "Nvidia"},
    ],
    "total_value": "12500000", "certifier": {"name": "Liv Manager", "title": "Officer"},
    "documents_on_file": ["end_user_statement"],
}  # fmt: skip


def ready(**said: Any) -> dict[str, Any]:
    """A form that nothing blocks, with something said otherwise."""
    return {**copy.deepcopy(READY), **said}


def codes(findings: Iterable[Any], *, blocking: bool = True) -> set[str]:
    return {finding.code for finding in findings if finding.blocks or not blocking}


def drafted(desk: Desk, people: People, form: dict[str, Any] | None = None, **more: Any) -> int:
    """A draft of Pia's, with its checklist ticked where that is needed for the filing."""
    with desk.work(people["Pia"], HERE) as work:
        ident = create(work, form or ready(), review_policy="presumption_of_denial", **more)
        for item in checklists()["common"].items:
            tick(work, ident, f"common.{item['id']}", "note 1 in the folder")
    return ident


def approved(desk: Desk, people: People, form: dict[str, Any] | None = None, **more: Any) -> int:
    """Approved within the firm, by Ann."""
    ident = drafted(desk, people, form, **more)
    with desk.work(people["Pia"], HERE) as work:
        ask_approval(work, ident)
    with desk.work(people["Ann"], HERE) as work:
        decide(work, ident, True, "complete")
    return ident


#: state -> how to get there from ``internally_approved``: event and what is said of it
WAY: dict[str, tuple[tuple[str, dict[str, str]], ...]] = {}
WAY["internally_approved"] = ()
WAY["submitted"] = (("submit", {"acn": "Z000000"}),)
WAY["registered"] = (*WAY["submitted"], ("register", {}))
WAY["referred"] = (*WAY["registered"], ("refer", {}))
WAY["hold_without_action"] = (*WAY["registered"], ("hold", {}))
WAY["escalated_oc"] = (*WAY["referred"], ("escalate_oc", {}))
WAY["escalated_acep"] = (*WAY["escalated_oc"], ("escalate_acep", {}))
WAY["escalated_earb"] = (*WAY["escalated_acep"], ("escalate_earb", {}))
WAY["escalated_president"] = (*WAY["escalated_earb"], ("appeal_to_president", {}))
WAY["intent_to_deny"] = (*WAY["registered"], ("intend_to_deny", {}))
WAY["approved"] = (*WAY["registered"], ("grant", {}))
WAY["approved_with_conditions"] = (*WAY["registered"], ("grant_with_conditions", {}))
WAY["approved_in_part"] = (*WAY["registered"], ("grant_in_part", {"why": "line 1 only"}))
WAY["returned_without_action"] = (*WAY["registered"], ("return", {"reason_code": "deficiency"}))
WAY["denied"] = (*WAY["intent_to_deny"], ("deny", {}))
WAY["withdrawn"] = (*WAY["registered"], ("withdraw", {"why": "no longer wanted"}))


def brought(
    desk: Desk, people: People, state: str, *, acn: str = "Z000000",
    form: dict[str, Any] | None = None, **more: Any,
) -> int:  # fmt: skip
    """An application in a state."""
    if state == "draft":
        return drafted(desk, people, form, **more)
    ident = approved(desk, people, form, **more)
    for event, said in WAY[state]:
        with desk.work(people["Liv"], HERE) as work:
            fire(work, ident, event, **({"acn": acn} if "acn" in said else said))
    return ident


def happened(desk: Desk, people: People, ident: int, event: str, on: str = "", **said: Any) -> Row:
    """Liv records an event."""
    with desk.work(people["Liv"], HERE) as work:
        return fire(work, ident, event, date.fromisoformat(on) if on else None, **said)


def row(desk: Desk, ident: int) -> Row:
    with desk.read() as connection:
        return get(connection, APPLICATIONS, ident)


def entries(desk: Desk) -> int:
    """How many entries the ledger has."""
    with desk.read() as connection:
        return len(connection.execute(select(LEDGER.c.seq)).all())
