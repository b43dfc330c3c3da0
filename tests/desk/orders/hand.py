"""What people do with order lines, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select

from klartecken.desk.desk import Desk
from klartecken.desk.orders import assign, enter, leave, manual
from klartecken.desk.orders.importing import Imported, import_rows
from klartecken.desk.orders.reevaluate import Report, reevaluate
from klartecken.desk.orders.release import release
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables import METADATA
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.orders import LINES, RELEASES
from klartecken.desk.work import Row, Work, find, get
from klartecken.parties.resolve.context import Context
from tests.desk.clock import Clock
from tests.desk.licences.world import add_licence
from tests.desk.world import HERE, h20, line

T = TypeVar("T")
#: above 50,000 USD in total a statement of the end user would be needed too
LICENSED = {"unit": "number", "unit_price": "5000.00"}


@dataclass
class Hand:
    """A desk with its people; ``by`` says who does it."""

    desk: Desk
    people: Mapping[str, Person]
    clock: Clock

    def do(self, by: str, what: Callable[[Work], T]) -> T:
        with self.desk.work(self.people[by], HERE) as work:
            return what(work)

    def enter(self, number: int = 1, by: str = "Pia", **said: Any) -> Row:
        return self.do(by, lambda work: enter.enter(self.desk, work, line(number, **said)))

    def h20(self, number: int = 1, by: str = "Pia", **said: Any) -> Row:
        return self.do(by, lambda work: enter.enter(self.desk, work, h20(number, **said)))

    def edit(self, ident: int, by: str = "Per", why: str = "", **said: Any) -> Row:
        return self.do(by, lambda work: enter.edit(self.desk, work, ident, said, why))

    def cancel(self, ident: int, by: str = "Pia", why: str = "not wanted") -> Row:
        return self.do(by, lambda work: enter.cancel(work, ident, why))

    def release(self, ident: int, by: str = "Ann", **more: Any) -> Row:
        return self.do(by, lambda work: release(self.desk, work, ident, **more))

    def ship(self, ident: int, by: str = "Liv", on: date | None = None, **more: Any) -> Row:
        return self.do(by, lambda work: leave.ship(self.desk, work, ident, on, **more))

    def take_back(self, ident: int, by: str = "Liv", why: str = "not taken") -> Row:
        return self.do(by, lambda work: leave.take_back(work, ident, why))

    def hold(self, ident: int, by: str = "Ann", reason: str = "a doubt") -> Row:
        return self.do(by, lambda work: manual.place_hold(self.desk, work, ident, reason))

    def lift(self, hold: int, by: str = "Ann", why: str = "settled") -> Row:
        return self.do(by, lambda work: manual.lift_hold(self.desk, work, hold, why))

    def exception(self, ident: int, symbol: str = "NAC", by: str = "Liv") -> Row:
        return self.do(by, lambda work: assign.assign_exception(self.desk, work, ident, symbol))

    def licence(self, ident: int, licence_line: int, by: str = "Liv") -> Row:
        return self.do(by, lambda w: assign.assign_licence(self.desk, w, ident, licence_line))

    def unassign(self, ident: int, by: str = "Liv") -> Row:
        return self.do(by, lambda work: assign.unassign(self.desk, work, ident))

    def decide(self, ident: int, by: str = "Ari", approve: bool = True, why: str = "seen") -> Row:
        with self.desk.read() as connection:
            asked = assign.open_assignment(connection, ident)
        return self.do(by, lambda w: assign.decide_assignment(self.desk, w, asked, approve, why))

    def evaluate(self, by: str = "Rut", *idents: int) -> Report:
        return reevaluate(self.desk, self.people[by], HERE, idents or None)

    def book(self, *said: Mapping[str, Any], by: str = "Pia", **more: Any) -> Imported:
        rows = list(enumerate(said, 2))
        return import_rows(self.desk, self.people[by], HERE, rows, "book", **more)

    # -- ready-made ------------------------------------------------------------------------
    def released(self, number: int = 1, **said: Any) -> Row:
        return self.release(self.enter(number, **said)["id"])

    def shipped(self, number: int = 1, **said: Any) -> Row:
        return self.ship(self.released(number, **said)["id"])

    def licensed(self, number: int = 1, licence_line: int | None = None, **said: Any) -> Row:
        """An H20 to China on an approved licence: it waits for its release."""
        if licence_line is None:
            licence_line = self.new_licence()
        ident = self.h20(number, **LICENSED, **said)["id"]
        self.licence(ident, licence_line)
        return self.decide(ident)

    def new_licence(self, **data: Any) -> int:
        said = {"lines": [{"item": "nvidia-h20", "eccn": "3A090.b", "quantity": "100",
                           "unit": "number", "value": "50000", "currency": "USD"}]}  # fmt: skip
        _, idents = add_licence(self.desk, self.people, **{**said, **data})
        return idents[0]

    # -- looking ---------------------------------------------------------------------------
    def now(self, ident: int) -> Row:
        with self.desk.read() as connection:
            return get(connection, LINES, ident)

    def release_of(self, ident: int) -> Row:
        """The last release of a line."""
        with self.desk.read() as connection:
            return find(connection, RELEASES, line=ident)[-1]

    def lists(self, context: Context) -> None:
        """From now on, the lists are these."""
        self.desk.contexts = lambda: context

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that the database holds."""
        with self.desk.read() as connection:
            return {table.name: sorted((repr(tuple(row)) for row in
                                        connection.execute(select(table))), key=str)
                    for table in METADATA.sorted_tables}  # type: ignore[misc]  # fmt: skip

    def entries(self, ident: int) -> list[str]:
        """What was done with a line, in order."""
        with self.desk.read() as connection:
            query = select(LEDGER.c.action).where(LEDGER.c.subject == "lines",
                                                  LEDGER.c.subject_id == ident)  # fmt: skip
            return list(connection.execute(query.order_by(LEDGER.c.seq)).scalars())


def codes(row: Row) -> list[str]:
    """The holds of a line, by their codes."""
    return [hold["code"] for hold in row["holds"]]
