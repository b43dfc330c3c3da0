"""What was known on a day, and that nothing below a licence in hand releases a shipment."""

from __future__ import annotations

import pytest

import klartecken as kt

H20 = {"item": "nvidia-h20", "to": "CN", "exporter": "NVIDIA"}


def known(on, **question):
    return {e.id: e for e in kt.check(**{**H20, "on": on, **question}).evidence}


def test_the_assurance_stands_on_the_second_rung_and_releases_nothing():
    answer = kt.check(**H20, on="2025-07-15")
    event = next(e for e in answer.evidence if e.id == "E2025-033")
    assert (event.rung, event.releases) == (2, False)
    assert answer.outcome == "licence_required"
    assert [r.title for r in answer.requirements] == ["NVIDIA's letter of 2025-04-09"]
    assert "assurance_is_not_a_licence" in {f.code for f in answer.flags}


def test_the_addressee_knows_its_letter_before_the_public_does():
    assert "E2025-007" in known("2025-04-10")
    assert "E2025-007" not in known("2025-04-10", exporter="Acme")
    assert "E2025-007" in known("2025-04-15", exporter="Acme")


def test_nothing_of_a_later_day_is_known():
    for day in ("2022-09-01", "2024-06-01", "2025-04-15", "2025-07-14", "2026-03-01"):
        assert all(str(e.date) <= day for e in known(day).values())


def test_a_licence_of_others_is_no_licence_of_yours():
    answer = kt.check(**H20, on="2025-08-20")
    granted = next(e for e in answer.evidence if e.id == "E2025-049")
    assert granted.rung == 1
    assert answer.outcome == "licence_required"
    assert "licence_of_others" in {f.code for f in answer.flags}


@pytest.mark.parametrize("item", ["nvidia-h20", "nvidia-h200-sxm", "nvidia-b30a", "amd-mi308x"])
@pytest.mark.parametrize("to", ["CN", "AE", "MY"])
def test_no_event_releases(item, to):
    answer = kt.check(item, to, "2026-11-22", exporter="NVIDIA", hq=to)
    assert not any(e.releases for e in answer.evidence)
    assert all(e.rung is None or e.rung < 6 for e in answer.evidence)


def test_events_about_other_chips_and_places_stay_away():
    assert "E2025-033" not in known("2025-08-01", item="nvidia-l20")
    assert "E2025-033" not in known("2025-08-01", to="DE")
