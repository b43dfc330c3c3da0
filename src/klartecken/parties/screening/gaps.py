"""When a snapshot can say that a party is not listed: only where it holds the lists whole."""

from __future__ import annotations

from collections.abc import Mapping

from klartecken.parties.lists.snapshot import Part

# The lists without which nobody can be said not to be listed
NEEDED = {
    "EL": "Entity List", "SDN": "Specially Designated Nationals", "DPL": "Denied Persons List",
    "UVL": "Unverified List", "MEU": "Military End-User List",
}  # fmt: skip


def gaps(parts: Mapping[str, Part]) -> tuple[str, ...]:
    """Why a party that hits nothing is ``not_screenable`` and not ``no_hit``; empty if it is.

    Args:
        parts: of a snapshot, by code of the list.
    """
    missing = [f"{name} ({code})" for code, name in NEEDED.items() if code not in parts]
    partial = [
        f"{name} ({code})" for code, name in NEEDED.items()
        if code in parts and not parts[code].complete
    ]  # fmt: skip
    found = []
    if missing:
        found.append("no hit proves nothing: the snapshot lacks the " + ", the ".join(missing))
    if partial:
        found.append("no hit proves nothing: only a part is here of the " + ", the ".join(partial))
    return tuple(found)
