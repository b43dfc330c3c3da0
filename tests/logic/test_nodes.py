"""The tree's own builders: canonical comparisons, joins, walks."""

import os
import pickle
import subprocess
import sys
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given

from klartecken.errors import TruthError
from klartecken.logic.nodes import (
    And,
    Compare,
    Not,
    OneOf,
    Or,
    Places,
    Ref,
    atoms,
    compare,
    conjoin,
    disjoin,
    facts_of,
    negate,
    references,
    walk,
)
from klartecken.logic.tri import NO, UNKNOWN, YES
from tests.logic.strategies import ANY_ATOM, comparison, flag, holds, points, trees

F, G = flag("f"), flag("g")
X3 = comparison({"x": 1}, ">=", 3)
HOLDS = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip


@pytest.mark.parametrize(("op", "a", "b"), list(product(HOLDS, (-2, -1, 1, 2), (-3, 0, 3))))
def test_compare_means_its_operator_on_both_sides_of_the_line(op, a, b):
    tree = compare({"x": Fraction(a), "y": Fraction(0)}, op, Fraction(b))
    line = Fraction(b, a)
    for x in (line - 1, line - Fraction(1, 10**9), line, line + Fraction(1, 10**9), line + 1):
        assert holds(tree, {"x": x}) is HOLDS[op](a * x, b)


@pytest.mark.parametrize(("op", "bound"), list(product(HOLDS, (-1, 0, 1))))
def test_compare_without_facts(op, bound):
    expected = YES if HOLDS[op](0, bound) else NO
    assert compare({}, op, Fraction(bound)) is expected
    assert compare({"x": Fraction(0)}, op, Fraction(bound)) is expected


def test_equal_comparisons_have_one_form():
    one = comparison({"x": 2, "y": -4}, ">=", 6)
    assert one == comparison({"y": 2, "x": -1}, "<=", -3) == comparison({"x": 1, "y": -2}, ">=", 3)
    assert one == Compare((("x", Fraction(1)), ("y", Fraction(-2))), ">=", Fraction(3))
    assert comparison({"x": 1}, "<", 3) == Not(comparison({"x": 1}, ">=", 3))


def test_joins_drop_what_is_known_and_what_is_said_twice():
    assert conjoin([YES, F, F, YES]) is F
    assert conjoin([F, NO, G]) is NO
    assert conjoin([]) is conjoin([YES]) is YES
    assert conjoin([F, And((G, F))]) == And((F, G))
    assert disjoin([NO, F, F, NO]) is F
    assert disjoin([F, YES, G]) is YES
    assert disjoin([]) is disjoin([NO]) is NO
    assert disjoin([F, Or((G, F))]) == Or((F, G))
    assert disjoin([F, And((F, G))]) == Or((F, And((F, G))))


@pytest.mark.parametrize("join", [conjoin, disjoin])
def test_an_unknown_without_a_tree_is_never_joined(join):
    for parts in ([UNKNOWN], [UNKNOWN, F], [F, UNKNOWN]):
        with pytest.raises(TruthError):
            join(parts)


def test_negate():
    assert [negate(YES), negate(NO), negate(UNKNOWN)] == [NO, YES, UNKNOWN]
    assert negate(negate(F)) is F


def test_the_label_is_not_part_of_a_membership():
    assert OneOf("land", frozenset({"CN"}), label="D:5") == OneOf("land", frozenset({"CN"}))
    assert OneOf("land", frozenset({"CN"}), frozenset({"MO"})) != OneOf("land", frozenset({"CN"}))


def test_walks():
    sum_ = comparison({"x": 1, "y": 1}, ">=", 3)
    place = Places("land", ("D:5",), frozenset())
    tree = And((Or((sum_, Not(F))), Ref("a"), place, Not(And((F, Ref("b"), Ref("a"))))))
    assert atoms(tree) == (sum_, F)
    assert facts_of(tree) == ("x", "y", "f", "land")
    assert references(tree) == ("a", "b")
    assert next(walk(tree)) is tree
    assert atoms(YES) == facts_of(NO) == references(YES) == ()


def test_a_pickled_tree_is_found_again_in_another_process():
    # hashes of text differ between processes, and nodes keep their hash
    tree = And((Or((F, X3)), Not(G)))
    code = (
        "import pickle, sys; from tests.logic.test_nodes import *;"
        "tree = And((Or((F, X3)), Not(G))); found = pickle.loads(bytes.fromhex(sys.argv[1]));"
        "assert {tree: 1}[found] == 1; assert {F: 1}[found.children[0].children[0]] == 1"
    )
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        run = [sys.executable, "-c", code, pickle.dumps(tree).hex()]
        subprocess.run(run, env=env, cwd=Path(__file__).parents[2], check=True)


@given(trees(ANY_ATOM), points())
def test_negation_is_the_other_answer(tree, point):
    assert holds(negate(tree), point) is not holds(tree, point)
