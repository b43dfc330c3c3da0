"""Headquarters: what sources say, conflicts kept, nobody made an ultimate parent by arithmetic."""

from datetime import date

from klartecken.parties.ownership.headquarters import headquarters
from klartecken.parties.ownership.model import HqFact
from tests.parties.ownership.small import DAY, graph_of

YEAR = date(2026, 1, 1)


def hq(party: str, country: str, source: str = "a", day: date | None = YEAR) -> HqFact:
    return HqFact(party, "headquarters", country, "", source, day)


def test_own_and_parents_headquarters() -> None:
    facts = (hq("A", "SG"), HqFact("A", "ultimate_parent", "", "P", "a", YEAR), hq("P", "HK"))
    found = headquarters(graph_of("P 51 A", facts=facts), "A", DAY)
    assert found.consignee_hq == ("SG",)
    assert (found.parents, found.parent_hq) == (("P",), ("HK",))
    assert (found.notes, found.candidate) == ((), "")


def test_conflicts_stay() -> None:
    facts = (
        hq("A", "SG"), hq("A", "CN", "b"), HqFact("A", "ultimate_parent", "", "P", "a", YEAR),
        HqFact("A", "ultimate_parent", "", "Q", "b", YEAR), hq("P", "KY"), hq("Q", "CN"),
    )  # fmt: skip
    found = headquarters(graph_of("P 51 A", facts=facts), "A", DAY)
    assert found.consignee_hq == ("CN", "SG")
    assert (found.parents, found.parent_hq) == (("P", "Q"), ("CN", "KY"))
    assert len(found.notes) == 3


def test_a_majority_owner_is_a_candidate_only() -> None:
    graph = graph_of("P 51 B", "B 100 A", facts=(hq("P", "CN"),))
    found = headquarters(graph, "A", DAY)
    assert (found.parents, found.parent_hq) == ((), ())
    assert (found.candidate, found.candidate_hq) == ("P", ("CN",))
    assert headquarters(graph_of("P 50 A"), "A", DAY).candidate == ""
    assert headquarters(graph_of("B 60 A", "A 60 B"), "A", DAY).candidate == ""


def test_the_day_counts() -> None:
    facts = (hq("A", "SG", day=date(2020, 1, 1)), hq("A", "CN", day=date(2026, 6, 1)))
    graph = graph_of("P 51 A", facts=facts)
    assert headquarters(graph, "A", date(2026, 5, 31)).consignee_hq == ("SG",)
    assert headquarters(graph, "A", date(2026, 6, 1)).consignee_hq == ("CN",)
    early = headquarters(graph, "A", date(2019, 1, 1))
    assert early.consignee_hq == ("SG",)
    assert "stated only from 2020-01-01 on" in early.notes[0]


def test_editions_of_gleif_are_one_source() -> None:
    facts = (
        hq("A", "SG", "GLEIF level 1 of 2023-06-05", date(2023, 1, 1)),
        hq("A", "CN", "GLEIF API of 2025-05-15", date(2025, 1, 1)),
    )
    assert headquarters(graph_of("P 51 A", facts=facts), "A", DAY).consignee_hq == ("CN",)


def test_a_parent_whose_headquarters_nobody_tells() -> None:
    fact = HqFact("A", "ultimate_parent", "", "P", "a", YEAR)
    found = headquarters(graph_of("P 51 A", facts=(fact,)), "A", DAY)
    assert (found.parents, found.parent_hq) == (("P",), ())
    assert found.notes == ("no source tells the headquarters of P",)
    over = HqFact("A", "ultimate_parent", "", "P", "a", YEAR, until=date(2026, 2, 1))
    assert headquarters(graph_of("P 51 A", facts=(over,)), "A", DAY).parents == ()
