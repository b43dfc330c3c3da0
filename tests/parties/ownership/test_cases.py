"""The twenty cases of the Affiliates rule; each function is one of them, in their order."""

from datetime import date

import pytest

from klartecken.logic.tri import NO, UNKNOWN, YES
from klartecken.parties.ownership.affiliates import affiliate_of, affiliates
from klartecken.parties.ownership.graph import Graph
from klartecken.parties.ownership.restriction import Restriction
from tests.parties.ownership.small import DAY, EL, MEU, graph_of, stake

ONE = {"L": EL}
TWO = {"L1": EL, "L2": EL}


def statuses(graph: Graph, restricted: dict[str, Restriction], names: str) -> str:
    """``yes no``: the answers for several parties; both ways of asking agree."""
    found = affiliates(graph, restricted, DAY)
    alone = [affiliate_of(graph, restricted, name, DAY) for name in names.split()]
    assert alone == [found[name] for name in names.split()]
    return " ".join(found.status(name).value for name in names.split())


def test_case_01_fifty_is_enough() -> None:
    graph = graph_of("L 50 A")
    assert statuses(graph, ONE, "A") == "yes"
    found = affiliate_of(graph, ONE, "A", DAY)
    assert [(g.party, g.sure) for g in found.governing] == [("L", True)]
    assert [s.owner for s in found.chains[0].steps] == ["L"]


def test_case_02_forty_nine_is_a_minority() -> None:
    graph = graph_of("L 49 A")
    assert statuses(graph, ONE, "A") == "no"
    found = affiliate_of(graph, ONE, "A", DAY)
    assert found.flagged("minority_owner")
    assert found.flagged("remainder_not_stated")
    assert not found.governing


def test_case_03_strangers_add_up() -> None:
    assert statuses(graph_of("L1 20 A", "L2 30 A"), TWO, "A") == "yes"


def test_case_04_lists_add_up_and_the_stricter_governs() -> None:
    graph, both = graph_of("L1 25 A", "M 25 A"), {"L1": EL, "M": MEU}
    assert statuses(graph, both, "A") == "yes"
    found = affiliate_of(graph, both, "A", DAY)
    assert found.inherited.lists == ("EL", "MEU")
    assert found.inherited.policy == "policy_of_denial"


def test_case_05_nothing_is_multiplied() -> None:
    graph = graph_of("L 50 A", "A 50 B")
    assert statuses(graph, ONE, "A B") == "yes yes"
    (chain,) = affiliate_of(graph, ONE, "B", DAY).chains
    assert [(s.owner, s.owned) for s in chain.steps] == [("L", "A"), ("A", "B")]


def test_case_06_two_affiliates_add_up() -> None:
    assert statuses(graph_of("L 50 A", "L 50 B", "A 25 C", "B 25 C"), ONE, "C") == "yes"


def test_case_07_owner_and_affiliate_add_up() -> None:
    assert statuses(graph_of("L 50 A", "A 40 B", "L 10 B"), ONE, "B") == "yes"


def test_case_08_nothing_flows_through_the_unrestricted() -> None:
    graph = graph_of("L 25 A", "L 25 B", "A 50 C", "B 50 C")
    assert statuses(graph, ONE, "A B C") == "no no no"
    assert affiliate_of(graph, ONE, "C", DAY).flagged("listed_upstream")


def test_case_09_both_red_flags() -> None:
    graph = graph_of("L 49 A", "A 100 B")
    assert statuses(graph, ONE, "A B") == "no no"
    assert affiliate_of(graph, ONE, "A", DAY).flagged("minority_owner")
    assert affiliate_of(graph, ONE, "B", DAY).flagged("listed_upstream")


def test_case_10_a_us_entity_is_spared_and_passes_nothing_on() -> None:
    graph = graph_of("L 60 A", "A 60 Inc", "Inc 100 Sub", us="Inc")
    assert statuses(graph, ONE, "A Inc Sub") == "yes no no"
    assert affiliates(graph, ONE, DAY)["Inc"].foreign is NO
    unsure = graph_of("L 60 A", "A 60 Inc", "Inc 100 Sub", unsure="Inc")
    assert statuses(unsure, ONE, "A Inc Sub") == "yes unknown unknown"
    asked = affiliates(unsure, ONE, DAY)["Sub"].open
    assert {(o.kind, o.owner) for o in asked} == {("owner", "Inc"), ("nationality", "Inc")}


def test_case_11_unknown_holders_leave_it_open() -> None:
    graph = graph_of("L 40 A", "? 60 A")
    assert statuses(graph, ONE, "A") == "unknown"
    found = affiliate_of(graph, ONE, "A", DAY)
    assert found.flagged("unresolved_owner")
    assert (found.least, found.most) == (40, 100)
    (question,) = found.open
    assert (question.kind, question.covered_from) == ("holder", 10)


def test_case_11_silence_is_flagged_and_no_more() -> None:
    graph = graph_of("L 40 A")
    assert statuses(graph, ONE, "A") == "no"
    assert affiliate_of(graph, ONE, "A", DAY).flagged("remainder_not_stated")


