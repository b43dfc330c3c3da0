"""`klartecken desk webhook`."""

from __future__ import annotations

from typing import Any

import click

from klartecken.cli.common import print_json, table
from klartecken.cli.desk.common import desk_options, seat, why_option
from klartecken.cli.desk.secrets import kept, secret_option, shown

MANAGE = "webhook.manage"
_SHOWN = ("id", "version", "url", "events", "active", "owner", "created_at")


@click.group("webhook", invoke_without_command=True)
@click.pass_context
def webhook_command(ctx: click.Context) -> None:
    """Programs that are told of events, signed; `desk serve` delivers to them."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A webhook, without anything of its secret."""
    return {name: row[name] for name in _SHOWN}


def _check(work: Any, url: str) -> None:
    from klartecken.desk.hooks.webhooks import read_url
    from klartecken.desk.settings import setting
    from klartecken.feed.hooks import check_hook

    work.require(MANAGE)
    check_hook(read_url(url), bool(setting(work.connection, "private_webhooks")))


@webhook_command.command("list")
@desk_options
def list_command(as_json: bool, **where: Any) -> None:
    """All webhooks."""
    with seat(**where) as held:
        from klartecken.desk.storage.tables.plumbing import WEBHOOKS
        from klartecken.desk.work import find

        with held.read(MANAGE) as connection:
            rows = [_plain(row) for row in find(connection, WEBHOOKS)]
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("There is none.")
        return
    table(["id", "address", "events", "active"], [
        [str(row["id"]), row["url"], " ".join(row["events"]) or "all",
         "yes" if row["active"] else "no"]
        for row in rows
    ], frozenset({0}))  # fmt: skip


@webhook_command.command("add")
@click.argument("url", metavar="URL")
@click.option("--event", "events", multiple=True, metavar="EVENT",
              help="Only this one, as line.released. Repeatable.")  # fmt: skip
@secret_option
@desk_options
def add_command(
    url: str, events: tuple[str, ...], keep: str | None, as_json: bool, **where: Any
) -> None:
    """Add a webhook. The secret that signs is shown this once."""
    with kept(keep) as write, seat(**where) as held:
        from klartecken.desk.hooks.webhooks import add_webhook

        with held.work() as work:
            _check(work, url)
            ident, secret = add_webhook(work, url, events)
            write(secret)
    if as_json:
        print_json({"id": ident, "url": url, "secret": None if keep else secret})
    else:
        once = "" if keep else ", shown this once"
        click.echo(f"Webhook {ident}; its secret{once}:\n{shown(secret, keep)}")


@webhook_command.command("change")
@click.argument("ident", type=click.IntRange(1), metavar="ID")
@click.option("--url", metavar="URL", help="Another address.")
@click.option("--event", "events", multiple=True, metavar="EVENT", help="Only these. Repeatable.")
@click.option("--on/--off", "active", default=None, help="Is it told anything?")
@why_option
@desk_options
def change_command(
    ident: int, url: str | None, events: tuple[str, ...], active: bool | None, why: str,
    as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """Another address, other events, or off and on."""
    with seat(**where) as held:
        from klartecken.desk.hooks.webhooks import change_webhook

        with held.work() as work:
            if url is not None:
                _check(work, url)
            row = change_webhook(work, ident, url=url, events=events or None, active=active,
                                 why=why)  # fmt: skip
    if as_json:
        print_json(_plain(row))
    else:
        click.echo(f"Webhook {ident}: {row['url']}, {'on' if row['active'] else 'off'}")


@webhook_command.command("deliveries")
@click.argument("ident", type=click.IntRange(1), metavar="ID")
@click.option("--state", type=click.Choice(["waiting", "done", "failed"]), help="Only these.")
@click.option("--replay", "again", type=click.IntRange(1), metavar="DELIVERY",
              help="Deliver this one once more.")  # fmt: skip
@why_option
@desk_options
def deliveries_command(
    ident: int, state: str | None, again: int | None, why: str, as_json: bool, **where: Any
) -> None:
    """The last hundred deliveries of a webhook, the newest first."""
    with seat(**where) as held:
        from sqlalchemy import select

        from klartecken.desk.hooks.webhooks import replay
        from klartecken.desk.storage.tables.plumbing import DELIVERIES, WEBHOOKS
        from klartecken.desk.work import get

        if again is not None:
            with held.work() as work:
                replay(work, ident, again, why)
        with held.read(MANAGE) as connection:
            get(connection, WEBHOOKS, ident)
            query = select(DELIVERIES).where(DELIVERIES.c.webhook == ident)
            if state is not None:
                query = query.where(DELIVERIES.c.state == state)
            found = connection.execute(query.order_by(DELIVERIES.c.id.desc()).limit(100))
            rows = [dict(row) for row in found.mappings()]
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("There is none.")
        return
    table(["id", "event", "state", "tries", "last error"], [
        [str(row["id"]), row["event"], row["state"], str(row["tries"]), row["last_error"]]
        for row in rows
    ], frozenset({0, 3}))  # fmt: skip
