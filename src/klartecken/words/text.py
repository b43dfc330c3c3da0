"""Plain text: for pipes, files and ``explain()``."""

from __future__ import annotations

import textwrap

from klartecken.decide.determination import Determination
from klartecken.words.document import Document, document

WIDTH = 96


def explain(answer: Determination) -> str:
    """The whole answer as plain text."""
    return render(document(answer))


def render(doc: Document) -> str:
    """A document as plain text."""
    lines = [doc.headline, doc.question]
    for section in doc.sections:
        lines += ["", section.title]
        for row in section.rows:
            lines += _wrap(row.text, "  - ", "    ")
            for finer in row.finer:
                lines += _wrap(finer, "      ", "      ")
    return "\n".join(lines)


def _wrap(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
