"""Short sentences and words for the parts of an answer."""

from __future__ import annotations

from klartecken.decide.determination import Change, Requirement

OUTCOME_WORDS = {
    "no_licence_required": "no licence required",
    "exception_available": "licence exception available",
    "licence_required": "licence required",
    "prohibited": "prohibited",
    "undetermined": "undetermined",
}
BASIS_WORDS = {
    "ccl": "list-based control", "headquarters": "headquarters test", "letter": "letter",
    "entity_list": "listed party", "affiliates": "owned by listed parties",
    "end_use": "end use", "military": "military end use or user", "embargo": "embargo",
    "general_prohibition": "general prohibition", "denied_person": "denied person",
}  # fmt: skip
TAG_WORDS = {
    "primary": "", "secondary": "secondary source", "memory": "from memory, unverified",
    "inferred": "inferred",
}  # fmt: skip


def outcomes(names: tuple[str, ...]) -> str:
    """Outcomes in words, for example ``licence required or prohibited``."""
    return " or ".join(OUTCOME_WORDS[name] for name in names)


def words(name: str) -> str:
    """An identifier as words."""
    return name.replace("is_informed", "is-informed").replace("_", " ")


def reason(requirement: Requirement) -> str:
    """One sentence on why a licence is, or may be, needed."""
    may = "" if requirement.value == "yes" else " (may apply: a fact is not known)"
    return f"{requirement.title}{may} [{BASIS_WORDS[requirement.basis]}; {requirement.citation}]"


def change(item: Change) -> str:
    """One change and what would follow."""
    parts = [outcomes(item.outcomes)]
    if item.review_policy:
        parts.append(f"review policy {words(item.review_policy)}")
    return f"{item.condition}: {', '.join(parts)}"
