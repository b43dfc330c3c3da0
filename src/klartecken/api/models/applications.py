"""Licence applications: the form, and what happens to it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from klartecken.api.models.base import Day, Ident, Line, Moment, Prose, Said, Told
from klartecken.api.models.evidence import AttachmentOut
from klartecken.api.models.form import FormIn, FormParty
from klartecken.api.models.parts import Long, OneOf, Seen, Short
from klartecken.desk.applications.checklist import checklists
from klartecken.desk.applications.clock import REASONS
from klartecken.desk.applications.events import ELSEWHERE, RETURN_REASONS
from klartecken.desk.applications.records import POLICIES
from klartecken.desk.machines.application import APPLICATION

ApplicationState = Annotated[str, OneOf(APPLICATION.states)]
ListedState = Annotated[str, OneOf(("pending", "granted", *APPLICATION.states))]
Policy = Annotated[str, OneOf(POLICIES)]
EVENTS = tuple(event for event in APPLICATION.events if event not in ELSEWHERE)
Paths = Annotated[list[Line], Field(max_length=20, description="Checklists: "
                                    + ", ".join(checklists()))]  # fmt: skip


class NewApplication(Said):
    """A new draft."""

    form: FormIn
    reference: Annotated[Short, Field(description="A number of your own; else one is given")] = ""
    line: Annotated[Ident | None, Field(description="The order line that it is for")] = None
    review_policy: Policy = ""
    paths: Paths = Field(default_factory=list)
    why: Prose | None = None


class ApplicationChange(Said):
    """What is to be different; approvals lapse. Blocks of the form that are not named stay."""

    form: FormIn | None = None
    review_policy: Policy | None = None
    paths: Paths | None = None
    why: Prose | None = None


class ApplicationEvent(Said):
    """Something that happened to an application, and on which day."""

    event: Annotated[str, OneOf(EVENTS)]
    on: Annotated[Day | None, Field(description="Today, unless said")] = None
    acn: Annotated[Short, Field(description="Application control number: of a submission or a "
                                "registration")] = ""  # fmt: skip
    reason: Annotated[str, OneOf(("", *REASONS)), Field(description="Why the clock stops")] = ""
    reason_code: Annotated[str, OneOf(("", *RETURN_REASONS)), Field(
        description="Of a return without action; none of them says that a line may ship",
    )] = ""  # fmt: skip
    why: Long = ""
    version: Seen = None


class Tick(Said):
    """An item of the checklist with what shows it."""

    item: Line
    evidence: Long = ""
    done: bool = True
    version: Seen = None


class Material(Said):
    """A material change that is to be reported to BIS (748.6(f))."""

    what: Prose
    binds: Short = ""
    due_on: Day | None = None
    version: Seen = None


class Resubmission(Said):
    """A new draft of an application that came back."""

    reference: Short = ""


class PrefillAsk(Said):
    """The order line to begin from."""

    line: Ident
    applicant: Annotated[FormParty | None, Field(description="The firm that applies; its role "
                                             "is not said")] = None  # fmt: skip


class PrefilledOut(Told):
    """A form to begin with: what is known, and nothing guessed."""

    form: FormIn
    review_policy: str
    paths: list[str]
    notes: Annotated[list[str], Field(description="What could not be filled, and why")]


class Item(Told):
    """An item of a checklist."""

    id: str
    text: str
    when: Literal["filing", "export"]
    cite: str
    tag: str
    fact: str
    document: str
    done: bool
    evidence: str


class Segment(Told):
    """Days that count, or do not."""

    from_: Annotated[Day, Field(alias="from")]
    until: Day | None
    running: bool
    reason: str


class DueOut(Told):
    """A limit that counts for an application. Overdue is shown, and decides nothing."""

    code: str
    title: str
    who: str
    from_: Annotated[Day, Field(alias="from")]
    due_on: Day | None
    met_on: Day | None
    overdue: int
    cite: str


class FindingOut(Told):
    """What is wrong with an application, by which rule."""

    code: str
    where: str
    text: str
    cite: str
    severity: Literal["blocking", "warning"]


class Days(Told):
    """Days since the registration."""

    counted: int
    not_counted: int


class ApplicationRow(Told):
    """An application."""

    id: Ident
    version: int
    reference: str
    acn: str | None
    state: ApplicationState
    form: FormIn
    content: str
    transaction_key: str
    review_policy: str
    checklist: list[Item]
    clock: list[Segment]
    timers: dict[str, Day]
    steps: list[dict[str, Any]]
    authors: list[int]
    submitted_on: Day | None
    registered_on: Day | None
    referred_on: Day | None
    decided_on: Day | None
    reason_code: str
    entered_by: int
    edited_by: int
    entered_at: Moment
    line: int | None


class ApplicationOut(ApplicationRow):
    """An application with what stands against it, its files, limits and what may follow."""

    findings: list[FindingOut]
    attachments: list[AttachmentOut]
    rung: Annotated[int | None, Field(description="3 to 5; none of them releases anything")]
    days: Days
    dues: list[DueOut]
    overdue: list[DueOut]
    events: list[str]
    note: str


class ClockOut(Told):
    """The clock of an application, as of a day."""

    on: Day
    segments: list[Segment]
    days: Days
    dues: list[DueOut]
    overdue: list[DueOut]


class Findings(Told):
    """Those that block in front."""

    items: list[FindingOut]


class Late(Told):
    """An application with limits that are past."""

    id: Ident
    reference: str
    acn: str | None
    state: str
    overdue: list[DueOut]


class Overdue(Told):
    """Applications with limits that are past."""

    items: list[Late]


class StatusRow(Told):
    """What became of a pasted line."""

    row: int
    text: str
    result: Literal["applied", "unchanged", "rejected"]
    application: int | None
    event: str
    state: str
    reason: str


class Statuses(Told):
    """What became of each pasted line."""

    rows: list[StatusRow]


class Tasks(Told):
    """Ids of conditions: tasks that hold what they name until they are met."""

    conditions: list[Ident]


class ChecklistOut(Told):
    """A checklist that an application may have."""

    id: str
    title: str
    cite: str
    everywhere: bool
    provision: str
    policy: str
    items: list[dict[str, str]]


class Checklists(Told):
    """All of them."""

    items: list[ChecklistOut]
