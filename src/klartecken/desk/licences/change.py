"""Changes to a licence: corrections, an extension, a transfer to another holder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from klartecken.desk.errors import NotFound, Refused
from klartecken.desk.licences import fields
from klartecken.desk.licences.content import read_whole
from klartecken.desk.licences.events import ask_again, settle, step
from klartecken.desk.licences.licence import (
    FIELDS,
    LINE_FIELDS,
    PARTY_FIELDS,
    insert_lines,
    insert_parties,
    put_in_place,
    read_fields,
    read_line,
    read_party,
    require_whole,
)
from klartecken.desk.machines.licence import LICENCE
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCE_PARTIES, LICENCES
from klartecken.desk.work import Row, Work, expect
from klartecken.errors import InputError

Changed = list[dict[str, Any]]


def edit(
    work: Work, ident: int, changes: Mapping[str, Any], why: str, expected: int | None = None
) -> Row:
    """Correct a licence; whatever was verified is to be verified anew. Its row as it is now.

    Args:
        changes: some of the fields of :func:`~.licence.register`. An entry of ``lines`` or
            ``parties`` with an ``id`` changes that one (``"struck": true`` strikes it out as
            a mistake), one without adds to them.

    Raises:
        Refused: a limit below what is reserved and has left, another currency or unit for
            what is in use, or a line in use struck out.
        InputError, Conflict, Forbidden, NotFound, Stale, IllegalEvent: as usual.
    """
    work.require("licence.change")
    why = fields.reason(why)
    whole = read_whole(work.connection, ident)
    row = whole.licence
    expect(row, expected, LICENCES.name)
    LICENCE.move(row["state"], "edit")
    fields.known(changes, (*FIELDS, "lines", "parties"), "licence")
    said = read_fields(work, {name: changes.get(name, row[name]) for name in FIELDS}, ident)
    lines, new_lines = _merged(changes, "lines", whole.lines, LINE_FIELDS, read_line)
    parties, new_parties = _merged(changes, "parties", whole.parties, PARTY_FIELDS, read_party)
    require_whole([*lines, *new_lines], [*parties, *new_parties])
    for line in lines:
        _fits(line)
    row = step(work, row, "edit", why, said)
    work.update_many(LICENCE_LINES, "licences.edit_line", _pairs(whole.lines, lines), why)
    insert_lines(work, ident, new_lines, len(whole.lines) + 1)
    work.update_many(LICENCE_PARTIES, "licences.edit_party", _pairs(whole.parties, parties), why)
    insert_parties(work, ident, new_parties)
    ask_again(work, ident, why)
    settle(work, ident)
    put_in_place(work, ident)
    return work.get(LICENCES, ident)


def _merged(
    changes: Mapping[str, Any], field: str, rows: tuple[Row, ...], names: tuple[str, ...], read: Any
) -> tuple[Changed, Changed]:
    """The rows as they will be, and those that come to them."""
    was_of = {row["id"]: row for row in rows}
    held = {ident: dict(row) for ident, row in was_of.items()}
    new: Changed = []
    for place, said in enumerate(fields.entries(changes, field)):
        at = f"{field}[{place}]"
        fields.known(said, ("id", "struck", *names), at)
        if said.get("id") is None:
            if fields.flag(said, "struck", f"{at}."):
                raise InputError("what is new cannot be struck out", where=at)
            new.append(read({n: said[n] for n in names if n in said}, place))
            continue
        ident = said["id"]
        if isinstance(ident, bool) or not isinstance(ident, int) or ident not in held:
            raise NotFound(f"this licence has no entry {str(ident)[:20]!r}", where=at)
        struck = fields.flag({"struck": held[ident]["struck"], **said}, "struck", f"{at}.")
        was = {n: held[ident][n] for n in names}
        held[ident] |= {**read({**was, **{n: said[n] for n in names if n in said}}, place),
                        "struck": struck, "was": was_of[ident]}  # fmt: skip
    return list(held.values()), new


def _fits(line: dict[str, Any]) -> None:
    """Raises Refused where a changed line no longer holds what is reserved and has left."""
    was = line.get("was")
    if was is None:
        return
    used = line["reserved_quantity"] + line["shipped_quantity"]
    worth = line["reserved_value"] + line["shipped_value"]
    where = f"lines, place {line['place']}"
    if line["quantity"] < used or line["value_limit"] < worth:
        raise Refused(
            f"{used} and {worth} {line['currency']} are reserved or have left", where=where,
            next_step="Free what is reserved first",
        )  # fmt: skip
    if used or worth:
        if line["struck"]:
            raise Refused("a line in use cannot be struck out", where=where)
        for name in ("unit", "currency"):
            if line[name] != was[name]:
                raise Refused(f"the {name} of a line in use cannot change", where=where)


def _pairs(rows: tuple[Row, ...], wanted: Changed) -> list[tuple[Row, dict[str, Any]]]:
    by_id = {row["id"]: row for row in rows}
    return [
        (by_id[new["id"]], {n: new[n] for n in new if n not in ("id", "version", "was")})
        for new in wanted if "was" in new
    ]  # fmt: skip


def extend(
    work: Work, ident: int, until: date | str, letter: Any, why: str, expected: int | None = None
) -> Row:
    """Record BIS's extension of a licence that is still valid (750.7(g)).

    Args:
        until: the new last day, as the letter says.
        letter: BIS's letter (name, sha256, date); a second person verifies it with the licence.

    Raises:
        Refused: its last day is over, or lies later already.
        InputError, Forbidden, NotFound, Stale, IllegalEvent: as usual.
    """
    work.require("licence.change")
    row = work.get(LICENCES, ident)
    expect(row, expected, LICENCES.name)
    LICENCE.move(row["state"], "extend")
    last = fields.needed_day({"until": until}, "until")
    if work.today > row["expires_on"]:
        raise Refused(f"its last day was {row['expires_on']}: nothing is left to extend",
                      next_step="Apply for another licence")  # fmt: skip
    if last <= row["expires_on"]:
        raise Refused(f"it is valid until {row['expires_on']} already", where="until")
    letters = [*row["letters"], fields.letter(letter, "letter")]
    row = step(work, row, "extend", fields.reason(why), {"expires_on": last, "letters": letters})
    ask_again(work, ident, why)
    return row


def transfer(
    work: Work, ident: int, to: str, approval: Any, why: str, expected: int | None = None
) -> Row:
    """Record that the licence belongs to another holder, by BIS's prior approval (750.10).

    Args:
        to: the new holder, who registers it at its own desk.
        approval: BIS's written approval (name, sha256, date).

    Raises:
        Refused: the approval is dated in the future.
        InputError, Forbidden, NotFound, Stale, IllegalEvent: as usual.
    """
    work.require("licence.change")
    row = work.get(LICENCES, ident)
    expect(row, expected, LICENCES.name)
    LICENCE.move(row["state"], "transfer")
    holder = fields.name({"to": to}, "to", need=True)
    held = fields.letter(approval, "approval")
    if date.fromisoformat(held["date"]) > work.today:
        raise Refused("the approval must be there before the transfer", where="approval.date")
    told = f"to {holder}: {fields.reason(why)}"
    return step(work, row, "transfer", told, {"letters": [*row["letters"], held]})
