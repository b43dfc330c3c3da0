"""Names: normal forms, legal forms, scripts, words and their weights."""
