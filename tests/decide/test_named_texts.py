"""What may stand for the name of a party."""

from typing import Any

import pytest

from klartecken.decide.named import named_of
from klartecken.errors import InputError
from klartecken.parties.party import Party


@pytest.mark.parametrize("names", [[None], [7], ["Zorbla", None], 7])
def test_what_is_no_text_is_refused(names: Any) -> None:
    with pytest.raises(InputError, match="no name"):
        named_of({"consignee": names})


def test_a_party_stands_for_itself() -> None:
    party = Party("Zorbla", country="SE")
    assert named_of({"consignee": party}) == {"consignee": (party,)}


def test_texts_are_names() -> None:
    assert named_of({"consignee": "Zorbla", "end_user": ["A", "B"]}) == {
        "consignee": ("Zorbla",), "end_user": ("A", "B"),
    }  # fmt: skip
