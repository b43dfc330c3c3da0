"""Readers: one file per format; :mod:`recognise` says which is whose."""
