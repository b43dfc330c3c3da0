"""A request that comes again has the answer that it had, and no second effect."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import select

from klartecken.api.app import create_app
from klartecken.api.idempotency import forget
from klartecken.api.settings import Settings
from klartecken.desk.desk import Desk
from klartecken.desk.storage.tables.people import TOKENS
from klartecken.desk.storage.tables.plumbing import IDEMPOTENCY
from tests.api.asking import Asking, assert_problem, ledger_length
from tests.desk.clock import Clock

By = Callable[[str], Asking]
ZOE = {"name": "Zoe", "roles": ["viewer"]}


def test_the_same_answer_and_one_effect(by: By, desk: Desk) -> None:
    ada = by("Ada")
    first = ada.post("/people", ZOE, key="k")
    length = ledger_length(desk)
    again = ada.post("/people", ZOE, key="k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert ledger_length(desk) == length


def test_another_request_with_the_same_key(by: By) -> None:
    ada = by("Ada")
    assert ada.post("/people", ZOE, key="k").status_code == 201
    other = ada.post("/people", {**ZOE, "name": "Zed"}, key="k")
    assert_problem(other, 422, "idempotency-key")
    assert_problem(ada.post("/people/2/tokens", {}, key="k"), 422, "idempotency-key")


def test_a_key_is_its_owner_s(by: By) -> None:
    """Somebody else's key leads to nobody's answer but one's own."""
    first = by("Pia").post("/people/2/tokens", {}, key="k").json()
    second = by("Per").post("/people/3/tokens", {}, key="k").json()
    assert (first["person"], second["person"]) == (2, 3)


def test_an_error_is_not_kept(by: By) -> None:
    ada = by("Ada")
    assert_problem(ada.post("/tokens/999/revoke", {}, key="k"), 404, "not-found")
    assert ada.post("/people", ZOE, key="k").status_code == 201


def test_a_secret_is_told_once_and_kept_nowhere(by: By, desk: Desk) -> None:
    pia = by("Pia")
    first, again = (pia.post("/people/2/tokens", {"label": "laptop"}, key="k") for _ in "12")
    token = first.json()["token"]
    assert token.startswith("kt_")
    assert again.json() == {**first.json(), "token": None}
    assert Asking(pia.client, token).get("/me").json()["name"] == "Pia"
    with desk.read() as connection:
        kept = str(connection.execute(select(IDEMPOTENCY)).all())
        made = connection.execute(select(TOKENS).where(TOKENS.c.label == "laptop")).all()
    assert token.split("_")[2] not in kept
    assert len(made) == 1


def test_at_the_same_moment(desk: Desk, tokens: dict[str, str]) -> None:
    """Twelve at once, four keys: four people, and each key one answer."""
    with TestClient(create_app(desk, Settings(threads=12))) as client:
        ada, start = Asking(client, tokens["Ada"]), threading.Barrier(12)

        def ask(number: int) -> tuple[int, int, str]:
            start.wait()
            key = number % 4
            answer = ada.post("/people", {"name": f"Z{key}", "roles": ["viewer"]}, key=f"k{key}")
            return key, answer.status_code, answer.text

        with ThreadPoolExecutor(12) as pool:
            found = sorted(pool.map(ask, range(12)))
    assert [status for _, status, _ in found] == [201] * 12
    assert len({(key, text) for key, _, text in found}) == 4


def test_old_keys_are_forgotten(by: By, desk: Desk, clock: Clock) -> None:
    by("Ada").post("/people", ZOE, key="old")
    clock.pass_days(31)
    by("Ada").post("/people", {**ZOE, "name": "Zed"}, key="new")
    assert forget(desk, clock() - timedelta(30)) == 1
    assert forget(desk, clock() - timedelta(30)) == 0
    with desk.read() as connection:
        assert connection.execute(select(IDEMPOTENCY.c.key)).scalars().all() == ["new"]
