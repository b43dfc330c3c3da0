"""Replays the story of the H20 at a desk of its own, with a clock of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from klartecken.desk.demo.lists import nobody_of_ours
from klartecken.desk.desk import Desk, open_desk
from klartecken.desk.errors import DeskError
from klartecken.desk.evidence import ladder
from klartecken.desk.licences import licence
from klartecken.desk.orders import assign, enter, leave
from klartecken.desk.orders.reevaluate import reevaluate
from klartecken.desk.orders.release import release
from klartecken.desk.people.accounts import add_person, person
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.connect import open_engine
from klartecken.desk.storage.migrate import upgrade
from klartecken.desk.storage.tables.licences import LICENCE_LINES
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.work import Row, Work, find

FILE = Path(__file__).with_name("h20.yaml")
CHANNEL = "the story"
PRICE = "12500.00"  # invented
STAFF = {"Pia": "preparer", "Ann": "approver", "Liv": "licence_manager", "Ada": "admin"}


@dataclass(frozen=True, slots=True)
class Told:
    """A day of the story, as it went.

    Attributes:
        told: what happened that day.
        rung: how far the evidence of a licence reached.
        refused: what the desk refused that day, and why.
        lines: each line as it stood at the end of the day.
        expected: the state that each line should be in.
    """

    day: date
    told: str
    rung: int | None
    refused: tuple[str, ...]
    lines: tuple[Row, ...]
    expected: Mapping[str, str]

    @property
    def differs(self) -> dict[str, str]:
        """Lines that are in another state than they should be."""
        states = {row["external_id"]: row["state"] for row in self.lines}
        return {name: states.get(name, "absent") for name, state in self.expected.items()
                if states.get(name) != state}  # fmt: skip


@dataclass
class Story:
    """A desk with its staff, its clock, and what it knows of the story."""

    url: str
    script: Mapping[str, Any] = field(
        default_factory=lambda: yaml.safe_load(FILE.read_text(encoding="utf-8"))
    )
    now: datetime = datetime(2025, 3, 24, 9, tzinfo=UTC)
    refused: list[str] = field(default_factory=list)
    licence: int = 0
    desk: Desk = field(init=False)
    people: dict[str, Person] = field(init=False)

    def __post_init__(self) -> None:
        engine = open_engine(self.url)
        upgrade(engine)
        engine.dispose()
        context = nobody_of_ours()
        self.desk = open_desk(self.url, clock=self.clock, context=lambda: context)
        with self.desk.work(DESK, CHANNEL) as work:
            for name, role in STAFF.items():
                add_person(work, name, [role])
        with self.desk.read() as connection:
            self.people = {name: person(connection, n) for n, name in enumerate(STAFF, 1)}

    def clock(self) -> datetime:
        """A moment after the last one."""
        self.now += timedelta(microseconds=1)
        return self.now

    def tell(self) -> Iterator[Told]:
        """The story, day by day."""
        for step in self.script["steps"]:
            self.now = datetime.combine(step["day"], time(9), UTC)
            self.refused = []
            for said in step["do"]:
                self.act(said.split())
            with self.desk.read() as connection:
                rows = find(connection, LINES)
            yield Told(step["day"], step["told"], step.get("rung"), tuple(self.refused),
                       tuple(rows), step["then"])  # fmt: skip

    def act(self, words: list[str]) -> None:
        """One thing that somebody does; ``refused`` before it says that the desk says no.

        Raises:
            AssertionError: the desk allowed what it should have refused.
        """
        if words[0] != "refused":
            ACTS[words[0]](self, *words[1:])
            return
        try:
            ACTS[words[1]](self, *words[2:])
        except DeskError as err:
            self.refused.append(f"{' '.join(words[1:])}: {err.what}")
            return
        raise AssertionError(f"the desk allowed: {' '.join(words[1:])}")

    def work(self, who: str) -> Any:
        """A transaction by one of the staff."""
        return self.desk.work(self.people[who], CHANNEL)

    def line(self, work: Work, name: str) -> Row:
        """A line by its name."""
        return work.find(LINES, external_id=name)[0]

    def customer(self, name: str) -> str:
        """The customer of a line, by name."""
        return str(self.script["customers"][self.script["lines"][name]["customer"]])


def _enter(story: Story, name: str) -> None:
    customer = story.customer(name)
    with story.work("Pia") as work:
        enter.enter(story.desk, work, {
            "external_id": name, "order_number": name[:3], "item": "nvidia-h20",
            "quantity": story.script["lines"][name]["quantity"], "unit": "pieces",
            "unit_price": PRICE, "currency": "USD", "destination": "CN", "ship_from": "US",
            "exporter": "NVIDIA", "consignee": customer, "end_user": customer,
            "end_use": "commercial", "facts": {"consignee_hq": "CN", "parent_hq": "CN"},
        })  # fmt: skip


def _release(story: Story, name: str) -> None:
    with story.work("Ann") as work:
        release(story.desk, work, story.line(work, name)["id"], "the story")


def _ship(story: Story, name: str) -> None:
    with story.work("Liv") as work:
        leave.ship(story.desk, work, story.line(work, name)["id"])


def _reevaluate(story: Story) -> None:
    reevaluate(story.desk, story.people["Pia"], CHANNEL)


def _record(story: Story, rung: str, name: str) -> None:
    with story.work("Liv") as work:
        ladder.record(work, LINES.name, story.line(work, name)["id"], rung=int(rung),
                      on=work.today, source="the ledger of events")  # fmt: skip


def _register(story: Story) -> None:
    said = story.script["licence"]
    customer = story.script["customers"][said["customer"]]
    value = str(Decimal(said["quantity"]) * Decimal(PRICE))
    with story.work("Liv") as work:
        story.licence = licence.register(work, {
            "number": said["number"], "regime": "us-ear", "holder": "NVIDIA",
            "exporter": "NVIDIA", "destination": "CN", "end_use": "commercial",
            "issued_on": work.today, "expires_on": date(2026, 8, 31), "in_hand_on": work.today,
            "document_name": "licence.pdf", "document_sha256": _document("licence"),
            "lines": [{"item": "nvidia-h20", "eccn": "3A991.p", "quantity": said["quantity"],
                       "unit": "pieces", "value": value, "currency": "USD"}],
            "parties": [{"role": role, "name": customer, "country": "CN"}
                        for role in ("consignee", "end_user")],
        }, "the document arrived")  # fmt: skip


def _verify(story: Story) -> None:
    with story.work("Ann") as work:
        licence.verify(work, story.licence, "compared with the document")


def _assign(story: Story, name: str) -> None:
    with story.work("Liv") as work:
        (line,) = work.find(LICENCE_LINES, licence=story.licence)
        assign.assign_licence(story.desk, work, story.line(work, name)["id"], line["id"])


def _approve(story: Story, name: str) -> None:
    with story.work("Ann") as work:
        asked = assign.open_assignment(work.connection, story.line(work, name)["id"])
        assign.decide_assignment(story.desk, work, asked, True, "the licence names this customer")


def _statement(story: Story, name: str) -> None:
    with story.work("Liv") as work:
        paper = ladder.record(
            work, LINES.name, story.line(work, name)["id"], kind="end_user_statement",
            on=work.today, source="invented", sha256=_document("statement"),
            party=story.customer(name),
        )  # fmt: skip
    with story.work("Ann") as work:
        ladder.verify(work, paper, "seen")
    reevaluate(story.desk, story.people["Pia"], CHANNEL)


def _document(name: str) -> str:
    """The hash of a document that does not exist."""
    return hashlib.sha256(f"invented {name}".encode()).hexdigest()


ACTS: dict[str, Callable[..., None]] = {
    "enter": _enter, "release": _release, "ship": _ship, "reevaluate": _reevaluate,
    "record": _record, "register": _register, "verify": _verify, "assign": _assign,
    "approve": _approve, "statement": _statement,
}  # fmt: skip
