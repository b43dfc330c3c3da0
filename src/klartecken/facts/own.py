"""Items that the user describes: a mapping, or a YAML file.

Keys are fact names or aliases of the item's facts (``tpp``, ``die_area``), rates
(``rate_fp8``, dense TOPS or TFLOPS), and ``id``, ``name``, ``kind``, ``notes``; a server says
``contains: 8xCHIP`` with a chip of the catalogue. A value is plain, or a mapping with
``value``, ``source``, ``grade`` and ``note``::

    name: Our accelerator
    kind: ic
    rate_fp8: 290
    die_area: {value: 700..720, source: floor plan of 3 March, grade: primary}
    datacenter: yes
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from klartecken.errors import DataError, InputError, UnknownName
from klartecken.facts import performance
from klartecken.facts.chips import RATES, UNITS, Chip, Figure
from klartecken.facts.families import family_named
from klartecken.facts.items import Item, figures
from klartecken.facts.places import load_places
from klartecken.facts.text import one_line
from klartecken.logic.values import INF, Choice, Fact, Range, Value, choose, parse_range
from klartecken.logic.vocabulary import FactSpec, Vocabulary

_PARTS = ("value", "source", "grade", "note")
_GRADES = ("primary", "secondary", "memory", "inferred", "given", "assumed")
_TEXTS = ("id", "name", "notes", "contains")


def from_file(path: Path, vocabulary: Vocabulary, tf32_bits: int = 32) -> Item:
    """The item that a YAML file describes.

    Raises:
        DataError: the file cannot be read or used (file and key are named).
    """
    import yaml

    where = path.name
    try:
        text = path.read_text(encoding="utf-8")
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar stays text
        node = yaml.compose(text, Loader=loader)
    except FileNotFoundError as err:
        raise DataError("there is no such file", where=str(path)) from err
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as err:
        told = " ".join(str(err).split())
        raise DataError(f"it is not a readable YAML file ({told})", where=where) from err
    try:
        data = _plain(node, where, "")
    except RecursionError as err:
        raise DataError("it refers to itself, or is nested too deep", where=where) from err
    if not isinstance(data, dict) or not data:
        raise DataError("it holds no keys", where=where, next_step="Write lines like `tpp: 2368`")
    return from_mapping(data, vocabulary, tf32_bits, where=where, default_id=path.stem)


def _plain(node: Any, where: str, key: str) -> Any:
    """A YAML node as text, lists and mappings; a key that stands twice is an error."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for name, value in node.value:
            word = str(name.value)
            line = name.start_mark.line + 1
            if word in found:
                raise DataError("it stands twice", where=f"{where}, line {line}, key {word}")
            found[word] = _plain(value, where, word)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value, where, key) for value in node.value]
    return "" if node is None else str(node.value)


def from_mapping(
    data: Mapping[str, Any],
    vocabulary: Vocabulary,
    tf32_bits: int = 32,
    *,
    where: str = "item",
    default_id: str = "own-item",
) -> Item:
    """The item that a mapping describes (see the module for the keys).

    Args:
        data: values are text, numbers, booleans, or mappings with ``value``.
        vocabulary: the facts that may be named.
        tf32_bits: the bit length counted for TF32.
        where: what to call the mapping in an error.
        default_id: the id of the item when the mapping gives none.

    Raises:
        DataError: an unknown key, a bad value, or two values for one fact.
    """
    inside = _contained(data.get("contains"), where, tf32_bits)
    kind = Fact(choose("ic"), "an own item is taken to be a chip unless it says", "given")
    base = dict(inside.facts) if inside else {"item_kind": kind}
    facts: dict[str, Fact] = {}
    rates: dict[str, Figure] = {}
    for key, raw in data.items():
        place = f"{where}, key {key}"
        if key in _TEXTS:
            continue
        if key in RATES:
            rates[key] = _rate(key, raw, place)
            continue
        name, fact = _fact(key, raw, vocabulary, place)
        if name in facts:
            raise DataError(f"the fact {name} is given twice", where=place)
        facts[name] = fact
    _add_rates(facts, rates, tf32_bits, where)
    if inside and (both := sorted(set(facts) & set(inside.facts))):
        raise DataError(
            f"{', '.join(both)} stand beside `contains`: the chip's own figures count",
            where=where,
            next_step="Describe the chip in a file of its own, or leave them out",
        )
    ident = _name(data, "id", default_id, where)
    name = _name(data, "name", ident, where)
    if inside is None:  # of no other family, unless its name comes close to one
        base["family"] = Fact(family_named(name), "taken from the item's own name", "given")
    facts = {**base, **facts}
    return Item(
        ident,
        name,
        _option(facts.get("item_kind")),
        _option(facts.get("family")),
        facts,
        inside.contains if inside else None,
        _notes(data.get("notes", ())),
        in_catalogue=False,
    )


