"""One root error. Each says what is wrong, where, why, and what to do next.

The subclasses say whose fault it is: the asker's input, the project's data, a law file,
or ours.
"""

from __future__ import annotations


class KlarteckenError(Exception):
    """Root of every error that this package raises on purpose.

    Args:
        what: what is wrong, in one sentence without a final stop.
        where: path, row, column or field, when there is one.
        next_step: what the reader can do about it.
    """

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        self.what = what
        self.where = where
        self.next_step = next_step
        super().__init__(self.line())

    def line(self) -> str:
        """The whole message on one line."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}. {self.next_step}" if self.next_step else head


class InputError(KlarteckenError):
    """The asker's input cannot be read: a name, a date, a fact, an option."""


class UnknownName(InputError):
    """A chip, place or provision that we do not know.

    ``nearest`` holds the closest names that we do know, best first.
    """

    def __init__(
        self, what: str, *, nearest: tuple[str, ...] = (), where: str = "", next_step: str = ""
    ) -> None:
        self.nearest = nearest
        if nearest and not next_step:
            next_step = "Nearest: " + ", ".join(nearest)
        super().__init__(what, where=where, next_step=next_step)


class DataError(KlarteckenError):
    """A data file of the project or of the user breaks its own layout."""


class LawError(KlarteckenError):
    """A law file cannot be loaded: schema, dates, names or an expression."""


class ExpressionError(LawError):
    """An expression that the language does not allow.

    ``column`` counts from 1 in the expression's own text.
    """

    def __init__(
        self, what: str, *, text: str, column: int, where: str = "", next_step: str = ""
    ) -> None:
        self.text = text
        self.column = column
        at = f"{where}, column {column}" if where else f"column {column}"
        super().__init__(f"{what} in {text!r}", where=at, next_step=next_step)


class TruthError(KlarteckenError, TypeError):
    """Code asked a three-valued answer to be true or false: a bug of ours."""


class SelfCheckError(KlarteckenError):
    """The screening failed to find what it must: a bug of ours, or a damaged machine."""
