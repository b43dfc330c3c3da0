"""The case key: what the rules can tell of a line, and a table from there to the answer."""
