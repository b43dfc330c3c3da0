"""How the desk itself is."""

from __future__ import annotations

from typing import Literal

from klartecken.api.models.base import Told


class Health(Told):
    """Is the desk there?"""

    status: Literal["ok"]
