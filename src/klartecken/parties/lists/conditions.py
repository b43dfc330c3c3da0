"""What the texts of an entry say: footnotes of the Entity List, and review policies.

Footnotes are no field of any file: the digit hangs on the end of the licence requirement
(``of the EAR)4``) or on the paragraph that it cites (``734.9(e)1``).
"""

from __future__ import annotations

import re
from dataclasses import replace

from klartecken.parties.lists.entry import Entry

# The paragraph of 15 CFR 734.9 that is each footnote's rule. The digit may stand apart.
_FIRST = re.compile(r"734\.9\(e\)\s*(?:\(1\)|1(?!\d))")
_FOURTH = re.compile(r"734\.9\(e\)\s*\(2\)")
_FIFTH = re.compile(r"734\.9\(e\)\s*\(3\)")
# A digit hung on the closing bracket; 2 (former Huawei rows) is historical and left out
_HUNG = re.compile(r"of the EAR\.?\)\s*([1345])(?=\.|\s|$)")
_ANY_RULE = re.compile(r"734\.9\(")

_SECTION = r"\d{3}\.\d+(?:\s?\([a-z0-9]+\))*[a-z]?"
_SEE = rf"(?:see\s?§+\s*{_SECTION}(?:,? and (?:§\s*)?{_SECTION})?(?: of (?:the ear|this part))?)"
_POLICY = re.compile(
    r"(presumption (?:of|for) denial|policy of denial|case-by-case(?: basis| review)?)"
    rf"(?: for all items subject to the ear)?\.?(?:\s*{_SEE})?\.?"
)
_WORDS = {"pre": "presumption_of_denial", "pol": "policy_of_denial", "cas": "case_by_case"}


def footnotes(requirement: str) -> tuple[str, ...]:
    """The footnotes of the Entity List that a licence requirement carries: of 1, 3, 4, 5.

    >>> footnotes("For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR)4")
    ('4',)
    >>> footnotes("For all items subject to the EAR, see §§ 734.9(e)1 and 744.11 of the EAR2")
    ('1',)
    """
    found = set(_HUNG.findall(requirement))
    if _FIRST.search(requirement):
        found.add("1")
    if "734.9(g)" in requirement and "746.8(a)(3)" in requirement:
        found.add("3")
    if _FOURTH.search(requirement):
        found.add("4")
    if _FIFTH.search(requirement):
        found.add("5")
    return tuple(sorted(found))


def footnote_unread(requirement: str) -> bool:
    """Does it cite a foreign direct product rule of 734.9, but no footnote can be read?

    Such an entry may carry a footnote that the list's text lost: a person must look.

    >>> footnote_unread("For all items subject to the EAR. (See §734.9(e) and §744.11)")
    True
    """
    return bool(_ANY_RULE.search(requirement)) and not footnotes(requirement)


def review_policy(text: str) -> str:
    """The review policy where the text is plainly one alone, else empty.

    Any carve-out, second policy, or mere reference to a section gives the empty text: the
    entry keeps the wording, which a person must read.

    >>> review_policy("Policy of denial. See §§ 746.8(b) and 744.21(e).")
    'policy_of_denial'
    >>> review_policy("Policy of denial; Case-by-case basis for U.S. Government programs.")
    ''
    """
    plain = " ".join(text.split()).casefold()
    return _WORDS[plain[:3]] if _POLICY.fullmatch(plain) else ""


def with_conditions(entry: Entry) -> Entry:
    """The entry with what its requirement and policy say."""
    return replace(
        entry,
        footnotes=footnotes(entry.requirement),
        review_policy=review_policy(entry.policy),
    )
