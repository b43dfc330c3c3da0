"""TPP and density against published values, and where the readings differ."""

from dataclasses import fields
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.facts import performance
from klartecken.facts.chips import Chip, Figure, load_catalogue
from klartecken.logic.values import INF, Fact, Range

# chip, TPP, density: the reference table of the legal notes and of the chip notes
REFERENCE = [
    ("nvidia-a100-sxm-80gb", 4992, 6.04), ("nvidia-a800-sxm-80gb", 4992, 6.04),
    ("nvidia-h100-sxm", 15832, 19.45), ("nvidia-h800-sxm", 15832, 19.45),
    ("nvidia-h200-sxm", 15832, 19.45), ("nvidia-h20", 2368, 2.91), ("nvidia-l40s", 5864, 9.6),
    ("nvidia-l40", 2896, 4.76), ("nvidia-l20", 1913.6, 3.14), ("nvidia-l4", 1940, 6.59),
    ("nvidia-l2", 1545.6, 5.25), ("nvidia-rtx-4090", 5284.8, 8.7),
    ("nvidia-rtx-4090-d", 4707.2, 7.74), ("nvidia-rtx-5090-d", 4750, 6.3),
    ("nvidia-b200", 36000, 22.1), ("nvidia-gb200", 40000, 24.57), ("nvidia-b300", 56000, 34.4),
    ("amd-mi210", 2896, 3.67), ("amd-mi210", 2896, 4.00), ("amd-mi250x", 6128, 4.23),
    ("amd-mi300x", 20919.2, 20.6), ("amd-mi300x", 20919.2, 8.72),
    ("nvidia-h100-pcie", 12104, 14.87), ("nvidia-rtx-4080", 3119.2, 8.24),
    ("nvidia-b30a", 30000, 36.86),
    ("nvidia-b100", 28800, 17.69), ("nvidia-b100", 28000, 17.20), ("intel-gaudi-3", 29360, None),
    ("intel-gaudi-3", 26848, None), ("google-tpu-v7", 36912, None),
    ("huawei-ascend-910c", 12032, 9.04), ("huawei-ascend-910c", 12480, None),
    ("huawei-ascend-910c", 12800, None), ("nvidia-a40", 2395.2, 3.81), ("nvidia-a10g", 1120, 1.78),
    ("nvidia-t4", 1040, 1.91), ("nvidia-titan-v", 1760, 2.16),
    ("nvidia-rtx-6000-ada", 5828, 9.58), ("nvidia-gb300", 60000, 36.86),
    ("nvidia-gb300", 61120, None), ("intel-max-1550", 13424, 10.49), ("intel-gaudi-2", 6920, None),
    ("intel-gaudi-2", 7200, None), ("google-tpu-v4", 4400, 7.33), ("google-tpu-v5e", 3152, None),
    ("google-tpu-v6e", 14688, None), ("aws-trainium-1", 6080, None),
    ("aws-trainium-2", 21344, None),
    ("meta-mtia-300", 9600, None), ("huawei-ascend-910", 4096, 8.98),
    ("huawei-ascend-910b2", 6016, 9.04), ("huawei-ascend-910b3", 5008, 7.52),
    ("huawei-ascend-910b4", 4480, 6.73), ("biren-br100", 16384, 15.26),
    ("metax-c500-oam", 4480, None), ("alibaba-hanguang-800", 6600, 9.31),
    ("moorethreads-s4000", 1600, None), ("iluvatar-bi-v100", 2360, None),
    ("iluvatar-bi-v100", 2048, None),
]  # fmt: skip


def chip(name):
    return load_catalogue().get(name)


def tpp(name, tf32_bits=32):
    return performance.tpp(chip(name), tf32_bits)


def density(name):
    area = performance.quantity(chip(name), "die_area", per_package=True)
    return performance.density(tpp(name), area).value


@pytest.mark.parametrize(("name", "published", "published_density"), REFERENCE)
def test_published_values_lie_in_our_range(name, published, published_density):
    value = tpp(name).value
    slack = Fraction(2, 1000)  # published figures are rounded
    assert value.lo * (1 - slack) <= Fraction(str(published)) <= value.hi * (1 + slack)
    if published_density is not None:
        found = density(name)
        assert float(found.lo) - 0.05 <= published_density <= float(found.hi) + 0.05


@pytest.mark.parametrize("name", ["nvidia-h20", "nvidia-a40", "nvidia-h100-sxm", "nvidia-rtx-4090"])
def test_where_sources_agree_the_value_is_exact(name):
    assert tpp(name).value.known
    assert density(name).known


def test_the_h20_lies_just_under_both_lines():
    assert tpp("h20").value.hi == 2368 < 2400
    assert density("h20").hi == Fraction(2368, 814) < Fraction("3.2")


