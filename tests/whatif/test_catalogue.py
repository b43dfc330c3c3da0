"""The shipped reforms over the catalogue: the answers of cases/reforms.yaml."""

from __future__ import annotations

import pyarrow.compute as pc
import pytest

import klartecken as kt
from klartecken.errors import UnknownName
from klartecken.facts.chips import load_catalogue
from klartecken.whatif.catalogue import catalogue_table, named_changes
from tests.cases.compare import all_cases

# facts of a case that a constant of the catalogue can say
CASES = {
    name: case for name, case in all_cases().items()
    if "reform" in case.ask and case.ask["item"] in {
        *load_catalogue().chips, *load_catalogue().servers}
    and case.ask.get("view", "practice") == "practice"
}  # fmt: skip
COLUMNS = {"to": None, "from": "ship_from", "hq": "consignee_hq"}


def compared(ask):
    """Outcome and policy before and after of the item asked, in a book of the catalogue."""
    ask = dict(ask)
    reform, item, place, day = (ask.pop(key) for key in ("reform", "item", "to", "on"))
    facts = ask.pop("facts", {})
    listed = ask.pop("listed")
    told = {**ask, **facts, "listed": listed if isinstance(listed, str) else listed[0]}
    constants = {COLUMNS.get(key, key): str(value) for key, value in told.items()}
    whole = catalogue_table([str(place)])
    some = pc.or_(pc.equal(whole["item"], item), pc.match_substring(whole["item"], "h20"))
    held = kt.read_book(whole.filter(some), laws=[reform], on=str(day), constants=constants)
    assert held.rejected == 0
    found = kt.compare(held, None, reform)
    named = named_changes(held, None, reform)
    assert sum(map(len, named.values())) == sum(move.lines for move in found.moves)
    pairs = [pair for pair, items in named.items() if item in {name for name, _ in items}]
    return pairs[0] if pairs else None


def test_there_are_cases_of_each_reform():
    assert {case.ask["reform"] for case in CASES.values()} == set(kt.shipped_reforms())


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_named_case_moves_as_its_answers_say(name):
    case = CASES[name]
    ask = {k: v for k, v in case.ask.items() if k not in ("reform", "view")}
    question = {("ship_from" if k == "from" else k): v for k, v in ask.items()}
    bundles = kt.shipped_world().law.vocabulary.bundles
    given = question.pop("facts", {})
    facts = {m: v for k, v in given.items() for m in bundles.get(k, (k,))}
    answers = [
        kt.check(**question, facts=facts, world=world)
        for world in (
            kt.shipped_world(), kt.shipped_world().under(kt.read_reform(case.ask["reform"]))
        )
    ]  # fmt: skip
    pair = compared({k: v for k, v in case.ask.items() if k != "view"})
    old, new = answers
    if case.expect.get("outcome") not in (None, "any"):
        assert new.outcome == case.expect["outcome"]
    same = (old.outcome, old.review_policies_possible) == (
        new.outcome, new.review_policies_possible,
    )  # fmt: skip
    if pair is None:
        assert same
        return
    assert (pair[0].outcome, pair[1].outcome) == (old.outcome, new.outcome)
    assert pair[0].review_policies_possible == old.review_policies_possible
    assert pair[1].review_policies_possible == new.review_policies_possible


def test_the_catalogue_as_a_book():
    held = catalogue_table(["CN", "Vietnam", "cn"])
    items = len(load_catalogue().chips) + len(load_catalogue().servers)
    assert held.num_rows == 2 * items
    assert held.column("line_id").to_pylist()[0].endswith(">CN")
    assert len(set(held.column("line_id").to_pylist())) == held.num_rows
    with pytest.raises(UnknownName, match="China"):
        catalogue_table(["Chine"])
