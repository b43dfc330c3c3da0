"""Items: catalogue chips, servers, assemblies, and the user's own files."""

from fractions import Fraction

import pytest

from klartecken.errors import DataError, UnknownName
from klartecken.facts.chips import load_catalogue
from klartecken.facts.items import find_item, from_chip
from klartecken.facts.own import from_file, from_mapping
from klartecken.logic.values import FLAG_NO, FLAG_YES, INF, Range, choose
from klartecken.logic.vocabulary import FactSpec, Vocabulary

SPECS = (
    FactSpec("item_kind", "choice", "item", "?", options=("ic", "assembly", "hbm", "other")),
    FactSpec("family", "choice", "item", "?"),
    FactSpec(
        "tpp", "number", "item", "?", aliases=("total_processing_performance",), positive=True
    ),
    FactSpec("applicable_die_area", "number", "item", "?", aliases=("die_area",), positive=True),
    FactSpec("memory_bandwidth", "number", "item", "?"),
    FactSpec("tops", "number", "item", "?"),
    FactSpec("datacenter", "flag", "item", "?", aliases=("dc",)),
    FactSpec("designer_hq", "place", "item", "?"),
    FactSpec("destination", "place", "place", "?"),
)
VOCABULARY = Vocabulary(
    {s.name: s for s in SPECS}, {}, {n: s.name for s in SPECS for n in (s.name, *s.aliases)}
)


def value(item, fact):
    return item.facts[fact].value


def exact(number):
    return Range(Fraction(number), Fraction(number))


def test_a_chip_carries_what_is_known_of_it():
    item = find_item("h20")
    assert (item.id, item.kind, item.family, item.contains) == ("nvidia-h20", "ic", "H20", None)
    assert value(item, "item_kind") == choose("ic")
    assert value(item, "chip") == choose("nvidia-h20")
    assert value(item, "datacenter") == FLAG_YES
    assert value(item, "designer_hq") == choose("US")
    assert value(item, "has_hbm") == FLAG_YES
    assert value(item, "io_bandwidth") == exact(1028)
    assert value(item, "memory_bandwidth") == exact(4000)
    assert value(item, "tops") == exact(296)
    assert value(item, "process_node") == exact(4)
    assert value(item, "transistor_count") == exact(80)
    assert item.in_catalogue


def test_what_is_not_known_is_left_out():
    item = find_item("nvidia-b20")
    assert set(item.facts) == {"item_kind", "chip", "family", "datacenter", "designer_hq"}
    assert "applicable_die_area" not in find_item("tpu-v1").facts


def test_every_fact_of_the_catalogue_has_a_source_and_a_grade():
    for chip in load_catalogue():
        for name, fact in from_chip(chip).facts.items():
            assert fact.source, (chip.id, name)
            assert fact.grade != "none", (chip.id, name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nvidia-a100-sxm-80gb", exact(664)),
        ("nvidia-a800-sxm-80gb", exact(464)),
        ("intel-gaudi-2-china", exact(589)),
        ("nvidia-l20", exact(64)),
        ("nvidia-t4", Range(Fraction(32), INF)),
        ("nvidia-b30a", Range(Fraction(900), INF)),
    ],
)
def test_io_is_the_link_plus_pcie_and_open_above_when_one_is_missing(name, expected):
    assert value(find_item(name), "io_bandwidth") == expected


def test_the_memory_of_an_sram_chip_is_not_dram():
    groq = find_item("groq-lpu-v1")
    assert "memory_bandwidth" not in groq.facts
    assert value(groq, "has_hbm") == FLAG_NO


def test_a_board_of_four_has_the_facts_of_one():
    item = find_item("a16")
    assert item.kind == "assembly"
    assert value(item, "tpp") == exact(288)
    assert value(item, "applicable_die_area") == exact(200)
    assert value(item, "memory_bandwidth") == exact(200)
    assert "io_bandwidth" not in item.facts
    assert "one of the 4 packages" in item.notes[-1]


def test_servers_and_assemblies_have_the_facts_of_their_chip():
    plain = find_item("nvidia-b200")
    for text, ident in (
        ("nvidia-hgx-b200", "nvidia-hgx-b200"),
        ("hgx-b200", "nvidia-hgx-b200"),
        ("server:b200", "server:nvidia-b200"),
        ("server: 8xB200", "server:8xnvidia-b200"),
    ):
        item = find_item(text)
        assert (item.id, item.kind, item.contains) == (ident, "assembly", "nvidia-b200")
        assert value(item, "item_kind") == choose("assembly")
        assert value(item, "tpp") == value(plain, "tpp")
        assert value(item, "chip") == choose("nvidia-b200")


