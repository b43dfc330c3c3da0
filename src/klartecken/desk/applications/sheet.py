"""The filled data sheet: one HTML page without script or outside address, made to be printed.

Neither of the government's systems takes data from a program, so that a person types this in.
A browser prints it to PDF; there is no PDF library here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from klartecken.desk.applications.blocks import BY_FIELD, MEMORY, ROLES
from klartecken.desk.applications.cells import Cell, cells
from klartecken.desk.applications.finding import Finding
from klartecken.desk.applications.sheet_style import STYLE
from klartecken.facts.places import load_places

_COLUMNS = ("eccn", "performance", "model", "quantity", "unit", "unit_price", "total")
_BELOW = ("ccats", "manufacturer", "description")
_SIDE = ("1", "2", "3", "4", "5", "6", "7", "9", "10", "11", "12", "13")


def sheet(
    row: Mapping[str, Any], attachments: Iterable[Mapping[str, Any]] = (),
    findings: Iterable[Finding] = (),
) -> str:  # fmt: skip
    """The whole page for one application.

    Args:
        row: of APPLICATIONS.
        attachments: its files, as rows of ATTACHMENTS.
        findings: what stands against it; shown on top, so that no unready sheet looks ready.
    """
    form = row["form"]
    title = f"Application {row['reference']}"
    parts = [
        "<!doctype html>", '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">', f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style></head><body>", *_head(row), *_findings(findings),
        *_general(cells(form)), *_parties(form), *_use(form), *_lines(form), *_rest(form),
        *_checklist(row["checklist"]), *_files(attachments), *_foot(row), "</body></html>",
    ]  # fmt: skip
    return "\n".join(parts)


def _head(row: Mapping[str, Any]) -> Iterator[str]:
    yield "<header><div>"
    yield f"<h1>Licence application {escape(row['reference'])}</h1>"
    yield "<p>Data sheet for the BIS-748P data set. Not a filing, and not a licence.</p></div>"
    yield '<dl class="state">'
    policy = row["review_policy"].replace("_", " ") or "not named"
    for name, value in (("State", row["state"].replace("_", " ")),
                        ("Control number", row["acn"] or "none yet"),
                        ("Review policy", policy)):  # fmt: skip
        yield f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>"
    yield "</dl></header>"


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    held = list(findings)
    if not held:
        return
    yield '<section class="findings"><h2>To be seen to</h2><ul>'
    for finding in held:
        kind = "blocks" if finding.blocks else "note"
        where = f" <code>{escape(finding.where)}</code>" if finding.where else ""
        cite = f" <small>{escape(finding.kind.cite)}</small>" if finding.kind.cite else ""
        yield f'<li><b class="{kind}">{kind}</b> {escape(finding.text)}{where}{cite}</li>'
    yield "</ul></section>"


def _general(held: Iterable[Cell]) -> Iterator[str]:
    yield '<section><h2>General</h2><div class="grid">'
    for cell in held:
        if cell.block in _SIDE:
            yield _cell(cell.block, cell.name, cell.value, cell.tag)
    yield "</div></section>"


def _cell(number: str, name: str, value: str, tag: str, wide: bool = False) -> str:
    mark = '<i title="number from memory: check it on the form">m</i>' if tag == MEMORY else ""
    shown = escape(value) if value else '<span class="none">–</span>'
    style = "cell wide" if wide else "cell"
    return (f'<div class="{style}"><div class="name"><b>{escape(number)}</b>{mark} '
            f'{escape(name)}</div><div class="value">{shown}</div></div>')  # fmt: skip


def _parties(form: Mapping[str, Any]) -> Iterator[str]:
    yield '<section><h2>Parties</h2><div class="grid">'
    for role, title in ROLES.items():
        block = BY_FIELD[f"parties.{role}"]
        held = [party for party in form["parties"] if party["role"] == role]
        for number, party in enumerate(held, 1):
            count = f" ({number} of {len(held)})" if len(held) > 1 else ""
            yield _cell(block.number, title + count, _address(party), block.tag)
        if not held:
            yield _cell(block.number, title, "", block.tag)
    yield "</div></section>"


def _address(party: Mapping[str, Any]) -> str:
    code = party["country"]
    country = f"{load_places().name(code)} ({code})" if code else ""
    forwarder = "Forwarder" if party["forwarder"] else ""
    kept = (party["name"], party["address"], country, party["contact"], party["telephone"],
            forwarder)  # fmt: skip
    return "\n".join(part for part in kept if part)


def _use(form: Mapping[str, Any]) -> Iterator[str]:
    yield "<section><h2>End use</h2>"
    held = {cell.block: cell for cell in cells(form) if not cell.entry}
    yield _cell("21", "Specific end use", held["21"].value, MEMORY, wide=True) + "</section>"


def _lines(form: Mapping[str, Any]) -> Iterator[str]:
    yield "<section><h2>Items</h2><table><thead><tr><th>22</th>"
    for name in _COLUMNS:
        yield f'<th class="{name}">{_letter(name)}<br>{escape(BY_FIELD[f"lines.{name}"].name)}</th>'
    yield "</tr></thead>"
    for number, line in enumerate(form["lines"], 1):
        yield f"<tbody><tr><td>{number}</td>"
        for name in _COLUMNS:
            yield f'<td class="{name}">{escape(_figure(name, line[name])) or "–"}</td>'
        below = "\n".join(
            f"<b>{_letter(name)}</b> {escape(BY_FIELD[f'lines.{name}'].name)}: "
            f"{escape(line[name]) or '–'}" for name in _BELOW
        )  # fmt: skip
        yield f'</tr><tr class="more"><td></td><td colspan="{len(_COLUMNS)}">{below}</td></tr>'
        yield "</tbody>"
    total = escape(_figure("total", form["total_value"])) or "–"
    yield f'<tfoot><tr><td></td><td colspan="{len(_COLUMNS) - 1}"><b>23</b><i>m</i> Total'
    yield f'application value (USD)</td><td class="total">{total}</td></tr></tfoot></table>'
    yield "</section>"


def _letter(name: str) -> str:
    block = BY_FIELD[f"lines.{name}"]
    return block.number.removeprefix("22") + ("<i>m</i>" if block.tag == MEMORY else "")


def _figure(name: str, value: str) -> str:
    """Digits in groups of three, for the eye: the CSV has them plain."""
    if name not in ("quantity", "unit_price", "total") or not value:
        return value
    whole, dot, part = value.partition(".")
    if name != "quantity":
        dot, part = ".", (part + "00")[: max(2, len(part))]
    return f"{int(whole):,}{dot}{part}"


def _rest(form: Mapping[str, Any]) -> Iterator[str]:
    held = {cell.block: cell for cell in cells(form) if not cell.entry}
    yield "<section><h2>Additional information and signature</h2>"
    for number in ("24", "25"):
        yield _cell(number, held[number].name, held[number].value, held[number].tag, wide=True)
    yield "</section>"


def _checklist(items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    held = list(items)
    if not held:
        return
    yield '<section><h2>Checklist</h2><ul class="ticks">'
    for item in held:
        box = "☑" if item["done"] else "☐"
        evidence = f" <em>{escape(item['evidence'])}</em>" if item["evidence"] else ""
        cite = escape(", ".join(part for part in (item["cite"], f"source {item['tag']}") if part))
        yield (f'<li><span class="box">{box}</span> {escape(item["text"])} '
               f"<small>before {escape(item['when'])}; {cite}</small>{evidence}</li>")  # fmt: skip
    yield "</ul></section>"


def _files(attachments: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    held = list(attachments)
    if not held:
        return
    yield '<section><h2>Files</h2><ul class="files">'
    for file in held:
        yield (f"<li>{escape(file['name'])} <small>{escape(file['kind'].replace('_', ' '))}, "
               f"{escape(file['on_file'])}, {file['size']:,} bytes, SHA-256 "
               f"<code>{escape(file['sha256'])}</code></small></li>")  # fmt: skip
    yield "</ul></section>"


def _foot(row: Mapping[str, Any]) -> Iterator[str]:
    yield f"<footer>Content <code>{escape(row['content'])}</code>. Block numbers marked <i>m</i>"
    yield "are from memory: check them on the form. Money is in US dollars.</footer>"
