"""Every run checks itself: canaries must be found, and a sample is scored against all rows.

What fails here is no property of a list or a party: it is a bug, or a damaged file or machine,
and no answer of the run is to be relied on.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from klartecken.errors import SelfCheckError
from klartecken.parties.party import Party
from klartecken.parties.screened import Screening
from klartecken.parties.screening.canaries import SEED, Canary, due
from klartecken.parties.screening.exhaustive import Plain, all_pairs, plain
from klartecken.parties.screening.listed import Listed
from klartecken.parties.screening.meet import EXACT, WORDS, Met
from klartecken.parties.screening.model import DEFAULT, Thresholds
from klartecken.parties.screening.screen import Asked, screen_and_met

_STOP = "Do not rely on this run; report it, with the version and the snapshot"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a run checked, all of it well.

    Attributes:
        canaries: changed names of entries that were found.
        sampled: normal forms of parties that were scored against every listed name.
        pairs: pairs that these met, the same as by the engine.
        compared: parties whose re-screening was compared with a full one.
    """

    canaries: int = 0
    sampled: int = 0
    pairs: int = 0
    compared: int = 0

    def __add__(self, other: Checked) -> Checked:
        return Checked(
            self.canaries + other.canaries, self.sampled + other.sampled,
            self.pairs + other.pairs, self.compared + other.compared,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "canaries_found": self.canaries, "forms_scored_against_all": self.sampled,
            "pairs_equal": self.pairs, "re_screenings_compared": self.compared,
        }  # fmt: skip


@dataclass
class Checker:
    """Screens and checks; what the checks need is laid out once.

    Attributes:
        listed: the snapshot.
        thresholds: of the run.
    """

    listed: Listed
    thresholds: Thresholds = DEFAULT
    _due: dict[bool, tuple[Canary, ...]] = field(default_factory=dict)
    _plain: Plain | None = None

    def screen(
        self, parties: Sequence[Party], *, sample: int = 0, seed: str = "", workers: int = 1
    ) -> tuple[list[Screening], Checked]:
        """Screen parties as :func:`screen.screen_many` does, and check the run.

        Args:
            parties: any number.
            sample: how many of their forms to score against every listed name. Without any,
                of the canaries one for each list is asked, else all.
            seed: of the sample.
            workers: threads of the character net.

        Raises:
            SelfCheckError: a canary was not found, or the sample shows another answer.
        """
        canaries = self._canaries(every=sample > 0)
        asked = [*parties, *(canary.party for canary in canaries)]
        answers, met = screen_and_met(asked, self.listed, self.thresholds, workers)
        found = answers[len(parties) :]
        for canary, answer in zip(canaries, found, strict=True):
            self._check_canary(canary, answer)
        forms = chosen(met, sample, seed)
        pairs = sum(self._check_form(form, met.met.get(form, ())) for form in forms)
        return answers[: len(parties)], Checked(len(canaries), len(forms), pairs)

    def _canaries(self, every: bool) -> tuple[Canary, ...]:
        if every not in self._due:
            held = self.listed.canaries
            lexicon = self.listed.index.vocabulary.lexicon
            canaries = due(held if every else _one_each(held), self.listed.entries, lexicon,
                           self.thresholds)  # fmt: skip
            self._due[every] = canaries
        return self._due[every]

    def _check_canary(self, canary: Canary, answer: Screening) -> None:
        entry = self.listed.entries[canary.entry]
        if all(hit.entry.id != entry.id for hit in answer.hits):
            raise SelfCheckError(
                f"the self-check failed: {entry.id} was not found by "
                f"{' '.join((canary.name or canary.address).split())!r} "
                f"({canary.change})", where="screening", next_step=_STOP,
            )  # fmt: skip

    def _check_form(self, form: str, met: Sequence[Met]) -> int:
        index = self.listed.index
        if self._plain is None:
            self._plain = plain(index.forms, index.vocabulary.lexicon)
        expected = all_pairs(form, self._plain, self.thresholds)
        found = {one.row: (one.words, one.rule in (WORDS, EXACT)) for one in met}
        if found != expected:
            raise SelfCheckError(
                f"the self-check failed: {form!r} meets {len(expected)} listed names, of which "
                f"the engine found other ones, or other scores ({len(met)})",
                where="screening", next_step=_STOP,
            )  # fmt: skip
        return len(expected)


@lru_cache(maxsize=4)
def checker_of(listed: Listed, thresholds: Thresholds = DEFAULT) -> Checker:
    """A checker that is kept for many calls: which canaries are due is worked out once."""
    return Checker(listed, thresholds)


def chosen(asked: Asked, sample: int, seed: str) -> list[str]:
    """A seeded sample of forms: of all of them, and half as many of those that met a name."""
    if not sample:
        return []
    draw = random.Random(f"{SEED} {seed}")
    held: Mapping[str, object] = asked.met
    every = sorted(asked.forms)
    hitting = sorted(form for form in every if form in held)
    picked = [*draw.sample(every, min(sample, len(every)))]
    picked += draw.sample(hitting, min(sample // 2, len(hitting)))
    return list(dict.fromkeys(picked))


def _one_each(canaries: Sequence[Canary]) -> list[Canary]:
    """One canary of each list, the changes by turns."""
    lists: dict[str, list[Canary]] = {}
    for canary in canaries:
        lists.setdefault(canary.list, []).append(canary)
    return [held[place % len(held)] for place, held in enumerate(lists.values())]
