"""Parties: restricted-party lists, exact screening, ownership, and what they say of a case."""
