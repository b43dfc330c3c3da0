"""The whole answer to one case, as a frozen record; rendering is in ``words``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from klartecken.errors import TruthError

if TYPE_CHECKING:
    from klartecken.decide.case import Case
    from klartecken.decide.run import Run
    from klartecken.decide.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Classification:
    """ECCN paragraphs: those that hold for certain, and those that may hold."""

    certain: tuple[str, ...]
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A reason why a licence is needed (or, for a prohibition, why nothing may move).

    ``value`` is ``yes`` or ``unknown``; ``because`` the conditions that decided.
    """

    basis: str
    provision: str
    version: str
    title: str
    citation: str
    url: str
    tag: str
    value: str
    since: date
    note: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A bar or condition of an exception, with its citation."""

    id: str
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class LicenceException:
    """One licence exception: available, unavailable, conditional or unknown."""

    symbol: str
    provision: str
    value: str
    bars: tuple[Point, ...]
    conditions: tuple[Point, ...]
    citation: str
    url: str
    tag: str


@dataclass(frozen=True, slots=True)
class ReadingText:
    """If this holds, one of these outcomes follows. ``example`` is one such value."""

    condition: str
    outcomes: tuple[str, ...]
    example: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that could change the answer, and the question to ask."""

    fact: str
    question: str
    readings: tuple[ReadingText, ...]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value taken for granted, and what would follow if it were wrong."""

    fact: str
    value: str
    text: str
    kind: str
    if_wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of fact, party, route, paper, day or law under which the answer is another."""

    kind: str
    fact: str
    condition: str
    outcomes: tuple[str, ...]
    review_policy: str | None = None
    example: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that the reader must see, beside the outcome."""

    code: str
    text: str
    citation: str = ""
    url: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An event known by the day, with its rung on the evidence ladder."""

    id: str
    date: date
    action: str
    actor: str
    rung: int | None
    rung_name: str
    grade: str
    text: str
    source: str
    releases: bool = False


@dataclass(frozen=True)
class Determination:
    """The answer to one case. Build it with :func:`klartecken.check`.

    ``outcome`` is ``no_licence_required``, ``exception_available``, ``licence_required``,
    ``prohibited`` or ``undetermined``. It is ``undetermined`` only where some completion
    of what is unknown really changes it; then ``possible_outcomes``, ``missing``.
    """

    case: Case
    run: Run = field(compare=False, repr=False)
    verdict: Verdict = field(repr=False)
    outcome: str
    possible_outcomes: tuple[str, ...]
    classification: Classification
    requirements: tuple[Requirement, ...]
    exceptions: tuple[LicenceException, ...]
    review_policy: str | None
    review_policies_possible: tuple[str, ...]
    missing: tuple[Missing, ...]
    flags: tuple[Flag, ...]
    gaps: tuple[Flag, ...]
    evidence: tuple[Evidence, ...]
    law: Mapping[str, str]
    engine: str

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """The assumed facts on which the outcome relies."""
        from klartecken.decide.assumptions import assumptions

        return assumptions(self)

    @cached_property
    def would_change(self) -> tuple[Change, ...]:
        """The smallest changes under which the outcome or the review policy is another."""
        from klartecken.decide.residual import would_change

        return would_change(self)

    @cached_property
    def trace(self) -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
        """Provision, version, value and deciding conditions of all that was evaluated."""
        from klartecken.decide.trace import trace

        return trace(self.run)

    @property
    def reasons(self) -> tuple[str, ...]:
        """One sentence for each requirement."""
        from klartecken.words.sentences import reason

        return tuple(reason(item) for item in self.requirements)

    def explain(self) -> str:
        """The whole answer as plain text."""
        from klartecken.words.text import explain

        return explain(self)

    def to_dict(self) -> dict[str, Any]:
        """The whole answer as plain data: what ``check --json`` prints."""
        from klartecken.words.plain import to_dict

        return to_dict(self)

    def receipt(self) -> dict[str, Any]:
        """Facts, law version, engine version, trace and answer: enough to replay it."""
        from klartecken.decide.receipt import receipt

        return receipt(self)

    def _repr_html_(self) -> str:
        from klartecken.words.html import fragment

        return fragment(self)

    def __str__(self) -> str:
        return self.explain()

    def __repr__(self) -> str:
        to = self.case.as_given.get("destination", "?")
        return f"<Determination {self.outcome}: {self.case.item.id} to {to} on {self.case.day}>"

    def __hash__(self) -> int:
        return hash((self.case.item.id, self.case.day, self.outcome))

    def __bool__(self) -> bool:
        raise TruthError(
            "a determination was tested as true or false", next_step="Compare its `outcome`"
        )
