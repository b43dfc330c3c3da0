"""What happens to a licence: the moves of its machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from klartecken.desk.errors import Refused
from klartecken.desk.licences.content import VERIFIED, read_whole
from klartecken.desk.licences.fields import letter as read_letter
from klartecken.desk.licences.fields import reason
from klartecken.desk.machines.licence import LICENCE
from klartecken.desk.people.approvals import ask
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES
from klartecken.desk.work import Row, Work, expect

#: What people record of what BIS or the holder did; the other moves have functions of their own
#: or follow by themselves.
BY_HAND = ("suspend", "reinstate", "revoke", "surrender", "void")


def fire(
    work: Work, ident: int, event: str, why: str, *, letter: Any = None,
    expected: int | None = None,
) -> Row:  # fmt: skip
    """Record that BIS or the holder did something to a licence; its row as it is now.

    Args:
        event: one of :data:`BY_HAND`.
        letter: BIS's letter (name, sha256, date); a reinstatement needs it, and it becomes part
            of the scope, so that a second person verifies the licence anew.

    Raises:
        Refused: an event that has a way of its own, or follows by itself.
        IllegalEvent: not in this state.
        InputError: no reason, or no letter where one is needed.
        Forbidden, NotFound, Stale: as usual.
    """
    work.require("licence.change")
    row = work.get(LICENCES, ident)
    expect(row, expected, LICENCES.name)
    LICENCE.move(row["state"], event)
    if event not in BY_HAND:
        raise Refused(f"{event!r} is not recorded by hand", next_step="Use " + ", ".join(BY_HAND))
    changes = {}
    if letter is not None or event == "reinstate":
        changes["letters"] = [*row["letters"], read_letter(letter, "letter")]
    row = step(work, row, event, reason(why), changes)
    if changes:
        ask_again(work, ident, why)
    return row


def step(
    work: Work, row: Row, event: str, why: str, changes: Mapping[str, Any] | None = None
) -> Row:
    """Make a move of the machine; whoever listens is told. The row as it is now.

    Raises:
        IllegalEvent: the machine knows no such event in this state; nothing was changed.
        Forbidden: the person may not.
    """
    move = LICENCE.move(row["state"], event)
    if move.permission:
        work.require(move.permission)
    row = work.update(
        LICENCES, row["id"], f"licences.{event}", {"state": move.target, **(changes or {})}, why
    )
    work.tell(f"licence.{event}", {"licence": row["id"], "number": row["number"],
                                   "state": row["state"]})  # fmt: skip
    return row


def ask_again(work: Work, ident: int, why: str) -> None:
    """Ask for a verification of the licence as it is now; an earlier one lapses."""
    ask(work, LICENCES, ident, VERIFIED, read_whole(work.connection, ident).content, why)


def settle(work: Work, ident: int) -> None:
    """Let a licence be exhausted, or in force again, as its balances say."""
    row = work.get(LICENCES, ident)
    lines = [line for line in work.find(LICENCE_LINES, licence=ident) if not line["struck"]]
    empty = bool(lines) and all(used_up(line) for line in lines)
    moves = {move.event for move in LICENCE.after(row["state"])}
    if empty and "exhaust" in moves:
        step(work, row, "exhaust", "nothing is left of it")
    elif not empty and "refill" in moves:
        step(work, row, "refill", "something is left of it again")


def used_up(line: Row) -> bool:
    """Has all the quantity, or all the value, of a licence line left?"""
    gone: bool = line["shipped_quantity"] >= line["quantity"] or (
        line["shipped_value"] >= line["value_limit"]
    )
    return gone and not line["reserved_quantity"]
