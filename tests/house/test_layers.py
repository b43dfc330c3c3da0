"""Imports run downwards only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.places import MODULES, name_of, tree_of

# room -> the rooms that it may import at the top of a module
ALLOWED = {
    "errors": set(),
    "version": set(),
    "logic": {"errors"},
    "law": {"errors", "logic"},
    "facts": {"errors", "logic"},
    "parties": {"errors", "version", "logic", "facts"},
    "feed": {"errors", "version", "facts", "parties"},
    "decide": {"errors", "version", "logic", "law", "facts", "parties"},
    "words": {"errors", "version", "logic", "law", "facts", "parties", "decide"},
    "book": {"errors", "version", "logic", "law", "facts", "parties", "decide", "words"},
    "whatif": {"errors", "version", "logic", "law", "facts", "parties", "decide", "words", "book"},
    "plot": {"errors", "version", "logic", "law", "facts", "parties", "decide", "words", "whatif"},
    "desk": {"errors", "version", "logic", "law", "facts", "parties", "decide", "words", "book"},
    "api": {
        *("errors", "version", "logic", "law", "facts", "parties", "decide", "words", "book"),
        *("feed", "desk"),
    },
    "cli": {
        *("errors", "version", "logic", "law", "facts", "parties", "decide", "words", "book"),
        *("whatif", "plot", "feed", "desk", "api"),
    },
    "": {"version"},  # klartecken/__init__.py: everything else is loaded on use
}
# room -> what it may reach upwards for, inside a function: a record that renders itself
LATE = {"decide": {"words"}, "": set(ALLOWED)}


def room(module: str) -> str:
    """The room of a dotted module name: `klartecken.law.load` -> `law`."""
    return module.split(".")[1] if "." in module else ""


def top_imports(body: list[ast.stmt]) -> Iterator[str]:
    """The modules imported when the file is loaded; type-checking blocks do not count."""
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            yield from top_imports(node.orelse)
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            for part in ("body", "orelse", "finalbody"):
                yield from top_imports(getattr(node, part, []))
            for handler in getattr(node, "handlers", []):
                yield from top_imports(handler.body)
        elif isinstance(node, ast.ClassDef):
            yield from top_imports(node.body)


def all_imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def ours(names: Iterator[str]) -> set[str]:
    return {room(name) for name in names if name.split(".")[0] == "klartecken"}


def test_every_room_is_in_the_table() -> None:
    assert {room(name_of(path)) for path in MODULES} <= set(ALLOWED)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_downwards(path: Path) -> None:
    mine = room(name_of(path))
    found = ours(top_imports(tree_of(path).body)) - {mine}
    assert found <= ALLOWED[mine], f"{mine} may not import {found - ALLOWED[mine]} at the top"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_late_imports_are_the_agreed_ones(path: Path) -> None:
    mine = room(name_of(path))
    agreed = ALLOWED[mine] | LATE.get(mine, set()) | {mine}
    assert ours(all_imports(path)) <= agreed


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_relative_or_starred_import(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            assert all(alias.name != "*" for alias in node.names)
