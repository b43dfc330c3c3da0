"""Klartecken: may this chip go to that place, that party, that use, on that day?

>>> import klartecken as kt
>>> d = kt.check("nvidia-h20", to="CN", on="2025-07-15", exporter="NVIDIA")
>>> d.outcome
'licence_required'

Names are loaded on first use, so that one question does not pay for the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klartecken.version import __version__

if TYPE_CHECKING:
    from klartecken.book.api import BookAnswers, check_book
    from klartecken.decide.ask import World, ask_history, shipped_world
    from klartecken.decide.case import Case
    from klartecken.decide.determination import Determination
    from klartecken.decide.replay import replay
    from klartecken.errors import KlarteckenError
    from klartecken.facts.chips import Catalogue, Chip, load_catalogue
    from klartecken.facts.events import load_events
    from klartecken.facts.items import Item, find_item
    from klartecken.facts.places import load_places
    from klartecken.law.load import load_law
    from klartecken.law.model import Law
    from klartecken.law.overlay import Reform, read_reform, shipped_reforms, sweep_reform
    from klartecken.parties.party import Party
    from klartecken.parties.resolve.home import home_context
    from klartecken.parties.screened import Screening
    from klartecken.parties.screening.files.columns import Columns
    from klartecken.parties.screening.files.run import FileRun
    from klartecken.parties.screening.model import Thresholds
    from klartecken.whatif.book import Book, read_book
    from klartecken.whatif.compare import compare

_WHERE = {
    "Book": "whatif.book", "compare": "whatif.compare", "read_book": "whatif.book",
    "BookAnswers": "book.api", "check_book": "book.api",
    "Case": "decide.case", "Catalogue": "facts.chips", "Chip": "facts.chips",
    "Columns": "parties.screening.files.columns",
    "Determination": "decide.determination", "Item": "facts.items",
    "FileRun": "parties.screening.files.run", "Party": "parties.party",
    "Screening": "parties.screened", "Thresholds": "parties.screening.model",
    "home_context": "parties.resolve.home", "KlarteckenError": "errors", "Law": "law.model",
    "World": "decide.ask",
    "ask_history": "decide.ask", "find_item": "facts.items",
    "load_catalogue": "facts.chips", "load_events": "facts.events", "load_law": "law.load",
    "load_places": "facts.places", "read_reform": "law.overlay", "Reform": "law.overlay",
    "replay": "decide.replay", "shipped_reforms": "law.overlay", "shipped_world": "decide.ask",
    "sweep_reform": "law.overlay",
}  # fmt: skip

__all__ = [
    "Book", "BookAnswers", "Case", "Catalogue", "Chip", "Columns", "Determination", "FileRun",
    "Item", "KlarteckenError", "Law", "Party", "Reform", "Screening", "Thresholds", "World",
    "__version__", "ask_history", "check", "check_book", "compare", "find_item", "history",
    "home_context",
    "load_catalogue", "load_events", "load_law", "load_places", "read_book", "read_reform",
    "replay", "screen", "screen_file", "shipped_reforms", "shipped_world", "sweep_reform",
]  # fmt: skip


def check(item: Any, to: str, on: Any = None, **question: Any) -> Determination:
    """The determination of one case; see :func:`klartecken.decide.ask.check`.

    ``on`` is a date or ``YYYY-MM-DD``; today when left out (this function and the command
    line are the only places with a clock).
    """
    from datetime import date

    from klartecken.decide.ask import check as ask

    return ask(item, to, date.today() if on is None else on, **question)


def history(item: Any, to: str, until: Any = None, **question: Any) -> Any:
    """Every change of the answer up to a day (today by default)."""
    from datetime import date

    from klartecken.decide.ask import ask_history as ask
    from klartecken.decide.ask import read_day

    return ask(item, to, date.today() if until is None else read_day(until), **question)


def screen(party: Any, *, on: Any = None, **fields: Any) -> Screening:
    """Screen a party; see :func:`klartecken.parties.screening.api.screen`.

    Args:
        party: a name, or a :class:`Party`.
        on: a date or ``YYYY-MM-DD``: the latest lists not after it count; today when left out.
        **fields: of the party (``aliases``, ``kind``, ``country``, ``addresses``,
            ``identifiers``, ``id``); and ``home``, ``snapshot``, ``thresholds``.

    Raises:
        InputError: no list of that day or before, or a field that no party has.
        SelfCheckError: the run did not find what it must.

    >>> import klartecken as kt
    >>> from klartecken.parties.lists.builtin import builtin_snapshot
    >>> answer = kt.screen("Group Inspurr Ltd", on="2026-08-01", snapshot=builtin_snapshot())
    >>> answer.status, answer.hits[0].entry.name
    ('hit', 'Inspur Group Co., Ltd.')
    """
    from klartecken.parties.screening.api import screen as ask

    return ask(party, on=_day(on), **fields)


def screen_file(source: Any, out: Any, *, on: Any = None, **options: Any) -> FileRun:
    """Screen a file of parties; see :func:`klartecken.parties.screening.files.run.screen_file`.

    ``on`` is as for :func:`screen`. The options are ``home``, ``columns`` (:class:`Columns`),
    ``thresholds``, ``previous``, ``jobs``, ``progress`` and ``note``.
    """
    from klartecken.parties.screening.files.run import screen_file as run

    return run(source, out, on=_day(on), **options)


def _day(on: Any) -> Any:
    from datetime import date

    from klartecken.decide.ask import read_day

    return date.today() if on is None else read_day(on)


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        import importlib

        return getattr(importlib.import_module(f"klartecken.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'klartecken' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
