"""Colour and layout on a terminal, with rich."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from klartecken.words.document import Document

STYLES = {"good": "green", "bad": "bold red", "unsure": "yellow", "plain": ""}


def show(doc: Document, console: Console) -> None:
    """Print a document to a terminal."""
    console.print(Text(doc.headline, style=f"bold {STYLES[doc.tone]}"))
    console.print(Text(doc.question, style="bold"))
    for section in doc.sections:
        console.print()
        console.print(Text(section.title, style="bold cyan"))
        for row in section.rows:
            console.print(Padding(Text(row.text, style=STYLES[row.tone]), (0, 0, 0, 2)))
            for finer in row.finer:
                console.print(Padding(Text(finer, style="dim"), (0, 0, 0, 6)))
