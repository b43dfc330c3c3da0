"""A desk whose processes are killed: run as a program, it reports what it found as JSON.

``python -m tests.desk.faults URL ROUNDS SEED``: forks a process for each round, which imports,
assigns, releases, ships and evaluates, and kills it (SIGKILL) at some moment. Between rounds it
looks at the desk; at the end it lets the work be finished, and looks once more.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import select

from klartecken.desk.desk import Desk, open_desk
from klartecken.desk.errors import DeskError
from klartecken.desk.ledger.verify import verify
from klartecken.desk.licences import licence
from klartecken.desk.orders import assign, leave
from klartecken.desk.orders.importing import import_rows
from klartecken.desk.orders.reevaluate import reevaluate
from klartecken.desk.orders.release import release
from klartecken.desk.people.accounts import person
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.licences import LICENCE_LINES, MOVEMENTS
from klartecken.desk.storage.tables.orders import LINE_HOLDS, LINES, RELEASES
from klartecken.desk.work import find
from tests.desk.clock import Clock
from tests.desk.world import HERE, STAFF, h20, line, nobody_listed, staff

LINES_OF_BOOK = 60
LICENSED = 40  # pieces


def book() -> list[tuple[int, dict[str, Any]]]:
    """Lines that need no licence, and lines that need one, of one piece each."""
    made = []
    for number in range(1, LINES_OF_BOOK + 1):
        said = (h20 if number % 2 else line)(number, quantity="1", unit_price="1000.00")
        made.append((number, said))
    return made


def main(url: str, rounds: int, seed: int) -> dict[str, Any]:
    """All rounds, then the end."""
    chance = random.Random(seed)
    prepare(url)
    killed, wrong, grown = 0, [], []
    for number in range(rounds):
        wait = chance.uniform(0.005, 0.7)
        done = one_round(url, wait, chance.random())
        killed += done == -signal.SIGKILL
        if done not in (0, -signal.SIGKILL):
            wrong.append(f"round {number}: the work itself failed ({done})")
        wrong += [f"round {number}: {text}" for text in look(url)]
        grown.append(entries(url))
    with at(url) as (desk, people):
        work_through(desk, people, random.Random(1), whole=True)
        work_through(desk, people, random.Random(2), whole=True)
    wrong += [f"at the end: {text}" for text in (*look(url), *finished(url))]
    return {"rounds": rounds, "killed": killed, "wrong": wrong,
            "rounds_with_effect": len(set(grown)), "entries": entries(url)}  # fmt: skip


def prepare(url: str) -> None:
    """Staff, and a licence for fewer pieces than are ordered."""
    with at(url, new=True) as (desk, people):
        with desk.work(people["Liv"], HERE) as work:
            ident = licence.register(work, {
                "number": "X-1", "regime": "us-ear", "holder": "NVIDIA", "exporter": "NVIDIA",
                "destination": "CN", "end_use": "commercial", "issued_on": "2025-07-01",
                "expires_on": "2029-07-01", "in_hand_on": "2025-07-02",
                "document_name": "x.pdf", "document_sha256": "a" * 64,
                "lines": [{"item": "nvidia-h20", "eccn": "3A991.p", "quantity": str(LICENSED),
                           "unit": "pieces", "value": "40000", "currency": "USD"}],
                "parties": [{"role": role, "name": "Lantern Cloud Computing", "country": "CN"}
                            for role in ("consignee", "end_user")],
            })  # fmt: skip
        with desk.work(people["Ann"], HERE) as work:
            licence.verify(work, ident, "seen")


def one_round(url: str, wait: float, seed: float) -> int:
    """Fork, let it work for a while, kill it; how it ended."""
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with at(url) as (desk, people):
                os.write(tell, b".")
                chance = random.Random(seed)
                while True:
                    work_through(desk, people, chance)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.read(ready, 1)
    os.close(ready)
    os.close(tell)
    time.sleep(wait)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


@contextmanager
def at(url: str, new: bool = False) -> Iterator[tuple[Desk, dict[str, Person]]]:
    """A desk and its people."""
    context = nobody_listed()
    desk = open_desk(url, clock=Clock(date(2025, 7, 15)), context=lambda: context)
    try:
        if new:
            with desk.work(DESK, HERE) as work:
                staff(work)
        with desk.read() as connection:
            yield desk, {n: person(connection, i) for i, n in enumerate(STAFF, 1)}
    finally:
        desk.close()


def work_through(
    desk: Desk, people: dict[str, Person], chance: random.Random, whole: bool = False
) -> None:
    """Import, evaluate, assign, approve, release and ship what can be."""
    rows = book()
    chance.shuffle(rows)
    if whole or chance.random() < 0.4:
        part = rows if whole else rows[: chance.randint(1, LINES_OF_BOOK)]
        import_rows(desk, people["Pia"], HERE, part, "book.csv")
    if whole or chance.random() < 0.4:
        reevaluate(desk, people["Rut"], HERE)
    with desk.read() as connection:
        held = find(connection, LINES)
    chance.shuffle(held)
    for row in held:
        for who, act in steps(desk, row):
            try:
                with desk.work(people[who], HERE) as work:
                    act(work)
            except DeskError:
                continue


def steps(desk: Desk, row: dict[str, Any]) -> Iterator[tuple[str, Callable[[Any], object]]]:
    """What is tried with a line; most of it is refused most of the time."""
    ident = row["id"]
    if row["item"] == "nvidia-h20":
        yield "Liv", lambda work: assign_once(desk, work, ident)
        yield (
            "Ann",
            lambda work: assign.decide_assignment(
                desk, work, assign.open_assignment(work.connection, ident), True, "fits"
            ),
        )
    yield "Ari", lambda work: release(desk, work, ident, "ready")
    yield "Sam", lambda work: leave.ship(desk, work, ident)
    if ident % 7 == 0:
        yield "Sam", lambda work: leave.take_back(work, ident, "refused by the customer")


def assign_once(desk: Desk, work: Any, ident: int) -> None:
    if not work.get(LINES, ident)["authorisation"]:
        assign.assign_licence(desk, work, ident, 1, "on order")


def look(url: str) -> list[str]:
    """What is wrong with a desk, whatever has happened to it."""
    wrong: list[str] = []
    with at(url) as (desk, _), desk.read() as connection:
        found = verify(connection)
        wrong += [f"ledger: {finding}" for finding in found.findings]
        rows = find(connection, LINES)
        names = [row["external_id"] for row in rows]
        if len(names) != len(set(names)):
            wrong.append("a line stands there twice")
        for row in rows:
            if (row["state"] in ("ready", "released", "shipped")) and row["holds"]:
                wrong.append(f"line {row['id']} is {row['state']} with {row['holds']}")
            if row["state"] == "held" and not row["holds"]:
                wrong.append(f"line {row['id']} is held without a hold")
        index = {tuple(one) for one in connection.execute(select(LINE_HOLDS))}
        if index != {(row["id"], hold["code"]) for row in rows for hold in row["holds"]}:
            wrong.append("the index of holds does not fit")
        wrong += balances(connection, rows) + releases(connection, rows)
    return wrong


def balances(connection: Any, rows: list[dict[str, Any]]) -> list[str]:
    """Balances are the sums of the movements, and within the licence."""
    (licensed,) = find(connection, LICENCE_LINES)
    reserved = shipped = 0
    for move in find(connection, MOVEMENTS):
        match move["kind"]:
            case "reserve":
                reserved += move["quantity"]
            case "unreserve":
                reserved -= move["quantity"]
            case "consume":
                reserved, shipped = reserved - move["quantity"], shipped + move["quantity"]
            case "return":
                shipped -= move["quantity"]
            case other:
                return [f"unknown movement {other}"]
    wrong = []
    if (licensed["reserved_quantity"], licensed["shipped_quantity"]) != (reserved, shipped):
        wrong.append(f"balances {licensed} are not the sums {reserved}, {shipped}")
    left = sum(row["quantity"] for row in rows
               if row["state"] == "shipped" and row["authorisation"] == "licence")  # fmt: skip
    if left != shipped or not 0 <= reserved + shipped <= LICENSED:
        wrong.append(f"{left} pieces have left, {shipped} are written off, {reserved} reserved")
    return wrong


def releases(connection: Any, rows: list[dict[str, Any]]) -> list[str]:
    """Each released line has one release that is good for it, each shipped one a used one."""
    held = find(connection, RELEASES)
    wrong = []
    for row in rows:
        mine = [one for one in held if one["line"] == row["id"]]
        valid = [one for one in mine if one["state"] == "valid"]
        used = [one for one in mine if one["state"] == "used"]
        if row["state"] == "released" and [one["id"] for one in valid] != [row["release"]]:
            wrong.append(f"line {row['id']} is released on {valid}")
        if row["state"] != "released" and valid:
            wrong.append(f"line {row['id']} is {row['state']} and still has {valid}")
        if row["state"] in ("shipped", "returned") and len(used) != 1:
            wrong.append(f"line {row['id']} left on {used}")
    return wrong


def finished(url: str) -> list[str]:
    """After the work is done: nothing lost, nothing doubled."""
    with at(url) as (desk, _), desk.read() as connection:
        rows = find(connection, LINES)
    wrong = []
    if len(rows) != LINES_OF_BOOK:
        wrong.append(f"{len(rows)} lines of {LINES_OF_BOOK}")
    free = [row for row in rows if row["item"] != "nvidia-h20"]
    if any(row["state"] not in ("shipped", "returned") for row in free):
        wrong.append("a line that needs no licence has not left")
    return wrong


def entries(url: str) -> int:
    with at(url) as (desk, _), desk.read() as connection:
        return len(connection.execute(select(LEDGER.c.seq)).all())


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
