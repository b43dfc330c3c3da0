"""How each kind of approval is decided: a table from what is approved to the function.

A subject whose records need a second person puts a function here. It must give the content as
it is now to :func:`klartecken.desk.people.approvals.decide`, so that an edit counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from klartecken.desk.work import Row, Work

#: Takes work, the approval, yes or no, why, and the version that the caller saw.
Decider = Callable[[Work, Row, bool, str, int | None], Row]

#: (table, what of it) -> how it is decided.
DECIDERS: Mapping[tuple[str, str], Decider] = {}
