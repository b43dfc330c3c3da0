"""Invented lists for the story, and to practise with: complete, fresh, without its customers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from klartecken.errors import InputError
from klartecken.parties.lists.build import Build
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.snapshot import Part, Snapshot, snapshot_of
from klartecken.parties.lists.store import heads, save
from klartecken.parties.resolve.context import LISTED, Context, cover_of
from klartecken.parties.screening.listed import prepare
from klartecken.parties.screening.selfcheck import checker_of

DAY = date(2025, 3, 1)
INVENTED = "invented"
YEARS = 365  # days that the invented lists count as fresh


def invented(day: date) -> Snapshot:
    """Lists of a day with one invented name each; by them nobody real is listed."""
    codes = sorted({code for codes in LISTED.values() for code in codes if code != "BUILTIN"})
    entries = [Entry(f"{code}-1", code, f"Invented {code} Trading Works") for code in codes]
    parts = {code: Part(code, day, 1, True, INVENTED, "0" * 64) for code in codes}
    return snapshot_of(day, parts, entries)


def keep_invented(home: str | Path, day: date) -> None:
    """Keep invented lists in a home folder, to practise with. Nothing real may follow from them.

    Raises:
        InputError: the home holds real lists: invented ones must not stand beside them.
    """
    if any(part.source != INVENTED for head in heads(Path(home)) for part in head.parts.values()):
        raise InputError("holds real lists", where=str(home), next_step="Practise in a new folder")
    save(Path(home), Build(invented(day), (), (), None, (), "", ()), f"{day}T00:00:00Z")


def nobody_of_ours(day: date = DAY) -> Context:
    """A context of invented lists of a day, screened by the real screener."""
    snapshot = invented(day)
    checker = checker_of(prepare(snapshot))
    return Context(
        lambda party, _day: checker.screen([party])[0][0],
        (cover_of(snapshot),),
        max_age=YEARS,
        screen_many=lambda parties, _day: checker.screen(parties)[0],
    )
