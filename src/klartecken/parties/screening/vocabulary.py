"""The words of the list, and for any word every listed word like it: complete, in bulk.

The pairs found are exactly those that :func:`similar.similarity` calls alike; tests compare
the two on random words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from klartecken.parties.names.words import UNIT, Lexicon, skeleton
from klartecken.parties.screening.deletions import Hashes, deletions
from klartecken.parties.screening.similar import (
    BEGINS,
    LETTERS,
    STEM,
    STEM_LETTERS,
    edited,
    edits_allowed,
    in_order,
    may_abbreviate,
    same_stem,
    sounding,
)  # fmt: skip

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Vocabulary:
    """The listed words, sorted, with what finds their neighbours.

    Attributes:
        words: each once, in alphabetical order.
        weights: of each, in thousandths.
        ids: word -> its number.
        hashes, owners: the deletion neighbourhoods of the words, sorted by hash.
        skeletons: skeleton -> numbers.
        abbreviable: first letter -> general words of six letters or more, each with the
            letters that it lacks.
        short: first letter -> words that may abbreviate others, each with its letters.
        stems: first six letters -> numbers of general words.
    """

    words: tuple[str, ...]
    weights: Ints
    ids: Mapping[str, int]
    hashes: Hashes
    owners: Ints
    skeletons: Mapping[str, Sequence[int]]
    abbreviable: Mapping[str, Sequence[tuple[int, int]]]
    short: Mapping[str, Sequence[tuple[int, int]]]
    stems: Mapping[str, Sequence[int]]
    lexicon: Lexicon

    def neighbours(self, asked: Sequence[str]) -> tuple[npt.NDArray[np.int64], Ints, Ints]:
        """Every listed word like each word asked.

        Returns:
            starts (one more than words asked), numbers of listed words, similarities in
            thousandths: those of word i stand from ``starts[i]`` to ``starts[i + 1]``.
        """
        found: list[dict[int, int]] = [{} for _ in asked]
        self._edits(asked, found)
        for word, mine in zip(asked, found, strict=True):
            self._others(word, mine)
        counts = np.fromiter((len(mine) for mine in found), np.int64, len(found))
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        size = int(starts[-1])
        numbers = np.fromiter((n for mine in found for n in mine), np.int32, size)
        alike = np.fromiter((s for mine in found for s in mine.values()), np.int32, size)
        return starts, numbers, alike

    def _edits(self, asked: Sequence[str], found: list[dict[int, int]]) -> None:
        """Words within reach of a few edits."""
        is_form = self.lexicon.is_form
        hashes, owners = deletions([word if not is_form(word) else "" for word in asked])
        low = np.searchsorted(self.hashes, hashes, "left")
        counts = np.searchsorted(self.hashes, hashes, "right") - low
        if not counts.any():
            return
        ours = np.repeat(owners, counts)
        inside = np.arange(len(ours)) - np.repeat(np.cumsum(counts) - counts, counts)
        theirs = self.owners[np.repeat(low, counts) + inside]
        pairs = np.unique(ours * len(self.words) + theirs)
        ours, theirs = np.divmod(pairs, len(self.words))
        left = [asked[i] for i in ours.tolist()]
        right = [self.words[j] for j in theirs.tolist()]
        distances = process.cpdist(left, right, scorer=OSA.distance, score_cutoff=2)
        for i, j, a, b, distance in zip(
            ours.tolist(), theirs.tolist(), left, right, distances.tolist(), strict=True
        ):
            allowed = min(edits_allowed(len(a)), edits_allowed(len(b)))
            if 0 < distance <= allowed and not is_form(b):
                found[i][j] = edited(int(distance), max(len(a), len(b)))

    def _others(self, word: str, mine: dict[int, int]) -> None:
        """The word itself, the same sound, and abbreviations both ways."""
        own = self.ids.get(word)
        if own is not None:
            mine[own] = UNIT
        lexicon, words = self.lexicon, self.words
        if lexicon.is_form(word):
            return
        if len(word) >= 4 and word.isalpha():
            for j in self.skeletons.get(skeleton(word), ()):
                if abs(len(word) - len(words[j])) <= 2:
                    _raise(mine, j, sounding(min(len(word), len(words[j]))))
        if len(word) >= 3:
            for j in self._begun_by(word):
                if len(words[j]) - len(word) >= 2 and lexicon.general(words[j]):
                    _raise(mine, j, BEGINS)
            if may_abbreviate(word, lexicon):
                letters = mask(word)
                for j, missing in self.abbreviable.get(word[0], ()):
                    if not letters & missing and in_order(word, words[j]):
                        _raise(mine, j, LETTERS)
        if len(word) >= 5 and lexicon.general(word):
            for end in range(3, len(word) - 1):
                j = self.ids.get(word[:end], -1)
                if j >= 0 and not lexicon.is_form(words[j]):
                    _raise(mine, j, BEGINS)
            missing = ~mask(word) if word.isalpha() and len(word) >= 6 else -1
            for j, letters in self.short.get(word[0], ()):
                if not letters & missing and in_order(words[j], word):
                    _raise(mine, j, LETTERS)
            for j in self.stems.get(word[:STEM_LETTERS], ()):
                if same_stem(word, words[j], lexicon):
                    _raise(mine, j, STEM)

    def _begun_by(self, word: str) -> range:
        from bisect import bisect_left

        return range(bisect_left(self.words, word), bisect_left(self.words, word + "\x7f"))


def mask(word: str) -> int:
    """The set of a word's letters, as bits: a quick look before the slow one."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


def _raise(found: dict[int, int], number: int, alike: int) -> None:
    if found.get(number, 0) < alike:
        found[number] = alike


def build_vocabulary(
    words: Iterable[str], lexicon: Lexicon, hashed: tuple[Hashes, Ints] | None = None,
    sounds: Sequence[str] | None = None,
) -> Vocabulary:  # fmt: skip
    """The vocabulary of these words.

    Args:
        words: of the normal forms of a list.
        lexicon: what they weigh.
        hashed: the deletion neighbourhoods as :attr:`Vocabulary.hashes` and ``owners``, where
            they were kept.
        sounds: the skeletons of the words in alphabetical order, where they were kept.
    """
    ordered = tuple(sorted(set(words)))
    weight, is_form = lexicon.weight, lexicon.is_form
    if hashed is None:
        hashes, owners = deletions([word if not is_form(word) else "" for word in ordered])
        order = np.argsort(hashes, kind="stable")
        hashed = hashes[order], owners[order].astype(np.int32)
    skeletons: dict[str, list[int]] = {}
    abbreviable: dict[str, list[tuple[int, int]]] = {}
    short: dict[str, list[tuple[int, int]]] = {}
    stems: dict[str, list[int]] = {}
    weights = np.fromiter((weight(word) for word in ordered), np.int32, len(ordered))
    for number, word in enumerate(ordered):
        if is_form(word):
            continue
        if len(word) >= STEM_LETTERS and lexicon.general(word):
            stems.setdefault(word[:STEM_LETTERS], []).append(number)
        if word.isalpha():
            if len(word) >= 4:
                sound = skeleton(word) if sounds is None else sounds[number]
                skeletons.setdefault(sound, []).append(number)
            if len(word) >= 6 and lexicon.general(word):
                abbreviable.setdefault(word[0], []).append((number, ~mask(word)))
            if may_abbreviate(word, lexicon):
                short.setdefault(word[0], []).append((number, mask(word)))
    ids = {word: number for number, word in enumerate(ordered)}
    return Vocabulary(ordered, weights, ids, *hashed, skeletons, abbreviable, short, stems, lexicon)
