"""HTML: a self-contained fragment for notebooks and pages, no script, no outside address."""

from __future__ import annotations

from html import escape

from klartecken.decide.determination import Determination
from klartecken.words.document import Document, document

COLOURS = {"good": "#1a7f37", "bad": "#b42318", "unsure": "#9a6700", "plain": "inherit"}


def fragment(answer: Determination) -> str:
    """An answer as an HTML fragment."""
    return render(document(answer))


def render(doc: Document) -> str:
    """A document as an HTML fragment."""
    parts = [
        '<div class="klartecken" style="font-family:system-ui,sans-serif;max-width:60rem">',
        f'<p style="font-weight:700;font-size:1.2em;color:{COLOURS[doc.tone]};margin:0">'
        f"{escape(doc.headline)}</p>",
        f'<p style="margin:0.2em 0 0.8em">{escape(doc.question)}</p>',
    ]
    for section in doc.sections:
        parts.append(f'<p style="font-weight:600;margin:0.6em 0 0.1em">{escape(section.title)}</p>')
        parts.append('<ul style="margin:0">')
        for row in section.rows:
            finer = "".join(
                f'<div style="opacity:0.75;font-size:0.9em">{escape(line)}</div>'
                for line in row.finer
            )
            parts.append(
                f'<li><span style="color:{COLOURS[row.tone]}">{escape(row.text)}</span>{finer}</li>'
            )
        parts.append("</ul>")
    parts.append("</div>")
    return "".join(parts)
