"""The examples in the documentation: find them, run them, compare or rewrite their output.

In a page, fenced blocks are run in order, in one temporary folder and one Python namespace:

- ``console``: lines beginning ``$ klartecken`` are run, what follows is their output (a
  trailing backslash continues a command); ``$ export NAME=VALUE`` holds for the rest of the page;
- ``python``: a session with ``>>>``, or plain statements that must not fail;
- any block after the comment ``<!-- file: NAME -->`` is written to that file first.

In an output, a line ``...`` stands for any number of lines.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GAP = "..."
FENCE = re.compile(r"^```(\w*)\s*$")
FILE = re.compile(r"^<!-- file: (\S+) -->$")


@dataclass(frozen=True)
class Example:
    """Something to run and what the page says it prints.

    Attributes:
        kind: ``console``, ``export``, ``python`` or ``file``.
        source: the command, the setting, the statements, or the file's content.
        expected: the output lines in the page.
        first, last: the output's lines in the page, from ``first`` up to before ``last``.
        name: the file's name, for ``file``.
    """

    kind: str
    source: str
    expected: tuple[str, ...]
    first: int
    last: int
    name: str = ""


def pages(root: Path) -> list[Path]:
    """README.md and the pages in docs, in order."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def examples(text: str) -> Iterator[Example]:
    """The examples of a page."""
    lines = text.splitlines()
    place = 0
    named = ""
    while place < len(lines):
        fence = FENCE.match(lines[place])
        if not fence:
            comment = FILE.match(lines[place])
            named = comment[1] if comment else (named if not lines[place].strip() else "")
            place += 1
            continue
        start = place + 1
        end = next(i for i in range(start, len(lines)) if lines[i] == "```")
        body = lines[start:end]
        if named:
            yield Example("file", "\n".join(body) + "\n", (), start, end, named)
        elif fence[1] == "console":
            yield from _console(body, start)
        elif fence[1] == "python":
            yield from _python(body, start)
        named = ""
        place = end + 1


def _console(body: list[str], start: int) -> Iterator[Example]:
    place = 0
    while place < len(body):
        if not body[place].startswith("$ "):
            raise ValueError(f"line {start + place + 1}: output without a command")
        command = body[place][2:]
        place += 1
        while command.endswith("\\"):
            command = command[:-1] + body[place].strip()
            place += 1
        first = place
        while place < len(body) and not body[place].startswith("$ "):
            place += 1
        if command.startswith("klartecken "):
            output = tuple(body[first:place])
            yield Example("console", command, output, start + first, start + place)
        elif command.startswith("export "):
            yield Example("export", command.removeprefix("export "), (), start + first,
                          start + first)  # fmt: skip


def _python(body: list[str], start: int) -> Iterator[Example]:
    if not any(line.startswith(">>> ") for line in body):
        yield Example("python", "\n".join(body) + "\n", (), start, start)
        return
    place = 0
    while place < len(body):
        source = [body[place][4:]]
        place += 1
        while place < len(body) and body[place].startswith("... "):
            source.append(body[place][4:])
            place += 1
        first = place
        while place < len(body) and not body[place].startswith(">>> "):
            place += 1
        output = tuple(body[first:place])
        yield Example("python", "\n".join(source) + "\n", output, start + first, start + place)


def run(example: Example, names: dict[str, Any]) -> list[str]:
    """Run one example in the present folder.

    Args:
        example: what to run.
        names: the page's Python names, which the example may change.

    Returns:
        What it printed, line by line.
    """
    if example.kind == "file":
        Path(example.name).write_text(example.source, encoding="utf-8")
        return []
    if example.kind == "export":
        name, _, value = shlex.split(example.source)[0].partition("=")
        os.environ[name] = value
        return []
    if example.kind == "console":
        return command_output(example.source).rstrip("\n").split("\n")
    session = bool(example.expected) or "\n" not in example.source.strip()
    caught = io.StringIO()
    with contextlib.redirect_stdout(caught):
        code = compile(example.source, "<page>", "single" if session else "exec")
        exec(code, names)  # the page's own example
    return caught.getvalue().rstrip("\n").split("\n") if caught.getvalue() else []


def command_output(command: str) -> str:
    """What a ``klartecken`` command prints, to both streams, as if piped."""
    from click.testing import CliRunner

    from klartecken.cli import main

    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"})
    done = runner.invoke(main, shlex.split(command)[1:], prog_name="klartecken")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def matches(expected: tuple[str, ...], actual: list[str]) -> bool:
    """Is the output the one in the page, lines ``...`` standing for any lines?"""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == GAP else re.escape(line.rstrip()) + r"\n"
        for line in expected
    )
    text = "".join(line.rstrip() + "\n" for line in actual)
    return re.fullmatch(pattern, text) is not None


def renewed(expected: tuple[str, ...], actual: list[str]) -> list[str]:
    """The output as the page should show it, with its elisions kept where they were.

    Each part between two elisions is found again by its first line and keeps its length;
    the last part runs to the end.

    Raises:
        ValueError: that first line is no longer printed.
    """
    parts: list[list[str]] = [[]]
    for line in expected:
        if line.strip() == GAP:
            parts.append([])
        else:
            parts[-1].append(line)
    if len(parts) == 1:
        return actual
    found = list(actual[: len(parts[0])])
    place = len(parts[0])
    for number, part in enumerate(parts[1:], 2):
        found.append(GAP)
        if not part:
            continue
        if part[0] not in actual[place:]:
            raise ValueError(f"{part[0]!r} is no longer printed; edit the example by hand")
        place = actual.index(part[0], place)
        stop = len(actual) if number == len(parts) else place + len(part)
        found += actual[place:stop]
        place = stop
    return found


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder, and come back to the former one and its environment."""
    before, settings = Path.cwd(), dict(os.environ)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(settings)
