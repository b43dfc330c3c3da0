"""Write docs/cli.md from the commands' own help.

Run it as ``python tools/cli_docs.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

import click
from pages import ROOT, one_line, write_all

from klartecken.cli import main as program

PAGE = ROOT / "docs" / "cli.md"
WIDTH = 96

INTRODUCTION = """\
# Commands

Generated from the commands' own help by `make docs`; do not edit.

Output goes to standard output: drawn on a terminal, plain text when piped, JSON with
`--json` ([json.md](json.md) has the keys of an answer). An error is one line on standard
error that begins with `Error:`. Exit codes: 0 answered, whatever the answer; 1 a replay that
differs, an output that cannot be written, a hit where --fail-on-hit asks for it, or at the desk:
rows or statuses that were rejected, one of several lines that was refused, an audit or a
reconciliation that finds something; 2 something in the question cannot be read, or the desk
refuses it, and nothing was changed; 3 a screening that failed its own check: do not rely on it; 130
stopped.
"""


def commands(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """A command and all below it, with full names and contexts."""
    context = click.Context(
        command, info_name=name, parent=parent, max_content_width=WIDTH, terminal_width=WIDTH,
        help_option_names=["-h", "--help"],
    )  # fmt: skip
    yield context.command_path, command, context
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            yield from commands(found, child, context)


def generate() -> str:
    """The page."""
    parts = [INTRODUCTION]
    for path, _, context in commands(program, "klartecken"):
        text = "\n".join(line.rstrip() for line in context.get_help().splitlines())
        parts.append(f"## {path}\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def main() -> None:
    """Write the page."""
    write_all({PAGE: generate()})
    print(f"written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    one_line(main)
