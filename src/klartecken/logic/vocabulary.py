"""The facts that rules may name: kind, options, unit, question, assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from klartecken.errors import InputError, UnknownName
from klartecken.logic import values
from klartecken.logic.frozen import freeze
from klartecken.logic.values import Choice, Range, Value

KINDS = ("number", "flag", "choice", "place")


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact of the vocabulary (see law/us_ear/facts.yaml for the fields)."""

    name: str
    kind: str
    of: str
    question: str
    unit: str = ""
    aliases: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    synonyms: Mapping[str, str] | None = None
    positive: bool = False
    identity: bool = False
    ratio: tuple[str, str] | None = None
    assumed: Value | None = None
    presumed: Value | None = None
    assumption: str = ""

    def __post_init__(self) -> None:
        freeze(self, "synonyms")

    @property
    def unknown(self) -> Value:
        """Everything that this fact could be."""
        if self.kind == "number":
            return Range(Fraction(0), values.INF)  # no fact of ours is ever below zero
        if self.kind == "flag":
            return values.FLAG_UNKNOWN
        return Choice(frozenset(self.options)) if self.options else values.UNKNOWN_CHOICE

    def taken(self, assume: bool) -> Value | None:
        """What is taken for granted when nobody says: always what the law presumes, and
        what is assumed only when ``assume``.
        """
        return self.assumed if self.presumed is None and assume else self.presumed

    def read(self, text: str) -> Value:
        """The value that a person wrote (places are resolved elsewhere).

        Raises:
            InputError: not a value of this kind.
        """
        text = str(text).strip()
        if not text:
            raise InputError("is empty", where=f"fact {self.name}", next_step="Or say unknown")
        if self.kind == "number":
            return self._read_number(text)
        low = text.lower()
        if low in ("unknown", "?"):
            return self.unknown
        if self.kind == "flag":
            if low in ("yes", "y", "true", "1", "all"):
                return values.FLAG_YES
            if low in ("no", "n", "false", "0"):
                return values.FLAG_NO
            raise InputError(
                f"{text!r} is not an answer to a yes/no fact",
                where=f"fact {self.name}",
                next_step="Write yes, no or unknown",
            )
        parts = [part.strip() for part in text.split("|")]
        if not all(parts):
            raise InputError(f"{text!r} holds an empty option", where=f"fact {self.name}")
        return Choice(frozenset(self._option(part) for part in parts))

    def _read_number(self, text: str) -> Range:
        try:
            value = values.parse_range(text)
        except InputError as err:
            raise InputError(err.what, where=f"fact {self.name}", next_step=err.next_step) from err
        if value.hi < 0 or (self.positive and value.hi <= 0):
            raise InputError(
                f"{text} is not {'above zero' if self.positive else 'zero or more'}",
                where=f"fact {self.name}",
            )
        return Range(max(value.lo, Fraction(0)), value.hi)

    def _option(self, text: str) -> str:
        key = text.lower().replace("-", "_").replace(" ", "_")
        for known, plain in (self.synonyms or {}).items():
            if key == known:
                return plain
        if not self.options:
            return text
        for option in self.options:
            if key == option.lower():
                return option
        raise UnknownName(
            f"{text!r} is not one of its options",
            where=f"fact {self.name}",
            next_step="Options: " + ", ".join(self.options),
        )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All facts by name, with their aliases and bundles."""

    facts: Mapping[str, FactSpec]
    bundles: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]  # alias or name, lower case -> name
    # worked out: numerator and denominator of each ratio fact; facts that cannot be zero
    ratios: Mapping[str, tuple[str, str]] = field(init=False)
    positive: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        ratios = {name: spec.ratio for name, spec in self.facts.items() if spec.ratio is not None}
        positive = frozenset(name for name, spec in self.facts.items() if spec.positive)
        object.__setattr__(self, "ratios", ratios)
        object.__setattr__(self, "positive", positive)
        freeze(self, "facts", "bundles", "names", "ratios")

    def find(self, name: str) -> FactSpec:
        """The fact of that name or alias.

        Raises:
            UnknownName: no such fact; holds the nearest names.
        """
        key = name.strip().lower().replace("-", "_")
        found = self.names.get(key)
        if found is None:
            import difflib

            near = tuple(difflib.get_close_matches(key, list(self.names), n=4, cutoff=0.5))
            raise UnknownName(
                f"there is no fact called {name!r}",
                nearest=near,
                next_step="" if near else "See `klartecken facts`",
            )
        return self.facts[found]
