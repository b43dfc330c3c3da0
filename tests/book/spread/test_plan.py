"""What is sent to workers: it pickles, and is the same in every process."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from klartecken.book.check import run
from klartecken.book.job import Job, Settings
from klartecken.book.spread.plan import Plan, plan_for, worker_of
from klartecken.decide.ask import shipped_world
from klartecken.errors import KlarteckenError
from klartecken.facts.items import find_item
from klartecken.law.load import load_law
from klartecken.law.reform import read_reform, shipped_reforms
from tests.book.spread.parts import book, plan


def test_a_plan_pickles_and_answers_alike(tmp_path: Path) -> None:
    source = book(tmp_path, 1000)
    mine = plan(source)
    copy = pickle.loads(pickle.dumps(mine))
    assert copy == mine
    assert copy.world.hash == mine.world.hash
    assert run(copy.job(), source) == run(mine.job(), source)


def test_what_was_worked_out_is_not_sent(tmp_path: Path) -> None:
    mine = plan(book(tmp_path, 1000))
    size = len(pickle.dumps(replace(mine)))
    for day in (date(2023, 1, 1), date(2025, 7, 1)):
        assert mine.world.timeline.on(day).dependencies
    assert len(pickle.dumps(replace(mine))) == size


@pytest.mark.parametrize("name", shipped_reforms())
def test_a_reformed_world_travels(name: str, tmp_path: Path) -> None:
    source = book(tmp_path, 500)
    world = shipped_world().under(read_reform(name))
    reformed = replace(plan(source), world=world)
    copy = pickle.loads(pickle.dumps(reformed))
    assert copy.digest == reformed.digest != plan(source).digest
    assert copy.world.reforms == reformed.world.reforms
    assert run(copy.job(), source) == run(reformed.job(), source)


def test_the_digest_is_the_same_in_another_process(tmp_path: Path) -> None:
    source = book(tmp_path, 100)
    item = find_item("nvidia-h20", load_law().vocabulary)
    mine = replace(plan(source), settings=Settings(items={"own": item}))
    blob = tmp_path / "plan"
    blob.write_bytes(pickle.dumps(mine))
    code = (
        "import pickle, sys; from dataclasses import replace;"
        "print(replace(pickle.load(open(sys.argv[1], 'rb'))).digest)"  # worked out anew
    )
    env = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", code, str(blob)], env=env, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == mine.digest


def test_the_digest_is_that_of_law_layout_and_settings(tmp_path: Path) -> None:
    mine = plan(book(tmp_path, 100))
    others = [
        replace(mine, settings=Settings(strict=True)),
        replace(mine, settings=Settings(view="text")),
        replace(mine, layout=replace(mine.layout, constants={"exporter": "NVIDIA"})),
        replace(mine, engine="klartecken 0.0.0"),
    ]
    assert len({mine.digest, *(other.digest for other in others)}) == 5


def test_one_job_in_a_process(tmp_path: Path) -> None:
    mine = plan(book(tmp_path, 100))
    copy = pickle.loads(pickle.dumps(mine))
    assert worker_of(mine) is worker_of(copy)
    assert worker_of(replace(mine, settings=Settings(strict=True))) is not worker_of(mine)


def test_knowledge_travels(tmp_path: Path) -> None:
    source = book(tmp_path, 1000)
    job = plan(source).job()
    reports = run(job, source)
    sent = pickle.loads(pickle.dumps(plan(source).knowing(job)))
    assert sent == plan(source)
    other = sent.job()
    assert len(other.verdicts) == len(job.verdicts)
    assert run(other, source) == reports
    assert len(other.verdicts) == len(job.verdicts)  # nothing was worked out anew


def test_knowledge_of_another_question_is_refused(tmp_path: Path) -> None:
    mine = plan(book(tmp_path, 100))
    with pytest.raises(KlarteckenError, match="another law, layout or settings"):
        mine.knowing(Job(mine.world, mine.layout, Settings(strict=True)))


def test_another_version_is_refused(tmp_path: Path) -> None:
    mine = replace(plan(book(tmp_path, 100)), engine="klartecken 0.0.0")
    with pytest.raises(KlarteckenError, match="Install the same version on every machine"):
        mine.job()


def test_plan_for_matches_headings() -> None:
    made = plan_for(shipped_world(), Settings(), constants={"on": "2025-07-15"})(["Chip", "to"])
    assert isinstance(made, Plan)
    assert made.layout.names == {"item": "Chip", "destination": "to"}
