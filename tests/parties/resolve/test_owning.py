"""Parties looked up among the holders of the owners' data."""

from __future__ import annotations

import pytest

from klartecken.errors import InputError
from klartecken.parties.ownership.graph import build_graph
from klartecken.parties.ownership.model import Holder
from klartecken.parties.party import Party
from klartecken.parties.resolve.owning import GraphOwners

OWNERS = GraphOwners(build_graph((), (
    Holder("C1", "Nordlicht Oy"), Holder("C2", "Vik-Werke, A.B."), Holder("C3", "Tern"),
    Holder("C4", "Twin"), Holder("C5", "TWIN"),
)))  # fmt: skip


@pytest.mark.parametrize(
    ("party", "found"),
    [
        (Party("NORDLICHT OY."), "C1"), (Party("Nordlicht, Oy"), "C1"),
        (Party("Vik Werke AB"), "C2"), (Party("Other", aliases=("nordlicht oy",)), "C1"),
        (Party("x", id="C3"), "C3"), (Party("Nordlicht"), None), (Party("Other"), None),
    ],
)  # fmt: skip
def test_a_party_is_found_by_any_of_its_names_as_typed(party: Party, found: str | None) -> None:
    """Else its owners would count for nothing, and nobody would be told."""
    assert OWNERS.find(party) == found


def test_who_would_be_several_is_refused() -> None:
    with pytest.raises(InputError, match="several parties of the owners' data"):
        OWNERS.find(Party("Tern", aliases=("Nordlicht Oy",)))
    with pytest.raises(InputError, match="name of several"):
        OWNERS.find(Party("Other", aliases=("twin",)))
