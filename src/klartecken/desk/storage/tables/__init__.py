"""All tables of the desk, one file per subject."""

from klartecken.desk.storage.metadata import METADATA
from klartecken.desk.storage.tables import (
    applications,
    ledger,
    licences,
    orders,
    people,
    plumbing,
    records,
)

__all__ = [
    "METADATA", "applications", "ledger", "licences", "orders", "people", "plumbing", "records",
]  # fmt: skip
