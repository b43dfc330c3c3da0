"""A desk with staff, worked by commands alone, on a day that the tests choose. Names invented."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from klartecken.desk.demo.lists import keep_invented
from klartecken.desk.desk import open_desk
from klartecken.desk.people.accounts import new_token
from klartecken.desk.people.roles import DESK
from klartecken.desk.storage.tables.people import PEOPLE
from tests.desk.world import STAFF, staff
from tests.house.program import Ran, klartecken

DAY = date(2026, 11, 20)
LISTED = {
    "external_id": "E-1", "order_number": "SO-1", "item": "nvidia-l40s", "quantity": "8",
    "unit": "pieces", "unit_price": "7200.00", "currency": "USD", "destination": "DE",
    "ship_from": "US", "activity": "export", "exporter": "NVIDIA",
    "consignee": "Beispiel Rechenzentrum GmbH", "end_user": "Beispiel Rechenzentrum GmbH",
    "end_use": "commercial", "consignee_hq": "DE", "parent_hq": "DE",
}  # fmt: skip
H20 = {
    **LISTED, "external_id": "E-2", "order_number": "SO-2", "item": "nvidia-h20",
    "quantity": "100", "unit_price": "12500.00", "destination": "CN", "consignee_hq": "CN",
    "parent_hq": "CN", "consignee": "Lantern Cloud Computing",
    "end_user": "Lantern Cloud Computing",
}  # fmt: skip


def csv_of(*rows: dict[str, str]) -> str:
    """A table of order lines."""
    return "\n".join(",".join(cells) for cells in (rows[0], *(row.values() for row in rows))) + "\n"


def licence(**more: Any) -> dict[str, Any]:
    """A licence for 110 H20 to Lantern."""
    said = {
        "number": "D1234567", "holder": "NVIDIA", "destination": "CN", "end_use": "commercial",
        "issued_on": "2026-11-02", "expires_on": "2030-08-31",
        "lines": [{"item": "nvidia-h20", "eccn": "3A991.p", "quantity": 110, "unit": "pieces",
                   "value": "1375000.00", "currency": "USD"}],
        "parties": [{"role": role, "name": "Lantern Cloud Computing", "country": "CN"}
                    for role in ("consignee", "end_user")],
    }  # fmt: skip
    return {**said, **more}


@dataclass
class Office:
    """A desk, its folder, and the tokens of its staff by name."""

    url: str
    folder: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, by: str = "Pia") -> Ran:
        """`klartecken desk ARGUMENTS` by one of the staff."""
        return klartecken("desk", *arguments, "--db", self.url, "--home", str(self.folder / "home"),
                          "--token", self.tokens[by])  # fmt: skip

    def ask(self, *arguments: str, by: str = "Pia", code: int = 0) -> Any:
        """The JSON of a command."""
        ran = self.run(*arguments, "--json", by=by)
        assert ran.code == code, (arguments, ran)
        return json.loads(ran.out)

    def tell(self, *arguments: str, by: str = "Pia", code: int = 0) -> str:
        """The text of a command."""
        ran = self.run(*arguments, by=by)
        assert ran.code == code, (arguments, ran)
        return ran.out

    def fails(self, *arguments: str, by: str = "Pia", code: int = 2) -> str:
        """The one line of an error; nothing else is printed."""
        ran = self.run(*arguments, by=by)
        assert (ran.code, ran.out) == (code, ""), (arguments, ran)
        assert ran.err.startswith("Error: ")
        assert ran.err.count("\n") == 1
        return ran.err

    def file(self, name: str, content: Any) -> str:
        """A file in the folder: text, bytes, or data as JSON."""
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    def count(self) -> int:
        """How many entries the ledger has."""
        return int(self.ask("audit", "anchor", by="Aud")["seq"])


def office_at(url: str, folder: Path) -> Office:
    """A desk with one person for each role."""
    held = open_desk(url, folder / "home", clock=lambda: datetime.combine(DAY, time(8), UTC))
    tokens = {}
    with held.work(DESK, "tests") as work:
        staff(work)
        for row in work.find(PEOPLE):
            tokens[row["name"]] = new_token(work, row["id"])[1]
    held.close()
    assert set(tokens) == set(STAFF)
    keep_invented(folder / "home", DAY)
    return Office(url, folder, tokens)


@contextmanager
def on_day(day: date = DAY) -> Iterator[None]:
    """The commands' clock stands at nine o'clock of a day, and ticks."""
    import klartecken.cli.desk  # noqa: F401

    now = datetime.combine(day, time(9), UTC)

    def clock() -> datetime:
        nonlocal now
        now += timedelta(microseconds=1)
        return now

    before = [(module, module.utc_now) for name, module in [*sys.modules.items()]
              if name.startswith("klartecken.cli.desk") and hasattr(module, "utc_now")]  # fmt: skip
    assert len(before) > 3
    for module, _ in before:
        module.utc_now = clock  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module, old in before:
            module.utc_now = old
