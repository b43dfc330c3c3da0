"""One call from question to determination, with the project's own law and data.

This is the composition that the command line, Python and the later bulk engine share. It
has no clock: the day is an argument.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from klartecken.decide.answer import determine
from klartecken.decide.case import Case, build_case
from klartecken.decide.determination import Determination
from klartecken.decide.evidence import gather
from klartecken.decide.history import Step, history
from klartecken.decide.named import Names, named_of, party_facts, party_turns
from klartecken.decide.run import run_case
from klartecken.decide.verdict import classify
from klartecken.errors import InputError, UnknownName
from klartecken.facts.chips import Chip, load_catalogue
from klartecken.facts.events import Ledger, load_events
from klartecken.facts.families import family_named
from klartecken.facts.items import Item, find_item, from_chip
from klartecken.facts.places import Places, load_places
from klartecken.facts.text import one_line
from klartecken.law.load import load_law
from klartecken.law.model import Law
from klartecken.law.overlay import Reform, apply
from klartecken.law.reformed import ReformedTimeline
from klartecken.law.timeline import Timeline
from klartecken.logic.values import Fact, choose

if TYPE_CHECKING:
    from klartecken.parties.resolve.context import Context


@dataclass(frozen=True)
class World:
    """A law together with the countries and the event ledger that it is read with.

    Attributes:
        reform, base: of a world made by :meth:`under`: the reform, and the world without it.
    """

    law: Law
    places: Places
    ledger: Ledger
    reform: Reform | None = None
    base: World | None = field(default=None, repr=False)

    def under(self, reform: Reform) -> World:
        """The same world with a reform laid over its law; further reforms can follow.

        Raises:
            LawError: the reform does not fit the law.
        """
        law = apply(self.law, reform)
        return World(law, self.places, self.ledger, reform=reform, base=self)

    def on(self, day: date) -> World:
        """The world that answers for a day: outside a reform's period the one without it."""
        world = self
        while world.base is not None and world.reform is not None:
            if world.reform.within(day):
                break
            world = world.base
        return world

    @property
    def reforms(self) -> tuple[Reform, ...]:
        """The reforms laid over the law, in order."""
        if self.base is None or self.reform is None:
            return ()
        return (*self.base.reforms, self.reform)

    @cached_property
    def timeline(self) -> Timeline:
        """The law read with the country groups: what binds on each day."""
        if self.base is None or self.reform is None:
            return Timeline(self.law, self.places)
        return ReformedTimeline(self.base.timeline, self.law, self.reform)

    @cached_property
    def hash(self) -> str:
        """Content hash of the law and of the country groups."""
        both = f"{self.law.hash}:{self.places.hash}"
        return hashlib.sha256(both.encode()).hexdigest()


@cache
def shipped_world() -> World:
    """The law, countries and events that the package ships."""
    return World(load_law(), load_places(), load_events())


def check(
    item: str | Item | Chip, to: str, on: date | str, *, ship_from: str | None = None,
    activity: str | None = None, exporter: str | None = None, hq: str | None = None,
    parent_hq: str | None = None, end_use: str | None = None,
    listed: str | Iterable[str] = (), facts: Mapping[str, object] | None = None,
    view: str = "practice", strict: bool = False, tf32_bits: int = 32,
    consignee: Names = None, end_user: Names = None, purchaser: Names = None,
    intermediate: Names = None, parties: Context | None = None, world: World | None = None,
) -> Determination:  # fmt: skip
    """May this item go to that place, that party, that use, on that day?

    Args:
        item: catalogue id or name, ``server:8xCHIP``, path of a YAML file, or an item. A
            name that is not in the catalogue is taken as the asker's own item when
            ``facts`` describe it.
        to: destination: ISO code or name.
        on: the day of shipment.
        ship_from, activity, exporter, hq, parent_hq, end_use, listed, facts, view, strict:
            see :func:`klartecken.decide.case.build_case`.
        tf32_bits: the bit length that TF32 counts with (the law does not name it).
        consignee, end_user, purchaser, intermediate: the parties by name, or by their id in
            the register; several where there are several.
        parties: lists, decisions and register that they are resolved with. Without a list,
            whether they are listed is unknown.
        world: another law or other data than the shipped ones.

    Returns:
        The determination; ``print`` it for the explanation.

    Raises:
        InputError: anything in the question that cannot be read.
    """
    day = read_day(on)
    world = (world or shipped_world()).on(day)
    if not isinstance(facts or {}, Mapping):
        raise InputError("must be a mapping of names to values", where="facts")
    roles = {"purchaser": purchaser, "intermediate": intermediate, "consignee": consignee,
             "end_user": end_user}  # fmt: skip
    case = build_case(
        as_item(item, facts or {}, tf32_bits, world.law), world.law, world.places, to=to,
        on=day, ship_from=ship_from, activity=activity, exporter=exporter, hq=hq,
        parent_hq=parent_hq, end_use=end_use,
        listed=[listed] if isinstance(listed, str) else listed,
        facts=facts, view=view, strict=strict,
        parties=party_facts(named_of(roles), day, parties),
    )  # fmt: skip
    return answer(case, world)


