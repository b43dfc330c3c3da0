"""Exact screening: a pure function of party, snapshot, model and thresholds."""
