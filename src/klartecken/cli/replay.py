"""`klartecken replay`: the answer of a receipt, given again."""

from __future__ import annotations

import json
from pathlib import Path

import click

from klartecken.cli.common import json_option, print_json
from klartecken.errors import InputError


@click.command("replay")
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def replay_command(receipt: Path, as_json: bool) -> None:
    """Answer RECEIPT again: the same, or precisely what differs (exit code 1)."""
    from klartecken.decide.replay import replay

    try:
        text = receipt.read_text(encoding="utf-8-sig")  # some editors write a mark first
        body = json.loads(text, parse_constant=_refuse)
    except (OSError, ValueError, RecursionError) as err:
        raise InputError(f"cannot be read as JSON ({err})", where=str(receipt)) from err
    found = replay(body, str(receipt))
    if as_json:
        print_json({"same": found.same, "differences": list(found.lines)})
    elif found.same:
        click.echo(f"same answer: {found.outcome} (law {found.law[:12]})")
    else:
        click.echo("differs:")
        for line in found.lines:
            click.echo(f"  {line}")
    if not found.same:
        raise SystemExit(1)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
