"""`klartecken desk audit`: was anything altered, what happened, what must be kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import json_option, print_json, write_new
from klartecken.cli.desk.audithold import hold_command, retention_command
from klartecken.cli.desk.common import desk_options, require_desk, seat
from klartecken.cli.desk.named import application_of, subject_of
from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.desk.ledger.history import Change

AUDIT = "audit.read"


@click.group("audit", invoke_without_command=True)
@click.pass_context
def audit_command(ctx: click.Context) -> None:
    """The record: was it altered, what does it say, how long is it kept (15 CFR part 762).

    For auditors and admins.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@audit_command.command("verify")
@click.option("--head", metavar="SEQ:HASH", help="An anchor that was kept elsewhere, or @FILE "
              "that holds it.")  # fmt: skip
@desk_options
def verify_command(head: str | None, as_json: bool, **where: Any) -> None:
    """Was anything altered, removed or reordered outside the desk? Exit code 1 if so.

    Without an anchor from before, whoever rewrites the whole database is not found.
    """
    with seat(**where) as held:
        from klartecken.desk.ledger.verify import verify

        with held.read(AUDIT) as connection:
            found = verify(connection, _head(head))
    if as_json:
        print_json(found.to_dict())
    else:
        click.echo(f"{found.entries:,} entries, {found.records:,} records; "
                   f"the end is {found.head}")  # fmt: skip
        for one in found.findings:
            values = f" (ledger {one.ledger!r}, held {one.held!r})" if one.column else ""
            click.echo(f"  {one.kind}  {one.where}: {one.what}{values}")
        if found.more:
            click.echo(f"  and {found.more:,} more")
        wrong = "ALTERED. Keep the database as it is, and compare it with a backup."
        click.echo("Nothing was altered." if found.ok else wrong)
    if not found.ok:
        raise SystemExit(1)


def _head(text: str | None) -> str | None:
    if text is None or not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as err:
        raise InputError("holds no anchor that can be read", where=text[1:]) from err


@audit_command.command("anchor")
@click.option("-o", "out", metavar="OUT", help="File to write. Default: standard output.")
@desk_options
def anchor_command(out: str | None, as_json: bool, **where: Any) -> None:
    """The end of the ledger now: keep it where nobody at the desk can write."""
    with seat(**where) as held:
        from klartecken.desk.ledger.verify import anchor

        with held.read(AUDIT) as connection:
            found = anchor(connection)
    if out is not None:
        write_new(Path(out), f"{found}\n")
    if as_json:
        print_json({"anchor": str(found), "seq": found.seq, "hash": found.hash})
    else:
        click.echo(str(found) if out is None else f"written: {out}")


@audit_command.command("search")
@click.option("--party", metavar="NAME", help="Case, blanks, signs and accents do not count.")
@click.option("--country", metavar="CC", help="ISO code or name.")
@click.option("--reference", metavar="TEXT", help="A line, order, licence, application or filing.")
@click.option("--after", type=click.IntRange(0), default=0, help="Begin after this entry.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True,
              help="How many entries.")  # fmt: skip
