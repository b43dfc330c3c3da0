"""Determinations over HTTP: the same as those of the library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from klartecken.decide.ask import check, shipped_world
from klartecken.decide.replay import replay
from klartecken.desk.desk import Desk
from klartecken.parties.resolve.context import Context
from tests.api.asking import Asking, assert_problem
from tests.api.conftest import only_sqlite

By = Callable[[str], Asking]
H20 = {"item": "nvidia-h20", "to": "CN", "on": "2025-07-15", "exporter": "NVIDIA"}
pytestmark = only_sqlite


def test_one(by: By) -> None:
    answer = by("Pia").post("/determinations", {**H20, "detail": "full", "receipt": True})
    body = answer.json()
    expected = check("nvidia-h20", "CN", "2025-07-15", exporter="NVIDIA")
    assert body["verdict"]["outcome"] == "licence_required"
    assert body["full"] == expected.to_dict()
    assert body["reasons"] == list(expected.reasons)
    assert body["law"]["hash"] == shipped_world().hash
    assert replay(body["receipt"]).same
    brief = by("Pia").post("/determinations", H20).json()
    assert (brief["full"], brief["receipt"]) == (None, None)
    assert brief["verdict"] == body["verdict"]


@pytest.mark.parametrize(("change", "name"), [
    ({"item": "zzz"}, "unknown-name"), ({"to": "Atlantis"}, "unknown-name"),
    ({"facts": {"nosuch": 1}}, "unknown-name"), ({"on": "1999-01-01"}, "input"),
    ({"on": "2025-02-30"}, "validation"), ({"facts": {"tpp": "1..x"}}, "input"),
    ({"facts": {"consignee_hq": "DE"}, "hq": "DE"}, "input"),
    ({"listed": ["none", "uvl"]}, "input"), ({"consignee": ["A | B"]}, "input"),
    ({"item": "/etc/passwd.yaml"}, "input"), ({"item": "x.YML", "facts": {"tpp": 1}}, "input"),
    ({"facts": {"tpp": 1e30}}, "input"), ({"view": "wish"}, "validation"),
    ({"facts": {"tpp": [1]}}, "validation"), ({"facts": {"tpp": " "}}, "validation"),
])  # fmt: skip
def test_what_cannot_be_read(by: By, change: dict[str, Any], name: str) -> None:
    pia = by("Pia")
    assert_problem(pia.post("/determinations", {**H20, **change}), 422, name)
    if "view" not in change:
        (found,) = pia.post("/determinations/bulk",
                            {"questions": [{**H20, **change}]}).json()["answers"]  # fmt: skip
        assert found["outcome"] is None
        assert found["error"]["what"]


def test_many(by: By) -> None:
    asked = [H20, {"item": "nvidia-h20"}, {**H20, "to": "DE", "hq": "DE"}, H20, {},
             {**H20, "consignee": ["Beispiel GmbH"]}]  # fmt: skip
    body = by("Pia").post("/determinations/bulk", {"questions": asked}).json()
    outcomes = [answer["outcome"] for answer in body["answers"]]
    assert outcomes[0] == outcomes[3] == "licence_required"
    assert outcomes[1] is outcomes[4] is None
    assert body["answers"][1]["error"] == {"where": "to", "what": "Field required"}
    assert body["counts"]["unread"] == 2
    assert sum(body["counts"].values()) == len(asked)
    assert {a["case"] for a in body["answers"] if a["case"]} == set(body["cases"])
    assert body["law"] == shipped_world().hash


def test_too_many(by: By) -> None:
    pia = by("Pia")
    assert_problem(pia.post("/determinations/bulk", {"questions": []}), 422, "validation")
    assert_problem(pia.post("/determinations/bulk", {"questions": [{}] * 10_001}),
                   422, "validation")  # fmt: skip


def test_new_lists_count_at_once(desk: Desk, app: FastAPI, by: By) -> None:
    """An answer that was kept is not given once the lists are others."""
    asked = {"item": "nvidia-l40s", "to": "DE", "on": "2025-07-15", "exporter": "NVIDIA",
             "hq": "DE", "parent_hq": "DE", "consignee": ["Beispiel GmbH"]}  # fmt: skip
    before = by("Pia").post("/determinations", asked).json()
    many = by("Pia").post("/determinations/bulk", {"questions": [asked]}).json()
    desk.contexts = Context
    desk.refresh()
    after = by("Pia").post("/determinations", asked).json()
    again = by("Pia").post("/determinations/bulk", {"questions": [asked]}).json()
    assert before["verdict"]["outcome"] == many["answers"][0]["outcome"]
    assert after["verdict"]["outcome"] == again["answers"][0]["outcome"] == "undetermined"
    assert before["verdict"] != after["verdict"]
