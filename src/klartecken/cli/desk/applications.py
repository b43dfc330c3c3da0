"""`klartecken desk application`: making one, editing it, its approval and its papers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import print_json
from klartecken.cli.desk.appevents import (
    change_command,
    event_command,
    resubmit_command,
    statuses_command,
)
from klartecken.cli.desk.applook import list_command, sheet_command, show_command
from klartecken.cli.desk.common import desk_options, read_body, seat, why_option
from klartecken.cli.desk.documents import read_document, set_path
from klartecken.cli.desk.named import application_of, line_of
from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.desk.work import Row, Work

policy_option = click.option(
    "--policy", metavar="NAME", help="Review policy that it is filed under: case_by_case, ...",
)  # fmt: skip
path_option = click.option(
    "--path", "paths", multiple=True, metavar="LIST", help="A further checklist, as january_2026. "
    "Repeatable.",
)  # fmt: skip


@click.group("application", invoke_without_command=True)
@click.pass_context
def application_command(ctx: click.Context) -> None:
    """Licence applications: the BIS-748P data set, its approval, its way through BIS.

    APPLICATION is a reference (A-00001), a control number, or #12. Nothing is filed from here:
    print the data sheet, type it in, and record what BIS says.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@application_command.command("new")
@click.argument("file", metavar="FILE", required=False)
@click.option("--reference", default="", metavar="TEXT", help="Your own number. Default: A-00001.")
@click.option("--line", metavar="LINE", help="The order line that it is for.")
@policy_option
@path_option
@why_option
@desk_options
def new_command(
    file: str | None, reference: str, line: str | None, policy: str | None,
    paths: tuple[str, ...], why: str, as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """A new draft, empty or from a form in YAML or JSON.

    The fields are those that `application show --json` prints under `form`. A field that is not
    known, or that cannot be read, is told with its path, and nothing is kept.
    """
    form = read_document(file) if file else {}
    with seat(**where) as held:
        from klartecken.desk.applications.records import create

        with held.work() as work:
            number = None if line is None else line_of(work.connection, line)["id"]
            ident = create(work, form, reference=reference, line=number,
                           review_policy=policy or "", paths=paths, why=why)  # fmt: skip
            row = work.get(_table(), ident)
    _tell(row, as_json, "a new draft")


@application_command.command("prefill")
@click.argument("line", metavar="LINE")
@click.option("--applicant", metavar="FILE", help="Who applies: name, address, country, contact, "
              "telephone, in YAML or JSON.")  # fmt: skip
@click.option("--reference", default="", metavar="TEXT", help="Your own number. Default: A-00001.")
@why_option
@desk_options
def prefill_command(
    line: str, applicant: str | None, reference: str, why: str, as_json: bool, **where: Any
) -> None:
    """A new draft from an order line and its determination; nothing is guessed.

    Prints what could not be filled, for you to find out.
    """
    said = read_document(applicant) if applicant else None
    with seat(**where) as held:
        from klartecken.desk.applications.prefill import prefill
        from klartecken.desk.applications.records import create
        from klartecken.desk.evidence.papers import read_papers
        from klartecken.desk.orders.evaluate import ask

        with held.work() as work:
            row = line_of(work.connection, line)
            facts = read_papers(work.connection).facts(row, work.today)
            answer = ask(row, work.today, held.desk.world, held.desk.context, facts)
            made = prefill(answer, row, said)
            ident = create(work, made.form, reference=reference, line=row["id"],
                           review_policy=made.review_policy, paths=made.paths, why=why)  # fmt: skip
            row = work.get(_table(), ident)
    if as_json:
        print_json({**row, "notes": made.notes})
        return
    _tell(row, False, f"a draft for {line}")
    for note in made.notes:
        click.echo(f"  - {note}")


@application_command.command("edit")
@click.argument("application", metavar="APPLICATION")
@click.argument("file", metavar="FILE", required=False)
@click.option("--set", "pairs", multiple=True, metavar="PATH=TEXT",
              help="One field: end_use=..., contact.name=..., lines[0].eccn=..., "
              "parties[1].forwarder=false. Repeatable.")  # fmt: skip
@policy_option
@path_option
@why_option
@desk_options
def edit_command(
    application: str, file: str | None, pairs: tuple[str, ...], policy: str | None,
    paths: tuple[str, ...], why: str, as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """Change a draft: its whole form from FILE, or single fields. An approval lapses.

    Totals that are left out are worked out. What was filed is no longer edited: see `change`.
    """
    if not (file or pairs or policy is not None or paths):
        raise InputError("nothing is to be changed", where="application edit",
                         next_step="Give FILE, --set, --policy or --path")  # fmt: skip
    given = read_document(file) if file else None
    with seat(**where) as held:
        from klartecken.desk.applications.form import with_sums
        from klartecken.desk.applications.records import edit, form_of

        with held.work() as work:
            row = application_of(work.connection, application)
            form = None
            if given is not None or pairs:
                form = with_sums(_set(form_of(row) if given is None else given, pairs))
            row = edit(work, row["id"], form, review_policy=policy, paths=paths or None, why=why)
    _tell(row, as_json, row["state"].replace("_", " "))


def _set(form: dict[str, Any], pairs: tuple[str, ...]) -> dict[str, Any]:
    for pair in pairs:
        path, mark, text = pair.partition("=")
        if not mark or not path.strip():
            raise InputError(f"{pair!r} is not PATH=TEXT", where="--set")
        set_path(form, path.strip(), text.strip())
    return form


def _table() -> Any:
    from klartecken.desk.storage.tables.applications import APPLICATIONS

    return APPLICATIONS


def _tell(row: Row, as_json: bool, text: str) -> None:
    if as_json:
        print_json(row)
        return
    click.echo(f"{row['reference']} (#{row['id']}): {text}")
    if row["state"] == "draft":
        click.echo(f"Next: klartecken desk application show {row['reference']}")


def _act(
    application: str, act: Callable[[Work, int], Any], as_json: bool, text: str, **where: Any
) -> None:
    """Do something to an application in one transaction, and tell how it stands."""
    with seat(**where) as held, held.work() as work:
        ident = application_of(work.connection, application)["id"]
        done = act(work, ident)
        row = work.get(_table(), ident)
    if as_json:
        print_json({**row, **({"made": done} if isinstance(done, int) else {})})
    else:
        click.echo(f"{row['reference']} (#{ident}), {row['state'].replace('_', ' ')}: {text}")


@application_command.command("ask-approval")
@click.argument("application", metavar="APPLICATION")
@why_option
@desk_options
def ask_command(application: str, why: str, as_json: bool, **where: Any) -> None:
    """Ask a second person to approve a draft as it is; no finding may block it."""

    def act(work: Work, ident: int) -> int:
        from klartecken.desk.applications.approval import ask_approval

        return ask_approval(work, ident, why)

    _act(application, act, as_json, "approval is asked for", **where)


@application_command.command("approve")
@click.argument("application", metavar="APPLICATION")
@click.option("--refuse", is_flag=True, help="Send it back instead.")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def approve_command(application: str, refuse: bool, why: str, as_json: bool, **where: Any) -> None:
    """Approve a draft for filing, as somebody who had no hand in it."""

    def act(work: Work, ident: int) -> Any:
        from klartecken.desk.applications.approval import decide

        return decide(work, ident, not refuse, why)

    _act(application, act, as_json, "sent back" if refuse else "it may be filed", **where)


@application_command.command("tick")
@click.argument("application", metavar="APPLICATION")
@click.argument("items", metavar="ITEM...", nargs=-1, required=True)
@click.option("--evidence", default="", metavar="TEXT", help="What shows it, and where it is "
              "kept.")  # fmt: skip
@click.option("--undo", is_flag=True, help="Take the tick back.")
@desk_options
def tick_command(
    application: str, items: tuple[str, ...], evidence: str, undo: bool, as_json: bool,
    **where: Any,
) -> None:  # fmt: skip
    """Tick items of the checklist with what shows them; all of them or none."""

    def act(work: Work, ident: int) -> Any:
        from klartecken.desk.applications.records import tick

        for item in items:
            tick(work, ident, item, evidence, done=not undo)

    _act(application, act, as_json, "ticked" if not undo else "not ticked any longer", **where)


@application_command.command("attach")
@click.argument("application", metavar="APPLICATION")
@click.argument("file", metavar="FILE")
@click.option("--kind", default="other", show_default=True, metavar="KIND", help="What it is: "
              "end_user_statement, power_of_attorney, certification, ...")  # fmt: skip
@click.option("--submitted", is_flag=True, help="It goes with the application (block 6, PDF); "
              "else it is on file (block 7).")  # fmt: skip
@click.option("--name", metavar="NAME", help="Its name. Default: that of FILE.")
@desk_options
def attach_command(
    application: str, file: str, kind: str, submitted: bool, name: str | None, as_json: bool,
    **where: Any,
) -> None:  # fmt: skip
    """Attach a file. Before the filing, an approval lapses."""
    body = read_body(file)

    def act(work: Work, ident: int) -> int:
        from klartecken.desk.applications.records import attach
        from klartecken.desk.attachments import ON_FILE, SUBMITTED

        return attach(work, ident, name=name or Path(file).name, body=body, kind=kind,
                      on_file=SUBMITTED if submitted else ON_FILE)  # fmt: skip

    _act(application, act, as_json, f"{file} is attached", **where)


for _command in (
    list_command, show_command, sheet_command, event_command, statuses_command, change_command,
    resubmit_command,
):  # fmt: skip
    application_command.add_command(_command)
