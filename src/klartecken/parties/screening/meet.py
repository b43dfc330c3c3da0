"""The lean union: every normal form against every listed one, by two complete rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klartecken.parties.screening.characters import character_pairs, ratio
from klartecken.parties.screening.index import Index
from klartecken.parties.screening.model import Thresholds
from klartecken.parties.screening.score import Score, characters, score
from klartecken.parties.screening.wordscore import word_pairs

EXACT, WORDS, CHARACTERS = "exact", "words", "characters"
AT_ONCE = 20_000  # forms scored in one step: bounds the memory


@dataclass(frozen=True, slots=True)
class Met:
    """A form of a party met a row of the index.

    Attributes:
        row: of the index.
        rule: the strongest that fired: same form, weighted words, characters.
        words: the score of the weighted words.
        ratio: the character ratio, to four decimals.
    """

    row: int
    rule: str
    words: Score
    ratio: float


def meet(
    forms: Sequence[str], index: Index, thresholds: Thresholds, workers: int = 1
) -> dict[str, tuple[Met, ...]]:
    """The rows that each form meets, by row; forms that meet none are left out.

    Args:
        forms: distinct normal forms.
        index: of the listed names.
        thresholds: of both rules.
        workers: threads of the character net.
    """
    found: dict[str, tuple[Met, ...]] = {}
    for start in range(0, len(forms), AT_ONCE):
        found.update(_meet(forms[start : start + AT_ONCE], index, thresholds, workers))
    return found


def _meet(
    forms: Sequence[str], index: Index, thresholds: Thresholds, workers: int
) -> dict[str, tuple[Met, ...]]:
    pairs = word_pairs(index, forms, thresholds.words)
    columns = (pairs.queries, pairs.rows, pairs.a, pairs.b, pairs.wq, pairs.wn)
    by_words = {
        (query, row): Score(*numbers)
        for query, row, *numbers in zip(*(column.tolist() for column in columns), strict=True)
    }
    queries, rows, _ = character_pairs(index, forms, thresholds.characters, workers)
    by_characters = set(zip(queries.tolist(), rows.tolist(), strict=True))
    lexicon = index.vocabulary.lexicon
    found: dict[str, list[Met]] = {}
    for query, row in sorted(by_words.keys() | by_characters):
        form, listed = forms[query], index.forms[row]
        words = by_words.get((query, row)) or score(form, listed, lexicon)
        common, letters = characters(form, listed)
        rule = EXACT if form == listed else WORDS if (query, row) in by_words else CHARACTERS
        met = Met(row, rule, words, ratio(letters - common, letters))
        found.setdefault(form, []).append(met)
    return {form: tuple(mets) for form, mets in found.items()}
