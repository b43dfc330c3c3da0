"""Are the ultimate consignee and every end user approved in Supplement No. 8 to part 740?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from klartecken.logic.tri import NO, UNKNOWN, YES, Tri, all_of
from klartecken.logic.values import FLAG_NO, FLAG_UNKNOWN, FLAG_YES, Fact
from klartecken.parties.decisions.apply import lapse
from klartecken.parties.decisions.record import MATCH
from klartecken.parties.resolve.context import Context
from klartecken.parties.resolve.result import Named
from klartecken.parties.resolve.seats import SEATED
from klartecken.parties.resolve.supplement import Approval, approvals

FLAGS = {YES: FLAG_YES, NO: FLAG_NO, UNKNOWN: FLAG_UNKNOWN}


def approval_facts(named: Sequence[Named], context: Context, day: date) -> dict[str, Fact]:
    """The facts ``uae_supp8_entity`` and ``supp8_status_current``.

    Nothing is said of a transaction that names neither a consignee nor an end user.
    """
    held = [(n, *approved(n, context, day)) for n in named if n.role in SEATED]
    if not held:
        return {}
    state = all_of([status for _, status, _ in held])
    absent = [role for role in SEATED if role not in {n.role for n, _, _ in held}]
    notes = [
        f'{n.told} may be {a.entry.id} ({a.entry.name}): decide with `klartecken parties decide '
        f'"{n.party.id or n.party.name}" {a.entry.id}`'
        for n, status, found in held if status is UNKNOWN for a in found
    ]  # fmt: skip
    if state is not NO and absent:
        state = UNKNOWN
        notes.append(f"no {absent[0].replace('_', ' ')} is named")
    known = approvals()
    source = known[0].source if known else "Supplement No. 8 to part 740"
    if state is NO:
        return {"uae_supp8_entity": Fact(FLAG_NO, f"{source}: no near name", "inferred")}
    found = [a for _, _, near in held for a in near]
    grade = "given" if state is YES else "none"
    return {
        "uae_supp8_entity": Fact(FLAGS[state], source, grade, "; ".join(notes)),
        "supp8_status_current": _current(found, day),
    }


def approved(held: Named, context: Context, day: date) -> tuple[Tri, list[Approval]]:
    """Is a party approved? Yes only once a person confirmed it; and by which entries."""
    near = []
    for approval in approvals():
        decided = [
            decision for decision in context.decisions.about(held.party)
            if decision.entry_id == approval.entry.id and decision.day <= day and lapse(
                decision, held.party, {approval.entry.id: approval.entry.hash}, frozenset(), day
            ) is None
        ]  # fmt: skip
        verdicts = {decision.verdict for decision in decided}
        if verdicts == {MATCH}:
            return YES, [approval]
        # on a positive list the cautious reading of contradicting decisions is the open one
        if len(verdicts) > 1 or (not verdicts and approval.near(held.party)):
            near.append(approval)
    return (UNKNOWN if near else NO), near


def _current(found: Sequence[Approval], day: date) -> Fact:
    """In force by the day: what comes after the end, a renewal, is not known."""
    source = "; ".join(dict.fromkeys(approval.source for approval in found))
    if all(approval.start <= day <= approval.until for approval in found):
        last = min(approval.until for approval in found)
        return Fact(FLAG_YES, source, found[0].grade, f"until {last} unless renewed")
    if all(day < approval.start for approval in found):
        return Fact(FLAG_NO, source, found[0].grade, f"approved from {found[0].start}")
    return Fact(FLAG_UNKNOWN, source, "none", "the approval ended: is it renewed?")
