"""The pictures of the pages: draw them, or with ``--check`` see whether they are the same.

Run it as ``python tools/map_docs.py [--check]``. They are the map (its day is that of the
Makefile) and a sweep over a made-up book. Matplotlib writes its version into a picture. Drawn
by the same version, it must be the same to the byte; by another, it must have the same lines,
labels and texts.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import doc_blocks
from pages import ROOT, PageError, one_line, write_all

PICTURE = ROOT / "docs" / "images" / "map.svg"
SWEEP = ROOT / "docs" / "images" / "sweep.svg"
BOOK = ("orders.csv", 1000)  # name and lines of the book that is swept
ASKED = "sweep parameters.b.tpp_b1 1600..3200 --steps 9"
VERSION = re.compile(r"<dc:title>Matplotlib v([^,<]+)")
DAY = re.compile(r"^DAY \?= (\S+)$", re.MULTILINE)
ID = re.compile(r'id="((?:near-)?(?:line|label)-[^"]+)"')
TEXT = re.compile(r"<!-- (.*?) -->", re.DOTALL)


def day() -> str:
    """The day of the map, as the Makefile has it."""
    found = DAY.search((ROOT / "Makefile").read_text(encoding="utf-8"))
    if not found:
        raise PageError("Makefile: no line `DAY ?= ...`")
    return found[1]


def drawn() -> str:
    """The map as it is drawn now."""
    with tempfile.TemporaryDirectory() as folder, doc_blocks.inside(Path(folder)):
        return _drawn(f"map --on {day()}", "map.svg")


def swept() -> str:
    """The sweep as it is drawn now."""
    from klartecken.book.synthetic.lines import schema, synth
    from klartecken.book.table.sinks import open_sink

    name, lines = BOOK
    with tempfile.TemporaryDirectory() as folder, doc_blocks.inside(Path(folder)):
        with open_sink(name, schema()) as sink:
            for batch in synth(lines):
                sink.write(batch)
        return _drawn(f"{ASKED} --book {name}", "sweep.svg")


def _drawn(command: str, name: str) -> str:
    said = doc_blocks.command_output(f"klartecken {command} -o {name}")
    if not Path(name).exists():
        raise PageError(said.strip().removeprefix("Error: "))
    return Path(name).read_bytes().decode()


def difference(old: str, new: str) -> str:
    """What makes the new picture another one; nothing when it is the same.

    Args:
        old: the picture that is kept.
        new: the picture as it is drawn now.
    """
    if old == new:
        return ""
    versions = [found[1] if (found := VERSION.search(text)) else "" for text in (old, new)]
    if versions[0] == versions[1]:
        return f"it is drawn otherwise{_parts(old, new)}"
    parts = _parts(old, new)
    return f"its parts are others{parts}" if parts else ""


def _parts(old: str, new: str) -> str:
    """The ids and texts that only one of the two has."""
    before, after = ({*ID.findall(text), *TEXT.findall(text)} for text in (old, new))
    shown = [f"-{part!r}" for part in sorted(before - after)]
    shown += [f"+{part!r}" for part in sorted(after - before)]
    more = f" and {len(shown) - 6} more" if len(shown) > 6 else ""
    return f": {', '.join(shown[:6])}{more}" if shown else ""


def main() -> None:
    """Draw the pictures, or check them."""
    if sys.argv[1:] not in ([], ["--check"]):
        raise PageError("Usage: python tools/map_docs.py [--check]")
    made = {PICTURE: drawn(), SWEEP: swept()}
    if not sys.argv[1:]:
        write_all(made)
    for path, new in made.items():
        name = path.relative_to(ROOT).as_posix()
        old = path.read_bytes().decode() if path.exists() else ""
        if told := difference(old, new):
            raise PageError(f"{name} is stale, {told}. Run `make docs`")
        print(f"{name} is up to date" if sys.argv[1:] else f"written: {name}")


if __name__ == "__main__":
    one_line(main)
