"""The form of the case files: reading them, and refusing what does not fit the form.

Every scalar is read as text, so that ``NO`` stays Norway and ``4799.999`` stays exact. A case
inherits from the ``defaults`` of its file; the rows of ``each`` inherit from their case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from klartecken.errors import DataError
from klartecken.law.model import TAGS

FOLDER = Path(__file__).resolve().parents[2] / "cases"

FILE_KEYS = ("subject", "about", "defaults", "cases")
DEFAULT_KEYS = ("source", "tag", "ask", "expect", "note")
CASE_KEYS = ("id", "title", "source", "tag", "ask", "expect", "note", "each")
ASK_TEXT = (
    "item", "to", "on", "from", "activity", "exporter", "hq", "parent_hq", "end_use", "view",
    "strict", "reform",
)  # fmt: skip
ASK_KEYS = (*ASK_TEXT, "listed", "facts")
EXPECT_TEXT = ("outcome", "review_policy")
EXPECT_LISTS = (
    "possible_outcomes", "classification", "classification_possible", "bases", "not_bases",
    "provisions", "not_provisions", "review_policies_possible", "missing", "missing_includes",
    "assumptions_include", "flags", "no_flags", "gaps",
)  # fmt: skip
EXPECT_MAPS = ("exceptions", "evidence")  # name -> text
EXPECT_LIST_MAPS = ("bars", "conditions")  # name -> list of text
EXPECT_KEYS = (*EXPECT_TEXT, *EXPECT_LISTS, *EXPECT_MAPS, *EXPECT_LIST_MAPS)
NOT_TESTED = "any"  # a row writes this to drop an expectation that it inherits
NOTHING = ("null", "~", "")
MACHINE_PATH = re.compile(r"/\w|~/|\.{1,2}/|[A-Za-z]:\\|(?!.*://).*\.(md|yaml|csv|pdf|txt)$")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")


@dataclass(frozen=True, slots=True)
class NamedCase:
    """One case of a file: the question, the expected answer, and where that comes from."""

    file: str
    id: str
    title: str
    source: str
    tag: str
    ask: Mapping[str, Any]
    expect: Mapping[str, Any]
    note: str = ""

    @property
    def name(self) -> str:
        """The test id: file and case."""
        return f"{self.file.removesuffix('.yaml')}/{self.id}"


def load_cases(folder: Path = FOLDER) -> tuple[NamedCase, ...]:
    """All cases of a folder.

    Raises:
        DataError: a file breaks the form; file, case and key are named.
    """
    found: dict[str, NamedCase] = {}
    for path in sorted(folder.glob("*.yaml")):
        for case in read_file(path):
            if case.id in found:
                other = found[case.id].file
                raise DataError("the id stands twice", where=f"{case.file}, {case.id} ({other})")
            found[case.id] = case
    return tuple(found.values())


def read_file(path: Path) -> tuple[NamedCase, ...]:
    """The cases of one file.

    Raises:
        DataError: the file breaks the form.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    except yaml.YAMLError as err:
        raise DataError(" ".join(str(err).split()), where=path.name) from err
    top = mapping(plain(node, path.name), path.name)
    only(top, FILE_KEYS, path.name)
    defaults = mapping(top.get("defaults", {}), f"{path.name}, defaults")
    only(defaults, DEFAULT_KEYS, f"{path.name}, defaults")
    text(top.get("subject"), f"{path.name}, key subject")
    return tuple(
        case
        for number, raw in enumerate(listing(top.get("cases"), f"{path.name}, key cases"), 1)
        for case in _cases(raw, defaults, path.name, number)
    )


def _cases(raw: Any, defaults: Mapping[str, Any], file: str, number: int) -> Iterator[NamedCase]:
    data = mapping(raw, f"{file}, case {number}")
    here = f"{file}, case {data.get('id', number)}"
    only(data, CASE_KEYS, here)
    ident = text(data.get("id"), f"{here}, key id")
    whole = merged(defaults, data, here)
    if "each" not in data:
        yield _case(whole, file, ident, here)
        return
    for place, row in enumerate(listing(data["each"], f"{here}, key each"), 1):
        part = mapping(row, f"{here}, row {place}")
        there = f"{here}, row {part.get('id', place)}"
        only(part, CASE_KEYS[:-1], there)
        tail = text(part.get("id"), f"{there}, key id")
        title = f"{whole.get('title', '')}: {part['title']}" if "title" in part else None
        joined = merged(whole, part, there)
        yield _case({**joined, **({"title": title} if title else {})}, file, f"{ident}.{tail}",
                    there)  # fmt: skip


def merged(under: Mapping[str, Any], over: Mapping[str, Any], where: str) -> dict[str, Any]:
    """One level laid over another: ``ask``, its ``facts`` and ``expect`` key by key."""
    found = {**under, **over}
    for key in ("ask", "expect"):
        low = mapping(under.get(key, {}), f"{where}, key {key}")
        high = mapping(over.get(key, {}), f"{where}, key {key}")
        found[key] = {**low, **high}
        if "facts" in low and "facts" in high:
            found[key]["facts"] = {
                **mapping(low["facts"], f"{where}, key facts"),
                **mapping(high["facts"], f"{where}, key facts"),
            }
    return found


