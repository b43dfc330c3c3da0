"""The command line: a thin shell. It owns the clock, the files and the terminal."""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from klartecken.errors import KlarteckenError, SelfCheckError
from klartecken.version import __version__

# command -> module; loaded only when called, so that a single question starts fast
COMMANDS = {
    "check": "klartecken.cli.check",
    "history": "klartecken.cli.history",
    "chips": "klartecken.cli.catalogue",
    "chip": "klartecken.cli.catalogue",
    "law": "klartecken.cli.law",
    "facts": "klartecken.cli.law",
    "gaps": "klartecken.cli.law",
    "events": "klartecken.cli.events",
    "replay": "klartecken.cli.replay",
    "map": "klartecken.cli.map",
    "parties": "klartecken.cli.parties",
    "book": "klartecken.cli.book",
    "reform": "klartecken.cli.reform",
    "diff": "klartecken.cli.whatif",
    "sweep": "klartecken.cli.sweep",
    "lists": "klartecken.cli.lists",
    "owners": "klartecken.cli.owners",
    "screen": "klartecken.cli.screening.one",
    "screen-file": "klartecken.cli.screening.file",
    "desk": "klartecken.cli.desk",
}


STOPPED = 130  # exit code after Ctrl-C
UNRELIABLE = 3  # exit code of a run that failed its own check

# These run long enough for garbage to count
LONG = ("book", "reform", "diff", "sweep", "screen-file", "desk")


class Lazy(click.Group):
    """Loads a command's module when the command is called, and words our errors."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in LONG:
            gc.enable()
        module = importlib.import_module(COMMANDS[cmd_name])
        found = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which is nearest."""
        if args and args[0] == "help":
            return super().resolve_command(ctx, [*(args[1:] or ["check"]), "--help"])
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else " See klartecken --help."
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **extra: Any
    ) -> Any:
        """Run; what is wrong with the input is one line on stderr and exit code 2."""
        if not standalone_mode:
            return super().main(args, standalone_mode=False, **extra)
        try:
            code = super().main(args, standalone_mode=False, **extra)
        except KlarteckenError as err:
            click.echo(f"Error: {err.line()}", err=True)
            sys.exit(UNRELIABLE if isinstance(err, SelfCheckError) else 2)
        except click.ClickException as err:
            click.echo(f"Error: {' '.join(err.format_message().split())}", err=True)
            sys.exit(err.exit_code)
        except (RecursionError, OverflowError) as err:
            click.echo(f"Error: the input is too deep or too large ({err})", err=True)
            sys.exit(2)
        except OSError as err:  # a full disk, a closed pipe
            if err.errno != errno.EPIPE:
                click.echo(f"Error: the output cannot be written ({err.strerror})", err=True)
            _drop_output()
            sys.exit(1)
        except click.Abort:
            click.echo("Stopped.", err=True)
            sys.exit(STOPPED)
        sys.exit(code if isinstance(code, int) else 0)


def _drop_output() -> None:
    """Nothing more can be written: keep the interpreter from trying again as it ends."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


@click.group(
    cls=Lazy, invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
@click.version_option(__version__, prog_name="klartecken")
@click.pass_context
def main(ctx: click.Context) -> None:
    """May this chip go to that place, that party, that use, on that day?

    Under which law? And if not, what would it take? Not legal advice.

    \b
    klartecken check nvidia-h20 --to CN --on 2025-07-15 --exporter NVIDIA
    klartecken history nvidia-h20 --to CN --exporter NVIDIA
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run() -> None:
    """The program as installed: one short process, so no garbage is collected in it.

    Collecting takes about a fifth of a cold answer and finds nothing worth having.
    """
    gc.disable()
    try:
        main()
    except SystemExit as stop:
        if stop.code == STOPPED:
            _leave()
        raise


def _leave() -> None:
    """Stopped from outside: do not wait for threads that still count for nobody."""
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(STOPPED)


if __name__ == "__main__":
    run()
