"""The state machine of an order line."""

from __future__ import annotations

from klartecken.desk.machines.machine import Machine, Move

OPEN = ("held", "ready", "released")

LINE = Machine(
    "order line",
    {
        "held": "something stands against it, or it was not evaluated yet",
        "ready": "no hold is open; it waits for its release",
        "released": "it may leave, as it is and within the days of its release",
        "shipped": "it has left",
        "returned": "it came back",
        "cancelled": "it will not be shipped",
    },
    (
        Move("find_ready", ("held",), "ready", guard="no hold is left"),
        Move("hold", ("ready",), "held", guard="a hold appeared"),
        Move("release", ("ready",), "released", "line.release",
             guard="a fresh determination leaves no hold; not by who entered, edited or assigned",
             effect="a release for this content and some days; the receipt is kept"),
        Move("hold_again", ("released",), "held",
             guard="a hold appeared, or the answer is no longer the one released on",
             effect="the release is withdrawn; whoever listens is told"),
        Move("lapse", ("released",), "ready", guard="the days of the release are over",
             effect="the release has lapsed"),
        Move("edit", OPEN, "held", "line.edit",
             effect="release and approvals lapse; it is evaluated anew"),
        Move("ship", ("released",), "shipped", "line.ship",
             guard="the release is good for this content on this day, and a fresh determination "
             "leaves no hold",
             effect="what was reserved of the licence is consumed"),
        Move("cancel", OPEN, "cancelled", "line.cancel",
             effect="what was reserved of the licence is free again"),
        Move("take_back", ("shipped",), "returned", "line.ship",
             effect="what was consumed of the licence is given back",
             cite="758.4(c) (failed delivery)"),
    ),
)  # fmt: skip
