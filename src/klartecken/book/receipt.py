"""The receipt of a run: what was asked under which law, and that every line is accounted for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from klartecken.book.answers import case_data
from klartecken.book.job import Job
from klartecken.book.report import Report
from klartecken.book.totals import Totals
from klartecken.decide.verdict import Verdict
from klartecken.errors import InputError
from klartecken.version import ENGINE

FORMAT = "klartecken-book-receipt-1"


def receipt_path(out: Path) -> Path:
    """Where the receipt of a table of answers stands."""
    return out.with_name(f"{out.name}.receipt.json")


def rejects_path(out: Path) -> Path:
    """Where the rejected lines stand."""
    return out.with_name(f"{out.name}.rejects.csv")


def cases_path(out: Path) -> Path:
    """Where the distinct answers stand, by case id."""
    return out.with_name(f"{out.name}.cases.json")


def outcomes(totals: Totals, cases: Mapping[str, Verdict]) -> dict[str, dict[str, Any]]:
    """Lines, units and money by outcome."""
    found: dict[str, dict[str, Any]] = {}
    for case, currency, total in totals:
        mine = found.setdefault(cases[str(case)].outcome, {"lines": 0, "units": 0, "money": {}})
        mine["lines"] += total.lines
        mine["units"] += total.units
        if total.priced:
            held = mine["money"].get(currency, Decimal(0))
            mine["money"][currency] = held + total.amount
    return dict(sorted(found.items()))


def whole(reports: Sequence[Report]) -> tuple[Totals, dict[str, Verdict]]:
    """All totals by case id, and all cases."""
    totals = Totals()
    cases: dict[str, Verdict] = {}
    for held in reports:
        totals.add(held.totals)
        cases.update(held.cases)
    return totals, cases


def receipt(
    job: Job, reports: Sequence[Report], *, source: str, digest: str, threads: str,
    files: Mapping[str, object] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The receipt of a run, as plain data.

    Args:
        job: the law, layout and settings.
        reports: one for each partition.
        source: what the book is called.
        digest: SHA-256 of the book.
        threads: what it ran on.
        files: what was written beside one another, with its digests; see ``book.outfile``.
    """
    totals, cases = whole(reports)
    settings, layout, law = job.settings, job.layout, job.world.law
    lines = sum(held.lines for held in reports)
    rejected = sum(held.rejected for held in reports)
    body: dict[str, Any] = {
        "format": FORMAT,
        "engine": {"version": ENGINE, "ran_on": threads},
        "law": {
            "regime": law.regime, "view": settings.view, "hash": job.world.hash,
            "read_until": law.read_until.isoformat(),
        },
        "settings": {
            "strict": settings.strict, "on": settings.on.isoformat() if settings.on else None,
            "tf32_bits": settings.tf32_bits, "own_items": sorted(settings.items),
        },
        "input": {"name": source, "sha256": digest},
        "columns": dict(layout.names), "constants": dict(layout.constants),
        "not_read": list(layout.others),
        "lines": {"in": lines, "answered": lines - rejected, "rejected": rejected},
        "outcomes": outcomes(totals, cases),
        "cases": len(cases),
        "partitions": [
            {"id": held.id, "lines": held.lines, "answered": held.answered,
             "rejected": held.rejected, "sha256": held.digest}
            for held in reports
        ],
    }  # fmt: skip
    if job.parties is not None:
        body["parties"] = job.parties.summary()
    if files is not None:
        body["files"] = dict(files)
    body["seal"] = seal(body)
    return body


def seal(body: Mapping[str, Any]) -> str:
    """SHA-256 over the receipt without its seal."""
    rest = {key: value for key, value in body.items() if key != "seal"}
    return hashlib.sha256(dump(rest).encode()).hexdigest()


def dump(data: object) -> str:
    """JSON with exact decimals as text."""
    return json.dumps(data, indent=1, ensure_ascii=False, default=str, sort_keys=False)


def dump_cases(cases: Mapping[str, Verdict]) -> str:
    """The file of cases: what each case id stands for."""
    return dump({name: case_data(verdict) for name, verdict in sorted(cases.items())})


def read_receipt(out: Path) -> dict[str, Any]:
    """The receipt beside a table of answers.

    Raises:
        InputError: it is missing, no receipt of this program, or was changed.
    """
    path = receipt_path(out)
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as err:
        raise InputError(
            "the receipt of these answers is not there", where=str(path),
            next_step="Keep it beside the answers, or run `klartecken book check` again",
        ) from err  # fmt: skip
    except (OSError, ValueError) as err:
        raise InputError(f"the receipt cannot be read ({err})", where=str(path)) from err
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise InputError("is no receipt of a book of this program", where=str(path))
    if body.get("seal") != seal(body):
        raise InputError("the receipt was changed after it was written", where=str(path))
    return body
