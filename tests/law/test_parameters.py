"""The numbers of the law have names, and can be set by name."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from klartecken.errors import InputError, UnknownName
from klartecken.law.load import load_law
from klartecken.law.overlay import apply, parameter, parameters, sweep_reform

LAW = load_law()
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\b[A-Z]{1,2}:\d\b")
BARE = re.compile(r"(?<![\w.])\d")


def test_no_condition_has_a_bare_number():
    """A number without a name can be neither swept nor found."""
    bare = [
        (identity, version["id"], text)
        for identity, doc in LAW.docs.items()
        for version in doc["versions"]
        for part in (version, *version.get("bars", ()), *version.get("conditions", ()))
        if BARE.search(text := QUOTED.sub("", str(part["when"])))
    ]
    assert not bare


def test_every_parameter_is_found_by_its_path():
    for path in parameters(LAW):
        found = parameter(LAW, path)
        assert f"{found.provision}.{found.name}" == path
        assert found.values


def test_the_lines_of_3a090_stand_once():
    for rule in ("level.a", "3A090.a", "parameters.any", "parameters.a"):
        assert parameter(LAW, f"{rule}.tpp_a1") == ("parameters.a", "tpp_a1", {"V2": 4800})
    assert parameter(LAW, "level.b.pd_b1").provision == "parameters.b"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("parameters.a.tpp_a9", "parameters.a.tpp_a1"),
        ("parameters.a.nothing", "There is: parameters.a.tpp_a, parameters.a.io_a"),
        ("parametres.a.tpp_a1", "Nearest: parameters.a.tpp_a1"),
        ("level.aa.tpp", "Nearest: level.a"),
        ("domestic.tpp", "There is: none"),
        ("", "Write PROVISION.PARAMETER"),
    ],
)
def test_what_does_not_exist_is_told_the_nearest(path, told):
    with pytest.raises(UnknownName) as caught:
        parameter(LAW, path)
    assert told in caught.value.line()


@pytest.mark.parametrize("value", ["5.9", Decimal("5.9"), Fraction(59, 10)])
def test_a_number_is_set_exactly(value):
    given = sweep_reform(LAW, "parameters.a.pd_a2", value)
    law = apply(LAW, given)
    (version,) = [v for v in law.provisions["parameters.a"].versions if "pd_a2" in v.params]
    assert version.params["pd_a2"] == Fraction(59, 10)
    assert version.params["tpp_a1"] == 4800
    assert given.start == date(2023, 11, 17)
    assert given.id == "parameters.a.pd_a2=5.9"


def test_it_is_set_in_every_version_of_the_period():
    path = "note1.transistors.transistors_bn"
    law = apply(LAW, sweep_reform(LAW, path, 50, date(2027, 6, 1), date(2028, 6, 1)))
    values = [(v.start.year, v.params["transistors_bn"]) for v in
              law.provisions["note1.transistors"].versions]  # fmt: skip
    assert values == [(2025, 30), (2027, 30), (2027, 50), (2028, 50), (2028, 30), (2029, 30)]


def test_a_float_and_a_period_without_it_are_refused():
    with pytest.raises(InputError, match="no exact number"):
        sweep_reform(LAW, "parameters.a.pd_a2", 5.9)
    with pytest.raises(InputError, match="no version with it binds"):
        sweep_reform(LAW, "parameters.a.tpp_a", 1, date(2025, 1, 1))
    with pytest.raises(InputError, match="not a number"):
        sweep_reform(LAW, "parameters.a.tpp_a", "much")


def test_a_provision_or_a_bare_word_is_told_from_a_number():
    with pytest.raises(UnknownName, match=r"b: is a provision, .*parameters\.b\.tpp_b1"):
        parameter(LAW, "parameters.b")
    with pytest.raises(UnknownName, match="tpp_b1: names no provision"):
        parameter(LAW, "tpp_b1")
