"""The specification says all there is, and the API keeps to it (Schemathesis)."""

from __future__ import annotations

import contextlib
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.python.asgi import get_client
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from klartecken.desk.desk import Desk
from klartecken.desk.orders.enter import enter
from klartecken.desk.orders.manual import place_hold
from klartecken.desk.people.accounts import add_person, new_token
from klartecken.desk.people.roles import DESK, ROLES
from tests.api.asking import Asking, ledger_length
from tests.api.conftest import only_sqlite
from tests.desk.world import HERE, line

EACH = 3  # examples for each endpoint, of requests that fit and of those that do not
# what the specification cannot say (a chip that nobody knows) is refused; that a token is needed
# is tested endpoint by endpoint in test_gate
LEFT_OUT = [positive_data_acceptance, ignored_auth]
# in an address a list of one text looks like the text: only of a body is it known to be wrong
WITHOUT_BODY = [*LEFT_OUT, negative_data_rejection]
By = Callable[[str], Asking]
pytestmark = only_sqlite


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, item in document["paths"].items() for method, operation in item.items()
    ]  # fmt: skip


def test_what_it_says(by: By) -> None:
    document = by("Vic").get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["security"] == [{"bearer": []}]
    ids = set()
    for method, path, operation in operations(document):
        here = f"{method} {path}"
        assert operation["summary"], here
        assert operation["tags"], here
        ids.add(operation["operationId"])
        codes = set(operation["responses"])
        opened = operation.get("security") == []
        assert opened == (path == "/health"), here
        assert opened or {"401", "403"} <= codes, here
        for code, answer in operation["responses"].items():
            if int(code) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], here
        named = {one["name"] for one in operation.get("parameters", ())}
        assert ("If-Match" in named) == (method == "patch"), here
        changes = method == "post" and operation["x-kind"] != "ask"
        assert ("Idempotency-Key" in named) == changes, here
    assert len(ids) == len(operations(document))


def test_it_keeps_to_it(app: FastAPI, desk: Desk) -> None:
    """Requests drawn from the specification have answers that it foresees, and no other."""
    with desk.work(DESK, HERE) as work:
        headers = {"Authorization": f"Bearer {new_token(work, add_person(work, 'Max', ROLES))[1]}"}
        for number in range(1, 4):
            place_hold(desk, work, enter(desk, work, line(number))["id"], "to be lifted")
    document = schemathesis.openapi.from_asgi("/openapi.json", app, headers=headers)
    count, length = Counter[str](), ledger_length(desk)
    with warnings.catch_warnings(), get_client(app) as client:
        warnings.simplefilter("ignore")
        for found in document.get_all_operations():
            operation = found.ok()
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                count[mode.name] += run(operation, mode, client, headers)
    assert ledger_length(desk) > length  # some of it did something
    assert count["POSITIVE"] > 150, count
    assert count["NEGATIVE"] > 150, count


def run(operation: Any, mode: GenerationMode, client: Any, headers: dict[str, str]) -> int:
    """Some examples of one endpoint; how many."""
    count = 0
    has_body = any(body.media_type == "application/json" for body in operation.body)
    left_out = LEFT_OUT if has_body else WITHOUT_BODY

    @seed(1)
    @settings(max_examples=EACH, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(mode))
    def one(case: Any) -> None:
        nonlocal count
        count += 1
        case.call_and_validate(session=client, headers=headers, excluded_checks=left_out)

    with contextlib.suppress(Unsatisfiable):  # without input there is no wrong input
        one()
    return count
