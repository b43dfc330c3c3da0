"""Says what to install when the libraries of the order book are missing."""

from __future__ import annotations

from importlib.util import find_spec

from klartecken.errors import InputError


def require(*modules: str, extra: str = "book", what: str = "order books") -> None:
    """Stop when a library of an extra is not installed; imports nothing.

    Args:
        modules: what must be there.
        extra: what it is a part of.
        what: what needs it.

    Raises:
        InputError: names what is missing and the command that installs it.
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise InputError(
            f"{' and '.join(missing)}, which {what} need, cannot be found",
            where=what.removesuffix("s"),
            next_step=f"Install the extra: pip install 'klartecken[{extra}]'",
        )
