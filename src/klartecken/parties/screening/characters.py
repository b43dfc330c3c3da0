"""The space-free character ratio in bulk: a net for joined, split and mangled words.

ratio = 2 LCS / (m + n) of the forms without spaces. Exact by lengths: a ratio of at least c
needs the shorter to be at least c / (2 - c) of the longer; all others are scored.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from klartecken.parties.names.words import UNIT
from klartecken.parties.screening.index import Index, Long

BLOCK = 2048  # forms scored at once against one length


def character_pairs(
    index: Index, forms: Sequence[str], threshold: int, workers: int = 1
) -> tuple[Long, Long, Long]:
    """Every (form, row) whose ratio reaches the threshold.

    Args:
        index: of the listed names.
        forms: normal forms of parties.
        threshold: in thousandths, 1 to 1000.
        workers: threads.

    Returns:
        Forms, rows, and the indel distances (letters in all less twice those in common),
        sorted by form, then row.
    """
    found: list[tuple[Long, Long, Long]] = []
    lengths: dict[int, list[int]] = {}
    squeezed = [form.replace(" ", "") for form in forms]
    for number, text in enumerate(squeezed):
        if text:
            lengths.setdefault(len(text), []).append(number)
    for ours, numbers in lengths.items():
        for theirs, (rows, texts) in index.compact.items():
            reach = (UNIT - threshold) * (ours + theirs) // UNIT
            if abs(ours - theirs) > reach:
                continue
            for start in range(0, len(numbers), BLOCK):
                part = numbers[start : start + BLOCK]
                table = process.cdist(
                    [squeezed[n] for n in part], texts, scorer=Indel.distance,
                    score_cutoff=reach, dtype=np.int32, workers=workers,
                )  # fmt: skip
                i, j = np.divmod(np.flatnonzero(table <= reach), len(texts))
                found.append((np.array(part, np.int64)[i], rows[j], table[i, j].astype(np.int64)))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
    queries, rows, distances = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((rows, queries))
    return queries[order], rows[order], distances[order]


def ratio(distance: int, letters: int) -> float:
    """The ratio of an indel distance, to four decimals."""
    return round((letters - distance) / letters, 4) if letters else 0.0
