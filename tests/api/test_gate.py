"""Nobody passes without a token but to /health; who may do what, as a table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from klartecken.api.gate import OPEN, PERMISSION, GuardedRoute
from klartecken.desk.desk import Desk
from klartecken.desk.people.accounts import change_person, new_token, revoke_token
from klartecken.desk.people.roles import DESK, ROLES
from tests.api import papers
from tests.api.asking import Asking, assert_problem, ledger_length
from tests.api.conftest import only_sqlite
from tests.api.fits import document_of
from tests.desk.clock import Clock
from tests.desk.world import HERE, STAFF

By = Callable[[str], Asking]

#: Every endpoint, and what it needs: written down here once more, so that none slips.
NEEDS = {
    ("POST", "/determinations"): "ask",
    ("POST", "/determinations/bulk"): "ask",
    ("GET", "/lines"): "view",
    ("POST", "/lines"): "line.enter",
    ("GET", "/lines/{ident}"): "view",
    ("PATCH", "/lines/{ident}"): "line.edit",
    ("GET", "/lines/{ident}/story"): "view",
    ("POST", "/lines/{ident}/evaluate"): "line.reevaluate",
    ("POST", "/lines/{ident}/assignment"): "authorisation.assign",
    ("POST", "/lines/{ident}/holds"): "hold.place",
    ("POST", "/lines/{ident}/holds/{hold}/lift"): "hold.lift",
    ("POST", "/lines/{ident}/cancel"): "line.cancel",
    ("POST", "/lines/{ident}/release"): "line.release",
    ("POST", "/lines/{ident}/ship"): "line.ship",
    ("POST", "/lines/{ident}/take-back"): "line.ship",
    ("POST", "/releases/bulk"): "line.release",
    ("POST", "/shipments/bulk"): "line.ship",
    ("GET", "/releases"): "view",
    ("GET", "/releases/{ident}"): "view",
    ("GET", "/releases/{ident}/receipt"): "view",
    ("GET", "/worklist"): "view",
    ("GET", "/worklist/summary"): "view",
    ("GET", "/worklist.csv"): "view",
    ("GET", "/worklist.xlsx"): "view",
    ("POST", "/imports"): "line.enter",
    ("POST", "/imports/file"): "line.enter",
    ("GET", "/imports/template"): "view",
    ("POST", "/runs/reevaluate"): "line.reevaluate",
    ("GET", "/runs"): "view",
    ("GET", "/runs/{ident}"): "view",
    ("GET", "/look-backs"): "view",
    ("GET", "/look-backs/{ident}"): "view",
    ("POST", "/look-backs/{ident}/close"): "lookback.close",
    ("GET", "/break-glass"): "view",
    ("POST", "/break-glass"): "breakglass.ask",
    ("GET", "/break-glass/{ident}"): "view",
    ("POST", "/break-glass/{ident}/second"): "breakglass.second",
    ("POST", "/break-glass/{ident}/end"): "breakglass.ask",
    ("POST", "/break-glass/{ident}/report"): "breakglass.ask",
    ("GET", "/settings"): "view",
    ("GET", "/settings/{name}"): "view",
    ("PATCH", "/settings/{name}"): "settings.edit",
    ("GET", "/reference/holds"): "view",
    ("GET", "/reference/machines"): "view",
    ("GET", "/reference/roles"): "view",
    ("GET", "/me"): "view",
    ("GET", "/people"): "view",
    ("POST", "/people"): "people.manage",
    ("GET", "/people/{ident}"): "view",
    ("PATCH", "/people/{ident}"): "people.manage",
    ("GET", "/people/{ident}/tokens"): "view",
    ("POST", "/people/{ident}/tokens"): "view",
    ("POST", "/tokens/{ident}/revoke"): "view",
    ("GET", "/approvals"): "view",
    ("GET", "/approvals/{ident}"): "view",
    ("POST", "/approvals/{ident}/decision"): "approve",
    ("GET", "/ledger"): "audit.read",
    ("GET", "/ledger/{seq}"): "audit.read",
    ("GET", "/webhooks"): "webhook.manage",
    ("POST", "/webhooks"): "webhook.manage",
    ("GET", "/webhooks/{ident}"): "webhook.manage",
    ("PATCH", "/webhooks/{ident}"): "webhook.manage",
    ("POST", "/webhooks/{ident}/secret"): "webhook.manage",
    ("GET", "/webhooks/{ident}/deliveries"): "webhook.manage",
    ("POST", "/webhooks/{ident}/deliveries/{delivery}/replay"): "webhook.manage",
    ("POST", "/webhooks/{ident}/replay"): "webhook.manage",
    ("GET", "/health"): OPEN,
    ("GET", "/metrics"): "view",
    ("GET", "/openapi.json"): "view",
    **papers.NEEDS,
}
ONE_OF_EACH = {roles[0]: name for name, roles in STAFF.items()}


def endpoints(app: FastAPI) -> dict[tuple[str, str], str]:
    found = {}
    for route in app.routes:
        assert isinstance(route, GuardedRoute), route
        for method in route.methods or ():
            found[method, route.path] = (route.openapi_extra or {})[PERMISSION]
    return found


def address(path: str) -> str:
    """An address of what is not there: whoever is let in meets a 404."""
    return re.sub(r"\{\w+\}", "999999", path.replace("{subject}", "licences"))


def media_of(app: FastAPI, method: str, path: str) -> str:
    """The type of body that an endpoint takes."""
    operation = document_of(app)["paths"][path][method.lower()]
    return next(iter(operation.get("requestBody", {}).get("content", {})), "application/json")


@only_sqlite
def test_the_table_is_that_of_the_app(app: FastAPI) -> None:
    assert endpoints(app) == NEEDS


@only_sqlite
def test_nobody_passes_without_a_token(client: TestClient, app: FastAPI) -> None:
    for (method, path), needed in endpoints(app).items():
        answer = client.request(method, address(path), json={})
        if needed == OPEN:
            assert (path, answer.status_code) == ("/health", 200)
        else:
            assert_problem(answer, 401, "unauthenticated")
            assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("role", sorted(ROLES))
def test_roles_and_endpoints(role: str, by: By, desk: Desk, app: FastAPI) -> None:
    who, before = by(ONE_OF_EACH[role]), ledger_length(desk)
    for (method, path), needed in NEEDS.items():
        body = b'{"lines": []}' if path == "/runs/reevaluate" else b"{}"  # by itself it does all
        answer = who.raw(method, address(path), body, Content_Type=media_of(app, method, path),
                         Idempotency_Key=f"{method}{path}", If_Match='"1"')  # fmt: skip
        if needed == OPEN or ROLES[role] & {*needed.split("|")}:
            assert answer.status_code not in (401, 403), (method, path, answer.text)
        else:
            assert_problem(answer, 403, "forbidden")
    assert ledger_length(desk) == before


@pytest.mark.parametrize("said", [
    "", "Bearer", "Bearer ", "Basic YTpi", "Bearer kt_", "Bearer kt_0000000000000000_" + "a" * 43,
    "Bearer kt_%00_x", "Bearer " + "x" * 9000, "Bearer a b", "kt_x",
    "Bearer eyJhbGciOiJub25lIn0.e30.",
])  # fmt: skip
@only_sqlite
def test_wrong_credentials(client: TestClient, said: str) -> None:
    assert_problem(client.get("/me", headers={"Authorization": said}), 401, "unauthenticated")


@only_sqlite
def test_two_credentials(client: TestClient, tokens: dict[str, str]) -> None:
    both = [("authorization", f"Bearer {tokens[name]}") for name in ("Vic", "Ada")]
    assert_problem(client.get("/me", headers=both), 401, "unauthenticated")


def test_a_token_ends(desk: Desk, clock: Clock, client: TestClient) -> None:
    with desk.work(DESK, HERE) as work:
        soon = work.now.replace(hour=12)
        ident, revoked = new_token(work, 2)
        _, brief = new_token(work, 2, expires_at=soon)
        _, left = new_token(work, 3)
    for token in (revoked, brief, left):
        assert Asking(client, token).get("/me").status_code == 200
    with desk.work(DESK, HERE) as work:
        change_person(work, 3, active=False)
    clock.pass_days(1)
    with desk.work(DESK, HERE) as work:
        revoke_token(work, ident)
    for token in (revoked, brief, left):
        assert_problem(Asking(client, token).get("/me"), 401, "unauthenticated")


def test_the_body_is_read_by_nobody_before(client: TestClient, by: By) -> None:
    """Who is not let in learns nothing of what is wrong with the body."""
    assert client.post("/people", content=b"{broken").status_code == 401
    assert by("Vic").raw("POST", "/people", b"{broken").status_code == 403


@only_sqlite
def test_me(by: By) -> None:
    told: dict[str, Any] = json.loads(by("Aud").get("/me").text)
    assert told == {"id": 8, "name": "Aud", "roles": ["auditor"],
                    "permissions": sorted(ROLES["auditor"])}  # fmt: skip
