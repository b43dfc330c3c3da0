"""What was known of a chip and a place by a day, each event on its rung of the ladder.

0 press; 1 company or official statement; 2 government assurance; 3 application filed;
4 pending; 5 approved, licence not received; 6 licence in hand. Only rung 6 releases a
shipment, and no public event is ever your licence in hand: so nothing here releases.
"""

from __future__ import annotations

from klartecken.decide.case import Case
from klartecken.decide.determination import Evidence
from klartecken.facts.events import RUNGS, Ledger
from klartecken.logic.values import Choice

CHIP_RULE = ("3A090", "4A090")


def gather(case: Case, ledger: Ledger, classes: tuple[str, ...]) -> tuple[Evidence, ...]:
    """The events of the ledger that concern this case and were known by its day.

    Args:
        case: the question.
        ledger: the event ledger.
        classes: the item's certain and possible ECCN paragraphs.
    """
    events = ledger.about(
        families=frozenset(_options(case, "family")),
        advanced=any(name.startswith(CHIP_RULE) or ".z" in name for name in classes),
        destinations=frozenset(_options(case, "destination")),
        until=case.day,
        exporter=next(iter(_options(case, "exporter")), None),
    )
    return tuple(
        Evidence(
            id=event.id, date=event.day, action=event.action, actor=event.actor,
            rung=event.rung,
            rung_name=RUNGS[event.rung] if event.rung is not None else "law or fact of trade",
            grade=event.grade, text=event.summary, source=event.source_url,
        )
        for event in events
    )  # fmt: skip


def _options(case: Case, name: str) -> frozenset[str]:
    value = case.value(name)
    if isinstance(value, Choice) and value.options is not None and len(value.options) < 3:
        return value.options
    return frozenset()
