"""The digest sees the lines and nothing else."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.book.synthetic.lines import synth
from klartecken.errors import InputError
from tests.book.books import lines, opened, written

ONE = "item,to,on\nnvidia-h20,CN,2025-07-15\n"


@pytest.fixture(scope="module")
def book() -> pa.Table:
    return pa.Table.from_batches(synth(3000, 7, batch=1000))


def test_the_digest_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ONE)
    assert opened(path).digest() == hashlib.sha256(ONE.encode()).hexdigest()


def test_the_digest_of_a_table_sees_lines_and_not_chunks(book: pa.Table) -> None:
    digest = opened(book).digest()
    pieces = pa.concat_tables([book.slice(0, 17), book.slice(17, 1500), book.slice(1517)])
    assert opened(pieces).digest() == digest
    assert opened(book.unify_dictionaries().combine_chunks()).digest() == digest
    assert opened(book.select(book.column_names[::-1])).digest() == digest
    assert opened(book.slice(1)).digest() != digest
    swapped = pa.concat_tables([book.slice(1, 1), book.slice(0, 1), book.slice(2)])
    assert opened(swapped).digest() != digest


@given(st.lists(st.tuples(st.text(max_size=2), st.none() | st.integers(0, 3)), min_size=2))
def test_one_changed_value_changes_the_digest(pairs: list[tuple[str, int | None]]) -> None:
    def digest(held: list[tuple[str, int | None]]) -> str:
        texts, numbers = zip(*held, strict=True)
        same = ["x"] * len(held)
        return opened(pa.table({
            "item": same, "to": same, "on": same, "line": pa.array(texts, pa.string()),
            "qty": pa.array(numbers, pa.int64()),
        })).digest()  # fmt: skip

    other = [*pairs[:-1], (pairs[-1][0] + "a", pairs[-1][1])]
    moved = [(pairs[0][0], 4), *pairs[1:]]
    assert len({digest(pairs), digest(other), digest(moved)}) == 3
    assert digest(pairs) == digest(list(pairs))


def test_a_stream_is_read_once_and_its_digest_comes_last(book: pa.Table) -> None:
    source = opened(book.to_reader())
    with pytest.raises(InputError, match="read to the end"):
        source.digest()
    lines(source)
    assert source.digest() == opened(book).digest()
    with pytest.raises(InputError, match="only once"):
        lines(source)
    partly = opened(book.to_reader())
    lines(partly, ["item"])
    with pytest.raises(InputError, match="every column"):
        partly.digest()
