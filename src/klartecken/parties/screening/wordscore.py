"""Weighted words in bulk: every pair of names that reaches a threshold, and no other.

Exact by a prefix filter. A pair reaches the threshold t (in thousandths) only if the party's
side alone is covered well enough, A (2000 - t) >= 1000 t W_q, for the entry's side covers at
most all of itself; likewise B (2000 - t) >= 1000 t W_n. So with the words of a party in any
order, and each bounded by its weight times its best similarity to any listed word, a listed
name first met where less than that is left can never reach t, and is not opened. All that are
opened are scored whole. Numbers are whole, so the filter loses nothing to rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from klartecken.parties.names.words import UNIT
from klartecken.parties.screening.index import Index, Long, Ragged
from klartecken.parties.screening.score import words_of

OPEN_AT_ONCE = 3_000_000  # listed names opened in one step: bounds the memory
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """Pairs of a party's form and a row of the index, with the numbers of their score."""

    queries: Long
    rows: Long
    a: Long
    b: Long
    wq: Long
    wn: Long


@dataclass(frozen=True)
class Asked:
    """The words of many forms: which are alike to which listed words.

    Attributes:
        words: for each form, the numbers of its distinct words.
        weights: of each distinct word.
        near: for each distinct word, listed words; ``alike`` holds their similarities.
        best: the highest similarity of each distinct word to any listed word.
    """

    words: Ragged
    weights: Long
    near: Ragged
    alike: npt.NDArray[np.int32]
    best: Long


def ask(index: Index, forms: Sequence[str]) -> Asked:
    """Look up the words of many forms at once."""
    ids: dict[str, int] = {}
    lists = [[ids.setdefault(word, len(ids)) for word in words_of(form)] for form in forms]
    starts = np.zeros(len(lists) + 1, np.int64)
    np.cumsum([len(part) for part in lists], out=starts[1:])
    flat = np.fromiter((n for part in lists for n in part), np.int32, int(starts[-1]))
    near_starts, near, alike = index.vocabulary.neighbours(list(ids))
    weight = index.vocabulary.lexicon.weight
    weights = np.fromiter((weight(word) for word in ids), np.int64, len(ids))
    best = np.zeros(len(ids), np.int64)
    np.maximum.at(best, np.repeat(np.arange(len(ids)), np.diff(near_starts)), alike)
    return Asked(Ragged(starts, flat), weights, Ragged(near_starts, near), alike, best)


def word_pairs(index: Index, forms: Sequence[str], threshold: int) -> Pairs:
    """Every (form, row) whose score reaches the threshold.

    Args:
        index: of the listed names.
        forms: normal forms of parties.
        threshold: in thousandths, 1 to 1000.

    Returns:
        Sorted by form, then row.
    """
    asked = ask(index, forms)
    steps = [
        _scored(index, asked, pairs, whole, threshold)
        for pairs, whole in _opened(index, asked, threshold)
    ]
    joined = [np.concatenate(parts) for parts in zip(*steps, strict=True)] if steps else []
    if not joined:
        return Pairs(*(np.empty(0, np.int64) for _ in range(6)))
    order = np.lexsort((joined[1], joined[0]))
    return Pairs(*(column[order] for column in joined))


def _enough(covered: Long, whole: Long, threshold: int) -> Mask:
    """Can a name whose one side is covered so far reach the threshold?"""
    return covered * (2 * UNIT - threshold) >= UNIT * threshold * whole


def _opened(index: Index, asked: Asked, threshold: int) -> Iterator[tuple[Long, Long]]:
    """Steps of pairs to be scored, each pair once, with the whole weight of every form."""
    forms = np.repeat(np.arange(len(asked.words.starts) - 1), asked.words.counts())
    words = asked.words.values.astype(np.int64)
    whole = np.bincount(forms, asked.weights[words], len(asked.words.starts) - 1).astype(np.int64)
    sizes = np.diff(index.postings.starts)
    volume = np.zeros(len(asked.weights), np.int64)
    owner = np.repeat(np.arange(len(asked.weights)), asked.near.counts())
    np.add.at(volume, owner, sizes[asked.near.values])
    caps = (asked.weights * asked.best)[words]
    # cheapest words first within each form: the dear ones are left for the bound
    order = np.lexsort((volume[words], forms))
    forms, words, caps = forms[order], words[order], caps[order]
    upto = np.cumsum(caps)
    ends = np.searchsorted(forms, forms, "right") - 1
    left = upto[ends] - upto + caps  # of this word and all after it
    kept = (caps > 0) & _enough(left, whole[forms], threshold)
    forms, words = forms[kept], words[kept]
    cost = np.cumsum(volume[words])
    start = 0
    while start < len(forms):
        limit = (cost[start - 1] if start else 0) + OPEN_AT_ONCE
        end = max(int(np.searchsorted(cost, limit, "right")), start + 1)
        while end < len(forms) and forms[end] == forms[end - 1]:
            end += 1  # a form is opened in one step, so that no pair comes twice
        yield _pairs_of(index, asked, forms[start:end], words[start:end]), whole
        start = end


