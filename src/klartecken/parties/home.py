"""Where a user's own data live: lists, parties, decisions."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from klartecken.errors import InputError

VARIABLE = "KLARTECKEN_HOME"


def home_folder(given: str | Path | None = None) -> Path:
    """The folder of the user's own data: the option, else KLARTECKEN_HOME, else the platform's.

    The folder need not exist. The platform's is ``~/.local/share/klartecken`` (or below
    XDG_DATA_HOME), ``~/Library/Application Support/klartecken`` on macOS and
    ``%LOCALAPPDATA%\\klartecken`` on Windows.

    >>> str(home_folder("data"))
    'data'

    Raises:
        InputError: an empty option, something that is no folder, or no home to be found.
    """
    if given is not None:
        return _checked(str(given), "--home")
    if VARIABLE in os.environ:
        return _checked(os.environ[VARIABLE], VARIABLE)
    return _platform_folder() / "klartecken"


def _checked(text: str, where: str) -> Path:
    if not text.strip() or "\0" in text:
        raise InputError(f"{text!r} names no folder", where=where)
    try:
        path = Path(text).expanduser()
        if path.exists() and not path.is_dir():
            raise InputError(f"{text!r} is not a folder", where=where)
    except (OSError, ValueError, RuntimeError) as err:
        raise InputError(f"{text!r} cannot be a folder ({err})", where=where) from err
    return path


def _platform_folder() -> Path:
    try:
        home = Path.home()
    except RuntimeError as err:
        raise InputError(
            "this account has no home folder", where=VARIABLE, next_step="Give --home"
        ) from err
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
