"""`klartecken desk evidence` and `filing`."""

from __future__ import annotations

from typing import Any

import click

from klartecken.cli.common import print_json, table
from klartecken.cli.desk.common import desk_options, read_body, seat, utc_now
from klartecken.cli.desk.named import line_of, names_of, subject_of
from klartecken.errors import InputError

about_options = (
    click.option("--line", metavar="LINE", help="About this order line."),
    click.option("--application", metavar="APPLICATION", help="About this application."),
    click.option("--licence", metavar="LICENCE", help="About this licence."),
)


def about(command: Any) -> Any:
    """The options that name what evidence is about."""
    for option in reversed(about_options):
        command = option(command)
    return command


@click.group("evidence", invoke_without_command=True)
@click.pass_context
def evidence_command(ctx: click.Context) -> None:
    """The ladder of evidence, and papers that some lines need.

    Rungs: 0 rumour or press, 1 company or official statement, 2 government assurance,
    3 application filed, 4 pending, 5 approved. None of them releases a shipment. The sixth is a
    licence in hand, and is registered, not recorded here.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@evidence_command.command("record")
@about
@click.option("--rung", type=click.IntRange(0, 6), help="A step of the ladder: 0 to 5.")
@click.option("--kind", metavar="KIND", help="A paper instead: end_user_statement, eus_exempt, "
              "uvl_statement, nac_notice, nac_number, purchase_order, single_end_user, "
              "nac_six_items.")  # fmt: skip
@click.option("--on", required=True, metavar="DAY", help="When it happened.")
@click.option("--known-from", metavar="DAY", help="When we knew. Default: the same day.")
@click.option("--source", required=True, metavar="TEXT", help="Where it is known from.")
@click.option("--text", default="", help="What it says.")
@click.option("--party", default="", metavar="NAME", help="Whose statement it is.")
@click.option("--file", metavar="FILE", help="The paper itself: attached, with its hash.")
@desk_options
def record_command(
    line: str | None, application: str | None, licence: str | None, rung: int | None,
    kind: str | None, file: str | None, as_json: bool, on: str, known_from: str | None,
    source: str, text: str, party: str, **where: Any,
) -> None:  # fmt: skip
    """Record a step of the ladder, or a paper. It is withdrawn, never edited.

    A paper counts once a second person has verified it. Without a record that it is about, it
    is about the firm as a whole.
    """
    if (rung is None) == (kind is None):
        raise InputError("give one of --rung and --kind", where="evidence record")
    with seat(**where) as held:
        from klartecken.desk.evidence.ladder import GENERAL, RUNG, record
        from klartecken.desk.storage.tables.records import EVIDENCE

        with held.work() as work:
            subject = subject_of(work.connection, line, application, licence) or (GENERAL, 0)
            body = read_body(file) if file else b""
            ident = record(work, *subject, rung=rung, kind=kind or RUNG, on=on,
                           known_from=known_from, source=source, text=text, party=party,
                           sha256=_hash(body))  # fmt: skip
            if file:
                _attach(work, ident, file, body)
            row = work.get(EVIDENCE, ident)
    if as_json:
        print_json(row)
        return
    click.echo(f"Evidence {ident} is recorded.")
    if kind is not None:
        click.echo(f"Next, a second person: klartecken desk evidence verify {ident}")


def _hash(body: bytes) -> str:
    import hashlib

    return hashlib.sha256(body).hexdigest() if body else ""


def _attach(work: Any, ident: int, path: str, body: bytes) -> None:
    from pathlib import Path

    from klartecken.desk import attachments
    from klartecken.desk.storage.tables.records import EVIDENCE

    attachments.add(work, EVIDENCE, ident, name=Path(path).name, body=body, kind="evidence")


def _act(ident: int, act: Any, as_json: bool, why: str, **where: Any) -> None:
    """Verify or withdraw a record; lines that it is about are evaluated anew."""
    with seat(**where) as held:
        from klartecken.desk.orders.touched import settle_about

        with held.work() as work:
            row = act(work, ident, why)
            settle_about(held.desk, work, row, why)
    if as_json:
        print_json(row)
        return
    state = "withdrawn" if row["withdrawn"] else "verified"
    click.echo(f"Evidence {ident}: {state}")


@evidence_command.command("verify")
@click.argument("ident", type=click.IntRange(1), metavar="ID")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def verify_command(ident: int, why: str, as_json: bool, **where: Any) -> None:
    """Say, as a second person, that a record is what its source says."""

    def act(work: Any, ident: int, why: str) -> Any:
        from klartecken.desk.evidence.ladder import verify

        return verify(work, ident, why)

    _act(ident, act, as_json, why, **where)


@evidence_command.command("withdraw")
@click.argument("ident", type=click.IntRange(1), metavar="ID")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def withdraw_command(ident: int, why: str, as_json: bool, **where: Any) -> None:
    """Say that a record no longer counts; it stays to be read."""

    def act(work: Any, ident: int, why: str) -> Any:
        from klartecken.desk.evidence.ladder import withdraw

        return withdraw(work, ident, why)

    _act(ident, act, as_json, why, **where)


@evidence_command.command("list")
@about
@desk_options
def list_command(
    line: str | None, application: str | None, licence: str | None, as_json: bool, **where: Any
) -> None:
    """All evidence, or that about one record with the rung that it reached."""
    with seat(**where) as held:
        from klartecken.desk.evidence.ladder import best
        from klartecken.desk.storage.tables.records import EVIDENCE
        from klartecken.desk.work import find

        with held.read() as connection:
            subject = subject_of(connection, line, application, licence)
            equal = {} if subject is None else {"subject": subject[0], "subject_id": subject[1]}
            rows = find(connection, EVIDENCE, **equal)
            names = _names(connection, rows)
            top = None if subject is None else best(connection, *subject)
    if as_json:
        names_told = ("rung", "title", "verified", "licence")
        told = None if top is None else {name: getattr(top, name) for name in names_told}
        print_json({"evidence": rows, "best": told})
        return
    if rows:
        table(["id", "about", "what", "on", "verified", "source"], [
            [str(row["id"]), names.get((row["subject"], row["subject_id"]), "the firm"),
             _what(row), str(row["on"]), _standing(row), row["source"]]
            for row in rows
        ], frozenset({0}))  # fmt: skip
    else:
        click.echo("Nothing is recorded.")
    if top is not None and top.rung is not None:
        click.echo(f"reached: {top.rung}, {top.title}{f' ({top.licence})' if top.licence else ''}")


def _names(connection: Any, rows: list[dict[str, Any]]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for subject in ("lines", "applications", "licences"):
        idents = {row["subject_id"] for row in rows if row["subject"] == subject}
        held = names_of(connection, subject, idents)
        found |= {(subject, ident): name for ident, name in held.items()}
    return found


def _what(row: dict[str, Any]) -> str:
    if row["rung"] is None:
        return str(row["kind"]).replace("_", " ")
    from klartecken.facts.events import RUNGS

    return f"{row['rung']}, {RUNGS[row['rung']]}"


def _standing(row: dict[str, Any]) -> str:
    if row["withdrawn"]:
        return "withdrawn"
    return "yes" if row["verified_by"] is not None else "no"


@evidence_command.command("news")
@click.argument("line", metavar="LINE")
@desk_options
def news_command(line: str, as_json: bool, **where: Any) -> None:
    """Attach the events of the project's ledger that concern a line, each at its rung.

    News is news: a licence that somebody else was granted is a statement to you.
    """
    with seat(**where) as held:
        from klartecken.desk.evidence.happened import attach_to_line

        with held.work() as work:
            made = attach_to_line(work, line_of(work.connection, line)["id"])
    if as_json:
        print_json({"evidence": made})
    else:
        click.echo(f"{len(made)} events attached to {line}.")


@click.command("filing")
@click.argument("line", metavar="LINE")
@click.option("--veu", is_flag=True, help="It leaves for a validated end user.")
@desk_options
def filing_command(line: str, veu: bool, as_json: bool, **where: Any) -> None:
    """What the export filing and the invoice must say of a line (758.1, 758.2, 758.6)."""
    from dataclasses import asdict

    with seat(**where) as held:
        from klartecken.desk.evidence.papers import read_papers
        from klartecken.desk.licences.filing import filing_of
        from klartecken.desk.orders.evaluate import evaluate_one
        from klartecken.desk.orders.judge import authorised_by
        from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES
        from klartecken.desk.work import get

        with held.read() as connection:
            row = line_of(connection, line)
            part = licence = None
            if row["licence_line"] is not None:
                part = get(connection, LICENCE_LINES, row["licence_line"])
                licence = get(connection, LICENCES, part["licence"])
            day = row["shipped_on"] or utc_now().date()
            facts = read_papers(connection).facts(row, day)
            desk = held.desk
            found, _ = evaluate_one(row, day, desk.world, desk.context, facts)
        said = {**row, "authorisation": authorised_by(row, str(found.outcome))}
        filing = filing_of(said, found.eccns, licence=licence, licence_line=part,
                           on_uvl=found.on_uvl, is_veu=veu)  # fmt: skip
    if as_json:
        print_json({"line": row["external_id"], **asdict(filing)})
        return
    click.echo(f"licence type code: {filing.code or 'not known'}")
    click.echo(f"licence number: {filing.licence or 'none'}")
    click.echo(f"ECCN: {filing.eccn or 'not settled'}")
    if filing.description:
        click.echo(f"description: {filing.description}")
    if filing.after_departure is False:
        click.echo("not after departure: 758.2(b)(5)")
    for title, texts in (("file, since", filing.needed), ("on the invoice:", filing.invoice),
                         ("mind:", filing.notes)):  # fmt: skip
        for text in texts:
            click.echo(f"{title} {text}")
