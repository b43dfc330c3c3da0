"""A column mapping: what the user says of the headings of a table, in a YAML file.

::

    columns: {item: "Part No", destination: "Ship-To Country"}
    constants: {exporter: NVIDIA, ship_from: US}
    ignore: ["Customer PO"]
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from klartecken.errors import InputError
from klartecken.logic.frozen import freeze

_KEYS = ("columns", "constants", "ignore")


@dataclass(frozen=True)
class ColumnMapping:
    """What the user says of a table's headings.

    Attributes:
        columns: name or alias of a column -> heading.
        constants: name or alias of a column -> the text that every line has.
        ignore: headings that are not to be read.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        freeze(self, "columns", "constants")


def read_mapping(path: str | Path) -> ColumnMapping:
    """The column mapping in a YAML file; every value is taken as text (``NO`` is Norway).

    Raises:
        InputError: the file cannot be read, or breaks the layout (file and key are named).
    """
    import yaml

    path = Path(path)
    try:
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar stays text
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=loader)
    except FileNotFoundError as err:
        raise InputError("there is no such file", where=str(path)) from err
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as err:
        told = " ".join(str(err).split())
        raise InputError(f"it is not a readable YAML file ({told})", where=str(path)) from err
    held = {} if node is None else _pairs(node, path.name)
    for key in held:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            raise InputError(
                f"{key!r} is no key of a column mapping", where=path.name,
                next_step=f"Use {', '.join(near or _KEYS)}",
            )  # fmt: skip
    return ColumnMapping(
        _texts(held.get("columns"), f"{path.name}, columns"),
        _texts(held.get("constants"), f"{path.name}, constants"),
        _list(held.get("ignore"), f"{path.name}, ignore"),
    )


def _pairs(node: Any, where: str) -> dict[str, Any]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        raise InputError("is not a list of `key: value`", where=where)
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise InputError("holds a key that is no text", where=where)
        if key.value in found:
            line = key.start_mark.line + 1
            raise InputError(f"{key.value!r} stands twice", where=f"{where}, line {line}")
        found[key.value] = value
    return found


def _text(node: Any, where: str) -> str:
    import yaml

    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise InputError("is not a text", where=where)
    return str(node.value)


def _texts(node: Any, where: str) -> dict[str, str]:
    if node is None:
        return {}
    return {key: _text(value, f"{where}, {key}") for key, value in _pairs(node, where).items()}


def _list(node: Any, where: str) -> tuple[str, ...]:
    import yaml

    if node is None:
        return ()
    if not isinstance(node, yaml.SequenceNode):
        raise InputError("is not a list", where=where, next_step='Write it like ["Customer PO"]')
    return tuple(_text(value, where) for value in node.value)
