"""What a person says of an order line, and the hash that stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from klartecken.desk.work import content_hash

#: The columns that people fill in. A release is good for exactly these.
SAID = (
    "item", "quantity", "unit", "unit_price", "currency", "destination", "ship_from", "activity",
    "exporter", "consignee", "end_user", "purchaser", "intermediate", "end_use", "facts",
)  # fmt: skip
#: Further columns that people fill in and no answer depends on.
BESIDE = ("external_id", "order_number", "ship_on", "unit_of_business", "note")


def content_of(row: Mapping[str, Any]) -> str:
    """Hash of all that is said of a line and that an answer or a release may depend on."""
    return content_hash([row[name] for name in SAID])


def assignment(row: Mapping[str, Any]) -> str:
    """Hash of a line with the authorisation assigned to it: what a second person approves."""
    return content_hash(
        [row["content"], row["authorisation"], row["exception"], row["licence_line"]]
    )
