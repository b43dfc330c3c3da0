"""Deliveries are signed, retried and replayable, and none is sent by two workers at once."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Conflict, Forbidden, NotFound, Stale
from klartecken.desk.hooks import webhooks
from klartecken.desk.hooks.deliver import BACKOFF, CLAIM, deliver_due, waiting
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.plumbing import DELIVERIES
from klartecken.desk.work import Row, find
from klartecken.errors import InputError
from tests.desk.clock import Clock
from tests.desk.world import HERE

URL = "https://example.com/hook"


class Receiver:
    """What stands at the other end."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.had = status, list[tuple[str, bytes, dict[str, str]]]()

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.had.append((url, body, dict(headers)))
        if not self.status:
            raise InputError("cannot be reached (refused)")
        return self.status


@pytest.fixture
def secret(desk: Desk, people: dict[str, Person]) -> str:
    """Of webhook 1, which wants two kinds of event; webhook 2 wants all."""
    with desk.work(people["Ada"], HERE) as work:
        _, secret = webhooks.add_webhook(work, URL, ["line.held", "line.released"])
        webhooks.add_webhook(work, URL + "/all")
    return secret


def tell(desk: Desk, *events: str) -> None:
    with desk.work(DESK, HERE) as work:
        for event in events:
            work.tell(event, {"line": 7})


def rows(desk: Desk) -> list[Row]:
    with desk.read() as connection:
        return find(connection, DELIVERIES)


def test_signed_as_documented(desk: Desk, secret: str, clock: Clock) -> None:
    tell(desk, "line.released", "line.shipped")
    receiver = Receiver()
    sent = deliver_due(desk, receiver, clock())
    assert [one.error for one in sent] == ["", "", ""]
    assert [url for url, _, _ in receiver.had] == [URL, URL + "/all", URL + "/all"]
    _, body, headers = receiver.had[0]
    seconds, mark = (part.split("=")[1] for part in headers["Klartecken-Signature"].split(","))
    expected = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    assert mark == expected.hexdigest()
    assert int(seconds) == int(clock.now.timestamp())
    told = json.loads(body)
    assert (told["event"], told["data"]) == ("line.released", {"line": 7})
    assert told["event_id"] == headers["Klartecken-Event-Id"]
    assert len({headers["Klartecken-Event-Id"] for _, _, headers in receiver.had}) == 2
    assert deliver_due(desk, receiver, clock()) == []


@pytest.mark.parametrize("status", [0, 302, 400, 500])
def test_retried_ever_later_and_then_failed(
    desk: Desk, secret: str, clock: Clock, status: int
) -> None:
    tell(desk, "line.held")
    receiver = Receiver(status)
    for tries, wait in enumerate(BACKOFF, 1):
        assert len(deliver_due(desk, receiver, clock())) == 2
        assert deliver_due(desk, receiver, clock.now + timedelta(seconds=wait - 1)) == []
        assert {row["tries"] for row in rows(desk)} == {tries}
        clock.now += timedelta(seconds=wait + 1)
    deliver_due(desk, receiver, clock())
    assert {(row["state"], row["next_at"]) for row in rows(desk)} == {("failed", None)}
    assert all(row["last_error"] for row in rows(desk))
    clock.pass_days(30)
    assert deliver_due(desk, receiver, clock()) == []
    assert len({headers["Klartecken-Event-Id"] for _, _, headers in receiver.had}) == 1


def test_a_claim_is_kept_by_others_and_ends(desk: Desk, secret: str, clock: Clock) -> None:
    """A worker that is killed while it sends leaves the delivery to the next, after a while."""
    tell(desk, "line.held")

    class Killed(BaseException):
        pass

    def dies(*_: object) -> int:
        inner = Receiver()
        assert len(deliver_due(desk, inner, clock())) == 0  # both are claimed
        raise Killed

    with pytest.raises(Killed):
        deliver_due(desk, dies, clock())
    assert deliver_due(desk, Receiver(), clock()) == []
    clock.now += CLAIM
    assert len(deliver_due(desk, Receiver(), clock())) == 2
    assert {row["state"] for row in rows(desk)} == {"done"}


def test_only_if_committed_and_active(desk: Desk, secret: str, people: dict[str, Person],
                                      clock: Clock) -> None:  # fmt: skip
    with pytest.raises(NotFound), desk.work(DESK, HERE) as work:  # noqa: PT012
        work.tell("line.held", {})
        work.get(DELIVERIES, 99)
    assert rows(desk) == []
    tell(desk, "line.held")
    with desk.work(people["Ada"], HERE) as work:
        webhooks.change_webhook(work, 2, active=False, expected=1)
    tell(desk, "line.held")
    assert len(deliver_due(desk, Receiver(), clock())) == 2  # those of the active one
    with desk.read() as connection:
        assert waiting(connection) == 1


def test_replay(desk: Desk, secret: str, people: dict[str, Person], clock: Clock) -> None:
    tell(desk, "line.held")
    start = clock()
    with desk.work(people["Ada"], HERE) as work, pytest.raises(Conflict):
        webhooks.replay(work, 1, 1)
    deliver_due(desk, Receiver(), clock())
    with desk.work(people["Ada"], HERE) as work:
        assert webhooks.replay(work, 1, 1, "lost")["state"] == "waiting"
        with pytest.raises(NotFound):
            webhooks.replay(work, 2, 1)
        assert webhooks.replay_since(work, 2, start - timedelta(1)) == 0
        assert webhooks.replay_since(work, 2, start - timedelta(1), only_failed=False) == 1
    again = Receiver()
    assert len(deliver_due(desk, again, clock())) == 2
    with pytest.raises(Forbidden), desk.work(people["Pia"], HERE) as work:
        webhooks.replay(work, 1, 1)


def test_another_secret(desk: Desk, secret: str, people: dict[str, Person], clock: Clock) -> None:
    with desk.work(people["Ada"], HERE) as work:
        other = webhooks.new_secret(work, 1, expected=1)
    with pytest.raises(Stale), desk.work(people["Ada"], HERE) as work:
        webhooks.new_secret(work, 1, expected=1)
    tell(desk, "line.held")
    receiver = Receiver()
    deliver_due(desk, receiver, clock())
    body, headers = receiver.had[0][1:]
    seconds, mark = (part.split("=")[1] for part in headers["Klartecken-Signature"].split(","))
    signed = hmac.new(other.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    assert mark == signed.hexdigest()


def test_the_ledger_holds_no_secret(desk: Desk, secret: str) -> None:
    with desk.read() as connection:
        assert secret not in str(connection.execute(select(LEDGER)).all())


@pytest.mark.parametrize(
    "address", ["", "https://a b", "https://ä.example", "x" * 3000, "https://\0", "https://a\n"]
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(InputError):
        webhooks.read_url(address)


@pytest.mark.parametrize("event", ["", "Line.Held", "a b", "a" * 40, "line.held\n", "a.b.c.d"])
def test_events_that_are_none(event: str) -> None:
    with pytest.raises(InputError):
        webhooks.read_events([event])
