"""`klartecken desk demo`."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import json_option, print_json
from klartecken.cli.desk.common import require_desk
from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.desk.demo.story import Told


@click.command("demo")
@click.option("--db", metavar="DB", help="Keep the desk of the story: a new file, or an empty "
              "database.")  # fmt: skip
@json_option
def demo_command(db: str | None, as_json: bool) -> None:
    """The H20 from March to August 2025, at the desk of its maker.

    What happened is real, day by day; customers, lines, prices and the licence are invented.
    An assurance releases nothing, and neither does the news of others' licences: only the
    licence in hand does, for its customer and its quantity.
    """
    require_desk()
    from klartecken.desk.demo.story import Story

    with ExitStack() as stack:
        if db is None:
            db = f"{stack.enter_context(tempfile.TemporaryDirectory())}/story.sqlite"
        elif "://" not in db and Path(db).exists():
            raise InputError("is already there", where=db, next_step="Name a new file")
        story = Story(db)
        days = []
        for told in story.tell():
            days.append(told)
            if not as_json:
                _tell(told)
        story.desk.close()
    if as_json:
        print_json([_plain(told) for told in days])
    wrong = [told for told in days if told.differs]
    if wrong:
        raise SystemExit(f"Error: {wrong[0].day}: {wrong[0].differs} are not as they should be")


def _tell(told: Told) -> None:
    rung = "" if told.rung is None else f" [evidence: {_rung(told.rung)}]"
    click.echo(f"{told.day}  {told.told}{rung}")
    states: dict[str, list[str]] = {}
    for row in told.lines:
        hold = f", {row['first_hold'].replace('_', ' ')}" if row["first_hold"] else ""
        states.setdefault(f"{row['state']}{hold}", []).append(row["external_id"])
    for state, names in states.items():
        click.echo(f"            {', '.join(names)}: {state}")
    for refused in told.refused:
        click.echo(f"            REFUSED {refused}")


def _rung(rung: int) -> str:
    from klartecken.facts.events import RUNGS

    return f"{rung}, {RUNGS[rung]}"


def _plain(told: Told) -> dict[str, Any]:
    return {
        "day": told.day.isoformat(), "told": told.told, "rung": told.rung,
        "refused": list(told.refused),
        "lines": {row["external_id"]: {"state": row["state"], "outcome": row["outcome"],
                                       "holds": row["holds"]} for row in told.lines},
    }  # fmt: skip
