"""The catalogue: names, searching, figures that disagree."""

from fractions import Fraction

import pytest

from klartecken.errors import UnknownName
from klartecken.facts.chips import RATES, UNITS, load_catalogue
from klartecken.logic.values import Range

SHIPPED, SERVERS = 228, 8  # more may come; raise them now and then, so that none is lost


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def test_all_chips_are_there(catalogue):
    assert len(catalogue) >= SHIPPED
    assert len(catalogue.servers) >= SERVERS
    assert {c.kind for c in catalogue} == {"ic", "assembly"}
    for chip in catalogue:
        assert set(chip.figures) <= set(UNITS)
        assert all(f.value.hi >= 0 for figures in chip.figures.values() for f in figures)


@pytest.mark.parametrize(
    ("text", "ident"),
    [
        ("nvidia-h20", "nvidia-h20"), ("H20", "nvidia-h20"), ("RTX 4090", "nvidia-rtx-4090"),
        ("rtx-4090-d", "nvidia-rtx-4090-d"), ("Nvidia H200 SXM 141GB", "nvidia-h200-sxm"),
        ("mi300x", "amd-mi300x"), ("Ascend 910C", "huawei-ascend-910c"),
        ("tpu-v4", "google-tpu-v4"),
    ],
)  # fmt: skip
def test_a_chip_is_found_by_id_name_or_the_end_of_its_id(catalogue, text, ident):
    assert catalogue.get(text).id == ident


def test_an_ambiguous_or_unknown_name_offers_the_nearest(catalogue):
    with pytest.raises(UnknownName) as caught:
        catalogue.get("h100")
    assert "nvidia-h100-sxm" in caught.value.nearest
    with pytest.raises(UnknownName) as caught:
        catalogue.get("nvidia-h2o")
    assert "nvidia-h20" in caught.value.nearest
    for empty in ("", "  ", "nvidia"):
        with pytest.raises(UnknownName):
            catalogue.get(empty)


def test_search_looks_at_id_name_vendor_and_family(catalogue):
    assert {c.id for c in catalogue.search("gaudi 2")} == {"intel-gaudi-2", "intel-gaudi-2-china"}
    assert len(catalogue.search("huawei")) >= 16
    assert {c.family for c in catalogue.search("MI250")} == {"MI250"}
    assert catalogue.search("nothing like it") == []


@pytest.mark.parametrize(
    ("chip", "quantity", "low", "high"),
    [
        ("amd-mi300x", "die_area", 920, 2400),
        ("amd-mi325x", "die_area", 920, 2400),
        ("amd-mi210", "die_area", 724, 790),
        ("amd-mi250x", "die_area", 1448, 1580),
        ("nvidia-b200", "memory_bandwidth", 7700, 8000),
        ("nvidia-b300", "rate_fp4", 13500, 14000),
        ("nvidia-b100", "rate_tf32", 875, 900),
        ("intel-gaudi-2", "rate_bf16", 432, 450),
        ("intel-gaudi-3", "rate_bf16", 1678, 1835),
        ("huawei-ascend-910c", "rate_bf16", 752, 800),
        ("nvidia-b30a", "rate_fp4", 7000, 7500),
        ("nvidia-rtx-pro-6000d", "memory_bandwidth", 1398, 1570),
        ("huawei-ascend-910", "die_area", "456.25", "456.25"),
        ("alibaba-hanguang-800", "rate_int8", 825, 825),
        ("nvidia-h100-sxm", "rate_fp16", "989.5", "989.5"),
    ],
)
def test_disagreeing_figures_span_a_range_and_misplaced_ones_do_not(
    catalogue, chip, quantity, low, high
):
    assert catalogue.get(chip).value(quantity) == Range(Fraction(low), Fraction(high))


def test_a_misplaced_figure_is_kept_but_not_used(catalogue):
    areas = catalogue.get("huawei-ascend-910").figures["die_area"]
    assert [(f.value.lo, f.used) for f in areas] == [(Fraction("456.25"), True), (1228, False)]
    assert catalogue.get("google-tpu-v1").value("die_area") is None


def test_kinds_and_packages(catalogue):
    packages = {c.id: c.packages for c in catalogue if c.packages != 1}
    assert packages.items() >= {
        "nvidia-a16": 4, "qualcomm-ai100-ultra": 4, "tenstorrent-wormhole-n300": 2,
        "d-matrix-corsair": 2,
    }.items()  # fmt: skip
    kinds = {c.id: c.kind for c in catalogue}
    assert kinds["nvidia-gb200"] == kinds["nvidia-gb10"] == kinds["nvidia-a16"] == "assembly"
    assert kinds["cerebras-wse-3"] == kinds["nvidia-gh200"] == kinds["nvidia-b200"] == "ic"


def test_families_are_those_of_the_letters(catalogue):
    family = {c.id: c.family for c in catalogue}
    assert family["nvidia-a100-pcie-80gb"] == "A100"
    assert family["nvidia-h100-nvl"] == "H100"
    assert family["nvidia-gh200"] == "GH200"
    assert family["amd-mi308x"] == "MI308"
    assert family["huawei-ascend-910b4"] == "Ascend 910B"
    assert family["intel-gaudi-2-china"] == "Gaudi"
    assert family["nvidia-rtx-pro-6000d"] == "RTX PRO 6000D"


def test_rates_are_quantities():
    assert set(RATES) <= set(UNITS)
