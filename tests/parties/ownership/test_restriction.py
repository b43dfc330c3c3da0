"""Which restricted parties a rule counts, and which policy governs."""

from pathlib import Path

import pytest

from klartecken.errors import InputError
from klartecken.law.model import POLICIES as LAW_POLICIES
from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.parties.ownership.behind import inherit
from klartecken.parties.ownership.finding import Governing
from klartecken.parties.ownership.restricted import read_restricted
from klartecken.parties.ownership.restriction import (
    POLICIES,
    UNCOUNTED,
    Restriction,
    rule_of,
    strictest,
)
from tests.parties.ownership.small import graph_of


def test_the_order_of_policies_is_the_laws() -> None:
    assert POLICIES == LAW_POLICIES


@pytest.mark.parametrize("code", [*UNCOUNTED, "OWN:ours"])
def test_lists_that_no_rule_counts(code: str) -> None:
    assert rule_of("bis").counts(Restriction((code,))) is NO
    assert rule_of("ofac").counts(Restriction((code,))) is NO


@pytest.mark.parametrize(
    ("lists", "programmes", "status", "bis", "ofac"),
    [
        (("EL",), (), YES, YES, NO), (("MEU", "UVL"), (), YES, YES, NO),
        (("EL",), (), UNKNOWN, UNKNOWN, NO),
        (("SDN",), ("Russia-EO14024",), YES, YES, YES), (("SDN",), ("IRAN",), YES, NO, YES),
        (("SDN", "EL"), ("CUBA",), YES, YES, YES), (("SDN",), (), UNKNOWN, UNKNOWN, UNKNOWN),
        (("SDN",), ("ILLICIT DRUGS-EO14059",), YES, YES, YES), (("UVL",), (), UNKNOWN, NO, NO),
    ],
)  # fmt: skip
def test_counting(lists: tuple[str, ...], programmes: tuple[str, ...], status: Tri, bis: Tri,
                  ofac: Tri) -> None:  # fmt: skip
    restriction = Restriction(lists, status, programmes=programmes)
    assert rule_of("bis").counts(restriction) is bis
    assert rule_of("ofac").counts(restriction) is ofac


def test_a_list_or_policy_or_rule_that_there_is_not() -> None:
    with pytest.raises(InputError, match="no list"):
        Restriction(("ENTITY",))
    with pytest.raises(InputError, match="no review policy"):
        Restriction(("EL",), review_policy="denial")
    with pytest.raises(InputError, match="no ownership rule"):
        rule_of("eu")


def test_an_entry_without_policy_is_unknown_and_below_the_denials() -> None:
    assert strictest(("case_by_case", "")) == "unknown"
    assert strictest(("", "presumption_of_denial")) == "presumption_of_denial"
    assert strictest(()) == ""


@pytest.mark.parametrize(
    ("requirements", "widest"),
    [
        (("All items subject to the EAR.", "3A090 only."), "All items subject to the EAR."),
        (("3A090 only.",), "3A090 only."), (("3A090 only.", ""), ""), (("One.", "Two."), ""),
    ],
)  # fmt: skip
def test_the_widest_requirement_only_where_it_can_be_told(
    requirements: tuple[str, ...], widest: str
) -> None:
    owners = [Governing("L", "L", Restriction(("EL",), requirement=r), True) for r in requirements]
    assert inherit(owners).requirement == widest


def test_a_table_of_restricted_parties(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("name,list,footnotes,policy\n l ,EL,4,case_by_case\nL,MEU,,\nNobody,EL,,\n")
    found, absent = read_restricted(path, graph_of("L 50 A"))
    assert found["L"] == Restriction(("EL", "MEU"), footnotes=("4",), review_policy="unknown")
    assert (set(found), absent) == ({"L", "Nobody"}, ("Nobody",))


@pytest.mark.parametrize(
    "text", ["name\nL\n", "list\nEL\n", "name,list\nL,XX\n", "name,list\n,EL\n", "name,list\nL\n",
             "name,list,colour\nL,EL,red\n", "name,list\nL,\n", "name,list,status\nL,EL,no\n",
             "name,list,status\nL,EL,yes\nL,UVL,unknown\n"],
)  # fmt: skip
def test_a_bad_table_of_restricted_parties(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(text)
    with pytest.raises(InputError, match="row"):
        read_restricted(path, graph_of("L 50 A"))
