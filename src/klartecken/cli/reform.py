"""`klartecken reform`: hypothetical changes of law, and what they would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import json_option, print_json, table
from klartecken.cli.whatif import compare_to_print, comparison_options
from klartecken.errors import InputError
from klartecken.logic.values import show
from klartecken.words.text import wrap

if TYPE_CHECKING:
    from klartecken.law.model import Law
    from klartecken.law.reform import Change, Reform


@click.group("reform", invoke_without_command=True)
@json_option
@click.pass_context
def reform_command(ctx: click.Context, as_json: bool) -> None:
    """Reforms: hypothetical changes of law. Alone, it lists those that are shipped.

    A REFORM is the name of a shipped one or the path of a .yaml file.

    \b
    klartecken reform show january-2026-path-40000
    klartecken reform diff april-2025-letters-public --set exporter="Example Distribution"
    """
    if ctx.invoked_subcommand is None:
        print_list(as_json)
    elif as_json:
        raise InputError(f"--json stands before `{ctx.invoked_subcommand}`: put it behind")


@reform_command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """The reforms that are shipped."""
    print_list(as_json)


def print_list(as_json: bool) -> None:
    """Name, period and title of each shipped reform."""
    from klartecken.law.overlay import read_reform, shipped_reforms

    found = [read_reform(name) for name in shipped_reforms()]
    if as_json:
        print_json([
            {"reform": r.id, "title": r.title, "from": str(r.start),
             "until": str(r.until) if r.until else None, "citation": r.cite, "tag": r.tag}
            for r in found
        ])  # fmt: skip
        return
    table(
        ["reform", "from", "until", "what if"],
        [[r.id, str(r.start), str(r.until or "no end"), r.title] for r in found],
    )
    click.echo("\nNone of them is law.")


@reform_command.command("show")
@click.argument("reform")
@json_option
def show_command(reform: str, as_json: bool) -> None:
    """One REFORM: its period, its source, and each change of the law."""
    from klartecken.law.load import load_law
    from klartecken.law.overlay import apply, read_reform

    found, law = read_reform(reform), load_law()
    apply(law, found)  # says what does not fit the law
    if as_json:
        body = dict(found.data)
        body["changes"] = [
            {**change, "before": _before(law, c)}
            for change, c in zip(body["changes"], found.changes, strict=True)
        ]
        print_json(body)
        return
    print_reform(found, law)


def print_reform(reform: Reform, law: Law) -> None:
    """A reform as text."""
    click.echo(f"{reform.id}: {reform.title}")
    click.echo(f"  {reform.start} to {reform.until or 'no end'}; hypothetical")
    for line in wrap(f"{reform.cite}; {reform.url} [{reform.tag}]", "  ", "  "):
        click.echo(line)
    if reform.note:
        for line in wrap(reform.note, "  ", "  "):
            click.echo(line)
    for change in reform.changes:
        click.echo()
        for line in change_lines(change, law):
            click.echo(line)


def change_lines(change: Change, law: Law) -> list[str]:
    """A change as lines of text: what was, and what would be."""
    which = f", version {change.version}" if change.version and change.kind != "add" else ""
    provision = law.provisions.get(change.provision)
    title = provision.title if provision else change.body.get("title", "")
    lines = wrap(f"{change.kind} {change.provision}{which}: {title}", "", "    ")
    if change.kind == "end":
        return [*lines, f"    from {change.day}"] if change.day else lines
    before = _before(law, change)
    for name, value in _flat(change.body).items():
        old = before.get(name)
        told = f"{_text(old)} -> {_text(value)}" if old is not None else _text(value)
        lines += wrap(f"{name}: {told}", "    ", "        ")
    return lines


def _before(law: Law, change: Change) -> dict[str, Any]:
    """What the law says in place of what a change replaces (of its last version)."""
    provision = law.docs.get(change.provision)
    if change.kind != "replace" or provision is None:
        return {}
    versions = [v for v in provision["versions"] if change.version in ("", str(v["id"]))]
    held = _flat(versions[-1]) if versions else {}
    held["title"] = provision.get("title")
    return {name: held[name] for name in _flat(change.body) if held.get(name) is not None}


def _flat(body: Any) -> dict[str, Any]:
    """A version's keys, its params one by one."""
    found: dict[str, Any] = {}
    for version in body.get("versions", ()):
        found.update(_flat(version))
    for name, value in body.items():
        if name == "params" and isinstance(value, dict):
            found.update(value)
        elif name not in ("versions", "id"):
            found[name] = value
    return found


def _text(value: Any) -> str:
    if value is None:
        return "taken away"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(part) for part in value) or "none"
    return show(value) if hasattr(value, "denominator") else str(value)


@reform_command.command("diff")
@click.argument("reform")
@comparison_options
def diff_command(reform: str, **options: Any) -> None:
    """What REFORM would change: which lines, by which provision, units and money each way.

    Without --book, the catalogue is asked, on --on or the reform's first day. A line keeps
    its own day of shipment: outside the reform's period nothing changes. Needs the extra
    `book`.

    \b
    klartecken reform diff april-2025-letters-public --set exporter="Example Distribution"
    klartecken reform diff ai-diffusion-enforced --book orders.csv -o changed.csv
    """
    from klartecken.decide.ask import shipped_world
    from klartecken.law.overlay import read_reform
    from klartecken.whatif.book import scenario

    world = shipped_world()
    found = read_reform(reform)
    day = max(found.start, world.law.covers_from)
    one, other = scenario(None, world), scenario(found, world)
    compare_to_print(one, other, default_day=day.isoformat(), **options)
