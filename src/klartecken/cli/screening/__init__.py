"""`klartecken screen` and `klartecken screen-file`: parties against the lists."""
