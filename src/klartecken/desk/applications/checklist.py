"""What must be shown or attached under each review policy: lists as data, ticked with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from klartecken.desk.applications.blocks import DOCUMENTS
from klartecken.errors import DataError, InputError

FILE = Path(__file__).with_name("checklists.yaml")
WHEN = ("filing", "export")
TAGS = ("primary", "secondary", "memory")

Items = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list of the file.

    Attributes:
        everywhere: it belongs to every application.
        provision: the provision of the law whose review policy it opens; or empty.
        policy: that review policy.
        application_type, ship_from: what the form must say for it; or empty.
        items: each with id, text, when, cite, tag, fact and document.
    """

    id: str
    title: str
    cite: str
    everywhere: bool
    provision: str
    policy: str
    application_type: str
    ship_from: str
    items: tuple[Mapping[str, str], ...]


@cache
def checklists() -> Mapping[str, Checklist]:
    """All lists by id, in the order of the file.

    Raises:
        DataError: the file breaks its own layout.
    """
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {entry["id"]: read_checklist(entry) for entry in data["checklists"]}


def read_checklist(entry: Mapping[str, Any]) -> Checklist:
    """One list of the file; raises DataError where it breaks the layout."""
    items = []
    for item in entry["items"]:
        held = {"document": "", "fact": "", **item}
        where = f"{FILE.name}, {entry['id']}.{item['id']}"
        if held["when"] not in WHEN or held["tag"] not in TAGS:
            raise DataError("unknown `when` or `tag`", where=where)
        if held["document"] and held["document"] not in DOCUMENTS:
            raise DataError(f"{held['document']!r} is no kind of document", where=where)
        items.append(held)
    return Checklist(
        entry["id"], entry["title"], entry["cite"], entry.get("for") == "all",
        entry.get("provision", ""), entry.get("policy", ""),
        entry.get("application_type", ""), entry.get("ship_from", ""), tuple(items),
    )  # fmt: skip


def items_of(paths: Iterable[str] = (), held: Iterable[Mapping[str, Any]] = ()) -> Items:
    """The items of an application: those of every application, and of the lists chosen.

    Args:
        paths: ids of lists.
        held: items of before: what was ticked stays ticked.

    Raises:
        InputError: no such list.
    """
    lists = checklists()
    for path in paths:
        if path not in lists:
            raise InputError(f"{path!r} is no checklist", where="paths",
                             next_step="Use " + ", ".join(lists))  # fmt: skip
    before = {item["id"]: item for item in held}
    return [
        _open(chosen, item, before) for chosen in lists.values()
        if chosen.everywhere or chosen.id in paths
        for item in chosen.items
    ]  # fmt: skip


def _open(
    chosen: Checklist, item: Mapping[str, str], before: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """One item as kept with an application: the words of the day on which it was chosen."""
    ident = f"{chosen.id}.{item['id']}"
    old = before.get(ident, {})
    return {
        "id": ident, "text": item["text"], "when": item["when"], "cite": item["cite"],
        "tag": item["tag"], "fact": item["fact"], "document": item["document"],
        "done": old.get("done", False), "evidence": old.get("evidence", ""),
    }  # fmt: skip


def paths_of(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of the lists that items belong to, without those of every application."""
    lists = checklists()
    named = dict.fromkeys(item["id"].split(".", 1)[0] for item in items)
    return [name for name in named if name not in lists or not lists[name].everywhere]


def ticked(items: Items, ident: str, done: bool, evidence: str) -> Items:
    """The items with one of them ticked, or not any longer.

    Raises:
        InputError: no such item, or ticked without evidence.
    """
    if not any(item["id"] == ident for item in items):
        raise InputError(f"{ident!r} is not on the checklist", where="item",
                         next_step="Use " + ", ".join(item["id"] for item in items))  # fmt: skip
    if done and not evidence.strip():
        raise InputError("is needed: what shows it, and where it is kept", where="evidence")
    change = {"done": done, "evidence": evidence.strip()}
    return [{**item, **change} if item["id"] == ident else item for item in items]
