"""The state machine of a licence."""

from __future__ import annotations

from klartecken.desk.machines.machine import Machine, Move

IN_FORCE = ("issued", "reinstated")
_ALIVE = (*IN_FORCE, "suspended", "exhausted")
_HELD = (*_ALIVE, "expired", "surrendered", "replaced", "transferred", "revoked")
_AGAIN = "the verification lapses: a second person verifies it anew"

LICENCE = Machine(
    "licence",
    {
        "issued": "in force",
        "reinstated": "in force again after a suspension",
        "suspended": "nothing may leave on it for now",
        "exhausted": "all of its quantity, or all of its value, has left",
        "expired": "its last day is over",
        "revoked": "taken back by BIS",
        "surrendered": "given back to BIS",
        "replaced": "another licence stands in its place",
        "transferred": "it belongs to another holder",
        "void": "never in force: obtained on a false or undisclosed fact",
    },
    (
        Move("edit", ("issued",), "issued", "licence.change", effect=_AGAIN),
        Move("edit", ("reinstated",), "reinstated", "licence.change", effect=_AGAIN),
        Move("edit", ("suspended",), "suspended", "licence.change", effect=_AGAIN),
        Move("edit", ("exhausted",), "exhausted", "licence.change", effect=_AGAIN),
        Move("extend", ("issued",), "issued", "licence.change", cite="750.7(g)", effect=_AGAIN,
             guard="still valid on the day; BIS's letter is recorded"),
        Move("extend", ("reinstated",), "reinstated", "licence.change", cite="750.7(g)",
             guard="still valid on the day; BIS's letter is recorded", effect=_AGAIN),
        Move("suspend", (*IN_FORCE, "exhausted"), "suspended", "licence.change", cite="750.8",
             effect="every line on it is held"),
        Move("reinstate", ("suspended",), "reinstated", "licence.change", cite="750.8",
             guard="BIS's letter is recorded", effect=_AGAIN),
        Move("revoke", (*_ALIVE, "expired"), "revoked", "licence.change", cite="750.8",
             effect="every line on it is held; what is under way may be ordered back"),
        Move("surrender", _ALIVE, "surrendered", "licence.change"),
        Move("void", _HELD, "void", "licence.change", cite="750.7(a)(2)",
             effect="void from issuance: what has left on it is to be looked at again"),
        Move("replace", _ALIVE, "replaced", "licence.register", cite="750.7(c)",
             guard="the licence that replaces it is in hand"),
        Move("transfer", IN_FORCE, "transferred", "licence.change", cite="750.10",
             guard="BIS's prior written approval is recorded; once"),
        Move("exhaust", IN_FORCE, "exhausted", cite="750.7(f)",
             guard="no line of it has anything left, and nothing is reserved"),
        Move("refill", ("exhausted",), "issued", cite="758.4(c)",
             guard="something was given back, or a corrected limit leaves something"),
        Move("expire", (*IN_FORCE, "suspended"), "expired", cite="758.4(b)",
             guard="its last day is over"),
    ),
)  # fmt: skip
