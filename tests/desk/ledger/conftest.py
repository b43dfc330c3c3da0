"""Fixtures of this folder."""

from tests.desk.ledger.busy import busy

__all__ = ["busy"]
