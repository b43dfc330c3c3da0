"""Webhooks over HTTP, from the event to the receiver."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from klartecken.api.app import create_app
from klartecken.api.deliveries import Deliveries
from klartecken.api.settings import Settings
from klartecken.desk.desk import Desk
from klartecken.desk.people.roles import DESK
from tests.api.asking import Asking, assert_problem
from tests.desk.world import HERE
from tests.feed.test_hooks import receiver

By = Callable[[str], Asking]
URL = "https://hooks.example.com/in"


def test_kept_and_changed(by: By) -> None:
    ada = by("Ada")
    made = ada.post("/webhooks", {"url": URL, "events": ["line.held"]}, key="k")
    hook, secret = made.json(), made.json()["secret"]
    assert (made.status_code, secret[:6]) == (201, "whsec_")
    assert ada.post("/webhooks", {"url": URL, "events": ["line.held"]}, key="k").json() == {
        **hook, "secret": None}  # fmt: skip
    path = made.headers["location"]
    assert ada.get(path).json() == {name: hook[name] for name in hook if name != "secret"}
    changed = ada.patch(path, {"events": [], "active": False, "why": "quiet"}, 1)
    assert (changed.json()["events"], changed.json()["active"]) == ([], False)
    assert_problem(ada.patch(path, {"active": True}, 1), 412, "stale")
    renewed = ada.post(f"{path}/secret", {"why": "leaked"})
    assert renewed.json()["secret"] not in (None, secret)
    assert "whsec_" not in ada.get("/webhooks").text + ada.get("/ledger").text


@pytest.mark.parametrize("address", [
    "http://hooks.example.com", "https://127.0.0.1", "https://desk", "https://10.0.0.1/x",
    "nothing", "https://a b",
])  # fmt: skip
def test_addresses_that_are_refused(by: By, address: str) -> None:
    ada = by("Ada")
    assert_problem(ada.post("/webhooks", {"url": address}), 422, "input")
    ada.post("/webhooks", {"url": URL})
    assert_problem(ada.patch("/webhooks/1", {"url": address}, 1), 422, "input")


def test_from_the_event_to_the_receiver(desk: Desk, tokens: dict[str, str]) -> None:
    settings = Settings(inside_hooks=True)
    with receiver() as (url, had), TestClient(create_app(desk, settings)) as client:
        ada = Asking(client, tokens["Ada"])
        ada.post("/webhooks", {"url": url, "events": ["line.held"]})
        with desk.work(DESK, HERE) as work:
            work.tell("line.held", {"line": 7})
        deliveries = Deliveries(desk, settings)
        assert (deliveries.once(), deliveries.once()) == (True, False)
        (row,) = ada.get("/webhooks/1/deliveries?state=done").json()["items"]
        assert (row["tries"], row["body"]["data"]) == (1, {"line": 7})
        again = ada.post("/webhooks/1/deliveries/1/replay")
        assert (again.status_code, again.json()["state"]) == (200, "waiting")
        assert_problem(ada.post("/webhooks/1/deliveries/1/replay"), 409, "conflict")
        deliveries.once()
        many = ada.post("/webhooks/1/replay", {"since": "2025-01-01T00:00:00Z",
                                               "only_failed": False})  # fmt: skip
        assert many.json() == {"deliveries": 1}
        deliveries.once()
    assert len({headers["Klartecken-Event-Id"] for _, _, headers in had}) == 1
    assert len(had) == 3


def test_the_thread_delivers_and_ends(desk: Desk, tokens: dict[str, str]) -> None:
    """The app starts it and stops it."""
    settings = Settings(inside_hooks=True, deliver=0.01)
    with receiver() as (url, had):
        app: FastAPI = create_app(desk, settings)
        with TestClient(app) as client:
            Asking(client, tokens["Ada"]).post("/webhooks", {"url": url})
            with desk.work(DESK, HERE) as work:
                work.tell("line.held", {})
            for _ in range(1000):
                if had:
                    break
                client.get("/health")
        with desk.work(DESK, HERE) as work:
            work.tell("line.held", {})
        assert Deliveries(desk, settings).once()  # nobody else did
    assert len(had) == 2
