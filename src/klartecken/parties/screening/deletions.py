"""Deletion neighbourhoods in bulk: every string with up to two letters removed, as hashes.

Two words within k edits (swaps of neighbours too) share a string that each reaches by removing
at most k of its letters, so words that share no hash are further apart: nothing within reach
is lost, however long the word. A shared hash only makes a candidate; the distance decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from klartecken.parties.screening.similar import edits_allowed

_PRIME = 1_099_511_628_211
Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]


def deletions(words: Sequence[str]) -> tuple[Hashes, Numbers]:
    """Hashes of every string reached, and the number of the word that each comes from.

    Args:
        words: of ASCII letters; those too short for edits, or with digits, give none.
    """
    groups: dict[int, list[int]] = {}
    for number, word in enumerate(words):
        if word.isalpha() and edits_allowed(len(word)):
            groups.setdefault(len(word), []).append(number)
    hashes, owners = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for length, numbers in groups.items():
        text = "".join(words[n] for n in numbers).encode("ascii")
        letters = np.frombuffer(text, np.uint8).reshape(len(numbers), length).astype(np.uint64)
        table = _of_length(letters)
        hashes.append(table.ravel())
        owners.append(np.repeat(np.array(numbers, np.int64), table.shape[1]))
    return np.concatenate(hashes), np.concatenate(owners)


def _of_length(letters: Hashes) -> Hashes:
    """The hashes of words of one length: a row for each word, a column for each removal."""
    count, length = letters.shape
    powers = np.ones(length + 1, np.uint64)
    np.multiply.accumulate(np.full(length, _PRIME, np.uint64), out=powers[1:])
    # sums[s][:, i]: hash of the first i letters, each s places further to the left
    sums = []
    for shift in range(3):
        place = np.maximum(np.arange(length) - shift, 0)
        sums.append(np.zeros((count, length + 1), np.uint64))
        np.cumsum(letters * powers[place], axis=1, out=sums[shift][:, 1:])
    whole, once, twice = sums
    columns = [whole[:, length]]
    columns += [whole[:, i] + (once[:, length] - once[:, i + 1]) for i in range(length)]
    if edits_allowed(length) == 2:
        for i in range(length):
            for j in range(i + 1, length):
                middle = once[:, j] - once[:, i + 1]
                columns.append(whole[:, i] + middle + (twice[:, length] - twice[:, j + 1]))
    return np.stack(columns, axis=1)
