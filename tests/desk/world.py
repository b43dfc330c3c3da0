"""Staff, lists and order lines for the tests of the desk. All names are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from klartecken.desk.people.accounts import add_person
from klartecken.desk.work import Work
from klartecken.parties.resolve.context import Context
from tests.parties import fake

HERE = "tests"

#: name -> roles; their ids count from 1 in this order
STAFF: dict[str, tuple[str, ...]] = {
    "Ada": ("admin",),
    "Pia": ("preparer",),
    "Per": ("preparer",),
    "Ann": ("approver",),
    "Ari": ("approver",),
    "Liv": ("licence_manager",),
    "Rut": ("rules_editor",),
    "Aud": ("auditor",),
    "Vic": ("viewer",),
    "Sam": ("service",),
}


def staff(work: Work) -> None:
    """All of :data:`STAFF`."""
    for name, roles in STAFF.items():
        add_person(work, name, roles)


def nobody_listed(*snapshots: Any, **more: Any) -> Context:
    """The lists of ``tests.parties.fake``, complete, and never too old for the tests."""
    held = snapshots or (fake.snapshot(day=date(2022, 1, 1)),)
    return fake.context(*held, many=True, **{"max_age": 5000, **more})


def line(number: int = 1, **said: Any) -> dict[str, Any]:
    """What a preparer says of an order line: an L40S to Germany, which needs no licence."""
    return {
        "external_id": f"E-{number:06d}", "order_number": f"SO-{(number + 1) // 2:05d}",
        "item": "nvidia-l40s", "quantity": "8", "unit": "pieces", "unit_price": "7200.00",
        "currency": "USD", "destination": "DE", "ship_from": "US", "exporter": "NVIDIA",
        "consignee": "Beispiel Rechenzentrum GmbH", "end_user": "Beispiel Rechenzentrum GmbH",
        "end_use": "commercial", "facts": {"consignee_hq": "DE", "parent_hq": "DE"}, **said,
    }  # fmt: skip


def h20(number: int = 1, **said: Any) -> dict[str, Any]:
    """An H20 to a customer in China."""
    mine = {
        "item": "nvidia-h20", "unit_price": "12500.00", "destination": "CN",
        "facts": {"consignee_hq": "CN", "parent_hq": "CN"},
        "consignee": "Lantern Cloud Computing", "end_user": "Lantern Cloud Computing",
    }  # fmt: skip
    return line(number, **{**mine, **said})
