"""The state machine of a condition: a task with a due day."""

from __future__ import annotations

from klartecken.desk.machines.machine import Machine, Move

CONDITION = Machine(
    "condition",
    {
        "open": "still to be met",
        "met": "met, with its evidence",
        "ended": "it binds no longer",
    },
    (
        Move("meet", ("open",), "met", "condition.close", guard="the evidence is named",
             effect="a recurring one opens its next task", cite="750.7(d)"),
        Move("end", ("open",), "ended", "licence.verify",
             guard="a reason; not by who registered the licence", cite="750.7(i)"),
        Move("reopen", ("met", "ended"), "open", "condition.close", guard="a reason"),
    ),
)  # fmt: skip
