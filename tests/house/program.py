"""Runs the command line inside this process."""

import contextlib
import io
from dataclasses import dataclass

from klartecken.cli import main


@dataclass(frozen=True)
class Ran:
    """Exit code and the two streams."""

    code: int
    out: str
    err: str


def klartecken(*arguments: str) -> Ran:
    """`klartecken ARGUMENTS`, as when piped; an unexpected exception comes through."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(list(arguments), prog_name="klartecken")
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
    return Ran(code, out.getvalue(), err.getvalue())
