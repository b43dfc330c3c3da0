"""Which lines a request wants: the filter of the worklist, as parameters of the query."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query, Request

from klartecken.api.models.base import Line
from klartecken.api.models.determinations import Outcome
from klartecken.api.models.lines import Code
from klartecken.desk.machines.line import LINE
from klartecken.desk.orders.worklist import Filter

Text = Annotated[Line | None, Query()]
States = Annotated[
    str | None,
    Query(pattern=r"^[a-z]+(,[a-z]+)*$", max_length=100, examples=["held,ready"],
          description="Some of " + ", ".join(LINE.states) + ", parted by commas"),
]  # fmt: skip
Holding = Annotated[Code | None, Query()]  # type: ignore[valid-type]


async def _wanted(
    request: Request, states: States = None, hold: Holding = None, first_hold: Holding = None,
    outcome: Annotated[Outcome | None, Query()] = None, destination: Text = None,
    item: Text = None, order_number: Text = None, external_id: Text = None,
    unit_of_business: Text = None,
    party: Annotated[Line | None, Query(description="Part of consignee or end user")] = None,
) -> Filter:  # fmt: skip
    place = request.app.state.desk.world.places.resolve(destination) if destination else ""
    return Filter(
        tuple(dict.fromkeys(states.split(","))) if states else (), hold or "", first_hold or "",
        outcome or "", place, item or "", order_number or "", external_id or "",
        unit_of_business or "", party or "",
    )  # fmt: skip


#: The lines that a request wants; without states where it names none.
Wanted = Annotated[Filter, Depends(_wanted)]


def narrowed(wanted: Filter, usual: tuple[str, ...]) -> Filter:
    """A filter with the usual states where none is named."""
    return wanted if wanted.states else replace(wanted, states=usual)
