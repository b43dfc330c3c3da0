"""When a snapshot can say that a party is not listed: only where it holds the lists whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from klartecken.parties.lists.snapshot import Part
from klartecken.parties.party import Party

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


def not_compared(party: Party, bare: Collection[str], numbers: bool) -> tuple[str, ...]:
    """What is known of the party, and the lists as they are here leave nothing to compare it with.

    Args:
        party: as asked.
        bare: codes of the lists that are here without addresses.
        numbers: does any entry that is here bear a registered number?
    """
    found = []
    if party.addresses and bare:
        told = ", ".join(sorted(bare))
        found.append(f"no addresses are here of {told}: the party's was not compared with them")
    if party.identifiers and not numbers:
        found.append("no registered numbers are here in any list: the party's was not compared")
    return tuple(found)
