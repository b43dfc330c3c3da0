"""docs/json.md lists exactly the keys of an answer."""

import json
import re
from collections.abc import Iterator
from typing import Any

import klartecken as kt
from tests.house.places import ROOT
from tests.parties.fake import context

BY_NAME = {"case.facts", "case.as_given"}  # their keys are names of facts
# what screening says: its own page lists these keys
ELSEWHERE = {
    "parties.snapshot",
    "parties.named[].snapshot",
    "parties.named[].model",
    "parties.named[].hits[]",
    "parties.named[].suppressed[]",
}
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"item": "nvidia-h20", "to": "CN", "on": "2025-07-15", "exporter": "NVIDIA"},
    {"item": "nvidia-h20", "to": "CN", "on": "2025-07-15"},
    {"item": "nvidia-h100-sxm", "to": "SG", "on": "2024-06-01", "hq": "CN"},
    {"item": "nvidia-l40s", "to": "SA", "on": "2024-06-01"},
    {
        "item": "nvidia-l40s",
        "to": "SA",
        "on": "2026-11-21",
        "consignee": "Marlow Works",
        "end_user": "Nordlicht Oy",
        "parties": context(),
    },
)


def paths(value: Any, here: str = "") -> Iterator[str]:
    """Every key below a value, as a path such as ``requirements[].basis``."""
    if here in ELSEWHERE:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            path = f"{here}.*" if here in BY_NAME else f"{here}.{key}".lstrip(".")
            if here not in BY_NAME:
                yield path
            yield from paths(inner, path)
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{here}[]")


def test_the_page_lists_the_keys() -> None:
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    assert len(told) == len(set(told))
    printed: set[str] = set()
    for question in QUESTIONS:
        printed |= set(paths(kt.check(**question).to_dict()))
    assert set(told) == printed


def test_the_answer_is_plain_data() -> None:
    """JSON and back changes nothing: no tuples, dates or fractions are left."""
    data = kt.check(**QUESTIONS[0]).to_dict()
    assert json.loads(json.dumps(data)) == data


def test_the_keys_never_depend_on_the_answer() -> None:
    first, *others = (kt.check(**question).to_dict() for question in QUESTIONS)
    assert all(set(other) == set(first) for other in others)
