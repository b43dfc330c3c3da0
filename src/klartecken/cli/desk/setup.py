"""`klartecken desk init`, `serve` and `settings`."""

from __future__ import annotations

from pathlib import Path

import click

from klartecken.cli.common import home_option, json_option, print_json, table
from klartecken.cli.desk.common import (
    channel,
    db_option,
    desk_options,
    require_desk,
    seat,
    url_of,
    utc_now,
    why_option,
)


@click.command("init")
@click.option("--admin", metavar="NAME", help="Name of the first admin of a new desk.")
@db_option
@home_option
@json_option
def init_command(admin: str | None, db: str | None, home: str | None, as_json: bool) -> None:
    """Set a desk up, or bring its database up to date.

    A new desk gets its first admin, whose token is printed this once.

    \b
    klartecken desk init --admin "Ada Example"
    klartecken desk init --db postgresql://desk@localhost/desk --admin "Ada Example"
    """
    require_desk()
    from klartecken.desk.people.accounts import nobody_yet
    from klartecken.desk.storage.connect import open_engine, read_url, reading, shown
    from klartecken.desk.storage.migrate import upgrade
    from klartecken.errors import InputError

    url = read_url(url_of(db, home))
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(str(url) if url.password is None else url.render_as_string(False))
    before, after = upgrade(engine)
    with reading(engine) as connection:
        empty = nobody_yet(connection)
    engine.dispose()
    token = ""
    if empty:
        if not admin:
            raise InputError("the desk has nobody yet", where="--admin",
                             next_step="Name its first admin: --admin NAME")  # fmt: skip
        token = _first(url_of(db, home), home, admin)
    told = {"desk": shown(url), "before": before, "revision": after, "token": token or None}
    if as_json:
        print_json(told)
        return
    click.echo(f"{shown(url)}: {'set up' if before is None else 'up to date'} "
               f"(revision {after})")  # fmt: skip
    if token:
        click.echo(f"Admin {admin}; keep this token, it is shown this once:\n{token}")
        click.echo("Next: klartecken desk people add NAME --role preparer")


def _first(url: str, home: str | None, name: str) -> str:
    from klartecken.desk.desk import open_desk
    from klartecken.desk.people.accounts import add_person, new_token
    from klartecken.desk.people.roles import DESK

    desk = open_desk(url, home, clock=utc_now)
    try:
        with desk.work(DESK, channel()) as work:
            ident = add_person(work, name, ["admin"])
            return new_token(work, ident, "made by desk init")[1]
    finally:
        desk.close()


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8350, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True,
              help="Processes.")  # fmt: skip
@db_option
@home_option
def serve_command(host: str, port: int, workers: int, db: str | None, home: str | None) -> None:
    """Serve the desk over HTTP; its description is at /openapi.json.

    It speaks plain HTTP: put a proxy with TLS before it when it is reached from elsewhere.
    """
    require_desk()
    from klartecken.api.serve import serve

    serve(url_of(db, home), home, host=host, port=port, workers=workers)


@click.command("settings")
@click.argument("name", required=False)
@click.argument("value", type=int, required=False)
@why_option
@desk_options
def settings_command(
    name: str | None, value: int | None, why: str, db: str | None, token: str | None,
    home: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Show what is set, or set NAME to VALUE."""
    from klartecken.errors import InputError

    with seat(db, home, token) as held:
        from klartecken.desk.settings import NUMBERS, change_setting, setting

        if name is not None:
            if value is None:
                raise InputError("no value is given", where=name)
            with held.work() as work:
                change_setting(work, name, value, why)
        with held.desk.read() as connection:
            now = {key: setting(connection, key) for key in NUMBERS}
    if as_json:
        print_json(now)
        return
    table(["setting", "value", "from", "to", "what"], [
        [key, str(now[key]), str(one.least), str(one.most), one.title]
        for key, one in NUMBERS.items()
    ], frozenset({1, 2, 3}))  # fmt: skip
