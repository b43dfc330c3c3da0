"""CSV and TSV, streamed; every column is text, and no type is guessed."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn, cast

import pyarrow as pa
import pyarrow.csv as pc

from klartecken.book.table.canonical import TEXT, canonise
from klartecken.book.table.columns import Layout
from klartecken.book.table.sources import BATCH, FileSource, LayoutFor, chosen, unreadable
from klartecken.errors import InputError

BLOCK = 1 << 24  # bytes read at a time; one line must fit
_SAVE = "Save the file as UTF-8"


def open_bytes(path: Path) -> IO[bytes]:
    """A file's bytes, unpacked when it ends in .gz."""
    return cast("IO[bytes]", gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def text_schema(layout: Layout) -> pa.Schema:
    """The canonical columns of a file whose values are all text."""
    return pa.schema([(n, pa.string() if n == "line_id" else TEXT) for n in layout.names])


def open_csv(path: Path, layout_for: LayoutFor) -> FileSource:
    """Open a .csv (commas) or .tsv (tabs) file, also as .gz; UTF-8, with or without BOM.

    Raises:
        InputError: not UTF-8, no headings, or what ``layout_for`` raises.
    """
    tabs = path.name.lower().removesuffix(".gz").endswith(".tsv")
    headings, empty = _headings(path, "\t" if tabs else ",")
    layout = layout_for(headings)
    schema = text_schema(layout)
    part = TextPart(path, "\t" if tabs else ",", headings, empty, layout, schema)
    return FileSource(path, layout, schema, 0 if empty else None, (part,))


def _headings(path: Path, comma: str) -> tuple[tuple[str, ...], bool]:
    """The headings, and whether there is no line below them."""
    try:
        with open_bytes(path) as file:
            lines = (raw.decode("utf-8-sig" if n == 0 else "utf-8") for n, raw in enumerate(file))
            rows = csv.reader(lines, delimiter=comma, strict=True)
            headings = tuple(heading.strip() for heading in next(rows, ()))
            empty = not any(row for row in rows)
    except UnicodeDecodeError:
        _refuse_encoding(path)
    except (OSError, EOFError, csv.Error) as err:
        raise unreadable(path, err) from err
    if not any(headings):
        raise InputError("the first line holds no headings", where=path.name)
    other = next((mark for mark in ";\t|" if mark != comma and mark in headings[0]), None)
    if len(headings) == 1 and other:
        raise InputError(
            f"the headings are parted by {other!r}, not by {comma!r}", where=path.name,
            next_step="Save it with commas as .csv, or with tabs as .tsv",
        )  # fmt: skip
    return named(headings), empty


def named(headings: Sequence[str]) -> tuple[str, ...]:
    """A column without a heading is called by its position, so that it is listed too."""
    return tuple(heading or f"(column {n})" for n, heading in enumerate(headings, 1))


def _refuse_encoding(path: Path) -> NoReturn:
    """Name the first line that is not UTF-8."""
    with open_bytes(path) as file:
        for number, raw in enumerate(file, 1):
            if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise InputError("is UTF-16, not UTF-8", where=path.name, next_step=_SAVE)
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError as err:
                raise InputError(
                    f"byte {err.start + 1} is not UTF-8", where=f"{path.name}, line {number}",
                    next_step=_SAVE,
                ) from None  # fmt: skip
    raise InputError("is not UTF-8", where=path.name, next_step=_SAVE)


@dataclass(frozen=True)
class TextPart:
    """A whole CSV or TSV file: its one partition. Empty lines are passed over."""

    path: Path
    comma: str
    headings: tuple[str, ...]
    empty: bool
    layout: Layout
    schema: pa.Schema
    id: str = "file"
    first: int = 1

    @property
    def rows(self) -> int | None:
        """Number of lines when there are none, else not known."""
        return 0 if self.empty else None

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """See :class:`klartecken.book.table.sources.Partition`."""
        names = chosen(columns, self.schema)
        if self.empty:
            return
        try:
            with self._reader(names) as reader:
                for batch in reader:
                    for start in range(0, batch.num_rows, BATCH):
                        part = batch.slice(start, BATCH)
                        yield canonise(part, names, self.schema, self.path.name)
        except (pa.ArrowException, OSError) as err:
            self._explain(err)

    def _reader(self, names: Sequence[str]) -> pc.CSVStreamingReader:
        # columns go by position, so that odd or empty headings do no harm
        keys = [str(index) for index in range(len(self.headings))]
        at = [str(self.headings.index(self.layout.names[name])) for name in names]
        kinds = {key: self.schema.field(name).type for key, name in zip(at, names, strict=True)}
        return pc.open_csv(
            self.path,
            read_options=pc.ReadOptions(
                column_names=keys, skip_rows_after_names=1, block_size=BLOCK
            ),
            parse_options=pc.ParseOptions(delimiter=self.comma, newlines_in_values=True),
            convert_options=pc.ConvertOptions(
                include_columns=at, column_types=kinds, null_values=[""], strings_can_be_null=True
            ),
        )

    def _explain(self, err: Exception) -> NoReturn:
        """Find the line at fault: worth a slow second reading."""
        wide = len(self.headings)
        try:
            with open_bytes(self.path) as file:
                coded = "utf-8-sig"
                lines = (raw.decode(coded if n == 0 else "utf-8") for n, raw in enumerate(file))
                rows = csv.reader(lines, delimiter=self.comma)
                for row in rows:
                    if row and len(row) != wide:
                        raise InputError(
                            f"holds {len(row)} values under {wide} headings",
                            where=f"{self.path.name}, line {rows.line_num}",
                            next_step="Put values that hold the separator in quotes",
                        ) from err
        except UnicodeDecodeError:
            _refuse_encoding(self.path)
        except csv.Error as found:
            raise unreadable(self.path, f"line {rows.line_num}: {found}") from err
        raise unreadable(self.path, err) from err
