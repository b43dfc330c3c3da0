"""Too much to check is an error with advice, never a hang; what is merely long is fine."""

import time
from fractions import Fraction

import pytest

from klartecken.errors import KlarteckenError
from klartecken.logic import complete, space
from klartecken.logic.complete import CompletionBudget, Completions, Decision, needed
from klartecken.logic.nodes import And, OneOf, Or
from klartecken.logic.values import FLAG_UNKNOWN, Range
from tests.logic.strategies import comparison


def flags(number):
    return [OneOf(f"f{i}", frozenset({"yes"}), label="yes") for i in range(number)]


def tangle(number):
    """Pairs far apart in the list: no residual is met twice."""
    all_ = flags(2 * number)
    pairs = zip(all_[:number], all_[number:], strict=True)
    tree = Or(tuple(And(pair) for pair in pairs))
    first = Or((And(tuple(all_[:number])), tree))
    return Decision(((first, True),), False), {f.fact: FLAG_UNKNOWN for f in all_}


METHODS = [
    lambda c: c.possible(),
    lambda c: c.matters("f0"),
    lambda c: c.readings("f0"),
    lambda c: needed(c),
]


@pytest.mark.parametrize("use", METHODS)
def test_every_method_stops_at_the_budget(use, monkeypatch):
    monkeypatch.setattr(complete, "BUDGET", 30)
    with pytest.raises(CompletionBudget, match="too many") as caught:
        use(Completions(*tangle(8)))
    assert isinstance(caught.value, KlarteckenError)
    assert caught.value.next_step == "Give more of the unknown facts"


def test_the_budget_itself_is_a_matter_of_seconds():
    began = time.perf_counter()
    with pytest.raises(CompletionBudget):
        Completions(*tangle(40)).possible()
    assert time.perf_counter() - began < 15


def test_within_the_budget_the_answer_is_exact():
    found = Completions(*tangle(4))
    assert found.possible() == {True, False}
    assert needed(found) == found.facts()


def test_a_long_list_of_independent_unknowns_costs_little():
    tests = flags(40)
    values = {test.fact: FLAG_UNKNOWN for test in tests}
    entries = tuple((test, label % 7) for label, test in enumerate(tests))
    found = Completions(Decision(entries, -1), values)
    began = time.perf_counter()
    assert found.possible() == {-1, *range(7)}
    labels = {reading.cells[0].options: reading.labels for reading in found.readings("f20")}
    assert labels == {("no",): found.possible(), ("yes",): found.possible() - {-1}}
    assert all(found.matters(test.fact) for test in tests[:3])
    assert time.perf_counter() - began < 5


def sums(facts, lines):
    """Lines in general position over a few facts."""
    names = [f"n{i}" for i in range(facts)]
    tests = [
        comparison({n: 1 + (i * j) % 7 for i, n in enumerate(names)}, ">=", 10 + j)
        for j in range(lines)
    ]
    return tests, {name: Range(Fraction(0), Fraction(100)) for name in names}


@pytest.mark.parametrize(("facts", "lines"), [(2, 400), (4, 6), (5, 3), (12, 3)])
def test_a_group_too_large_to_sample_stops_at_once(facts, lines):
    tests, values = sums(facts, lines)
    began = time.perf_counter()
    with pytest.raises(CompletionBudget):
        Completions(Decision(((Or(tuple(tests)), True),), False), values)
    assert time.perf_counter() - began < 5


def test_a_group_with_too_many_points_stops(monkeypatch):
    tests, values = sums(3, 4)
    monkeypatch.setattr(space, "TESTS", 100)
    with pytest.raises(CompletionBudget):
        space.groups(tests, values)


def test_a_ratio_against_many_lines_is_well_within_the_budget():
    tests = [comparison({"p": 1, "q": -Fraction(n, 7)}, ">=", 0) for n in range(1, 9)]
    tests += [comparison({"p": 1}, ">=", 100 * n) for n in range(1, 7)]
    found = Completions(
        Decision(tuple((test, i) for i, test in enumerate(tests)), -1),
        {"p": Range(Fraction(0)), "q": Range(Fraction(0))},
        frozenset({"p", "q"}),
    )
    assert found.possible() == {0, 8, -1}  # the lowest line of each kind comes first
    assert found.matters("p")