def _pairs_of(index: Index, asked: Asked, forms: Long, words: Long) -> Long:
    """The distinct pairs that these words open, as form * rows + row."""
    places, near = asked.near.take(words)
    holders, rows = index.postings.take(near)
    pairs = np.sort(forms[places][holders] * len(index.forms) + rows)
    return pairs[_changes(pairs)]  # np.unique hashes: several times slower


def _scored(
    index: Index, asked: Asked, pairs: Long, whole: Long, threshold: int
) -> tuple[Long, ...]:
    """The pairs that reach the threshold, with their numbers."""
    queries, rows = np.divmod(pairs, len(index.forms))
    size = len(index.vocabulary.words)
    # every (form, listed word) that is alike, with the best similarity
    distinct = np.unique(queries)
    places, words = asked.words.take(distinct)
    holders, near = asked.near.take(words)
    near_at = _positions(asked.near, words)
    keys = distinct[places][holders].astype(np.int64) * size + near
    alike = asked.alike[near_at].astype(np.int64)
    order = np.lexsort((-alike, keys))
    keys, alike = keys[order], alike[order]
    ours = words[holders][order].astype(np.int64)
    first = np.flatnonzero(_changes(keys))
    b = _covered_rows(index, queries, rows, keys[first], alike[first])
    kept = _enough(b, index.weights[rows], threshold) & (b > 0)
    queries, rows, b = queries[kept], rows[kept], b[kept]
    a = _covered_queries(index, asked, queries, rows, keys, alike, ours)
    wq, wn = whole[queries], index.weights[rows]
    good = (a > 0) & (2 * a * b >= threshold * (wq * b + wn * a))
    return tuple(column[good] for column in (queries, rows, a, b, wq, wn))


def _positions(lists: Ragged, which: npt.NDArray[np.integer]) -> Long:
    """Where the values of some lists stand, end to end."""
    low = lists.starts[which]
    counts = lists.starts[np.asarray(which) + 1] - low
    inside = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    found: Long = np.repeat(low, counts) + inside
    return found


def _covered_rows(index: Index, queries: Long, rows: Long, keys: Long, alike: Long) -> Long:
    """B of each pair: the listed words' weights times their best similarity."""
    places, words = index.words.take(rows)
    wanted = queries[places] * len(index.vocabulary.words) + words
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    met = keys[at] == wanted
    gained = np.where(met, alike[at], 0) * index.vocabulary.weights[words]
    return np.bincount(places, gained, len(rows)).astype(np.int64)


def _covered_queries(
    index: Index, asked: Asked, queries: Long, rows: Long, keys: Long, alike: Long, ours: Long
) -> Long:  # fmt: skip
    """A of each pair: the party's words' weights times their best similarity."""
    places, words = index.words.take(rows)
    wanted = queries[places] * len(index.vocabulary.words) + words
    low = np.searchsorted(keys, wanted, "left")
    counts = np.searchsorted(keys, wanted, "right") - low
    at = (
        np.repeat(low, counts)
        + np.arange(int(counts.sum()))
        - np.repeat(np.cumsum(counts) - counts, counts)
    )
    pair = np.repeat(places, counts)
    both = pair * len(asked.weights) + ours[at]
    order = np.lexsort((-alike[at], both))
    both, best = both[order], alike[at][order]
    first = _changes(both)
    pair, word = np.divmod(both[first], len(asked.weights))
    gained = best[first] * asked.weights[word]
    return np.bincount(pair, gained, len(rows)).astype(np.int64)


def _changes(values: Long) -> Mask:
    """Where a sorted array takes a new value."""
    changed = np.ones(len(values), bool)
    changed[1:] = values[1:] != values[:-1]
    return changed
