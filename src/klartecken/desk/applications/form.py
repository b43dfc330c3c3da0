"""The form of an application: the BIS-748P data set as plain data.

A form is a dictionary with the keys of :func:`read_form`, all of them always there; numbers are
exact decimals as text, days ISO text, countries ISO codes, money US dollars. A draft may be
incomplete: what must be there before it is filed is said by :mod:`.validate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from klartecken.desk.applications.blocks import APPLICATION_TYPES, DOCUMENTS, END_USES, ROLES
from klartecken.desk.applications.reading import FormError, Reader
from klartecken.facts.places import Places, load_places

Form = dict[str, Any]
CENT = Decimal("0.01")
EXACT = Context(prec=60)  # more than any product of two numbers of a form


def read_form(raw: Any, places: Places | None = None) -> Form:
    """Plain JSON as a form.

    Args:
        raw: a mapping; every key may be left out.
        places: names of countries.

    Raises:
        FormError: an unknown key, a wrong kind of value, a number that is not exact, a place
            that does not exist; all of them at once, each with its path.
    """
    reader = Reader(places or load_places())
    form = reader.fields(raw, "", _whole(reader))
    if reader.mistakes:
        raise FormError(reader.mistakes)
    return form


def blank() -> Form:
    """A form in which nothing is said."""
    return read_form({})


def _whole(r: Reader) -> dict[str, Callable[[Any, str], Any]]:
    def documents(value: Any, where: str) -> list[str]:
        found = r.many(value, where, lambda v, w: r.choice(v, w, DOCUMENTS))
        return sorted({*found} - {""})

    def numbers(value: Any, where: str) -> list[str]:
        return [text for text in r.many(value, where, r.line) if text]

    return {
        "contact": _part(r, name=r.line, telephone=r.line, facsimile=r.line, email=r.line),
        "filed_on": r.day,
        "application_type": lambda v, w: r.choice(v, w, APPLICATION_TYPES),
        "documents_submitted": documents, "documents_on_file": documents,
        "special_purpose": r.text,
        "resubmission": r.flag, "resubmission_of": r.line,
        "replaces_licence": r.line,
        "previously_exported": r.text,
        "euc_ref": _part(r, country=r.place, number=r.line),
        "parties": lambda v, w: r.many(v, w, _part(
            r, role=lambda x, y: _role(r, x, y), name=r.line, address=r.text, country=r.place,
            contact=r.line, telephone=r.line, forwarder=r.flag)),
        "ship_from": r.place, "laden_or_exported": r.flag,
        "end_use": r.text, "end_use_code": lambda v, w: r.choice(v, w, END_USES),
        "lines": lambda v, w: r.many(v, w, _part(
            r, item=r.line, eccn=r.line, performance=r.line, model=r.line, ccats=r.line,
            quantity=lambda x, y: r.number(x, y, 3), unit=r.line,
            unit_price=lambda x, y: r.number(x, y, 4), total=lambda x, y: r.number(x, y, 4),
            manufacturer=r.line, description=r.text)),
        "total_value": lambda v, w: r.number(v, w, 4),
        "narrative": r.text, "all_or_nothing": r.flag,
        "certifier": _part(r, name=r.line, title=r.line, signed_on=r.day),
        "distinct_from": lambda v, w: r.many(v, w, _part(r, reference=r.line, why=r.text)),
        "order_numbers": numbers,
    }  # fmt: skip


def _part(r: Reader, **spec: Callable[[Any, str], Any]) -> Callable[[Any, str], dict[str, Any]]:
    return lambda value, where: r.fields(value, where, spec)


def _role(r: Reader, value: Any, where: str) -> str:
    found = r.choice(value, where, ROLES)
    if value in (None, ""):
        r.wrong(where, "is needed: one of " + ", ".join(ROLES))
    return found


# -- what is read from a form ------------------------------------------------------------------
def parties(form: Mapping[str, Any], *roles: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The parties in some roles, each with its place in the form."""
    for place, party in enumerate(form["parties"]):
        if party["role"] in roles:
            yield place, party


def destination(form: Mapping[str, Any]) -> str:
    """The country of the ultimate consignee, or empty."""
    return next((party["country"] for _, party in parties(form, "consignee")), "")


def amount(text: str) -> Decimal | None:
    """A number of a form, or None where nothing is said."""
    return Decimal(text) if text else None


def line_total(line: Mapping[str, Any]) -> Decimal | None:
    """Quantity times unit price, exactly; None where one of them is missing."""
    count, price = amount(line["quantity"]), amount(line["unit_price"])
    return None if count is None or price is None else EXACT.multiply(count, price)


def total_fits(line: Mapping[str, Any]) -> bool:
    """Is the total price what quantity and unit price give, to the cent where they give less?"""
    exact, said = line_total(line), amount(line["total"])
    return exact is not None and said in (exact, to_cents(exact))


def to_cents(exact: Decimal) -> Decimal:
    """Rounded to cents, half a cent up."""
    return exact.quantize(CENT, ROUND_HALF_UP, EXACT)


def sum_of_lines(form: Mapping[str, Any]) -> Decimal | None:
    """The sum of the total prices, exactly; None where one is missing."""
    whole = Decimal(0)
    for line in form["lines"]:
        total = amount(line["total"])
        if total is None:
            return None
        whole = EXACT.add(whole, total)
    return whole


def with_sums(raw: Mapping[str, Any]) -> Form:
    """A form in which totals that were left out are worked out.

    Raises:
        FormError: as of :func:`read_form`.
    """
    form = read_form(raw)
    for line in form["lines"]:
        exact = line_total(line)
        if not line["total"] and exact is not None:
            line["total"] = str(to_cents(exact))
    whole = sum_of_lines(form)
    if not form["total_value"] and whole is not None and form["lines"]:
        form["total_value"] = str(whole)
    return read_form(form)
