"""Reading a question: names, days, facts, what follows from them, and what is refused."""

from __future__ import annotations

import pytest

import klartecken as kt
from klartecken.errors import InputError


def facts(**question):
    question = {"item": "nvidia-h20", "to": "CN", "on": "2025-07-15", **question}
    return kt.check(**question).case.facts


@pytest.mark.parametrize(
    "name",
    [
        "NVIDIA",
        "nvidia",
        "Nvidia Corp.",
        "NVIDIA Corporation",
        " nvidia ",
        "N.V.I.D.I.A.",
        "NVIDIAGmbH",
        "英伟达",
    ],
)
def test_an_addressee_is_known_by_its_usual_names(name):
    assert kt.check("h20", "CN", "2025-07-15", exporter=name).outcome == "licence_required"


@pytest.mark.parametrize(
    "name",
    ["NVIDIA Singapore Pte. Ltd.", "The Nvidia Trading Company", "Nvdia", "Mellanox",
     "NVIDIA|Acme", "Acme and NVIDIA"],
)  # fmt: skip
def test_a_name_that_holds_an_addressees_name_is_not_quietly_somebody_else(name):
    answer = kt.check("h20", "CN", "2025-07-15", exporter=name, hq="CN")
    assert answer.outcome == "undetermined"
    assert [m.fact for m in answer.missing] == ["exporter"]


@pytest.mark.parametrize("name", ["Acme", "Amdocs", "Intelsat", "Nvidious"])
def test_a_name_that_only_looks_like_an_addressee_is_somebody_else(name):
    answer = kt.check("h20", "CN", "2025-07-15", exporter=name, hq="CN")
    assert answer.outcome == "no_licence_required"
    assert "letter_not_addressed" in {flag.code for flag in answer.flags}


def test_two_exporters_are_both_looked_at():
    found = facts(item="own", exporter="TSMC|NVIDIA", facts={"tpp": "1000"})
    assert found["exporter"].value.options == {"TSMC", "NVIDIA"}
    assert found["exporter_role"].value.options == {"fabricator", "other"}
    joined = facts(item="own", exporter="NVIDIA and TSMC", facts={"tpp": "1000"})
    assert {"TSMC", "NVIDIA"} < joined["exporter"].value.options


@pytest.mark.parametrize("family", ["h20", "H-20", "Nvidia H20", "H20"])
def test_a_family_is_known_however_it_is_written(family):
    found = facts(item="own", facts={"tpp": "1000", "family": family})
    assert str(found["family"].value) == "H20"


def test_what_is_nearly_a_family_may_be_it():
    found = facts(item="own", facts={"tpp": "1000", "family": "H20 Plus"})
    assert "H20" in found["family"].value.options


def test_strict_takes_no_parent_for_granted():
    question = {"item": "nvidia-h100-sxm", "to": "SG", "on": "2024-06-01", "hq": "SG"}
    assert kt.check(**question).outcome == "no_licence_required"
    strict = kt.check(**question, strict=True)
    assert "parent_hq" in {m.fact for m in strict.missing}


def test_a_server_keeps_the_figures_of_its_chip(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("contains: 8xnvidia-h100-sxm\nrate_fp8: 100\n", encoding="utf-8")
    with pytest.raises(kt.KlarteckenError, match="contains"):
        kt.check(str(path), "CN", "2025-03-01", hq="CN")
    path.write_text("contains: 8xnvidia-h100-sxm\nname: our box\n", encoding="utf-8")
    assert kt.check(str(path), "CN", "2025-03-01", hq="CN").outcome == "licence_required"


def test_the_parent_is_taken_from_the_consignee_unless_it_is_said():
    assert str(facts(hq="SG")["parent_hq"].value) == "SG"
    assert str(facts(hq="SG", parent_hq="CN")["parent_hq"].value) == "CN"
    assert not facts(hq="SG", parent_hq="unknown")["parent_hq"].known
    assert "parent_hq" not in facts()


def test_hong_kong_is_china_and_a_territory_is_the_united_states():
    found = facts(to="Hong Kong", hq="hkg")
    assert str(found["destination"].value) == "CN"
    assert str(found["consignee_hq"].value) == "CN"
    assert kt.check("h20", "HK", "2025-07-15").case.as_given["destination"] == "HK"
    assert str(facts(to="Puerto Rico")["destination"].value) == "US"


@pytest.mark.parametrize(
    ("start", "to", "activity"),
    [("US", "CN", "export"), ("TW", "CN", "reexport"), ("CN", "HK", "transfer")],
)
def test_the_movement_follows_from_its_ends(start, to, activity):
    assert str(facts(ship_from=start, to=to)["activity"].value) == activity


def test_what_is_said_of_the_movement_stands():
    assert str(facts(ship_from="TW", activity="export")["activity"].value) == "export"


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("entity_list", {"listed_entity": "yes"}),
        ("entity_list:4", {"listed_entity": "yes", "entity_list_footnote": "4"}),
        (["meu", "uvl"], {"listed_meu": "yes", "listed_uvl": "yes"}),
        ("none", {"listed_entity": "no", "listed_dpl": "no", "affiliate_of_listed": "no"}),
        ("DPL", {"listed_dpl": "yes"}),
    ],
)
def test_listings(listed, expected):
    found = facts(listed=listed)
    assert {name: str(found[name].value) for name in expected} == expected


