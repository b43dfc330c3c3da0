"""Write docs/law from the law files: one page for each file, and an index.

Run it as ``python tools/law_docs.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from pages import ROOT, one_line, write_all

from klartecken.law.load import load_law
from klartecken.law.model import STAGES
from klartecken.law.reader import read_yaml
from klartecken.logic.values import show

FOLDER = ROOT / "docs" / "law"
SOURCE = "src/klartecken/law/us_ear"
TAGS = {
    "primary": "the text, or a verbatim quotation, was seen",
    "secondary": "read in somebody's summary",
    "memory": "from memory, not verified",
    "inferred": "our own inference",
}
PARTS = (("bars", "Bars"), ("conditions", "Conditions"))


def cell(text: object) -> str:
    """Text for a table cell."""
    return " ".join(str(text).split()).replace("|", "\\|")


def link(text: str, url: str) -> str:
    """A citation with its address."""
    return f"[{text.replace('[', '(').replace(']', ')')}]({url})" if url else text


def period(start: object, until: object) -> str:
    """The days of a version, both included."""
    return f"{start} to {until}" if until else f"from {start}"


def head(title: str, name: str) -> list[str]:
    """The first lines of a page."""
    return [
        f"# {title}",
        "",
        f"Generated from [{name}](../../{SOURCE}/{name}) by `make docs`; do not edit.",
        "",
    ]


def family(name: str, doc: dict[str, Any]) -> str:
    """The page of one file of provisions."""
    lines = head(str(doc.get("title") or doc["family"]), name)
    for entry in doc["provisions"]:
        lines += provision(entry)
    return "\n".join(lines).rstrip() + "\n"


def provision(entry: dict[str, Any]) -> Iterator[str]:
    """One provision with its versions."""
    title = entry.get("title", "")
    yield f"## `{entry['id']}`" + (f" {title}" if title else "")
    yield ""
    kind = [entry["stage"]]
    kind += [f"{key} `{entry[key]}`" for key in ("basis", "policy", "symbol", "code", "eccn")
             if entry.get(key)]  # fmt: skip
    yield ", ".join(kind) + "."
    if entry.get("for"):
        yield "For " + ", ".join(f"`{target}`" for target in entry["for"]) + "."
    if entry.get("exceptions"):
        yield "Can be overcome by " + ", ".join(entry["exceptions"]) + "."
    if entry.get("text"):
        yield ""
        yield f"> {' '.join(entry['text'].split())}"
    yield ""
    for version in entry["versions"]:
        yield from wording(version)


def wording(version: dict[str, Any]) -> Iterator[str]:
    """One version."""
    start = version.get("compliance") or version["from"]
    yield f"### {version['id']}: {period(start, version.get('until'))}"
    yield ""
    if version.get("compliance"):
        yield f"- effective {version['from']}, to be complied with from {version['compliance']}"
    if version.get("view"):
        yield f"- only in the `{version['view']}` view"
    if version.get("enforced") is False:
        yield "- not enforced"
    for key in ("basis", "policy"):
        if version.get(key):
            yield f"- {key} `{version[key]}`"
    if version.get("exceptions"):
        yield "- can be overcome by " + ", ".join(version["exceptions"])
    if version.get("params"):
        numbers = (f"`{name}` = {show(value)}" for name, value in version["params"].items())
        yield "- parameters: " + ", ".join(numbers)
    yield f"- source: {link(version['cite'], version['url'])} ({version['tag']})"
    if version.get("instrument"):
        yield f"- instrument: {version['instrument']}"
    if version.get("note"):
        yield f"- note: {' '.join(version['note'].split())}"
    if version.get("text"):
        yield f"- text: {' '.join(version['text'].split())}"
    yield ""
    yield from condition(version["when"])
    for key, label in PARTS:
        if version.get(key):
            yield f"{label}:"
            yield ""
            for clause in version[key]:
                cite = f" ({clause['cite']})" if clause.get("cite") else ""
                yield f"- {' '.join(clause['text'].split())}{cite}: `{written(clause['when'])}`"
            yield ""


def written(when: object) -> str:
    """A condition on one line."""
    text = {True: "true", False: "false"}[when] if isinstance(when, bool) else str(when)
    return " ".join(text.split())


def condition(when: object) -> Iterator[str]:
    """A condition as a block."""
    yield "```text"
    yield written(when)
    yield "```"
    yield ""


def vocabulary(doc: dict[str, Any]) -> str:
    """The page of the facts."""
    lines = head("Facts that a condition may name", "facts.yaml")
    lines.append("| fact | of | kind | unit | question | when nobody says |")
    lines.append("|---|---|---|---|---|---|")
    for name, spec in doc["facts"].items():
        word = "presumed" if "presumed" in spec else "assumed"
        silent = f"{word}: {spec['assumption']}" if "assumption" in spec else "unknown"
        kind = spec["kind"]
        if spec.get("options"):
            kind += ": " + ", ".join(map(str, spec["options"]))
        row = (f"`{name}`", spec["of"], kind, spec.get("unit", ""), spec["question"], silent)
        lines.append("| " + " | ".join(cell(part) for part in row) + " |")
    lines += ["", "A name that sets several at once:", ""]
    for name, members in doc.get("bundles", {}).items():
        lines.append(f"- `{name}`: " + ", ".join(f"`{member}`" for member in members))
    return "\n".join(lines).rstrip() + "\n"


def index(docs: dict[str, dict[str, Any]]) -> str:
    """The index: reach of the law, files, instruments, tags."""
    law = load_law()
    lines = head(law.title, "regime.yaml")
    lines += [
        f"Encoded from {law.covers_from}; the sources were read up to **{law.read_until}**. What",
        "is left out is in [gaps](gaps.md). Not an official edition, and not legal advice.",
        "",
        "| page | what | provisions | versions |",
        "|---|---|---|---|",
    ]
    for name, doc in docs.items():
        if name in ("regime.yaml", "facts.yaml"):
            continue
        entries = doc["provisions"]
        stem = name.removesuffix(".yaml")
        count = sum(len(entry["versions"]) for entry in entries)
        title = cell(doc.get("title") or doc["family"])
        lines.append(f"| [{stem}]({stem}.md) | {title} | {len(entries)} | {count} |")
    lines += ["", "The words of the conditions are in [facts](facts.md). The stages, in order: "]
    lines[-1] += ", ".join(STAGES) + "."
    lines += ["", "## Instruments", "", "| | title | citation | published | effective | tag |"]
    lines.append("|---|---|---|---|---|---|")
    for key, entry in docs["regime.yaml"]["instruments"].items():
        title = entry["title"] + (f" ({entry['note']})" if entry.get("note") else "")
        cite = link(entry.get("cite", ""), entry.get("url", ""))
        row = (key, title, cite, entry.get("published", ""), entry.get("effective", ""),
               entry["tag"])  # fmt: skip
        lines.append("| " + " | ".join(cell(part) for part in row) + " |")
    lines += ["", "## Tags", ""]
    lines += [f"- `{tag}`: {meaning}" for tag, meaning in TAGS.items()]
    return "\n".join(lines) + "\n"


def generate() -> dict[str, str]:
    """Every page by its name in docs/law."""
    folder = files("klartecken.law") / "us_ear"
    found = sorted((p for p in folder.iterdir() if p.name.endswith(".yaml")), key=lambda p: p.name)
    docs = {path.name: read_yaml(path) for path in found}
    made = {"index.md": index(docs), "facts.md": vocabulary(docs["facts.yaml"])}
    for name, doc in docs.items():
        if name not in ("regime.yaml", "facts.yaml"):
            made[name.removesuffix(".yaml") + ".md"] = family(name, doc)
    return made


def main() -> None:
    """Write the pages, and remove those that nothing generates any more."""
    made = generate()
    gone = [path for path in FOLDER.glob("*.md") if path.name not in made]
    write_all({FOLDER / name: text for name, text in made.items()}, gone)
    print(f"docs/law: {len(made)} pages")


if __name__ == "__main__":
    one_line(main)
