"""The answer over time agrees with the answer of each day, and misses no change."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

import klartecken as kt
from klartecken.decide.history import fingerprint

ASKED = [
    ("nvidia-h20", "CN", {"exporter": "NVIDIA"}),
    ("nvidia-a800-sxm-80gb", "CN", {"hq": "CN"}),
    ("nvidia-h100-sxm", "AE", {"hq": "AE"}),
    ("nvidia-h200-sxm", "CN", {"hq": "CN", "ship_from": "US", "facts": {"dd_conditions": "yes"}}),
    ("nvidia-h100-sxm", "DE", {"hq": "DE", "listed": "affiliate"}),
]


@pytest.mark.parametrize(("item", "to", "question"), ASKED)
def test_each_stretch_has_one_answer(item, to, question):
    until = date(2027, 6, 1)
    steps = kt.history(item, to, until, **question)
    assert steps[0].day == kt.load_law().covers_from
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        last = after.day - timedelta(days=1) if after else until
        for day in {step.day, step.day + (last - step.day) // 2, last}:
            again = kt.check(item, to, day, **question)
            assert fingerprint(again) == fingerprint(step.answer), day
        if after:
            assert after.causes
            assert fingerprint(after.answer) != fingerprint(step.answer)


def test_a_daily_walk_finds_no_change_that_history_missed():
    start, until = date(2025, 3, 1), date(2026, 2, 1)
    changed = {step.day for step in kt.history("h20", "CN", until, exporter="NVIDIA")}
    before = fingerprint(kt.check("h20", "CN", start, exporter="NVIDIA"))
    day = start
    while day < until:
        day += timedelta(days=1)
        now = fingerprint(kt.check("h20", "CN", day, exporter="NVIDIA"))
        assert (now != before) == (day in changed), day
        before = now


def test_events_stand_in_the_stretch_in_which_they_happened():
    steps = kt.history("h20", "CN", date(2025, 8, 31), exporter="NVIDIA")
    by_id = {e.id: step.day for step in steps for e in step.events}
    assert by_id["E2025-033"] == date(2025, 4, 9)
    assert not any(e.releases for step in steps for e in step.events)
    for step, after in itertools.pairwise(steps):
        assert all(e.date < after.day for e in step.events)
        assert step.day < after.day
