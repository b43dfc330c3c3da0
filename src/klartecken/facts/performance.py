"""Total processing performance and performance density, from the rates of a chip.

TPP is the dense rate (TOPS or TFLOPS, which already count a multiply-accumulate as two
operations) times the bit length of the operation, the highest over all formats. Density is
TPP per mm2 of applicable die area. Source: technical notes to ECCN 3A090 (Supplement No. 1
to 15 CFR part 774; 88 FR 73458). All arithmetic is exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from klartecken.facts.chips import Chip, Figure
from klartecken.logic.values import INF, UNKNOWN_NUMBER, Bound, Fact, Range

#: Bit length of each format. TF32 is stored in 32 bits and multiplies 19: a parameter.
BITS: dict[str, int] = {
    "fp4": 4, "fp6": 6, "fp8": 8, "int8": 8, "fp16": 16, "bf16": 16, "tf32": 32, "fp32": 32,
    "fp64": 64,
}  # fmt: skip

#: With one of these known, the highest score is taken as known; else it is a lower bound.
DECIDING = frozenset({"fp4", "fp6", "fp8", "int8", "fp16", "bf16"})

_WEAKEST_LAST = ("primary", "given", "secondary", "inferred", "memory", "assumed", "none")


@dataclass(frozen=True, slots=True)
class FormatScore:
    """The rate of one IC in one format (TOPS or TFLOPS, dense) and its rate times bits."""

    format: str
    rate: Range
    bits: int
    score: Range
    sources: tuple[str, ...]
    grade: str


def scores(chip: Chip, tf32_bits: int = 32) -> tuple[FormatScore, ...]:
    """The score of each format whose rate is known, per integrated circuit.

    Args:
        chip: a chip; totals over several packages are divided by their number.
        tf32_bits: the bit length counted for TF32 (32 as stored, 19 as multiplied).
    """
    found = []
    for name, plain in BITS.items():
        figures = chip.used(f"rate_{name}")
        total = chip.value(f"rate_{name}")
        if total is None:
            continue
        bits = tf32_bits if name == "tf32" else plain
        rate = total.scaled(Fraction(1, chip.packages))
        sources = tuple(dict.fromkeys(f.source for f in figures))
        score = rate.scaled(Fraction(bits))
        found.append(FormatScore(name, rate, bits, score, sources, weakest(figures)))
    return tuple(found)


def tpp(chip: Chip, tf32_bits: int = 32) -> Fact:
    """Total processing performance of one integrated circuit, as a range with its sources.

    Where used figures disagree the range spans them. Without a rate of 16 bits or fewer it
    is a lower bound. A directly claimed TPP widens the range.
    """
    found = scores(chip, tf32_bits)
    best = _highest([s.score for s in found], _complete(found))
    value, deciding = best, [s for s in found if best is not None and s.score.hi >= best.lo]
    claimed = chip.value("tpp")
    if claimed is not None:
        claim = claimed.scaled(Fraction(1, chip.packages))
        value = claim if best is None else best.hull(claim)
    if value is None:
        return Fact(UNKNOWN_NUMBER, chip.source, "none", "no rate is known")
    claims = chip.used("tpp")
    sources = [a for s in deciding for a in s.sources] + [f.source for f in claims]
    grade = weakest_grade([s.grade for s in deciding] + [f.grade for f in claims])
    return Fact(value, "; ".join(dict.fromkeys(sources)), grade, _note(found, deciding, claimed))


def _note(found: Iterable[FormatScore], deciding: list[FormatScore], claimed: Range | None) -> str:
    parts = [f"{s.format} {s.rate} x {s.bits}" for s in deciding]
    text = "highest of " + ", ".join(parts) if len(parts) > 1 else "".join(parts)
    if parts and not _complete(found):
        text = f"lower bound: only {', '.join(s.format for s in found)} known ({text})"
    if claimed is not None:
        text = "; ".join(t for t in (text, f"claimed directly: {claimed}") if t)
    return text


def _complete(found: Iterable[FormatScore]) -> bool:
    return any(s.format in DECIDING for s in found)


def _highest(ranges: list[Range], complete: bool) -> Range | None:
    if not ranges:
        return None
    low = max(r.lo for r in ranges)
    return Range(low, max(r.hi for r in ranges) if complete else INF)


def tops(chip: Chip) -> Fact:
    """The highest dense rate of one integrated circuit over all formats, in TOPS."""
    found = scores(chip)
    value = _highest([s.rate for s in found], _complete(found))
    if value is None:
        return Fact(UNKNOWN_NUMBER, chip.source, "none", "no rate is known")
    best = [s for s in found if s.rate.hi >= value.lo]
    sources = dict.fromkeys(a for s in best for a in s.sources)
    return Fact(value, "; ".join(sources), weakest_grade(s.grade for s in best))


def quantity(chip: Chip, name: str, *, per_package: bool = False) -> Fact | None:
    """One quantity of a chip as a fact (never below zero), or None when there is no figure.

    Args:
        chip: the chip.
        name: a quantity of :data:`chips.UNITS`, in that unit.
        per_package: divide by the number of packages whose total the figure is.
    """
    figures, total = chip.used(name), chip.value(name)
    if total is None:
        return None
    low = total.lo if total.lo > 0 else Fraction(0)
    value = Range(low, total.hi).scaled(Fraction(1, chip.packages if per_package else 1))
    notes = "; ".join(dict.fromkeys(f.note for f in figures if f.note))
    if len({f.value for f in figures}) > 1:
        told = ", ".join(str(f.value) for f in figures)
        notes = f"sources disagree: {told}" + (f" ({notes})" if notes else "")
    source = "; ".join(dict.fromkeys(f.source for f in figures))
    return Fact(value, source, weakest(figures), notes)


def density(performance: Fact, area: Fact) -> Fact:
    """Performance density: TPP over applicable die area (per mm2), from two facts.

    Raises:
        TypeError: one of the facts is not a number.
    """
    over, under = performance.value, area.value
    if not isinstance(over, Range) or not isinstance(under, Range):
        raise TypeError("density needs two numbers")
    low = _quotient(max(over.lo, Fraction(0)), under.hi)
    value = Range(low, _quotient(over.hi, under.lo))
    source = "; ".join(dict.fromkeys(s for s in (performance.source, area.source) if s))
    grade = weakest_grade((performance.grade, area.grade))
    return Fact(value, source, grade, f"TPP {over} over {under} mm2")


def _quotient(over: Bound, under: Bound) -> Bound:
    """``over / under`` for over >= 0, where an unknown or zero divisor gives no bound."""
    if isinstance(over, float) or under <= 0:
        return INF
    return Fraction(0) if isinstance(under, float) else over / under


def weakest(figures: Iterable[Figure]) -> str:
    """The weakest grade among some figures."""
    return weakest_grade(f.grade for f in figures)


def weakest_grade(grades: Iterable[str]) -> str:
    """The weakest of some grades (``none`` when there is none)."""
    return max(grades, key=_rank, default="none")


def _rank(grade: str) -> int:
    return _WEAKEST_LAST.index(grade) if grade in _WEAKEST_LAST else len(_WEAKEST_LAST)
