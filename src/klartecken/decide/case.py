"""A case: item, route, parties, end use, papers and day, as facts with their sources.

What the asker says is read here, once, and every mistake in it is an :class:`InputError`.
Nothing is assumed here: assumptions are made, and listed, by ``decide.run``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from klartecken.decide.asked import Asked
from klartecken.decide.derived import Derivation
from klartecken.errors import InputError
from klartecken.facts.items import Item
from klartecken.facts.places import Places
from klartecken.law.model import VIEWS, Law
from klartecken.logic.frozen import freeze
from klartecken.logic.values import Fact, Value

if TYPE_CHECKING:
    from klartecken.parties.resolve.result import PartyFacts


@dataclass(frozen=True, slots=True)
class Case:
    """One question, with every fact that is known about it.

    Attributes:
        item: the item asked about.
        day: the day of shipment.
        view: ``practice`` (what is enforced) or ``text`` (what the CFR prints).
        strict: treat assumed facts as unknown.
        facts: by name; a fact that is not here is not known.
        as_given: destination and headquarters as the asker wrote them, for display.
        parties: the parties that were named, with what screening says of them, as plain data;
            None when nobody was named.
    """

    item: Item
    day: date
    view: str
    strict: bool
    facts: Mapping[str, Fact]
    as_given: Mapping[str, str]
    parties: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        freeze(self, "facts", "as_given", "parties")

    def value(self, name: str) -> Value | None:
        """What is known of a fact, or None."""
        fact = self.facts.get(name)
        return fact.value if fact else None


def build_case(
    item: Item, law: Law, places: Places, *, to: str, on: date, ship_from: str | None = None,
    activity: str | None = None, exporter: str | None = None, hq: str | None = None,
    parent_hq: str | None = None, end_use: str | None = None, listed: Iterable[str] = (),
    facts: Mapping[str, object] | None = None, view: str = "practice", strict: bool = False,
    parties: PartyFacts | None = None,
) -> Case:  # fmt: skip
    """Read one question.

    Args:
        item: from ``facts.items.find_item``.
        law: the regime; its vocabulary names the facts.
        places: countries and groups.
        to: destination, as ISO code or name.
        on: the day.
        ship_from: where the item leaves from.
        activity: ``export``, ``reexport`` or ``transfer``.
        exporter: who exports; a letter binds only its addressee.
        hq: the consignee's headquarters, and its ultimate parent's unless ``parent_hq``.
        parent_hq: the ultimate parent's headquarters.
        end_use: see the options of the fact ``end_use``.
        listed: ``none``, ``entity_list``, ``entity_list:4``, ``meu``, ``uvl``, ``dpl``,
            ``sdn``, ``affiliate``, ``minority_owner`` or ``unknown``.
        facts: any further fact by name or alias.
        view: ``practice`` or ``text``.
        strict: treat assumed facts as unknown.
        parties: what the named parties come to.

    Raises:
        InputError: a name, day, option or value that cannot be read.
    """
    if view not in VIEWS:
        raise InputError(f"view {view!r} is unknown", next_step="Use practice or text")
    if on < law.covers_from:
        raise InputError(
            f"{on} is before {law.covers_from}, the first day that the law is encoded for"
        )
    said: list[tuple[str, object]] = [("destination", to)]
    said += [
        (name, text) for name, text in (
            ("ship_from", ship_from), ("activity", activity), ("exporter", exporter),
            ("consignee_hq", hq), ("parent_hq", parent_hq), ("end_use", end_use),
        ) if text is not None
    ]  # fmt: skip
    said += [("listed", listed), *(facts or {}).items()]
    part = read_part(said, law, places, item=item, strict=strict, parties=parties)
    named = parties.to_dict() if parties is not None and parties.named else None
    return Case(item, on, view, strict, part.facts, part.as_given, named)


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a question says: its facts with what follows, and words as given."""

    facts: Mapping[str, Fact]
    as_given: Mapping[str, str]


def read_part(
    said: Iterable[tuple[str, object]], law: Law, places: Places, *, item: Item | None = None,
    strict: bool = False, parties: PartyFacts | None = None,
) -> Part:  # fmt: skip
    """Read some of a question's statements, and add what follows from them.

    A whole question is the union of its parts, as long as no part cuts through one of
    ``derived.links``: so an order book may read each distinct part once.

    Args:
        said: fact, alias, bundle or ``listed``, with what was said of it. Order counts.
        law: names the facts.
        places: countries and groups.
        item: the item, for the part that describes it.
        strict: derive nothing that is only usual.
        parties: what the named parties come to, for the part that speaks of parties.

    Raises:
        InputError: a name or value that cannot be read, or a contradiction.
    """
    part = read_said(said, law, places, item=item, parties=parties)
    found = dict(part.facts)
    Derivation(law, places, found).derive(strict)
    return Part(found, part.as_given)


def read_said(
    said: Iterable[tuple[str, object]], law: Law, places: Places, *, item: Item | None = None,
    parties: PartyFacts | None = None,
) -> Part:  # fmt: skip
    """As :func:`read_part`, without what follows."""
    found: dict[str, Fact] = dict(item.facts) if item else {}
    asked = Asked(law, places, found, item)
    for name, raw in said:
        if name == "listed":
            asked.listed([raw] if isinstance(raw, str) else raw)  # type: ignore[arg-type]
        else:
            asked.any(name, raw)
    if parties is not None:
        asked.worked_out(parties.facts, parties.partly)
    return Part(found, asked.as_given)
