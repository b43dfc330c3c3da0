"""The receipt beside a file of hits: from what, by what, how many; and an earlier run by it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from klartecken.errors import DataError, InputError, SelfCheckError
from klartecken.parties.lists.store import heads, load_snapshot
from klartecken.parties.screened import HIT, NO_HIT, NOT_SCREENABLE
from klartecken.parties.screening.delta import delta
from klartecken.parties.screening.files.hitrows import HitRow
from klartecken.parties.screening.files.reading import PartyFile
from klartecken.parties.screening.files.work import Earlier, Hits
from klartecken.parties.screening.files.writing import read_hits
from klartecken.parties.screening.listed import Listed
from klartecken.parties.screening.model import Thresholds, model, model_hash
from klartecken.parties.screening.selfcheck import Checked
from klartecken.version import ENGINE

FORMAT = "klartecken-screening-1"
STATUSES = (HIT, NO_HIT, NOT_SCREENABLE)


def receipt_path(out: Path) -> Path:
    """Where the receipt of a file of hits stands."""
    return out.with_name(out.name + ".receipt.json")


@dataclass(frozen=True)
class Settings:
    """What a run depends on, beside parties and snapshot."""

    on: str
    thresholds: Thresholds
    decisions: str


def receipt(
    source: PartyFile, listed: Listed, settings: Settings, counts: Counter[str],
    checked: Checked, hits: Path, how: str,
) -> dict[str, Any]:  # fmt: skip
    """The receipt of a run, as plain data.

    Args:
        source: the input.
        listed: what it was screened against.
        settings: day, thresholds, and the hash of the reviewers' decisions.
        counts: parties, parties by status, rows, hits.
        checked: by the self-check.
        hits: the whole file of hits, wherever it waits.
        how: full or re-screened, in words.

    Raises:
        SelfCheckError: the counts do not add up.
    """
    if counts["parties"] != sum(counts[status] for status in STATUSES):
        raise SelfCheckError(f"the counts do not add up: {dict(counts)}", where="screening",
                             next_step="Do not rely on this run; report it")  # fmt: skip
    names = ("parties", *STATUSES, "hits", "decided", "rows")
    return {
        "format": FORMAT, "tool": ENGINE, "on": settings.on, "snapshot": dict(listed.about),
        "model": model(), "model_hash": model_hash(), "thresholds": asdict(settings.thresholds),
        "decisions": settings.decisions,
        "input": {"name": source.path.name, "sha256": source.sha256(), "columns": source.columns},
        "output": {"bytes": hits.stat().st_size, "sha256": _sha256(hits)},
        "counts": {name: counts[name] for name in names}, "run": how,
        "self_check": checked.to_dict(), "limits": list(listed.limits),
        "gaps": list(listed.gaps),
    }  # fmt: skip


def dumped(body: Mapping[str, Any]) -> str:
    """The receipt as text."""
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_receipt(out: Path) -> dict[str, Any]:
    """The receipt of a file of hits, which must be its own.

    Raises:
        InputError: there is none, or the file was changed after it was written.
        DataError: it cannot be read.
    """
    path = receipt_path(out)
    again = "Run without --previous"
    try:
        body = json.loads(path.read_bytes())
        if body["format"] != FORMAT:
            raise ValueError("another format")
        if _sha256(out) != body["output"]["sha256"]:
            raise InputError("was changed after it was written", where=str(out), next_step=again)
    except OSError as err:
        raise InputError(f"cannot be read ({err.strerror})", where=str(err.filename),
                         next_step=again) from err  # fmt: skip
    except (ValueError, KeyError, TypeError) as err:
        raise DataError("is no receipt of a screening", where=str(path), next_step=again) from err
    assert isinstance(body, dict)
    return body


def earlier_run(
    previous: Path, home: Path, listed: Listed, thresholds: Thresholds
) -> tuple[Earlier | None, str]:
    """An earlier run to start from, or why a full run is needed.

    Args:
        previous: its file of hits.
        home: where its snapshot is stored.
        listed: the snapshot of today.
        thresholds: of today.

    Raises:
        InputError, DataError: as :func:`read_receipt`, or a row cannot be read.
    """
    body = read_receipt(previous)
    if body["model_hash"] != model_hash() or body["tool"] != ENGINE:
        return None, "full: the earlier run is of another version"
    if body["thresholds"] != asdict(thresholds):
        return None, "full: the earlier run had other thresholds"
    wanted = body["snapshot"]["hash"]
    if wanted == listed.about["hash"]:
        old = listed.entries
    else:
        head = next((head for head in heads(home) if head.hash == wanted), None)
        if head is None:
            return None, f"full: the snapshot {body['snapshot']['label']} is not stored here"
        old = load_snapshot(head).entries
    change = delta(old, listed.entries)
    fresh = len(change.fresh.entries) if change.fresh else 0
    return Earlier(_hits(previous), change), (
        f"re-screened from {body['snapshot']['label']}: {_entries(fresh)} new or changed, "
        f"{len(change.gone):,} gone or changed"
    )


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number:,} entries"


# what a row says of the party's place and status, and not of the hit
_PLACE: dict[str, Any] = {
    "row": 0, "id": "", "name": "", "status": "", "reasons": "", "party_hash": "", "snapshot": "",
    "decision": "",
}  # fmt: skip


def _hits(previous: Path) -> Hits:
    """The hits of every party of an earlier run, by its hash."""
    found: dict[str, dict[tuple[str, str], HitRow]] = {}
    for name, row in read_hits(previous):
        held = found.setdefault(name, {})
        if row is not None:
            held[row.entry_id, row.rule] = row._replace(**_PLACE)
    return {name: tuple(held.values()) for name, held in found.items()}