def test_unknown_said_aloud_is_not_silence():
    silent = kt.check("l20", "CN", "2024-03-15", hq="CN")
    said = kt.check("l20", "CN", "2024-03-15", hq="CN", facts={"end_use": "unknown"})
    assert silent.outcome == "no_licence_required"
    assert said.outcome == "undetermined"
    # whether the weapons rules reach the place matters as soon as the use is not known
    assert [m.fact for m in said.missing] == ["end_use", "wmd_rule_applies"]


REFUSED = [
    ({"to": "XX"}, "XX"), ({"to": ""}, "''"), ({"on": "2025-02-29"}, "2025-02-29"),
    ({"on": "2022-07-31"}, "2022-08-01"), ({"view": "rumour"}, "rumour"),
    ({"activity": "smuggle"}, "smuggle"), ({"listed": "blue"}, "blue"),
    ({"listed": ["none", "uvl"]}, "none"), ({"listed": "uvl:4"}, "uvl:4"),
    ({"end_use": "fun"}, "fun"), ({"exporter": " "}, "exporter"),
    ({"facts": {"tpp": "-1"}}, "-1"), ({"facts": {"tpp": "1..0"}}, "1..0"),
    ({"facts": {"nope": "1"}}, "nope"), ({"facts": {"dc": "perhaps"}}, "perhaps"),
    ({"ship_from": "US", "activity": "reexport"}, "export"),
    ({"ship_from": "US", "facts": {"subject_to_ear": "no"}}, "leaves the United States"),
    ({"facts": {"family": "L20"}}, "H20"), ({"facts": {"item_kind": "other"}}, "ic"),
    ({"facts": {"tpp": "100"}}, "296"),
    ({"ship_from": "CN", "activity": "export"}, "transfer"),
    ({"ship_from": "SG", "activity": "transfer"}, "Singapore"),
    ({"listed": ""}, "empty"), ({"exporter": "x\nNO LICENCE"}, "control"),
    ({"item": "nvidia-h100", "facts": {"tpp": "100"}}, "looks like"),
    ({"item": "our chip", "facts": {"end_use": "military"}}, "our chip"),
    ({"item": "our chip", "facts": {"tppp": "1"}}, "tppp"),
    ({"hq": "SG", "facts": {"consignee_hq": "CN"}}, "twice"),
    ({"facts": {"tpp": "1", "total_processing_performance": "2"}}, "twice"),
    ({"listed": "none", "facts": {"listed_entity": "yes"}}, "twice"),
    ({"facts": {"tpp": "2000", "pd": "8", "die_area": "1000"}}, "does not go with"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), REFUSED, ids=[str(r[0]) for r in REFUSED])
def test_what_cannot_be_read_is_refused(changes, told):
    with pytest.raises(InputError) as caught:
        facts(**changes)
    assert told in caught.value.line()
    assert "\n" not in caught.value.line()


def test_a_catalogue_figure_that_the_asker_replaces_is_flagged():
    answer = kt.check("nvidia-h100-sxm", "CN", "2024-06-01", hq="CN", facts={"tpp": "10000"})
    assert "figure_overridden" in {flag.code for flag in answer.flags}
    same = kt.check("nvidia-h100-sxm", "CN", "2024-06-01", hq="CN", facts={"tpp": "15832"})
    assert "figure_overridden" not in {flag.code for flag in same.flags}
