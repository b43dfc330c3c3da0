"""The firm's own parties: imported from a table, kept immutable, looked up by id or name."""
