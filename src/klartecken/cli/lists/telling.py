"""`klartecken lists status`, `show` and `verify`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import home_option, json_option, print_json, table, today
from klartecken.cli.lists.options import PART_HEADINGS, parts_data, parts_rows
from klartecken.errors import DataError, InputError
from klartecken.words.amounts import plural

if TYPE_CHECKING:
    from pathlib import Path

    from klartecken.parties.lists.store import SnapshotHead

MAX_AGE = 7  # days: a choice of ours, no rule; the lists change several times a month
NEXT = (
    "Next: klartecken lists update, or download the list and klartecken lists import FILE "
    "(docs/lists.md)"
)


@click.command("status")
@click.option(
    "--max-age",
    type=click.IntRange(0),
    default=MAX_AGE,
    show_default=True,
    help="From how many days on a list is called stale.",
)
@home_option
@json_option
def status_command(max_age: int, home: str | None, as_json: bool) -> None:
    """Which lists are in use, how old they are, and how the last updates went."""
    from klartecken.parties.home import home_folder

    folder = home_folder(home)
    data = status_of(folder, today(), max_age)
    if as_json:
        print_json(data)
        return
    click.echo(f"Lists in {folder}")
    _tell_in_use(data)
    for warning in data["warnings"]:
        click.echo(f"WARNING: {warning}")
    if data["last_success"]:
        click.echo(f"Last update: {data['last_success']['at']} ({data['last_success']['status']})")
    if data["last_failure"]:
        failure = data["last_failure"]
        click.echo(f"Last failure: {failure['at']}: {failure['reason']}")
    others = [one["label"] for one in data["stored"] if one["label"] != data["in_use"]]
    if others:
        click.echo("Also stored: " + ", ".join(others))
    if data["warnings"]:
        click.echo(NEXT)


def _tell_in_use(data: dict[str, Any]) -> None:
    if data["in_use"] is None:
        click.echo("NO LIST IS IN USE")
        return
    click.echo(f"In use: {data['in_use']}, {plural(data['age_days'], 'day')} old")
    rows = [
        [
            p["list"], p["date"], str(p["age_days"]), f"{p['count']:,}",
            ("whole" if p["complete"] else "NOT WHOLE")
            + ("" if p["addresses"] else ", no addresses"),
        ]
        for p in data["parts"]
    ]  # fmt: skip
    table(["list", "date", "days old", "entries", "holds"], rows, frozenset({2, 3}))


def status_of(folder: Path, day: date, max_age: int) -> dict[str, Any]:
    """The state of the lists on a day, as plain data.

    Raises:
        DataError: a stored snapshot is broken.
    """
    from klartecken.feed.lists import FAILED, attempts
    from klartecken.parties.lists.store import head_before, heads

    stored = heads(folder)
    used = head_before(folder, day)
    log, unreadable = attempts(folder)
    good = [a for a in log if a.status != FAILED]
    bad = [a for a in log if a.status == FAILED]
    parts = [] if used is None else parts_data(used.parts.values())
    for part in parts:
        part["age_days"] = (day - date.fromisoformat(part["date"])).days
    failed_last = bool(log) and log[-1].status == FAILED
    warnings = _warnings(used, parts, max_age, failed_last, unreadable)
    if stored and used is None:
        warnings.append(f"all snapshots are of later days than {day}")
    return {
        "home": str(folder), "day": day.isoformat(),
        "in_use": None if used is None else used.label,
        "hash": "" if used is None else used.hash,
        "age_days": None if used is None else (day - used.date).days,
        "parts": parts, "warnings": warnings, "stale": bool(warnings),
        "last_attempt_failed": failed_last,
        "last_success": good[-1].to_dict() if good else None,
        "last_failure": bad[-1].to_dict() if bad else None,
        "stored": [
            {"label": h.label, "imported_at": h.imported_at, "entries": h.count} for h in stored
        ],
    }  # fmt: skip


def _warnings(
    used: SnapshotHead | None, parts: list[dict[str, Any]], max_age: int, failed_last: bool,
    unreadable: int,
) -> list[str]:  # fmt: skip
    found = []
    if used is None:
        from klartecken.parties.lists.builtin import builtin_warning

        found.append(builtin_warning())
    else:
        old = [p["list"] for p in parts
               if p["age_days"] > max_age and not p["list"].startswith("OWN:")]  # fmt: skip
        short = [p["list"] for p in parts if not p["complete"]]
        bare = [p["list"] for p in parts if not p["addresses"]]
        if old:
            found.append(f"STALE: more than {max_age} days old: {', '.join(old)}")
        if short:
            found.append("not whole, so nobody can be said not to be on: " + ", ".join(short))
        if bare:
            found.append("no addresses, so none can be screened, in: " + ", ".join(bare))
        missing = _public_lists() - {p["list"] for p in parts}
        if missing:
            found.append("not imported at all: " + ", ".join(sorted(missing)))
    if failed_last:
        found.append("the last update failed: the lists in use may be out of date")
    if unreadable:
        found.append(f"{plural(unreadable, 'line')} of updates.jsonl cannot be read")
    return found


def _public_lists() -> set[str]:
    from klartecken.parties.lists.accept import known_counts

    return set(known_counts())


@click.command("show")
@click.argument("label", required=False)
@home_option
@json_option
def show_command(label: str | None, home: str | None, as_json: bool) -> None:
    """One stored snapshot: its lists, its files, and who accepted what.

    LABEL may be its first letters; by default the snapshot in use.
    """
    from klartecken.parties.home import home_folder
    from klartecken.parties.lists.store import find_head, latest_head

    folder = home_folder(home)
    head = latest_head(folder, today()) if label is None else find_head(folder, label)
    if head is None:
        raise InputError("no list is stored", where=str(folder), next_step=NEXT)
    record = dict(head.record)
    if as_json:
        print_json({
            "label": head.label, "date": head.date.isoformat(), "hash": head.hash,
            "imported_at": head.imported_at, "parts": parts_data(head.parts.values()), **record,
        })  # fmt: skip
        return
    click.echo(f"{head.label}: {plural(head.count, 'entry', 'entries')}")
    click.echo(f"Hash {head.hash}, imported {head.imported_at} by {record['tool']}")
    table(PART_HEADINGS, parts_rows(head.parts.values()), frozenset({2}))
    for source in record["sources"]:
        click.echo(f"File: {', '.join(source['files'])} ({source['format']}, {source['bytes']:,} "
                   f"bytes, sha256 {source['sha256']})")  # fmt: skip
    if record["carried_over"]:
        click.echo(f"Carried over from {record['previous']}: {', '.join(record['carried_over'])}")
    if record["accepted"]:
        accepted = record["accepted"]
        click.echo(f"Accepted by {accepted['by']}: {accepted['reason']}")
        for refusal in accepted["refusals"]:
            click.echo(f"  {refusal['text']}")
    for row in record["rejected_rows"]:
        click.echo(f"Not read: {row['file']}, row {row['row']}: {row['reason']}")


@click.command("verify")
@click.argument("label", required=False)
@home_option
@json_option
def verify_command(label: str | None, home: str | None, as_json: bool) -> None:
    """Work the hashes of stored snapshots out anew, from every entry.

    A snapshot that is not what its hash says is an error.
    """
    from klartecken.parties.home import home_folder
    from klartecken.parties.lists.store import find_head, heads, verify

    folder = home_folder(home)
    found = heads(folder) if label is None else (find_head(folder, label),)
    if not found:
        raise InputError("no list is stored", where=str(folder), next_step=NEXT)
    told, broken = [], []
    for head in found:
        try:
            snapshot = verify(head.path)
            told.append({"label": head.label, "hash": head.hash, "ok": True,
                         "entries": len(snapshot.entries)})  # fmt: skip
        except DataError as err:
            broken.append(err)
            told.append({"label": head.label, "hash": head.hash, "ok": False, "entries": 0})
    if as_json:
        print_json(told)
    else:
        for one in told:
            click.echo(f"{one['label']}: {'as its hash says' if one['ok'] else 'BROKEN'}")
    if broken:
        raise broken[0]
