"""Applications as records: make one, edit it, tick its checklist, attach files, find them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from klartecken.desk import attachments
from klartecken.desk.applications import checklist
from klartecken.desk.applications.form import Form, read_form
from klartecken.desk.applications.reading import long_text
from klartecken.desk.applications.rules.around import is_acn
from klartecken.desk.applications.transaction import transaction_key
from klartecken.desk.applications.validate import files
from klartecken.desk.errors import Conflict
from klartecken.desk.machines.application import APPLICATION, EDITABLE, GRANTED, PENDING
from klartecken.desk.people import approvals
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.records import ATTACHMENTS
from klartecken.desk.work import Row, Work, content_hash, expect
from klartecken.errors import InputError
from klartecken.facts.text import one_line

#: Review policies that the law's files know, and none said.
POLICIES = ("", "case_by_case", "presumption_of_approval", "presumption_of_denial",
            "policy_of_denial", "not_published")  # fmt: skip


def create(
    work: Work, form: Mapping[str, Any], *, reference: str = "", line: int | None = None,
    review_policy: str = "", paths: Iterable[str] = (), why: str = "",
) -> int:  # fmt: skip
    """A new draft; its id.

    Args:
        form: plain data; see :func:`.form.read_form`.
        reference: the firm's own number for it; else one is given: ``A-00001``.
        line: the order line that it was made for.
        review_policy: the policy it is filed under.
        paths: further checklists, as ``january_2026``.

    Raises:
        FormError: the form cannot be read.
        Conflict: the reference is taken.
        Forbidden, InputError, NotFound: as usual.
    """
    work.require("application.edit")
    kept, why = read_form(form), long_text(why, "why")
    if line is not None:
        work.get(LINES, line)
    row: dict[str, Any] = {
        "reference": _reference(work, reference), "acn": None, "state": APPLICATION.initial,
        "form": kept, "review_policy": _policy(review_policy),
        "checklist": checklist.items_of(list(paths)), "clock": [], "timers": {}, "steps": [],
        "transaction_key": transaction_key(kept), "reason_code": "", "line": line,
        "entered_by": work.person.id, "edited_by": work.person.id, "entered_at": work.now,
        "authors": [work.person.id],
    }  # fmt: skip
    row["content"] = content_of(row, [])
    return work.insert(APPLICATIONS, "applications.create", row, why)


def edit(
    work: Work, ident: int, form: Mapping[str, Any] | None = None, *,
    review_policy: str | None = None, paths: Iterable[str] | None = None,
    expected: int | None = None, why: str = "",
) -> Row:  # fmt: skip
    """Change a draft, or one approved within the firm: its approval then lapses.

    Args:
        form: the whole form as it is to be; None leaves it.
        review_policy, paths: None leaves them; what was ticked stays ticked.
        expected: the version that the caller saw.

    Raises:
        IllegalEvent: it was filed: the form is what BIS has; see :func:`.changes.material_change`.
        FormError, Forbidden, InputError, NotFound, Stale: as usual.
    """
    work.require("application.edit")
    row = work.get(APPLICATIONS, ident)
    expect(row, expected, APPLICATIONS.name)
    APPLICATION.move(row["state"], "edit")
    changes: dict[str, Any] = {}
    if form is not None:
        changes["form"] = read_form(form)
        changes["transaction_key"] = transaction_key(changes["form"])
    if review_policy is not None:
        changes["review_policy"] = _policy(review_policy)
    if paths is not None:
        changes["checklist"] = checklist.items_of(list(paths), row["checklist"])
    return changed(work, row, changes, "applications.edit", long_text(why, "why"))


def tick(
    work: Work, ident: int, item: str, evidence: str, *, done: bool = True,
    expected: int | None = None,
) -> Row:  # fmt: skip
    """Tick an item of the checklist with what shows it, or take the tick back.

    What is needed for the filing can be ticked until then; what is needed for the export as
    long as something may still be exported.

    Raises:
        InputError: no such item, or no evidence.
        IllegalEvent: too late.
        Forbidden, NotFound, Stale: as usual.
    """
    work.require("application.edit")
    row = work.get(APPLICATIONS, ident)
    expect(row, expected, APPLICATIONS.name)
    items = checklist.ticked(row["checklist"], item, done, long_text(evidence, "evidence"))
    later = any(held["id"] == item and held["when"] == "export" for held in items)
    if not (later and row["state"] in (*PENDING, *GRANTED)):
        APPLICATION.move(row["state"], "edit")
    return changed(work, row, {"checklist": items}, "applications.tick", "")


def attach(
    work: Work, ident: int, *, name: str, body: bytes, kind: str = "other",
    on_file: str = attachments.ON_FILE, expected: int | None = None,
) -> int:  # fmt: skip
    """Attach a file; the id of the attachment. An approval within the firm lapses.

    After the filing a file is kept beside it, and changes nothing of what was filed.

    Raises:
        As of :func:`klartecken.desk.attachments.add`; Stale.
    """
    work.require("application.edit")
    row = work.get(APPLICATIONS, ident)
    expect(row, expected, APPLICATIONS.name)
    made = attachments.add(work, APPLICATIONS, ident, name=name, body=body, kind=kind,
                           on_file=on_file)  # fmt: skip
    changed(work, row, {}, "applications.attach", "")
    return made


def detach(work: Work, ident: int, attachment: int, why: str, expected: int | None = None) -> None:
    """Let an attachment of an application count no longer; only before the filing.

    Raises:
        IllegalEvent: it was filed.
        InputError: the file is not one of this application's, or no reason is given.
        Forbidden, NotFound, Stale: as usual.
    """
    work.require("application.edit")
    row = work.get(APPLICATIONS, ident)
    expect(row, expected, APPLICATIONS.name)
    APPLICATION.move(row["state"], "edit")
    held = work.get(ATTACHMENTS, attachment)
    if (held["subject"], held["subject_id"]) != (APPLICATIONS.name, ident):
        raise InputError(f"attachment {attachment} belongs to another record", where="attachment")
    attachments.remove(work, attachment, why)
    changed(work, row, {}, "applications.detach", why)


def changed(work: Work, row: Row, changes: Mapping[str, Any], action: str, why: str) -> Row:
    """Keep changes; where what is to be approved is another now, approvals lapse."""
    if row["state"] not in EDITABLE:
        work.update_many(APPLICATIONS, action, [(row, changes)], why)
        return work.get(APPLICATIONS, row["id"])
    content = content_of({**row, **changes}, files(work.connection, row["id"]))
    if content != row["content"]:
        more: dict[str, Any] = {
            "content": content, "state": APPLICATION.move(row["state"], "edit").target,
            "edited_by": work.person.id, "authors": sorted({*row["authors"], work.person.id}),
        }  # fmt: skip
        if row["state"] != more["state"]:
            more["steps"] = [*row["steps"], step("edit", more["state"], work.today, why)]
        approvals.lapse(work, APPLICATIONS, row["id"], "the application was edited")
        changes = {**changes, **more}
    work.update_many(APPLICATIONS, action, [(row, changes)], why)
    return work.get(APPLICATIONS, row["id"])


def content_of(row: Mapping[str, Any], attached: Iterable[Mapping[str, Any]]) -> str:
    """Hash of all that is approved: form, policy, what is ticked for the filing, the files."""
    shown = [[item["id"], item["done"], item["evidence"]] for item in row["checklist"]
             if item["when"] == "filing"]  # fmt: skip
    held = sorted([file["kind"], file["on_file"], file["name"], file["sha256"]]
                  for file in attached)  # fmt: skip
    return content_hash([row["form"], row["review_policy"], shown, held])


def step(event: str, state: str, on: date, why: str, **more: Any) -> dict[str, Any]:
    """One step of an application's way, as it is kept."""
    said = {name: value for name, value in more.items() if value not in (None, "")}
    return {"event": event, "state": state, "on": on.isoformat(), "why": why, **said}


def form_of(row: Mapping[str, Any]) -> Form:
    """The form of an application, to be edited and given back."""
    return read_form(row["form"])


def _reference(work: Work, wanted: str) -> str:
    if not wanted.strip():
        count = work.connection.execute(select(func.max(APPLICATIONS.c.id))).scalar() or 0
        wanted = f"A-{count + 1:05d}"
        while work.find(APPLICATIONS, reference=wanted):
            count += 1
            wanted = f"A-{count + 1:05d}"
    name = one_line(wanted, "reference")
    if is_acn(name) or not re.search(r"\w", name):
        raise InputError("looks like an application control number, or says nothing",
                         where="reference", next_step="Use a number of your own")  # fmt: skip
    if work.find(APPLICATIONS, reference=name):
        raise Conflict(f"there is already an application {name!r}", where="reference")
    return name


def _policy(name: str) -> str:
    if name not in POLICIES:
        raise InputError(f"{name!r} is no review policy", where="review_policy",
                         next_step="Use " + ", ".join(POLICIES[1:]))  # fmt: skip
    return name
