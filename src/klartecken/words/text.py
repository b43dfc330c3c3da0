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
            lines += wrap(row.text, "  - ", "    ")
            for finer in row.finer:
                lines += wrap(finer, "      ", "      ")
    return "\n".join(lines)


def wrap(text: str, first: str, rest: str, width: int = WIDTH) -> list[str]:
    """A paragraph as lines, the later ones with a hanging indent."""
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
