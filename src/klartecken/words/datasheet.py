"""One item's data sheet: its figures with their sources, its class, its distance to each line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

from klartecken.decide.lines import OUTSIDE, ItemClass, Margin, Margins, Turn
from klartecken.facts import performance
from klartecken.facts.chips import UNITS, Chip
from klartecken.facts.items import Item
from klartecken.logic.tri import NO, UNKNOWN, YES
from klartecken.logic.values import INF, Bound, Fact, Range, show
from klartecken.logic.vocabulary import Vocabulary
from klartecken.logic.wording import phrase

NOTHING = Range(Fraction(0), INF)
_SIDES = {
    (YES, ">="): "at or above", (NO, ">="): "below", (YES, ">"): "above",
    (NO, ">"): "at or below",
}  # fmt: skip
USE_WORDS = {
    "classification": "classification", "letter": "letters only",
    "policy": "review policy only",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of an item on a day.

    Attributes:
        chip: the catalogue's chip behind the item (inside it, for a server), if any.
    """

    item: Item
    chip: Chip | None
    day: date
    view: str
    tf32_bits: int
    vocabulary: Vocabulary
    margins: Margins

    @property
    def numbers(self) -> dict[str, Fact | None]:
        """Every number fact of items in the law's vocabulary; None where it is not known."""
        specs = self.vocabulary.facts.values()
        names = [s.name for s in specs if s.of == "item" and s.kind == "number"]
        found = {name: self.item.facts.get(name) for name in names}
        found["performance_density"] = density_of(self.item)
        return found

    @property
    def scores(self) -> tuple[performance.FormatScore, ...]:
        """Rate times bits of each format."""
        return performance.scores(self.chip, self.tf32_bits) if self.chip else ()


def density_of(item: Item) -> Fact | None:
    """The performance density of an item (TPP per mm2), given or worked out, or None."""
    given = item.facts.get("performance_density")
    tpp, area = item.facts.get("tpp"), item.facts.get("applicable_die_area")
    if given is not None or tpp is None or area is None:
        return given
    found = performance.density(tpp, area)
    return None if found.value == NOTHING else found


def share(part: Bound) -> str:
    """A share as a signed percentage, three significant digits.

    >>> share(Fraction(32, 2368))
    '+1.35 %'
    """
    if isinstance(part, float):
        return "any rise" if part > 0 else "any fall"
    with localcontext(Context(prec=12)):
        number = Decimal(part.numerator) * 100 / Decimal(part.denominator)
        digits = Context(prec=3).create_decimal(number)
        return f"{digits.normalize():+f} %" if digits else "0 %"


def shares(part: Range | None) -> str:
    """A range of shares."""
    if part is None:
        return "?"
    if part.known:
        return share(part.lo)
    high = "no upper end" if part.hi == INF else share(part.hi)
    return f"{share(part.lo)} to {high}"


def side(margin: Margin) -> str:
    """On which side of the line the value lies, in words."""
    if margin.meets is UNKNOWN:
        return "unknown" if margin.value is None else "either side"
    return _SIDES[margin.meets, margin.line.atom.op]


def class_text(found: ItemClass | tuple[str, ...]) -> str:
    """A class in words, for example ``3A090.b or 3A991.p``."""
    names = found.names if isinstance(found, ItemClass) else found
    return " or ".join("no modelled paragraph" if n == OUTSIDE else n for n in names)


def turn_text(turn: Turn) -> str:
    """A turning point in words, for example ``tpp 2368 to 2400 (+1.35 %): 3A090.b``."""
    at = show(turn.at)
    edge = at if turn.reached else f"below {at}" if turn.relative < 0 else f"above {at}"
    ratios = "".join(f", {name} then {show(value)}" for name, value in turn.ratios.items())
    change = f"{share(turn.relative)}{ratios}"
    return f"{turn.fact} {turn.value} to {edge} ({change}): {class_text(turn.classes)}"


def turning_lines(sheet: Sheet) -> Iterator[str]:
    """What the class turns on, one sentence a line."""
    found = sheet.margins
    for missing in found.missing:
        yield f"not settled: {missing.question}"
        for reading in missing.readings:
            yield f"    {reading.condition}: {class_text(reading.outcomes)}"
    for place, turn in enumerate(found.turns):
        yield f"{'binding: ' if place == 0 else ''}{turn_text(turn)}"
    for switch in found.switches:
        yield f"{switch.fact}: {switch.to}: {class_text(switch.classes)}"
    if found.klass.settled is not None and not (found.turns or found.switches):
        yield "no single known fact gives another class"
    for text in found.assumed:
        yield f"assumed: {text}"


