"""XML files as a stream of records; nothing outside the file is ever read or expanded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from klartecken.errors import InputError

_CHUNK = 1 << 16
_LONGEST = 1 << 22  # characters of text in one record; a real one has a few thousand


@dataclass(slots=True)
class Element:
    """An element: its name without prefix, its text, its children."""

    name: str
    line: int = 0
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, path: str) -> list[Element]:
        """The elements at a path such as ``Entity/LegalAddress``."""
        found = [self]
        for name in path.split("/"):
            found = [child for element in found for child in element.children if child.name == name]
        return found

    def get(self, path: str) -> str:
        """The text of the first element at a path, or nothing."""
        found = self.all(path)
        return found[0].text.strip() if found else ""


class _Builder:
    """Builds one record at a time; the finished ones wait in ``ready``."""

    def __init__(self, wanted: frozenset[str], path: Path) -> None:
        self.wanted, self.path = wanted, path
        self.ready: deque[Element] = deque()
        self.open: list[Element] = []
        self.root = ""
        self.size = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: Any) -> None:
        line = self.parser.CurrentLineNumber
        raise InputError(
            "has a document type declaration, which no GLEIF file has",
            where=f"{self.path}, line {line}", next_step="Take the file from GLEIF itself",
        )  # fmt: skip

    def _start(self, tag: str, _: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self.root = self.root or name
        if not self.open and name not in self.wanted:
            return
        if len(self.open) > 50:
            raise InputError("is nested too deeply", where=str(self.path))
        element = Element(name, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.size = 0
        self.open.append(element)

    def _end(self, tag: str) -> None:
        if self.open:
            element = self.open.pop()
            if not self.open:
                self.ready.append(element)

    def _text(self, text: str) -> None:
        if not self.open:
            return
        self.size += len(text)
        if self.size > _LONGEST:
            raise InputError("has a record without an end", where=str(self.path))
        self.open[-1].text += text


def stream(path: Path, wanted: frozenset[str]) -> Iterator[tuple[str, Element]]:
    """Root name and record, for each element of a wanted name; one record in memory at a time.

    Raises:
        InputError: not well-formed, with a document type, or with a record without an end.
    """
    builder = _Builder(wanted, path)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                builder.parser.Parse(chunk, False)
                while builder.ready:
                    yield builder.root, builder.ready.popleft()
            builder.parser.Parse(b"", True)
    except expat.ExpatError as err:
        raise InputError(f"is no well-formed XML ({err})", where=str(path)) from err
    while builder.ready:
        yield builder.root, builder.ready.popleft()
