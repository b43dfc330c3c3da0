"""What screening says of a party, as plain lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from klartecken.parties.screened import HIT, NO_HIT, Hit, Screening
from klartecken.words.amounts import plural
from klartecken.words.text import wrap

SCOPE = (
    "A name screening alone says nothing of owners (50 % rules), end use or end users; "
    "it decides nothing. Not legal advice."
)


def screening_lines(answer: Screening, on: date) -> Iterator[str]:
    """Status first, then each hit, then what was screened against and what it cannot find."""
    yield from wrap(headline(answer), "", "  ")
    entries: dict[str, list[Hit]] = {}
    for hit in answer.hits:
        entries.setdefault(hit.entry.id, []).append(hit)
    for number, hits in enumerate(entries.values(), 1):
        yield ""
        yield from _entry_lines(number, hits, hits[0].entry.id in answer.confirmed)
    for aside in answer.suppressed:
        decision = aside["decision"]
        told = f"{aside['listed_name']} [{aside['list']}, {aside['entry_id']}]: {aside['rule']}"
        yield ""
        yield from wrap(told, "set aside: ", "  ")
        yield from wrap(
            f"false positive by {decision['by']} on {decision['day']} until {decision['until']}: "
            f"{decision['reason']}", "  ", "  "
        )  # fmt: skip
    yield ""
    snapshot = answer.snapshot
    if snapshot is not None:
        yield from wrap(_snapshot_line(snapshot, on), "screened against ", "  ")
    for reason in answer.reasons:
        yield from wrap(reason, "note: ", "  ")
    yield from wrap(SCOPE, "note: ", "  ")


def headline(answer: Screening) -> str:
    """The status in a sentence; it never says more than a screening can."""
    name = _short(answer.party.name)
    if answer.status == HIT:
        entries = len({hit.entry.id for hit in answer.hits})
        what = plural(entries, "listed party", "listed parties")
        return f"HIT: {name} may be {'one of ' if entries > 1 else ''}{what}"
    if answer.status == NO_HIT:
        return f"NO HIT: no listed name reaches the thresholds for {name}"
    return f"NOT SCREENABLE: nothing was met, which proves nothing for {name}"


def _short(name: str) -> str:
    return repr(name if len(name) <= 120 else name[:117] + "...")


def _entry_lines(number: int, hits: Sequence[Hit], confirmed: bool) -> Iterator[str]:
    """A listed party, all the ways in which it was met, and what its listing says."""
    entry = hits[0].entry
    yield from wrap(f"{entry.name} [{entry.list}, {entry.id}]", f"{number}. ", "   ")
    for hit in hits:
        scores = ", ".join(f"{name} {value:.4f}" for name, value in hit.scores.items())
        state = "confirmed by a reviewer" if confirmed else hit.band
        yield from wrap(f"{state}: {hit.rule} ({scores})", "   ", "     ")
        yield from wrap(hit.explanation(), "   ", "     ")
    about = {
        "countries": ", ".join(entry.countries), "programmes": ", ".join(entry.programmes),
        "requirement": entry.requirement, "footnotes": ", ".join(entry.footnotes),
        "policy": entry.policy, "citation": entry.citation, "source": entry.url,
    }  # fmt: skip
    for label, text in about.items():
        if text:
            yield from wrap(text, f"   {label}: ", "     ")


def _snapshot_line(snapshot: dict[str, Any], on: date) -> str:
    days = (on - date.fromisoformat(snapshot["date"])).days
    lists = ", ".join(
        f"{code} {part['count']:,}{'' if part['complete'] else ' (a part)'}"
        for code, part in snapshot["lists"].items()
    )
    return f"{snapshot['label']}, {plural(days, 'day')} old on {on}: {lists}"
