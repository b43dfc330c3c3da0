"""Colour on a terminal, with rich; the layout is that of the plain text."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from klartecken.words.document import Document
from klartecken.words.text import wrap

STYLES = {"good": "green", "bad": "bold red", "unsure": "yellow", "plain": ""}


def show(doc: Document, console: Console) -> None:
    """Print a document to a terminal."""
    width = max(console.width, 40)

    def line(text: str, style: str) -> None:
        console.print(Text(text, style=style), soft_wrap=True)

    line(doc.headline, f"bold {STYLES[doc.tone]}")
    for part in wrap(doc.question, "", "", width):
        line(part, "bold")
    for section in doc.sections:
        line("", "")
        line(section.title, "bold cyan")
        for row in section.rows:
            for part in wrap(row.text, "  - ", "    ", width):
                line(part, STYLES[row.tone])
            for finer in row.finer:
                for part in wrap(finer, "      ", "      ", width):
                    line(part, "dim")
