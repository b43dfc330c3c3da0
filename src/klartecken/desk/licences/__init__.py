"""Licences: what they cover, what is left of them, their conditions, and cumulative caps."""
