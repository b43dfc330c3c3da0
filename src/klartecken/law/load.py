"""A folder of YAML files -> one immutable, checked, hashed :class:`~.model.Law`.

Everything that can be wrong in a law file is found here, with file, provision and version:
unknown keys, dates, overlapping versions, names, dangling or circular references,
references to a later stage, requirements without a source.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from klartecken.errors import LawError
from klartecken.law.check import check
from klartecken.law.model import (
    BASES,
    POLICIES,
    STAGES,
    TAGS,
    VIEWS,
    Clause,
    Instrument,
    Law,
    Provision,
    Version,
)
from klartecken.law.reader import Entry, digest, read_yaml
from klartecken.law.terms import read_vocabulary
from klartecken.logic.parse import parse
from klartecken.logic.vocabulary import Vocabulary

_SPECIAL = ("regime.yaml", "facts.yaml")


@cache
def load_law() -> Law:
    """The law that the package ships (``us-ear``), loaded once per process."""
    return load_folder(files("klartecken.law") / "us_ear")


def load_folder(folder: Path | Traversable) -> Law:
    """Load a regime from a folder.

    Args:
        folder: holds ``regime.yaml``, ``facts.yaml`` and the provision families.

    Raises:
        LawError: anything wrong in any of the files.
    """
    docs: dict[str, Any] = {}
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith(".yaml"):
            docs[path.name] = read_yaml(path)
    return build(docs)


def build(docs: dict[str, Any]) -> Law:
    """Build a law from the parsed files, by file name."""
    for name in _SPECIAL:
        if name not in docs:
            raise LawError("is missing", where=name)
    vocabulary = read_vocabulary(docs["facts.yaml"], "facts.yaml")
    head = Entry(docs["regime.yaml"], "regime.yaml")
    instruments = {
        key: _instrument(key, Entry(data, f"regime.yaml, instrument {key}"))
        for key, data in head.get("instruments", {}).items()
    }
    provisions: dict[str, Provision] = {}
    raw: dict[str, Any] = {}  # by id: in which file a provision stands is not law
    written: dict[str, Any] = {}
    for name, doc in docs.items():
        if name in _SPECIAL:
            continue
        family = Entry(doc, name)
        family.text("family")
        family.text("title", "")
        for entry in family.entries("provisions", "provision"):
            provision = read_provision(entry, name, vocabulary)
            if provision.id in provisions:
                raise entry.fail(f"is also in {provisions[provision.id].file}")
            provisions[provision.id] = provision
            versions = {str(v["id"]): v for v in entry.data["versions"]}
            raw[provision.id] = {**entry.data, "versions": versions}
            written[provision.id] = entry.data
        family.close()
    order = check(provisions, instruments)
    law = Law(
        regime=head.text("regime"), title=head.text("title"),
        covers_from=head.the_day("covers_from"), read_until=head.the_day("read_until"),
        vocabulary=vocabulary, instruments=instruments, provisions=provisions, order=order,
        hash=digest({"regime": head.data, "facts": docs["facts.yaml"], "provisions": raw}),
        docs=written,
    )  # fmt: skip
    head.get("stages", None)
    head.close()
    return law


def _instrument(key: str, entry: Entry) -> Instrument:
    found = Instrument(
        id=key, title=entry.text("title"), cite=entry.text("cite", ""),
        published=entry.day("published", None), effective=entry.day("effective", None),
        url=entry.text("url", ""), tag=entry.one_of("tag", TAGS),
    )  # fmt: skip
    for extra in ("compliance", "released", "note", "until"):
        entry.get(extra, None)
    entry.close()
    return found


def read_provision(
    entry: Entry, file: str, vocabulary: Vocabulary, *, may_be_ended: bool = False
) -> Provision:
    """One provision as written.

    Args:
        entry: its mapping.
        file: where it stands, for messages.
        vocabulary: the facts that its conditions may name.
        may_be_ended: without any version it binds on no day, which only a reform may do.

    Raises:
        LawError: names the file, the provision and the version.
    """
    stage = entry.one_of("stage", STAGES)
    identity = entry.text("id")
    found = Provision(
        id=identity, stage=stage, title=entry.text("title", ""), file=file,
        eccn=entry.text("eccn", identity if stage == "classification" else ""),
        symbol=entry.text("symbol") if stage == "exception" else "",
        code=entry.text("code") if stage == "flag" else "",
        policy_for=entry.texts("for"),
        versions=tuple(
            _version(v, entry, stage, vocabulary) for v in entry.entries("versions", "version")
        ),
    )  # fmt: skip
    if not found.versions and not may_be_ended:
        raise entry.fail("has no version")
    if not found.versions:  # nobody asked for what its versions would have inherited
        for key in ("text", "basis", "policy", "exceptions"):
            entry.get(key, None)
    for place, version in enumerate(found.versions):
        if version.id in [other.id for other in found.versions[:place]]:
            raise entry.fail(f"version {version.id} stands twice")
    if stage == "policy" and not found.policy_for:
        raise entry.fail("names no requirement in `for`")
    entry.close()
    return found


def _version(entry: Entry, parent: Entry, stage: str, vocabulary: Vocabulary) -> Version:
    params = _params(entry)
    effective = entry.the_day("from")
    until = entry.day("until", None)
    compliance = entry.day("compliance", None)
    _periods(entry, effective, until, compliance)
    written = entry.text("when")
    written = {"yes": "true", "no": "false"}.get(written, written)
    found = Version(
        id=entry.text("id"), effective=effective, until=until, compliance=compliance,
        enforced=entry.flag("enforced", True), view=entry.one_of("view", VIEWS, "") or None,
        when=parse(written, vocabulary, params, entry.where), params=params,
        cite=entry.text("cite"), url=entry.text("url"), tag=entry.one_of("tag", TAGS),
        instrument=entry.text("instrument", ""), note=entry.text("note", ""),
        text=_either(entry, parent, "text", stage in ("flag", "gap")),
        basis=_either(entry, parent, "basis", stage in ("requirement", "prohibition"), BASES),
        policy=_either(entry, parent, "policy", stage == "policy", POLICIES),
        exceptions=(entry if "exceptions" in entry.data else parent).texts("exceptions"),
        bars=_clauses(entry, "bars", vocabulary, params),
        conditions=_clauses(entry, "conditions", vocabulary, params),
        source=" ".join(written.split()),
    )  # fmt: skip
    if not found.enforced and found.view != "text":
        raise entry.fail("is not enforced, so it belongs to the text view", "Add `view: text`")
    entry.close()
    return found


def _either(
    entry: Entry, parent: Entry, key: str, needed: bool, allowed: tuple[str, ...] | None = None
) -> str:
    """The version's own value, else the provision's."""
    value = entry.text(key, "") or parent.text(key, "")
    if needed and not value:
        raise entry.fail(f"`{key}` is missing")
    if value and allowed and value not in allowed:
        raise entry.fail(f"`{key}` is {value!r}", "Allowed: " + ", ".join(allowed))
    return value


def _params(entry: Entry) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for name, value in (entry.get("params", None) or {}).items():
        if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
            raise entry.fail(f"param {name} is {value!r}, not a number")
        found[name] = Fraction(value)
    return found


def _periods(entry: Entry, start: date, until: date | None, compliance: date | None) -> None:
    if compliance is not None and compliance < start:
        raise entry.fail(f"`compliance` {compliance} is before `from` {start}")
    if until is not None and until < (compliance or start):
        raise entry.fail(f"`until` {until} is before it binds")


def _clauses(
    entry: Entry, key: str, vocabulary: Vocabulary, params: dict[str, Fraction]
) -> tuple[Clause, ...]:
    found = []
    for clause in entry.entries(key, key.rstrip("s")):
        written = clause.text("when")
        written = {"yes": "true", "no": "false"}.get(written, written)
        found.append(
            Clause(
                id=clause.text("id"),
                text=clause.text("text"),
                cite=clause.text("cite", ""),
                when=parse(written, vocabulary, params, clause.where),
            )
        )
        clause.close()
    return tuple(found)
