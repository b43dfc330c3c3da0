"""A desk to measure: invented lines and parties, on SQLite or on a PostgreSQL of its own."""

from __future__ import annotations

import random
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from klartecken.desk.desk import Desk, open_desk  # noqa: E402
from klartecken.desk.people.accounts import add_person, new_token, person  # noqa: E402
from klartecken.desk.people.roles import DESK, Person  # noqa: E402
from klartecken.desk.storage.connect import open_engine  # noqa: E402
from klartecken.desk.storage.migrate import upgrade  # noqa: E402
from klartecken.facts.chips import load_catalogue  # noqa: E402
from klartecken.facts.places import load_places  # noqa: E402

STAFF = {"Ada": "admin", "Pia": "preparer", "Ann": "approver", "Liv": "licence_manager"}


def now() -> datetime:
    """The moment on this machine."""
    return datetime.now(UTC)


def made(url: str, context: Any = None) -> tuple[Desk, dict[str, Person], str]:
    """A new desk, its people, and the token of the preparer."""
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    desk = open_desk(url, clock=now, context=None if context is None else lambda: context)
    with desk.work(DESK, "bench") as work:
        for name, role in STAFF.items():
            add_person(work, name, [role])
    with desk.read() as connection:
        people = {name: person(connection, n) for n, name in enumerate(STAFF, 1)}
    with desk.work(people["Pia"], "bench") as work:
        token = new_token(work, people["Pia"].id, "bench")[1]
    return desk, people, token


MARKETS = ("US", "DE", "TW", "JP", "KR", "SG", "NL", "GB", "FR", "IN", "AE", "SA", "MY", "CN",
           "HK", "IL", "CA", "SE", "IE", "BR", "MX", "TH", "VN", "PL", "CH")  # fmt: skip


def lines(count: int, seed: int = 1, parties: int = 2000) -> list[tuple[int, dict[str, Any]]]:
    """Invented order lines of real chips: each customer sits in one place and mostly buys there."""
    chance = random.Random(seed)
    chips = [chip.id for chip in load_catalogue()]
    return [(n, _line(n, chance, chips, parties)) for n in range(1, count + 1)]


def _line(n: int, chance: random.Random, chips: list[str], parties: int) -> dict[str, Any]:
    customer = chance.randrange(parties)
    seat = MARKETS[customer % len(MARKETS)]
    place = seat if chance.random() < 0.8 else chance.choice(MARKETS)
    name = f"Invented Customer {customer:05d} Works"
    return {
        "external_id": f"L{n:07d}", "order_number": f"SO{n // 4:07d}",
        "item": chance.choice(chips), "quantity": str(chance.randint(1, 64)), "unit": "pieces",
        "unit_price": f"{chance.randint(500, 30000)}.00", "currency": "USD",
        "destination": place, "ship_from": "US", "exporter": "Example Distribution",
        "consignee": name, "end_user": name, "end_use": "commercial",
        "facts": {"consignee_hq": seat, "parent_hq": seat},
    }  # fmt: skip


def questions(count: int, seed: int = 2) -> list[dict[str, Any]]:
    """Questions as the API takes them, nearly all of them distinct."""
    chance = random.Random(seed)
    chips = [chip.id for chip in load_catalogue()]
    places = sorted(load_places().codes)
    day = date(2026, 1, 1).toordinal()
    return [
        {"item": chance.choice(chips), "to": chance.choice(places),
         "on": date.fromordinal(day + chance.randrange(300)).isoformat(),
         "hq": chance.choice(places), "end_use": "commercial",
         "exporter": chance.choice(["NVIDIA", "AMD", "Example Distribution"])}
        for _ in range(count)
    ]  # fmt: skip
