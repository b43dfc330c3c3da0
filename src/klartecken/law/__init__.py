"""The law as dated, cited data: loading, checking, time, hash."""
