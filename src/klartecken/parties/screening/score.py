"""The score of two names: weighted words, an exact rational. The definition.

Every word of one name takes the best of the other's (:mod:`similar`); the weighted shares so
covered, one seen from each side, make the score by their harmonic mean. Words count once, and
their order does not.

    A = sum over words a of the party of w(a) max s(a, b)      c_q = A / W_q
    B = sum over words b of the entry of w(b) max s(a, b)      c_n = B / W_n
    score = 2 c_q c_n / (c_q + c_n) = 2 A B / (1000 (W_q B + W_n A))

All are whole numbers, so a score is the same on every machine, in every order, alone or in a
batch of millions; a threshold in thousandths is compared without rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

from klartecken.parties.names.words import UNIT, Lexicon
from klartecken.parties.screening.similar import similarity


@dataclass(frozen=True, slots=True)
class Score:
    """A score as its whole numbers: covered and whole weight of party and entry."""

    a: int
    b: int
    wq: int
    wn: int

    @property
    def value(self) -> float:
        """0 to 1, to four decimals."""
        below = UNIT * (self.wq * self.b + self.wn * self.a)
        return round(2 * self.a * self.b / below, 4) if below else 0.0

    def reaches(self, threshold: int) -> bool:
        """Is the score at or above a threshold in thousandths (above 0)?"""
        covered = 2 * self.a * self.b
        return covered > 0 and covered >= threshold * (self.wq * self.b + self.wn * self.a)


def words_of(form: str) -> tuple[str, ...]:
    """The words of a normal form, each once."""
    return tuple(dict.fromkeys(form.split()))


def score(query: str, listed: str, lexicon: Lexicon) -> Score:
    """The score of two normal forms."""
    ours, theirs = words_of(query), words_of(listed)
    weight = lexicon.weight
    table = [[similarity(a, b, lexicon)[0] for b in theirs] for a in ours]
    a = sum(weight(word) * max(row, default=0) for word, row in zip(ours, table, strict=True))
    b = sum(
        weight(word) * max((row[i] for row in table), default=0) for i, word in enumerate(theirs)
    )
    return Score(a, b, sum(map(weight, ours)), sum(map(weight, theirs)))


def characters(query: str, listed: str) -> tuple[int, int]:
    """The space-free character ratio as a fraction: letters in common, letters in all.

    The ratio 2 LCS / (m + n) of the two forms without spaces (normalised indel similarity).
    """
    from rapidfuzz.distance import LCSseq

    ours, theirs = query.replace(" ", ""), listed.replace(" ", "")
    return 2 * int(LCSseq.similarity(ours, theirs)), len(ours) + len(theirs)
