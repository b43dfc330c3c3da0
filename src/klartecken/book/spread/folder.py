"""A folder of Parquet files, written by many workers: all of it, or nothing."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from klartecken.book.table.sinks import open_sink
from klartecken.errors import InputError, KlarteckenError


class Folder:
    """A folder that comes to be on :meth:`commit`. Use it in a ``with``.

    Workers write into ``work``. Only files that a report names are moved over into ``part``,
    which then takes its place; so what a task left behind that ran twice, or was cut off, is
    never among the answers.

    Args:
        path: the folder to be; its parent must exist.

    Raises:
        InputError: it is there already, or is called like a file of another format.
    """

    def __init__(self, path: Path) -> None:
        self.path = path = Path(path).absolute()
        if path.suffix.lower() not in ("", ".parquet"):
            raise InputError(
                "many workers write a folder of Parquet files, no other format",
                where=str(path), next_step="Call it .parquet, or answer the book on one machine",
            )  # fmt: skip
        if path.exists():
            raise InputError(
                "is there already", where=str(path),
                next_step="Many workers write a new folder; move that one away, or name another",
            )  # fmt: skip
        own = uuid.uuid4().hex[:8]  # what an earlier run left behind is not ours
        self.work = path.with_name(f".{path.name}.{own}.work")
        self.part = path.with_name(f".{path.name}.{own}.part")

    def __enter__(self) -> Self:
        try:
            self.work.mkdir()
            self.part.mkdir()
        except OSError as err:
            raise self._unwritable(err) from err
        return self

    def keep(self, files: Mapping[str, int]) -> None:
        """Take files over from the workers.

        Args:
            files: name -> the number of its lines.

        Raises:
            KlarteckenError: a file is not there, or has another number of lines.
        """
        for name, lines in files.items():
            held = self.work / name
            try:
                found = pq.read_metadata(held).num_rows
                held.replace(self.part / name)
            except (OSError, pa.ArrowException) as err:
                raise KlarteckenError(
                    f"the answers in {name} are not where this machine can read them",
                    where=str(self.path),
                    next_step="Give a folder that every machine sees; nothing was written",
                ) from err
            if found != lines:
                raise KlarteckenError(
                    f"{name} holds {found} lines, but {lines} were answered",
                    where=str(self.path), next_step="Run it again; nothing was written",
                )  # fmt: skip

    def empty(self, schema: pa.Schema) -> None:
        """Put in a file without lines: the answers of an empty book."""
        open_sink(self.part / "empty.parquet", schema).commit()

    def commit(self) -> None:
        """Put the folder in its place.

        Raises:
            InputError: something is there by now, or it cannot be written.
        """
        try:
            if self.path.exists():  # an empty folder would be replaced without a word
                raise InputError("came to be there meanwhile", where=str(self.path))
            self.part.rename(self.path)
        except OSError as err:
            raise self._unwritable(err) from err

    def _unwritable(self, err: OSError) -> InputError:
        told = err.strerror or str(err)
        return InputError(f"the folder cannot be written ({told})", where=str(self.path))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for folder in (self.work, self.part):
            shutil.rmtree(folder, ignore_errors=True)
