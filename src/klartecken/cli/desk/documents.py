"""Files that people write for the desk: YAML or JSON, read as text, with nothing guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from klartecken.cli.desk.common import read_body
from klartecken.errors import InputError

LARGEST = 4_000_000  # bytes
DEEPEST = 20
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]{1,3})\]")


def read_document(path: str) -> dict[str, Any]:
    """The fields in a file: numbers and days stay text, so that they are exact.

    Only ``true``, ``false`` and ``null`` are more than text: ``NO`` is Norway.

    Raises:
        InputError: it cannot be read, a name stands twice, or it holds no fields.
    """
    body = read_body(path)
    if len(body) > LARGEST:
        raise InputError(f"has more than {LARGEST} bytes", where=path)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError("is no UTF-8 text", where=path) from err
    try:
        found = _json(text) if path.lower().endswith(".json") else _yaml(text)
    except InputError as err:
        raise InputError(err.what, where=path, next_step=err.next_step) from err
    except RecursionError as err:
        raise InputError("is too deep", where=path) from err
    if not isinstance(found, dict):
        raise InputError("holds no fields", where=path, next_step="Write NAME: VALUE")
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=str, parse_int=str,
                          parse_constant=_constant)  # fmt: skip
    except ValueError as err:
        raise InputError(f"is no JSON ({err})") from err


def _constant(name: str) -> Any:
    raise InputError(f"{name} is no number")


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise InputError(f"{name!r} stands twice")
        found[name] = value
    return found


def _yaml(text: str) -> Any:
    import yaml

    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (yaml.YAMLError, ValueError) as err:
        raise InputError(f"is no YAML ({' '.join(str(err).split())[:200]})") from err
    return _plain(node, set(), 0)


def _plain(node: Any, seen: set[int], depth: int) -> Any:
    """A node as plain data; one that stands in two places (an alias) is refused."""
    import yaml

    if node is None:
        return None
    if id(node) in seen or depth > DEEPEST:
        raise InputError("refers to itself, or is too deep")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node.value, node.style is None)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(held, seen, depth + 1) for held in node.value]
    return _once((str(name.value), _plain(value, seen, depth + 1)) for name, value in node.value)


def _scalar(text: str, bare: bool = True) -> Any:
    return _WORDS.get(text.lower() if len(text) < 6 else text, text) if bare else text


def set_path(data: dict[str, Any], path: str, text: str) -> None:
    """Set what stands at a path, as ``end_use``, ``contact.name`` or ``lines[0].eccn``.

    The number after the last of a list adds to it. A list of texts is parted by commas.

    Raises:
        InputError: there is no such place.
    """
    steps = _steps(path)
    held: Any = data
    for place, step in enumerate(steps[:-1]):
        held = _into(held, step, {} if isinstance(steps[place + 1], str) else [], path)
    last = steps[-1]
    if isinstance(last, int):
        raise InputError("names no field", where=path, next_step="Write lines[0].eccn")
    if not isinstance(held, dict):
        raise _nowhere(path)
    many = isinstance(held.get(last), list)
    held[last] = [part.strip() for part in text.split(",") if part.strip()] if many \
        else _scalar(text)  # fmt: skip


def _steps(path: str) -> list[str | int]:
    found: list[str | int] = []
    for part in path.replace("[", ".[").split("."):
        step = _STEP.fullmatch(part)
        if step is None:
            raise _nowhere(path)
        found.append(step[1] or int(step[2]))
    return found


def _into(held: Any, step: str | int, new: Any, path: str) -> Any:
    if isinstance(step, str) and isinstance(held, dict):
        if held.get(step) is None:
            held[step] = new
        return held[step]
    if isinstance(step, int) and isinstance(held, list) and step <= len(held):
        if step == len(held):
            held.append(new)
        return held[step]
    raise _nowhere(path)


def _nowhere(path: str) -> InputError:
    return InputError("there is no such place in the form", where=path,
                      next_step="Write it like contact.name or lines[0].eccn")  # fmt: skip
