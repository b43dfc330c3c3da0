"""Releases and shipments over HTTP: once for each key, each line by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from klartecken.api.routes import releases
from klartecken.decide.replay import replay
from klartecken.desk.desk import Desk
from klartecken.desk.errors import StorageError
from tests.api.asking import assert_problem, ledger_length
from tests.api.conftest import only_sqlite
from tests.api.ordering import By, entered, now
from tests.desk.clock import Clock
from tests.desk.world import h20, line


def test_released_shipped_and_taken_back(by: By, clock: Clock) -> None:
    ident = entered(by)["id"]
    assert_problem(by("Pia").post(f"/lines/{ident}/release"), 403, "forbidden")
    released = by("Ann").post(f"/lines/{ident}/release", {"days": 3}).json()
    given = by("Vic").get(f"/releases/{released['release']}").json()
    assert (given["until"], given["authorised_by"], given["state"]) == (
        "2025-07-18", "NLR", "valid")  # fmt: skip
    receipt = by("Vic").get(f"/releases/{given['id']}/receipt").json()
    assert receipt["seal"] == given["receipt"]
    assert replay(receipt).same
    clock.pass_days(1)
    liv = by("Liv")
    assert_problem(liv.post(f"/lines/{ident}/ship", {"on": "2025-07-19"}), 422, "input")
    assert_problem(liv.post(f"/lines/{ident}/ship", {"on": "2025-07-14"}), 409, "refused")
    assert_problem(liv.post(f"/lines/{ident}/ship", {"version": 1}), 412, "stale")
    shipped = liv.post(f"/lines/{ident}/ship", {"on": "2025-07-15", "itn": "X20250715000001"})
    row = shipped.json()
    assert (row["state"], row["shipped_on"], row["itn"]) == (
        "shipped", "2025-07-15", "X20250715000001")  # fmt: skip
    assert by("Vic").get("/releases?state=used").json()["items"][0]["line"] == ident
    assert_problem(by("Pia").patch(f"/lines/{ident}", {"quantity": "1"}, row["version"]),
                   409, "illegal-event")  # fmt: skip
    back = liv.post(f"/lines/{ident}/take-back", {"why": "refused at the door"})
    assert back.json()["state"] == "returned"


def test_release_and_ship_come_again(by: By, desk: Desk) -> None:
    """The same key: the same answer, one release, one shipment. Another key: it cannot happen."""
    ident = entered(by)["id"]
    for who, path in (("Ann", f"/lines/{ident}/release"), ("Liv", f"/lines/{ident}/ship")):
        first = by(who).post(path, {"why": "fine"}, key="k")
        length = ledger_length(desk)
        again = by(who).post(path, {"why": "fine"}, key="k")
        assert (first.status_code, again.status_code) == (200, 200)
        assert (again.json(), again.headers["etag"]) == (first.json(), first.headers["etag"])
        assert again.headers["idempotency-replayed"] == "true"
        assert ledger_length(desk) == length
        assert_problem(by(who).post(path, {"why": "fine"}), 409, "illegal-event")
        assert ledger_length(desk) == length
    assert len(by("Vic").get("/releases").json()["items"]) == 1


def test_who_entered_does_not_release(by: By, desk: Desk) -> None:
    """Nor through the bulk endpoint."""
    ada = by("Ada")
    both = ada.patch("/people/2", {"roles": ["preparer", "approver"]}, 1)
    assert both.status_code == 200
    ident = entered(by, who="Pia")["id"]
    told = assert_problem(by("Pia").post(f"/lines/{ident}/release"), 409, "refused")
    assert "cannot release it" in told["detail"]
    many = by("Pia").post("/releases/bulk", {"lines": [{"line": ident}]}).json()
    assert (many["done"], many["results"][0]["error"]["type"]) == (0, "urn:klartecken:refused")
    assert now(by, ident)["state"] == "ready"


def many(*idents: int, **said: Any) -> dict[str, Any]:
    return {"lines": [{"line": ident} for ident in idents], **said}


def test_each_line_by_itself(by: By, desk: Desk) -> None:
    """One that is refused hinders no other; the answer says what came of each."""
    good, other = entered(by)["id"], entered(by, line(2))["id"]
    bad, seen = entered(by, h20(3))["id"], entered(by, line(4))
    said = many(good, bad, 999, other)
    said["lines"].append({"line": seen["id"], "version": seen["version"] + 1})
    first = by("Ann").post("/releases/bulk", said, key="k")
    body = first.json()
    assert (first.status_code, body["done"], body["failed"]) == (200, 2, 3)
    assert [one["line"] for one in body["results"]] == [good, bad, 999, other, seen["id"]]
    assert [one["state"] for one in body["results"]] == [
        "released", None, None, "released", None]  # fmt: skip
    assert [one["error"]["status"] for one in body["results"] if one["error"]] == [409, 404, 412]
    length = ledger_length(desk)
    again = by("Ann").post("/releases/bulk", said, key="k")
    assert (again.json(), ledger_length(desk)) == (body, length)
    assert again.headers["idempotency-replayed"] == "true"
    shipped = by("Liv").post("/shipments/bulk", many(good, bad, other, why="left")).json()
    assert (shipped["done"], shipped["failed"]) == (2, 1)
    assert [now(by, ident)["state"] for ident in (good, bad, other)] == [
        "shipped", "held", "shipped"]  # fmt: skip


@only_sqlite
def test_many_that_cannot_be_read(by: By, desk: Desk) -> None:
    ident, ann = entered(by)["id"], by("Ann")
    before = ledger_length(desk)
    assert_problem(ann.post("/releases/bulk", many(ident, ident), key="k"), 422, "input")
    assert_problem(ann.post("/releases/bulk", many()), 422, "validation")
    assert_problem(ann.post("/releases/bulk", many(*range(1, 502))), 422, "validation")
    assert_problem(by("Pia").post("/releases/bulk", many(ident)), 403, "forbidden")
    assert ledger_length(desk) == before
    assert (
        ann.post("/releases/bulk", many(ident), key="k").json()["done"] == 1
    )  # the key was let go


@contextmanager
def stopped_after(count: int, monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[None]:
    """The program comes to an end while it works on a later line."""
    real, left = getattr(releases, name), [count]

    def cut(*args: Any, **said: Any) -> Any:
        if not left[0]:
            raise StorageError("the database is gone")
        left[0] -= 1
        return real(*args, **said)

    with monkeypatch.context() as patched:
        patched.setattr(releases, name, cut)
        yield


def test_stopped_halfway_and_asked_again(
    by: By, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same key goes on where it stopped: what was done is told as done, once."""
    idents = [entered(by, line(n))["id"] for n in range(1, 5)]
    ann, said = by("Ann"), many(*idents, why="fine")
    with stopped_after(2, monkeypatch, "release"):
        assert_problem(ann.post("/releases/bulk", said, key="k"), 503, "unavailable")
    assert [now(by, ident)["state"] for ident in idents] == ["released"] * 2 + ["ready"] * 2
    assert_problem(ann.post("/releases/bulk", many(*idents), key="k"), 422, "idempotency-key")
    body = ann.post("/releases/bulk", said, key="k").json()
    assert (body["done"], body["failed"]) == (4, 0)
    assert [one["state"] for one in body["results"]] == ["released"] * 4
    assert len(by("Vic").get("/releases").json()["items"]) == 4
    assert ann.post("/releases/bulk", said, key="k").json() == body
