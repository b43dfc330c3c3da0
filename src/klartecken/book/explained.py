"""One line of a table of answers, explained, and what speaks against the explanation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from klartecken.book.api import settings_of
from klartecken.book.job import Job
from klartecken.book.single import single
from klartecken.book.table.columns import Layout
from klartecken.decide.ask import World
from klartecken.decide.determination import Determination
from klartecken.decide.verdict import case_id
from klartecken.errors import InputError
from klartecken.facts.items import Item

if TYPE_CHECKING:
    from klartecken.parties.resolve.context import Context


def explained(
    row: Mapping[str, Any], columns: Sequence[str], receipt: Mapping[str, Any], world: World,
    items: Sequence[Item] = (), parties: Context | None = None,
) -> tuple[Determination, tuple[str, ...]]:  # fmt: skip
    """The determination of a line of answers.

    Args:
        row: the line as it stands in the answers.
        columns: those of the answers.
        receipt: of the answers.
        world: the law that is loaded.
        items: the asker's own items, as at the time.
        parties: lists, decisions and register, as at the time.

    Returns:
        The determination, and each reason why it may not be that of the time.

    Raises:
        InputError: an item of the time is not given, or the line cannot be read.
    """
    asked, constants = receipt["settings"], dict(receipt["constants"])
    settings = settings_of(
        asked["on"], receipt["law"]["view"], asked["strict"], asked["tf32_bits"], items, parties
    )
    absent = sorted(set(asked["own_items"]) - set(settings.items))
    if absent:
        raise InputError(
            f"the book was answered with items of your own: {', '.join(absent)}",
            where="book explain", next_step="Give their files with --items",
        )  # fmt: skip
    held = {n: n for n in columns if n in receipt["columns"] and n not in constants}
    answer = single(Job(world, Layout(held, constants), settings), row)
    doubts = []
    if receipt["law"]["hash"] != world.hash:
        doubts.append(
            f"the answers are of law {receipt['law']['hash'][:12]}, and {world.hash[:12]} is loaded"
        )
    found = case_id(answer.verdict)
    if found != row["case"]:
        doubts.append(
            f"line {row['line_id']!r} was {row['outcome']} (case {row['case']}) in the book, "
            f"and is {answer.outcome} (case {found}) now"
        )
    return answer, tuple(doubts)