def test_case_12_bands() -> None:
    """Two bands of 25 to 50 are never "no": their least sum is the threshold itself."""
    graph = graph_of("L1 25-50 A", "L2 25-50 A")
    assert statuses(graph, TWO, "A") == "yes"
    assert affiliate_of(graph, TWO, "A", DAY).flagged("at_the_threshold")
    assert statuses(graph_of("L1 >25-50 A", "L2 >25-50 A"), TWO, "A") == "yes"
    lower = graph_of("L1 20-50 A", "L2 20-50 A")
    assert statuses(lower, TWO, "A") == "unknown"
    found = affiliate_of(lower, TWO, "A", DAY)
    assert [(o.kind, o.owner, o.covered_from) for o in found.open] == [("share", "L1", 30)]
    assert statuses(graph_of("L1 25-50 A"), TWO, "A") == "unknown"


def test_case_13_sisters_and_parents_are_not_covered() -> None:
    graph = graph_of("P 100 A", "P 100 B")
    assert statuses(graph, {"A": EL}, "P B") == "no no"
    assert affiliate_of(graph, {"A": EL}, "P", DAY).flagged("parent_of_listed")
    assert not affiliate_of(graph, {"A": EL}, "B", DAY).flagged("parent_of_listed")


def test_case_14_an_unnamed_occupant_of_a_listed_address() -> None:
    graph, occupant = graph_of("X 100 B"), {"X": Restriction(("ADDRESS",))}
    assert statuses(graph, occupant, "B") == "no"
    assert affiliate_of(graph, occupant, "B", DAY).flagged("uncounted_owner")


def test_case_15_a_footnote_comes_down() -> None:
    graph = graph_of("L 50 A")
    found = affiliate_of(graph, {"L": Restriction(("EL",), footnotes=("4",))}, "A", DAY)
    assert found.inherited.footnotes == ("4",)


def test_case_16_all_footnotes_come_down() -> None:
    graph = graph_of("L 50 A", "L2 50 A")
    both = {
        "L": Restriction(("EL",), footnotes=("1",), review_policy="case_by_case"),
        "L2": Restriction(("EL",), footnotes=("4",), review_policy="presumption_of_denial"),
    }
    found = affiliate_of(graph, both, "A", DAY)
    assert found.inherited.footnotes == ("1", "4")
    assert found.inherited.policy == "presumption_of_denial"


@pytest.mark.parametrize("day", [date(2025, 10, 15), date(2026, 3, 1), DAY])
def test_case_17_the_calendar_is_for_the_law(day: date) -> None:
    """The ownership is the same on all three days; whether it matters, the law says."""
    assert affiliate_of(graph_of("L 50 A"), ONE, "A", day).status is YES


def test_case_18_an_unlisted_military_end_user() -> None:
    unlisted = {"L": Restriction(("UNLISTED_MEU",))}
    assert statuses(graph_of("L 100 A"), unlisted, "A") == "no"


@pytest.mark.parametrize(
    ("programmes", "bis", "ofac"),
    [(("SDGT",), YES, YES), (("CUBA",), NO, YES), (("CUBA", "SDGT"), YES, YES), ((), UNKNOWN, YES)],
)
def test_case_19_blocked_persons(programmes: tuple[str, ...], bis: object, ofac: object) -> None:
    graph, blocked = graph_of("S 50 A"), {"S": Restriction(("SDN",), programmes=programmes)}
    assert affiliate_of(graph, blocked, "A", DAY).status is bis
    assert affiliate_of(graph, blocked, "A", DAY, "ofac").status is ofac


def test_case_20_the_day_of_the_transaction() -> None:
    sold = date(2026, 6, 30)
    first, then = stake("L 50 A", until=sold), stake("L 30 A", since=date(2026, 7, 1))
    graph = graph_of(stakes=(first, then))
    assert affiliate_of(graph, ONE, "A", sold).status is YES
    assert affiliate_of(graph, ONE, "A", date(2026, 7, 1)).status is NO
    assert not affiliate_of(graph, ONE, "A", date(2026, 7, 1)).flagged("recent_cut")


@pytest.mark.parametrize(
    ("share", "day", "flagged"),
    [
        ("49.9", date(2026, 7, 1), True), ("45", date(2026, 7, 1), True),
        ("<50", date(2026, 7, 1), True), ("44.9", date(2026, 7, 1), False),
        ("49.9", date(2027, 6, 30), True), ("49.9", date(2027, 7, 1), False),
    ],
)  # fmt: skip
def test_case_20_a_recent_cut_to_just_under(share: str, day: date, flagged: bool) -> None:
    first = stake("L 55 A", until=date(2026, 6, 30))
    then = stake(f"L {share} A", since=date(2026, 7, 1))
    found = affiliate_of(graph_of(stakes=(first, then)), ONE, "A", day)
    assert found.status is NO
    assert found.flagged("recent_cut") is flagged
