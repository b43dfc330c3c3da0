"""The map in the README: draw it, or with ``--check`` see whether it is still the same.

Run it as ``python tools/map_docs.py [--check]``. The day is that of the Makefile. Matplotlib
writes its version into the picture. Drawn by the same version, the picture must be the same to
the byte; by another, it must have the same lines, labels and texts.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import doc_blocks
from pages import ROOT, PageError, one_line, write_all

PICTURE = ROOT / "docs" / "images" / "map.svg"
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
    """The picture as it is drawn now."""
    with tempfile.TemporaryDirectory() as folder, doc_blocks.inside(Path(folder)):
        said = doc_blocks.command_output(f"klartecken map --on {day()} -o map.svg")
        if not Path("map.svg").exists():
            raise PageError(said.strip().removeprefix("Error: "))
        return Path("map.svg").read_bytes().decode()


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
    """Draw the map, or check it."""
    new = drawn()
    if sys.argv[1:] == ["--check"]:
        old = PICTURE.read_bytes().decode() if PICTURE.exists() else ""
        told = difference(old, new)
        if told:
            raise PageError(f"docs/images/map.svg is stale, {told}. Run `make docs`")
        print("docs/images/map.svg is up to date")
        return
    if sys.argv[1:]:
        raise PageError("Usage: python tools/map_docs.py [--check]")
    write_all({PICTURE: new})
    print("written: docs/images/map.svg")


if __name__ == "__main__":
    one_line(main)
