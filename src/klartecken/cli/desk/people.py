"""`klartecken desk people` and `token`."""

from __future__ import annotations

from datetime import timedelta

import click

from klartecken.cli.common import print_json, table
from klartecken.cli.desk.common import desk_options, seat, utc_now, why_option
from klartecken.cli.desk.secrets import kept, secret_option, shown
from klartecken.errors import InputError


@click.group("people", invoke_without_command=True)
@click.pass_context
def people_command(ctx: click.Context) -> None:
    """Who works at the desk, and in which roles.

    Roles: viewer, preparer, approver, licence_manager, rules_editor, auditor, admin, service.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@people_command.command("list")
@desk_options
def list_command(db: str | None, token: str | None, home: str | None, as_json: bool) -> None:
    """All people, with their roles."""
    with seat(db, home, token) as held:
        from klartecken.desk.storage.tables.people import PEOPLE
        from klartecken.desk.work import find

        with held.desk.read() as connection:
            rows = find(connection, PEOPLE)
    told = [{name: row[name] for name in ("id", "name", "email", "roles", "active")}
            for row in rows]  # fmt: skip
    if as_json:
        print_json(told)
        return
    table(["id", "name", "roles", "active"], [
        [str(row["id"]), row["name"], ", ".join(row["roles"]), "yes" if row["active"] else "no"]
        for row in told
    ], frozenset({0}))  # fmt: skip


@people_command.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, metavar="ROLE",
              help="What they may do. Repeatable.")  # fmt: skip
@click.option("--email", default="", metavar="ADDRESS", help="Their address of mail.")
@desk_options
def add_command(
    name: str, roles: tuple[str, ...], email: str, db: str | None, token: str | None,
    home: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Add a person; then invite them."""
    with seat(db, home, token) as held:
        from klartecken.desk.people.accounts import add_person

        with held.work() as work:
            ident = add_person(work, name, roles, email=email)
    if as_json:
        print_json({"id": ident, "name": name, "roles": sorted(roles)})
    else:
        click.echo(f"{name} is {ident}. Next: klartecken desk people invite {ident}")


@people_command.command("invite")
@click.argument("ident", type=int, metavar="ID")
@click.option("--days", type=click.IntRange(1, 30), default=7, show_default=True,
              help="Days that the token holds.")  # fmt: skip
@secret_option
@desk_options
def invite_command(
    ident: int, days: int, keep: str | None, db: str | None, token: str | None,
    home: str | None, as_json: bool,
) -> None:  # fmt: skip
    """An invitation, with which a person makes their first token (`token accept`).

    A program (role service) gets its token at once.
    """
    with kept(keep) as write, seat(db, home, token) as held:
        from klartecken.desk.people.accounts import invite, new_token
        from klartecken.desk.storage.tables.people import PEOPLE

        with held.work() as work:
            if work.get(PEOPLE, ident)["roles"] == ["service"]:
                number, secret = new_token(work, ident, "made by an admin")
            else:
                number, secret = invite(work, ident, utc_now() + timedelta(days))
            write(secret)
    if as_json:
        print_json({"id": number, "token": None if keep else secret})
    else:
        once = "" if keep else "; it is shown this once"
        click.echo(f"Hand this over{once}:\n{shown(secret, keep)}")


@people_command.command("change")
@click.argument("ident", type=int, metavar="ID")
@click.option("--role", "roles", multiple=True, help="The roles from now on. Repeatable.")
@click.option("--active/--inactive", default=None, help="May anybody act as them?")
@why_option
@desk_options
def change_command(
    ident: int, roles: tuple[str, ...], active: bool | None, why: str, db: str | None,
    token: str | None, home: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Give a person other roles, or none to act for them any longer."""
    with seat(db, home, token) as held:
        from klartecken.desk.people.accounts import change_person

        with held.work() as work:
            row = change_person(work, ident, roles=roles or None, active=active, why=why)
    told = {name: row[name] for name in ("id", "name", "roles", "active")}
    if as_json:
        print_json(told)
    else:
        click.echo(f"{row['name']}: {', '.join(row['roles'])}"
                   f"{'' if row['active'] else ' (not active)'}")  # fmt: skip


@click.group("token", invoke_without_command=True)
@click.pass_context
def token_command(ctx: click.Context) -> None:
    """Your own tokens."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@token_command.command("new")
@click.option("--label", default="", metavar="TEXT", help="What it is for.")
@click.option("--days", type=click.IntRange(1, 3650), help="Days that it holds.")
@secret_option
@desk_options
def new_command(
    label: str, days: int | None, keep: str | None, db: str | None, token: str | None,
    home: str | None, as_json: bool,
) -> None:  # fmt: skip
    """A further token of your own, shown this once."""
    with kept(keep) as write, seat(db, home, token) as held:
        from klartecken.desk.people.accounts import new_token

        until = None if days is None else utc_now() + timedelta(days)
        with held.work() as work:
            number, secret = new_token(work, held.person.id, label, until)
            write(secret)
    if as_json:
        print_json({"id": number, "token": None if keep else secret})
    else:
        click.echo(shown(secret, keep))


@token_command.command("accept")
@click.option("--label", default="", metavar="TEXT", help="What the token is for.")
@secret_option
@desk_options
def accept_command(
    label: str, keep: str | None, db: str | None, token: str | None, home: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Accept an invitation (given as the token): prints your first own token."""
    from klartecken.cli.desk.common import channel, require_desk, token_of, url_of

    require_desk()
    from klartecken.desk.desk import open_desk
    from klartecken.desk.people.accounts import accept, invited

    desk = open_desk(url_of(db, home), home, clock=utc_now)
    try:
        said = token_of(token)
        with desk.read() as connection:
            number, person = invited(connection, said, utc_now())
        with kept(keep) as write, desk.work(person, channel()) as work:
            ident, secret = accept(work, number, label)
            write(secret)
    finally:
        desk.close()
    if as_json:
        print_json({"id": ident, "person": person.name, "token": None if keep else secret})
    else:
        click.echo(shown(secret, keep))


@token_command.command("list")
@desk_options
def tokens_command(db: str | None, token: str | None, home: str | None, as_json: bool) -> None:
    """Your tokens, without their secrets."""
    with seat(db, home, token) as held:
        from klartecken.desk.storage.tables.people import TOKENS
        from klartecken.desk.work import find

        with held.desk.read() as connection:
            rows = find(connection, TOKENS, person=held.person.id)
    names = ("id", "label", "created_at", "expires_at", "revoked_at")
    told = [{name: row[name] for name in names} for row in rows]
    if as_json:
        print_json(told)
        return
    table(list(names), [[str(row[name] or "") for name in names] for row in told], frozenset({0}))


@token_command.command("revoke")
@click.argument("ident", type=int, metavar="ID")
@why_option
@desk_options
def revoke_command(
    ident: int, why: str, db: str | None, token: str | None, home: str | None, as_json: bool
) -> None:
    """Let a token count no longer."""
    if ident < 1:
        raise InputError(f"{ident} is no id", where="ID")
    with seat(db, home, token) as held:
        from klartecken.desk.people.accounts import revoke_token

        with held.work() as work:
            revoke_token(work, ident, why)
    if as_json:
        print_json({"id": ident, "revoked": True})
    else:
        click.echo(f"Token {ident} counts no longer.")