@desk_options
def search_command(
    party: str | None, country: str | None, reference: str | None, after: int, limit: int,
    as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """All records and entries of the transactions that name one key (762.5(c))."""
    with seat(**where) as held:
        from klartecken.desk.ledger.search import search, spellings

        said = {"party": party, "country": country, "reference": reference}
        with held.read(AUDIT) as connection:
            records, page = search(connection, **said, after=after, limit=limit)
            people = _people(connection)
            near = [] if records else [
                text for kind, part in said.items() if part for text in spellings(
                    connection, kind, part, 10)
            ]  # fmt: skip
    if as_json:
        print_json({"records": [{"subject": name, "id": ident} for name, ident in records],
                    "entries": list(page.rows), "after": page.next, "near": near})  # fmt: skip
        return
    counts: dict[str, int] = {}
    for name, _ in records:
        counts[name] = counts.get(name, 0) + 1
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    click.echo(f"records: {told or 'none'}")
    if near:
        click.echo(f"it is within: {'; '.join(near)}")
    for row in page.rows:
        why = f": {row['why']}" if row["why"] else ""
        what = f"{row['subject']} {row['subject_id']}  {row['action']}"
        by = people.get(row["person"])
        click.echo(f"{row['seq']:>8}  {row['at']:%Y-%m-%d %H:%M:%S}  {what} by {by}{why}")
    if page.next is not None:
        click.echo(f"and more: --after {page.next}")


def _people(connection: Any) -> dict[int, str]:
    from klartecken.desk.storage.tables.people import PEOPLE
    from klartecken.desk.work import find

    return {0: "the desk", **{row["id"]: row["name"] for row in find(connection, PEOPLE)}}


@audit_command.command("history")
@click.option("--line", metavar="LINE", help="Of this order line.")
@click.option("--application", metavar="APPLICATION", help="Of this application.")
@click.option("--licence", metavar="LICENCE", help="Of this licence.")
@click.option("--at", "moment", metavar="MOMENT", help="As it stood then: 2026-08-03, or "
              "2026-08-03T14:00 (UTC). A day means its end.")  # fmt: skip
@desk_options
def history_command(
    line: str | None, application: str | None, licence: str | None, moment: str | None,
    as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """Each change of a record with who and why; or the record as it stood at a moment.

    Of a line, --at also says what the desk answered then.
    """
    then = None if moment is None else _moment(moment)
    with seat(**where) as held:
        from klartecken.desk.ledger.history import answered, as_of, changes
        from klartecken.desk.storage.tables import METADATA

        with held.read(AUDIT) as connection:
            subject = subject_of(connection, line, application, licence)
            if subject is None:
                raise InputError("no record is named", where="audit history",
                                 next_step="Give --line, --application or --licence")  # fmt: skip
            people, shown = _people(connection), METADATA.tables[subject[0]]
            if then is None:
                _tell_changes(list(changes(connection, shown, subject[1])), people, as_json)
                return
            row = as_of(connection, shown, subject[1], then)
            said = answered(connection, subject[1], then) if line is not None else None
    if as_json:
        told = None if said is None else {"verdict": said.verdict, "release": said.release,
                                          "receipt": said.receipt}  # fmt: skip
        print_json({"record": row, "answered": told})
        return
    for name, value in row.items():
        if value not in (None, "", [], {}):
            click.echo(f"{name}: {value}")


def _moment(text: str) -> Any:
    from datetime import UTC, datetime, time

    try:
        if len(text) == 10:
            return datetime.combine(datetime.fromisoformat(text), time.max, UTC)
        found = datetime.fromisoformat(text)
    except ValueError as err:
        raise InputError(f"{text[:40]!r} is no moment", where="--at",
                         next_step="Write 2026-08-03T14:00") from err  # fmt: skip
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _tell_changes(found: list[Change], people: dict[int, str], as_json: bool) -> None:
    if as_json:
        names = ("seq", "at", "person", "channel", "action", "why", "before", "after")
        print_json([{name: getattr(one, name) for name in names} for one in found])
        return
    for one in found:
        why = f": {one.why}" if one.why else ""
        click.echo(f"{one.at:%Y-%m-%d %H:%M:%S}  {one.action} by "
                   f"{people.get(one.person)} ({one.channel}){why}")  # fmt: skip
        for name, value in (one.after or {}).items():
            if one.before:
                click.echo(f"  {name}: {_short(one.before.get(name))} -> {_short(value)}")


def _short(value: Any) -> str:
    """A value on one line, cut; --json has all of it."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "code" in value[0]:
        value = ", ".join(dict.fromkeys(hold["code"] for hold in value))
    text = " ".join(str(value).split()) if value not in (None, "", []) else "nothing"
    return text if len(text) <= 160 else f"{text[:157]}..."


@audit_command.command("bundle")
@click.argument("order", metavar="ORDER", required=False)
@click.option("--application", metavar="APPLICATION", help="Of an application instead.")
@click.option("-o", "out", required=True, metavar="OUT", help="A .zip file, or an empty folder.")
@desk_options
def bundle_command(
    order: str | None, application: str | None, out: str, as_json: bool, **where: Any
) -> None:
    """Everything about an order or an application, to be read without the desk.

    Records, entries, receipts that can be replayed, files, and a page that prints. The digest
    that is told stands for all of it: keep it apart from the bundle.
    """
    if (order is None) == (application is None):
        raise InputError("give ORDER, or --application", where="audit bundle")
    with seat(**where) as held:
        from klartecken.desk.ledger.bundle import bundle, write_folder, zipped

        with held.read(AUDIT) as connection:
            ident = None if application is None else application_of(connection, application)["id"]
            made = bundle(connection, order=order, application=ident)
    if out.lower().endswith(".zip"):
        write_new(Path(out), zipped(made))
    else:
        write_folder(made, Path(out))
    if as_json:
        print_json({"file": out, "files": list(made.files), "digest": made.digest})
    else:
        click.echo(f"written: {out}, {len(made.files)} files\ndigest: {made.digest}")


@audit_command.command("check-bundle")
@click.argument("path", metavar="FILE")
@click.option("--digest", metavar="HASH", help="What was told when it was made.")
@json_option
def check_command(path: str, digest: str | None, as_json: bool) -> None:
    """Check an audit bundle, without the desk; exit code 1 if it is not as it was made.

    Receipts are replayed: one that is as it was, and that the law of today answers differently,
    is told apart.
    """
    from dataclasses import asdict

    require_desk()
    from klartecken.desk.ledger.bundlecheck import check_bundle

    found = check_bundle(path)
    findings = list(found.findings)
    if digest is not None and digest.strip().lower() != found.digest:
        findings.insert(0, "the digest is not the one that was told: another bundle, or altered")
    if as_json:
        print_json({**asdict(found), "findings": findings, "ok": not findings})
    else:
        click.echo(f"{path}: {found.entries:,} entries, {found.receipts} receipts, "
                   f"{found.attachments} files\ndigest: {found.digest}")  # fmt: skip
        for text in (*findings, *found.other_answers):
            click.echo(f"  - {text}")
        click.echo("ALTERED." if findings else "It is as it was made.")
    if findings:
        raise SystemExit(1)


for _command in (hold_command, retention_command):
    audit_command.add_command(_command)
