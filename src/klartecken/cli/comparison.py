"""How a comparison of two scenarios is printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from klartecken.cli.common import on_terminal, table
from klartecken.cli.compared import Answer, Totals, sources
from klartecken.words.amounts import money, plural, whole
from klartecken.words.sentences import OUTCOME_WORDS, words
from klartecken.words.text import wrap

if TYPE_CHECKING:
    from klartecken.decide.verdict import Verdict
    from klartecken.whatif.compare import Comparison, Move
    from klartecken.whatif.outcomes import Outcomes

TOP = 20  # rows printed
ITEMS = 12  # items named in a row
WIDE = 76  # letters of the text beside the figures, when piped
GLUE = "\xa0"  # keeps an item and its place on one line
NO_CURRENCY = "no currency"


@dataclass
class Row:
    """Moves that read alike."""

    change: str
    policy: str
    provisions: tuple[str, ...]
    totals: list[Totals] = field(default_factory=list)
    items: list[str] = field(default_factory=list)


def print_comparison(answer: Answer, every: bool) -> None:
    """The whole comparison as text.

    Args:
        answer: what to print.
        every: all rows, also those where only class, reasons or exceptions are others.
    """
    found = answer.found
    for line in head(answer):
        click.echo(line)
    currencies = _currencies(found.outcomes_before, found.outcomes_after)
    click.echo()
    _print_outcomes(found, currencies)
    click.echo()
    for line in _ways(found):
        click.echo(line)
    moves = found.moves if every else found.of("outcome", "review policy")
    rows = _rows(moves, answer)
    shown = rows if every else rows[:TOP]
    if shown:
        click.echo()
        _print_rows(shown, currencies, every)
    if len(rows) > len(shown):
        rest = sum(_lines(row) for row in rows[len(shown) :])
        told = plural(len(rows) - len(shown), "more row")
        click.echo(f"and {told} with {plural(rest, 'line')} (--all shows all)")
    names = dict.fromkeys(name for row in shown for name in row.provisions)
    if names:
        click.echo("\nProvisions (+ came, - went, ~ is another)")
        for line in _cited(tuple(names), answer):
            click.echo(line)


def head(answer: Answer) -> Iterator[str]:
    """What is compared with what, under which law, over how many lines."""
    found, law = answer.found, answer.book.world.law
    yield f"{found.after}, compared with {found.before}"
    for reform in answer.other.world.reforms:
        period = f"from {reform.start}" + (f" to {reform.until}" if reform.until else "")
        yield from wrap(f"{reform.title}; {period}. Hypothetical.", "  ", "  ")
    compared = found.lines - found.rejected
    yield (
        f"{answer.source}: {plural(found.lines, 'line')} = {whole(compared)} compared + "
        f"{whole(found.rejected)} rejected"
    )
    yield (
        f"law: {law.regime}, {answer.book.job.settings.view} view, sources read to "
        f"{law.read_until}, version {answer.book.world.hash[:12]}"
    )


def _currencies(*parts: Outcomes) -> list[str]:
    held = {c for part in parts for by in part.values() for c, total in by.items() if total.priced}
    return sorted(held)


def _print_outcomes(found: Comparison, currencies: Sequence[str]) -> None:
    from klartecken.decide.findings import SEVERITY
    from klartecken.whatif.outcomes import lines_of, money_of, units_of

    before, after = found.outcomes_before, found.outcomes_after
    units = any(units_of(part) for part in before.values())
    headings = ["outcome", "lines before", "after"]
    headings += ["units before", "after"] if units else []
    headings += [text for c in currencies for text in (f"{c or NO_CURRENCY} before", "after")]
    rows = []
    for outcome in (name for name in SEVERITY if name in before or name in after):
        pair = (before.get(outcome, {}), after.get(outcome, {}))
        row = [OUTCOME_WORDS[outcome], *(whole(lines_of(part)) for part in pair)]
        row += [whole(units_of(part)) for part in pair] if units else []
        held = [money_of(part) for part in pair]
        row += [money(part[c]) if c in part else "-" for c in currencies for part in held]
        rows.append(row)
    table(headings, rows, frozenset(range(1, len(headings))))


def _ways(found: Comparison) -> Iterator[str]:
    """How many lines change, and how much of it became stricter and freer."""
    kinds = {kind: sum(m.lines for m in found.of(kind)) for kind in ("outcome", "review policy")}
    if found.changed:
        told = ", ".join(f"{kind} {whole(count)}" for kind, count in kinds.items())
        yield f"{plural(found.changed, 'line')} with another answer ({told})"
        for way, totals in found.each_way().items():
            if totals:
                yield f"  {way}: {_figures(totals)}"
    else:
        yield "no line has another outcome or review policy"
    rest = sum(move.lines for move in found.of("other"))
    if rest:
        yield f"besides, only class, reasons or exceptions are others: {plural(rest, 'line')}"


def _figures(totals: Totals) -> str:
    from klartecken.whatif.outcomes import lines_of, money_of, units_of

    parts = [plural(lines_of(totals), "line")]
    units = units_of(totals)
    parts += [plural(units, "unit")] if units else []
    parts += [f"{c or NO_CURRENCY} {money(m)}" for c, m in money_of(totals).items()]
    return ", ".join(parts)


def _rows(moves: Sequence[Move], answer: Answer) -> list[Row]:
    """Moves that read alike put together, the largest first within each kind."""
    found: dict[tuple[str, str, str, tuple[str, ...]], Row] = {}
    for move in moves:
        change, policy = _change(move), _policy(move)
        row = found.setdefault(
            (move.kind, change, policy, move.causes), Row(change, policy, move.causes)
        )
        row.totals.append(move.totals)
        pairs = (answer.named or {}).get((move.before, move.after), [])
        row.items += [f"{item} to {place}" for item, place in pairs]
    kinds = ("outcome", "review policy", "other")
    keys = sorted(found, key=lambda key: (kinds.index(key[0]), -_lines(found[key])))
    return [found[key] for key in keys]


def _lines(row: Row) -> int:
    return sum(total.lines for totals in row.totals for total in totals.values())


def _change(move: Move) -> str:
    before, after = (OUTCOME_WORDS[v.outcome] for v in (move.before, move.after))
    if move.kind != "outcome":
        return before
    if before == after:
        before, after = (_possible(v) for v in (move.before, move.after))
    return f"{before} -> {after}"


def _possible(verdict: Verdict) -> str:
    return "undetermined (" + " or ".join(OUTCOME_WORDS[o] for o in verdict.possible_outcomes) + ")"


def _policy(move: Move) -> str:
    before, after = (
        " or ".join(words(name) for name in verdict.review_policies_possible) or "none applies"
        for verdict in (move.before, move.after)
    )
    return before if before == after else f"{before} -> {after}"


def _print_rows(rows: Sequence[Row], currencies: Sequence[str], every: bool) -> None:
    from klartecken.whatif.outcomes import money_of, together, units_of

    held = [together(row.totals) for row in rows]
    units = any(units_of(totals) for totals in held)
    headings = ["lines", *(["units"] if units else []), *(c or NO_CURRENCY for c in currencies)]
    figures = []
    for row, totals in zip(rows, held, strict=True):
        amounts = money_of(totals)
        cells = [whole(_lines(row)), *([whole(units_of(totals))] if units else [])]
        figures.append([*cells, *(money(amounts[c]) if c in amounts else "-" for c in currencies)])
    texts = [_texts(row, every, _width(headings, figures)) for row in rows]
    right = frozenset(range(len(headings)))
    if on_terminal():
        body = zip(figures, texts, strict=True)
        table([*headings, "change"], [[*cells, "\n".join(text)] for cells, text in body], right)
        return
    flat = []
    for cells, text in zip(figures, texts, strict=True):
        flat.append([*cells, text[0]])
        flat += [[*[""] * len(cells), line] for line in text[1:]]
    table([*headings, "change"], flat, right)


def _width(headings: Sequence[str], figures: Sequence[Sequence[str]]) -> int:
    """How wide the text beside the figures may be."""
    if not on_terminal():
        return WIDE
    from rich.console import Console

    taken = sum(max(map(len, column)) + 2 for column in zip(headings, *figures, strict=True))
    return max(Console().width - taken - 1, 40)


def _texts(row: Row, every: bool, width: int) -> list[str]:
    texts = wrap(row.change, "", "    ", width)
    if row.policy != "none applies":
        texts += wrap(row.policy, "  review policy: ", "    ", width)
    if row.provisions:
        texts += wrap(" ".join(row.provisions), "  ", "    ", width)
    if row.items:
        shown = row.items if every else row.items[:ITEMS]
        rest = len(row.items) - len(shown)
        more = f", and {whole(rest)} more" if rest else ""
        glued = [name.replace(" ", GLUE) for name in shown]
        texts += wrap(", ".join(glued) + more, "  ", "    ", width)
    return [text.replace(GLUE, " ") for text in texts]


def _cited(names: Sequence[str], answer: Answer) -> Iterator[str]:
    for source in sources(names, answer):
        yield from wrap(
            f"{source['change']}{source['provision']}: {source['title']}", "  ", "      "
        )
        yield from wrap(f"{source['citation']}; {source['url']}", "      ", "      ")
