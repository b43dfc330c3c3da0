"""Snapshots of the restricted-party lists: read, checked, kept, compared."""
