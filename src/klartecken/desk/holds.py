"""What can stand against an order line: a table of holds.

Each says what it is, what cures it, who may, and by which rule. All must be gone before a line
may leave. A hold is never lifted by hand, but for those that a person placed: it goes when its
cause goes.
"""

from __future__ import annotations

from dataclasses import dataclass

from klartecken.errors import InputError


@dataclass(frozen=True, slots=True)
class HoldKind:
    """One row of the table.

    Attributes:
        title: what stands against the line.
        cure: what makes it go away.
        who: the role that can do that.
        cite: the rule behind it.
        overridable: may two people set it aside in an emergency? Never a hold of law.
    """

    title: str
    cure: str
    who: str
    cite: str = ""
    overridable: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Hold:
    """A hold on a line.

    Attributes:
        code: a name in :data:`HOLDS`.
        detail: what it is about here: facts, a party, a licence's number.
    """

    code: str
    detail: str = ""

    def __post_init__(self) -> None:
        if self.code not in HOLDS:
            raise InputError(f"{self.code!r} is no hold")

    @property
    def kind(self) -> HoldKind:
        """Title, cure and so on."""
        return HOLDS[self.code]

    def to_dict(self) -> dict[str, str]:
        """As kept with a line."""
        return {"code": self.code, "detail": self.detail}


#: In the order in which they are shown: the first one is what to look at first.
HOLDS: dict[str, HoldKind] = {
    "prohibited": HoldKind(
        "prohibited", "None at this desk: do not ship, and ask counsel", "nobody",
        "general prohibitions, part 736",
    ),
    "unreadable": HoldKind(
        "the line cannot be read", "Correct what the detail names", "preparer",
    ),
    "not_evaluated": HoldKind(
        "not evaluated yet", "Evaluate it: klartecken desk reevaluate", "preparer",
    ),
    "party_barred": HoldKind(
        "a party is blocked by OFAC, or on a list of your own",
        "Do not ship, and ask counsel; withdraw the decision if it is somebody else", "nobody",
        "section 744.8 is not all: OFAC's own rules apply",
    ),
    "party_unnamed": HoldKind(
        "a party is not named", "Name the consignee and the end user", "preparer",
        "748.5",
    ),
    "end_use_unstated": HoldKind(
        "the end use is not stated", "State it (commercial, supercomputer, military, ...)",
        "preparer", "part 744",
    ),
    "party_hit": HoldKind(
        "a party may be on a list",
        "Decide on the hit: klartecken parties decide (an exact hit needs a second person)",
        "approver", "part 744",
    ),
    "party_unread": HoldKind(
        "a party cannot be screened", "Give its name in Latin letters, or its number", "preparer",
    ),
    "lists_old": HoldKind(
        "the lists are missing, partial or too old", "Run klartecken lists update", "rules_editor",
    ),
    "undetermined": HoldKind(
        "facts are missing", "Find out the facts that the detail names", "preparer",
    ),
    "licence_required": HoldKind(
        "a licence is required", "Assign a licence that covers the line, or apply for one",
        "licence_manager", "736.2(b)",
    ),
    "licence_not_covering": HoldKind(
        "the licence does not cover the line", "Assign another one, or correct what is wrong",
        "licence_manager", "750.7",
    ),
    "licence_conditions": HoldKind(
        "a condition of the licence is not met", "Meet it, and record the evidence",
        "licence_manager", "750.7(d)",
    ),
    "exception_unassigned": HoldKind(
        "a licence exception may be used, and none is assigned",
        "Assign the exception (it needs a second person), or a licence", "licence_manager",
        "part 740",
    ),
    "exception_conditions": HoldKind(
        "the licence exception is not available", "Show its conditions, or assign a licence",
        "licence_manager", "part 740",
    ),
    "nac_notice": HoldKind(
        "notice for NAC is missing or not yet old enough",
        "File the notice, record it, and wait 25 days", "licence_manager", "740.8(c)",
    ),
    "end_user_statement": HoldKind(
        "the end-user statement of China's commerce ministry is not in hand",
        "Obtain it and record it", "licence_manager", "748.9(e), 748.10(a)",
    ),
    "uvl_statement": HoldKind(
        "no statement of the party on the Unverified List", "Obtain it and record it",
        "preparer", "744.15(b)",
    ),
    "cap": HoldKind(
        "a cumulative cap would be exceeded", "Wait until enough is shipped in the reference "
        "places, or lower the quantity", "licence_manager", "supplement 2 to part 748, (dd)",
    ),
    "notify_bis": HoldKind(
        "a material change must be reported to BIS", "Report it, and record the evidence",
        "licence_manager", "748.6(f)",
    ),
    "not_approved": HoldKind(
        "the authorisation is not approved", "Let a second person approve it", "approver",
        overridable=True,  # two people sign for the emergency instead
    ),
    "manual": HoldKind(
        "held by hand", "Lift it, with a reason", "approver", overridable=True,
    ),
}  # fmt: skip
ORDER = {code: place for place, code in enumerate(HOLDS)}


def in_order(holds: set[Hold] | list[Hold]) -> list[Hold]:
    """Each hold once, the one to look at first in front."""
    return sorted({*holds}, key=lambda hold: (ORDER[hold.code], hold.detail))
