"""The H20 from March to August 2025, day by day (facts: licence-desk, section 8)."""

from __future__ import annotations

import yaml

from klartecken.desk.demo.story import FILE, Story, Told
from klartecken.desk.ledger.verify import verify
from klartecken.desk.storage.tables.licences import LICENCE_LINES
from klartecken.desk.storage.tables.orders import LINES, RELEASES
from klartecken.desk.work import find
from klartecken.facts.events import load_events

OPEN_UNTIL_THE_LICENCE = ("H20-B", "H20-C", "H20-D")


def test_the_story(empty_url: str) -> None:
    """Once for each database: it is long."""
    story = Story(empty_url)
    days = {told.day.isoformat(): told for told in story.tell()}
    every_day_gives_the_expected_answer(days)
    the_assurance_releases_nothing(days)
    nothing_leaves_between_the_letter_and_the_licence(days)
    the_licence_releases_its_consignee_and_its_quantity_only(story, days)
    with story.desk.read() as connection:
        assert verify(connection).findings == ()
    story.desk.close()


def every_day_gives_the_expected_answer(days: dict[str, Told]) -> None:
    assert len(days) == 14
    assert {day: told.differs for day, told in days.items() if told.differs} == {}


def the_assurance_releases_nothing(days: dict[str, Told]) -> None:
    told = days["2025-07-15"]
    assert [row["state"] for row in told.lines if row["external_id"] != "H20-A"] == ["held"] * 3
    (refused,) = told.refused
    assert "a licence is required (letter.nvidia.2025-04-09)" in refused


def nothing_leaves_between_the_letter_and_the_licence(days: dict[str, Told]) -> None:
    for day, told in days.items():
        if "2025-04-09" <= day < "2025-08-27":
            for row in told.lines:
                if row["external_id"] in OPEN_UNTIL_THE_LICENCE:
                    assert row["state"] == "held", (day, row["external_id"])
                    assert row["release"] is None


def the_licence_releases_its_consignee_and_its_quantity_only(
    story: Story, days: dict[str, Told]
) -> None:
    last = days["2025-08-27"]
    states = {row["external_id"]: row["state"] for row in last.lines}
    assert states == {"H20-A": "shipped", "H20-B": "shipped", "H20-C": "held", "H20-D": "held"}
    with story.desk.read() as connection:
        (line,) = find(connection, LICENCE_LINES)
        b = find(connection, LINES, external_id="H20-B")[0]
        (release,) = find(connection, RELEASES, id=b["release"])
    assert (line["shipped_quantity"], line["quantity"]) == (250, 300)
    assert release["authorised_by"] == "INVENTED-1"
    refusals = " ".join(last.refused)
    assert "Harbour Compute Hangzhou is no consignee on it" in refusals
    assert "too little is left for 100" in refusals


def test_its_events_are_in_the_ledger_of_events() -> None:
    known = {event.id: event for event in load_events().events}
    for step in yaml.safe_load(FILE.read_text(encoding="utf-8"))["steps"]:
        for ident in step.get("events", ()):
            assert known[ident].day <= step["day"], ident
