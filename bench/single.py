"""One answer at a time: Klartecken beside zen-engine and openfisca-core, and a cold start.

All engines first answer the same random cases, and must agree. They are then timed in one
process, taking turns, so that a busy moment hits them alike; medians are compared. Run it
as ``python bench/single.py``; it writes bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import peers
from sampling import DAY, BenchCase, full_world, in_scope, random_cases, subset_world

import klartecken as kt

HERE = Path(__file__).resolve().parent
MARK = "# Order books"
COLD = {
    "klartecken check nvidia-h20 ... --json": (
        "from klartecken.cli import run; run()", "check", "nvidia-h20", "--to", "CN",
        "--on", "2025-07-15", "--exporter", "NVIDIA", "--json",
    ),
    "python -c 'import click, yaml'": ("import click, yaml",),
    "python -c pass": ("pass",),
}  # fmt: skip


def klartecken(world: kt.World) -> Callable[[BenchCase], kt.Determination]:
    """Our engine under a law: the determination."""

    def ask(case: BenchCase) -> kt.Determination:
        return kt.check(
            case.item, case.destination, DAY, hq=case.destination, listed="none",
            exporter="Example Distribution", world=world,
        )  # fmt: skip

    return ask


def required(outcome: str) -> str:
    """Does a requirement apply? In the whole law an exception may still overcome it."""
    return {"exception_available": peers.LICENCE}.get(outcome, outcome)


def engines() -> dict[str, Callable[[BenchCase], str]]:
    """Every candidate, by the name in the table; each says whether a requirement applies."""
    full, small = klartecken(full_world()), klartecken(subset_world())
    scope = in_scope(full_world())

    def traced(ask: Callable[[BenchCase], kt.Determination]) -> Callable[[BenchCase], str]:
        def run(case: BenchCase) -> str:
            answer = ask(case)
            assert answer.trace
            return required(answer.outcome)

        return run

    def rendered(ask: Callable[[BenchCase], kt.Determination]) -> Callable[[BenchCase], str]:
        def run(case: BenchCase) -> str:
            answer = ask(case)
            assert answer.trace
            return required(answer.to_dict()["outcome"])

        return run

    return {
        "klartecken, these rules, with trace": traced(small),
        "klartecken, these rules, trace and to_dict": rendered(small),
        "klartecken, the whole law, with trace": traced(full),
        "klartecken, the whole law, trace and to_dict": rendered(full),
        "zen-engine, these rules, with trace": peers.zen(scope),
        "openfisca-core, these rules, with trace": peers.openfisca(scope),
    }


def check_agreement(found: dict[str, Callable[[BenchCase], str]], cases: list[BenchCase]) -> int:
    """Every engine on every case; stops at the first disagreement.

    Returns:
        To how many cases a requirement applies.
    """
    licences = 0
    for case in cases:
        answers = {name: ask(case) for name, ask in found.items()}
        if len(set(answers.values())) != 1:
            sys.exit(f"Error: {case.destination}, TPP {case.tpp}, {case.die_area} mm2: {answers}")
        licences += answers.popitem()[1] == peers.LICENCE
    return licences


def warm(
    found: dict[str, Callable[[BenchCase], str]], cases: list[BenchCase], rounds: int
) -> dict[str, float]:
    """Median seconds of one answer; the engines take turns at every case."""
    times: dict[str, list[float]] = {name: [] for name in found}
    for number in range(rounds):
        for case in cases:
            for name, ask in found.items():
                start = time.perf_counter()
                ask(case)
                taken = time.perf_counter() - start
                if number:  # the first round warms up
                    times[name].append(taken)
    return {name: statistics.median(held) for name, held in times.items()}


def cold(runs: int) -> dict[str, float]:
    """Median wall seconds of a new process; the commands take turns."""
    times: dict[str, list[float]] = {name: [] for name in COLD}
    # an installed package has its bytecode; let an editable one write its own at the first run
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for number in range(runs + 1):
        for name, (code, *arguments) in COLD.items():
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-c", code, *arguments],
                check=True, stdout=subprocess.DEVNULL, env=environment,
            )  # fmt: skip
            if number:
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(held) for name, held in times.items()}


def machine() -> str:
    """Processor, cores, system, Python."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        model = lines[0].partition(":")[2].strip() if lines else model
    cores = os.cpu_count()
    return f"{model}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def versions() -> str:
    """The versions compared."""
    found = []
    for name in ("klartecken", "zen-engine", "openfisca-core", "numpy", "PyYAML", "click"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return ", ".join(found)


def time_table(times: dict[str, float], base: str) -> list[str]:
    """A table of medians, and each as a multiple of one of them."""
    lines = [f"| | median, ms | ratio to {base} |", "|---|---:|---:|"]
    for name, seconds in times.items():
        lines.append(f"| {name} | {seconds * 1000:.3f} | {seconds / times[base]:.2f} |")
    return lines


def main() -> None:
    """Check agreement, time, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--cold", type=int, default=15)
    parser.add_argument("-o", "--output", type=Path, default=HERE / "RESULTS.md")
    options = parser.parse_args()

    before = os.getloadavg()[0]
    found = engines()
    cases = random_cases(options.cases)
    licences = check_agreement(found, cases)
    print(f"{len(cases)} cases, a requirement applies to {licences}: all engines agree")
    warm_times = warm(found, cases[:100], options.rounds)
    cold_times = cold(options.cold)
    text = report(len(cases), licences, options, warm_times, cold_times, before)
    more = ""  # the part of the order book is written by bench/book/run.py
    if options.output.exists() and MARK in (held := options.output.read_text(encoding="utf-8")):
        more = "\n" + held[held.index(MARK) :]
    options.output.write_text(text + more, encoding="utf-8")
    print(text)


def report(
    count: int, licences: int, options: argparse.Namespace, warm_times: dict[str, float],
    cold_times: dict[str, float], load: float,
) -> str:  # fmt: skip
    """The page of results."""
    samples = min(count, 100) * (options.rounds - 1)
    lines = [
        "# One answer at a time",
        "",
        "Written by `make bench` (bench/single.py).",
        "",
        f"- machine: {machine()}; load before the run {load:.1f}",
        f"- versions: {versions()}",
        f"- agreement: {count} random cases with known facts; a licence requirement applies to"
        f" {licences}, and all engines say so of the same ones",
        "",
    ]
    if load > (os.cpu_count() or 1) / 2:
        lines += ["**The machine was busy: the ratios may be read, the times may not.**", ""]
    lines += [
        "## Warm",
        "",
        "The rules are those of 3A090.a and .b and the destination requirement on 2025-03-01",
        "(bench/subset.yaml); *the whole law* is everything that the package ships, with evidence,",
        f"notices and gaps. In turns in one process, {samples} answers of each engine. The two",
        "other engines have two-valued logic and binary numbers, and were given known facts only.",
        "OpenFisca is made for many cases at once; here it gets one, like the others.",
        "",
        *time_table(warm_times, "zen-engine, these rules, with trace"),
        "",
        "## Cold",
        "",
        f"A new process for each answer, in turns, {options.cold} runs of each.",
        "",
        *time_table(cold_times, "python -c pass"),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
