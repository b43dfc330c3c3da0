"""Under Spark in local mode: other types, the same counts."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed (extra spark)")
pytest.importorskip("pandas", reason="pandas is not installed (extra spark)")
if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
    pytest.skip("there is no Java, which Spark needs", allow_module_level=True)

from klartecken.book.check import run
from klartecken.book.job import Settings
from klartecken.book.receipt import outcomes, whole
from klartecken.book.spread.plan import plan_for
from klartecken.book.spread.spark import (
    ADDED,
    answer_dataframe,
    map_in_arrow,
    reconcile,
    reports,
)
from klartecken.book.table.sources import FileSource
from klartecken.decide.ask import shipped_world
from klartecken.errors import InputError, KlarteckenError
from tests.book.books import opened
from tests.book.spread.parts import lines, plan

PLANS = plan_for(shipped_world(), Settings())


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "150")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> FileSource:
    """A book whose columns are as narrow and as unsigned as they can be."""
    table = lines(800)
    notice = table["nac_notice_days"].cast(pa.string()).to_pylist()
    columns = {
        "line_id": pa.array(range(60_000, 60_800), pa.uint16()),
        "quantity": pa.array([40_000 + n for n in range(800)], pa.uint16()),
        "unit_price": table["unit_price"].cast(pa.decimal128(12, 2)),
        "nac_notice_days": pa.array([t and int(t) for t in notice], pa.uint8()),
    }
    for name, array in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, array)
    path = tmp_path_factory.mktemp("spark") / "narrow.parquet"
    pq.write_table(table, path, row_group_size=200)
    source = opened(path)
    assert isinstance(source, FileSource)
    return source


def test_unsigned_columns_give_the_counts_of_one_machine(narrow: FileSource, spark: Any) -> None:
    frame = spark.read.parquet(str(narrow.path))
    kinds = dict(frame.dtypes)
    assert kinds["quantity"] == "int"
    assert kinds["nac_notice_days"] == "smallint"
    held = reports(frame.repartition(3), PLANS)
    alone = run(plan(narrow).job(), narrow)
    assert len(held) == 3
    assert outcomes(*whole(held)) == outcomes(*whole(alone))
    assert whole(held)[0].by == whole(alone)[0].by
    assert sum(one.rejected for one in held) == sum(one.rejected for one in alone) > 0
    answers = answer_dataframe(frame, PLANS).cache()
    reconcile(answers, held)
    _keeps_lines(frame, answers)
    with pytest.raises(KlarteckenError, match="other counts"):
        reconcile(answers.where("line_id <> 60100"), held)


def _keeps_lines(frame: Any, answers: Any) -> None:
    """What goes in comes out, as it was; answered or with a reason."""
    assert answers.columns == [*frame.columns, *ADDED]
    assert answers.dtypes[: len(frame.columns)] == frame.dtypes
    assert answers.select(frame.columns).exceptAll(frame).count() == 0
    assert answers.count() == frame.count()
    assert answers.where("(case is null) = (rejected is null)").count() == 0
    (early,) = answers.where("year(ship_date) = 2001").collect()
    assert early["outcome"] is None
    assert "first day that the law is encoded for" in early["rejected"]


def test_what_cannot_be_answered_is_said_at_once(spark: Any) -> None:
    asked = "select 'nvidia-h20' as item, 'CN' as dest"
    with pytest.raises(InputError, match="no column is the ship date"):
        answer_dataframe(spark.sql(asked), PLANS)
    dated = f"{asked}, date'2025-07-15' as ship_date"
    with pytest.raises(InputError, match="columns of answers are called so"):
        answer_dataframe(spark.sql(f"{dated}, 'x' as Outcome"), PLANS)


def test_a_time_in_another_zone_is_no_day(spark: Any) -> None:
    asked = "select 'nvidia-h20' as item, 'CN' as dest, timestamp'2025-07-15 00:30:00' as ship_date"
    frame = spark.sql(asked)
    assert [row["outcome"] for row in answer_dataframe(frame, PLANS).collect()] != [None]
    spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    try:
        with pytest.raises(InputError, match="is not a calendar day"):
            answer_dataframe(frame, PLANS)
    finally:
        spark.conf.set("spark.sql.session.timeZone", "UTC")


def test_the_kernel_without_spark(narrow: FileSource) -> None:
    table = pq.read_table(narrow.path)
    batches = list(map_in_arrow(plan(narrow))(iter(table.to_batches(max_chunksize=300))))
    assert sum(batch.num_rows for batch in batches) == table.num_rows
    assert all(pa.types.is_string(batch.schema.field(name).type) for batch in batches
               for name in ADDED)  # fmt: skip


@pytest.mark.parametrize("kind", [np.int16, np.uint16, np.int64, np.uint8])
def test_the_engine_refuses_codes_of_another_type(narrow: FileSource, kind: type) -> None:
    job = plan(narrow).job()
    engine, batch = job.engine, next(narrow.partitions()[0].batches())
    coded = job.code(batch.slice(100, 20), 101)
    days, codes = coded.days, coded.codes
    assert engine.answer(days, codes).dtype == np.int32
    with pytest.raises(KlarteckenError, match="not int32"):
        engine.answer(days, [*codes[:-1], codes[-1].astype(kind)])
    with pytest.raises(KlarteckenError, match="not int32"):
        engine.answer(days.astype(kind), codes)


def test_books_are_written_where_spark_can_read_them(tmp_path: Path, spark: Any) -> None:
    """A folder of answers, as Dask writes it, is a table to Spark."""
    from klartecken.book.spread.folder import Folder
    from klartecken.book.spread.task import Order, answer_group, row_groups, stamp
    from tests.book.spread.parts import book

    source = book(tmp_path, 1000)
    _, parts = row_groups(source)
    with Folder(tmp_path / "answers") as folder:
        order = Order(tuple(source.schema.names), stamp(source.path), folder.work)
        did = answer_group(plan(source), parts, order)
        folder.keep({done.file: done.answered for done in did.done if done.file})
        folder.commit()
    frame = spark.read.parquet(str(tmp_path / "answers"))
    assert frame.count() == sum(done.answered for done in did.done)
