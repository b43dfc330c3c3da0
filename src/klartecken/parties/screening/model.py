"""The versions that a screening depends on, and its thresholds: dated, and hashed."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any

from klartecken.errors import InputError
from klartecken.parties.names import addresses, normal, words
from klartecken.parties.party import content_hash
from klartecken.parties.screening import similar

ENGINE = "screening-1"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which score on a listed party is reported; in thousandths.

    The defaults are those at which about one in a hundred names that are not listed is
    flagged (bench/RESULTS.md; addresses: bench/parties/RESULTS.md); lower ones find more.

    Attributes:
        words: of the weighted words.
        characters: of the space-free character ratio.
        addresses: of the weighted words of addresses.
        block: from this score on, of either kind, a hit is of the band ``block``.

    Raises:
        InputError: not between 1 and 1000.
    """

    words: int = 800
    characters: int = 930
    addresses: int = 750
    block: int = 900

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not (isinstance(value, int) and 1 <= value <= 1000):
                raise InputError(
                    f"the threshold {value!r} of {name} is not between 1 and 1000",
                    next_step="Thresholds are in thousandths: 770 is .77",
                )


DEFAULT = Thresholds()


@cache
def model() -> dict[str, str]:
    """The versions of engine, normal forms, words and similarity, and a hash of their data."""
    digest = hashlib.sha256()
    folder = resources.files("klartecken.parties.names").joinpath("data")
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".csv"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return {
        "engine": ENGINE, "names": normal.VERSION, "words": words.VERSION,
        "addresses": addresses.VERSION, "similarity": similar.VERSION,
        "data": digest.hexdigest()[:16],
    }  # fmt: skip


@cache
def model_hash() -> str:
    """One hash of :func:`model`: an index or a result of another model is not ours."""
    return content_hash(model())


def described(thresholds: Thresholds) -> dict[str, Any]:
    """Model and thresholds as plain data, for every result."""
    return {**model(), "thresholds": asdict(thresholds)}
