"""A further law on a book that was read: what it costs, however long the book."""

from __future__ import annotations

import statistics
import time

import pyarrow as pa

import klartecken as kt
from klartecken.book.synthetic.lines import synth
from klartecken.whatif.book import Book

THRESHOLD = "3A090.a.tpp_a1"
VALUES = (4000, 4250, 4500, 5000, 5250, 5500, 5750, 6000)


def read(lines: int, values: tuple[int, ...] = VALUES) -> tuple[Book, list[kt.World]]:
    """A synthetic book under the law and some thresholds, compiled together."""
    law = kt.shipped_world().law
    reforms = [kt.sweep_reform(law, THRESHOLD, value) for value in values]
    table = pa.Table.from_batches(list(synth(lines, seed=1)))
    book = kt.read_book(table, laws=reforms)
    book.answer_of(None)
    return book, list(book.job.engine.worlds)[1:]


def times(lines: int) -> tuple[int, list[float], list[float]]:
    """Cells of the book; seconds of each scenario, first asked and asked again."""
    book, worlds = read(lines)
    base = book.answer_of(None)

    def ask(world: kt.World) -> float:
        start = time.perf_counter()
        book.cells.after(book.number(world), base)
        return time.perf_counter() - start

    first = [ask(world) for world in worlds]
    return len(base), first, [ask(world) for world in worlds for _ in range(3)]


def rows(sizes: tuple[int, ...] = (100_000, 1_000_000)) -> list[str]:
    """The table of results."""
    found = [
        "| lines | distinct lines | first asked, ms (median; least; most) | asked again, ms |",
        "|---:|---:|---:|---:|",
    ]
    for lines in sizes:
        cells, first, again = times(lines)
        told = f"{1000 * statistics.median(first):.0f}; {1000 * min(first):.0f}; "
        told += f"{1000 * max(first):.0f}"
        found.append(f"| {lines:,} | {cells:,} | {told} | {1000 * statistics.median(again):.1f} |")
    return found


if __name__ == "__main__":
    print("\n".join(rows()))
