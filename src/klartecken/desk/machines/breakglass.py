"""The state machine of a break-glass: holds set aside in an emergency, by two people."""

from __future__ import annotations

from klartecken.desk.machines.machine import Machine, Move

BREAKGLASS = Machine(
    "break-glass",
    {
        "asked": "one person asked for it; it sets nothing aside yet",
        "open": "a second person agreed; it counts for the line as it was, for some hours",
        "ended": "it was ended by hand, or refused",
        "reported": "what was done, and why, is written down",
    },
    (
        Move("second", ("asked",), "open", "breakglass.second",
             guard="not by who asked, entered or edited; the line is as it was when it was asked",
             effect="the holds named are set aside until the hours are over; listeners are told"),
        Move("end", ("asked", "open"), "ended", "breakglass.ask",
             effect="nothing is set aside any longer"),
        Move("report", ("open", "ended"), "reported", "breakglass.ask",
             guard="it was open; the report says what was done",
             effect="nothing is set aside any longer; listeners are told"),
    ),
)  # fmt: skip
