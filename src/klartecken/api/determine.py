"""Determinations: one with its reasons, or many through the book engine."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from klartecken.api.models.determinations import HowAsked, OneQuestion, Question
from klartecken.api.questions import as_check, as_line, named
from klartecken.book.api import settings_of
from klartecken.book.job import Job
from klartecken.book.table.canonical import canonical_schema, canonise
from klartecken.book.table.columns import Layout
from klartecken.decide.ask import check
from klartecken.decide.determination import Determination
from klartecken.decide.named import ROLES
from klartecken.decide.verdict import case_id
from klartecken.desk.desk import Desk
from klartecken.desk.storage.columns import canonical
from klartecken.errors import InputError, KlarteckenError, UnknownName
from klartecken.version import __version__

JOBS = 16  # layouts that are kept
WORN = 200_000  # lines after which a layout begins anew, so that its texts do not pile up
LARGE = 16_000  # bytes of an answer that is not kept
ENGINE = f"klartecken {__version__}"


class Determiner:
    """Answers questions. An answer depends on question, law and lists alone, so it is kept.

    Args:
        desk: gives the law and the lists.
        most: how many answers are kept.
    """

    def __init__(self, desk: Desk, most: int) -> None:
        self.desk, self._most = desk, most
        self._lock = threading.Lock()
        self._context: object = None
        self._answers: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._jobs: OrderedDict[tuple[Any, ...], tuple[Job, list[int]]] = OrderedDict()

    # -- one ---------------------------------------------------------------------------------
    def one(self, question: OneQuestion) -> tuple[str, bytes]:
        """Outcome, and the answer as JSON.

        Raises:
            InputError: the question cannot be read.
        """
        day = question.on or self.desk.clock().date()
        asked = as_check(question, question, day)
        key = canonical([asked, question.detail, question.receipt])
        context = self._current(bool(named(question)))
        with self._lock:
            held = self._answers.get(key)
            if held is not None:
                self._answers.move_to_end(key)
                return held
        answer = check(**asked, parties=context, world=self.desk.world)
        found = answer.outcome, canonical(told(answer, question)).encode()
        if len(found[1]) <= LARGE:
            self._keep(key, found, context)
        return found

    def _keep(self, key: str, found: tuple[str, bytes], context: object) -> None:
        with self._lock:
            if context is None or context is self._context:
                self._answers[key] = found
                while len(self._answers) > self._most:
                    self._answers.popitem(last=False)

    def _current(self, parties: bool) -> Any:
        """The lists as they are now, if parties are named; what others gave is forgotten."""
        if not parties:
            return None
        context = self.desk.context
        with self._lock:
            if context is not self._context:
                self._context = context
                self._answers.clear()
                self._jobs.clear()
        return context

    # -- many --------------------------------------------------------------------------------
    def many(self, questions: Sequence[Mapping[str, Any]], how: HowAsked) -> dict[str, Any]:
        """Answers in order; a question that cannot be read has its error there."""
        answers: list[dict[str, Any]] = [{} for _ in questions]
        cases: dict[str, Any] = {}
        today = self.desk.clock().date()
        groups: dict[tuple[str, ...], list[tuple[int, dict[str, Any]]]] = defaultdict(list)
        for place, said in enumerate(questions):
            try:
                cells = self._cells(said, how, today)
            except KlarteckenError as err:
                answers[place] = unread(err)
            else:
                groups[tuple(sorted(cells))].append((place, cells))
        for columns, lines in groups.items():
            try:
                self._group(columns, lines, how, answers, cases)
            except InputError as err:
                for place, _ in lines:
                    answers[place] = unread(err)
        counts = Counter(answer["outcome"] or "unread" for answer in answers)
        return {"answers": answers, "cases": cases, "counts": counts,
                "law": self.desk.world.hash, "engine": ENGINE}  # fmt: skip

    def _cells(self, said: Mapping[str, Any], how: HowAsked, today: date) -> dict[str, Any]:
        try:
            question = Question.model_validate(said)
        except ValidationError as err:
            first = err.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(str(first["msg"])[:300], where=where) from err
        day = question.on or today
        return as_line(question, self.desk.world.on(day).law, how.tf32_bits, day)

    def _group(
        self, columns: tuple[str, ...], lines: list[tuple[int, dict[str, Any]]], how: HowAsked,
        answers: list[dict[str, Any]], cases: dict[str, Any],
    ) -> None:  # fmt: skip
        """Answer the lines of one layout."""
        context = self._current(any(role in columns for role in ROLES))
        job = self._job(columns, how, context, len(lines))
        table = pa.table({name: [cells[name] for _, cells in lines] for name in columns})
        schema = canonical_schema(table.schema, {name: name for name in columns})
        (batch,) = table.combine_chunks().to_batches()
        found = job.answer(canonise(batch, columns, schema, "questions"), 1)
        for reject in reversed(found.rejects):
            place = lines[reject.line - 1][0]
            answers[place] = {"outcome": None, "case": None,
                              "error": {"where": reject.column, "what": reject.reason}}  # fmt: skip
        places = range(len(lines)) if found.places is None else found.places.tolist()
        for line, number in zip(places, found.numbers.tolist(), strict=True):
            case = job.case(number)
            if case not in cases:
                cases[case] = asdict(job.verdicts[number])
            outcome = job.verdicts[number].outcome
            answers[lines[line][0]] = {"outcome": outcome, "case": case, "error": None}

    def _job(self, columns: tuple[str, ...], how: HowAsked, context: Any, count: int) -> Job:
        key = (columns, how.view, how.strict, how.tf32_bits, id(context))
        with self._lock:
            held = self._jobs.get(key)
            if held is not None and held[1][0] < WORN:
                held[1][0] += count
                self._jobs.move_to_end(key)
                return held[0]
            settings = settings_of(None, how.view, how.strict, how.tf32_bits, (), context)
            job = Job(self.desk.world, Layout({name: name for name in columns}), settings)
            self._jobs[key] = job, [count]
            while len(self._jobs) > JOBS:
                self._jobs.popitem(last=False)
            return job


def told(answer: Determination, question: OneQuestion) -> dict[str, Any]:
    """A determination as it is told."""
    verdict = answer.verdict
    return {
        "case": case_id(verdict), "verdict": asdict(verdict), "on": answer.case.day,
        "reasons": answer.reasons,
        "flags": [_remark(flag) for flag in answer.flags],
        "gaps": [_remark(gap) for gap in answer.gaps],
        "law": dict(answer.law), "engine": answer.engine,
        "full": answer.to_dict() if question.detail == "full" else None,
        "receipt": answer.receipt() if question.receipt else None,
    }  # fmt: skip


def _remark(flag: Any) -> dict[str, str]:
    return {"code": flag.code, "text": flag.text, "citation": flag.citation}


def unread(err: KlarteckenError) -> dict[str, Any]:
    """The place of a question that cannot be read."""
    near = f"; nearest: {', '.join(err.nearest)}" if isinstance(err, UnknownName) else ""
    return {"outcome": None, "case": None,
            "error": {"where": err.where, "what": (err.what + near)[:500]}}  # fmt: skip
