"""The desk over HTTP: a thin shell around :mod:`klartecken.desk`.

:func:`klartecken.api.app.create_app` makes the app of a desk;
:func:`klartecken.api.serve.serve` serves one.
"""
