"""Reforms laid over a law: the versions of the provisions they change are written anew.

Only these provisions are parsed again, by the functions that load the law files, and
everything that the loader checks is checked. A version that a reform changes is parted at the
edges of the reform's period, so that a reformed law is an ordinary dated law, which the next
reform can be laid over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from klartecken.errors import KlarteckenError, LawError
from klartecken.law.check import check
from klartecken.law.load import read_provision
from klartecken.law.model import Law, Provision
from klartecken.law.parameters import Parameter, parameter, parameters, sweep_reform
from klartecken.law.reader import Entry, digest, nearest
from klartecken.law.reform import Change, Reform, read_reform, shipped_reforms

_DAY = timedelta(days=1)
Doc = Mapping[str, Any]


def apply(law: Law, reform: Reform) -> Law:
    """The law under a reform.

    Args:
        law: the law, shipped or already reformed; it is left as it is.
        reform: what changes, and when.

    Returns:
        A law of its own, with its own hash, that shares every provision left alone. Its
        versions are those of ``law`` on each day outside the reform's period.

    Raises:
        LawError: a change names nothing, changes nothing, or makes a law that would not
            load; names file, change, provision and version.
    """
    docs: dict[str, Doc] = dict(law.docs)
    changed: dict[str, list[Change]] = {}
    for change in reform.changes:
        docs[change.provision] = _changed(docs, change, reform)
        changed.setdefault(change.provision, []).append(change)
    provisions: dict[str, Provision] = dict(law.provisions)
    for identity, changes in changed.items():
        entry = Entry(docs[identity], changes[-1].where)
        provisions[identity] = read_provision(entry, _places(changes), law.vocabulary,
                                              may_be_ended=True)  # fmt: skip
    order = check(provisions, law.instruments, law.provisions)
    return replace(
        law, regime=f"{law.regime}+{reform.id}", title=f"{law.title}; hypothetical: {reform.title}",
        provisions=provisions, order=order, docs=docs,
        hash=digest({"law": law.hash, "reform": reform.data}),
    )  # fmt: skip


def _places(changes: list[Change]) -> str:
    """Where a changed provision now stands, for messages."""
    return "; ".join(dict.fromkeys(change.where for change in changes))


def _changed(docs: Mapping[str, Doc], change: Change, reform: Reform) -> Doc:
    """One provision, as written, after one change."""
    if change.whole:
        if change.provision in docs:
            raise change.fail("exists already", "Add a `version` to it, or replace one")
        written = Entry({"id": change.provision, **change.body}, change.where)
        versions = [_new(v.data, change, reform) for v in written.entries("versions", "version")]
        if not versions:
            raise change.fail("has no version")
        return {**written.data, "versions": versions}
    if change.provision not in docs:
        known = nearest(change.provision, docs)
        raise change.fail(f"no provision is called {change.provision!r}", known)
    doc = docs[change.provision]
    if change.kind == "add":
        return {**doc, "versions": [*doc["versions"], _new(change.body, change, reform)]}
    first = reform.start if change.day is None else change.day
    if not reform.within(first):
        raise change.fail(f"{first} lies outside the reform's period")
    versions, touched = [], False
    for version in doc["versions"]:
        pieces = [version]
        mine = change.version in ("", _base(version), str(version["id"]))
        if mine and _overlap(version, first, reform.until):
            touched = True
            pieces = list(_pieces(version, change, reform, first))
        versions += pieces
    if not touched:
        raise _nothing(doc, change, first, reform.until)
    title = {"title": change.body["title"]} if change.body.get("title") else {}
    return {**doc, **title, "versions": versions}


def _nothing(doc: Doc, change: Change, first: date, until: date | None) -> LawError:
    names = list(dict.fromkeys(_base(version) for version in doc["versions"]))
    period = f"{first} to {until or 'no end'}"
    if change.version and change.version not in [*names, *(str(v["id"]) for v in doc["versions"])]:
        known = nearest(change.version, names, others=True)
        return change.fail(f"has no version {change.version!r}", known)
    which = f"version {change.version}" if change.version else "it"
    return change.fail(f"{which} does not bind from {period}, so nothing would change")


def _base(version: Doc) -> str:
    """The id that a version has in the law file, before any reform parted it."""
    return str(version["id"]).split("/")[0]


# -- versions and periods ------------------------------------------------------------------
def _start(version: Doc) -> date:
    found = version.get("compliance") or version.get("from")
    if not isinstance(found, date) or isinstance(found, datetime):
        raise LawError("`from` is missing or no day", where=f"version {version.get('id')}")
    return found


def _until(version: Doc) -> date:
    found = version.get("until")
    if found is None:
        return date.max
    if not isinstance(found, date) or isinstance(found, datetime):
        raise LawError(f"`until` is {found!r}, not a day", where=f"version {version.get('id')}")
    return found


def _overlap(version: Doc, first: date, until: date | None) -> bool:
    return _start(version) <= (until or date.max) and first <= _until(version)


def _pieces(version: Doc, change: Change, reform: Reform, first: date) -> Iterator[Doc]:
    """What a version becomes: as it was, changed, as it was again (each where it binds)."""
    start, until, end = _start(version), _until(version), reform.until or date.max
    if start < first:
        yield {**version, "until": first - _DAY}
    if change.kind == "replace":
        yield _replaced(version, change, reform)
    if end < until:
        late = {**version, "id": f"{version['id']}/{reform.id}/after", "from": end + _DAY}
        yield {key: value for key, value in late.items() if key != "compliance"}


def _replaced(version: Doc, change: Change, reform: Reform) -> Doc:
    body = {key: value for key, value in change.body.items() if key != "title"}
    where = f"{change.where}, version {version['id']}"
    new = {k: v for k, v in {**version, **body}.items() if v is not None and k != "instrument"}
    if body.get("params") is not None:
        new["params"] = _params(version, body, where)
    if body.get("instrument"):
        new["instrument"] = body["instrument"]
    new["id"] = f"{version['id']}/{reform.id}"
    for key in ("cite", "url", "tag", "note"):
        new[key] = body.get(key) or getattr(change, key)
    return _dated(_hypothetical(new, reform), reform, where)


def _params(version: Doc, body: Doc, where: str) -> dict[str, Any]:
    """The version's numbers with those of the change; a name must exist, or be used anew."""
    old = dict(version.get("params") or {})
    if not isinstance(body["params"], Mapping):
        raise LawError("`params` must be a mapping", where=where)
    unknown = [name for name in body["params"] if name not in old]
    if unknown and "when" not in body:
        raise LawError(
            f"has no param {unknown[0]!r}",
            where=where,
            next_step=nearest(unknown[0], old, others=True),
        )
    return {name: value for name, value in {**old, **body["params"]}.items() if value is not None}


