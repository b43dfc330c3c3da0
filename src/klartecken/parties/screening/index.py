"""The listed names of a snapshot, laid out for scoring: rows, postings, lengths."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from klartecken.parties.lists.entry import Entry
from klartecken.parties.names.normal import bracketed, readings
from klartecken.parties.names.words import Lexicon, names_lexicon
from klartecken.parties.screening.score import words_of
from klartecken.parties.screening.vocabulary import Ints, Vocabulary, build_vocabulary

Long = npt.NDArray[np.int64]
_ADDRESS_ONLY = re.compile(r"^\s*address\s+\d+\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Ragged:
    """Lists of numbers laid end to end: list i stands from ``starts[i]`` to ``starts[i + 1]``."""

    starts: Long
    values: Ints

    def counts(self) -> Long:
        """The length of each list."""
        return np.diff(self.starts)

    def take(self, lists: npt.NDArray[np.integer]) -> tuple[Long, Ints]:
        """The values of some lists, end to end, and for each value which place asked for it."""
        low = self.starts[lists]
        counts = self.starts[np.asarray(lists) + 1] - low
        places = np.repeat(np.arange(len(counts)), counts)
        inside = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
        return places, self.values[np.repeat(low, counts) + inside]


def ragged(lists: Sequence[Sequence[int]]) -> Ragged:
    """Lists laid end to end."""
    starts = np.zeros(len(lists) + 1, np.int64)
    np.cumsum([len(part) for part in lists], out=starts[1:])
    values = np.fromiter((n for part in lists for n in part), np.int32, int(starts[-1]))
    return Ragged(starts, values)


@dataclass(frozen=True)
class Index:
    """The names of a list of entries.

    Attributes:
        forms: the distinct normal forms, sorted: one row each.
        owners: for each row, pairs of (entry, name) as ``entry * 4096 + name``.
        vocabulary: the words of the rows.
        words: for each row, the numbers of its words.
        weights: the weight of each row.
        postings: for each word, the rows that hold it.
        compact: length without spaces -> (rows, their forms without spaces).
        entries: how many entries were read.
        address_only: numbers of entries that are an address and nothing else.
    """

    forms: tuple[str, ...]
    owners: Ragged
    vocabulary: Vocabulary
    words: Ragged
    weights: Long
    postings: Ragged
    compact: Mapping[int, tuple[Long, tuple[str, ...]]]
    entries: int
    address_only: tuple[int, ...]


NAMES = 4096  # at most so many names to an entry


def forms_of(entries: Sequence[Entry]) -> dict[str, list[int]]:
    """Normal form -> who bears it, as ``entry * NAMES + name``, in order.

    Raises:
        ValueError: an entry with more names than can be numbered.
    """
    found: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        if len(entry.names) > NAMES:
            raise ValueError(f"{entry.id} has {len(entry.names)} names")
        if is_address_only(entry):
            continue
        for place, name in enumerate(entry.names):
            for form in listed_readings(name, entry.kind):
                found.setdefault(form, []).append(number * NAMES + place)
    return found


def listed_readings(name: str, kind: str) -> tuple[str, ...]:
    """The normal forms of a listed name, and of the brand that it carries in brackets."""
    forms = readings(name, kind)
    brand = bracketed(name) if kind != "person" else ""
    if brand and not names_lexicon().general(brand.casefold()):
        forms = tuple(dict.fromkeys((*forms, *readings(brand, "organisation"))))
    return forms


def is_address_only(entry: Entry) -> bool:
    """Is the entry an address, listed without a name (``Address 01``)?"""
    return bool(_ADDRESS_ONLY.match(entry.name))


def build_index(entries: Sequence[Entry]) -> Index:
    """The index of the entries' names; pure, and the same for the same entries."""
    only = tuple(i for i, entry in enumerate(entries) if is_address_only(entry))
    return index_of(forms_of(entries), names_lexicon(), len(entries), only)


def index_of(
    bearers: Mapping[str, Sequence[int]], lexicon: Lexicon, entries: int,
    address_only: tuple[int, ...] = (),
) -> Index:  # fmt: skip
    """The index of normal forms.

    Args:
        bearers: form -> who bears it.
        lexicon: what words weigh.
        entries: how many entries were read.
        address_only: numbers of entries that are an address and nothing else.
    """
    forms = tuple(sorted(bearers))
    vocabulary = build_vocabulary((word for form in forms for word in form.split()), lexicon)
    owners = ragged([bearers[form] for form in forms])
    return assemble(forms, owners, vocabulary, entries, address_only)


def assemble(
    forms: tuple[str, ...], owners: Ragged, vocabulary: Vocabulary, entries: int,
    address_only: tuple[int, ...], words: Ragged | None = None,
) -> Index:  # fmt: skip
    """An index from what cannot be derived from the rest; ``words`` of the rows where kept."""
    if words is None:
        ids = vocabulary.ids
        words = ragged([[ids[word] for word in words_of(form)] for form in forms])
    rows = np.repeat(np.arange(len(forms)), words.counts())
    of_words = vocabulary.weights.astype(np.int64)[words.values]
    weights = np.bincount(rows, of_words, len(forms)).astype(np.int64)
    order = np.argsort(words.values, kind="stable")
    starts = np.zeros(len(vocabulary.words) + 1, np.int64)
    np.cumsum(np.bincount(words.values, minlength=len(vocabulary.words)), out=starts[1:])
    postings = Ragged(starts, rows[order].astype(np.int32))
    compact: dict[int, tuple[list[int], list[str]]] = {}
    for row, form in enumerate(forms):
        squeezed = form.replace(" ", "")
        numbers, texts = compact.setdefault(len(squeezed), ([], []))
        numbers.append(row)
        texts.append(squeezed)
    by_length = {
        length: (np.array(numbers, np.int64), tuple(texts))
        for length, (numbers, texts) in compact.items()
    }
    return Index(
        forms, owners, vocabulary, words, weights, postings, by_length, entries, address_only
    )
