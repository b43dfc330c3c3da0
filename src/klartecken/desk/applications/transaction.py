"""Is it the same transaction? A key that equal transactions share (748.4(f))."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from klartecken.desk.applications.form import destination, parties
from klartecken.desk.work import content_hash


def transaction_key(form: Mapping[str, Any]) -> str:
    """Hash of the route, the consignees, end users and purchasers, and the items.

    Quantity, price and dates are left out: the same goods to the same people in another number
    are taken for the same transaction until somebody says why they are not. Names and models
    are compared without case, accents, blanks and punctuation.
    """
    who = sorted({(party["role"], bare(party["name"]), party["country"]) for _, party in
                  parties(form, "consignee", "end_user", "purchaser")})  # fmt: skip
    what = sorted({(bare(line["item"] or line["model"] or line["description"]),
                    bare(line["eccn"])) for line in form["lines"]})  # fmt: skip
    return content_hash([form["application_type"], destination(form), who, what])


def bare(name: str) -> str:
    """A name reduced to its letters and digits.

    >>> bare("Étoile  Computing, Inc.") == bare("ETOILE COMPUTING INC")
    True
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in folded if char.isalnum())