def test_an_unknown_item_offers_chips_and_servers():
    with pytest.raises(UnknownName) as caught:
        find_item("hgx-b20")
    assert {"nvidia-hgx-b200", "nvidia-hgx-h20"} & set(caught.value.nearest)
    with pytest.raises(UnknownName):
        find_item("server:8xnothing")


def test_the_bits_of_tf32_reach_the_item():
    assert value(find_item("trainium-1", tf32_bits=19), "tpp") == exact(3610)


OWN = """\
name: Our accelerator
kind: ic
rate_fp8: 290.5
rate_fp16: {value: 140..145, source: data sheet, grade: primary}
die_area: 700..720
dc: yes
designer_hq: Hong Kong
notes: A draft.
"""


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(OWN, encoding="utf-8")
    item = find_item(str(path), VOCABULARY)
    assert (item.id, item.name, item.kind) == ("mine", "Our accelerator", "ic")
    assert not item.in_catalogue
    assert item.notes == ("A draft.",)
    assert value(item, "tpp") == exact(2324)
    assert value(item, "tops") == exact("290.5")
    assert value(item, "applicable_die_area") == Range(Fraction(700), Fraction(720))
    assert value(item, "datacenter") == FLAG_YES
    assert value(item, "designer_hq") == choose("CN")
    assert item.facts["tpp"].source == "given by the asker"
    assert item.facts["tpp"].grade == "given"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tpq: 2368\n", "mine.yaml, key tpq: unknown key"),
        ("rate_fp5: 1\n", "mine.yaml, key rate_fp5: unknown key"),
        ("tpp: many\n", "mine.yaml, key tpp: 'many' is not a number"),
        ("tpp: 0\n", "mine.yaml, key tpp: 0 is not above zero"),
        ("rate_fp8: -1\n", "mine.yaml, key rate_fp8"),
        ("rate_fp8: fast\n", "mine.yaml, key rate_fp8: 'fast' is not a number"),
        ("tpp: 1\ntpp: 2\n", "mine.yaml, line 2, key tpp: it stands twice"),
        ("tpp: 1\ntotal_processing_performance: 2\n", "the fact tpp is given twice"),
        ("destination: CN\n", "destination is no fact of an item but of a place"),
        ("designer_hq: Atlantis\n", "mine.yaml, key designer_hq: there is no place"),
        ("tpp: {value: 1, origin: x}\n", "mine.yaml, key tpp: unknown part 'origin'"),
        ("tpp: {value: 1, grade: sure}\n", "mine.yaml, key tpp: unknown grade 'sure'"),
        ("tpp: [1, 2]\n", "mine.yaml, key tpp: it has no value"),
        ("kind: board\n", "mine.yaml, key kind: 'board' is not one of its options"),
        ("rate_fp8: 300\ntpp: 2000\n", "mine.yaml, key tpp: TPP 2000 is below"),
        ("- a\n", "mine.yaml: it holds no keys"),
        ("", "mine.yaml: it holds no keys"),
        ("a: [\n", "mine.yaml: it is not a readable YAML file"),
    ],
)
def test_errors_name_the_file_and_the_key(tmp_path, text, told):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        from_file(path, VOCABULARY)
    assert told in str(caught.value)


def test_a_missing_file_and_a_missing_vocabulary(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        find_item(str(tmp_path / "none.yml"), VOCABULARY)
    with pytest.raises(TypeError):
        find_item("mine.yaml")


def test_a_mapping_takes_plain_python_values():
    item = from_mapping({"tpp": 2368, "die_area": 813.5, "datacenter": False}, VOCABULARY)
    assert value(item, "tpp") == exact(2368)
    assert value(item, "applicable_die_area") == exact("813.5")
    assert value(item, "datacenter") == FLAG_NO
    assert item.id == "own-item"


def test_a_given_tpp_stands_and_lone_wide_rates_bound_it_from_below():
    item = from_mapping({"tpp": "3200", "rate_fp32": "97"}, VOCABULARY)
    assert value(item, "tpp") == exact(3200)
    item = from_mapping({"rate_fp32": "97"}, VOCABULARY)
    assert value(item, "tpp") == Range(Fraction(3104), INF)
