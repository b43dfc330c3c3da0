"""Re-screening equals a full run."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Party
from klartecken.parties.screening.delta import delta, rescreen
from klartecken.parties.screening.listed import prepare
from klartecken.parties.screening.model import DEFAULT, Thresholds
from klartecken.parties.screening.screen import screen_many
from tests.parties.screening import made

OLD = prepare(made.snapshot(made.ENTRIES))
PARTIES = [Party("Zorbla Chips"), Party("Merqua Industry"), Party("Hollowmere", id="7")]


@st.composite
def two_lists(draw: st.DrawFn) -> tuple[list[Entry], list[Entry]]:
    """A list, and it again after entries went, came and changed."""
    old = draw(made.entry_lists())
    new = []
    for entry in old:
        fate = draw(st.sampled_from(["stays", "stays", "goes", "changes", "remark"]))
        if fate == "changes":
            entry = replace(entry, aliases=(*entry.aliases, draw(made.names)))
        elif fate == "remark":
            entry = replace(entry, remarks="otherwise the same")
        if fate != "goes":
            new.append(entry)
    new += [Entry(f"EL-new{n}", "EL", name) for n, name in enumerate(draw(st.lists(made.names)))]
    return old, new


@given(
    two_lists(), st.lists(made.parties, max_size=4), st.lists(made.parties, max_size=3),
    made.thresholds, st.data(),
)  # fmt: skip
def test_rescreening_equals_a_full_run(
    lists: tuple[list[Entry], list[Entry]], before: list[Party], fresh: list[Party],
    rules: Thresholds, data: st.DataObject,
) -> None:  # fmt: skip
    old, new = (prepare(made.snapshot(entries)) for entries in lists)
    kept = [party for party in before if data.draw(st.booleans())]
    after = [*fresh, *(replace(party, id="another") for party in kept), *kept]
    previous = screen_many(before, old, rules)
    found, how = rescreen(previous, old.entries, new, after, rules)
    assert found == screen_many(after, new, rules)
    assert how.startswith("re-screened")


def test_it_looks_at_what_changed_only() -> None:
    new = prepare(made.snapshot([*made.ENTRIES[1:], Entry("EL-9", "EL", "Hollowmere Group")]))
    change = delta(OLD.entries, new.entries)
    assert change.fresh is not None
    assert [entry.id for entry in change.fresh.entries] == ["EL-9"]
    assert change.gone == {"EL-1"}
    answers, how = rescreen(screen_many(PARTIES, OLD), OLD.entries, new, PARTIES)
    assert [answer.status for answer in answers] == ["no_hit", "hit", "hit"]
    assert how == (
        "re-screened: 1 new or changed entries, 1 gone or changed; 3 parties as before, "
        "0 new or changed"
    )


def test_other_thresholds_make_it_a_full_run() -> None:
    previous = screen_many(PARTIES, OLD, Thresholds(words=900))
    answers, how = rescreen(previous, OLD.entries, OLD, PARTIES, DEFAULT)
    assert answers == screen_many(PARTIES, OLD)
    assert how == "full run: model or thresholds differ"


def test_the_same_list_changes_nothing() -> None:
    change = delta(OLD.entries, OLD.entries)
    assert change.fresh is None
    assert change.gone == frozenset()
