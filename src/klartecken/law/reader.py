"""YAML with exact numbers, and small typed look-ups that name file, entry and field."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from klartecken.errors import LawError

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Exact(_Base):  # type: ignore[misc]
    """Floats become exact fractions; a key given twice is an error."""


def _fraction(loader: Any, node: Any) -> Fraction:
    text = str(loader.construct_scalar(node)).replace("_", "")
    try:
        return Fraction(text)
    except ValueError as err:
        raise LawError(f"{text!r} is not a finite decimal number") from err


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise LawError(f"{key!r} stands twice", where=f"line {key_node.start_mark.line + 1}")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Exact.add_constructor("tag:yaml.org,2002:float", _fraction)
_Exact.add_constructor("tag:yaml.org,2002:map", _mapping)

_REQUIRED: Any = object()


def read_yaml(path: Path | Traversable) -> dict[str, Any]:
    """One YAML file as a mapping.

    Raises:
        LawError: unreadable, not YAML, or not a mapping; names the file.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Exact)
    except FileNotFoundError:
        raise LawError("there is no such file", where=path.name) from None
    except (OSError, UnicodeDecodeError) as err:
        raise LawError(f"cannot be read ({err})", where=path.name) from err
    except yaml.YAMLError as err:
        raise LawError(f"is not YAML ({' '.join(str(err).split())})", where=path.name) from err
    except LawError as err:
        raise LawError(err.what, where=f"{path.name} {err.where}".strip()) from err
    except ValueError as err:  # a date that is not on the calendar
        raise LawError(f"holds an impossible value ({err})", where=path.name) from err
    if not isinstance(data, dict):
        raise LawError("must be a mapping", where=path.name)
    return data


class Entry:
    """A mapping of a file that knows where it stands, for error messages."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, Mapping):
            raise LawError("must be a mapping", where=where)
        self.data: Mapping[str, Any] = data
        self.where = where
        self._seen: set[str] = set()

    def fail(self, what: str, next_step: str = "") -> LawError:
        """An error at this entry."""
        return LawError(what, where=self.where, next_step=next_step)

    def get(self, key: str, default: Any = _REQUIRED) -> Any:
        """A value of any type; without default it is required."""
        self._seen.add(key)
        value = self.data.get(key)
        if value is None:
            if default is _REQUIRED:
                raise self.fail(f"`{key}` is missing")
            return default
        return value

    def text(self, key: str, default: Any = _REQUIRED) -> str:
        """A string (numbers and yes/no are taken as written)."""
        value = self.get(key, default)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, (dict, list)):
            raise self.fail(f"`{key}` must be text")
        return str(value) if value is not None else ""

    def one_of(self, key: str, allowed: tuple[str, ...], default: Any = _REQUIRED) -> str:
        """A string out of a fixed list."""
        value = self.text(key, default)
        if value not in allowed and value != default:
            raise self.fail(f"`{key}` is {value!r}", "Allowed: " + ", ".join(allowed))
        return value

    def day(self, key: str, default: Any = _REQUIRED) -> dt.date | None:
        """A calendar day."""
        value = self.get(key, default)
        if value is None:
            return None
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            raise self.fail(f"`{key}` is {value!r}, not a day", "Write it like 2025-04-09")
        return value

    def the_day(self, key: str) -> dt.date:
        """A calendar day that must be there."""
        found = self.day(key)
        if found is None:
            raise self.fail(f"`{key}` is missing")
        return found

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(f"`{key}` is {value!r}", "Write true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty when absent."""
        value = self.get(key, [])
        if not isinstance(value, list):
            raise self.fail(f"`{key}` must be a list")
        return tuple(str(item) for item in value)

    def entries(self, key: str, name: str) -> list[Entry]:
        """A list of mappings, each known by its own `id` or its place in the list."""
        value = self.get(key, [])
        if not isinstance(value, list):
            raise self.fail(f"`{key}` must be a list")
        found = []
        for number, item in enumerate(value, 1):
            label = item.get("id", number) if isinstance(item, Mapping) else number
            found.append(Entry(item, f"{self.where}, {name} {label}"))
        return found

    def close(self) -> None:
        """Every key must have been asked for: a misspelt key is an error."""
        extra = sorted(str(k) for k in self.data if k not in self._seen)
        if extra:
            raise self.fail(f"unknown key {', '.join(extra)}")


def nearest(name: str, names: Iterable[str], *, others: bool = False) -> str:
    """``Nearest: a, b``, for the end of a message; nothing when none comes close.

    Args:
        name: what was written.
        names: what exists.
        others: where none comes close, name what there is.
    """
    from difflib import get_close_matches

    known = list(names)
    near = get_close_matches(name, known, n=3)
    if near:
        return "Nearest: " + ", ".join(near)
    return "There is: " + (", ".join(known) or "none") if others else ""


def digest(data: object) -> str:
    """SHA-256 of the content, whatever the order of keys, the layout or the way of a number."""
    text = json.dumps(_canonical(data), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(data: object) -> object:
    if isinstance(data, Mapping):
        return {str(key): _canonical(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_canonical(value) for value in data]
    if data is None or isinstance(data, bool | str):
        return data
    return [type(data).__name__ if isinstance(data, dt.date) else "number", str(data)]
