"""The three-valued type: its tables, and that it cannot be truth-tested."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.errors import KlarteckenError, TruthError
from klartecken.logic import tri
from klartecken.logic.tri import NO, UNKNOWN, YES, Tri, all_of, any_of

ORDER = {NO: 0, UNKNOWN: 1, YES: 2}  # strong Kleene: and is the least, or the greatest


@pytest.mark.parametrize(("a", "b"), list(product(Tri, Tri)))
def test_and_or_tables(a, b):
    assert (a & b) is min(a, b, key=ORDER.get)
    assert (a | b) is max(a, b, key=ORDER.get)


def test_not_table():
    assert [~YES, ~NO, ~UNKNOWN] == [NO, YES, UNKNOWN]


@given(st.lists(st.sampled_from(list(Tri))))
def test_all_and_any_are_the_least_and_the_greatest(values):
    assert all_of(values) is min([YES, *values], key=ORDER.get)
    assert any_of(values) is max([NO, *values], key=ORDER.get)
    assert ~all_of(values) is any_of(~v for v in values)


def test_empty_joins():
    assert all_of([]) is YES
    assert any_of([]) is NO


def test_of():
    assert [tri.of(True), tri.of(False), tri.of(None)] == [YES, NO, UNKNOWN]


def _if(value):
    if value:
        return 1
    return 0


@pytest.mark.parametrize("value", list(Tri))
@pytest.mark.parametrize(
    "use",
    [
        bool,
        _if,
        lambda v: not v,
        lambda v: v and True,
        lambda v: v or True,
        lambda v: all([v]),
        lambda v: any([v]),
        lambda v: [1 for _ in "a" if v],
        lambda v: list(filter(None, [v])),
    ],
)
def test_truth_testing_raises(value, use):
    with pytest.raises(TruthError) as caught:
        use(value)
    assert value.value in caught.value.what
    assert "is YES" in caught.value.next_step


def test_truth_error_is_of_our_root_and_a_type_error():
    assert issubclass(TruthError, KlarteckenError)
    assert issubclass(TruthError, TypeError)


@pytest.mark.parametrize("value", list(Tri))
def test_repr_is_the_name(value):
    assert repr(value) == value.name
