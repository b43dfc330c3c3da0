"""Books under the shipped law, line by line beside ``check``."""

from __future__ import annotations

from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klartecken.book.api import check_book
from klartecken.book.job import Settings
from klartecken.book.single import single
from klartecken.book.synthetic.lines import synth
from klartecken.decide.ask import shipped_world
from klartecken.decide.verdict import Verdict
from klartecken.facts.chips import load_catalogue
from klartecken.facts.own import from_mapping
from klartecken.law.timeline import Timeline
from tests.book.compare import alone, differences, in_bulk, job_for, table
from tests.decide.strategies import LINES, OFTEN, PLACES

WORLD = shipped_world()
VOCABULARY = WORLD.law.vocabulary
ITEMS = [*load_catalogue().chips, *load_catalogue().servers, "server:8xH20", "own chip", "my part"]
#: no column may be called so (it names the item), and a bundle stands beside its members
ASIDE = {"chip", "destination"}
FACTS = sorted(set(VOCABULARY.facts) - ASIDE)
TIMELINE: Timeline = WORLD.timeline


def cells(rnd: Random, name: str) -> list[str | None]:
    """A few cells of a column: known, ranges, alternatives, unknown, blank."""
    spec = VOCABULARY.facts.get(name)
    if name == "listed":
        return rnd.sample([None, "none", "unknown", "entity_list:4", "uvl", "entity_list"], 3)
    if name in VOCABULARY.bundles:
        return [None, "yes", rnd.choice(("no", "unknown"))]
    assert spec is not None
    if spec.kind == "number":
        line = rnd.choice(LINES.get(name, [100]))
        texts = [f"{line}", f"{line * 0.9}..{line * 1.1}", f">={line * 2}", f"<={line}", "unknown"]
        return [None, *rnd.sample(texts, 3)]
    if spec.kind == "flag":
        return rnd.sample([None, "yes", "no", "unknown"], 3)
    if spec.kind == "place":
        return [None, "unknown", "|".join(rnd.sample(PLACES, 2)), *rnd.sample(PLACES, 3)]
    if name == "exporter":
        return [None, "NVIDIA", "AMD", "TSMC", "Acme", "unknown"]
    if name == "family":
        return [None, "H20", "unknown", "own"]
    options = list(spec.options)
    both = "|".join(rnd.sample(options, min(2, len(options))))
    return [None, "unknown", both, *rnd.sample(options, min(2, len(options)))]


def day(rnd: Random) -> str:
    edges = [d for d in TIMELINE.days if d >= WORLD.law.covers_from]
    edge = rnd.choice(edges)
    return edge.fromordinal(edge.toordinal() + rnd.choice((-1, 0, 0, 1))).isoformat()


def book(rnd: Random, count: int) -> tuple[list[dict[str, Any]], list[str]]:
    often = rnd.sample(OFTEN, rnd.randint(3, 8))
    rare = rnd.sample(FACTS, rnd.randint(0, 8))
    names = list(dict.fromkeys([*often, *rare]))
    listings = [name for name in ("listed", "dd_conditions") if rnd.random() < 0.3]
    members = {m for name in listings for m in VOCABULARY.bundles.get(name, ())}
    names = [name for name in names if name not in members] + listings
    few = {name: cells(rnd, name) for name in names}
    items = rnd.sample(ITEMS, 4)
    rows = [
        {
            "item": rnd.choice(items), "ship_date": day(rnd),
            "destination": rnd.choice([*PLACES, "CN", "CN|VN", "unknown"]),
            **{name: rnd.choice(few[name]) for name in names},
        }
        for _ in range(count)
    ]  # fmt: skip
    return rows, list(rows[0])


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_random_lines_under_the_real_law(seed: int) -> None:
    rnd = Random(seed)
    rows, names = book(rnd, 12)
    asked = Settings(view=rnd.choice(("practice", "text")), strict=rnd.random() < 0.3)
    assert differences(WORLD, rows, names, asked, workers=rnd.choice((1, 2))) == []


@pytest.mark.parametrize("strict", [False, True])
def test_the_whole_vocabulary_as_columns(strict: bool) -> None:
    """Silence everywhere: a column that is there and blank says no more than none."""
    rnd = Random(7)
    few = {name: [None, None, *cells(rnd, name)] for name in FACTS}
    rows = [
        {
            "item": item, "destination": "AE", "ship_date": "2025-07-15",
            **{name: rnd.choice(few[name]) if rnd.random() < 0.1 else None for name in FACTS},
        }
        for item in rnd.sample(ITEMS, 3)
    ]  # fmt: skip
    blank = [{**row, **dict.fromkeys(FACTS)} for row in rows]
    assert differences(WORLD, rows + blank, list(rows[0]), Settings(strict=strict)) == []
    job = job_for(list(rows[0]), WORLD, Settings(strict=strict))
    short = ["item", "destination", "ship_date"]
    plain = in_bulk(job_for(short, WORLD, Settings(strict=strict)), table(rows, short))
    assert in_bulk(job, table(blank, list(rows[0]))) == plain


def test_own_items() -> None:
    own = [
        from_mapping({"id": "mine", "tpp": "2300..2500", "die_area": "700"}, VOCABULARY),
        from_mapping({"id": "yours", "contains": "4xH20"}, VOCABULARY),
        from_mapping({"id": "free", "tpp": 100, "subject_to_ear": "no"}, VOCABULARY),
    ]
    asked = [
        {"item": item, "to": to, "on": on, "from": start, "tpp": tpp}
        for item in ("mine", "YOURS", "free", "H20", "other") for to in ("CN", "DE", None)
        for on in ("2023-11-17", "2025-07-15") for start in ("US", "SG", None)
        for tpp in (None, "5000")
    ]  # fmt: skip
    answers = check_book(pa.Table.from_pylist(asked), items=own)
    assert answers.table.num_rows + len({r.line for r in answers.rejects}) == len(asked)
    refused = {reject.line for reject in answers.rejects}
    rest = iter(answers.table.to_pylist())
    for place, row in enumerate(asked):
        named = {answers.source.layout.names[n]: n for n in answers.source.layout.names}
        line = {named[heading]: text for heading, text in row.items()}
        wanted = alone(answers.job, line)
        assert (place + 1 in refused) == (wanted is None)
        if wanted is not None:
            assert next(rest)["outcome"] == wanted.outcome


def test_a_synthetic_book_against_single_questions() -> None:
    lines = pa.Table.from_batches(synth(3000, seed=11))
    answers = check_book(lines)
    assert answers.table.num_rows == 3000
    assert answers.rejects == ()
    by_case = {
        case: verdict for report in answers.reports for case, verdict in report.cases.items()
    }
    rows = answers.table.to_pylist()
    for place in Random(3).sample(range(3000), 120):
        wanted: Verdict = single(answers.job, rows[place]).verdict
        assert by_case[rows[place]["case"]] == wanted
        assert rows[place]["outcome"] == wanted.outcome
        assert answers.explain(place).verdict == wanted
