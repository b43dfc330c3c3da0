"""Write the outputs of the documentation's examples anew, in place.

Run it as ``python tools/refresh_docs.py [PAGE ...]``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import doc_blocks

ROOT = Path(__file__).resolve().parent.parent


def refresh(page: Path) -> bool:
    """Run one page; true when it changed."""
    text = page.read_text(encoding="utf-8")
    lines = text.splitlines()
    changes: list[tuple[int, int, list[str]]] = []
    names: dict[str, Any] = {"__name__": "__page__"}
    with tempfile.TemporaryDirectory() as folder, doc_blocks.inside(Path(folder)):
        for example in doc_blocks.examples(text):
            actual = doc_blocks.run(example, names)
            if example.kind == "file" or doc_blocks.matches(example.expected, actual):
                continue
            try:
                output = doc_blocks.renewed(example.expected, actual)
            except ValueError as err:
                sys.exit(f"Error: {page.name}, line {example.first}: {err}")
            changes.append((example.first, example.last, output))
    for first, last, output in reversed(changes):
        lines[first:last] = [line.rstrip() for line in output]
    new = "\n".join(lines) + "\n"
    if new != text:
        page.write_text(new, encoding="utf-8")
    return new != text


def main() -> None:
    """Refresh the pages named, or all."""
    named = [Path(name).resolve() for name in sys.argv[1:]]
    for page in named or doc_blocks.pages(ROOT):
        if refresh(page):
            print(f"rewritten: {page.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
