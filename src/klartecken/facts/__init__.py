"""Chips, servers, places and events: figures with their sources."""
