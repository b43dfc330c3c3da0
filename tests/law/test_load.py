"""What can be wrong in a law file is found on load, and named."""

from __future__ import annotations

import copy
from importlib.resources import files

import pytest

from klartecken.errors import LawError
from klartecken.law.load import build, load_law
from klartecken.law.reader import read_yaml

FOLDER = files("klartecken.law") / "us_ear"


@pytest.fixture(scope="module")
def shipped():
    return {p.name: read_yaml(p) for p in FOLDER.iterdir() if p.name.endswith(".yaml")}


def version(**changes):
    return {
        "id": "V1", "from": DAY(2024, 1, 1), "when": "tpp >= 1", "cite": "c", "url": "https://x",
        "tag": "inferred", **changes,
    }  # fmt: skip


def DAY(*parts):
    from datetime import date

    return date(*parts)


def provision(**changes):
    return {
        "id": "made.up",
        "stage": "definition",
        "title": "t",
        "versions": [version()],
        **changes,
    }


def load(shipped, *provisions):
    docs = copy.deepcopy(shipped)
    docs["made_up.yaml"] = {"family": "made-up", "title": "t", "provisions": list(provisions)}
    return build(docs)


def test_a_good_file_loads(shipped):
    assert "made.up" in load(shipped, provision()).provisions


REFERS = version(when='"made.two"')
WRONG = {
    "overlap": ([provision(versions=[version(), version(id="V2")])], "overlaps version V2"),
    "overlap in one view": (
        [provision(versions=[version(view="text"), version(id="V2")])],
        "in the text view",
    ),
    "circle": (
        [provision(versions=[REFERS]),
         provision(id="made.two", versions=[version(when='"made.up"')])],
        "made.up -> made.two -> made.up",
    ),
    "itself": ([provision(versions=[version(when='"made.up"')])], "refers to itself"),
    "dangling": ([provision(versions=[version(when='"nowhere"')])], "does not exist"),
    "later stage": ([provision(versions=[version(when='"NAC"')])], "later stage exception"),
    "twice": ([provision(), provision()], "is also in"),
    "existing id": ([provision(id="level.a")], "is also in"),
    "no version": ([provision(versions=[])], "has no version"),
    "no basis": ([provision(stage="requirement")], "`basis` is missing"),
    "bad basis": ([provision(stage="requirement", basis="whim")], "'whim'"),
    "no symbol": ([provision(stage="exception")], "`symbol` is missing"),
    "no policy": (
        [provision(stage="policy", **{"for": ["headquarters.a"]})], "`policy` is missing"
    ),
    "policy for nothing": (
        [provision(stage="policy", policy="case_by_case")], "names no requirement"
    ),
    "policy for a definition": (
        [provision(stage="policy", policy="case_by_case", **{"for": ["level.a"]})],
        "is no requirement",
    ),
    "flag without text": ([provision(stage="flag", code="x")], "`text` is missing"),
    "unknown key": ([provision(colour="red")], "unknown key colour"),
    "unknown version key": ([provision(versions=[version(frm=1)])], "unknown key frm"),
    "no source": ([provision(versions=[version(cite=None)])], "`cite` is missing"),
    "no address": ([provision(versions=[version(url=None)])], "`url` is missing"),
    "bad tag": ([provision(versions=[version(tag="rumour")])], "'rumour'"),
    "text day": ([provision(versions=[version(**{"from": "soon"})])], "not a day"),
    "ends first": ([provision(versions=[version(until=DAY(2023, 1, 1))])], "before it binds"),
    "complies first": (
        [provision(versions=[version(compliance=DAY(2023, 1, 1))])], "is before `from`"
    ),
    "instrument": ([provision(versions=[version(instrument="R99")])], "R99"),
    "exception symbol": (
        [provision(stage="requirement", basis="ccl", exceptions=["XYZ"])],
        "'XYZ' is unknown",
    ),
    "param": ([provision(versions=[version(params={"a": "many"})])], "not a number"),
    "expression": ([provision(versions=[version(when="tpp >= tpq")])], "tpq"),
    "call": ([provision(versions=[version(when="open('x')")])], "not allowed"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_with_its_place(shipped, name):
    provisions, told = WRONG[name]
    with pytest.raises(LawError) as caught:
        load(shipped, *provisions)
    line = caught.value.line()
    assert told in line
    assert "made_up.yaml" in line or "definitions.yaml" in line


def test_an_expression_error_names_file_provision_version_and_column(shipped):
    with pytest.raises(LawError) as caught:
        load(shipped, provision(versions=[version(when="tpp >= 1 and tpq >= 2")]))
    assert caught.value.line().startswith(
        "made_up.yaml, provision made.up, version V1, column 14: unknown name tpq"
    )


def test_the_hash_is_of_the_content_not_of_the_layout(shipped, tmp_path):
    import yaml

    for name, doc in shipped.items():
        text = (FOLDER / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text("# a comment\n" + text + "\n\n", encoding="utf-8")
        assert yaml.safe_load(text).keys() == doc.keys()
    from klartecken.law.load import load_folder

    assert load_folder(tmp_path).hash == load_law().hash


def test_the_hash_changes_with_any_legal_content(shipped):
    docs = copy.deepcopy(shipped)
    provisions = docs["definitions.yaml"]["provisions"]
    level = next(p for p in provisions if p["id"] == "parameters.a")
    name, value = next(iter(level["versions"][-1]["params"].items()))
    level["versions"][-1]["params"][name] = value + 1
    assert build(docs).hash != load_law().hash


def test_a_key_given_twice_is_an_error(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\nb: 2\na: 3\n", encoding="utf-8")
    with pytest.raises(LawError, match=r"x.yaml line 3: 'a' stands twice"):
        read_yaml(path)


@pytest.mark.parametrize("text", ["- 1\n", "a: [1\n", "a: 2027-02-30\n", "\x00"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path, text):
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LawError, match=r"x\.yaml"):
        read_yaml(path)
