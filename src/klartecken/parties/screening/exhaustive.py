"""All pairs by a path of its own: no index of neighbours, no prefix filter, no lengths.

It checks the engine while that runs, and in the tests. Of :mod:`index` it takes the normal
forms of the rows and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA, LCSseq

from klartecken.parties.names.words import UNIT, Lexicon, skeleton
from klartecken.parties.screening.model import Thresholds
from klartecken.parties.screening.score import Score, words_of
from klartecken.parties.screening.similar import similarity

Long = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Plain:
    """Listed forms, plainly laid out.

    Attributes:
        forms: of the rows.
        words: distinct words of the forms; ``weights`` and ``lengths`` are theirs.
        sounds: skeleton -> numbers of words.
        first, stem: the first letter and the first three letters of each word, as numbers.
        starts: where the words of each row begin in ``flat``.
        flat: numbers of the words, row after row.
        tight: the forms without spaces; ``letters`` are their lengths.
    """

    forms: Sequence[str]
    words: tuple[str, ...]
    weights: Long
    lengths: Long
    sounds: Mapping[str, Sequence[int]]
    first: Long
    stem: Long
    starts: Long
    flat: Long
    tight: tuple[str, ...]
    letters: Long
    lexicon: Lexicon


def plain(forms: Sequence[str], lexicon: Lexicon) -> Plain:
    """Lay listed forms out; each holds a word at least."""
    ids: dict[str, int] = {}
    rows = [[ids.setdefault(word, len(ids)) for word in words_of(form)] for form in forms]
    counts = np.fromiter(map(len, rows), np.int64, len(rows))
    flat = np.fromiter((n for row in rows for n in row), np.int64, int(counts.sum()))
    sounds: dict[str, list[int]] = {}
    for word, number in ids.items():
        sounds.setdefault(skeleton(word), []).append(number)
    tight = tuple(form.replace(" ", "") for form in forms)
    return Plain(
        forms, tuple(ids), np.fromiter(map(lexicon.weight, ids), np.int64, len(ids)),
        np.fromiter(map(len, ids), np.int64, len(ids)), sounds,
        np.fromiter((_number(w[:1]) for w in ids), np.int64, len(ids)),
        np.fromiter((_number(w[:3]) for w in ids), np.int64, len(ids)),
        np.cumsum(counts) - counts, flat, tight,
        np.fromiter(map(len, tight), np.int64, len(tight)), lexicon,
    )  # fmt: skip


def all_pairs(form: str, listed: Plain, thresholds: Thresholds) -> dict[int, tuple[Score, bool]]:
    """Every row that a form meets: its score, and whether it is the words that reached."""
    if not listed.forms:
        return {}
    a, b, wq = _scores(form, listed)
    wn = np.add.reduceat(listed.weights[listed.flat], listed.starts)
    covered = 2 * a * b
    by_words = (covered > 0) & (covered >= thresholds.words * (wq * b + wn * a))
    ours = form.replace(" ", "")
    common = process.cdist([ours], listed.tight, scorer=LCSseq.similarity, dtype=np.int32)[0]
    by_letters = 2 * UNIT * common.astype(np.int64) >= thresholds.characters * (
        len(ours) + listed.letters
    )
    return {
        row: (Score(int(a[row]), int(b[row]), wq, int(wn[row])), bool(by_words[row]))
        for row in np.flatnonzero(by_words | by_letters).tolist()
    }


def _scores(form: str, listed: Plain) -> tuple[Long, Long, int]:
    """A and B of every row, and the whole weight of the form."""
    weight = listed.lexicon.weight
    best = np.zeros(len(listed.words), np.int64)
    a = np.zeros(len(listed.forms), np.int64)
    whole = 0
    for word in words_of(form):
        alike = np.zeros(len(listed.words), np.int64)
        for number in _maybe(word, listed):
            alike[number] = similarity(word, listed.words[number], listed.lexicon)[0]
        a += weight(word) * np.maximum.reduceat(alike[listed.flat], listed.starts)
        best = np.maximum(best, alike)
        whole += weight(word)
    b = np.add.reduceat((best * listed.weights)[listed.flat], listed.starts)
    return a, b, whole


def _maybe(word: str, listed: Plain) -> Iterable[int]:
    """Words that may be alike, by what every rule wants at the least.

    Two edits; or the same sound; or the first three letters (stem, beginning); or the first
    letter, one of the two being an abbreviation of three to five.
    """
    apart = process.cdist([word], listed.words, scorer=OSA.distance, score_cutoff=2, dtype=np.int32)
    maybe = (apart[0] <= 2) | (listed.stem == _number(word[:3]))
    shorter = np.minimum(listed.lengths, len(word))
    begun = listed.first == _number(word[:1])
    maybe |= begun & (shorter >= 3) & (shorter <= 5) & (np.maximum(listed.lengths, len(word)) >= 6)
    return {*np.flatnonzero(maybe).tolist(), *listed.sounds.get(skeleton(word), ())}


def _number(letters: str) -> int:
    return int.from_bytes(letters.encode(), "big")
