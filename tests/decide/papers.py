"""What a change of the answer asks for, read back from its words as facts to ask again with."""

from __future__ import annotations

import re

from klartecken.logic.vocabulary import Vocabulary

BUNDLE = re.compile(r"(\w+) \(all \d+\)")
EDGE = re.compile(r"(\w+) >= ([\d.]+)")
CHOICE = re.compile(r"(\w+) (?:==|in) ([\w, ]+)")


def facts_of(condition: str, vocabulary: Vocabulary) -> dict[str, str] | None:
    """The facts that meet a condition, or nothing when it is more than a list of papers.

    ``nac_notice_days >= 25 and purchase_order`` gives 25 days and a yes.
    """
    found: dict[str, str] = {}
    for part in condition.split(" and "):
        if part in vocabulary.facts:
            found[part] = "yes"
        elif (match := BUNDLE.fullmatch(part)) and match[1] in vocabulary.bundles:
            found.update(dict.fromkeys(vocabulary.bundles[match[1]], "yes"))
        elif match := EDGE.fullmatch(part):
            found[match[1]] = match[2]
        elif match := CHOICE.fullmatch(part):
            found[match[1]] = match[2].split(", ")[0]
        else:
            return None
    return found
