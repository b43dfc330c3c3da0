"""Screening as a function of a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from klartecken.errors import InputError
from klartecken.parties.decisions.apply import apply
from klartecken.parties.decisions.store import read_decisions
from klartecken.parties.home import home_folder
from klartecken.parties.lists.snapshot import Snapshot
from klartecken.parties.lists.store import latest_head
from klartecken.parties.party import Address, Identifier, Party
from klartecken.parties.screened import Screening
from klartecken.parties.screening.inuse import listed_on
from klartecken.parties.screening.kept import load_listed
from klartecken.parties.screening.listed import Listed, prepare
from klartecken.parties.screening.model import DEFAULT, Thresholds
from klartecken.parties.screening.selfcheck import checker_of


def screen(
    party: str | Party, *, on: date, home: str | Path | None = None,
    snapshot: Snapshot | Listed | None = None, thresholds: Thresholds = DEFAULT, **fields: Any,
) -> Screening:  # fmt: skip
    """Screen one party against the lists in use on a day; the run checks itself.

    The reviewers' decisions of the home folder count as they stand on that day.

    Args:
        party: a name, or a whole party.
        on: the day: the latest snapshot that is not after it counts.
        home: folder of the user's own data; by default as for the commands.
        snapshot: screen against this one, whatever is stored, and without any decisions.
            Prepare it once
            (:func:`klartecken.parties.screening.listed.prepare`) for many calls.
        thresholds: from which score on a listed party is reported.
        **fields: of the party: ``aliases``, ``kind``, ``country``, ``addresses`` (texts),
            ``identifiers`` (``KIND:NUMBER``), ``id``.

    Raises:
        InputError: no list of that day or before, or a field that no party has.
        DataError: the stored snapshot is broken.
        SelfCheckError: the run did not find what it must.

    >>> from datetime import date
    >>> from klartecken.parties.lists.builtin import builtin_snapshot
    >>> answer = screen("Sugon", on=date(2026, 8, 1), snapshot=builtin_snapshot())
    >>> answer.status, answer.hits[0].entry.name, answer.hits[0].rule
    ('hit', 'Sugon', 'exact')
    """
    asked = party_of(party, **fields)
    if isinstance(snapshot, Listed):
        listed = snapshot
    elif snapshot is not None:
        listed = prepare(snapshot)
    else:
        folder = home_folder(home)
        answer = checker_of(_stored(folder, on), thresholds).screen([asked])[0][0]
        return apply(answer, read_decisions(folder), on)
    return checker_of(listed, thresholds).screen([asked])[0][0]


def party_of(party: str | Party, **fields: Any) -> Party:
    """A party from a name and fields as people write them.

    >>> party_of("Zorbla Ltd", country="SG", identifiers=["UEN:201912345K"]).identifiers[0].key
    '201912345k'

    Raises:
        InputError: a field that no party has, or an identifier that is not ``KIND:NUMBER``.
    """
    if isinstance(party, Party):
        if not fields:
            return party
        base = party
    else:
        base = Party(party)
    unknown = fields.keys() - {"aliases", "kind", "country", "addresses", "identifiers", "id"}
    if unknown:
        raise InputError(f"a party has no {sorted(unknown)[0]!r}", where="party")
    made = dict(fields)
    country = made.get("country", base.country)
    for name in ("aliases", "addresses", "identifiers"):
        if isinstance(made.get(name), (str, Mapping)):
            raise InputError("is one text, not a list of them", where=f"party, {name}")
    if "aliases" in made:
        made["aliases"] = tuple(made["aliases"])
    if "addresses" in made:
        made["addresses"] = tuple(
            one if isinstance(one, Address) else Address(one, country) for one in made["addresses"]
        )
    if "identifiers" in made:
        made["identifiers"] = tuple(
            one if isinstance(one, Identifier) else identifier_of(one)
            for one in made["identifiers"]
        )
    asked = replace(base, **made)
    try:
        _ = asked.hash
    except UnicodeEncodeError as err:
        raise InputError("holds half a character (a lone surrogate)", where="party",
                         next_step="Give it as UTF-8 text") from err  # fmt: skip
    return asked


def identifier_of(text: str) -> Identifier:
    """``KIND:NUMBER``.

    Raises:
        InputError: another shape, or no number.
    """
    kind, mark, number = text.partition(":")
    if not mark or not number.strip():
        raise InputError(f"{text!r} is not KIND:NUMBER", where="identifier",
                         next_step="Write LEI:5493001KJTIIGC8Y1R12")  # fmt: skip
    return Identifier(kind.strip(), number.strip())


def _stored(home: Path, on: date) -> Listed:
    head = latest_head(home, on)
    return listed_on(home, on) if head is None else _of_folder(head.path, head.entries_sha256)


@lru_cache(maxsize=2)
def _of_folder(path: Path, _: str) -> Listed:
    """Laid out once for many calls: a stored snapshot never changes."""
    return load_listed(path)
