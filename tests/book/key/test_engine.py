"""A book is answered exactly as its lines one by one: random laws, random lines.

The second half breaks the engine on purpose, piece by piece: each break must be noticed by the
very same comparison, else the comparison is worth nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klartecken.book.job import Settings
from klartecken.book.key import signature
from klartecken.book.key.engine import Engine
from klartecken.book.key.machine import Machine
from klartecken.book.key.residual import Residuals
from klartecken.book.key.signature import Signer
from klartecken.book.key.state import Known
from klartecken.book.key.trees import Trees
from klartecken.decide.ask import shipped_world
from klartecken.errors import KlarteckenError
from klartecken.logic.nodes import atoms
from klartecken.logic.values import choose, exactly, parse_range
from tests.book.compare import differences, in_bulk, job_for, table
from tests.book.laws import provision, provisions, world
from tests.book.lines import columns, rows


def compared(seed: int, lines: int = 12) -> list[str]:
    """What differs under one random law."""
    rnd = Random(seed)
    law = world(provisions(rnd))
    names = columns(rnd)
    made = rows(rnd, names, lines)
    view, strict = rnd.choice(("practice", "practice", "text")), rnd.random() < 0.3
    return differences(law, made, names, Settings(view=view, strict=strict))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_a_book_is_answered_as_its_lines_one_by_one(seed: int) -> None:
    assert compared(seed) == []


# -- each difference that this comparison has found ------------------------------------------
def test_exceptions_are_named_in_the_laws_order() -> None:
    """Also where one symbol has several rules and the first of them is out of reach."""
    made = [
        provision("need", "requirement", "f1", basis="ccl", exceptions=["A", "B"]),
        provision("way.1", "exception", 'c1 == "a"', symbol="A"),
        provision("way.2", "exception", "true", symbol="B"),
        provision("way.3", "exception", "true", symbol="A"),
    ]
    line = {"item": "own chip", "destination": "CN", "ship_date": "2025-01-01", "f1": "yes"}
    lines = [{**line, "c1": "b"}, {**line, "c1": "a"}, {**line, "c1": None}]
    assert differences(world(made), lines, list(lines[0])) == []


def test_a_condition_may_fail_before_all_its_facts_are_known_and_still_be_assumed() -> None:
    """``level`` is never met, so the condition is no on every line; but where ``g1`` is only
    assumed that no is something not yet shown, and the exception stays conditional."""
    condition = {"id": "shown", "when": '"level" and g1', "text": "t"}
    made = [
        provision("level", "definition", "g2"),
        provision("need", "requirement", "true", basis="ccl", exceptions=["A"]),
        provision("way", "exception", "true", symbol="A", conditions=[condition]),
    ]
    line = {"item": "own chip", "destination": "CN", "ship_date": "2025-01-01"}
    lines = [{**line, "g1": text} for text in (None, "no", "yes", "unknown")]
    job = job_for(list(lines[0]), world(made))
    found = in_bulk(job, table(lines, list(lines[0])))
    assert [len(verdict.exceptions) for verdict in found if verdict] == [1, 0, 0, 0]
    assert differences(world(made), lines, list(lines[0])) == []


@pytest.mark.parametrize("column", ["tpp", "datacenter", "subject_to_ear"])
def test_a_book_without_items_asks_of_a_chip_without_a_name(column: str) -> None:
    text = {"tpp": "5000", "datacenter": "yes", "subject_to_ear": "no"}[column]
    line = {column: text, "destination": "CN", "ship_date": "2025-07-15", "end_use": "commercial"}
    lines = [line, {**line, column: None}]
    assert differences(shipped_world(), lines, list(line)) == []


def test_what_fails_on_the_way_leaves_no_state_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict that could not be worked out must not shift the numbers of the others."""
    names = ["item", "destination", "ship_date"]
    lines = [
        {"item": item, "destination": to, "ship_date": "2025-07-15"}
        for item in ("H20", "own chip", "A100-80GB-SXM") for to in ("CN", "DE", "RU")
    ]  # fmt: skip
    wanted = in_bulk(job_for(names, shipped_world()), table(lines, names))
    job = job_for(names, shipped_world())
    real, calls = Residuals.findings, iter(range(100))

    def failing(self: Residuals, *args: Any) -> Any:
        if next(calls) in (1, 2):
            raise MemoryError
        return real(self, *args)

    monkeypatch.setattr(Residuals, "findings", failing)
    for _ in range(2):
        with pytest.raises(MemoryError):
            in_bulk(job, table(lines, names))
    assert in_bulk(job, table(lines, names)) == wanted


