"""What the asker says, read fact by fact into the facts of a case, with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from klartecken.errors import InputError
from klartecken.facts.exporters import read_exporter
from klartecken.facts.families import family_named
from klartecken.facts.items import Item
from klartecken.facts.places import Places
from klartecken.facts.text import one_line
from klartecken.law.model import Law
from klartecken.logic import values
from klartecken.logic.values import Choice, Fact, Range
from klartecken.logic.vocabulary import FactSpec

GIVEN = "given by the asker"
DERIVED = "follows from what was given"

# Facts that the named parties give, and that the asker may still settle where they leave them
# open: what an entry's own text says, a letter, a renewal. All other facts of theirs are said
# by screening alone.
SETTLED = ("entity_list_policy", "owner_policy", "informed_by_letter", "supp8_status_current")
SEATS = ("consignee_hq", "parent_hq")

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


class Asked:
    """Puts what the asker says into the facts, with its source."""

    def __init__(self, law: Law, places: Places, found: dict[str, Fact], item: Item | None) -> None:
        self.law, self.places, self.found, self.item = law, places, found, item
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
        item = self.item
        ours = item.facts.get(name) if item and item.in_catalogue else None
        if (
            item
            and ours
            and self.law.vocabulary.facts[name].identity
            and (self.found[name].value != ours.value)
        ):
            raise InputError(
                f"{name} of {item.id} is {ours.value}",
                where=f"fact {name}",
                next_step="Describe an item of your own under another name",
            )

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
            exporter = read_exporter(text, self.law.addressees)
            if exporter.roles is not None and "exporter_role" not in self.found:
                self.found["exporter_role"] = Fact(exporter.roles, "data/exporters.csv", "memory")
            self.as_given["exporter"] = one_line(text, "exporter")
            return Fact(exporter.names, GIVEN, "given", exporter.note)
        if spec.name == "family":
            return Fact(family_named(one_line(text, "family")), GIVEN, "given")
        if spec.kind == "place":
            if text.strip().lower() in ("unknown", "?"):
                return Fact(values.UNKNOWN_CHOICE, GIVEN, "given")
            codes = [self.places.resolve(part) for part in text.split("|")]
            self.as_given[spec.name] = "|".join(codes)
            legal = [self.places.legal(code) for code in codes]
            note = f"{codes[0]} is treated as {legal[0]}" if codes != legal else ""
            return Fact(values.choose(*legal), GIVEN, "given", note)
        return Fact(spec.read(text), GIVEN, "given")

    def worked_out(
        self, facts: Mapping[str, Fact], partly: Mapping[str, frozenset[str]]
    ) -> None:  # fmt: skip
        """The facts that the named parties give, beside what the asker states.

        Args:
            facts: by name.
            partly: places that a headquarters must hold, where only some are known.

        Raises:
            InputError: the asker states one of them too, and may not.
        """
        for name, fact in facts.items():
            if fact.value == values.UNKNOWN_CHOICE:
                fact = Fact(Choice(self.places.codes), fact.source, fact.grade, fact.note)
            if name not in self._said:
                self.found[name] = fact
            elif not self._settles(name, fact, partly.get(name)):
                theirs = "places unknown" if name in partly else str(fact.value)
                raise InputError(
                    f"is given as {self.found[name].value}, and the named parties give {theirs} "
                    f"({fact.note or fact.source})",
                    where=name, next_step="Leave it out, or name no party",
                )  # fmt: skip

    def _settles(self, name: str, fact: Fact, partly: frozenset[str] | None) -> bool:
        """May what the asker states stand beside what the named parties give?"""
        mine = self.found[name].value
        if not isinstance(mine, Choice) or not isinstance(fact.value, Choice):
            return False
        if name in SEATS:
            return mine == fact.value if partly is None else partly <= (mine.options or partly)
        if name not in SETTLED or fact.known or mine.options is None:
            return False
        return fact.value.options is None or mine.options <= fact.value.options

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
