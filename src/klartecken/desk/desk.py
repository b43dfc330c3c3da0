"""The desk: a database, the user's own data, a law and a clock, held together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from klartecken.decide.ask import World, shipped_world
from klartecken.desk.people.roles import Person
from klartecken.desk.remember import Remembered
from klartecken.desk.storage.connect import open_engine, reading, writing
from klartecken.desk.storage.migrate import require_current
from klartecken.desk.work import Clock, Work
from klartecken.parties.resolve.context import Context
from klartecken.parties.resolve.home import home_context, home_mark

Contexts = Callable[[], Context]
Marks = Callable[[], object]


class Desk:
    """A desk at work. Build it with :func:`open_desk`.

    Args:
        engine: of a database that is set up.
        context: gives lists, decisions, register and owners as they are now.
        clock: gives the moment, in UTC; the shells own it, and a story has one of its own.
        world: the law and its data.
        mark: gives something else whenever ``context`` would; by default every time.
    """

    def __init__(
        self, engine: Engine, context: Contexts, clock: Clock,
        world: World | None = None, mark: Marks = object,
    ) -> None:  # fmt: skip
        self.engine = engine
        self.contexts = context
        self.clock = clock
        self.world = world or shipped_world()
        self.lock = threading.Lock()
        self._mark = mark
        self._held: tuple[Context, object] | None = None
        self._remembered: Remembered | None = None

    @property
    def context(self) -> Context:
        """Lists, decisions, register and owners, read once until they change."""
        with self.lock:
            if self._held is None:
                mark = self._mark()  # first: what changes meanwhile is read the next time
                self._held = self._remembering(self.contexts()), mark
            return self._held[0]

    def _remembering(self, context: Context) -> Context:
        """The context, with the screenings of before where they still hold."""
        if self._remembered is None or not self._remembered.is_of(context):
            self._remembered = Remembered(context)
        return self._remembered.over(context)

    def refresh(self) -> None:
        """Let go of the lists, decisions, register and owners if they have changed."""
        with self.lock:
            if self._held is not None and self._held[1] != self._mark():
                self._held = None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One state of the database, throughout."""
        with reading(self.engine) as connection:
            yield connection

    @contextmanager
    def work(self, person: Person, channel: str) -> Iterator[Work]:
        """One writing transaction by a person: all of it, or nothing.

        Whatever it decides, it decides by the lists and decisions of now.

        Args:
            person: who does it.
            channel: where and on what, as ``api 10.1.2.3`` (762.5(b)(8)).
        """
        with writing(self.engine) as connection:
            self.refresh()
            done = Work(connection, person, self.clock(), channel)
            yield done
            done.finish()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def open_desk(
    url: str | Path, home: str | Path | None = None, *, clock: Clock,
    world: World | None = None, context: Contexts | None = None,
) -> Desk:  # fmt: skip
    """Open a desk whose database is set up.

    Args:
        url: path of an SQLite file, or the URL of a database.
        home: folder of the lists, decisions, register and owners.
        clock, world, context: see :class:`Desk`.

    Raises:
        StorageError: the database cannot be used, or was not set up (`klartecken desk init`).
    """
    engine = open_engine(url)
    require_current(engine)
    if context is not None:
        return Desk(engine, context, clock, world)
    return Desk(engine, lambda: home_context(home), clock, world, lambda: home_mark(home))
