"""The laws of screening: it equals all pairs, and nothing but the pair matters."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from klartecken.parties.lists.entry import Entry
from klartecken.parties.names.normal import readings
from klartecken.parties.names.words import UNIT, names_lexicon
from klartecken.parties.party import Party
from klartecken.parties.screening.exhaustive import all_pairs, plain
from klartecken.parties.screening.index import build_index, index_of
from klartecken.parties.screening.listed import prepare
from klartecken.parties.screening.meet import EXACT, meet
from klartecken.parties.screening.model import Thresholds
from klartecken.parties.screening.score import characters, score, words_of
from klartecken.parties.screening.screen import screen, screen_many
from klartecken.parties.screening.similar import similarity
from klartecken.parties.screening.vocabulary import build_vocabulary
from tests.parties.screening import made

LEXICON = names_lexicon()
forms = made.names.flatmap(lambda name: st.sampled_from(readings(name) or ("zorbla",)))


def hits(party: Party, entries: list[Entry], rules: Thresholds) -> set[tuple[str, str]]:
    answer = screen(party, prepare(made.snapshot(entries)), rules)
    return {(hit.entry.id, "address" if hit.rule == "address" else "name") for hit in answer.hits}


@given(st.lists(forms, max_size=6), st.lists(forms, max_size=12), made.thresholds)
def test_the_engine_finds_all_pairs_and_no_others(
    asked: list[str], listed: list[str], rules: Thresholds
) -> None:
    index = index_of({form: [0] for form in listed}, LEXICON, 1)
    expected = {}
    for form in asked:
        for row, other in enumerate(index.forms):
            common, letters = characters(form, other)
            words = score(form, other, LEXICON)
            net = UNIT * common >= rules.characters * letters
            if words.reaches(rules.words) or net:
                expected[form, row] = words
    found = meet(tuple(dict.fromkeys(asked)), index, rules)
    assert {(form, m.row): m.words for form, ms in found.items() for m in ms} == expected
    for form, mets in found.items():
        for met in mets:
            assert (met.rule == EXACT) == (form == index.forms[met.row])


@given(st.lists(forms, max_size=4), st.lists(forms, min_size=1, max_size=12), made.thresholds)
def test_the_exhaustive_path_is_the_definition(
    asked: list[str], listed: list[str], rules: Thresholds
) -> None:
    rows = tuple(dict.fromkeys(listed))
    laid = plain(rows, LEXICON)
    for form in asked:
        found = all_pairs(form, laid, rules)
        for row, other in enumerate(rows):
            words = score(form, other, LEXICON)
            common, letters = characters(form, other)
            by_words = words.reaches(rules.words)
            expected = by_words or UNIT * common >= rules.characters * letters
            assert (row in found) == expected
            if expected:
                assert found[row] == (words, by_words)


@given(st.lists(made.words, max_size=10), st.lists(made.words, max_size=20))
def test_neighbours_are_those_of_the_definition(asked: list[str], listed: list[str]) -> None:
    vocabulary = build_vocabulary(listed, LEXICON)
    distinct = list(dict.fromkeys(asked))
    starts, numbers, alike = vocabulary.neighbours(distinct)
    for place, word in enumerate(distinct):
        low, high = starts[place : place + 2]
        found = dict(zip(numbers[low:high].tolist(), alike[low:high].tolist(), strict=True))
        brute = {n: similarity(word, w, LEXICON)[0] for n, w in enumerate(vocabulary.words)}
        assert found == {n: s for n, s in brute.items() if s}


@given(made.words, made.words)
def test_similarity_and_score_are_symmetric(a: str, b: str) -> None:
    assert similarity(a, b, LEXICON) == similarity(b, a, LEXICON)
    ours, theirs = score(a, b, LEXICON), score(b, a, LEXICON)
    assert (ours.a, ours.b, ours.wq, ours.wn) == (theirs.b, theirs.a, theirs.wn, theirs.wq)
    assert ours.value == theirs.value


@given(forms)
def test_a_name_scores_one_against_itself(form: str) -> None:
    own = score(form, form, LEXICON)
    assert own.value == 1
    assert own.reaches(1000)
    assert all(similarity(word, word, LEXICON) == (UNIT, "equal") for word in words_of(form))


@given(made.entry_lists())
def test_every_listed_name_meets_its_own_entry(entries: list[Entry]) -> None:
    listed = prepare(made.snapshot(entries))
    for entry in entries:
        for name in entry.names:
            kind = entry.kind if entry.kind != "vessel" else "unknown"
            if not readings(name, kind) or all(len(f.split()) > 100 for f in readings(name, kind)):
                continue
            found = {h.entry.id: h.rule for h in screen(Party(name, kind=kind), listed).hits}
            assert found.get(entry.id) == EXACT


@given(st.lists(made.parties, max_size=5), made.entry_lists(), made.thresholds, st.randoms())
def test_order_and_batch_do_not_matter(
    parties: list[Party], entries: list[Entry], rules: Thresholds, random: object
) -> None:
    listed = prepare(made.snapshot(entries))
    whole = screen_many(parties, listed, rules)
    assert [screen(party, listed, rules) for party in parties] == whole
    backwards = prepare(made.snapshot(reversed(entries)))
    assert screen_many(parties[::-1], backwards, rules, workers=2) == whole[::-1]


@given(made.parties, made.entry_lists(), made.thresholds, made.thresholds)
def test_raising_a_threshold_never_adds_a_hit(
    party: Party, entries: list[Entry], a: Thresholds, b: Thresholds
) -> None:
    low = replace(a, words=min(a.words, b.words), characters=min(a.characters, b.characters))
    high = replace(a, words=max(a.words, b.words), characters=max(a.characters, b.characters))
    assert hits(party, entries, high) <= hits(party, entries, low)


@given(made.parties, made.entry_lists(), made.names, made.thresholds)
def test_adding_an_entry_removes_no_hit_and_moves_no_score(
    party: Party, entries: list[Entry], name: str, rules: Thresholds
) -> None:
    before = screen(party, prepare(made.snapshot(entries)), rules)
    more = [*entries, Entry("EL-new", "EL", name)]
    after = screen(party, prepare(made.snapshot(more)), rules)
    assert tuple(hit for hit in after.hits if hit.entry.id != "EL-new") == before.hits


def test_an_empty_list() -> None:
    assert build_index(()).forms == ()
    assert screen(Party("Zorbla"), prepare(made.snapshot(()))).hits == ()
