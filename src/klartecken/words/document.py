"""The answer as sections and rows: the one form that text, terminal and HTML are made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from klartecken.decide.determination import Determination, Evidence
from klartecken.words.parties import told
from klartecken.words.sentences import (
    BASIS_WORDS,
    OUTCOME_WORDS,
    TAG_WORDS,
    change,
    outcomes,
    words,
)

EVENTS_SHOWN = 6
CHANGES_SHOWN = 8
# Events that say something of letters, licences or rules come before commentary.
WEIGHTY = frozenset({
    "is_informed_letter", "assurance_given", "application_filed", "licence_granted",
    "licence_denied", "rule_effective", "rescission_announced", "import_blocked",
    "shipment_resumed", "shipment_stopped", "interagency_review",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line, its finer lines, and a tone: good, bad, unsure or plain."""

    text: str
    finer: tuple[str, ...] = ()
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Section:
    """A titled list of rows."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Headline, the question, and the sections that are not empty."""

    headline: str
    question: str
    tone: str
    sections: tuple[Section, ...]


TONES = {
    "no_licence_required": "good", "exception_available": "unsure", "licence_required": "bad",
    "prohibited": "bad", "undetermined": "unsure",
}  # fmt: skip


def document(answer: Determination) -> Document:
    """Lay out an answer."""
    headline = OUTCOME_WORDS[answer.outcome].upper()
    if answer.outcome == "undetermined":
        headline += f" ({outcomes(answer.possible_outcomes)})"
    sections = (
        Section("Why", tuple(_reasons(answer))),
        Section("Parties", tuple(_parties(answer))),
        Section("Missing: ask this", tuple(_missing(answer))),
        Section("Classification", tuple(_classification(answer))),
        Section("Review policy", tuple(_policy(answer))),
        Section("Exceptions", tuple(_exceptions(answer))),
        Section("Take note", tuple(Row(f.text, tone="unsure") for f in answer.flags)),
        Section("What was known on that day", tuple(_evidence(answer))),
        Section("Relies on", tuple(_assumptions(answer))),
        Section("What would change it", tuple(_changes(answer))),
        Section("Not modelled here", tuple(Row(g.text) for g in answer.gaps)),
        Section("Law", tuple(_law(answer))),
    )
    kept = tuple(section for section in sections if section.rows)
    return Document(headline, question(answer), TONES[answer.outcome], kept)


def question(answer: Determination) -> str:
    """The question on one line."""
    case, run = answer.case, answer.run
    given = case.as_given

    def named(codes: str) -> str:
        return " or ".join(run.places.name(code) for code in codes.split("|"))

    to = given.get("destination", "")
    text = f"{case.item.name} to {named(to)}" if to else case.item.name
    text += f" on {case.day}"
    if "exporter" in given:
        text += f", by {given['exporter']}"
    for name, label in (("consignee_hq", "consignee"), ("parent_hq", "parent")):
        if name in given:
            text += f", {label} headquartered in {named(given[name])}"
    return text


def _reasons(answer: Determination) -> Iterator[Row]:
    for r in answer.requirements:
        tone = "bad" if r.value == "yes" else "unsure"
        may = "" if r.value == "yes" else " (may apply)"
        finer = [f"{r.citation}; {r.url}"]
        if r.because:
            finer.insert(0, "because " + "; ".join(r.because))
        if r.tag != "primary":
            finer.append(TAG_WORDS[r.tag])
        yield Row(f"{r.title}{may} [{BASIS_WORDS[r.basis]}]", tuple(finer), tone)


def _parties(answer: Determination) -> Iterator[Row]:
    for named in (answer.case.parties or {}).get("named", ()):
        yield Row(*told(named))


def _missing(answer: Determination) -> Iterator[Row]:
    for m in answer.missing:
        finer = tuple(f"{r.condition}: {outcomes(r.outcomes)}" for r in m.readings)
        yield Row(f"{m.question} ({m.fact})", finer, "unsure")


def _classification(answer: Determination) -> Iterator[Row]:
    found = answer.classification
    if found.certain:
        yield Row(", ".join(found.certain))
    if found.possible:
        yield Row("perhaps " + ", ".join(found.possible), tone="unsure")
    if not found.certain and not found.possible:
        yield Row("in none of the paragraphs modelled here")


def _policy(answer: Determination) -> Iterator[Row]:
    if answer.review_policy:
        yield Row(words(answer.review_policy))
    elif answer.review_policies_possible:
        names = [words(p) for p in answer.review_policies_possible if p != "unknown"]
        if "unknown" in answer.review_policies_possible:
            names.append("not known from the sources")
        yield Row(" or ".join(names), tone="unsure")


def _exceptions(answer: Determination) -> Iterator[Row]:
    closed = [e for e in answer.exceptions if e.value == "unavailable"]
    for e in answer.exceptions:
        if e.value != "unavailable":
            tone = "good" if e.value == "available" else "unsure"
            finer = tuple(f"needs: {c.text}" for c in e.conditions)
            yield Row(f"{e.symbol}: {e.value} [{e.citation}]", finer, tone)
    reasons: dict[str, list[str]] = {}
    for e in closed:
        for bar in [b for b in e.bars if b.id != "scope"][:1]:
            reasons.setdefault(bar.text, []).append(e.symbol)
    for text, symbols in reasons.items():
        yield Row(f"unavailable: {', '.join(dict.fromkeys(symbols))} ({text})")
    scope = sorted({e.symbol for e in closed if all(b.id == "scope" for b in e.bars)})
    if scope:
        yield Row("outside their scope: " + ", ".join(scope))


def _evidence(answer: Determination) -> Iterator[Row]:
    events = list(answer.evidence)
    weighty = [e for e in events if e.action in WEIGHTY]
    chosen = (weighty or events)[-EVENTS_SHOWN:]
    for event in chosen:
        yield Row(event_line(event), tone="unsure" if event.rung is not None else "plain")
    if len(events) > len(chosen):
        yield Row(f"and {len(events) - len(chosen)} more (--json lists all)")
    if events:
        yield Row("only rung 6, your own licence in hand, releases a shipment")


def event_line(event: Evidence) -> str:
    """One event on one line."""
    rung = f"rung {event.rung}, {event.rung_name}; " if event.rung is not None else ""
    return f"{event.date} {words(event.action)} [{rung}{words(event.grade)}]: {event.text}"


def _assumptions(answer: Determination) -> Iterator[Row]:
    for a in answer.assumptions:
        word = "presumed" if a.kind == "presumption" else "assumed"
        yield Row(f"{word}: {a.text}", (f"if wrong: {outcomes(a.if_wrong)}",))


def _changes(answer: Determination) -> Iterator[Row]:
    shown = answer.would_change[:CHANGES_SHOWN]
    for item in shown:
        yield Row(change(item))
    if len(answer.would_change) > len(shown):
        yield Row(f"and {len(answer.would_change) - len(shown)} more (--json lists all)")


def _law(answer: Determination) -> Iterator[Row]:
    law = answer.law
    yield Row(
        f"{law['regime']}, {law['view']} view, sources read to {law['read_until']}, "
        f"version {law['hash'][:12]}, {answer.engine}"
    )
