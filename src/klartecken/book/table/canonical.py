"""Any Arrow column in the one form that the engine reads.

| column | form |
|---|---|
| ``line_id`` | string, or int64 |
| ``quantity``, ``unit_price`` | int64, float64, decimal128 or dictionary of strings |
| ``ship_date`` | date32, or dictionary of strings |
| all others | dictionary of strings |

A dictionary is ``dictionary<int32, string>``; blank text is null. Typed values become text
once for each distinct value, never once for each row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klartecken.errors import InputError

TEXT = pa.dictionary(pa.int32(), pa.string())
AMOUNTS = ("quantity", "unit_price")
_UTC = {"utc", "etc/utc", "z", "zulu", "gmt", "etc/gmt", "+00:00", "-00:00", "+0000"}
_Array = Any  # pyarrow has no complete type hints


def canonical_schema(schema: pa.Schema, names: Mapping[str, str]) -> pa.Schema:
    """The types that the named columns of a table will have.

    Args:
        schema: of the table as it is.
        names: canonical name -> heading.

    Raises:
        InputError: a column of a type that cannot be read, for instance a nested one.
    """
    return pa.schema([(n, target(n, schema.field(heading).type)) for n, heading in names.items()])


def target(name: str, kind: pa.DataType) -> pa.DataType:
    """The canonical type of a column of that name and type.

    Raises:
        InputError: a type that cannot be read.
    """
    t = pa.types
    held = kind.value_type if t.is_dictionary(kind) else kind
    text = _is_text(held) or t.is_null(held)
    if not (text or t.is_boolean(held) or _is_number(held) or t.is_temporal(held)):
        raise InputError(f"the type {kind} cannot be read", where=f"column {name}")
    if t.is_temporal(held):
        return _day(name, held)
    if name == "line_id":
        return pa.int64() if t.is_integer(held) and kind == held else pa.string()
    if name in AMOUNTS and not text:
        return _amount(name, held)
    return TEXT


def _is_text(kind: pa.DataType) -> bool:
    t = pa.types
    tests = (
        t.is_string, t.is_large_string, t.is_string_view,
        t.is_binary, t.is_large_binary, t.is_binary_view,
    )  # fmt: skip
    return any(test(kind) for test in tests)


def _is_number(kind: pa.DataType) -> bool:
    t = pa.types
    return any(test(kind) for test in (t.is_integer, t.is_floating, t.is_decimal))


def _day(name: str, kind: pa.DataType) -> pa.DataType:
    t = pa.types
    if name != "ship_date" or not (t.is_date(kind) or t.is_timestamp(kind)):
        raise InputError(f"the type {kind} cannot be read", where=f"column {name}")
    zone = getattr(kind, "tz", None)
    if zone and zone.lower() not in _UTC:
        raise InputError(
            f"a time in the zone {zone} is not a calendar day", where=f"column {name}",
            next_step="Give the day of shipment as a date, or the time at UTC",
        )  # fmt: skip
    return pa.date32()


def _amount(name: str, kind: pa.DataType) -> pa.DataType:
    t = pa.types
    if t.is_integer(kind):
        return pa.int64()
    if t.is_floating(kind):
        return pa.float64()
    if t.is_decimal(kind):
        precision = max(kind.precision, kind.scale, kind.precision - min(kind.scale, 0))
        if precision > 38:
            raise InputError(f"the type {kind} is too wide", where=f"column {name}")
        return kind if t.is_decimal128(kind) else pa.decimal128(precision, max(kind.scale, 0))
    raise InputError(f"the type {kind} is no number", where=f"column {name}")


def canonise(
    batch: pa.RecordBatch, columns: Sequence[str], schema: pa.Schema, where: str
) -> pa.RecordBatch:
    """A batch in canonical form.

    Args:
        batch: its columns are those of ``columns``, in order, under any names.
        columns: canonical names.
        schema: from :func:`canonical_schema`.
        where: the table, for errors.

    Raises:
        InputError: a value that the canonical form cannot hold.
    """
    fields = [schema.field(name) for name in columns]
    arrays = []
    for index, field in enumerate(fields):
        try:
            arrays.append(convert(batch.column(index), field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as err:
            told = " ".join(str(err).split())
            raise InputError(
                f"a value cannot be read ({told})", where=f"{where}, column {field.name}"
            ) from err
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def convert(array: _Array, kind: pa.DataType) -> _Array:
    """One array in a canonical type; the very same array when it has that form already."""
    if kind == TEXT:
        return _no_blanks(_as_text(array))
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if array.type == kind:
        return array
    if pa.types.is_string(kind) and not _is_text(array.type):  # a line_id of another type
        return _as_text(array).cast(kind)
    if pa.types.is_date32(kind) and pa.types.is_timestamp(array.type):
        return _within(array).cast(kind, safe=False)
    return array.cast(kind)


def _within(times: _Array) -> _Array:
    """Times without zone, of days that a date column can hold: past that a cast wraps round.

    Such a time becomes the last day (some millions of years off), which is refused as a day.
    """
    unit = times.type.unit
    plain = times.cast(pa.timestamp(unit))
    parts = {"s": 1, "ms": 1000}.get(unit)
    if parts is None:  # finer units cannot hold such days
        return plain
    most = pa.scalar((2**31 - 2) * 86_400 * parts, pa.int64())
    least = pa.scalar(-most.as_py(), pa.int64())
    held = pc.min_element_wise(plain.cast(pa.int64()), most, skip_nulls=False)
    return pc.max_element_wise(held, least, skip_nulls=False).cast(plain.type)


def _as_text(array: _Array) -> _Array:
    """A dictionary of strings, with the distinct values as text."""
    if array.type == TEXT:
        return array
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), TEXT)
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    indices, values = array.indices, array.dictionary
    if indices.type != pa.int32():
        indices = indices.cast(pa.int32())
    if values.type != pa.string():
        if _is_text(values.type):
            values = values.cast(pa.string())
        else:
            held = [text_of(value, values.type) for value in _values(values)]
            values = pa.array(held, pa.string())
    return pa.DictionaryArray.from_arrays(indices, values, ordered=False)


def _values(values: _Array) -> list[Any]:
    if pa.types.is_floating(values.type):
        return list(values.to_numpy(zero_copy_only=False))  # keeps the width
    return list(values.to_pylist())


def text_of(value: Any, kind: pa.DataType | None = None) -> str | None:
    """A typed value as exact text; None for null and NaN.

    Floats are written with the fewest digits that give the same float of their own width.

    >>> text_of(True), text_of(4800.0), text_of(0.1), text_of(Decimal("1E+3"))
    ('yes', '4800', '0.1', '1000')
    """
    if value is None:
        return None
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None if value.is_nan() else str(value)
        whole = value == value.to_integral_value()
        return str(int(value)) if whole else format(value, "f")
    if isinstance(value, (float, np.floating)):
        if math.isnan(value) and (kind is None or pa.types.is_floating(kind)):
            return None
        number = float(value)
        if number.is_integer():
            return str(int(number))
        return repr(number) if isinstance(value, float) else str(value)
    return str(value)


def _no_blanks(array: _Array) -> _Array:
    """Blank values become null. The dictionary is looked at, not the rows."""
    values = array.dictionary
    blank = pc.equal(pc.utf8_trim_whitespace(values), "")
    blank = pc.fill_null(blank, True)
    if not pc.any(blank).as_py():
        return array
    keep = np.flatnonzero(~np.asarray(blank))
    moved = np.full(len(values), -1, dtype=np.int32)
    moved[keep] = np.arange(len(keep), dtype=np.int32)
    places = pa.array(moved, mask=moved < 0)
    return pa.DictionaryArray.from_arrays(
        places.take(array.indices), values.take(pa.array(keep, pa.int64()))
    )
