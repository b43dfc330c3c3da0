"""The ledger of events beside the records that they concern.

An event is news: it is attached as a step of the ladder at the rung that the ledger gives it,
never as a licence. A licence that was granted to somebody is a statement to everybody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from klartecken.desk.applications.form import destination, parties
from klartecken.desk.errors import NotFound
from klartecken.desk.evidence.ladder import RUNG, SUBJECTS, TOP
from klartecken.desk.licences.same import item_of, place_of
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.records import EVIDENCE
from klartecken.desk.work import Row, Work, find, get
from klartecken.facts.events import Event, Ledger, load_events


def concerning(
    items: Iterable[str], destination: str, exporter: str, day: date, *, advanced: bool = False,
    ledger: Ledger | None = None,
) -> tuple[Event, ...]:  # fmt: skip
    """The events about some items and a place that this exporter knew by a day, in order.

    Args:
        items: as an order or an application names them; what is not in the catalogue is looked
            up as a product family.
        advanced: also what is about advanced chips in general.
        ledger: by default the package's own.
    """
    families = {item.family if (item := item_of(text)) else text for text in items}
    place = place_of(destination)
    return (ledger or load_events()).about(
        families, advanced, {place} if place else set(), day, exporter or None
    )


def events_of_line(line: Row, day: date) -> tuple[Event, ...]:
    """The events that an order line concerns; see :func:`concerning`."""
    return concerning([line["item"]], line["destination"], line["exporter"], day)


def attach(
    work: Work, subject: str, ident: int, items: Iterable[str], destination: str, exporter: str,
    *, ledger: Ledger | None = None,
) -> list[int]:  # fmt: skip
    """Record the events with a rung that concern a record and are not attached to it yet.

    Args:
        subject, ident: ``lines``, ``applications`` or ``licences``, and an id.

    Returns:
        The ids of the new records; [] when all were there, so that it may be repeated.

    Raises:
        Forbidden, NotFound: as usual.
    """
    work.require("evidence.record")
    if subject not in SUBJECTS:
        raise NotFound(f"there are no {str(subject)[:40]!r}")
    work.get(SUBJECTS[subject], ident)
    held = {row["event"] for row in work.find(EVIDENCE, subject=subject, subject_id=ident)}
    events = concerning(items, destination, exporter, work.today, ledger=ledger)
    return work.insert_many(EVIDENCE, "evidence.attach", [
        {
            "subject": subject, "subject_id": ident, "kind": RUNG,
            "rung": min(event.rung, TOP - 1), "on": event.day,
            "known_from": event.day if event.public_from > work.today else event.public_from,
            "text": event.summary, "source": event.source_url or event.source_title,
            "event": event.id, "party": "", "sha256": "", "recorded_by": work.person.id,
            "verified_by": None, "withdrawn": False,
        }
        for event in events if event.rung is not None and event.id not in held
    ])  # fmt: skip


def subject_of(connection: Connection, subject: str, ident: int) -> tuple[list[str], str, str]:
    """What a record is about: its items, destination and exporter.

    Raises:
        NotFound: there is no such record.
    """
    if subject not in SUBJECTS:
        raise NotFound(f"there are no {str(subject)[:40]!r}")
    row = get(connection, SUBJECTS[subject], ident)
    if subject == LINES.name:
        return [row["item"]], row["destination"], row["exporter"]
    if subject == LICENCES.name:
        lines = find(connection, LICENCE_LINES, licence=ident, struck=False)
        return ([line["item"] for line in lines], row["destination"],
                row["exporter"] or row["holder"])  # fmt: skip
    form = row["form"]
    firm = next((party["name"] for _, party in parties(form, "applicant")), "")
    return [line["item"] or line["model"] for line in form["lines"]], destination(form), firm


def attach_to_line(work: Work, ident: int) -> list[int]:
    """Record the events that an order line concerns; see :func:`attach`."""
    line = work.get(LINES, ident)
    return attach(work, LINES.name, ident, [line["item"]], line["destination"], line["exporter"])
