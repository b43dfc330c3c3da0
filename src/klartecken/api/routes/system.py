"""The desk itself: is it there, what it counts, and this specification."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from klartecken.api.answer import Answer
from klartecken.api.metrics import MEDIA, exposition
from klartecken.api.models.system import Health
from klartecken.api.subject import Caller, State, Subject
from klartecken.desk.storage.tables.ledger import LEDGER

SYSTEM_API = Subject("system", "The desk itself.")
S = SYSTEM_API


@S.bare("/health", "open", Health)
def health(state: State) -> Answer:
    """Is the desk there, and its database? 503 when not."""
    with state.desk.read() as connection:
        connection.execute(select(LEDGER.c.seq).limit(1)).first()
    return Answer({"status": "ok"})


@S.bare("/metrics", "view", media="text/plain")
def metrics(caller: Caller) -> Answer:
    """Counts and times, as Prometheus reads them."""
    raw = exposition(caller.desk, caller.request.app.state.counts)
    return Answer(raw, media=MEDIA)


@S.bare("/openapi.json", "view")
def specification(caller: Caller) -> Answer:
    """This specification."""
    found: dict[str, Any] = caller.request.app.openapi()
    return Answer(found)
