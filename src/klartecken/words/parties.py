"""The parties of an answer as rows: who, met whom, against which list, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

HITS_SHOWN = 5


def told(row: Mapping[str, Any]) -> tuple[str, tuple[str, ...], str]:
    """A named party: its line, finer lines, and tone."""
    who = f"{row['role'].replace('_', ' ')} {row['name']!r}"
    if row["id"] and row["id"] != row["name"]:
        who += f" (register: {row['id']})"
    status, hits = row["status"], row["hits"]
    undecided = [hit for hit in hits if not hit["confirmed"]]
    if status == "not_screened":
        return f"{who}: NOT SCREENED, there is no list", (), "bad"
    label = (row["snapshot"] or {}).get("label", "")
    against = (f"screened against {label}",) if label else ()
    if status == "not_screenable":
        return (
            f"{who}: NOT SCREENABLE, no hit proves nothing",
            (*row["reasons"], *_hits(row), *against),
            "bad",
        )
    if any(hit["confirmed"] for hit in hits):
        return f"{who}: confirmed by a person to be listed", (*_hits(row), *against), "bad"
    if undecided:
        count = f"{len(undecided)} hit{'s' if len(undecided) != 1 else ''}"
        text = f"{who}: {count} that nobody decided on"
        return text, (*_hits(row), *row["reasons"], *against), "unsure"
    text = f"{who}: no hit"
    if row["suppressed"]:
        text += f" ({len(row['suppressed'])} set aside by a reviewer)"
    return text, (*_aside(row), *row["reasons"], *against), "plain"


def _hits(row: Mapping[str, Any]) -> Iterator[str]:
    for hit in row["hits"][:HITS_SHOWN]:
        sure = "is" if hit["confirmed"] else "may be"
        yield f"{sure} {hit['entry_id']} on {hit['list']}: {hit['explanation']}"
    if len(row["hits"]) > HITS_SHOWN:
        yield f"and {len(row['hits']) - HITS_SHOWN} more (--json lists all)"


def _aside(row: Mapping[str, Any]) -> Iterator[str]:
    for hit in row["suppressed"][:HITS_SHOWN]:
        decision = hit["decision"]
        yield (
            f"not {hit['entry_id']} ({hit['listed_name']}), decided {decision['day']} by "
            f"{decision['by']} until {decision['until']}: {decision['reason']}"
        )