# -- a broken engine is noticed --------------------------------------------------------------
SEEDS = (27, *range(12))  # 27: an exception that is dead at the start only without `later`


def _noticed() -> bool:
    return any(_differ(seed) for seed in SEEDS)


def _differ(seed: int) -> bool:
    try:
        return compared(seed) != []
    except (KeyError, IndexError, ValueError):  # a break may also simply not run
        return True


def _kleene(patch: pytest.MonkeyPatch) -> None:
    """Signatures of yes, no and unknown alone."""
    patch.setattr(signature, "openings", lambda still, values, positive: ())


def _no_assumed(patch: pytest.MonkeyPatch) -> None:
    real = Signer.sign

    def sign(self: Signer, given: Any) -> int:
        number = real(self, given)
        held = self.signed[number]
        self.signed[number] = type(held)(
            held.values, Known(frozenset(), held.known.trees), held.parts
        )
        return number

    patch.setattr(Signer, "sign", sign)


def _papers_unsigned(patch: pytest.MonkeyPatch) -> None:
    real = Signer.__init__

    def init(self: Signer, *args: Any, **more: Any) -> None:
        real(self, *args, **more)
        self._papers = frozenset()

    patch.setattr(Signer, "__init__", init)


def _days_off(by: int) -> Callable[[pytest.MonkeyPatch], None]:
    def broken(patch: pytest.MonkeyPatch) -> None:
        real = Engine.answer

        def answer(self: Engine, days: Any, codes: Any, world: int = 0) -> Any:
            return real(self, days + np.int32(by), codes, world)

        patch.setattr(Engine, "answer", answer)

    return broken


def _wrong_values(patch: pytest.MonkeyPatch) -> None:
    """Any two codes are taken to be alike."""
    patch.setattr(Signer, "alike", lambda self, looked, code: 0)


def _start_early(patch: pytest.MonkeyPatch) -> None:
    real = Residuals.start
    patch.setattr(
        Residuals, "start", lambda self, day, known, later: real(self, day, known, frozenset())
    )


def _bars_forgotten(patch: pytest.MonkeyPatch) -> None:
    real = Residuals._parts

    def parts(self: Residuals, rule: Any) -> Any:
        found = real(self, rule)
        kind = type(found)
        return kind(found.in_force, found.scope, (), found.conditions, found.assumed)

    patch.setattr(Residuals, "_parts", parts)


def _references_no(patch: pytest.MonkeyPatch) -> None:
    real = Trees.close
    patch.setattr(Trees, "close", lambda self, node, results: real(self, node, {}))


def _checks_shared(patch: pytest.MonkeyPatch) -> None:
    """States and completion checks are shared by lines that differ in what they look at."""
    patch.setattr(Machine, "_open", lambda self, state, wanted: ())


BREAKS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "signatures of Kleene truth only": _kleene,
    "who said it is dropped": _no_assumed,
    "who said it is not signed": _papers_unsigned,
    "a day late": _days_off(1),
    "a day early": _days_off(-1),
    "all lines alike": _wrong_values,
    "dead at the start": _start_early,
    "bars forgotten": _bars_forgotten,
    "references are no": _references_no,
    "checks shared too widely": _checks_shared,
}


