"""Reading plain JSON into a form: each mistake with its path, all of them at once."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from klartecken.desk.storage.columns import plain, storable
from klartecken.errors import InputError
from klartecken.facts.places import Places
from klartecken.facts.text import one_line

MOST_MISTAKES = 50  # told in one error
LONG_TEXT = 10_000  # characters of a text of several lines
REASON = 2_000  # characters of a reason
MOST = 500  # entries of a list
_TURNS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_NUMBER = re.compile(r"([0-9]{1,15})(?:\.([0-9]+))?")


class FormError(InputError):
    """A form that cannot be read.

    Attributes:
        mistakes: path and what is wrong, for each: ``("lines[2].quantity", "is no number")``.
    """

    def __init__(self, mistakes: Iterable[tuple[str, str]]) -> None:
        self.mistakes = tuple(mistakes)
        told = [f"{where}: {what}" for where, what in self.mistakes[:MOST_MISTAKES]]
        rest = len(self.mistakes) - len(told)
        super().__init__(
            "; ".join(told) + (f"; and {rest} more" if rest else ""),
            next_step="Correct these fields; nothing was kept",
        )


@dataclass
class Reader:
    """Reads values of one form and gathers what is wrong with them."""

    places: Places
    mistakes: list[tuple[str, str]] = field(default_factory=list)

    def wrong(self, where: str, what: str) -> None:
        """A mistake at a path."""
        self.mistakes.append((where, what))

    # -- single values ---------------------------------------------------------------------
    def line(self, value: Any, where: str) -> str:
        """Text of one line, or empty."""
        if value is None or value == "":
            return ""
        if not isinstance(value, str):
            self.wrong(where, "must be text")
            return ""
        if not value.strip():
            return ""
        try:
            return storable(one_line(value, where))
        except InputError as err:
            self.wrong(where, err.what)
            return ""

    def text(self, value: Any, where: str) -> str:
        """Text of several lines, or empty."""
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(where, "must be text")
            return ""
        try:
            return long_text(value, where, LONG_TEXT)
        except InputError as err:
            self.wrong(where, err.what)
            return ""

    def number(self, value: Any, where: str, places: int) -> str:
        """An exact number that is not negative, as text, or empty."""
        if value is None or value == "":
            return ""
        if isinstance(value, Decimal):
            value = str(plain(value)) if value.is_finite() else "?"
        if isinstance(value, float):
            self.wrong(where, "must be text, so that it is exact")
            return ""
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            self.wrong(where, "must be a number, as text")
            return ""
        found = _NUMBER.fullmatch(_digits(value))
        if found is None:
            self.wrong(where, "is no number such as 1250 or 12.50")
            return ""
        if len((found[2] or "").rstrip("0")) > places:
            self.wrong(where, f"has more than {places} decimal places")
            return ""
        return str(plain(Decimal(found[0])))

    def day(self, value: Any, where: str) -> str:
        """A day as 2025-07-15, or empty."""
        if value is None or value == "":
            return ""
        try:
            if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                raise ValueError
            return date.fromisoformat(value).isoformat()
        except ValueError:
            self.wrong(where, "must be a day such as 2025-07-15")
            return ""

    def choice(self, value: Any, where: str, options: Iterable[str]) -> str:
        """One of the options, or empty."""
        if value is None or value == "":
            return ""
        held = list(options)
        if not isinstance(value, str) or value not in held:
            self.wrong(where, "must be one of " + ", ".join(held))
            return ""
        return value

    def flag(self, value: Any, where: str) -> bool | None:
        """Yes, no, or not said."""
        if value is not None and not isinstance(value, bool):
            self.wrong(where, "must be true, false or null")
            return None
        return value

    def place(self, value: Any, where: str) -> str:
        """The code of a country, or empty."""
        name = self.line(value, where)
        if not name:
            return ""
        try:
            return self.places.resolve(name)
        except InputError as err:
            self.wrong(where, err.what + (f". {err.next_step}" if err.next_step else ""))
            return ""

    # -- several values --------------------------------------------------------------------
    def many(self, value: Any, where: str, each: Callable[[Any, str], Any]) -> list[Any]:
        """A list, each entry read alike."""
        if value is None:
            return []
        if not isinstance(value, (list, tuple)):
            self.wrong(where, "must be a list")
            return []
        if len(value) > MOST:
            self.wrong(where, f"has {len(value)} entries, more than {MOST}")
            return []
        return [each(entry, f"{where}[{n}]") for n, entry in enumerate(value)]

    def fields(
        self, value: Any, where: str, spec: Mapping[str, Callable[[Any, str], Any]]
    ) -> dict[str, Any]:
        """A mapping with known names; what is not given is read as None."""
        prefix = f"{where}." if where else ""
        if value is None:
            value = {}
        if not isinstance(value, Mapping):
            self.wrong(where or "form", "must be a mapping of names to values")
            value = {}
        for name in value:
            if name not in spec:
                near = difflib.get_close_matches(str(name), spec, n=1)
                shown = "".join(c if c.isprintable() else "?" for c in str(name)[:60])
                self.wrong(f"{prefix}{shown}",
                           "is no field" + (f"; nearest: {near[0]}" if near else ""))  # fmt: skip
        return {name: read(value.get(name), f"{prefix}{name}") for name, read in spec.items()}


def long_text(value: str, where: str, most: int = REASON) -> str:
    """Text of several lines, without space around it.

    Raises:
        InputError: too long, or with characters that cannot be seen or printed.
    """
    kept = value.replace("\r\n", "\n").strip()
    if len(kept) > most:
        raise InputError(f"has {len(kept)} characters, more than {most}", where=where)
    if any(_hidden(char) for char in kept):
        raise InputError("holds a control character", where=where)
    return kept


def _hidden(char: str) -> bool:
    """A control character, half of one, or one that turns the direction of what is read."""
    if unicodedata.category(char) in ("Cc", "Cs"):
        return char not in "\n\t"
    return unicodedata.bidirectional(char) in _TURNS or char in "\u200e\u200f\u061c"


def _digits(value: int | str) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if abs(value) < 10**16 else "?"
