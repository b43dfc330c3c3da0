"""A case: item, route, parties, end use, papers and day, as facts with their sources.

What the asker says is read here, once, and every mistake in it is an :class:`InputError`.
Nothing is assumed here: assumptions are made, and listed, by ``decide.run``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from klartecken.decide.exporters import read_exporter
from klartecken.errors import InputError
from klartecken.facts.items import Item
from klartecken.facts.places import Places
from klartecken.facts.text import one_line
from klartecken.law.model import VIEWS, Law
from klartecken.logic import values
from klartecken.logic.frozen import freeze
from klartecken.logic.values import Choice, Fact, Range, Value
from klartecken.logic.vocabulary import FactSpec

GIVEN = "given by the asker"
DERIVED = "follows from what was given"

# How `--listed` is said, and the facts that it sets. The law's own names stay in facts.yaml.
LISTINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "entity_list": (("listed_entity", "yes"),),
    "meu": (("listed_meu", "yes"),),
    "uvl": (("listed_uvl", "yes"),),
    "dpl": (("listed_dpl", "yes"),),
    "sdn": (("listed_sdn", "yes"),),
    "affiliate": (("affiliate_of_listed", "yes"),),
    "minority_owner": (("minority_listed_owner", "yes"),),
}
_LISTED_WORDS = {
    "el": "entity_list", "entity": "entity_list", "entity_list": "entity_list",
    "meu_list": "meu", "military_end_user": "meu", "unverified": "uvl", "unverified_list": "uvl",
    "denied": "dpl", "denied_persons": "dpl", "denied_person": "dpl", "owned": "affiliate",
    "affiliates": "affiliate", "minority": "minority_owner",
}  # fmt: skip


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
    """

    item: Item
    day: date
    view: str
    strict: bool
    facts: Mapping[str, Fact]
    as_given: Mapping[str, str]

    def __post_init__(self) -> None:
        freeze(self, "facts", "as_given")

    def value(self, name: str) -> Value | None:
        """What is known of a fact, or None."""
        fact = self.facts.get(name)
        return fact.value if fact else None


