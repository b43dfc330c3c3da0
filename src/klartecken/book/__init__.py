"""The order book: a table of order lines in, a table of answers out (extra ``book``)."""

from klartecken.book.extra import require

require("numpy", "pyarrow")
