"""The law of the comparison, the answers as codes, and our own engine one line at a time."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import klartecken as kt
from klartecken.errors import DataError
from klartecken.law import load
from klartecken.law.reader import read_yaml

EPOCH = date(1970, 1, 1)
FIRST, LAST = date(2022, 10, 7), date(2026, 9, 19)  # the days of the random lines
SUBSET = Path(__file__).resolve().parent / "subset"

#: One code for outcome and review policy, the strictest policy first; 0 is no licence.
ANSWERS = (
    ("no_licence_required", "none"),
    ("licence_required", "presumption_of_denial"),
    ("licence_required", "unknown"),
    ("licence_required", "not_published"),
    ("licence_required", "case_by_case"),
    ("licence_required", "presumption_of_approval"),
)


def number(day: date) -> int:
    """Days since 1970-01-01: how a day stands in a column."""
    return (day - EPOCH).days


def day_of(count: int) -> date:
    """The day behind a number of days since 1970-01-01."""
    return EPOCH + timedelta(days=count)


@cache
def subset_world() -> kt.World:
    """Only the rules that the peers are given too (subset/), with the shipped facts."""
    folder = Path(load.__file__).parent / "us_ear"
    docs = {name: read_yaml(folder / name) for name in ("regime.yaml", "facts.yaml")}
    for path in sorted(SUBSET.glob("*.yaml")):
        docs[path.name] = read_yaml(path)
    return kt.World(load.build(docs), kt.load_places(), kt.load_events())


def code_of(answer: kt.Determination) -> int:
    """The code of a determined answer (index into :data:`ANSWERS`).

    Raises:
        DataError: the answer is undetermined, or none of the codes.
    """
    policies = answer.review_policies_possible or ("none",)
    pair = (answer.outcome, policies[0])
    if len(policies) != 1 or pair not in ANSWERS:
        raise DataError(
            f"outcome {answer.outcome}, policies {policies}: no code of the comparison",
            where=f"{answer.case.item.id} on {answer.case.day}",
            next_step="Give known facts only",
        )
    return ANSWERS.index(pair)
