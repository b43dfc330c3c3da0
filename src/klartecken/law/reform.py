"""A reform as written: a hypothetical, dated change of law, read from a small file.

What it does to a law is in :mod:`.overlay`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from klartecken.errors import LawError, UnknownName
from klartecken.law.model import TAGS
from klartecken.law.reader import Entry, read_yaml

KINDS = ("add", "replace", "end")
_ID = re.compile(r"[^\s+/]+")
_SOURCE = ("cite", "url", "tag", "note")
# of a provision as a whole: no version has them, so no day can change them
_UNDATED = ("stage", "for", "eccn", "symbol", "code", "versions", "id")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a reform.

    Attributes:
        kind: ``add`` a provision or version, ``replace`` or ``end`` versions.
        provision: its id.
        version: the version, or empty for each that binds within the reform's period.
        body: of ``add``: the provision (with ``versions``) or the version as written; of
            ``replace``: the keys that are other (a ``title`` is the whole provision's).
        day: of ``end``: the first day without it; by default the reform's first day.
        cite, url, tag, note: the source of this change.
        where: the file and the number of the change, for messages.
    """

    kind: str
    provision: str
    version: str
    body: Mapping[str, Any]
    day: date | None
    cite: str
    url: str
    tag: str
    note: str
    where: str = field(default="", compare=False)

    @property
    def whole(self) -> bool:
        """Does it add a whole provision?"""
        return self.kind == "add" and "versions" in self.body

    def fail(self, what: str, next_step: str = "") -> LawError:
        """An error in this change."""
        return LawError(what, where=self.where, next_step=next_step)


@dataclass(frozen=True)
class Reform:
    """A hypothetical change of law over a period.

    Attributes:
        id: its name; no blanks, no ``+`` and no ``/``.
        start, until: its first and last day, both included; ``None`` for no end.
        cite, url, tag, note: its source, which each change inherits.
    """

    id: str
    title: str
    start: date
    until: date | None
    cite: str
    url: str
    tag: str
    note: str
    changes: tuple[Change, ...]

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise LawError(f"{self.id!r} cannot name a reform", next_step="No blanks, + or /")
        if self.until is not None and self.until < self.start:
            raise LawError(f"`until` {self.until} is before `start` {self.start}", where=self.id)
        if not self.changes:
            raise LawError("changes nothing", where=self.id, next_step="Give it `changes`")

    def within(self, day: date) -> bool:
        """Does the day lie in its period?"""
        return self.start <= day and (self.until is None or day <= self.until)

    @property
    def data(self) -> dict[str, Any]:
        """All that it says, as plain data, for the hash of a reformed law."""
        changes = [
            {"kind": c.kind, "provision": c.provision, "version": c.version, "day": c.day,
             "body": c.body, "source": [c.cite, c.url, c.tag, c.note]}
            for c in self.changes
        ]  # fmt: skip
        return {
            "id": self.id, "title": self.title, "start": self.start, "until": self.until,
            "source": [self.cite, self.url, self.tag, self.note], "changes": changes,
        }  # fmt: skip


def shipped_reforms() -> tuple[str, ...]:
    """The names of the reforms that the package ships, sorted."""
    return tuple(sorted(_shipped()))


def _shipped() -> dict[str, Traversable]:
    folder = files("klartecken.law") / "reforms"
    return {
        path.name.removesuffix(".yaml"): path
        for path in folder.iterdir()
        if path.name.endswith(".yaml")
    }


def read_reform(path_or_name: str | Path | Traversable) -> Reform:
    """Read a reform.

    Args:
        path_or_name: a YAML file, or the name of a shipped reform
            (``april-2025-letters-public``).

    Raises:
        UnknownName: no such shipped reform.
        LawError: the file cannot be read, or breaks the form; names file, change, provision.
    """
    if not isinstance(path_or_name, str):
        return reform_of(read_yaml(path_or_name), path_or_name.name)
    if path_or_name.endswith((".yaml", ".yml")) or "/" in path_or_name:
        return read_reform(Path(path_or_name))
    shipped = _shipped()
    if path_or_name not in shipped:
        from difflib import get_close_matches

        raise UnknownName(
            f"no reform is called {path_or_name!r}",
            nearest=tuple(get_close_matches(path_or_name, shipped, n=3)),
            next_step=f"Shipped: {', '.join(sorted(shipped))}; or give the path of a .yaml file",
        )
    return read_reform(shipped[path_or_name])


def reform_of(data: Mapping[str, Any], where: str) -> Reform:
    """A reform from the content of its file.

    Raises:
        LawError: breaks the form; names file, change and provision.
    """
    entry = Entry(data, where)
    source = (entry.text("cite"), entry.text("url"), entry.one_of("tag", TAGS),
              entry.text("note", ""))  # fmt: skip
    written = entry.get("changes", [])
    if not isinstance(written, list) or not written:
        raise entry.fail("changes nothing", "Give it a list of `changes`")
    start, until = entry.the_day("start"), entry.day("until", None)
    if until is not None and until < start:
        raise entry.fail(f"`until` {until} is before `start` {start}")
    identity = entry.text("reform")
    if not _ID.fullmatch(identity):
        raise entry.fail(f"{identity!r} cannot name a reform", "No blanks, + or /")
    found = Reform(
        identity, entry.text("title"), start, until, *source,
        tuple(_change(item, n, where, source) for n, item in enumerate(written, 1)),
    )  # fmt: skip
    entry.close()
    return found


def _change(data: object, number: int, where: str, source: tuple[str, ...]) -> Change:
    entry = Entry(data, f"{where}, change {number}")
    kinds = [kind for kind in KINDS if kind in entry.data]
    if len(kinds) != 1:
        raise entry.fail("must be one of add, replace, end", "Write for example `end: ID`")
    kind = kinds[0]
    identity = entry.text(kind)
    entry.where += f" ({kind} {identity})"
    own = {
        key: entry.one_of(key, TAGS, "") if key == "tag" else entry.text(key, "")
        for key in _SOURCE
    }  # fmt: skip
    cite, url, tag, note = (own[key] or old for key, old in zip(_SOURCE, source, strict=True))
    version, day = "", None
    body: dict[str, Any] = {}
    if kind == "add":
        version, body = _added(entry)
    else:
        version = entry.text("version", "")
        if kind == "end":
            day = entry.day("from", None)
        else:
            body = _other(entry)
        entry.close()
    return Change(kind, identity, version, body, day, cite, url, tag, note, entry.where)


def _added(entry: Entry) -> tuple[str, dict[str, Any]]:
    """The id of the version added, empty for a whole provision; and what is added."""
    if "version" not in entry.data:
        rest = {k: v for k, v in entry.data.items() if k not in ("add", *_SOURCE)}
        if not isinstance(rest.get("versions"), list):
            raise entry.fail(
                "adds neither a provision nor a version",
                "Give a provision its `stage` and `versions`, or give one `version`",
            )
        return "", rest
    body = entry.get("version")
    if not isinstance(body, Mapping) or "id" not in body:
        raise entry.fail("`version` must be a version with its `id`")
    entry.close()
    return str(body["id"]), dict(body)


def _other(entry: Entry) -> dict[str, Any]:
    """The keys that a replaced version has otherwise."""
    body = entry.get("with")
    if not isinstance(body, Mapping) or not body:
        raise entry.fail("`with` must say what is other", "Write for example `with: {tag: memory}`")
    for key in body:
        if key in _UNDATED:
            raise entry.fail(
                f"`{key}` has no date, so it cannot be replaced",
                "End the provision and add another",
            )
    return dict(body)
