"""Every day on which the answer to one question changed, and what changed it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from klartecken.decide.determination import Determination, Evidence
from klartecken.law.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of days with the same answer.

    Attributes:
        day: its first day.
        answer: the answer on that day.
        causes: requirements, policies, exceptions or classes that came or went.
        events: what happened within the stretch, from the ledger.
    """

    day: date
    answer: Determination
    causes: tuple[str, ...]
    events: tuple[Evidence, ...]


def history(
    ask: Callable[[date], Determination],
    timeline: Timeline,
    until: date,
    turns: Iterable[date] = (),
) -> tuple[Step, ...]:
    """The answer from the first day that the law covers.

    Args:
        ask: gives the answer for a day, all else equal.
        timeline: the law over time.
        until: the last day to look at.
        turns: further days on which the answer may change: of lists and decisions.
    """
    first = timeline.law.covers_from
    days = [first, *sorted({d for d in (*timeline.days, *turns) if first < d <= until})]
    steps: list[Step] = []
    for day in days:
        answer = ask(day)
        if not steps or fingerprint(steps[-1].answer) != fingerprint(answer):
            causes = changes(steps[-1].answer, answer) if steps else ()
            steps.append(Step(day, answer, causes, ()))
    return _with_events(steps, ask(until).evidence)


def _with_events(steps: list[Step], events: tuple[Evidence, ...]) -> tuple[Step, ...]:
    found = []
    for place, step in enumerate(steps):
        after = steps[place + 1].day if place + 1 < len(steps) else date.max
        start = date.min if place == 0 else step.day
        mine = tuple(event for event in events if start <= event.date < after)
        found.append(Step(step.day, step.answer, step.causes, mine))
    return tuple(found)


def fingerprint(answer: Determination) -> tuple[object, ...]:
    """What makes two answers the same answer: outcome, class, reasons, policy, exceptions."""
    return (
        answer.outcome, answer.possible_outcomes, answer.classification,
        tuple((r.provision, r.value) for r in answer.requirements),
        answer.review_policy, answer.review_policies_possible,
        tuple(
            (e.symbol, e.value, tuple(c.id for c in e.conditions))
            for e in answer.exceptions if e.value != "unavailable"
        ),
    )  # fmt: skip


def changes(old: Determination, new: Determination) -> tuple[str, ...]:
    """What came and went between two answers, in words."""
    found = []
    before = {r.provision: r for r in old.requirements}
    after = {r.provision: r for r in new.requirements}
    for name, requirement in after.items():
        if name not in before:
            found.append(f"new: {requirement.title} ({requirement.citation})")
        elif before[name].value != requirement.value:
            found.append(f"{requirement.title}: now {requirement.value}")
    found += [f"ended: {r.title} ({r.citation})" for n, r in before.items() if n not in after]
    if old.classification != new.classification:
        found.append(f"classified {_classes(new)} (before: {_classes(old)})")
    if _policy(old) != _policy(new):
        found.append(f"review policy: {_policy(new)} (before: {_policy(old)})")
    usable = {e.symbol: e.value for e in old.exceptions if e.value != "unavailable"}
    now = {e.symbol: e.value for e in new.exceptions if e.value != "unavailable"}
    found += [f"exception {s}: {v}" for s, v in now.items() if usable.get(s) != v]
    found += [f"exception {s}: no longer open" for s in usable if s not in now]
    return tuple(found)


def _policy(answer: Determination) -> str:
    names = [name.replace("_", " ") for name in answer.review_policies_possible]
    return " or ".join(names) or "none applies"


def _classes(answer: Determination) -> str:
    certain = ", ".join(answer.classification.certain)
    possible = ", ".join(answer.classification.possible)
    if certain and possible:
        return f"{certain}; perhaps {possible}"
    return certain or (f"perhaps {possible}" if possible else "in no modelled paragraph")
