"""Which holds a line has, and which state follows: small tables, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from klartecken.book.answers import exceptions as exceptions_text
from klartecken.decide.determination import Classification
from klartecken.decide.findings import SEVERITY
from klartecken.decide.verdict import Reason, Verdict, Way
from klartecken.desk.holds import HOLDS, Hold
from klartecken.desk.machines.line import LINE, OPEN
from klartecken.desk.orders.content import assignment
from klartecken.desk.orders.evaluate import Evaluation
from klartecken.desk.orders.judge import Books, authorised_by
from klartecken.desk.orders.settle import Finding, next_state
from klartecken.desk.work import Row
from tests.desk.orders.rows import DAY, row


@dataclass
class Says:
    """A book that says the same of every line."""

    holds_of: tuple[Hold, ...] = ()

    def holds(self, *_asked: Any) -> list[Hold]:
        return [*self.holds_of]

    def facts(self, *_asked: Any) -> dict[str, str]:
        return {}


NEVER = {code: Hold(code, "said") for code in HOLDS}
NAC = Way("NAC", "740.8", "available", ())
NAC_WAITS = Way("NAC", "740.8", "conditional", ("notice",))
ACA = Way("ACA", "740.8", "available", ())


def answer(outcome: str | None, *ways: Way, holds: tuple[Hold, ...] = ()) -> Evaluation:
    if outcome is None:
        return Evaluation(None, "", "no such item", holds)
    reasons = (Reason("742.6", "ccl", "yes"), Reason("744.23", "end_use", "unknown"))
    verdict = Verdict(outcome, (outcome,), Classification(("3A090.a",), ()),
                      () if outcome == "no_licence_required" else reasons, ways, None, (),
                      ("tpp", "parent_hq") if outcome == "undetermined" else ())  # fmt: skip
    return Evaluation(verdict, "c0ffee", "", holds, False, exceptions_text(verdict))


def books(
    line: Row, *, approved: bool = False, licences: str = "", papers: str = "", caps: str = "",
    manual: tuple[str, ...] = (), aside: tuple[str, ...] = (), aside_of: str = "",
) -> Books:  # fmt: skip
    said = [Says((NEVER[code],) if code else ()) for code in (licences, papers, caps)]
    return Books(
        *said, {line["id"]: [*manual]}, {line["id"]: {assignment(line)} if approved else set()},
        {line["id"]: ((aside_of or assignment(line), frozenset(aside)),)},
    )  # type: ignore[arg-type]  # fmt: skip


def line(authorisation: str = "", symbol: str = "", licence_line: int | None = None) -> Row:
    return {**row(), "authorisation": authorisation, "exception": symbol,
            "licence_line": licence_line}  # fmt: skip


def codes(held: Row, found: Evaluation, **on_file: Any) -> list[str]:
    return [hold.code for hold in books(held, **on_file).holds(held, found, DAY)]


NONE, LICENCE = line(), line("licence", "", 7)
BY_NAC, BY_ACA = line("exception", "NAC"), line("exception", "ACA")
LOST = line("licence", "", None)  # a licence that is on no line


@pytest.mark.parametrize(
    ("outcome", "ways", "held", "expected"),
    [
        ("no_licence_required", (), NONE, []),
        ("no_licence_required", (), LICENCE, []),
        ("no_licence_required", (), BY_NAC, []),
        ("licence_required", (), NONE, ["licence_required"]),
        ("licence_required", (), LICENCE, []),
        ("licence_required", (), LOST, ["licence_required"]),
        ("licence_required", (), BY_NAC, ["exception_conditions"]),
        ("licence_required", (NAC_WAITS,), NONE, ["licence_required"]),
        ("licence_required", (NAC_WAITS,), BY_NAC, ["exception_conditions"]),
        ("licence_required", (NAC,), BY_NAC, ["exception_conditions"]),
        ("exception_available", (NAC,), NONE, ["exception_unassigned"]),
        ("exception_available", (NAC,), BY_NAC, []),
        ("exception_available", (NAC,), BY_ACA, ["exception_conditions"]),
        ("exception_available", (NAC_WAITS, ACA), BY_NAC, ["exception_conditions"]),
        ("exception_available", (NAC_WAITS, ACA), BY_ACA, []),
        ("exception_available", (NAC,), LICENCE, []),
        ("exception_available", (NAC,), LOST, ["exception_unassigned"]),
        ("undetermined", (), NONE, ["undetermined"]),
        ("undetermined", (NAC,), BY_NAC, ["undetermined"]),
        ("undetermined", (), LICENCE, ["undetermined"]),
        ("prohibited", (), NONE, ["prohibited"]),
        ("prohibited", (), LICENCE, ["prohibited"]),
        ("prohibited", (NAC,), BY_NAC, ["prohibited"]),
        (None, (), NONE, ["unreadable"]),
        (None, (), LICENCE, ["unreadable"]),
    ],
)  # fmt: skip
def test_what_the_answer_asks_for(
    outcome: str | None, ways: tuple[Way, ...], held: Row, expected: list[str]
) -> None:
    found = answer(outcome, *ways)
    assert codes(held, found, approved=True) == expected
    assigned = [] if held is NONE else ["not_approved"]
    assert codes(held, found) == [*expected, *assigned]
    emergency = codes(held, found, aside=tuple(HOLDS))  # only the desk's own are set aside
    assert emergency == expected
    assert codes(held, found, aside=tuple(HOLDS), aside_of="of another") == [*expected, *assigned]


@pytest.mark.parametrize("outcome", [*SEVERITY, None, "something new"])
@pytest.mark.parametrize("code", [code for code in HOLDS if code.startswith(("party", "lists"))])
def test_what_stands_against_a_party_stands_whatever_the_answer(
    code: str, outcome: str | None
) -> None:
    found = answer(outcome, NAC, holds=(NEVER[code],))
    for held in (NONE, LICENCE, BY_NAC):
        assert code in codes(held, found, approved=True, aside=tuple(HOLDS))


@pytest.mark.parametrize("outcome", [*SEVERITY, "something new"])
def test_papers_are_asked_for_every_answer_and_caps_where_a_licence_is_needed(outcome: str) -> None:
    found = answer(outcome, NAC)
    for held in (NONE, LICENCE, BY_NAC):
        assert "uvl_statement" in codes(held, found, papers="uvl_statement")
        asked = "cap" in codes(held, found, caps="cap")
        assert asked == (outcome != "no_licence_required")
        if held is not NONE and outcome == "something new":
            assert codes(NONE, found, approved=True) == ["licence_required"]


def test_the_licence_is_asked_where_one_is_needed() -> None:
    for outcome, asked in (("licence_required", True), ("exception_available", True),
                           ("no_licence_required", False)):  # fmt: skip
        found = codes(LICENCE, answer(outcome, NAC), approved=True, licences="licence_not_covering")
        assert found == (["licence_not_covering"] if asked else [])


def test_holds_by_hand() -> None:
    found = answer("no_licence_required")
    held = codes(NONE, found, manual=("doubt", "another doubt"))
    assert held == ["manual", "manual"]
    assert codes(NONE, found, manual=("doubt",), aside=("manual",)) == []
    assert codes(NONE, found, manual=("doubt",), aside=("not_approved",)) == ["manual"]


def test_the_one_to_look_at_first_stands_in_front() -> None:
    found = answer("licence_required", holds=(NEVER["party_hit"], NEVER["lists_old"]))
    assert codes(BY_NAC, found, manual=("x",), papers="nac_notice", caps="cap") == [
        "party_hit", "lists_old", "exception_conditions", "nac_notice", "cap", "not_approved",
        "manual",
    ]  # fmt: skip


def test_what_may_be_set_aside_is_never_of_law() -> None:
    assert {code for code, kind in HOLDS.items() if kind.overridable} == {"not_approved", "manual"}


def test_the_details_tell_what_to_look_at() -> None:
    def detail(outcome: str | None, held: Row = NONE, *ways: Way) -> str:
        return books(held, approved=True).holds(held, answer(outcome, *ways), DAY)[0].detail

    assert detail("undetermined") == "tpp, parent_hq"
    assert detail("licence_required") == "742.6"
    assert detail("prohibited") == "742.6"
    assert detail(None) == "no such item"
    assert detail("exception_available", NONE, NAC_WAITS) == "NAC conditional: notice"
    assert detail("licence_required", BY_NAC, NAC_WAITS) == "NAC conditional: notice"
    assert detail("licence_required", BY_ACA, NAC_WAITS) == "ACA: not open"


def test_on_what_it_leaves() -> None:
    assert authorised_by(LICENCE, "no_licence_required") == "nlr"
    assert authorised_by(LICENCE, "exception_available") == "licence"
    assert authorised_by(BY_NAC, "exception_available") == "exception"
    assert authorised_by(NONE, "licence_required") == ""


# -- the state that follows -----------------------------------------------------------------
SOME = (NEVER["manual"],)


def release(held: Row, until: date = DAY, **more: Any) -> Row:
    return {"line": held["id"], "content": held["content"], "until": until, **more}


@pytest.mark.parametrize(
    ("state", "holds", "expected"),
    [("held", SOME, ("held", "")), ("held", (), ("ready", "")), ("ready", SOME, ("held", "")),
     ("ready", (), ("ready", "")), ("released", SOME, ("held", "hold_again")),
     ("released", (), ("released", ""))],
)  # fmt: skip
def test_state_and_holds(state: str, holds: tuple[Hold, ...], expected: tuple[str, str]) -> None:
    held = {**row(), "state": state, "case_id": "c0ffee"}
    found = Finding(held, answer("no_licence_required"), holds, {})
    assert next_state(found, release(held), DAY) == expected
    assert expected[0] in OPEN


@pytest.mark.parametrize(
    ("case", "given", "state"),
    [
        ("c0ffee", {}, ("released", "")),
        ("another", {}, ("ready", "hold_again")),
        (None, {}, ("ready", "hold_again")),
        ("c0ffee", {"content": "another"}, ("ready", "hold_again")),
        ("c0ffee", {"until": DAY - timedelta(1)}, ("ready", "lapse")),
        ("another", {"until": DAY - timedelta(1)}, ("ready", "hold_again")),
        ("c0ffee", None, ("ready", "hold_again")),  # no release that counts
    ],
)  # fmt: skip
def test_a_release_ends(case: str | None, given: Any, state: tuple[str, str]) -> None:
    held = {**row(), "state": "released", "case_id": case}
    found = Finding(held, answer("no_licence_required"), (), {})
    valid = None if given is None else release(held, **given)
    assert next_state(found, valid, DAY) == state


def test_states_follow_by_events_of_the_table() -> None:
    moves = {(source, move.target) for move in LINE.moves for source in move.sources}
    assert {("held", "ready"), ("ready", "held"), ("released", "held"), ("released", "ready")} <= (
        moves
    )


def test_an_end_use_that_nobody_stated_is_a_hold() -> None:
    """The engine would take it for commercial."""
    silent = {**NONE, "end_use": ""}
    codes = [h.code for h in books(silent).holds(silent, answer("no_licence_required"), DAY)]
    assert codes == ["end_use_unstated"]