def _new(written: Doc, change: Change, reform: Reform) -> Doc:
    """A version that a reform adds: its source and period are the reform's unless it says."""
    where = f"{change.where}, version {written.get('id')}"
    inherited = {"from": reform.start, "cite": change.cite, "url": change.url,
                 "tag": change.tag, "note": change.note}  # fmt: skip
    given = {key: value for key, value in written.items() if value is not None}
    return _dated(_hypothetical({**inherited, **given}, reform), reform, where)


def _hypothetical(version: dict[str, Any], reform: Reform) -> dict[str, Any]:
    """The version with a citation that nobody can take for the law's."""
    return {**version, "cite": f"Hypothetical ({reform.id}): {version['cite']}"}


def _dated(version: dict[str, Any], reform: Reform, where: str) -> Doc:
    """The version, cut to the period of the reform."""
    try:
        start, until = _start(version), _until(version)
    except KlarteckenError as err:
        raise LawError(err.what, where=where) from err
    end = reform.until or date.max
    if start > end or until < reform.start:
        raise LawError("binds on no day of the reform's period", where=where)
    if start < reform.start:
        version = {k: v for k, v in version.items() if k != "compliance"} | {"from": reform.start}
    if end < until:
        version = version | {"until": end}
    return version


def under(law: Law, reforms: Iterable[Reform]) -> Law:
    """The law under several reforms, the first laid over it first."""
    for reform in reforms:
        law = apply(law, reform)
    return law


__all__ = [
    "Change", "Parameter", "Reform", "apply", "parameter", "parameters", "read_reform",
    "shipped_reforms", "sweep_reform", "under",
]  # fmt: skip
