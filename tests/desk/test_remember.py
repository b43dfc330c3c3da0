"""What is remembered of screening is what screening would say."""

from __future__ import annotations

from datetime import date

from klartecken.desk.remember import Remembered
from klartecken.parties.party import Party
from tests.parties import fake

OLD, NEW = date(2024, 1, 1), date(2025, 1, 1)
PARTIES = [Party(name) for name in ("Marlow Sonics", "Nobody Known", "Tern Foundry", "12345")]


def test_the_same_and_each_party_once_for_each_snapshot() -> None:
    screener = fake.Exact(fake.snapshot(day=OLD), fake.snapshot((fake.TERN,), day=NEW))
    context = fake.Context(
        screener, tuple(fake.cover_of(held) for held in screener.snapshots),
        screen_many=lambda parties, day: [screener(party, day) for party in parties],
    )  # fmt: skip
    remembered = Remembered(context).over(context)
    assert remembered.screen is not None
    assert remembered.screen_many is not None
    for day in (date(2024, 5, 1), date(2024, 6, 1), date(2025, 5, 1)):
        for _ in range(2):
            expected = [screener(party, day) for party in PARTIES]
            screener.asked.clear()
            assert [remembered.screen(party, day) for party in PARTIES[:2]] == expected[:2]
            assert remembered.screen_many(PARTIES, day) == expected
            asked = list(screener.asked)
            assert len(asked) == len(set(asked)) <= len(PARTIES)
    assert asked == []


def test_another_screener_is_not_taken_for_it() -> None:
    first, second = fake.context(), fake.context()
    held = Remembered(first)
    assert held.is_of(first)
    assert not held.is_of(second)
