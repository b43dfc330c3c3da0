"""The page of an audit bundle: everything in it, to be read and printed; no script, no address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from klartecken.desk.holds import HOLDS
from klartecken.desk.storage.tables import METADATA
from klartecken.words.sentences import words

STYLE = """
:root{color-scheme:light}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,"Segoe UI","Liberation Sans",Arial,sans-serif;color:#1c2430;
background:#f3f4f6;margin:0}
main{max-width:66rem;margin:2rem auto;background:#fff;padding:2.5rem 3rem;
border:1px solid #dfe3e8;border-radius:6px}
h1{font-size:1.7rem;margin:0 0 .2rem;letter-spacing:-.01em}
h2{font-size:1.15rem;margin:2.4rem 0 .8rem;padding-bottom:.3rem;border-bottom:2px solid #1c2430}
h3{font-size:1rem;margin:1.4rem 0 .4rem}
p.sub,.quiet{color:#5b6675}
p.sub{margin:0 0 1.4rem}
table{border-collapse:collapse;width:100%;margin:.4rem 0 1rem;font-size:.87rem}
th{text-align:left;font-weight:600;color:#5b6675;border-bottom:1px solid #aab3bf;
padding:.3rem .6rem .3rem 0;vertical-align:bottom}
td{border-bottom:1px solid #e6e9ed;padding:.35rem .6rem .35rem 0;vertical-align:top;
overflow-wrap:anywhere}
table.pairs{display:table}
table.pairs th{width:13rem;border-bottom:1px solid #e6e9ed;font-weight:500}
.record{border:1px solid #dfe3e8;border-radius:5px;padding:.2rem 1rem .1rem;margin:.7rem 0;
break-inside:avoid-page}
.mark{display:inline-block;border:1px solid;border-radius:3px;padding:0 .45rem;font-size:.82rem;
font-weight:600;white-space:nowrap}
.good{color:#1a7f37}.bad{color:#b42318}.unsure{color:#8a5c00}.plain{color:#45505e}
code{font:12px/1.45 ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
td.num{white-space:nowrap}
@media print{body{background:#fff;font-size:10.5pt}main{border:0;margin:0;padding:0;max-width:none}
h2{break-after:avoid}tr{break-inside:avoid}@page{margin:16mm}}
"""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
#: Tables in the order in which they are read, with their titles.
TITLES = {
    "lines": "Order lines", "releases": "Releases", "manual_holds": "Holds by hand",
    "break_glass": "Break-glass", "look_backs": "Look-backs",
    "applications": "Applications", "licences": "Licences", "licence_lines": "Lines of licences",
    "licence_parties": "Parties of licences", "conditions": "Conditions",
    "movements": "Movements of quantity and value", "approvals": "Approvals by a second person",
    "evidence": "Evidence", "attachments": "Attachments", "legal_holds": "Legal holds",
}  # fmt: skip
SINGULAR = {
    "lines": "Line", "releases": "Release", "manual_holds": "Hold", "break_glass": "Break-glass",
    "look_backs": "Look-back", "applications": "Application", "licences": "Licence",
    "licence_lines": "Licence line", "licence_parties": "Party", "conditions": "Condition",
    "movements": "Movement", "approvals": "Approval", "evidence": "Evidence",
    "attachments": "Attachment", "legal_holds": "Legal hold",
}  # fmt: skip
TONES = {
    "no_licence_required": "good", "licence_required": "bad", "prohibited": "bad",
    "undetermined": "unsure", "exception_available": "unsure", "held": "bad", "released": "good",
    "shipped": "good", "ready": "unsure", "approved": "good", "refused": "bad",
}  # fmt: skip


def page(body: Mapping[str, Any], receipts: Mapping[str, Any]) -> str:
    """The page of a bundle.

    Args:
        body: content of ``bundle.json``.
        receipts: seal -> receipt.
    """
    what = body["what"]
    title = f"Order {what['order']}" if "order" in what else f"Application {what['application']}"
    parts = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
        f"<title>{escape(title)}: audit bundle</title><style>{STYLE}</style></head><body><main>",
        f'<h1>{escape(title)}</h1><p class="sub">Audit bundle. The ledger ended at entry ',
        f"{escape(body['anchor'].split(':')[0])}. All times are UTC.</p>",
        *_overview(body), *_answers(body, receipts),
    ]  # fmt: skip
    for name in (*TITLES, *sorted({*body["records"]} - {*TITLES})):
        if rows := body["records"].get(name):
            parts.append(f"<h2>{escape(TITLES.get(name, words(name)))}</h2>")
            parts += [_record(name, row, body["people"]) for row in rows]
    parts += [*_entries(body), *_versions(body), _how(body), "</main></body></html>\n"]
    return "".join(parts)


def _overview(body: Mapping[str, Any]) -> Iterator[str]:
    """The order lines at a glance."""
    lines = body["records"].get("lines")
    if not lines:
        return
    yield "<h2>At a glance</h2>"
    none = '<span class="quiet">none</span>'
    rows = []
    for line in lines:
        holds = "".join(
            f"<div>{escape(HOLDS[h['code']].title if h['code'] in HOLDS else h['code'])}</div>"
            for h in line["holds"]
        )  # fmt: skip
        money = f"{line['unit_price']} {line['currency']}"
        rows.append([
            escape(str(line["external_id"])), escape(f"{line['quantity']} × {line['item']}"),
            escape(money), escape(line["destination"]), escape(line["end_user"]),
            _mark(line["state"]), _mark(line["outcome"]), holds or none,
        ])  # fmt: skip
    yield _table(("Line", "Item", "Unit price", "To", "End user", "State", "Answer", "Holds"), rows)


def _answers(body: Mapping[str, Any], receipts: Mapping[str, Any]) -> Iterator[str]:
    """Each distinct answer, and each receipt."""
    if body["verdicts"]:
        yield "<h2>Answers</h2>"
    for name, verdict in sorted(body["verdicts"].items()):
        yield f'<div class="record"><h3>Answer <code>{escape(name)}</code></h3>'
        yield _pairs(verdict, {}) + "</div>"
    if not receipts:
        return
    yield '<h2>Receipts</h2><p class="quiet">Each can be answered again: klartecken replay</p>'
    yield _table(("Receipt", "Day", "Item", "Answer", "Law", "Engine"), [
        [f"<code>receipts/{escape(seal)}.json</code>", escape(str(held["case"]["day"])),
         escape(str(held["case"]["item"]["name"])), _mark(held["answer"]["outcome"]),
         f"{escape(held['law']['regime'])} <code>{escape(held['law']['hash'][:12])}</code>",
         escape(str(held["engine"]))]
        for seal, held in sorted(receipts.items())
    ])  # fmt: skip


def _record(table: str, row: Mapping[str, Any], people: Mapping[str, str]) -> str:
    title = f"{SINGULAR.get(table, words(table))} {row['id']}"
    for name in ("external_id", "number", "reference", "name"):
        if row.get(name):
            title += f": {row[name]}"
            break
    known = METADATA.tables.get(table)
    order = [] if known is None else [c.name for c in known.columns if c.name in row]
    held = {name: row[name] for name in (*order, *row) if name not in ("id", "version")}
    return f'<div class="record"><h3>{escape(title)}</h3>{_pairs(held, people)}</div>'


def _pairs(held: Mapping[str, Any], people: Mapping[str, str]) -> str:
    """Names and values; what says nothing is left out."""
    rows = []
    for name, value in held.items():
        if value in ("", None, [], {}):
            continue
        shown = _value(value)
        if name.endswith("_by") and str(value) in people:
            shown = f"{escape(people[str(value)])} ({value})"
        elif name in ("state", "outcome"):
            shown = _mark(value)
        rows.append(f"<tr><th>{escape(words(name))}</th><td>{shown}</td></tr>")
    return f'<table class="pairs">{"".join(rows)}</table>'


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        long = len(value) > 30 and " " not in value
        if _MOMENT.fullmatch(value):
            return escape(value[:19].replace("T", " "))
        return f"<code>{escape(value)}</code>" if long else escape(value).replace("\n", "<br>")
    if isinstance(value, list):
        return "<br>".join(_value(part) for part in value)
    if isinstance(value, Mapping):
        said = {name: part for name, part in value.items() if part not in ("", None, [], {})}
        if any(isinstance(part, (list, Mapping)) for part in said.values()):
            return f"<code>{escape(json.dumps(said, ensure_ascii=False, sort_keys=True))}</code>"
        return "; ".join(f"{escape(words(name))}: {_value(part)}" for name, part in said.items())
    return escape(str(value))


def _entries(body: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2>Ledger</h2><p class='quiet'>{len(body['entries'])} entries, in order.</p>"
    rows = []
    for entry in body["entries"]:
        who = body["people"].get(str(entry["person"]), str(entry["person"]))
        why = f"<div><b>{escape(entry['why'])}</b></div>" if entry["why"] else ""
        rows.append([
            str(entry["seq"]), escape(entry["at"][:19].replace("T", " ")),
            f"{escape(who)}<div class='quiet'>{escape(entry['channel'])}</div>",
            f"{escape(entry['action'])}<div class='quiet'>{escape(entry['subject'])} "
            f"{entry['subject_id']}</div>",
            why + _change(entry), f"<code>{escape(entry['hash'][:12])}</code>",
        ])  # fmt: skip
    yield _table(("No.", "When", "Who, on what", "What", "Why, and what changed", "Hash"), rows)


def _change(entry: Mapping[str, Any]) -> str:
    new, old = entry["new"], entry["old"]
    if not isinstance(new, Mapping):
        return ""
    if "id" in new:
        return '<span class="quiet">the whole record, as first entered</span>'
    if old is None:
        return _value(new.get("noted"))
    return "".join(
        f"<div>{escape(words(name))}: {_value(old.get(name)) or '–'} → {_value(value) or '–'}</div>"
        for name, value in new.items()
    )


def _versions(body: Mapping[str, Any]) -> Iterator[str]:
    yield "<h2>Versions</h2>"
    yield _pairs({name: [v if isinstance(v, str) else json.dumps(v, sort_keys=True) for v in held]
                  for name, held in body["versions"].items()}, {})  # fmt: skip


def _how(body: Mapping[str, Any]) -> str:
    return (
        "<h2>How to check it</h2><p>The hash of every file stands in <code>manifest.sha256</code> "
        "(<code>sha256sum -c manifest.sha256</code>). Every entry carries the hash of all that it "
        "says and of the entry before it. The ledger that this was taken from ended with</p>"
        f"<p><code>{escape(body['anchor'])}</code></p>"
    )


def _mark(text: Any) -> str:
    if not text:
        return '<span class="quiet">–</span>'
    return f'<span class="mark {TONES.get(str(text), "plain")}">{escape(words(str(text)))}</span>'


def _table(head: tuple[str, ...], rows: list[list[str]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
