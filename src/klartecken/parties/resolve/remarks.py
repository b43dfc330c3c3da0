"""What must be seen beside the facts: other lists, the firm's own, what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from klartecken.logic.tri import NO
from klartecken.logic.values import FLAG_UNKNOWN, Fact
from klartecken.parties.resolve.context import LISTED, Context, Cover
from klartecken.parties.resolve.lists import NEXT, Found, in_force, unscreened
from klartecken.parties.resolve.programmes import reached
from klartecken.parties.resolve.result import Named, Remark
from klartecken.parties.resolve.seats import SEATED
from klartecken.parties.screened import Hit

# of the facts' own lists; hits on any other one are remarked on
COUNTED = frozenset(code for codes in LISTED.values() for code in codes)
OTHER = {
    "CMIC": "the NS-CMIC list (securities; no export restriction)",
    "SSI": "the Sectoral Sanctions list (OFAC)", "ISN": "the nonproliferation sanctions",
    "DTC": "the AECA debarred list (ITAR)", "PLC": "the PLC list (OFAC)",
    "MBS": "the list of menu-based sanctions (OFAC)", "CAP": "the CAPTA list (OFAC)",
}  # fmt: skip


def remarks(
    named: Sequence[Named], lists: Mapping[str, Found], cover: Cover | None, context: Context,
    day: date,
) -> Iterator[Remark]:  # fmt: skip
    """All remarks on the parties of a transaction, each once."""
    seen: dict[Remark, None] = {}
    seen.update(dict.fromkeys(_lists(lists, cover, day)))
    seen.update(dict.fromkeys(_unnamed(named)))
    for held in named:
        seen.update(dict.fromkeys(_of(held, cover, day)))
    if context.decisions.torn:
        seen[Remark("party_decisions_torn", context.decisions.torn)] = None
    yield from seen


def _lists(lists: Mapping[str, Found], cover: Cover | None, day: date) -> Iterator[Remark]:
    if cover is None:
        yield Remark(
            "party_lists_missing",
            f"no party was screened: there is no list as of {day}. {NEXT}",
        )
        return
    for held in lists.values():
        for text in held.open:
            if "cannot be screened" not in text and "did not come up" not in text:
                yield Remark("party_list_open", text)


def _unnamed(named: Sequence[Named]) -> Iterator[Remark]:
    """Who receives and who uses must be screened; the others do not stand for them."""
    absent = [role.replace("_", " ") for role in SEATED if role not in {n.role for n in named}]
    if absent:
        yield Remark("party_role_unnamed", f"no {' and no '.join(absent)} is named: only those "
                     "named were screened")  # fmt: skip


def _of(held: Named, cover: Cover | None, day: date) -> Iterator[Remark]:
    screening = held.screening
    if screening is None:
        return
    if why := unscreened(screening, cover):
        yield Remark("party_not_screenable", f"{held.told} cannot be screened ({why}): hold it, "
                     "and give another name, an alias or an identifier")  # fmt: skip
    waiting = []
    for hit in screening.hits:
        sure = hit.entry.id in screening.confirmed
        verb = "is" if sure else "may be"
        if not sure:
            waiting.append(hit)
        yield from _of_hit(held, hit, verb, day)
    if waiting:
        yield Remark("party_undecided", _undecided(held, waiting))
    for reason in screening.reasons:
        if reason.startswith(("a decision of", "the decisions on")):
            yield Remark("party_decision_lapsed", f"{held.told}: {reason}")


def _undecided(held: Named, waiting: Sequence[Hit]) -> str:
    told = ", ".join(f"{hit.entry.id} ({hit.entry.name})" for hit in waiting[:3])
    more = f" and {len(waiting) - 3} more" if len(waiting) > 3 else ""
    return (
        f"{held.told} may be {told}{more}: a person must decide. `klartecken parties decide "
        f'"{held.party.id or held.party.name}" {waiting[0].entry.id} --match` or --false-positive, '
        "with --reason and --by"
    )


def _of_hit(held: Named, hit: Hit, verb: str, day: date) -> Iterator[Remark]:
    entry = hit.entry
    who = f"{held.told} {verb} {entry.name!r}"
    if not in_force(entry, day):
        yield Remark("party_entry_not_in_force", f"{who} ({entry.id}), which counts "
                     f"{f'from {entry.start}' if entry.start else ''} "
                     f"{f'until {entry.end}' if entry.end else ''} only".replace("  ", " "),
                     entry.citation)  # fmt: skip
    elif entry.list == "SDN" and reached(entry) is NO:
        programmes = ", ".join(entry.programmes)
        yield Remark("party_sdn_ofac", f"{who}, a blocked person under {programmes}: section 744.8 "
                     "does not name it, and OFAC's own rules apply", entry.citation)  # fmt: skip
    elif entry.list.startswith("OWN"):
        text = f": {entry.requirement}" if entry.requirement else ""
        yield Remark("party_own_list", f"{who} on your own list {entry.list}{text}")
    elif entry.list not in COUNTED:
        name = OTHER.get(entry.list, f"the list {entry.list}")
        yield Remark("party_on_other_list", f"{who} on {name}: a red flag, to be resolved and "
                     "recorded", entry.citation)  # fmt: skip


def approvals_open(facts: Mapping[str, Fact]) -> Iterator[Remark]:
    """What to do where it is open whether the parties are approved by name."""
    fact = facts.get("uae_supp8_entity")
    if fact is not None and not fact.known:
        yield Remark("party_approval_open", f"approval by name is open: {fact.note}", fact.source)


def own_lists(named: Sequence[Named], day: date) -> dict[str, Fact]:
    """An own list that states a requirement may stand for a letter of BIS to this firm.

    Its text cannot be read as law, so the fact is open until the asker says whether BIS
    informed the firm: neither "yes" nor the usual "no" would be honest.
    """
    for held in named:
        for hit in held.screening.hits if held.screening else ():
            entry = hit.entry
            if entry.list.startswith("OWN") and entry.requirement and in_force(entry, day):
                note = f"{held.told} came up on {entry.list}, which says: {entry.requirement}"
                return {"informed_by_letter": Fact(FLAG_UNKNOWN, entry.list, "none", note)}
    return {}