def build_case(
    item: Item, law: Law, places: Places, *, to: str, on: date, ship_from: str | None = None,
    activity: str | None = None, exporter: str | None = None, hq: str | None = None,
    parent_hq: str | None = None, end_use: str | None = None, listed: Iterable[str] = (),
    facts: Mapping[str, object] | None = None, view: str = "practice", strict: bool = False,
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

    Raises:
        InputError: a name, day, option or value that cannot be read.
    """
    if view not in VIEWS:
        raise InputError(f"view {view!r} is unknown", next_step="Use practice or text")
    if on < law.covers_from:
        raise InputError(
            f"{on} is before {law.covers_from}, the first day that the law is encoded for"
        )
    found: dict[str, Fact] = dict(item.facts)
    asked = _Asked(law, places, found)
    asked.say("destination", to)
    for name, text in (
        ("ship_from", ship_from), ("activity", activity), ("exporter", exporter),
        ("consignee_hq", hq), ("parent_hq", parent_hq), ("end_use", end_use),
    ):  # fmt: skip
        if text is not None:
            asked.say(name, text)
    asked.listed(listed)
    for name, raw in (facts or {}).items():
        asked.any(name, raw)
    asked.derive()
    return Case(item, on, view, strict, found, asked.as_given)


class _Asked:
    """Puts what the asker says into the facts, with its source."""

    def __init__(self, law: Law, places: Places, found: dict[str, Fact]) -> None:
        self.law, self.places, self.found = law, places, found
        self.as_given: dict[str, str] = {}
        self._said: set[str] = set()

    def any(self, name: str, raw: object) -> None:
        """A fact or bundle by name or alias."""
        bundle = self.law.vocabulary.bundles.get(name.strip().lower())
        if bundle is not None:
            for member in bundle:
                self.say(member, raw)
            return
        self.say(self.law.vocabulary.find(name).name, raw)

    def say(self, name: str, raw: object) -> None:
        """One fact that the asker states; twice is an error."""
        if name in self._said:
            raise InputError(f"{name} is given twice", where="facts")
        self._said.add(name)
        self.set(name, raw)

    def set(self, name: str, raw: object) -> None:
        """One fact; ``raw`` is text, a number, a bool, a value or a ready fact."""
        spec = self.law.vocabulary.facts[name]
        if isinstance(raw, Fact):
            fact = raw
        elif isinstance(raw, (Range, Choice)):
            fact = Fact(raw, GIVEN, "given")
        else:
            text = ("yes" if raw else "no") if isinstance(raw, bool) else str(raw)
            fact = self._read(spec, text)
        nothing = Choice(self.places.codes) if spec.kind == "place" else spec.unknown
        if fact.value in (nothing, values.UNKNOWN_CHOICE):
            # "unknown", said aloud, is not silence: nothing is assumed or derived for it
            fact = Fact(nothing, GIVEN, "given", "said to be unknown")
        self.found[name] = fact

    def _read(self, spec: FactSpec, text: str) -> Fact:
        if spec.name == "exporter":
            value, role, note = read_exporter(text, self.law.addressees)
            if role is not None and "exporter_role" not in self.found:
                self.found["exporter_role"] = Fact(role, "data/exporters.csv", "memory")
            self.as_given["exporter"] = one_line(text, "exporter")
            return Fact(value, GIVEN, "given", note)
        if spec.kind == "place":
            if text.strip().lower() in ("unknown", "?"):
                return Fact(values.UNKNOWN_CHOICE, GIVEN, "given")
            codes = [self.places.resolve(part) for part in text.split("|")]
            self.as_given[spec.name] = "|".join(codes)
            legal = [self.places.legal(code) for code in codes]
            note = f"{codes[0]} is treated as {legal[0]}" if codes != legal else ""
            return Fact(values.choose(*legal), GIVEN, "given", note)
        return Fact(spec.read(text), GIVEN, "given")

    def listed(self, words: Iterable[str]) -> None:
        """The facts behind ``--listed``."""
        said = [part.strip() for word in words for part in word.split(",")]
        if not all(said):
            raise InputError("is empty", where="listed", next_step="Say none or unknown")
        plain = [word.lower().replace("-", "_").replace(" ", "_") for word in said]
        if "none" in plain:
            if len(plain) > 1:
                raise InputError("`none` stands beside another list", where="listed")
            for pairs in LISTINGS.values():
                for name, _ in pairs:
                    self.say(name, "no")
            return
        if plain == ["unknown"]:
            for pairs in LISTINGS.values():
                for name, _ in pairs:
                    self.say(name, "unknown")
            return
        for word, raw in zip(plain, said, strict=True):
            self._one_listing(word, raw)

    def _one_listing(self, word: str, raw: str) -> None:
        head, _, footnote = word.partition(":")
        head = _LISTED_WORDS.get(head, head)
        if head not in LISTINGS or (footnote and head != "entity_list"):
            raise InputError(
                f"{raw!r} is not a list",
                where="listed",
                next_step="Use none, unknown, entity_list (or entity_list:4 with its footnote), "
                + ", ".join(name for name in LISTINGS if name != "entity_list"),
            )
        for name, value in LISTINGS[head]:
            self.say(name, value)
        if footnote:
            self.say("entity_list_footnote", footnote.removeprefix("fn").lstrip("_"))

    def derive(self) -> None:
        """What follows from what was given: the parent's seat, and the kind of movement."""
        if "consignee_hq" in self.found and "parent_hq" not in self.found:
            self.found["parent_hq"] = Fact(
                self.found["consignee_hq"].value, DERIVED, "given",
                "the ultimate parent is headquartered where the consignee is",
            )  # fmt: skip
        self._ratios()
        self._movement()

    def _movement(self) -> None:
        """The kind of movement follows from its ends, and must not contradict them."""
        start, end = self.found.get("ship_from"), self.found["destination"]
        if start is None or not start.known or not end.known:
            return
        assert isinstance(start.value, Choice)
        home = start.value.only()
        if start.value == end.value:
            possible = values.choose("transfer")
        elif home == "US":
            possible = values.choose("export")
        else:
            possible = values.choose("export", "reexport")  # also an export from abroad
        said = self.found.get("activity")
        if said is None:
            usual = possible if possible.known else values.choose("reexport")
            self.found["activity"] = Fact(usual, DERIVED, "given")
        elif said.known and possible.options and str(said.value) not in possible.options:
            raise InputError(
                f"a {said.value} does not go from {self.places.name(home)} to "
                f"{self.places.name(str(end.value))}",
                where="activity",
                next_step=f"That movement is: {possible}",
            )

    def _ratios(self) -> None:
        """A ratio that is given must be possible with its parts."""
        for name, parts in self.law.vocabulary.ratios.items():
            ratio, over, under = (
                fact.value if (fact := self.found.get(part)) else None for part in (name, *parts)
            )
            if not isinstance(ratio, Range) or not isinstance(over, Range):
                continue
            if not isinstance(under, Range):
                continue
            # over / under meets ratio: no point of ratio * under misses over on one side
            if ratio.lo * under.lo > over.hi or (
                not isinstance(ratio.hi, float)
                and not isinstance(under.hi, float)
                and ratio.hi * under.hi < over.lo
            ):
                raise InputError(
                    f"{name} {ratio} does not go with {parts[0]} {over} over {parts[1]} {under}",
                    where="facts",
                    next_step="Leave one of the three out, or give ranges",
                )
