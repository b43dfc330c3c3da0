"""Readers of ownership data: CSV, GLEIF (XML and API), Open Ownership BODS 0.4."""
