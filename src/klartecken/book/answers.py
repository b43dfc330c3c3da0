"""Verdicts as the columns of a book of answers, and as the cases beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from klartecken.book.coded import Answered
from klartecken.book.job import Job
from klartecken.book.key.grid import Codes
from klartecken.book.table.canonical import TEXT
from klartecken.decide.verdict import Verdict, case_id


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
                codes.append(texts.setdefault(text, len(texts)) if text else -1)
            taken = np.array(codes, np.int32).take(numbers)
            # Parquet cannot hold a null that stands in the dictionary itself
            places = pa.array(taken, mask=taken < 0) if -1 in codes else pa.array(taken)
            values = pa.array(list(texts), pa.string())
            found.append(pa.DictionaryArray.from_arrays(places, values))
        return found


def case_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data, for the file of cases."""
    return asdict(verdict)


class OutColumns:
    """The table of answers: the lines as read, then the answer's columns.

    Args:
        job: gives layout and verdicts.
        schema: canonical columns of the source.
        answers: of the same job, when several tables share them.
    """

    def __init__(self, job: Job, schema: pa.Schema, answers: AnswerColumns | None = None) -> None:
        self._answers = answers or AnswerColumns(job.verdicts)
        self._job = job
        self._names = [n for n in schema.names if n not in ("line_id", "ship_date")]
        line_id = schema.field("line_id").type if "line_id" in schema.names else pa.int64()
        fields = [pa.field("line_id", line_id), pa.field("ship_date", pa.date32())]
        fields += [pa.field(name, schema.field(name).type) for name in self._names]
        fields += [pa.field(name, TEXT) for name in job.layout.constants if name != "ship_date"]
        self.schema = pa.schema([*fields, *AnswerColumns.schema()])

    def batch(self, answered: Answered) -> pa.RecordBatch:
        """The rows for some lines."""
        batch, count = answered.batch, answered.batch.num_rows
        if "line_id" in batch.schema.names:
            line_id = batch.column("line_id")
        else:
            where = answered.places if answered.places is not None else np.arange(count)
            line_id = pa.array(where.astype(np.int64) + answered.first)
        arrays = [line_id, pa.array(answered.days).cast(pa.date32())]
        arrays += [batch.column(name) for name in self._names]
        for name, text in self._job.layout.constants.items():
            if name != "ship_date":
                index = pa.array(np.zeros(count, np.int32))
                arrays.append(pa.DictionaryArray.from_arrays(index, pa.array([text], pa.string())))
        with self._job.engine.lock:
            arrays += self._answers.arrays(answered.numbers)
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)
