"""Reads facts.yaml: the vocabulary that conditions may use."""

from __future__ import annotations

from typing import Any

from klartecken.law.reader import Entry
from klartecken.logic import values
from klartecken.logic.values import Choice, Value
from klartecken.logic.vocabulary import KINDS, FactSpec, Vocabulary

ENTITIES = ("item", "place", "route", "party", "use", "exporter", "paper", "law")


def read_vocabulary(doc: dict[str, Any], where: str) -> Vocabulary:
    """The vocabulary of a regime.

    Raises:
        LawError: a key, kind, option or name that does not fit; names the fact.
    """
    head = Entry(doc, where)
    facts: dict[str, FactSpec] = {}
    names: dict[str, str] = {}
    for name, data in head.get("facts").items():
        entry = Entry(data, f"{where}, fact {name}")
        spec = _fact(name, entry)
        facts[name] = spec
        for alias in (name, *spec.aliases):
            if alias in names:
                raise entry.fail(f"{alias!r} already names {names[alias]}")
            names[alias] = name
    bundles: dict[str, tuple[str, ...]] = {}
    for name, members in head.get("bundles", {}).items():
        unknown = [m for m in members if m not in facts]
        if unknown or name in names:
            raise head.fail(f"bundle {name} names {', '.join(unknown) or 'a fact twice'}")
        bundles[name] = tuple(members)
    head.close()
    for spec in facts.values():
        if spec.ratio and not (set(spec.ratio) <= set(facts) and facts[spec.ratio[1]].positive):
            raise head.fail(f"the ratio {spec.name} needs two facts, the second above zero")
    return Vocabulary(facts, bundles, names)


def _fact(name: str, entry: Entry) -> FactSpec:
    kind = entry.one_of("kind", KINDS)
    options = entry.texts("options")
    ratio = entry.texts("ratio")
    if ratio and len(ratio) != 2:
        raise entry.fail("`ratio` needs a numerator and a denominator")
    spec = FactSpec(
        name=name, kind=kind, of=entry.one_of("of", ENTITIES), question=entry.text("question"),
        unit=entry.text("unit", ""), aliases=entry.texts("aliases"), options=options,
        synonyms=entry.get("synonyms", {}), positive=entry.flag("positive", False),
        identity=entry.flag("identity", False),
        ratio=(ratio[0], ratio[1]) if ratio else None,
        assumed=_value(entry, "assumed", kind, options),
        presumed=_value(entry, "presumed", kind, options),
        assumption=entry.text("assumption", ""),
    )  # fmt: skip
    if (spec.assumed or spec.presumed) and not spec.assumption:
        raise entry.fail("an assumed fact needs its `assumption` in words")
    entry.close()
    return spec


def _value(entry: Entry, key: str, kind: str, options: tuple[str, ...]) -> Value | None:
    raw = entry.get(key, None)
    if raw is None:
        return None
    if kind == "number":
        return values.parse_range(str(raw))
    chosen = [str(item) for item in raw] if isinstance(raw, list) else [entry.text(key)]
    allowed = ("yes", "no") if kind == "flag" else options
    wrong = [c for c in chosen if c not in allowed]
    if wrong:
        raise entry.fail(f"`{key}` is {wrong[0]!r}", "Allowed: " + ", ".join(allowed))
    return Choice(frozenset(chosen))
