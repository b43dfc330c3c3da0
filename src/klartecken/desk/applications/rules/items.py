"""Rules about end use, lines and sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from klartecken.desk.applications.finding import Finding
from klartecken.desk.applications.form import amount, line_total, sum_of_lines, total_fits

_ECCN = re.compile(r"([0-9])([A-E])([0-9]{3})((?:\.[a-z0-9]{1,3}){0,8})")
_NEEDED = ("eccn", "quantity", "unit", "unit_price", "total", "description")
_POSITIVE = ("quantity", "unit_price")


def of_items(form: Mapping[str, Any]) -> Iterator[Finding]:
    """What it is for, what it is, how many and for how much."""
    if not form["end_use"]:
        yield Finding("end_use_missing", "end_use")
    if not form["end_use_code"]:
        yield Finding("end_use_uncoded", "end_use_code")
    elif form["end_use_code"] != "commercial":
        yield Finding("end_use_barred", "end_use_code", form["end_use_code"].replace("_", " "))
    if not form["lines"]:
        yield Finding("lines_missing", "lines")
    for place, line in enumerate(form["lines"]):
        yield from _line(f"lines[{place}]", line)
    if form["lines"]:
        whole, said = sum_of_lines(form), amount(form["total_value"])
        if whole is None or said != whole:
            shown = "not known" if whole is None else str(whole)
            yield Finding("total_value", "total_value", f"the sum is {shown}")
    if len(form["lines"]) > 1 and form["all_or_nothing"] is None:
        yield Finding("all_or_nothing_unsaid", "all_or_nothing")


def _line(where: str, line: Mapping[str, Any]) -> Iterator[Finding]:
    lacks = [name.replace("_", " ") for name in _NEEDED if not line[name]]
    if not line["model"] and not line["item"]:
        lacks.append("model")
    if lacks:
        yield Finding("line_incomplete", where, ", ".join(lacks))
    for name in _POSITIVE:
        if line[name] and amount(line[name]) == 0:
            yield Finding("line_nothing", f"{where}.{name}")
    if line["total"] and line_total(line) is not None and not total_fits(line):
        yield Finding("line_total", f"{where}.total", f"it gives {line_total(line)}")
    eccn = line["eccn"]
    if eccn == "EAR99":
        yield Finding("eccn_uncontrolled", f"{where}.eccn")
    elif eccn and not _ECCN.fullmatch(eccn):
        yield Finding("eccn_format", f"{where}.eccn", eccn)
    if advanced(eccn) and not line["performance"]:
        yield Finding("performance_missing", f"{where}.performance", eccn)


def advanced(eccn: str) -> bool:
    """3A090, 4A090 or a paragraph .z: an item of advanced computing."""
    return eccn[1:5] in ("A090", "D090", "E091") or eccn.endswith(".z") or ".z." in eccn


def computer(eccn: str) -> bool:
    """A computer of the Commerce Control List; an ECCN that is not said may be one."""
    return not eccn or eccn.startswith("4A")


def commodity(eccn: str) -> bool:
    """A commodity of the Commerce Control List; an ECCN that cannot be read may be one."""
    found = _ECCN.fullmatch(eccn)
    return eccn != "EAR99" and (found is None or found[2] in "ABC")