# -- plain data --------------------------------------------------------------------------------
def sheet_data(sheet: Sheet) -> dict[str, Any]:
    """The sheet as plain data; ``low`` and ``high`` are null where there is no such end."""
    item, chip, found = sheet.item, sheet.chip, sheet.margins
    binding = found.binding
    return {
        "id": item.id, "name": item.name, "kind": item.kind, "family": item.family,
        "contains": item.contains, "notes": list(item.notes), "chip": _chip_data(chip),
        "on": sheet.day.isoformat(), "view": sheet.view, "tf32_bits": sheet.tf32_bits,
        "class": class_data(found.klass), "assumed": list(found.assumed),
        "missing": [
            {
                "fact": m.fact, "question": m.question,
                "readings": [{"if": r.condition, "class": list(r.outcomes)} for r in m.readings],
            }
            for m in found.missing
        ],
        "binding": turn_data(binding) if binding else None,
        "turns": [turn_data(turn) for turn in found.turns],
        "switches": [
            {"fact": s.fact, "to": s.to, "class": list(s.classes)} for s in found.switches
        ],
        "facts": {
            name: {"unit": sheet.vocabulary.facts[name].unit, **fact_data(fact)}
            for name, fact in sheet.numbers.items()
        },
        "scores": [
            {
                "format": s.format, "rate": range_data(s.rate), "bits": s.bits,
                "score": range_data(s.score), "grade": s.grade, "sources": list(s.sources),
            }
            for s in sheet.scores
        ],
        "figures": [
            {
                "quantity": f.quantity, **range_data(f.value), "unit": UNITS[f.quantity],
                "used": f.used, "grade": f.grade, "source": f.source, "note": f.note,
            }
            for figures in (chip.figures.values() if chip else ()) for f in figures
        ],
        "lines": [margin_data(margin) for margin in found.lines],
    }  # fmt: skip


def _chip_data(chip: Chip | None) -> dict[str, Any] | None:
    if chip is None:
        return None
    return {
        "id": chip.id, "vendor": chip.vendor, "designer_hq": chip.designer_hq,
        "form": chip.form, "released": chip.released or None, "datacenter": chip.datacenter,
        "datacenter_grade": chip.datacenter_grade, "memory_type": chip.memory_type or None,
        "foundry": chip.foundry or None, "packages": chip.packages, "grade": chip.grade,
        "urls": list(chip.urls),
    }  # fmt: skip


def class_data(found: ItemClass) -> dict[str, Any]:
    """A class as plain data."""
    return {"settled": found.settled, "possible": list(found.names)}


def turn_data(turn: Turn) -> dict[str, Any]:
    """A turning point as plain data (``relative`` is a share, not a percentage)."""
    return {
        "fact": turn.fact, "value": range_data(turn.value), "at": float(turn.at),
        "reached": turn.reached, "relative": float(turn.relative),
        "class": list(turn.classes), "text": turn_text(turn),
    }  # fmt: skip


def margin_data(margin: Margin) -> dict[str, Any]:
    """The distance to one line as plain data."""
    line = margin.line
    return {
        "condition": phrase(line.atom), "quantity": line.quantity,
        "line": float(line.atom.bound), "use": line.use, "side": side(margin),
        "value": range_data(margin.value), "distance": range_data(margin.distance),
        "relative": range_data(margin.relative), "provisions": list(line.provisions),
        "citations": list(line.citations), "url": line.url, "tag": line.tag,
    }  # fmt: skip


def range_data(value: Range | None) -> dict[str, Any]:
    """A range as text and as its two ends; an unknown one has neither."""
    if value is None:
        return {"value": "unknown", "low": None, "high": None}
    low, high = (None if isinstance(end, float) else float(end) for end in (value.lo, value.hi))
    return {"value": str(value), "low": low, "high": high}


def fact_data(fact: Fact | None) -> dict[str, Any]:
    """A number fact as plain data."""
    if fact is None or not isinstance(fact.value, Range):
        return {**range_data(None), "source": "", "grade": "none", "note": ""}
    told = {"source": fact.source, "grade": fact.grade, "note": fact.note}
    return {**range_data(fact.value), **told}