def answer(case: Case, world: World | None = None) -> Determination:
    """The determination of a case that is already built."""
    world = (world or shipped_world()).on(case.day)
    run = run_case(case, world.timeline, world.places)
    classes = classify(run.findings)
    evidence = gather(case, world.ledger, (*classes.certain, *classes.possible))
    return determine(case, run, world.hash, evidence)


def ask_history(item: str | Item, to: str, until: date, **question: Any) -> tuple[Step, ...]:
    """Every change of the answer from the first day covered until a day.

    Args:
        item, to, question: as for :func:`check`, without ``on``.
        until: the last day.
    """
    world = question.pop("world", None) or shipped_world()

    def ask(day: date) -> Determination:
        return check(item, to, day, world=world, **question)

    turns = party_turns(question, world.law.covers_from, until)
    return history(ask, world.timeline, until, turns)


def as_item(item: str | Item | Chip, facts: Mapping[str, object], tf32_bits: int, law: Law) -> Item:
    """The item behind a name; a name with facts of its own needs no catalogue entry."""
    if isinstance(item, Item):
        return item
    if isinstance(item, Chip):
        return from_chip(item, tf32_bits)
    if not isinstance(item, str):
        raise InputError(f"{type(item).__name__} is no item", next_step="Give a name or an Item")
    name = one_line(item, "item")
    if name.lower().endswith((".yaml", ".yml")):
        return find_item(name, law.vocabulary, tf32_bits=tf32_bits)
    try:
        return catalogue_item(name, tf32_bits)
    except UnknownName as err:
        described = [describes(fact, law) for fact in facts]  # a fact that does not exist: said
        if not any(described):
            own = "See `klartecken chips`, or describe your own with --fact tpp=2300..2400"
            raise UnknownName(
                err.what, nearest=err.nearest, next_step="" if err.nearest else own
            ) from None
    near = alike(name)
    if near:
        raise UnknownName(
            f"{name!r} is not in the catalogue, but looks like one that is",
            nearest=near,
            next_step=f"Name it ({', '.join(near)}), or give your own item another name",
        )
    return own_item(name)


def alike(name: str) -> tuple[str, ...]:
    """Catalogue ids that a name could be taken for: it stands in them, or nearly is one."""
    import difflib

    key = name.lower().replace(" ", "-")
    chips = load_catalogue()
    ids = [*chips.chips, *chips.servers]
    held = [ident for ident in ids if f"-{key}-" in f"-{ident}-"]
    return tuple(dict.fromkeys([*held, *difflib.get_close_matches(key, ids, n=4, cutoff=0.85)]))[:4]


@lru_cache(maxsize=1024)
def catalogue_item(name: str, tf32_bits: int) -> Item:
    """An item of the catalogue (kept: its figures are summed up once)."""
    return find_item(name, tf32_bits=tf32_bits)


def own_item(name: str) -> Item:
    """An item that only the asker's facts describe: an integrated circuit unless they say."""
    kind = Fact(choose("ic"), "an item described by facts is taken to be a chip", "given")
    # a chip that its owner names is of no other family, unless its name comes close to one
    family = Fact(family_named(name), "taken from the item's own name", "given")
    facts = {"item_kind": kind, "family": family}
    return Item(name, name, "ic", "", facts, in_catalogue=False)


def describes(name: str, law: Law) -> bool:
    """Does this fact describe an item (a number of it, or its market)? It must exist."""
    if name.strip().lower() in law.vocabulary.bundles:
        return False
    spec = law.vocabulary.find(name)
    return spec.of == "item" and (spec.kind == "number" or spec.name == "datacenter")


def read_day(day: date | str) -> date:
    """A calendar day.

    Raises:
        InputError: not a day of the calendar.
    """
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day.strip())
    except (ValueError, AttributeError):
        raise InputError(
            f"{day!r} is not a day of the calendar", next_step="Write it like 2025-07-15"
        ) from None
