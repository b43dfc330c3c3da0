"""The engine against trying everything, on small random graphs."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.parties.ownership.affiliates import affiliate_of, affiliates
from klartecken.parties.ownership.graph import Graph, build_graph
from klartecken.parties.ownership.model import Holder, Stake
from klartecken.parties.ownership.restriction import Restriction
from klartecken.parties.ownership.share import Share
from tests.parties.ownership import brute
from tests.parties.ownership.small import DAY

NAMES = "ABCDEF"
POINTS = [Fraction(n) for n in (0, 10, 20, 25, 30, 40, 49, 50, 51, 60, 75, 100)]


@st.composite
def shares(draw: st.DrawFn) -> Share:
    low, high = sorted((draw(st.sampled_from(POINTS)), draw(st.sampled_from(POINTS))))
    if low == high or draw(st.booleans()):
        return Share(low, low)
    return Share(low, high, draw(st.booleans()), draw(st.booleans()))


@st.composite
def worlds(
    draw: st.DrawFn,
) -> tuple[list[brute.Edge], dict[str, Tri], dict[str, bool | None]]:
    """Up to eight stakes, at most four of them ranges, that fit within 100 per company."""
    pairs = st.tuples(st.sampled_from([*NAMES, "?"]), st.sampled_from(NAMES))
    edges = []
    ranges = 0
    for owner, owned in draw(st.lists(pairs, min_size=1, max_size=8, unique=True)):
        share = draw(shares())
        if not share.exact:
            ranges += 1
            if ranges > 4:
                share = Share(share.low, share.low)
        edges.append((owner, owned, share))
    for company in NAMES:
        assume(sum(brute.values(s)[0] for _, owned, s in edges if owned == company) <= 100)
    seeds = draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([YES, UNKNOWN]),
                                 min_size=1, max_size=3))  # fmt: skip
    us: dict[str, bool | None] = dict.fromkeys(NAMES, False)
    us[draw(st.sampled_from(NAMES))] = draw(st.sampled_from([True, None, False]))
    us[draw(st.sampled_from(NAMES))] = draw(st.sampled_from([True, None, False]))
    return edges, seeds, us


def graph_of(edges: list[brute.Edge], us: dict[str, bool | None]) -> Graph:
    stakes = [Stake("" if o == "?" else o, c, share, f"row {n}")
              for n, (o, c, share) in enumerate(edges)]  # fmt: skip
    return build_graph(stakes, [Holder(name, name, is_us=us[name]) for name in NAMES])


@settings(max_examples=250)
@given(worlds())
def test_the_answer_is_that_of_every_completion(
    world: tuple[list[brute.Edge], dict[str, Tri], dict[str, bool | None]],
) -> None:
    edges, seeds, us = world
    graph = graph_of(edges, us)
    restricted = {party: Restriction(("EL",), listed) for party, listed in seeds.items()}
    found = affiliates(graph, restricted, DAY)
    for name, expected in brute.statuses(edges, seeds, us).items():
        assert found.status(name) is expected, name
        alone = affiliate_of(graph, restricted, name, DAY)
        assert alone == found[name]
        assert (expected is YES) == any(owner.sure for owner in alone.governing)
        assert (alone.least >= 50) or expected is not YES
        assert bool(alone.open) == (expected is UNKNOWN)


@given(worlds(), st.data())
def test_learning_more_never_changes_a_settled_answer(
    world: tuple[list[brute.Edge], dict[str, Tri], dict[str, bool | None]], data: st.DataObject
) -> None:
    edges, seeds, us = world
    restricted = {party: Restriction(("EL",), listed) for party, listed in seeds.items()}
    before = affiliates(graph_of(edges, us), restricted, DAY)
    known = [
        (owner, owned, Share(point, point))
        for owner, owned, share in edges
        for point in [data.draw(st.sampled_from(brute.values(share)))]
    ]
    for company in NAMES:
        assume(sum(share.low for _, owned, share in known if owned == company) <= 100)
    after = affiliates(graph_of(known, us), restricted, DAY)
    for name in NAMES:
        if before.status(name) is not UNKNOWN:
            assert after.status(name) is before.status(name)


@given(worlds())
def test_a_further_restricted_party_never_frees_another(
    world: tuple[list[brute.Edge], dict[str, Tri], dict[str, bool | None]],
) -> None:
    edges, seeds, us = world
    graph = graph_of(edges, us)
    one = {party: Restriction(("EL",), listed) for party, listed in seeds.items()}
    more = one | {name: Restriction(("EL",)) for name in NAMES[:2]}
    order = (NO, UNKNOWN, YES)
    for name in NAMES:
        before = affiliates(graph, one, DAY).status(name)
        after = affiliates(graph, more, DAY).status(name)
        assert order.index(before) <= order.index(after)


@given(worlds(), st.data())
def test_a_day_sees_the_stakes_of_that_day_only(
    world: tuple[list[brute.Edge], dict[str, Tri], dict[str, bool | None]], data: st.DataObject
) -> None:
    edges, seeds, us = world
    days = st.none() | st.integers(-2, 2).map(lambda n: DAY + timedelta(days=n))
    restricted = {party: Restriction(("EL",), listed) for party, listed in seeds.items()}
    dated = [
        replace(stake, since=data.draw(days), until=data.draw(days))
        for held in graph_of(edges, us).into.values()
        for stake in held
    ]
    holders = [Holder(name, name, is_us=us[name]) for name in NAMES]
    now = [
        replace(s, since=None, until=None)
        for s in dated
        if not (s.since and s.since > DAY) and not (s.until and s.until < DAY)
    ]
    whole, cut = build_graph(dated, holders), build_graph(now, holders)
    for name in NAMES:
        expected = affiliates(cut, restricted, DAY).status(name)
        assert affiliates(whole, restricted, DAY).status(name) is expected