@pytest.mark.parametrize(
    ("name", "with_six_bits", "without"),
    [
        ("amd-mi350x", "55365", "36953.6"),
        ("amd-mi355x", "60397.8", "40265.6"),
        ("microsoft-maia-100", "19200", "12800"),
    ],
)
def test_six_bit_formats_count(name, with_six_bits, without):
    assert tpp(name).value == Range(Fraction(with_six_bits), Fraction(with_six_bits))
    others = [s.score.hi for s in performance.scores(chip(name)) if s.format != "fp6"]
    assert max(others) == Fraction(without)


def test_the_area_of_the_mi300x_is_contested():
    found = density("mi300x")
    assert round(float(found.lo), 1) == 8.7
    assert round(float(found.hi), 1) == 22.7
    assert found.lo > Fraction("5.92")


def test_a_board_is_tested_per_integrated_circuit():
    assert tpp("a16").value.hi == 288
    assert max(
        s.score.hi for s in performance.scores(chip("a16")) if s.format == "int8"
    ) == Fraction("287.2")
    assert density("a16").hi == Fraction(288, 200)
    assert tpp("qualcomm-ai100-ultra").value.hi == 1740
    assert tpp("wormhole-n300").value.hi == 1864


def test_tf32_bits_are_a_parameter():
    assert tpp("trainium-1").value == Range(Fraction(6080), Fraction(6080))
    assert tpp("trainium-1", 19).value == Range(Fraction(3610), Fraction(3610))
    assert tpp("trainium-2", 19).value.hi == 12673
    assert tpp("h20", 19).value.hi == 2368


def test_without_a_deciding_format_there_is_only_a_lower_bound():
    fact = tpp("rtx-pro-4000")
    assert fact.value == Range(Fraction("1177.6"), INF)
    assert "lower bound" in fact.note
    card = tpp("rtx-pro-6000d")
    assert card.value == Range(Fraction(2324), INF)
    assert "claimed directly: 2324" in card.note


def test_no_rate_is_unknown_not_zero():
    fact = tpp("mi308x")
    assert fact.value == Range()
    assert fact.grade == "none"
    assert performance.tops(chip("mi308x")).value == Range()
    assert performance.quantity(chip("mi308x"), "die_area") is None


def test_an_upper_bound_on_the_area_leaves_the_density_open_above():
    found = density("tpu-v4i")
    assert found == Range(Fraction(2208, 400), INF)


def test_sources_and_grades_travel_with_the_value():
    area = performance.quantity(chip("mi300x"), "die_area")
    assert area.grade == "inferred"
    assert "sources disagree: 2400, 1017, 920" in area.note
    assert performance.density(tpp("mi300x"), area).grade == "inferred"
    assert tpp("sambanova-sn30").grade == "memory"
    assert all(s.sources for s in performance.scores(chip("h20")))
    assert tpp("h20").source.startswith("http")


def test_density_of_unknowns_and_of_a_flag():
    nothing = Fact(Range())
    assert performance.density(nothing, nothing).value == Range(Fraction(0), INF)
    known = Fact(Range(Fraction(10), Fraction(10)))
    assert performance.density(known, nothing).value == Range(Fraction(0), INF)
    from klartecken.logic.values import FLAG_YES

    with pytest.raises(TypeError):
        performance.density(Fact(FLAG_YES), known)


def test_every_chip_of_the_catalogue_computes():
    known = 0
    for one in load_catalogue():
        value = performance.tpp(one).value
        known += value.lo > 0
        assert value.hi > 0
        for score in performance.scores(one):
            assert score.score == score.rate.scaled(Fraction(score.bits))
    assert known >= 211  # as shipped; more may come
    assert sum(one.value("die_area") is not None for one in load_catalogue()) >= 131


rates = st.dictionaries(
    st.sampled_from(sorted(performance.BITS)),
    st.tuples(st.integers(0, 9000), st.integers(0, 9000)).map(sorted),
    min_size=1,
)


@given(rates, st.data())
def test_a_figure_inside_each_range_gives_a_tpp_inside_the_range(held, data):
    def build(choose):
        figures = {
            f"rate_{name}": (Figure(f"rate_{name}", choose(*ends), "here", "given"),)
            for name, ends in held.items()
        }
        texts = {f.name: "" for f in fields(Chip) if f.name not in ("packages", "grade", "figures")}
        del texts["urls"]
        return Chip(**texts, packages=1, grade="given", figures=figures)

    def pick(low, high):
        number = Fraction(data.draw(st.integers(low, high)))
        return Range(number, number)

    whole = performance.tpp(build(lambda low, high: Range(Fraction(low), Fraction(high)))).value
    point = performance.tpp(build(pick)).value
    assert whole.lo <= point.lo
    assert point.hi <= whole.hi
