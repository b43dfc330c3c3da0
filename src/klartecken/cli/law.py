"""`klartecken law`, `facts`, `gaps`: the law as encoded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from klartecken.cli.common import (
    day_of,
    json_option,
    period,
    print_json,
    table,
    view_option,
)
from klartecken.errors import InputError, UnknownName
from klartecken.logic.values import show


@click.group("law", invoke_without_command=True)
@click.option("--on", metavar="DATE", help="Default: today.")
@view_option
@json_option
@click.pass_context
def law_command(ctx: click.Context, on: str | None, view: str, as_json: bool) -> None:
    """Provisions in force on a day; `law show ID`, `law changes --since DATE`."""
    if ctx.invoked_subcommand is not None:
        # an option that its subcommand would not see must not be lost in silence
        given = {"--on": on is not None, "--view": view != "practice", "--json": as_json}
        ctx.obj = [name for name, said in given.items() if said]
        return
    from klartecken.decide.ask import shipped_world

    world = shipped_world()
    if day_of(on) < world.law.covers_from:
        raise InputError(f"the law is encoded from {world.law.covers_from}", where="--on")
    rules = world.timeline.on(day_of(on), view).in_force
    shown = [r for r in rules if r.provision.stage not in ("flag", "gap")]
    if as_json:
        print_json([version_data(r.provision, r.version) for r in shown])
        return
    table(
        ["stage", "provision", "version", "since", "tag", "citation"],
        [
            [r.provision.stage, r.id, r.version.id, str(r.version.start), r.version.tag,
             r.version.cite]
            for r in shown
        ],
    )  # fmt: skip


@law_command.command("show")
@click.argument("provision")
@click.option("--on", metavar="DATE", help="Only the version of this day. Default: all.")
@json_option
@click.pass_context
def show_command(ctx: click.Context, provision: str, on: str | None, as_json: bool) -> None:
    """One provision with its versions: dates, condition, citation, source tag."""
    if ctx.obj:
        raise InputError(f"{', '.join(ctx.obj)} stands before `show`: put it behind")
    from klartecken.law.load import load_law

    law = load_law()
    found = law.provisions.get(provision)
    if found is None:
        import difflib

        near = difflib.get_close_matches(provision, law.provisions, n=5, cutoff=0.3)
        next_step = "" if near else "See `klartecken law`"
        raise UnknownName(
            f"there is no provision {provision!r}", nearest=tuple(near), next_step=next_step
        )
    day = day_of(on) if on else None
    versions = [
        v for v in found.versions
        if day is None or v.binds(day, "practice") or v.binds(day, "text")
    ]  # fmt: skip
    if as_json:
        print_json([version_data(found, version) for version in versions])
        return
    click.echo(f"{found.id}: {found.title} ({found.stage}, {found.file})")
    if not versions:
        click.echo(f"  not in force on {day}")
    for version in versions:
        for line in version_lines(found, version):
            click.echo(line)


@law_command.command("changes")
@click.option("--since", metavar="DATE", required=True, help="The first day to look at.")
@click.option("--until", metavar="DATE", help="Default: all, also days to come.")
@json_option
@click.pass_context
def changes_command(ctx: click.Context, since: str, until: str | None, as_json: bool) -> None:
    """Versions that began or ended since a day."""
    from klartecken.law.load import load_law

    if ctx.obj:
        raise InputError(f"{', '.join(ctx.obj)} stands before `changes`, where it does nothing")
    first, last = period(since, until)
    found = []
    for provision in load_law().provisions.values():
        for version in provision.versions:
            ended = version.until + timedelta(days=1) if version.until else None
            for day, what in ((version.start, "begins"), (ended, "ended")):
                if day and (first is None or day >= first) and (last is None or day <= last):
                    found.append((day, what, provision, version))
    found.sort(key=lambda row: (row[0], row[2].id, row[1]))
    if as_json:
        print_json([{"day": str(d), "what": w, **version_data(p, v)} for d, w, p, v in found])
        return
    if not found:
        click.echo("no version begins or ends then")
        return
    table(
        ["day", "what", "provision", "version", "citation"],
        [[str(d), w, p.id, v.id, v.cite] for d, w, p, v in found],
    )


@click.command("gaps")
@json_option
def gaps_command(as_json: bool) -> None:
    """What is not modelled, and the day up to which the sources were read."""
    from klartecken.law.load import load_law

    law = load_law()
    rules = [p for p in law.provisions.values() if p.stage == "gap"]
    if as_json:
        print_json({
            "read_until": law.read_until.isoformat(),
            "gaps": [
                {"id": p.id, "title": p.title, "text": v.text, "from": str(v.start),
                 "until": str(v.until) if v.until else None, "when": v.source}
                for p in rules for v in p.versions
            ],
        })  # fmt: skip
        return
    click.echo(f"Sources were read up to {law.read_until}; the law is encoded from "
               f"{law.covers_from}.\n")  # fmt: skip
    for provision in rules:
        for version in provision.versions:
            click.echo(f"  - {version.text} [{provision.id}]")


@click.command("facts")
@json_option
def facts_command(as_json: bool) -> None:
    """The facts that --fact can set, with their questions and assumed values."""
    from klartecken.law.load import load_law

    vocabulary = load_law().vocabulary
    rows = [
        {
            "fact": s.name, "of": s.of, "kind": s.kind, "unit": s.unit,
            "aliases": list(s.aliases), "options": list(s.options),
            "assumed": str(s.assumed or s.presumed or ""), "question": s.question,
        }
        for s in vocabulary.facts.values()
    ]  # fmt: skip
    if as_json:
        print_json({
            "facts": rows, "bundles": {k: list(v) for k, v in vocabulary.bundles.items()}
        })  # fmt: skip
        return
    table(
        ["fact", "of", "kind", "assumed", "question"],
        [[str(r[k]) for k in ("fact", "of", "kind", "assumed", "question")] for r in rows],
    )


def version_data(provision: Any, version: Any) -> dict[str, Any]:
    """A version as plain data."""
    return {
        "provision": provision.id, "stage": provision.stage, "title": provision.title,
        "version": version.id, "from": str(version.effective),
        "compliance": str(version.compliance) if version.compliance else None,
        "until": str(version.until) if version.until else None,
        "view": version.view, "enforced": version.enforced, "basis": version.basis or None,
        "policy": version.policy or None, "when": version.source,
        "params": {name: show(value) for name, value in version.params.items()},
        "citation": version.cite, "url": version.url, "tag": version.tag,
        "instrument": version.instrument or None, "note": version.note or None,
        "file": provision.file,
    }  # fmt: skip


def version_lines(provision: Any, version: Any) -> list[str]:
    """A version as lines of text."""
    data = version_data(provision, version)
    end = data["until"] or "still in force"
    lines = [f"\n  {version.id}: {version.start} to {end}"]
    for key in ("compliance", "view", "basis", "policy", "params", "when", "note"):
        if data[key] and not (key == "compliance" and not version.compliance):
            value = data[key]
            if key == "params":
                value = ", ".join(f"{k} = {v}" for k, v in value.items())
            lines.append(f"    {key}: {value}")
    if not version.enforced:
        lines.append("    not enforced")
    for name, clauses in (("bar", version.bars), ("needs", version.conditions)):
        lines += [f"    {name}: {clause.text} [{clause.cite}]" for clause in clauses]
    lines.append(f"    source: {version.cite}; {version.url} [{version.tag}]")
    return lines
