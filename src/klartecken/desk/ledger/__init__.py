"""The ledger: entries, their chain, search keys, and what can be checked of them."""
