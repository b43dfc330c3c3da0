"""The class of an item, its distance to each line, and what the class turns on."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.decide.ask import check, shipped_world
from klartecken.decide.lines import OUTSIDE, USES, classes, lines, margins
from klartecken.errors import InputError
from klartecken.facts.chips import load_catalogue
from klartecken.facts.items import Item, find_item, from_chip
from klartecken.logic.tri import NO, UNKNOWN, YES
from klartecken.logic.values import FLAG_NO, FLAG_YES, Fact, Range, choose
from klartecken.logic.wording import phrase

JULY_2025 = date(2025, 7, 15)
NOW = date(2026, 11, 22)
DAYS = (date(2022, 9, 15), date(2023, 3, 1), date(2023, 11, 17), JULY_2025, NOW)


def made(datacentre: bool = True, **numbers: Fraction | int) -> Item:
    facts = {
        name: Fact(Range(Fraction(value), Fraction(value)), "test", "given")
        for name, value in numbers.items()
    }
    facts["item_kind"] = Fact(choose("ic"), "test", "given")
    facts["datacenter"] = Fact(FLAG_YES if datacentre else FLAG_NO, "test", "given")
    return Item("made", "made", "ic", "", facts)


def line(found, text):
    return next(m for m in found.lines if phrase(m.line.atom) == text)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_classes_are_those_of_a_whole_answer(day):
    for chip in list(load_catalogue())[::9]:
        item = from_chip(chip)
        said = check(item, to="CN", on=day).classification
        names = classes(item, day).names
        if said.certain:
            assert names == said.certain
        else:
            assert tuple(n for n in names if n != OUTSIDE) == said.possible


def test_no_chip_is_in_two_paragraphs_at_once():
    for day in DAYS:
        for chip in list(load_catalogue())[::5]:
            assert len(check(chip, to="CN", on=day).classification.certain) <= 1


def test_h20_sits_just_under_the_line():
    found = margins(find_item("h20"), JULY_2025)
    assert found.klass.settled == "3A991.p"
    turn = found.binding
    assert (turn.fact, turn.at, turn.reached) == ("tpp", 2400, True)
    assert turn.relative == Fraction(32, 2368)
    assert turn.classes == ("3A090.b",)
    area = next(t for t in found.turns if t.fact == "applicable_die_area")
    assert (area.at, area.classes) == (740, ("3A090.b",))
    assert area.ratios == {"performance_density": Fraction("3.2")}


def test_h20_meets_the_lines_of_the_letters():
    found = margins(find_item("h20"), JULY_2025)
    memory = line(found, "memory_bandwidth >= 1400")
    assert (memory.meets, memory.line.use, memory.distance.lo) == (YES, "letter", -2600)
    assert memory.line.provisions == ("letter.numeric_test",)
    both = line(found, "io_bandwidth + memory_bandwidth >= 1700")
    assert (both.value.lo, both.meets) == (5028, YES)
    assert line(found, "io_bandwidth >= 1100").meets is NO
    assert not [m for m in found.lines if m.line.use == "policy"]


def test_the_path_of_january_2026_has_its_own_lines():
    found = margins(find_item("mi300x"), NOW)
    policy = {phrase(m.line.atom): m for m in found.lines if m.line.use == "policy"}
    assert set(policy) == {"tpp >= 21000", "memory_bandwidth >= 6500"}
    assert policy["tpp >= 21000"].distance == Range(Fraction("80.8"), Fraction("80.8"))
    assert policy["memory_bandwidth >= 6500"].meets is NO


def test_not_for_data_centres_has_the_line_of_note_2_and_a_switch():
    found = margins(find_item("rtx-4090-d"), NOW)
    assert found.binding.at == 4800
    assert "note2" in line(found, "tpp >= 4800").line.provisions
    assert [(s.fact, s.to, s.classes) for s in found.switches] == [
        ("datacenter", "yes", ("3A090.a",))
    ]
    h20 = margins(find_item("h20"), NOW)
    assert "note2" not in line(h20, "tpp >= 4800").line.provisions


def test_before_the_density_counted_bandwidth_binds():
    found = margins(find_item("nvidia-a800-sxm-80gb"), date(2023, 3, 1))
    assert not [m for m in found.lines if "density" in phrase(m.line.atom)]
    assert (found.binding.fact, found.binding.at) == ("io_bandwidth", 600)
    assert line(found, "tpp >= 4992").distance == Range(Fraction(0), Fraction(0))


def test_unknown_stays_unknown():
    found = margins(made(tpp=3000), NOW)
    density = line(found, "performance_density >= 3.2")
    assert (density.value, density.distance, density.relative) == (None, None, None)
    assert density.meets is UNKNOWN
    assert found.klass.settled is None
    assert found.turns == found.switches == ()
    assert found.binding is None
    area = next(m for m in found.missing if m.fact == "applicable_die_area")
    told = {reading.outcomes[0] for reading in area.readings}
    assert {"3A090.a", "3A090.b"} <= told


def test_a_range_may_lie_on_both_sides():
    item = made(applicable_die_area=800)
    tpp = Fact(Range(Fraction(2300), Fraction(2500)), "test", "given")
    item = replace(item, facts={**item.facts, "tpp": tpp})
    margin = line(margins(item, NOW), "tpp >= 2400")
    assert margin.meets is UNKNOWN
    assert margin.distance == Range(Fraction(-100), Fraction(100))


def test_a_turn_of_a_range_counts_from_its_nearest_end():
    item = made(applicable_die_area=800, tops=100)
    tpp = Fact(Range(Fraction(2000), Fraction(2200)), "test", "given")
    item = replace(item, facts={**item.facts, "tpp": tpp})
    turn = margins(item, NOW).binding
    assert turn.relative == Fraction(2400, 2200) - 1


def test_a_zero_is_no_divisor():
    found = margins(made(tpp=1000, applicable_die_area=500, tops=0, io_bandwidth=0), NOW)
    assert found.klass.settled == OUTSIDE
    assert line(found, "tops >= 8").relative is None
    assert line(found, "tops >= 8").distance.lo == 8


def test_the_class_on_the_line_itself():
    for tpp, expected in ((Fraction("2399.9"), "3A991.p"), (2400, "3A090.b"), (4800, "3A090.a")):
        item = made(tpp=tpp, applicable_die_area=1000, tops=100)
        assert classes(item, NOW).settled == expected


def test_assumptions_that_carry_the_class_are_named():
    found = margins(find_item("h20"), NOW).assumed
    assert any("fabricator" in text for text in found)
    assert not any("fabricator" in text for text in margins(find_item("b200"), NOW).assumed)


def test_a_day_before_the_law_is_an_error():
    with pytest.raises(InputError, match="first day that the law is encoded for"):
        classes(find_item("h20"), date(2020, 1, 1))


def test_each_line_names_provisions_and_citations():
    for day in DAYS:
        found = lines(find_item("h20"), day)
        assert [USES.index(item.use) for item in found] == sorted(
            USES.index(item.use) for item in found
        )
        assert len({item.atom for item in found}) == len(found)
        for item in found:
            assert item.provisions
            assert len(item.provisions) == len(item.citations)
            assert item.url.startswith("https://")
            version = shipped_world().law.provisions[item.provisions[0]].versions
            assert any(item.atom.bound in v.params.values() for v in version)


numbers = st.fractions(min_value=1, max_value=20_000, max_denominator=8)


@given(
    tpp=numbers, area=st.fractions(min_value=50, max_value=3000, max_denominator=4),
    datacentre=st.booleans(), day=st.sampled_from(DAYS),
)  # fmt: skip
def test_a_turn_is_where_the_class_turns(tpp, area, datacentre, day):
    """At the turn the class is the one promised; from here to there it is the present one."""
    known = {"tpp": tpp, "applicable_die_area": area, "tops": Fraction(500),
             "io_bandwidth": Fraction(400)}  # fmt: skip
    found = margins(made(datacentre, **known), day)
    for turn in found.turns:
        step = Fraction(1, 10**9) * (1 if turn.relative > 0 else -1)
        there = turn.at if turn.reached else turn.at + step
        assert classes(made(datacentre, **{**known, turn.fact: there}), day).names == turn.classes
        before = turn.at - step if turn.reached else turn.at
        halfway = (known[turn.fact] + before) / 2
        for value in (before, halfway):
            moved = made(datacentre, **{**known, turn.fact: value})
            assert classes(moved, day) == found.klass


@given(tpp=numbers, area=st.fractions(min_value=50, max_value=3000, max_denominator=4))
def test_side_and_distance_agree(tpp, area):
    for margin in margins(made(tpp=tpp, applicable_die_area=area), NOW).lines:
        if margin.value is not None and margin.value.known and margin.line.atom.op == ">=":
            assert margin.meets is (YES if margin.distance.lo <= 0 else NO)
            reached = margin.value.lo * (1 + margin.relative.lo)
            assert reached == margin.line.atom.bound
