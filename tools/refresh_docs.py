"""Write the outputs of the documentation's examples anew, in place: all pages or none.

Run it as ``python tools/refresh_docs.py [PAGE ...]``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import doc_blocks
from pages import ROOT, PageError, one_line, told, write_all


def renewed(page: Path) -> str:
    """A page with the outputs that its examples print now.

    Raises:
        PageError: an example fails, or its output can no longer be elided as it is.
    """
    text = page.read_text(encoding="utf-8")
    lines = text.splitlines()
    changes: list[tuple[int, int, list[str]]] = []
    names: dict[str, Any] = {"__name__": "__page__"}
    with tempfile.TemporaryDirectory() as folder, doc_blocks.inside(Path(folder)):
        for example in doc_blocks.examples(text):
            try:
                actual = doc_blocks.run(example, names)
                if example.kind == "file" or doc_blocks.matches(example.expected, actual):
                    continue
                output = doc_blocks.renewed(example.expected, actual)
                if failed(actual) and not failed([*example.expected]):
                    raise PageError(f"the command now fails: {' '.join(actual)}")
            except Exception as err:
                raise PageError(f"{page.name}, line {example.first}: {told(err)}") from err
            changes.append((example.first, example.last, output))
    for first, last, output in reversed(changes):
        lines[first:last] = [line.rstrip() for line in output]
    return "\n".join(lines) + "\n"


def failed(output: list[str]) -> bool:
    """Is this output an error?"""
    return bool(output) and output[0].startswith("Error:")


def refresh(pages: list[Path]) -> list[Path]:
    """Run the pages, then write those that changed; returns these."""
    made = {page: renewed(page) for page in pages}
    changed = {p: text for p, text in made.items() if text != p.read_text(encoding="utf-8")}
    write_all(changed)
    return list(changed)


def main() -> None:
    """Refresh the pages named, or all."""
    named = [Path(name).resolve() for name in sys.argv[1:]]
    for page in refresh(named or doc_blocks.pages(ROOT)):
        print(f"rewritten: {page.name}")


if __name__ == "__main__":
    one_line(main)
