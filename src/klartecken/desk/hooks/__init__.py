"""Webhooks: what is told to other programs, signed, retried and replayable."""
