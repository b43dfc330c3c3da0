"""`klartecken desk init`, `serve` and `settings`."""

from __future__ import annotations

from collections.abc import Callable
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
from klartecken.cli.desk.secrets import kept, secret_option
from klartecken.cli.desk.secrets import shown as shown_once
from klartecken.errors import InputError


@click.command("init")
@click.option("--admin", metavar="NAME", help="Name of the first admin of a new desk.")
@secret_option
@db_option
@home_option
@json_option
def init_command(
    admin: str | None, keep: str | None, db: str | None, home: str | None, as_json: bool
) -> None:
    """Set a desk up, or bring its database up to date.

    A new desk gets its first admin, whose token is printed this once.

    \b
    klartecken desk init --admin "Ada Example" --keep ada.token
    klartecken desk init --db postgresql://desk@localhost/desk --admin "Ada Example"
    """
    require_desk()
    from klartecken.desk.storage.connect import read_url, shown
    from klartecken.facts.text import one_line

    where = url_of(db, home)
    if admin is not None:
        one_line(admin, "--admin")
    with kept(keep) as write:
        before, after = _upgrade(where, admin)
        token = _first(where, home, admin, write)
    name = shown(read_url(where))
    if as_json:
        print_json({"desk": name, "before": before, "revision": after, "new": bool(token),
                    "token": None if keep else token or None})  # fmt: skip
        return
    click.echo(f"{name}: {'set up' if before is None else 'up to date'} (revision {after})")
    if token:
        once = "" if keep else "; keep this token, it is shown this once"
        click.echo(f"Admin {admin}{once}:\n{shown_once(token, keep)}")
        click.echo("Next: klartecken desk people add NAME --role preparer")


def _upgrade(where: str, admin: str | None) -> tuple[str | None, str]:
    """Set the database up; a new one only with somebody to be its admin."""
    from klartecken.desk.storage.connect import open_engine, read_url
    from klartecken.desk.storage.migrate import revision, upgrade

    url = read_url(where)
    new = False
    if url.get_backend_name() == "sqlite" and url.database:
        new = not Path(url.database).exists()
        if not (new and admin is None):
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    if new and admin is None:
        raise _nobody()
    engine = open_engine(where)
    try:
        if admin is None and revision(engine) is None:
            raise _nobody()
        return upgrade(engine)
    finally:
        engine.dispose()


def _nobody() -> InputError:
    return InputError("the desk has nobody yet", where="--admin",
                      next_step="Name its first admin: --admin NAME")  # fmt: skip


def _first(where: str, home: str | None, name: str | None, write: Callable[[str], None]) -> str:
    """The token of the first admin, where nobody is known yet; else nothing."""
    from klartecken.desk.desk import open_desk
    from klartecken.desk.people.accounts import add_person, new_token, nobody_yet
    from klartecken.desk.people.roles import DESK

    desk = open_desk(where, home, clock=utc_now)
    try:
        with desk.work(DESK, channel()) as work:
            if not nobody_yet(work.connection):
                return ""
            if name is None:
                raise _nobody()
            ident = add_person(work, name, ["admin"])
            token = new_token(work, ident, "made by desk init")[1]
            write(token)
        return token
    finally:
        desk.close()


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8470, show_default=True,
              help="Port to listen on.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True,
              help="Processes.")  # fmt: skip
@click.option("--certificate", default="", metavar="FILE", help="For HTTPS, with --key.")
@click.option("--key", default="", metavar="FILE", help="The certificate's key.")
@click.option("--behind-proxy", is_flag=True, help="Something in front of it speaks HTTPS.")
@click.option("--oidc-issuer", default="", metavar="URL", help="Take this provider's tokens too.")
@click.option("--oidc-audience", default="", metavar="NAME", help="Whom they must be for.")
@db_option
@home_option
def serve_command(
    host: str, port: int, workers: int, certificate: str, key: str, behind_proxy: bool,
    oidc_issuer: str, oidc_audience: str, db: str | None, home: str | None,
) -> None:  # fmt: skip
    """Serve the desk over HTTP, and deliver to its webhooks, until stopped.

    Its description is at /openapi.json. Listening on another address than this machine's own
    needs HTTPS: --certificate and --key, or --behind-proxy. With --oidc-issuer (extra `oidc`),
    people may also come with a token of that provider.
    """
    require_desk("fastapi", "uvicorn", "prometheus_client")
    from klartecken.api.serve import Listen, serve
    from klartecken.api.settings import Oidc, Settings

    if bool(oidc_issuer) != bool(oidc_audience):
        raise InputError("go together", where="--oidc-issuer and --oidc-audience")
    oidc = Oidc(oidc_issuer, oidc_audience) if oidc_issuer else None
    listen = Listen(host, port, workers, certificate, key, behind_proxy)
    serve(url_of(db, home), home, listen, Settings(deliver=2.0, oidc=oidc))


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
