"""Several laws in one engine, and laws that are too much to check exactly."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest

from klartecken.book.job import Job, Settings
from klartecken.book.key.engine import Engine
from klartecken.book.table.canonical import TEXT
from klartecken.book.table.columns import layout
from klartecken.decide.ask import World, shipped_world
from klartecken.errors import KlarteckenError
from klartecken.logic import complete, space
from tests.book.compare import differences, in_bulk, job_for, table
from tests.book.laws import provision, provisions, world
from tests.book.lines import columns, rows


def made(seed: int) -> World:
    """A random law that knows the same addressees as all others."""
    known = provision("known", "definition", 'exporter in ("NVIDIA", "AMD")')
    return world([known, *provisions(Random(seed))])


@pytest.mark.parametrize("seed", range(4))
def test_each_law_of_a_family_answers_as_it_does_alone(seed: int) -> None:
    laws = [made(seed), made(seed + 100), made(seed)]
    rnd = Random(seed)
    names = columns(rnd)
    lines = table(rows(rnd, names, 15), names)
    held = layout(names, laws[0].law.vocabulary)
    job = Job(laws[0], held, Settings(), worlds=laws[1:])
    (batch,) = lines.to_batches()
    coded = batch.from_arrays([c.dictionary_encode().cast(TEXT) for c in batch.columns], names)
    codes = [reader.codes(coded) for reader in job.readers]
    days, _ = job._days.codes(coded)
    kept = np.flatnonzero(np.logical_and.reduce([code > 0 for code in codes]))
    for place, law in enumerate(laws):
        numbers = job.engine.answer(days[kept], [code[kept] - np.int32(1) for code in codes], place)
        found = [job.verdicts[number] for number in numbers.tolist()]
        alone = in_bulk(job_for(names, law), lines)
        pairs = [(got, alone[k]) for got, k in zip(found, kept.tolist(), strict=True)]
        assert all(got == wanted for got, wanted in pairs if wanted is not None)
    assert len(kept)


def test_laws_that_read_a_cell_differently_are_no_family() -> None:
    other = world([provision("known", "definition", 'exporter == "Intel"')])
    for laws in ([made(1), shipped_world()], [made(1), other]):
        with pytest.raises(KlarteckenError, match="differ in their"):
            Engine(laws, ["item", "destination"])


@pytest.fixture
def short(request: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    tests, budget = request.param
    monkeypatch.setattr(space, "TESTS", tests)
    monkeypatch.setattr(complete, "BUDGET", budget)
    for kept in (space._group, space._fibres):
        kept.cache_clear()
    yield
    for kept in (space._group, space._fibres):
        kept.cache_clear()


@pytest.mark.parametrize("short", [(30, 500_000), (60, 40)], indirect=True)
def test_what_is_too_much_to_check_is_told_alike(short: None) -> None:
    """With next to no budget, both ways fall back to Kleene's word, and to the same one."""
    inexact = 0
    for seed in range(8):
        rnd = Random(seed)
        law, names = world(provisions(rnd)), columns(rnd)
        lines = rows(rnd, names, 10)
        assert differences(law, lines, names) == []
        found = in_bulk(job_for(names, law), table(lines, names))
        inexact += sum(not verdict.exact for verdict in found if verdict)
    assert inexact
