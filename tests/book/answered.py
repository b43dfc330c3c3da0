"""Answers a book into a file, as `klartecken book check -o` does."""

from pathlib import Path
from typing import Any

from klartecken.book.api import open_book, settings_of
from klartecken.book.job import Job
from klartecken.book.output import Written, answer_to
from klartecken.decide.ask import shipped_world


def answered(book: object, out: Path, items: Any = (), **more: Any) -> Written:
    """All files of a run; ``more`` are constants."""
    world = shipped_world()
    settings = settings_of(None, "practice", False, 32, items)
    source = open_book(book, world, None, more, settings)
    return answer_to(Job(world, source.layout, settings), source, out, workers=2)