@pytest.mark.parametrize("name", list(BREAKS))
def test_a_broken_engine_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BREAKS[name](monkeypatch)
    assert _noticed()


# -- the door --------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def engine() -> Engine:
    made = Engine([shipped_world()], ["item", "destination"])
    assert len(made.blocks) == 2
    made.levels[0].signer.sign({"item_kind": choose("ic"), "tpp": exactly(5000)})
    made.levels[1].signer.sign({"destination": choose("CN")})
    return made


DAY = np.array([20_000, 20_001], np.int32)
ZERO = np.zeros(2, np.int32)


def test_the_engine_takes_int32(engine: Engine) -> None:
    found = engine.answer(DAY, [ZERO, ZERO])
    assert found.dtype == np.int32
    assert found.shape == (2,)
    assert engine.answer(DAY[:0], [ZERO[:0], ZERO[:0]]).shape == (0,)


@pytest.mark.parametrize("kind", ["u2", "u4", "i8", "i2", "u8", "f4", "f8", "?", ">i4"])
def test_arrays_of_another_type_are_refused(engine: Engine, kind: str) -> None:
    other = ZERO.astype(kind)
    for days, codes in (
        (DAY, [other, ZERO]), (DAY, [ZERO, other]), (DAY.astype(kind), [ZERO, ZERO]),
    ):  # fmt: skip
        with pytest.raises(KlarteckenError, match="int32"):
            engine.answer(days, codes)


@pytest.mark.parametrize(
    "codes",
    [
        [], [ZERO], [ZERO, ZERO, ZERO], [ZERO, ZERO[:1]], [ZERO[:0], ZERO],
        [ZERO, ZERO.reshape(1, 2)], [ZERO, np.int32(0)],
    ],
)  # fmt: skip
def test_arrays_of_another_number_or_length_are_refused(engine: Engine, codes: Any) -> None:
    with pytest.raises((KlarteckenError, AttributeError)):
        engine.answer(DAY, [np.asarray(code) for code in codes])


# -- signatures ------------------------------------------------------------------------------
def test_signatures_part_what_completions_part() -> None:
    """Two unknowns with the same yes/no/unknown for each atom, and different answers."""
    made = [provision("need", "requirement", "x >= 3 and y >= 3 and x + y <= 6", basis="ccl")]
    names = ["item", "destination", "ship_date", "x", "y"]
    lines = [
        {"item": "own chip", "destination": "CN", "ship_date": "2025-01-01", "x": x, "y": y}
        for x in ("2..4", "2..3", "1..4", ">=2", "3") for y in ("2..3", "2..4", "3..9", "3", None)
    ]  # fmt: skip
    assert differences(world(made), lines, names) == []


def test_values_between_the_same_lines_share_a_signature() -> None:
    law = world([provision("need", "requirement", "x >= 3", basis="ccl")])
    job = job_for(["item", "destination", "ship_date", "x"], law)
    place = next(i for i, block in enumerate(job.engine.blocks) if "x" in block.facts)
    sign = job.engine.levels[place].signer.sign
    assert sign({"x": exactly(4)}) == sign({"x": exactly(400)}) == sign({"x": parse_range(">=3")})
    assert len({sign({"x": parse_range(text)}) for text in ("2", "3", "2..3", "1..9")}) == 3


def test_every_atom_of_the_law_belongs_to_one_block() -> None:
    job = job_for(["item", "destination", "ship_date", "listed"], shipped_world())
    blocks = [*job.engine.blocks, job.engine.machine.silent]
    every = [name for block in blocks for name in block.facts]
    assert sorted(every) == sorted(shipped_world().law.vocabulary.facts)
    for rule in job.engine.machine._days[0][-1].in_force:
        for tree in rule.version.trees:
            for atom in atoms(tree):
                names = {n for n, _ in getattr(atom, "terms", ())} or {getattr(atom, "fact", "")}
                assert any(names <= set(block.facts) for block in blocks)
