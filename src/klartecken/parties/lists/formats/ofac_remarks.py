"""Identifiers and further names in OFAC's remarks."""

from __future__ import annotations

import re

from klartecken.parties.lists.countries import country_code
from klartecken.parties.lists.formats.csl_fields import is_number, spaced, unique
from klartecken.parties.party import Identifier

# What a number's kind ends in; the number follows, its country in brackets
_IDENTIFIER = re.compile(
    r"(?:alt\. )?(?P<kind>"
    r"(?:[A-Z][\w.&/'() -]*?)?(?:\bNo\.|\bNumber|\bID #|\bID(?! No| #| Card)|\bID Card|Passport|"
    r"SWIFT/BIC|\bIMO|\bMMSI|\bLEI|Registration Identification|Identification|BIK \(RU\)|"
    r"C\.U\.I\.T\.|C\.U\.R\.P\.|R\.F\.C\.|D\.N\.I\.|C\.U\.I\.|RIF #?|NIT #?|RUC #?|RTN|"
    r"Cedula No\.|\bCode))"
    r" (?P<number>[\w][\w ./-]*?)"
    r"(?: \((?P<country>[^()]*)\))?(?: (?:issued|expires)\b.*)?\.?"
)
_NOT = re.compile(r"(?i)phone|\bfax\b|executive order|secondary sanctions|directive|linked to")
_ALIAS = re.compile(r"^(?:a|f|n)\.k\.a\. '(?P<name>.+)'\.?$")


def pieces(remarks: str) -> list[str]:
    """The remarks' parts, which semicolons divide."""
    return [spaced(part) for part in remarks.split(";") if part.strip()]


def identifiers_of(remarks: str) -> tuple[Identifier, ...]:
    """The numbers that the remarks name, each once.

    >>> identifiers_of("DOB 1962; Tax ID No. 7744001497 (Russia); a.k.a. 'RUSAG'.")
    (Identifier(kind='Tax ID No.', number='7744001497', country='RU'),)
    """
    found = []
    for part in pieces(remarks):
        match = _IDENTIFIER.fullmatch(part)
        if match and not _NOT.search(part) and is_number(match["number"]):
            country = country_code(match["country"] or "")
            found.append(Identifier(match["kind"], match["number"].strip(), country))
    return tuple(dict.fromkeys(found))


def aliases_of(remarks: str) -> tuple[str, ...]:
    """Names that stand in the remarks only: OFAC's weak aliases.

    >>> aliases_of("Linked To: X; a.k.a. 'SBERBANK MUMBAI'.")
    ('SBERBANK MUMBAI',)
    """
    matches = (_ALIAS.match(part) for part in pieces(remarks))
    return unique(match["name"] for match in matches if match)
