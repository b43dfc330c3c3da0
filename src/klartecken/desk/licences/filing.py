"""What the export filing and the invoice must say of a line (758.1, 758.2, 758.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from klartecken.desk.licences.same import legal_place_of
from klartecken.desk.work import Row

#: Licence type codes of AES that we know. Those of exceptions are not verified, and not guessed.
CODES = {"licence": "C30", "nlr": "C33"}
#: All items of the Commerce Control List to these places are filed, whatever they are worth.
ALWAYS = frozenset({"CN", "RU", "VE"})
EAR99 = "EAR99"


@dataclass(frozen=True, slots=True)
class Filing:
    """What to file for a line.

    Attributes:
        code: licence type code, or empty: not known to us, look it up.
        licence: number of the licence, or empty.
        eccn: paragraph to report, or empty where it is not known.
        needed: why electronic export information is needed, each with its rule.
        description: how the description must begin and what it must be.
        after_departure: may it be filed after departure? None: we do not say.
        invoice: what must stand on the invoice.
        notes: what is not verified.
    """

    code: str
    licence: str
    eccn: str
    needed: tuple[str, ...]
    description: str
    after_departure: bool | None
    invoice: tuple[str, ...]
    notes: tuple[str, ...]


def filing_of(
    line: Row, eccns: Iterable[str], *, licence: Row | None = None,
    licence_line: Row | None = None, on_uvl: bool = False, is_veu: bool = False,
) -> Filing:  # fmt: skip
    """What to file for a line with its authorisation.

    Args:
        line: with ``authorisation`` and ``exception``.
        eccns: paragraphs of its classification; several, where it is not settled.
        licence, licence_line: those that it leaves on.
        on_uvl: is a party on the Unverified List?
        is_veu: does it leave under a validated end user's authorisation?
    """
    held = sorted({e for e in eccns if e})
    authorisation = line["authorisation"]
    eccn = _eccn(held, licence_line)
    licensed = authorisation == "licence"
    needed = tuple(_needed(line, held, licensed, on_uvl, is_veu))
    return Filing(
        CODES.get(authorisation, ""), licence["number"] if licensed and licence else "", eccn,
        needed, _description(eccn, held, licensed), False if licensed else None,
        tuple(_invoice(held, eccn)), tuple(_notes(line, eccn, held)),
    )  # fmt: skip


def _eccn(held: list[str], licence_line: Row | None) -> str:
    """The ECCN is reported as on the licence (758.1(g)(1))."""
    if licence_line is not None and licence_line["eccn"]:
        return str(licence_line["eccn"])
    return held[0] if len(held) == 1 else ""


def _needed(
    line: Row, held: list[str], licensed: bool, on_uvl: bool, is_veu: bool
) -> Iterable[str]:
    if licensed:
        yield "it needs a licence, whatever it is worth: 758.1(b)(2)"
    if is_veu:
        yield "it leaves for a validated end user: 758.1(b)(7)"
    if on_uvl:
        yield "a party is on the Unverified List: 758.1(b)(8)"
    on_the_list = not held or any(e.upper() != EAR99 for e in held)
    if on_the_list and (legal_place_of(line["destination"]) or "CN") in ALWAYS:
        yield "an item of the Commerce Control List goes there, whatever it is worth: 758.1(b)(10)"


def is_z(eccn: str) -> bool:
    """Is it one of the .z paragraphs?

    >>> is_z("4A003.z.1"), is_z("3A090.a")
    (True, False)
    """
    return ".z" in eccn.lower()


def _description(eccn: str, held: list[str], licensed: bool) -> str:
    parts = []
    if any(is_z(e) for e in (eccn, *held)):
        parts.append("begin with .z: 758.1(g)(5)")
    if licensed:
        parts.append("describe the item as the licence does: 758.1(g)(1)")
    return "; ".join(parts)


def _invoice(held: list[str], eccn: str) -> Iterable[str]:
    classes = {e for e in (eccn, *held) if e}
    if classes != {EAR99}:
        yield "the destination control statement: 758.6(a)"
    for name in sorted(classes):
        if is_z(name) or name.upper().startswith(("3A090", "4A090")):
            yield f"the ECCN {name}: 758.6(a)"


def _notes(line: Row, eccn: str, held: list[str]) -> Iterable[str]:
    if line["authorisation"] == "exception":
        yield (f"the licence type code of exception {line['exception'] or 'unnamed'} is not "
               "verified: look it up in appendix F of AES")  # fmt: skip
    elif line["authorisation"] not in CODES:
        yield "the line has no authorisation, so it has no licence type code"
    if not eccn:
        yield "the ECCN is not settled: " + (", ".join(held) or "nothing is known of it")


def check_description(text: str, eccn: str) -> str:
    """What is wrong with a description; empty when it begins as it must (758.1(g)(5))."""
    if is_z(eccn) and not text.startswith(".z"):
        return "the description must begin with .z (758.1(g)(5))"
    return ""
