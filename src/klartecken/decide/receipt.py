"""A determination as a receipt: enough to give the same answer again, five years later.

The receipt holds every fact with its source, so a replay does not depend on what the
catalogue says by then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from klartecken.decide.case import Case
from klartecken.decide.determination import Determination
from klartecken.errors import InputError
from klartecken.facts.items import Item
from klartecken.law.model import VIEWS
from klartecken.logic.values import INF, Choice, Fact, Range, Value

FORMAT = "klartecken-receipt-1"


def receipt(answer: Determination) -> dict[str, Any]:
    """The receipt of an answer, as plain data."""
    case = answer.case
    body: dict[str, Any] = {
        "format": FORMAT,
        "engine": answer.engine,
        "law": dict(answer.law),
        "case": {
            "item": {"id": case.item.id, "name": case.item.name, "kind": case.item.kind,
                     "family": case.item.family, "in_catalogue": case.item.in_catalogue,
                     "contains": case.item.contains},
            "day": case.day.isoformat(), "view": case.view, "strict": case.strict,
            "as_given": dict(case.as_given),
            "parties": None if case.parties is None else dict(case.parties),
            "facts": {name: fact_data(fact) for name, fact in sorted(case.facts.items())},
        },
        "trace": [[*row[:3], list(row[3])] for row in answer.trace],
        "answer": answer.to_dict(),
    }  # fmt: skip
    body["seal"] = seal(body)
    return body


def seal(body: Mapping[str, Any]) -> str:
    """SHA-256 over the receipt without its seal: shows an edit, not who made it."""
    rest = {key: value for key, value in body.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def fact_data(fact: Fact) -> dict[str, Any]:
    """A fact as plain data; numbers as exact text."""
    return {
        "value": value_data(fact.value), "source": fact.source, "grade": fact.grade,
        "note": fact.note,
    }  # fmt: skip


def value_data(value: Value) -> dict[str, Any]:
    """A value as plain data; numbers as exact text."""
    if isinstance(value, Choice):
        return {"options": None if value.options is None else sorted(value.options)}
    return {"low": _end(value.lo), "high": _end(value.hi)}


def _end(end: object) -> str | None:
    return None if isinstance(end, float) else str(end)


def read_case(body: object, where: str = "receipt") -> Case:
    """The case of a receipt.

    Raises:
        InputError: not a receipt of this format, or a field that cannot be read.
    """
    if not isinstance(body, Mapping) or body.get("format") != FORMAT:
        raise InputError("is not a receipt of this program", where=where)
    try:
        case = body["case"]
        item = case["item"]
        facts = {str(name): _fact(data) for name, data in case["facts"].items()}
        if case["view"] not in VIEWS:
            raise ValueError(f"view {case['view']!r}")
        return Case(
            item=Item(
                id=str(item["id"]), name=str(item["name"]), kind=str(item["kind"]),
                family=str(item["family"]), facts=facts, contains=item["contains"], notes=(),
                in_catalogue=bool(item["in_catalogue"]),
            ),
            day=date.fromisoformat(case["day"]), view=str(case["view"]),
            strict=bool(case["strict"]), facts=facts, as_given=dict(case["as_given"]),
            parties=_parties(case.get("parties")),
        )  # fmt: skip
    except KeyError as err:
        raise InputError(f"lacks the field {err}", where=where) from err
    except (TypeError, ValueError, AttributeError) as err:
        raise InputError(f"cannot be read ({err})", where=where) from err


def _parties(data: object) -> Mapping[str, Any] | None:
    """What was said of the parties: kept as it is, since the lists may be gone by now."""
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise ValueError("parties")
    for key, names in (("named", ("role", "name", "status", "hits", "reasons")),
                       ("remarks", ("code", "text", "citation"))):  # fmt: skip
        for row in data[key]:
            for name in names:
                row[name]
    return dict(data)


def _fact(data: Mapping[str, Any]) -> Fact:
    from fractions import Fraction

    raw = data["value"]
    value: Value
    if "options" in raw:
        options = raw["options"]
        value = Choice(None if options is None else frozenset(str(o) for o in options))
    else:
        low = -INF if raw["low"] is None else Fraction(raw["low"])
        high = INF if raw["high"] is None else Fraction(raw["high"])
        value = Range(low, high)
    return Fact(value, str(data["source"]), str(data["grade"]), str(data["note"]))


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Where two plain records differ, one line each."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            here = f"{path}.{key}" if path else str(key)
            if key not in new:
                yield f"{here}: was {_short(old[key])}, now absent"
            elif key not in old:
                yield f"{here}: was absent, now {_short(new[key])}"
            else:
                yield from differences(old[key], new[key], here)
    elif isinstance(old, list) and isinstance(new, list) and (key := _key(old, new)):
        yield from differences({row[key]: row for row in old}, {row[key]: row for row in new}, path)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (left, right) in enumerate(zip(old, new, strict=True)):
            yield from differences(left, right, f"{path}[{place}]")
    elif old != new:
        yield f"{path}: was {_short(old)}, now {_short(new)}"


def _key(old: list[Any], new: list[Any]) -> str | None:
    """The field that names the rows of both lists, when each name stands once."""
    rows = [*old, *new]
    if not rows or not all(isinstance(row, Mapping) for row in rows):
        return None
    for key in ("provision", "fact", "code", "id"):
        if all(key in row for row in rows) and all(
            len({row[key] for row in part}) == len(part) for part in (old, new)
        ):
            return key
    return None


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:117] + "..."
