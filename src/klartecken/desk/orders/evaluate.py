"""What the law says of order lines: many through the book engine, one with its receipt.

Pure: rows, day, law and lists go in; nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from klartecken.book.answers import exceptions as exceptions_text
from klartecken.book.api import check_book
from klartecken.decide.ask import World, check
from klartecken.decide.determination import Determination
from klartecken.decide.named import ROLES, names_in
from klartecken.decide.verdict import Verdict, case_id
from klartecken.desk.holds import Hold
from klartecken.desk.orders.screened import Parties
from klartecken.desk.storage.columns import canonical
from klartecken.desk.work import Row, content_hash
from klartecken.errors import KlarteckenError
from klartecken.parties.resolve.context import Context
from klartecken.version import ENGINE

FEW = 40  # lines that are asked one by one
# what a question is made of, beside parties and facts
ASKED = ("item", "destination", "ship_from", "activity", "exporter", "end_use")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the law and the lists say of a line on a day.

    Attributes:
        verdict: the answer, or None where the line could not be read.
        case_id: lines with the same answer share it.
        unreadable: why it could not be read.
        party_holds: what stands against its parties.
        on_uvl: is a party confirmed to be on the Unverified List?
        exceptions: those that may be open, with their conditions, as text.
    """

    verdict: Verdict | None
    case_id: str = ""
    unreadable: str = ""
    party_holds: tuple[Hold, ...] = ()
    on_uvl: bool = False
    exceptions: str = ""

    @property
    def outcome(self) -> str | None:
        """The outcome, or None where the line could not be read."""
        return None if self.verdict is None else self.verdict.outcome

    @property
    def eccns(self) -> tuple[str, ...]:
        """All classes that it has or may have."""
        held = None if self.verdict is None else self.verdict.classification
        return () if held is None else (*held.certain, *held.possible)


def under(world: World, context: Context, day: date) -> str:
    """What answers of a day rest on: law, lists, decisions, register, owners, engine."""
    cover = context.cover(day)
    owners = context.owners
    return content_hash([
        ENGINE, world.hash, day.isoformat(), None if cover is None else cover.hash,
        context.decisions.hash if context.decisions.records else None,
        None if context.register is None else context.register.hash,
        None if owners is None else getattr(owners, "mark", ""), context.max_age,
    ])  # fmt: skip


def evaluate(
    rows: Sequence[Row], days: Sequence[date], world: World, context: Context,
    facts: Sequence[Mapping[str, str]] | None = None,
) -> list[Evaluation]:  # fmt: skip
    """The evaluations of lines, in their order, by the faster of two ways that agree.

    Args as of :func:`evaluate_many`, whose fixed cost is that of some fifty single lines.
    """
    if len(rows) > FEW:
        return evaluate_many(rows, days, world, context, facts)
    asked = zip(rows, days, facts or [{}] * len(rows), strict=True)
    return [evaluate_one(row, day, world, context, more)[0] for row, day, more in asked]


def evaluate_many(
    rows: Sequence[Row], days: Sequence[date], world: World, context: Context,
    facts: Sequence[Mapping[str, str]] | None = None,
) -> list[Evaluation]:  # fmt: skip
    """The evaluations of lines, in their order.

    Args:
        rows: of the table of lines.
        days: the day of shipment of each.
        facts: further facts of each line, from papers; they go before what the line says.
    """
    if not rows:
        return []
    said = [{**row["facts"], **more} for row, more in zip(rows, facts or [{}] * len(rows),
                                                          strict=True)]  # fmt: skip
    answers = check_book(_table(rows, said, days), law=world, parties=context)
    verdicts = {case_id(verdict): (verdict, exceptions_text(verdict))
                for verdict in answers.job.verdicts}  # fmt: skip
    found: list[Evaluation | None] = [None] * len(rows)
    why: dict[int, list[str]] = {}
    for reject in answers.rejects:
        why.setdefault(int(reject.line_id), []).append(f"{reject.column}: {reject.reason}")
    parties = Parties(context)
    parties.prepare(rows, days)
    ids = answers.table.column("line_id").to_pylist()
    cases = answers.table.column("case").combine_chunks()
    for place, case in zip(ids, cases.to_pylist(), strict=True):
        holds, uvl = parties.of(rows[int(place)], days[int(place)])
        found[int(place)] = Evaluation(verdicts[case][0], case, "", holds, uvl, verdicts[case][1])
    alone: dict[str, str] = {}
    for place, reasons in why.items():  # worded as for a single line; lines alike are asked once
        row, day = rows[place], days[place]
        key = canonical([day, said[place], *(row[name] for name in (*ASKED, *ROLES))])
        if key not in alone:
            same = {**row, "facts": said[place]}
            alone[key] = evaluate_one(same, day, world, context)[0].unreadable
        found[place] = Evaluation(None, "", alone[key] or "; ".join(dict.fromkeys(reasons)))
    assert all(one is not None for one in found), "a line was not answered"
    return [one for one in found if one is not None]


def evaluate_one(
    row: Row, day: date, world: World, context: Context, facts: Mapping[str, str] | None = None
) -> tuple[Evaluation, Determination | None]:
    """The evaluation of one line, with the determination that it rests on."""
    try:
        answer = ask(row, day, world, context, facts)
        holds, uvl = Parties(context).of(row, day)
    except KlarteckenError as err:
        return Evaluation(None, "", err.line()), None
    found = Evaluation(answer.verdict, case_id(answer.verdict), "", holds, uvl,
                       exceptions_text(answer.verdict))  # fmt: skip
    return found, answer


def ask(
    row: Row, day: date, world: World, context: Context, facts: Mapping[str, str] | None = None
) -> Determination:
    """The determination of one line.

    Raises:
        InputError: the line cannot be read.
    """
    said = {**row["facts"], **(facts or {})}
    roles = {role: names_in(row[role], role) for role in ROLES if row[role]}
    asked = {name: row[name] or None for name in ASKED[2:]}
    return check(row["item"], row["destination"], day, facts=said, parties=context, world=world,
                 **asked, **roles)  # type: ignore[arg-type]  # fmt: skip


def _table(
    rows: Sequence[Row], said: Sequence[Mapping[str, str]], days: Sequence[date]
) -> pa.Table:
    """The lines as the book engine reads them; each is numbered by its place."""
    columns: dict[str, list[str | None]] = {"line_id": [str(n) for n in range(len(rows))]}
    for name in (*ASKED, *ROLES):
        held = [row[name] or None for row in rows]
        if any(held) or name in ("item", "destination"):
            columns[name] = held
    for name in sorted({name for facts in said for name in facts}):
        columns[name] = [facts.get(name) for facts in said]
    return pa.table({
        "ship_date": pa.array(days, pa.date32()),
        **{name: pa.array(held, pa.string()) for name, held in columns.items()},
    })  # fmt: skip
