"""Verdicts as the columns of a book of answers, and as the cases beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from klartecken.book.key.grid import Codes
from klartecken.book.table.canonical import TEXT
from klartecken.decide.verdict import Verdict


def case_id(verdict: Verdict) -> str:
    """A name for an answer that is the same in every run and on every machine."""
    text = json.dumps(asdict(verdict), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def classes(verdict: Verdict) -> str:
    """``3A090.a``; ``3A090.a?`` for a class that is only possible."""
    held = verdict.classification
    return "; ".join([*held.certain, *(f"{name}?" for name in held.possible)])


def requirements(verdict: Verdict) -> str:
    """``ccl: PROVISION``, with ``?`` where it only may hold."""
    return "; ".join(
        f"{reason.basis}: {reason.provision}{'' if reason.value == 'yes' else '?'}"
        for reason in verdict.requirements
    )


def exceptions(verdict: Verdict) -> str:
    """``NAC conditional: notice, ...``; those that are unavailable are left out."""
    return "; ".join(
        f"{way.symbol} {way.value}{': ' if way.conditions else ''}{', '.join(way.conditions)}"
        for way in verdict.exceptions
    )


#: Column -> its text for a verdict; empty text is written as null.
COLUMNS: dict[str, Callable[[Verdict], str]] = {
    "outcome": lambda verdict: verdict.outcome,
    "possible_outcomes": lambda v: "; ".join(v.possible_outcomes if len(v.possible_outcomes) > 1
                                             else ()),
    "classification": classes,
    "requirements": requirements,
    "review_policy": lambda verdict: "; ".join(verdict.review_policies_possible),
    "exceptions": exceptions,
    "missing": lambda verdict: "; ".join(verdict.missing),
    "case": case_id,
}  # fmt: skip

NOTHING = -1  # the code of an empty text


class AnswerColumns:
    """Turns numbers of verdicts into dictionary columns, each text written once.

    Args:
        verdicts: the engine's list, which may grow.
    """

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        self._verdicts = verdicts
        self._codes: dict[str, list[int]] = {name: [] for name in COLUMNS}
        self._texts: dict[str, dict[str, int]] = {name: {} for name in COLUMNS}

    @staticmethod
    def schema() -> list[pa.Field]:
        """The columns of answers."""
        return [pa.field(name, TEXT) for name in COLUMNS]

    def arrays(self, numbers: Codes) -> list[pa.DictionaryArray]:
        """The columns for some lines, in the order of :data:`COLUMNS`."""
        found = []
        for name, text_of in COLUMNS.items():
            codes, texts = self._codes[name], self._texts[name]
            for verdict in self._verdicts[len(codes) :]:
                text = text_of(verdict)
                codes.append(texts.setdefault(text, len(texts)) if text else NOTHING)
            taken = np.array(codes, np.int32).take(numbers)
            # a null within the dictionary would cost no mask, but such cannot be unified
            empty = taken < 0 if taken.size and taken.min() < 0 else None
            values = pa.array(list(texts), pa.string())
            found.append(pa.DictionaryArray.from_arrays(pa.array(taken, mask=empty), values))
        return found


def case_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data, for the file of cases."""
    return asdict(verdict)