def _case(data: Mapping[str, Any], file: str, ident: str, here: str) -> NamedCase:
    if not ID.fullmatch(ident):
        raise DataError(f"{ident!r} is not an id", where=f"{here}, key id")
    source = text(data.get("source"), f"{here}, key source")
    if any(MACHINE_PATH.match(word.strip("()[],;\"'")) for word in source.split()):
        raise DataError("a source is a citation or an address, not a file", where=here)
    tag = text(data.get("tag"), f"{here}, key tag")
    if tag not in TAGS:
        raise DataError(f"unknown tag {tag!r}", where=here, next_step="Tags: " + ", ".join(TAGS))
    return NamedCase(
        file, ident, text(data.get("title"), f"{here}, key title"), source, tag,
        read_ask(data["ask"], f"{here}, ask"), read_expect(data["expect"], f"{here}, expect"),
        str(data.get("note", "")),
    )  # fmt: skip


def read_ask(raw: Any, where: str) -> dict[str, Any]:
    """The question, checked."""
    data = mapping(raw, where)
    only(data, ASK_KEYS, where)
    for key in ("item", "to", "on"):
        text(data.get(key), f"{where}, key {key}")
    ask: dict[str, Any] = {key: text(data[key], f"{where}, key {key}") for key in ASK_TEXT
                           if key in data}  # fmt: skip
    if "strict" in ask:
        if ask["strict"] not in ("yes", "no", "true", "false"):
            raise DataError("write yes or no", where=f"{where}, key strict")
        ask["strict"] = ask["strict"] in ("yes", "true")
    if "listed" in data:
        said = data["listed"]
        ask["listed"] = texts([said] if isinstance(said, str) else said, f"{where}, key listed")
    if "facts" in data:
        facts = mapping(data["facts"], f"{where}, key facts")
        ask["facts"] = {k: text(v, f"{where}, key facts, {k}") for k, v in facts.items()}
    return ask


def read_expect(raw: Any, where: str) -> dict[str, Any]:
    """The expected answer, checked; what is ``any`` is left out."""
    data = mapping(raw, where)
    only(data, EXPECT_KEYS, where)
    found: dict[str, Any] = {}
    for key, value in data.items():
        here = f"{where}, key {key}"
        if value == NOT_TESTED:
            continue
        if key in EXPECT_TEXT:
            nothing = key == "review_policy" and value in NOTHING
            found[key] = None if nothing else text(value, here)
        elif key in EXPECT_LISTS:
            found[key] = texts(value, here)
        elif key in EXPECT_MAPS:
            found[key] = {k: text(v, f"{here}, {k}") for k, v in mapping(value, here).items()}
        else:
            found[key] = {k: texts(v, f"{here}, {k}") for k, v in mapping(value, here).items()}
    if not found:
        raise DataError("it expects nothing", where=where)
    return found


# -- pieces of YAML, with the place named in every error ------------------------------------
def plain(node: yaml.Node | None, where: str) -> Any:
    """A YAML node as text, lists and mappings; a key that stands twice is an error."""
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for name, value in node.value:
            word = str(name.value)
            if word in found:
                line = name.start_mark.line + 1
                raise DataError("it stands twice", where=f"{where}, line {line}, key {word}")
            found[word] = plain(value, where)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [plain(value, where) for value in node.value]
    return "" if node is None else str(node.value)


def only(data: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    """Refuse a key that the form does not have."""
    for key in data:
        if key not in keys:
            raise DataError(
                f"unknown key {key!r}",
                where=where,
                next_step=f"Keys: {', '.join(keys)}. (Inside {{ }} a comma begins a new key: put "
                "a text that holds a comma in quotes)",
            )


def mapping(raw: Any, where: str) -> Mapping[str, Any]:
    """A mapping, or an error."""
    if not isinstance(raw, dict):
        raise DataError("it is not a mapping of keys to values", where=where)
    return raw


def listing(raw: Any, where: str) -> list[Any]:
    """A list with something in it, or an error."""
    if not isinstance(raw, list) or not raw:
        raise DataError("it is not a list with something in it", where=where)
    return raw


def text(raw: Any, where: str) -> str:
    """One text, or an error."""
    if not isinstance(raw, str) or not raw.strip():
        raise DataError("it is missing, empty, or not one text", where=where)
    return raw.strip()


def texts(raw: Any, where: str) -> tuple[str, ...]:
    """A list of texts, perhaps empty, or an error."""
    if not isinstance(raw, list):
        raise DataError("it is not a list", where=where, next_step="Write [one, two] or []")
    return tuple(text(item, where) for item in raw)
