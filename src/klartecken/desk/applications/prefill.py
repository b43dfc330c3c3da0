"""A first form from a determination and an order line: what is known, and nothing guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from klartecken.decide.determination import Determination
from klartecken.desk.applications.checklist import checklists
from klartecken.desk.applications.form import Form, with_sums
from klartecken.desk.applications.rules.items import advanced
from klartecken.desk.licences.same import names_of
from klartecken.facts.chips import load_catalogue
from klartecken.logic.values import Choice, Range

APPLIED_FOR = ("export", "reexport")
GONE = ("shipped", "returned")


@dataclass(frozen=True, slots=True)
class Prefilled:
    """A form to begin with.

    Attributes:
        form: as of :func:`.form.read_form`.
        review_policy: the determination's, or empty where several are possible.
        paths: checklists whose review policy is open, or would be with its certifications.
        notes: what could not be filled, and why; for the preparer, not for BIS.
    """

    form: Form
    review_policy: str
    paths: tuple[str, ...]
    notes: tuple[str, ...]


def prefill(
    answer: Determination, line: Mapping[str, Any], applicant: Mapping[str, Any] | None = None
) -> Prefilled:  # fmt: skip
    """The form for an order line of which a determination says that it needs a licence.

    Args:
        answer: the determination of this line.
        line: a row of LINES.
        applicant: name, address, country and so on of the firm that applies; else the exporter's
            name stands alone.
    """
    notes = list(_doubts(answer))
    eccn = _eccn(answer, notes)
    raw: dict[str, Any] = {
        "application_type": line["activity"] if line["activity"] in APPLIED_FOR else "",
        "ship_from": line["ship_from"],
        "laden_or_exported": line["state"] in GONE,
        "parties": _parties(line, applicant, notes),
        "end_use_code": _known(answer, "end_use"),
        "lines": [_item(answer, line, eccn, notes)],
        "order_numbers": [text for text in (line["order_number"], line["external_id"]) if text],
    }
    if not raw["application_type"]:
        notes.append("The type of application is to be said: the line says "
                     f"{line['activity'] or 'nothing'}.")  # fmt: skip
    notes.append("The specific end use of block 21 is to be written out.")
    paths = tuple(open_paths(answer))
    return Prefilled(with_sums(raw), answer.review_policy or "", paths, tuple(notes))


def open_paths(answer: Determination) -> Iterator[str]:
    """Checklists whose review policy applies, or would once their items are shown."""
    holds = {provision for provision, _, value, _ in answer.trace if value == "yes"}
    could = {(change.fact, change.review_policy) for change in answer.would_change
             if change.kind == "paper"}  # fmt: skip
    for chosen in checklists().values():
        if chosen.provision and (
            chosen.provision in holds or (chosen.provision, chosen.policy) in could
        ):
            yield chosen.id


def _doubts(answer: Determination) -> Iterator[str]:
    if answer.outcome != "licence_required":
        said = answer.outcome.replace("_", " ")
        yield f"The determination says {said}, and not that a licence is required."
    if answer.review_policy is None:
        possible = ", ".join(answer.review_policies_possible).replace("_", " ")
        yield f"The review policy is not certain ({possible or 'none known'})."
    for gap in answer.missing:
        yield f"A fact is missing: {gap.question}"


def _eccn(answer: Determination, notes: list[str]) -> str:
    certain, possible = answer.classification.certain, answer.classification.possible
    if len(certain) == 1 and not possible:
        return certain[0]
    shown = ", ".join((*certain, *(f"perhaps {eccn}" for eccn in possible))) or "none found"
    notes.append(f"The ECCN is to be chosen: {shown}.")
    return ""


def _parties(
    line: Mapping[str, Any], applicant: Mapping[str, Any] | None, notes: list[str]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if applicant:
        found.append({**applicant, "role": "applicant"})
    elif line["exporter"]:
        found.append({"role": "applicant", "name": line["exporter"]})
    at = {_same(name): line["destination"] for name in names_of(line["consignee"])}
    for role in ("purchaser", "intermediate", "consignee", "end_user"):
        for name in names_of(line[role]):
            # only the consignee's country is on the line; another party's is not guessed
            found.append({"role": role, "name": name, "country": at.get(_same(name), "")})
    blank = [party["name"] for party in found if not party.get("country")]
    if blank:
        notes.append("The country is to be said of " + ", ".join(blank) + ".")
    return found


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def _item(
    answer: Determination, line: Mapping[str, Any], eccn: str, notes: list[str]
) -> dict[str, Any]:
    item = answer.case.item
    dollars = line["currency"] == "USD"
    if not dollars:
        notes.append(f"The price is in {line['currency']}; the form is in US dollars.")
    held = load_catalogue()
    made = held.chips.get(item.id) or held.servers.get(item.id)
    return {
        "item": item.id, "eccn": eccn, "performance": _performance(answer, eccn),
        "model": item.name, "quantity": str(line["quantity"]), "unit": line["unit"],
        "unit_price": str(line["unit_price"]) if dollars else "",
        "manufacturer": made.vendor if made else "",
        "description": ". ".join(_described(answer, eccn)),
    }  # fmt: skip


def _performance(answer: Determination, eccn: str) -> str:
    tpp = _range(answer, "tpp")
    each = " per chip" if answer.case.item.kind == "assembly" else ""
    return f"TPP {tpp}{each}" if tpp and (advanced(eccn) or not eccn) else ""


def _described(answer: Determination, eccn: str) -> Iterator[str]:
    """What is known of the item. The paragraph .z comes first (758.1(g)(5))."""
    if ".z" in eccn:
        yield ".z"
    yield answer.case.item.name
    for name, title, unit in (
        ("tpp", "Total processing performance", ""),
        ("memory_bandwidth", "Memory bandwidth", " GB/s"),
        ("io_bandwidth", "Interconnect bandwidth", " GB/s"),
    ):
        value = _range(answer, name)
        if value:
            yield f"{title} {value}{unit}"


def _range(answer: Determination, name: str) -> str:
    value = answer.case.value(name)
    return str(value) if isinstance(value, Range) and value.known else ""


def _known(answer: Determination, name: str) -> str:
    value = answer.case.value(name)
    return value.only() if isinstance(value, Choice) and value.known else ""
