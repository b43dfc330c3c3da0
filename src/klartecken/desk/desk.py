"""The desk: a database, the user's own data, a law and a clock, held together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from klartecken.decide.ask import World, shipped_world
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.connect import open_engine, reading, writing
from klartecken.desk.storage.migrate import require_current
from klartecken.desk.work import Clock, Work
from klartecken.parties.resolve.context import Context
from klartecken.parties.resolve.home import home_context

Contexts = Callable[[], Context]


class Desk:
    """A desk at work. Build it with :func:`open_desk`.

    Args:
        engine: of a database that is set up.
        context: gives lists, decisions, register and owners as they are now.
        clock: gives the moment, in UTC; the shells own it, and a story has one of its own.
        world: the law and its data.
    """

    def __init__(
        self, engine: Engine, context: Contexts, clock: Clock,
        world: World | None = None,
    ) -> None:  # fmt: skip
        self.engine = engine
        self.contexts = context
        self.clock = clock
        self.world = world or shipped_world()
        self.lock = threading.Lock()
        self._context: Context | None = None

    @property
    def context(self) -> Context:
        """Lists, decisions, register and owners; see :meth:`refresh`."""
        with self.lock:
            if self._context is None:
                self._context = self.contexts()
            return self._context

    def refresh(self) -> None:
        """Read the lists, decisions, register and owners anew.

        It waits for a reading under way: what that one read must not be kept afterwards.
        """
        with self.lock:
            self._context = None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One state of the database, throughout."""
        with reading(self.engine) as connection:
            yield connection

    @contextmanager
    def work(self, person: Person, channel: str) -> Iterator[Work]:
        """One writing transaction by a person: all of it, or nothing.

        Args:
            person: who does it.
            channel: where and on what, as ``api 10.1.2.3`` (762.5(b)(8)).
        """
        with writing(self.engine) as connection:
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
    return Desk(engine, context or (lambda: home_context(home)), clock, world)
