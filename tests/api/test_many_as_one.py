"""Many questions at once have the answers that each has alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from klartecken.api.determine import WORN, Determiner
from klartecken.api.models.determinations import HowAsked, OneQuestion
from klartecken.book.job import PLAIN
from klartecken.decide.ask import shipped_world
from klartecken.errors import KlarteckenError
from klartecken.parties.resolve.context import Context
from tests.desk.clock import Clock
from tests.desk.world import nobody_listed

H20 = {"item": "nvidia-h20", "to": "CN", "on": "2025-07-15", "exporter": "NVIDIA"}
questions = st.fixed_dictionaries(
    {
        "item": st.sampled_from(["nvidia-h20", "nvidia-h100-sxm", "nvidia-l40s", "my-chip", "H20",
                                 "server:8xnvidia-h20", "amd-mi308x"]),
        "to": st.sampled_from(["CN", "DE", "SG", "Macau", "AE", "CN|DE", "unknown", "XX"]),
        "on": st.sampled_from(["2022-10-07", "2024-06-01", "2025-04-09", "2025-07-15",
                               "2026-02-01"]),
    },
    optional={
        "ship_from": st.sampled_from(["US", "TW"]), "exporter": st.sampled_from(["NVIDIA", "Me"]),
        "activity": st.sampled_from(["export", "reexport", "transfer", "theft"]),
        "hq": st.sampled_from(["DE", "CN", "unknown"]), "parent_hq": st.sampled_from(["CN", "US"]),
        "end_use": st.sampled_from(["commercial", "supercomputer", "military"]),
        "listed": st.sampled_from([["none"], ["uvl"], ["entity_list:4", "dpl"], ["unknown"]]),
        "facts": st.dictionaries(
            st.sampled_from(["tpp", "datacenter", "consignee_hq", "memory_bandwidth_gbs",
                             "performance_density", "TPP", "exporter_role", "nosuch", "hq"]),
            st.sampled_from(["2300..2400", 4800, True, False, "no", "DE", "1600", "", "x", 1.5]),
            max_size=3,
        ),
        "consignee": st.sampled_from([["Beispiel GmbH"], ["Inspur Group Co., Ltd."], ["A", "B"]]),
        "end_user": st.sampled_from([["Lantern Cloud Computing"]]),
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def kept() -> Determiner:
    """One determiner for all examples: what it keeps must not matter."""
    return Determiner(Holding(nobody_listed(), Clock()), 64)  # type: ignore[arg-type]


class Holding:
    """As much of a desk as a determiner asks for."""

    def __init__(self, context: Context, clock: Any) -> None:
        self.context, self.clock, self.world = context, clock, shipped_world()


@settings(max_examples=25, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.lists(questions, min_size=1, max_size=8), st.booleans())
@example([{**H20, "facts": {"tpp": 1}, "item": "nvidia-h20"}], False)
def test_many_are_as_one(kept: Determiner, asked: list[dict[str, Any]], strict: bool) -> None:
    how = HowAsked(strict=strict)
    found = kept.many(asked, how)
    for said, mine in zip(asked, found["answers"], strict=True):
        try:
            one = OneQuestion.model_validate({**said, "strict": strict})
            outcome, raw = kept.one(one)
        except (KlarteckenError, ValueError):
            assert mine["outcome"] is None, said
            continue
        assert (mine["outcome"], mine["error"]) == (outcome, None), said
        assert mine["case"].encode() in raw[:40], said
        assert found["cases"][mine["case"]]["outcome"] == outcome


def test_no_fact_is_called_like_a_column_of_a_book() -> None:
    assert not set(PLAIN) & set(shipped_world().law.vocabulary.facts)


def test_texts_do_not_pile_up(kept: Determiner, monkeypatch: pytest.MonkeyPatch) -> None:
    assert WORN < 1_000_000
    monkeypatch.setattr("klartecken.api.determine.WORN", 2)
    for _ in range(4):
        assert kept.many([H20, H20], HowAsked())["counts"] == {"licence_required": 2}
