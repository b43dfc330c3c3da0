"""A run that loses a hit fails; one that does not says what it checked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.errors import SelfCheckError
from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Party
from klartecken.parties.screening import meet as meeting
from klartecken.parties.screening import screen as screening
from klartecken.parties.screening.canaries import ADDRESS, FORM, JOINED, OWN, REVERSED, TYPO
from klartecken.parties.screening.listed import prepare
from klartecken.parties.screening.model import Thresholds
from klartecken.parties.screening.selfcheck import Checker
from tests.parties.screening import made

LISTED = prepare(made.snapshot(made.ENTRIES))
PARTIES = [Party("Zorbla Semicondutor"), Party("Hollowmere Bakery"), Party("Petrovask Olgrim")]


def test_what_was_checked_is_told() -> None:
    answers, checked = Checker(LISTED).screen(PARTIES, sample=5, seed="x")
    assert [answer.status for answer in answers] == ["hit", "no_hit", "hit"]
    assert checked.canaries >= 12
    assert checked.sampled >= 5
    assert checked.pairs >= 1
    assert Checker(LISTED).screen(PARTIES)[1].canaries == 3


def test_every_list_has_its_canaries_in_every_version() -> None:
    found = {(c.list, c.change) for c in LISTED.canaries}
    changes = {OWN, REVERSED, FORM, TYPO, JOINED}
    assert found >= {(code, change) for code in ("EL", "SDN", "DPL") for change in changes}
    assert ("EL", ADDRESS) in found


def test_canaries_do_not_depend_on_the_order_of_the_entries() -> None:
    other = prepare(made.snapshot(reversed(made.ENTRIES)))
    assert other.canaries == LISTED.canaries


def lose(monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[Any], Any]) -> None:
    true = getattr(meeting, name)
    monkeypatch.setattr(meeting, name, lambda *a, **k: change(true(*a, **k)))


def test_an_engine_that_finds_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "meet", lambda *_: {})
    with pytest.raises(SelfCheckError, match="was not found by"):
        Checker(LISTED).screen(PARTIES)


def test_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "meet", lambda *_: {})
    with pytest.raises(SelfCheckError) as caught:
        Checker(LISTED).screen([])
    assert "Do not rely on this run" in caught.value.line()
    assert "\n" not in caught.value.line()


def test_a_pair_that_is_lost_fails_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only one pair of the party's is lost: the canaries are all found."""
    asked = [Party("Zorbla Semicondutor")]
    true = screening.meet

    def lossy(forms: Any, *rest: Any) -> Any:
        return {form: met for form, met in true(forms, *rest).items() if "semicondutor" not in form}

    monkeypatch.setattr(screening, "meet", lossy)
    assert Checker(LISTED).screen(asked)[0][0].status == "no_hit"
    with pytest.raises(SelfCheckError, match="semicondutor"):
        Checker(LISTED).screen(asked, sample=50)


def test_a_score_that_is_off_by_one_fails_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    lose(monkeypatch, "word_pairs", lambda pairs: replace(pairs, a=pairs.a + 1))
    with pytest.raises(SelfCheckError):
        Checker(LISTED).screen(PARTIES, sample=50)


@given(st.lists(made.parties, max_size=4), made.entry_lists(), made.thresholds)
def test_a_sound_run_never_fails(
    parties: list[Party], entries: list[Entry], rules: Thresholds
) -> None:
    listed = prepare(made.snapshot(entries))
    answers, _ = Checker(listed, rules).screen(parties, sample=20, seed="s")
    assert answers == screening.screen_many(parties, listed, rules)
