"""What a worker needs to answer lines: a :class:`Plan`, sent once, made a job in each process."""

from __future__ import annotations

import hashlib
import json
import pickle
import zlib
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any, Self

from klartecken.book.answers import AnswerColumns
from klartecken.book.job import Job, Settings
from klartecken.book.spread.wire import Packer
from klartecken.book.table.columns import Layout, layout
from klartecken.book.table.mapping import ColumnMapping
from klartecken.decide.ask import World
from klartecken.decide.named import ROLES
from klartecken.errors import InputError, KlarteckenError
from klartecken.version import ENGINE

JOBS = 2  # that a process keeps: the tables of one are tens of megabytes

PlanFor = Callable[[Sequence[str]], "Plan"]


@dataclass(frozen=True, eq=False)
class Plan:
    """The law, the layout and the settings of a run; two plans of one digest are equal.

    Attributes:
        world: the law and its data.
        layout: which columns the book has.
        settings: how its lines are asked.
        knowledge: what a job has worked out already, or None (see :meth:`knowing`).
        engine: the version that made it; a worker of another one refuses it.
    """

    world: World
    layout: Layout
    settings: Settings
    knowledge: bytes | None = field(default=None, repr=False)
    engine: str = ENGINE

    def __post_init__(self) -> None:
        named = [r for r in ROLES if r in self.layout.names or r in self.layout.constants]
        if named:
            raise InputError(
                f"the column {named[0]} names parties, which are resolved on one machine only",
                where="columns",
                next_step="Answer the book on threads, or put the column under `ignore`",
            )

    @classmethod
    def of(cls, job: Job) -> Self:
        """The plan of a job that was asked of one law."""
        return cls(job.world, job.layout, job.settings)

    def knowing(self, job: Job) -> Plan:
        """The same plan with the tables that a job has filled.

        A book fills its tables within its first millions of lines. A worker that is sent
        full ones takes seconds to unpack them instead of tens of seconds to fill its own.

        Raises:
            KlarteckenError: the job is one of another plan, or has several laws.
        """
        if len(job.engine.worlds) > 1 or Plan.of(job).digest != self.digest:
            raise KlarteckenError(
                "the job answers another law, layout or settings", where="knowledge of a plan"
            )
        with job.engine.lock:
            held = pickle.dumps(job, 5)
        return replace(self, knowledge=zlib.compress(held, 1))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of law, layout, settings and version; what is known already is no part."""
        body = [
            self.engine, self.world.hash, [_plain(reform) for reform in self.world.reforms],
            _plain(self.layout), _plain(self.settings),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()

    def job(self) -> Job:
        """A job of its own: new, or with the tables that the plan knows.

        Raises:
            KlarteckenError: another version of the program made the plan.
        """
        if self.engine != ENGINE:
            raise KlarteckenError(
                f"the plan was made by {self.engine}, but here is {ENGINE}", where="worker",
                next_step="Install the same version on every machine",
            )  # fmt: skip
        if self.knowledge is None:
            return Job(self.world, self.layout, self.settings)
        held = pickle.loads(zlib.decompress(self.knowledge))
        assert isinstance(held, Job)
        return held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __getstate__(self) -> dict[str, Any]:
        """Without the timeline, which is larger than the law and made again in a moment."""
        return {**self.__dict__, "digest": self.digest, "world": _bare(self.world)}


def _bare(world: World) -> World:
    """The world without what was worked out of it."""
    return replace(world, base=None if world.base is None else _bare(world.base))


def _plain(value: object) -> object:
    """As lists, texts and numbers, the same in every process whatever the order of its sets."""
    if is_dataclass(value):
        parts = (_plain(getattr(value, f.name)) for f in fields(value) if f.compare)
        return [type(value).__name__, *parts]
    if isinstance(value, Mapping):
        return sorted(([str(key), _plain(held)] for key, held in value.items()), key=str)
    if isinstance(value, Set):
        return sorted((_plain(held) for held in value), key=str)
    if isinstance(value, (list, tuple)):
        return [_plain(held) for held in value]
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


@dataclass
class Worker:
    """What a process keeps for a plan: the job, whose tables fill as lines come."""

    job: Job
    packer: Packer = field(default_factory=Packer)
    lock: Any = field(default_factory=Lock)  # for the packer

    @cached_property
    def texts(self) -> AnswerColumns:
        """The columns of answers; to be used under the lock of the job's engine."""
        return AnswerColumns(self.job.verdicts)


_LOCK = Lock()


def worker_of(plan: Plan) -> Worker:
    """The worker of a plan: one for each process."""
    with _LOCK:
        return _worker_of(plan)


@lru_cache(maxsize=JOBS)
def _worker_of(plan: Plan) -> Worker:
    return Worker(plan.job())


def plan_for(
    world: World, settings: Settings, mapping: ColumnMapping | None = None,
    constants: Mapping[str, str] | None = None,
) -> PlanFor:  # fmt: skip
    """What makes the plan of a table once its headings are known.

    Args:
        world: the law and its data.
        settings: see :func:`klartecken.book.api.settings_of`.
        mapping, constants: as for :func:`klartecken.book.table.columns.layout`.
    """

    def make(headings: Sequence[str]) -> Plan:
        dated = settings.on is not None
        found = layout(headings, world.law.vocabulary, mapping, constants, dated=dated)
        return Plan(world, found, settings)

    return make
