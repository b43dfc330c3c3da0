"""A book on Spark: the answers as further columns of a DataFrame.

Spark has neither unsigned integers nor dictionaries, and puts lines in no order. So every
batch is brought into the canonical form by name, never by position or by width; a line keeps
its own columns as they came, and those that cannot be read stay in, with the reason beside
them: what goes in comes out.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from klartecken.book.answers import COLUMNS
from klartecken.book.check import light
from klartecken.book.coded import Answered
from klartecken.book.extra import require
from klartecken.book.job import Job
from klartecken.book.receipt import whole
from klartecken.book.report import Report, report
from klartecken.book.spread.plan import Plan, PlanFor, Worker, worker_of
from klartecken.book.spread.wire import Did, Unpacker
from klartecken.book.table.canonical import canonical_schema, canonise
from klartecken.errors import InputError, KlarteckenError

#: What an answer adds to a line; ``rejected`` says why there is none.
ADDED = (*COLUMNS, "rejected")
_REPORT = "partition int, did binary"
_UTC = ("UTC", "Etc/UTC", "Z", "GMT", "+00:00")

InArrow = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def answer_dataframe(df: Any, plan_for: PlanFor) -> Any:
    """A DataFrame with the answers beside its lines.

    Args:
        df: a Spark DataFrame, whose columns are matched as those of a file.
        plan_for: see :func:`klartecken.book.spread.plan.plan_for`.

    Returns:
        A DataFrame of the same lines with the columns :data:`ADDED`, all of them strings.
        It is worked out when Spark needs it.

    Raises:
        InputError: the columns are no order book, or one is called like a column of answers.
    """
    require("pyspark", "pandas", extra="spark")
    from pyspark.sql.types import StringType, StructField, StructType

    plan = _plan(df, plan_for)
    taken = [name for name in df.columns if name.lower() in ADDED]
    if taken:
        raise InputError(
            f"{', '.join(taken)}: columns of answers are called so", where="DataFrame",
            next_step="Rename them, or leave them out",
        )  # fmt: skip
    added = [StructField(name, StringType(), True) for name in ADDED]
    return df.mapInArrow(map_in_arrow(plan), StructType([*df.schema.fields, *added]))


def map_in_arrow(plan: Plan) -> InArrow:
    """The kernel for ``DataFrame.mapInArrow``: lines in, the same lines with answers out."""

    def answer(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        worker = worker_of(plan)
        for batch, answered in _answers(worker.job, batches):
            yield _beside(worker, batch, answered)

    return answer


def reports(df: Any, plan_for: PlanFor) -> tuple[Report, ...]:
    """Answer a DataFrame for its counts alone: one report for each of Spark's partitions.

    Raises:
        InputError: the columns are no order book.
        KlarteckenError: a partition came back twice, or lines were lost.
    """
    require("pyspark", "pandas", extra="spark")
    plan = _plan(df, plan_for)
    wanted = df.select(*[_quoted(heading) for heading in plan.layout.names.values()])
    rows = wanted.mapInArrow(_report_in_arrow(plan), _REPORT).collect()
    unpacker = Unpacker()
    found: dict[int, Report] = {}
    for row in rows:
        (held,) = unpacker.unpack(pickle.loads(bytes(row["did"])))
        if row["partition"] in found:
            raise KlarteckenError(f"partition {row['partition']} came back twice", where="Spark")
        found[row["partition"]] = held
    lines = sum(held.lines for held in found.values())
    if lines != (counted := df.count()):
        raise KlarteckenError(
            f"the DataFrame has {counted} lines, but {lines} came back", where="Spark",
            next_step="Run it again; cache the DataFrame if its source is changing",
        )  # fmt: skip
    return tuple(found[number] for number in sorted(found))


def reconcile(answers: Any, held: Sequence[Report]) -> None:
    """Compare a DataFrame of answers, as Spark counts it, with the reports.

    Args:
        answers: what :func:`answer_dataframe` gave, or what was written of it.
        held: of :func:`reports`.

    Raises:
        KlarteckenError: a case has another number of lines.
    """
    counted = {row["case"]: row["count"] for row in answers.groupBy("case").count().collect()}
    told: dict[str | None, int] = {}
    for case, _, total in whole(held)[0]:
        told[str(case)] = told.get(str(case), 0) + total.lines
    if rejected := sum(one.rejected for one in held):
        told[None] = rejected
    wrong = [key for key in told.keys() | counted.keys() if told.get(key) != counted.get(key)]
    if wrong:
        key = min(wrong, key=str)
        raise KlarteckenError(
            f"{len(wrong)} cases have other counts, such as {key or 'rejected lines'}: "
            f"{counted.get(key, 0)} lines in the answers, {told.get(key, 0)} in the reports",
            where="Spark", next_step="Answer both from the same lines, and by the same plan",
        )  # fmt: skip


def _plan(df: Any, plan_for: PlanFor) -> Plan:
    plan = plan_for(df.columns)
    heading = plan.layout.names.get("ship_date")
    if heading is not None and df.schema[heading].dataType.typeName() == "timestamp":
        zone = df.sparkSession.conf.get("spark.sql.session.timeZone")
        if zone not in _UTC:
            raise InputError(
                f"a time in the zone {zone} is not a calendar day", where=f"column {heading}",
                next_step="Cast it to a date, or set spark.sql.session.timeZone to UTC",
            )  # fmt: skip
    return plan


def _quoted(heading: str) -> str:
    return "`" + heading.replace("`", "``") + "`"


def _report_in_arrow(plan: Plan) -> InArrow:
    def tell(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from pyspark import TaskContext

        context = TaskContext.get()
        assert context is not None
        number, worker = context.partitionId(), worker_of(plan)
        done = [light(answered) for _, answered in _answers(worker.job, batches)]
        with worker.lock:
            held = report(worker.job, f"partition-{number:05d}", done)
            did: Did = worker.packer.pack([(held, None)])
        arrays = [pa.array([number], pa.int32()), pa.array([pickle.dumps(did, 5)], pa.binary())]
        yield pa.RecordBatch.from_arrays(arrays, names=["partition", "did"])

    return tell


def _answers(
    job: Job, batches: Iterator[pa.RecordBatch]
) -> Iterator[tuple[pa.RecordBatch, Answered]]:
    names = job.layout.names
    first = 1
    for batch in batches:
        held = batch.select(list(names.values()))
        schema = canonical_schema(held.schema, names)
        yield batch, job.answer(canonise(held, tuple(names), schema, "DataFrame"), first)
        first += batch.num_rows


def _beside(worker: Worker, batch: pa.RecordBatch, answered: Answered) -> pa.RecordBatch:
    """The batch as it came, with the answers beside it."""
    with worker.job.engine.lock:
        arrays = worker.texts.arrays(answered.numbers)
    reasons: list[str | None] = [None] * batch.num_rows
    if answered.places is not None:
        places = np.full(batch.num_rows, -1, np.int64)
        places[answered.places] = np.arange(answered.places.size)
        index = pa.array(places, mask=places < 0)
        arrays = [array.take(index) for array in arrays]
        for reject in answered.rejects:
            place = reject.line - answered.first
            told = f"{reject.column}: {reject.reason}"
            before = reasons[place]
            reasons[place] = told if before is None else f"{before}; {told}"
    texts = [*(array.cast(pa.string()) for array in arrays), pa.array(reasons, pa.string())]
    return pa.RecordBatch.from_arrays([*batch.columns, *texts], names=[*batch.schema.names, *ADDED])
