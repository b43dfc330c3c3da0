"""From the parties of a transaction to the facts of a case."""
