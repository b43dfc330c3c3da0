"""The state machine of a licence application."""

from __future__ import annotations

from klartecken.desk.machines.machine import Machine, Move

EDITABLE = ("draft", "internally_approved")
ESCALATED = ("escalated_oc", "escalated_acep", "escalated_earb", "escalated_president")
#: Registered, not decided: the clock of 750.4 counts.
IN_REVIEW = ("registered", "referred", "hold_without_action", *ESCALATED, "intent_to_deny")
#: With BIS and not decided: no second application for the same transaction (748.4(f)).
PENDING = ("submitted", *IN_REVIEW)
GRANTED = ("approved", "approved_with_conditions", "approved_in_part")
_UNDENIED = tuple(state for state in IN_REVIEW if state != "intent_to_deny")
_FILE = "application.file"

APPLICATION = Machine(
    "application",
    {
        "draft": "being prepared; nothing has left the firm",
        "internally_approved": "a second person approved this very content",
        "submitted": "filed with BIS, not yet registered: the clock does not count yet",
        "registered": "entered in BIS's electronic system: day 0",
        "referred": "with the reviewing agencies",
        "hold_without_action": "held until the applicant answers",
        "escalated_oc": "before the chair of the Operating Committee",
        "escalated_acep": "before the Advisory Committee on Export Policy",
        "escalated_earb": "before the Export Administration Review Board",
        "escalated_president": "before the President",
        "intent_to_deny": "BIS intends to deny; the applicant may respond",
        "approved": "granted; nothing ships before the licence itself is registered",
        "approved_with_conditions": "granted with conditions; the licence is not in hand yet",
        "approved_in_part": "granted in part; what was not granted needs a licence as before",
        "returned_without_action": "returned; neither denied nor free: see the reason code",
        "denied": "denied",
        "withdrawn": "taken back by the applicant",
    },
    (
        Move("edit", EDITABLE, "draft", "application.edit",
             guard="the caller saw this version", effect="approvals lapse"),
        Move("ask_approval", ("draft",), "draft", "application.ask_approval",
             guard="no finding blocks", effect="an approval of this content is asked for"),
        Move("approve_internally", ("draft",), "internally_approved", "approve",
             guard="by somebody who had no hand in it; the content is the one asked about; no "
             "finding blocks", effect="the approval counts for this content only"),
        Move("submit", ("internally_approved",), "submitted", _FILE,
             guard="the approval counts for the content as it is; no finding blocks",
             effect="the form is frozen as filed", cite="748.6"),
        Move("register", ("submitted",), "registered", _FILE,
             guard="the application control number is known",
             effect="the clock starts, anew for a resubmission", cite="750.4(a)(2)"),
        Move("refer", ("registered",), "referred", _FILE,
             effect="the agencies' 30 days start", cite="750.3, 750.4(d)"),
        Move("hold", ("registered", "referred"), "hold_without_action", _FILE,
             effect="ten days to answer; the clock stops only for a reason of 750.4",
             cite="BIS's process page for computers"),
        Move("resume", ("hold_without_action",), "registered", _FILE,
             guard="it was not referred before", effect="a stopped clock runs again"),
        Move("resume_referred", ("hold_without_action",), "referred", _FILE,
             guard="it was referred before", effect="a stopped clock runs again"),
        *(Move("stop_clock", (state,), state, _FILE,
               guard="the clock runs; a reason of 750.4", effect="the clock stops",
               cite="750.4(b), 750.4(d)(1)") for state in IN_REVIEW),
        *(Move("restart_clock", (state,), state, _FILE,
               guard="the clock is stopped", effect="the clock runs again",
               cite="750.4(b)") for state in IN_REVIEW),
        Move("escalate_oc", ("referred",), "escalated_oc", _FILE, cite="750.4(f)(1)"),
        Move("escalate_acep", ("escalated_oc",), "escalated_acep", _FILE,
             cite="Executive Order 12981"),
        Move("escalate_earb", ("escalated_acep",), "escalated_earb", _FILE,
             cite="Executive Order 12981"),
        Move("appeal_to_president", ("escalated_earb",), "escalated_president", _FILE,
             effect="the 90 days are kept", cite="750.4(a)(1)"),
        Move("grant", IN_REVIEW, "approved", _FILE,
             effect="the clock ends; releases nothing", cite="748.6(c)"),
        Move("grant_with_conditions", IN_REVIEW, "approved_with_conditions", _FILE,
             effect="the clock ends; releases nothing", cite="748.6(c), 750.7(d)"),
        Move("grant_in_part", IN_REVIEW, "approved_in_part", _FILE,
             guard="what was granted is said", effect="the clock ends; releases nothing",
             cite="748.6(c)"),
        Move("return", IN_REVIEW, "returned_without_action", _FILE,
             guard="a reason code", effect="the clock ends; no answer about any line follows",
             cite="748.6(c)"),
        Move("intend_to_deny", _UNDENIED, "intent_to_deny", _FILE,
             effect="four timers: notice, response, final day, appeal", cite="750.6"),
        Move("receive_notice", ("intent_to_deny",), "intent_to_deny", _FILE,
             guard="no notice was recorded yet",
             effect="response and final day count from the notice", cite="750.6"),
        Move("respond", ("intent_to_deny",), "intent_to_deny", _FILE,
             guard="no response was recorded yet", effect="the day of the response is kept",
             cite="750.6"),
        Move("deny", ("intent_to_deny",), "denied", _FILE,
             effect="the clock ends; 45 days to appeal", cite="750.6, part 756"),
        Move("appeal", ("denied",), "denied", _FILE,
             guard="not appealed yet", effect="the day of the appeal is kept", cite="part 756"),
        Move("withdraw", EDITABLE, "withdrawn", "application.edit",
             guard="a reason", effect="approvals lapse"),
        Move("withdraw", PENDING, "withdrawn", _FILE,
             guard="a reason", effect="the clock ends"),
    ),
)  # fmt: skip
