"""The folder of a user's own data."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def home_folder(given: str | Path | None = None) -> Path:
    """The folder given, else that of KLARTECKEN_HOME, else the platform's own place for data.

    The folder is not made here.
    """
    if given:
        return Path(given).expanduser()
    named = os.environ.get("KLARTECKEN_HOME")
    if named:
        return Path(named).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "klartecken"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "klartecken"
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "klartecken"
