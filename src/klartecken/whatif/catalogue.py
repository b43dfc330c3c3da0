"""The catalogue as a book: every chip and server to some places, for questions without one."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from klartecken.decide.verdict import Verdict
from klartecken.facts.chips import load_catalogue
from klartecken.facts.places import load_places
from klartecken.whatif.book import Asked, Book
from klartecken.whatif.lines import changed_lines

Named = dict[tuple[Verdict, Verdict], list[tuple[str, str]]]


def catalogue_table(destinations: Iterable[str] = ("CN",)) -> pa.Table:
    """Every chip and server of the catalogue to every place, one line each.

    Args:
        destinations: ISO codes or names of places.

    Raises:
        UnknownName: there is no such place.
    """
    places = list(dict.fromkeys(load_places().resolve(text) for text in destinations))
    held = load_catalogue()
    items = [*held.chips, *held.servers]
    return pa.table({
        "line_id": [f"{item}>{place}" for place in places for item in items],
        "item": [item for _ in places for item in items],
        "destination": [place for place in places for _ in items],
    })  # fmt: skip


def named_changes(book: Book, a: Asked, b: Asked) -> Named:
    """Item and destination of each changed line, by its answers before and after.

    Args:
        book: of :func:`catalogue_table`.
        a, b: as for :func:`klartecken.compare`.
    """
    found: Named = {}
    for held in changed_lines(book, a, b):
        rows = held.batch.select(["item", "destination"]).to_pylist()
        for row, old, new in zip(rows, held.before.tolist(), held.after.tolist(), strict=True):
            pair = (book.verdicts[old], book.verdicts[new])
            found.setdefault(pair, []).append((row["item"], row["destination"]))
    return found
