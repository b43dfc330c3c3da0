"""The rows of a file of hits: one for each hit, and one for each party without any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from klartecken.parties.screened import Hit, Screening

_WORDS = ("words", "address", "native_name")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


class HitRow(NamedTuple):
    """One row.

    Attributes:
        row: of the party in the input, from 1.
        id, name: of the party, as given.
        status: of the party: ``hit``, ``no_hit``, ``not_screenable``.
        entry_id: of the listed party; this and what follows it is empty without a hit.
        list, listed_name, matched_name, rule: see :class:`klartecken.parties.screened.Hit`.
        words: score of the weighted words; of the address or the native name for those rules.
        characters: the character ratio.
        band, footnotes, citation, explanation: of the hit.
        reasons: what about the party could not be screened, or why that proves nothing.
        party_hash, entry_hash: of their contents.
        snapshot: its label.
        decision: of a reviewer, where one stands: a false positive no longer counts for the
            status, and is written all the same.
    """

    row: int
    id: str
    name: str
    status: str
    entry_id: str
    list: str
    listed_name: str
    matched_name: str
    rule: str
    words: float | None
    characters: float | None
    band: str
    footnotes: str
    citation: str
    explanation: str
    reasons: str
    party_hash: str
    entry_hash: str
    snapshot: str
    decision: str = ""


COLUMNS = HitRow._fields


def one_line(text: str) -> str:
    """The text with all its white space as single spaces: a cell stays one line."""
    return " ".join(text.split())


def hit_row(hit: Hit) -> HitRow:
    """The row of a hit, without what it says of the party's place and status."""
    entry, scores = hit.entry, hit.scores
    return HitRow(
        0, "", "", "", entry.id, entry.list, one_line(entry.name), one_line(hit.matched_name),
        hit.rule,
        next((scores[name] for name in _WORDS if name in scores), None),
        scores.get("characters"), hit.band,
        " ".join(entry.footnotes), one_line(entry.citation), one_line(hit.explanation()),
        "", "", entry.hash, "",
    )  # fmt: skip


def strongest_first(row: HitRow) -> tuple[object, ...]:
    """The order of the hits of a party: as :func:`screen.strongest_first`."""
    scores = [score for score in (row.words, row.characters) if score is not None]
    return (-max(scores, default=1.0), row.list, row.entry_id, row.rule)


class Told(NamedTuple):
    """What is to be written of one party, wherever it stands."""

    status: str
    hits: tuple[HitRow, ...]
    reasons: str
    party_hash: str


def told(answer: Screening, reasons: tuple[str, ...], party_hash: str) -> Told:
    """What is to be written of an answer."""
    hits = tuple(hit_row(hit) for hit in answer.hits)
    return Told(answer.status, hits, "; ".join(reasons), party_hash)


NO_ENTRY = HitRow(0, "", "", "", "", "", "", "", "", None, None, "", "", "", "", "", "", "", "")


def rows_of(row: int, own_id: str, name: str, about: Told, snapshot: str) -> Iterator[HitRow]:
    """The rows of one party."""
    for hit in about.hits or (NO_ENTRY,):
        yield hit._replace(
            row=row, id=one_line(own_id), name=one_line(name), status=about.status,
            reasons=about.reasons, party_hash=about.party_hash, snapshot=snapshot,
        )  # fmt: skip


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before ``= + - @``.

    Also before their full-width forms, a tab and an end of line.

    >>> guarded("=1+1"), guarded("Zorbla"), unguarded(guarded("'=1"))
    ("'=1+1", 'Zorbla', "'=1")
    """
    return "'" + text if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that was guarded."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
