"""The desk over HTTP: a thin shell around :mod:`klartecken.desk`."""
