"""Pictures (optional extra `plot`)."""
