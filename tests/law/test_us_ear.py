"""The shipped law as a whole: dates, places, sources, order."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from klartecken.decide.ask import shipped_world
from klartecken.law.check import targets
from klartecken.law.model import STAGES
from klartecken.logic.nodes import Places, walk

WORLD = shipped_world()
LAW = WORLD.law
VERSIONS = [(p, v) for p in LAW.provisions.values() for v in p.versions]


def trees(version):
    yield version.when
    for clause in (*version.bars, *version.conditions):
        yield clause.when


def test_it_was_read_up_to_a_stated_day():
    assert date(2026, 9, 19) == LAW.read_until
    assert date(2022, 8, 1) == LAW.covers_from


def test_every_place_and_group_that_the_law_names_exists():
    days = [date(2022, 8, 1), date(2026, 11, 22)]
    for _, version in VERSIONS:
        for tree in trees(version):
            for node in walk(tree):
                if isinstance(node, Places):
                    assert node.codes <= WORLD.places.codes, version
                    for group in node.groups:
                        for day in days:
                            assert WORLD.places.members(group, day)


def test_every_version_has_a_source_that_can_be_opened():
    for provision, version in VERSIONS:
        assert version.url.startswith("https://") or version.url.startswith("http://"), provision.id
        assert version.cite


def test_references_point_backwards_in_the_order_of_evaluation():
    place = {identity: i for i, identity in enumerate(LAW.order)}
    stage = {identity: STAGES.index(p.stage) for identity, p in LAW.provisions.items()}
    assert sorted(stage[i] for i in LAW.order) == [stage[i] for i in LAW.order]
    for provision, version in VERSIONS:
        for target in targets(version):
            assert place[target] < place[provision.id]


def test_a_version_binds_from_its_start_to_its_last_day_and_no_longer():
    for provision, version in VERSIONS:
        view = version.view or "practice"
        day = version.start
        assert version.binds(day, view)
        assert not version.binds(day - timedelta(days=1), view)
        if version.until:
            assert version.binds(version.until, view)
            assert not version.binds(version.until + timedelta(days=1), view)
        if version.view:
            other = "text" if version.view == "practice" else "practice"
            assert not version.binds(day, other), provision.id


@pytest.mark.parametrize("view", ["practice", "text"])
def test_the_law_of_a_day_is_that_of_its_whole_stretch(view):
    timeline = WORLD.timeline
    for here, after in pairwise(timeline.days):
        first = timeline.on(here, view)
        assert timeline.on(after - timedelta(days=1), view) is first
        assert timeline.on(here - timedelta(days=1), view) is not first


def test_what_is_not_enforced_stands_in_the_text_view_only():
    for provision, version in VERSIONS:
        if not version.enforced:
            assert version.view == "text", provision.id


def test_every_requirement_but_the_declared_ones_has_a_review_policy():
    named = {target for p in LAW.provisions.values() for target in p.policy_for}
    without = {p.id for p in LAW.provisions.values() if p.stage == "requirement"} - named
    assert without == {
        "base_eccn.controls", "744.17.microprocessors", "744.2-4.wmd",
        "744.guidance.ai_training",
    }  # fmt: skip


def test_every_assumed_fact_says_so_in_words_and_headquarters_and_exporter_are_not_assumed():
    for spec in LAW.vocabulary.facts.values():
        assert spec.question.endswith("?")
        if spec.assumed is not None or spec.presumed is not None:
            assert spec.assumption
    for name in ("consignee_hq", "parent_hq", "exporter", "destination", "ship_from"):
        assert LAW.vocabulary.facts[name].assumed is None
        assert LAW.vocabulary.facts[name].presumed is None
