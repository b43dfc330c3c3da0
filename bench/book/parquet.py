"""From Parquet with columns of text: decoding alone, a summary, and the answers written.

Each way runs in a process of its own, in turns; CPU is that of the whole process (start,
imports, the law and its tables included), memory its highest. ``python bench/book/parquet.py``.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq

THREADS = 2
HERE = Path(__file__).resolve()


def make(path: Path, lines: int) -> None:
    """A synthetic book, in row groups of a million lines."""
    from klartecken.book.synthetic.lines import schema, synth

    with pq.ParquetWriter(path, schema(), compression="zstd", compression_level=1) as writer:
        for batch in synth(lines, seed=1):
            writer.write_batch(batch)


def columns_of(path: Path, whole: bool) -> list[str]:
    """The columns that a summary reads, or all."""
    names = pq.read_schema(path).names
    return [name for name in names if whole or name != "line_id"]


def decode(path: Path, whole: bool) -> int:
    """Read the columns with pyarrow alone, a row group at a time on each thread."""
    import pyarrow as pa

    names = columns_of(path, whole)
    schema = pq.read_schema(path)
    texts = [n for n in names if not pa.types.is_primitive(schema.field(n).type)]
    groups = pq.ParquetFile(path).metadata.num_row_groups

    def one(group: int) -> int:
        file = pq.ParquetFile(path, read_dictionary=[n for n in texts if n != "line_id"])
        return int(file.read_row_group(group, columns=names, use_threads=False).num_rows)

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(one, range(groups)))


def answer(path: Path, out: Path | None) -> int:
    """Answer the book: a summary only, or with the table of answers."""
    from klartecken.book.api import open_book, settings_of
    from klartecken.book.check import run, run_to
    from klartecken.book.job import Job
    from klartecken.decide.ask import shipped_world

    world, settings = shipped_world(), settings_of(None, "practice", False, 32, ())
    source = open_book(path, world, None, None, settings)
    job = Job(world, source.layout, settings)
    if out is None:
        reports = run(job, source, workers=THREADS)
    else:
        reports = run_to(job, source, out, workers=THREADS)
        out.unlink()
    return sum(report.lines for report in reports)


MODES = {
    "decoding, columns of the summary": lambda path: decode(path, False),
    "summary only": lambda path: answer(path, None),
    "decoding, all columns": lambda path: decode(path, True),
    "answers written": lambda path: answer(path, path.with_suffix(".out.parquet")),
}


def measured(mode: str, path: Path) -> dict[str, float]:
    """One run in a process of its own."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(HERE), "--mode", mode, "--path", str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "wall": time.perf_counter() - begun}


def rows(lines: int, repeats: int, path: Path | None = None) -> list[str]:
    """The table of results."""
    with tempfile.TemporaryDirectory() as folder:
        book = path or Path(folder) / "book.parquet"
        if not book.exists():
            make(book, lines)
        runs: dict[str, list[dict[str, float]]] = {mode: [] for mode in MODES}
        for _ in range(repeats):
            for mode in MODES:
                runs[mode].append(measured(mode, book))
                print(mode, runs[mode][-1], file=sys.stderr)
    found = [
        f"| {lines:,} lines | CPU, s | ratio to decoding the same columns | wall, s "
        "| memory, MiB |",
        "|---|---:|---:|---:|---:|",
    ]
    base = 1.0
    for mode, held in runs.items():
        cpu, wall, memory = (
            statistics.median(run[name] for run in held) for name in ("cpu", "wall", "memory")
        )
        base = cpu if mode.startswith("decoding") else base
        found.append(f"| {mode} | {cpu:.2f} | {cpu / base:.2f} | {wall:.2f} | {memory:.0f} |")
    return found


def main() -> None:
    """Print the table; or run one way, as a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--path", type=Path)
    parser.add_argument("--mode", choices=[*MODES])
    options = parser.parse_args()
    if options.mode is None:
        print("\n".join(rows(options.lines, options.repeats, options.path)))
        return
    lines = MODES[options.mode](options.path)
    used = resource.getrusage(resource.RUSAGE_SELF)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    highest = int(status.split("VmHWM:")[1].split()[0])  # KiB, of this program alone
    print(json.dumps({
        "lines": lines, "cpu": used.ru_utime + used.ru_stime, "memory": highest / 1024,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
