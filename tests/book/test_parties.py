"""Books with columns of parties: each line beside the single question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import klartecken as kt
from klartecken.book.api import check_book
from klartecken.book.job import Settings
from klartecken.book.spread.plan import Plan
from klartecken.decide.ask import shipped_world
from klartecken.errors import InputError
from klartecken.parties.decisions.record import Decisions, decide
from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Party
from klartecken.parties.register.record import Registered, register_of
from klartecken.parties.resolve.context import Context
from klartecken.parties.resolve.home import home_context
from tests.book.compare import differences, job_for
from tests.parties.fake import BLOCKED, CUBAN, DAY, ENTRIES, MARLOW, context, snapshot
from tests.parties.owners import Chain

WORLD = shipped_world()
NAMES = (
    None, "Nordlicht Oy", "Marlow Sonics", "marlow works", "Tern Foundry", "Quill Parts",
    "Brisa Trading", "Palma Lines", "Harrow Bank", "1234", "G42", "Core42", "R1", "Double",
    "Nordlicht Oy|Tern Mills", "Falk Aerodyne|R2", "Osprey Holdings", "A||B", "In House",
)  # fmt: skip
BESIDE: dict[str, tuple[str | None, ...]] = {
    "consignee_hq": (None, "SG", "CN", "unknown", "SG|CN", "HK"), "parent_hq": (None, "CN", "SG"),
    "listed": (None, None, "none", "affiliate"), "listed_uvl": (None, None, "no"),
    "entity_list_policy": (None, "policy_of_denial", "case_by_case"),
    "informed_by_letter": (None, "yes", "no"), "supp8_status_current": (None, "yes", "no"),
    "uae_exempt": (None, None, "no"), "affiliate_of_listed": (None, None, "yes"),
    "exporter": (None, "NVIDIA"), "end_use": (None, "commercial", "military"),
}  # fmt: skip
OWN = Entry("OWN-1", "OWN:letters", "In House", requirement="ask the desk first")
REGISTER = register_of({
    "R1": Registered(Party("Nordlicht Oy", country="FI", id="R1"), hq="SG", parent_hq="CN"),
    "R2": Registered(Party("Tern Foundry", id="R2"), hq="HK"),
    "R3": Registered(Party("Double", id="R3")), "R4": Registered(Party("double", id="R4")),
})  # fmt: skip
DECISIONS = Decisions((
    decide(Party("marlow works"), MARLOW, "false_positive", reason="other town", by="A. One",
           day=DAY, until=DAY + timedelta(3)),
    decide(Party("Marlow Sonics"), MARLOW, "match", reason="same", by="A. One", day=DAY),
    decide(Party("Harrow Bank"), BLOCKED, "match", reason="same", by="A. One", day=DAY),
    decide(Party("Palma Lines"), CUBAN, "match", reason="same", by="A. One", day=DAY),
))  # fmt: skip


def contexts() -> dict[str, Context | None]:
    old = snapshot((*ENTRIES[:3], OWN), DAY - timedelta(20), partial=("MEU",))
    full = context(old, snapshot((*ENTRIES, OWN)), decisions=DECISIONS, register=REGISTER,
                   owners=Chain(), many=True)  # fmt: skip
    return {"full": full, "bare": context(), "none": None,
            "old": replace(full, max_age=40, register=None, owners=None)}  # fmt: skip


def book(rnd: Random, count: int) -> tuple[list[dict[str, Any]], list[str]]:
    roles = rnd.sample(["consignee", "end_user", "purchaser", "intermediate"], rnd.randint(1, 4))
    beside = rnd.sample(sorted(BESIDE), rnd.randint(0, 3))
    if {"listed", "listed_uvl"} <= {*beside} or {"listed", "affiliate_of_listed"} <= {*beside}:
        beside.remove("listed")
    few = {role: rnd.sample(NAMES, 5) for role in roles}
    days = [date(2026, 7, 20), *(DAY + timedelta(n) for n in (-21, -20, -9, -1, 0, 3, 4, 7, 8, 11))]
    rows = [
        {
            "item": rnd.choice(("nvidia-h100-sxm", "nvidia-rtx-4090", "nvidia-l4")),
            "destination": rnd.choice(("SG", "AE", "CN", "DE")),
            "ship_date": rnd.choice([*days, date(2027, 4, 6), date(2027, 4, 7)]).isoformat(),
            **{role: rnd.choice(few[role]) for role in roles},
            **{name: rnd.choice(BESIDE[name]) for name in beside},
        }
        for _ in range(count)
    ]  # fmt: skip
    if rnd.random() < 0.1:
        rows[0]["ship_date"] = "soon"
    return rows, list(rows[0])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_lines_are_single_questions(seed: int) -> None:
    rnd = Random(seed)
    rows, names = book(rnd, 14)
    parties = rnd.choice(list(contexts().values()))
    asked = Settings(strict=rnd.random() < 0.2, parties=parties)
    assert differences(WORLD, rows, names, asked, workers=rnd.choice((1, 2))) == []


def lines(*named: tuple[str, str | None], **more: str) -> pa.Table:
    return pa.Table.from_pylist([
        {"item": "nvidia-rtx-4090", "to": "SG", "hq": "SG", "on": "2026-11-21", role: name, **more}
        for role, name in named
    ])  # fmt: skip


def test_columns_without_a_list_are_never_passed_over() -> None:
    found = check_book(lines(("consignee", "Nordlicht Oy"), ("consignee", None)))
    assert found.table["outcome"].to_pylist() == ["undetermined", "no_licence_required"]
    assert found.receipt()["parties"]["by_status"] == {"not_screened": 1}
    assert found.receipt()["parties"]["snapshots"] == []
    assert any("name no party" in text for text in found.receipt()["parties"]["remarks"])
    whole = check_book(lines(("consignee", "Nordlicht Oy")), parties=context())
    assert not any("name no party" in text for text in whole.receipt()["parties"]["remarks"])


def test_a_name_that_names_nobody_is_never_passed_over() -> None:
    held = home_context(Path("none-such"))
    names = ("TBD", "unknown", "N/A", "same as consignee", "Undisclosed end user")
    found = check_book(lines(*[("consignee", name) for name in names]), parties=held)
    assert set(found.table["outcome"].to_pylist()) == {"undetermined"}


def test_the_receipt_counts_distinct_parties() -> None:
    held = context(decisions=DECISIONS)
    table = lines(*[("consignee", name) for name in (
        "Nordlicht Oy", "Nordlicht Oy", "Marlow Sonics", "Tern Mills", "77", "Nord|Nordlicht Oy",
    )])  # fmt: skip
    found = check_book(table, parties=held)
    body = found.receipt()["parties"]
    assert body["distinct"] == 5
    assert body["by_status"] == {"not_screenable": 1, "confirmed": 1, "hit": 1, "no_hit": 2}
    assert body["snapshots"] == [held.covers[0].hash]
    assert body["decisions"] == DECISIONS.hash
    assert "parties" not in check_book(lines(("exporter", "NVIDIA"))).receipt()


@pytest.mark.parametrize("many", [True, False])
def test_each_party_is_screened_once(many: bool) -> None:
    held = context(many=many)
    check_book(lines(*[("consignee", "Nordlicht Oy"), ("consignee", "Tern Mills")] * 40),
               parties=held)  # fmt: skip
    assert sorted(name for name, _ in held.screen.asked) == ["Nordlicht Oy", "Tern Mills"]  # type: ignore[union-attr]


def test_a_constant_party_and_headings() -> None:
    table = pa.Table.from_pylist([
        {"item": "nvidia-rtx-4090", "to": "SG", "hq": "SG", "on": "2026-11-21",
         "Ultimate Consignee": "Nordlicht Oy"},
    ])  # fmt: skip
    found = check_book(table, constants={"end_user": "Marlow Sonics"},
                       parties=context(decisions=DECISIONS))  # fmt: skip
    assert found.table["outcome"].to_pylist() == ["licence_required"]
    assert found.explain(0).outcome == "licence_required"


def test_rejects_name_the_parties() -> None:
    found = check_book(lines(("end_user", "A||B"), listed="none"), parties=context())
    (reject,) = found.rejects
    assert reject.column == "end_user, listed"
    assert "holds an empty name" in reject.reason
    both = check_book(lines(("end_user", "Nordlicht"), listed="none"), parties=context())
    assert "the named parties give no" in both.rejects[0].reason


def test_parties_are_resolved_on_one_machine() -> None:
    job = job_for(["item", "destination", "ship_date", "consignee"], WORLD)
    with pytest.raises(InputError, match="column consignee names parties"):
        Plan.of(job)


def test_a_book_of_parties_is_not_asked_on_another_day(tmp_path: Path) -> None:
    held = kt.read_book(lines(("consignee", "Nordlicht Oy")), parties=context())
    assert held.totals() is not None
    with pytest.raises(InputError, match="own day"):
        held.totals("2025-07-15")
