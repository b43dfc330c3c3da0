"""Small graphs in few words."""

from datetime import date

from klartecken.parties.ownership.graph import Graph, build_graph
from klartecken.parties.ownership.model import NOBODY_NAMED, Holder, HqFact, Stake
from klartecken.parties.ownership.restriction import Restriction
from klartecken.parties.ownership.share import read_share

DAY = date(2026, 11, 22)
EL = Restriction(("EL",), review_policy="presumption_of_denial")
MEU = Restriction(("MEU",), review_policy="policy_of_denial")


def stake(text: str, **more: object) -> Stake:
    """``L 50 A``: L holds 50 per cent of A; ``? 60 A``: nobody named does."""
    owner, share, owned = text.split()
    return Stake(NOBODY_NAMED if owner == "?" else owner, owned, read_share(share), "test", **more)  # type: ignore[arg-type]


def graph_of(
    *texts: str, us: str = "", unsure: str = "", stakes: tuple[Stake, ...] = (),
    facts: tuple[HqFact, ...] = (),
) -> Graph:  # fmt: skip
    """Every holder is foreign, but those in ``us``; of those in ``unsure`` it is not known."""
    made = [*(stake(text) for text in texts), *stakes]
    names = {name for s in made for name in (s.owner, s.owned)} - {NOBODY_NAMED}
    holders = [
        Holder(name, name, is_us=None if name in unsure.split() else name in us.split())
        for name in sorted(names)
    ]
    return build_graph(made, holders, facts)
