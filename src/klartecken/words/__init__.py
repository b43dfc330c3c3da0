"""A determination as text, JSON and HTML."""
