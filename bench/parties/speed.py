"""A million counterparties against the full snapshot: CPU, memory, start-up, a list's delta.

Run it as ``python bench/parties/speed.py [PARTIES]``. The counterparties are invented: made-up
companies of several shapes, people, and one in a hundred a perturbed listed name. Everything
runs as the command line does, in processes of its own.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from klartecken.parties.lists.entry import Entry  # noqa: E402
from klartecken.parties.names.normal import readings  # noqa: E402
from klartecken.parties.screening.index import build_index  # noqa: E402
from klartecken.parties.screening.meet import meet  # noqa: E402
from klartecken.parties.screening.model import DEFAULT  # noqa: E402
from parties.perturb import CLASSES  # noqa: E402
from parties.recall import SHARED, full_snapshot  # noqa: E402
from parties.sets import CITIES, FORMS, SYLLABLES, TRADES  # noqa: E402

CONSONANTS, VOWELS = "bcdfghklmnprstvwz", "aeiou"
LIST = SHARED / "lists" / "csl-reduced-2026-07-31.json.gz"


def invented(rng: random.Random) -> str:
    """A word that nobody uses."""
    word = "".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(rng.randint(2, 4)))
    return (word + rng.choice(("", "n", "s", "r", "l", "x"))).title()


def counterparty(rng: random.Random, listed: list[str], words: list[str]) -> str:
    """One name of an invented order book."""
    shape = rng.random()
    if shape < 0.01:
        change = rng.choice(list(CLASSES.values()))
        return change(rng.choice(listed), rng) or rng.choice(listed)
    if shape < 0.35:
        brand = "".join(rng.sample(SYLLABLES, rng.randint(2, 3))).title()
        return f"{rng.choice(CITIES)} {brand} {rng.choice(TRADES)} {rng.choice(FORMS)}"
    if shape < 0.65:
        return f"{invented(rng)} {invented(rng)} {rng.choice(TRADES)} {rng.choice(FORMS)}"
    if shape < 0.85:  # real words of the list, in new company
        return f"{rng.choice(words)} {invented(rng)} {rng.choice(words)}".title()
    return f"{invented(rng)} {invented(rng)}"


def write_book(path: Path, count: int) -> None:
    """So many distinct counterparties."""
    rng = random.Random(20261122)
    listed = [entry.name for entry in full_snapshot().entries]
    words = sorted({word for name in listed for word in name.split() if word.isalpha()})
    seen: set[str] = set()
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", "name"))
        while len(seen) < count:
            name = counterparty(rng, listed, words)
            if name not in seen:
                seen.add(name)
                writer.writerow((len(seen), name))


def run(home: Path, *arguments: str) -> tuple[float, float, float]:
    """A command: wall seconds, CPU seconds, peak memory in MiB (of the largest child so far)."""
    environment = {**os.environ, "KLARTECKEN_HOME": str(home)}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", "from klartecken.cli import run; run()", *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}: {done.stderr or done.stdout}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, cpu, after.ru_maxrss / 1024


def write_extra(path: Path, count: int) -> None:
    """A list of so many invented names."""
    rng = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("name",))
        writer.writerows((f"{invented(rng)} {invented(rng)} Works",) for _ in range(count))


def engine(book: Path, extra: Path) -> tuple[float, float, float]:
    """The new names against all parties, where the parties' normal forms are at hand."""
    with book.open(encoding="utf-8", newline="") as stream:
        forms = {f for row in csv.DictReader(stream) for f in readings(row["name"])}
    with extra.open(encoding="utf-8", newline="") as stream:
        entries = [
            Entry(f"OWN-{i}", "OWN:extra", row["name"])
            for i, row in enumerate(csv.DictReader(stream))
        ]
    known = tuple(forms)
    wall, cpu = time.perf_counter(), time.process_time()
    meet(known, build_index(entries), DEFAULT)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return time.perf_counter() - wall, time.process_time() - cpu, peak


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        home, book, hits = (Path(folder) / name for name in ("home", "book.csv", "hits.csv"))
        write_book(book, count)
        told = {"import": run(home, "lists", "import", str(LIST))}
        told["screen, first (index built)"] = run(home, "screen", "Invented Works", "--json")
        starts = [run(home, "screen", "Invented Works", "--json") for _ in range(5)]
        told["screen, index kept (median of 5)"] = sorted(starts)[2]
        told[f"screen-file, {count:,} parties"] = run(
            home, "screen-file", str(book), "-o", str(hits)
        )
        extra = Path(folder) / "extra.csv"
        write_extra(extra, 100)
        told["import of 100 more names"] = run(
            home, "lists", "import", str(extra), "--date", "2026-08-01"
        )
        told["the same parties, re-screened"] = run(
            home, "screen-file", str(book), "-o", str(Path(folder) / "again.csv"),
            "--previous", str(hits),
        )  # fmt: skip
        told["engine: 100 names against the parties' normal forms"] = engine(book, extra)
        for label, (wall, cpu, memory) in told.items():
            print(f"| {label} | {wall:.2f} s | {cpu:.2f} s | {memory:,.0f} MiB |")
        receipt = json.loads(Path(f"{hits}.receipt.json").read_text(encoding="utf-8"))
        print(json.dumps(receipt.get("counts", {})))


if __name__ == "__main__":
    main()
