"""Several statements on one holding, and what is wrong with the figures."""

from datetime import date

import pytest

from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.parties.ownership.affiliates import affiliate_of, affiliates
from klartecken.parties.ownership.graph import build_graph
from klartecken.parties.ownership.holdings import holdings_of, problems
from klartecken.parties.ownership.model import Holder, Stake
from klartecken.parties.ownership.share import ANY, SOME, WHOLE, exactly, read_share
from tests.parties.ownership.small import DAY, EL, graph_of


def told(
    share: str, source: str, owner: str = "L", owned: str = "A", kind: str = "equity"
) -> Stake:
    return Stake(owner, owned, read_share(share), source, kind)


@pytest.mark.parametrize(
    ("rows", "share", "at_odds"),
    [
        ([("60", "a"), ("40", "b")], "40-60", True),
        ([("60", "a"), (">50-75", "b")], "60", False),
        ([("60", "a"), ("unknown", "b")], "60", False),
        ([("25-50", "a"), ("40-75", "b")], "40-50", False),
        ([("30", "a"), ("30", "a")], "30", False),
        ([("30", "a"), ("40", "a")], "30-70", True),
        ([("60", "a"), ("70", "a")], ">=60", True),
    ],
)
def test_two_statements(rows: list[tuple[str, str]], share: str, at_odds: bool) -> None:
    graph = graph_of(stakes=tuple(told(*row) for row in rows))
    (holding,) = holdings_of(graph, "A", DAY)
    assert (holding.share, holding.at_odds) == (read_share(share), at_odds)
    assert len(holding.stakes) == len(rows)
    assert [p.code for p in problems(graph)] == (["disagreement"] if at_odds else [])
    found = affiliate_of(graph, {"L": EL}, "A", DAY)
    assert found.flagged("sources_disagree") is at_odds


def test_unknown_holders_add_up() -> None:
    graph = graph_of(stakes=(told("30", "a", ""), told("25", "a", "")))
    (holding,) = holdings_of(graph, "A", DAY)
    assert (str(holding.share), holding.at_odds) == ("25-55", False)
    assert affiliate_of(graph, {}, "A", DAY).status is UNKNOWN


def test_more_than_a_hundred_is_named_and_nobody_is_covered_by_it_for_sure() -> None:
    graph = graph_of("L 60 A", "M 60 A")
    (problem,) = problems(graph)
    assert problem.code == "over_100"
    assert "A: 120 per cent is held, more than 100" in problem.text
    found = affiliate_of(graph, {"L": EL}, "A", DAY)
    assert found.status is UNKNOWN
    assert found.flagged("over_100")
    assert affiliate_of(graph_of("L 100 A", "M 5 A"), {"L": EL}, "A", DAY).status is YES


def test_too_much_on_some_days_only() -> None:
    early = Stake("L", "A", exactly(60), "a", until=date(2024, 12, 31))
    late = Stake("M", "A", exactly(60), "a", since=date(2025, 1, 1))
    assert not list(problems(graph_of(stakes=(early, late))))
    overlapping = Stake("M", "A", exactly(60), "a", since=date(2024, 12, 31))
    (problem,) = problems(graph_of(stakes=(early, overlapping)))
    assert "from 2024-12-31 on" in problem.text


def test_a_range_ends_where_the_others_leave_nothing() -> None:
    assert affiliate_of(graph_of("L unknown A", "M >50 A"), {"L": EL}, "A", DAY).status is NO
    assert affiliate_of(graph_of("L unknown A", "M 50 A"), {"L": EL}, "A", DAY).status is UNKNOWN


@pytest.mark.parametrize(
    ("kind", "share", "status", "flag"),
    [
        ("consolidation", SOME, UNKNOWN, "consolidation_only"),
        ("branch", WHOLE, YES, None),
        ("indirect", ANY, UNKNOWN, "unresolved_owner"),
    ],
)
def test_kinds(kind: str, share: object, status: Tri, flag: str | None) -> None:
    graph = graph_of(stakes=(Stake("L", "A", share, "x", kind),))  # type: ignore[arg-type]
    found = affiliate_of(graph, {"L": EL}, "A", DAY)
    assert found.status is status
    assert flag is None or found.flagged(flag)
    nobody = graph_of(stakes=(Stake("", "A", share, "x", kind),))  # type: ignore[arg-type]
    assert not affiliate_of(nobody, {}, "A", DAY).flagged("consolidation_only")


def test_consolidated_with_less_than_half_stated() -> None:
    rows = (told("49", "a"), Stake("L", "A", SOME, "GLEIF", "consolidation"))
    found = affiliate_of(graph_of(stakes=rows), {"L": EL}, "A", DAY)
    assert found.status is NO
    assert found.flagged("consolidated_below_half")


INDIRECT = Stake("L", "C", ANY, "GLEIF", "indirect")


@pytest.mark.parametrize(
    ("direct", "expected"),
    [
        ((), "unknown"),  # nothing else is known of C
        (("B 100 C",), "unknown"),  # then L stands behind B
        (("B 100 C", "L 100 B"), "yes"),
        (("B 100 C", "L 49 B", "M 51 B"), "unknown"),  # M's owner may be L
        (("B 100 C", "M 100 B", "N 60 M", "O 40 M"), "unknown"),
    ],
)
def test_an_ultimate_parent_behind_unnamed_companies(
    direct: tuple[str, ...], expected: str
) -> None:
    graph = graph_of(*direct, stakes=(INDIRECT,))
    assert affiliate_of(graph, {"L": EL}, "C", DAY).status.value == expected
    assert affiliate_of(graph, {}, "C", DAY).status is NO
    everyone = affiliates(graph, {"L": EL}, DAY)
    for party in everyone:
        assert affiliate_of(graph, {"L": EL}, party, DAY) == everyone[party]


def test_a_sources_own_id_and_the_lei_are_one_holder() -> None:
    lei = "INR2EJN1ERAN0W5ZP974"
    holders = [Holder("Alder", "Alder Group", lei=lei), Holder("B", "B", "SG", False)]
    stakes = [Stake("Alder", "B", exactly(30), "a"), Stake(lei, "C", exactly(60), "b")]
    graph = build_graph(stakes, holders)
    assert {s.owned for s in graph.out[lei]} == {"B", "C"}
    for said in ("Alder", lei, "alder  group"):
        assert graph.find(said) == lei
    mixed = {"Alder": EL}
    assert affiliate_of(graph, mixed, "B", DAY).least == 30
    assert affiliates(graph, mixed, DAY)["Alder"].listed == EL


def test_sources_that_differ_on_us_or_not() -> None:
    holders = [Holder("B", "B", is_us=True), Holder("B", "B", is_us=False), Holder("B", is_us=True)]
    graph = build_graph([Stake("L", "B", exactly(50), "a")], holders)
    assert graph.holders["B"].is_us is None
    assert [p.code for p in problems(graph)] == ["us_or_not"]
    assert affiliate_of(graph, {"L": EL}, "B", DAY).status is UNKNOWN


def test_an_ultimate_parent_of_a_company_stands_above_its_majority_owner_too() -> None:
    graph = graph_of("B 100 C", stakes=(INDIRECT,))
    assert affiliate_of(graph, {"L": EL}, "B", DAY).status is UNKNOWN
    weak = graph_of("B 40 C", stakes=(INDIRECT,))
    assert affiliate_of(weak, {"L": EL}, "B", DAY).status is NO