def _contained(raw: Any, where: str, tf32_bits: int) -> Item | None:
    """The assembly of a catalogue chip that ``contains: 8xCHIP`` names."""
    if raw is None:
        return None
    from klartecken.facts.items import find_item

    try:
        return find_item(f"server:{raw}", tf32_bits=tf32_bits)
    except UnknownName as err:
        raise DataError(err.what, where=f"{where}, key contains", next_step=err.next_step) from err


def _name(data: Mapping[str, Any], key: str, default: str, where: str) -> str:
    """A name of the item, on one line."""
    raw = data.get(key, default)
    if isinstance(raw, Mapping | list | tuple):
        raise DataError("must be text", where=f"{where}, key {key}")
    return one_line(str(raw), f"{where}, key {key}")


def _notes(raw: Any) -> tuple[str, ...]:
    return tuple(map(str, raw)) if isinstance(raw, list | tuple) else (str(raw),) if raw else ()


def _option(fact: Fact | None) -> str:
    value = fact.value if fact else None
    return value.only() if isinstance(value, Choice) and value.known else ""


def _parts(raw: Any, place: str) -> tuple[str, str, str, str]:
    parts = raw if isinstance(raw, Mapping) else {"value": raw}
    for part in parts:
        if part not in _PARTS:
            raise DataError(
                f"unknown part {part!r}", where=place, next_step="Parts: " + ", ".join(_PARTS)
            )
    value = parts.get("value")
    if value is None or isinstance(value, list | Mapping):
        raise DataError("it has no value", where=place, next_step="Write value: 2368")
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    grade = str(parts.get("grade", "given"))
    if grade not in _GRADES:
        raise DataError(
            f"unknown grade {grade!r}", where=place, next_step="Grades: " + ", ".join(_GRADES)
        )
    source = str(parts.get("source", "given by the asker"))
    return text, source, grade, str(parts.get("note", ""))


def _rate(key: str, raw: Any, place: str) -> Figure:
    text, source, grade, note = _parts(raw, place)
    try:
        value = parse_range(text)
    except InputError as err:
        raise DataError(err.what, where=place, next_step=err.next_step) from err
    if value.hi < 0 or (value.known and value.lo < 0):
        raise DataError(f"{text!r} is not a rate in {UNITS[key]}", where=place)
    return Figure(key, Range(max(value.lo, Fraction(0)), value.hi), source, grade, True, note)


def _fact(key: str, raw: Any, vocabulary: Vocabulary, place: str) -> tuple[str, Fact]:
    try:
        spec = vocabulary.find("item_kind" if key == "kind" else key)
    except UnknownName as err:
        raise DataError(
            f"unknown key {key!r}",
            where=place,
            next_step=err.next_step or "Use a fact of an item, or a rate such as rate_fp8",
        ) from err
    if spec.of != "item":
        raise DataError(f"{spec.name} is no fact of an item but of a {spec.of}", where=place)
    text, source, grade, note = _parts(raw, place)
    try:
        value = _places(text, spec) if spec.kind == "place" else spec.read(text)
    except InputError as err:
        raise DataError(err.what, where=place, next_step=err.next_step) from err
    return spec.name, Fact(value, source, grade, note)


def _places(text: str, spec: FactSpec) -> Choice:
    if text.strip().lower() in ("", "?", "unknown"):
        return Choice()
    places = load_places()
    return Choice(frozenset(places.legal(part) for part in text.split("|")))


def _add_rates(
    facts: dict[str, Fact], rates: Mapping[str, Figure], tf32_bits: int, where: str
) -> None:
    """What follows from the rates, where it is not given directly."""
    if not rates:
        return
    held = {key: (figure,) for key, figure in rates.items()}
    chip = _chip(held)
    given = facts.get("tpp")
    computed = performance.tpp(chip, tf32_bits).value
    given_range = given.value if given is not None and isinstance(given.value, Range) else None
    if given_range and isinstance(computed, Range) and given_range.hi < computed.lo:
        raise DataError(
            f"TPP {given_range} is below what the rates give ({computed})",
            where=f"{where}, key tpp",
            next_step="Correct one of them",
        )
    for name, fact in figures(chip, tf32_bits).items():
        if name == "tpp" and not rates.keys() & {"rate_fp16", "rate_bf16"}:
            # some chips run 16 bits at the 8-bit rate: without that rate the top is open
            fact = replace(fact, value=_open_above(fact.value))
        facts.setdefault(name, fact)


def _open_above(value: Value) -> Value:
    return Range(value.lo, INF) if isinstance(value, Range) else value


def _chip(held: Mapping[str, tuple[Figure, ...]]) -> Chip:
    """A nameless chip of one package that has only these figures."""
    return Chip(
        id="", name="", vendor="", designer_hq="", family="", kind="", form="", released="",
        datacenter="", datacenter_grade="", memory_type="", foundry="", packages=1,
        grade="given", note="", figures=held,
    )  # fmt: skip
