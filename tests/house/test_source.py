"""What every source file keeps to: size, docstrings, no eval, no network, no clock."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.places import MODULES, ROOT, kept_files, name_of, tree_of

LONGEST = 300
LONGER = {"klartecken.facts.chips": 310}  # to be parted
NETWORK = {
    "socket", "ssl", "http", "urllib", "urllib3", "requests", "httpx", "aiohttp", "ftplib",
    "smtplib", "telnetlib", "xmlrpc", "asyncio",
}  # fmt: skip
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime", "monotonic"}
# the shells may ask what day it is; the room feed may also reach the network
FEED = [p for p in MODULES if name_of(p).split(".")[:2] == ["klartecken", "feed"]]
SHELLS = (["klartecken", "cli"], ["klartecken", "api"])
BELOW = [p for p in MODULES if p not in FEED and name_of(p).split(".")[:2] not in SHELLS]
BELOW = [p for p in BELOW if name_of(p) != "klartecken"]
CLOCK_OWNERS = {"date", "datetime", "time", "dt"}


def modules(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_file_is_short(path: Path) -> None:
    if path.parent.name == "versions":  # written by tools/new_migration.py
        return
    limit = LONGER.get(name_of(path), LONGEST)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_evaluated(path: Path) -> None:
    called = {
        node.func.id
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & FORBIDDEN_CALLS


def only_quotes(path: Path) -> bool:
    """Is urllib there for its spelling of addresses alone?"""
    imports = [n for n in ast.walk(tree_of(path)) if isinstance(n, (ast.Import, ast.ImportFrom))]
    named = {getattr(n, "module", None) or n.names[0].name for n in imports}
    return {name for name in named if name.split(".")[0] == "urllib"} == {"urllib.parse"}


@pytest.mark.parametrize("path", [p for p in MODULES if p not in FEED], ids=name_of)
def test_no_network(path: Path) -> None:
    assert not (modules(path) & NETWORK) - ({"urllib"} if only_quotes(path) else set())


@pytest.mark.parametrize("path", BELOW, ids=name_of)
def test_no_clock_below_the_shells(path: Path) -> None:
    assert "time" not in modules(path)
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            assert name not in CLOCK_OWNERS, f"line {node.lineno}: {name}.{node.attr}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_public_things_have_docstrings(path: Path) -> None:
    tree = tree_of(path)
    assert ast.get_docstring(tree), "the module has no docstring"
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    holders = [tree, *(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name[0] != "_")]
    bare = [
        f"{node.name} (line {node.lineno})"
        for holder in holders
        for node in holder.body
        if isinstance(node, kinds) and node.name[0] != "_" and not ast.get_docstring(node)
    ]
    assert not bare


def test_committed_text_names_no_machine() -> None:
    """No absolute path of somebody's disc, no address of an inner registry."""
    homes = "|".join(("home", "root", "work", "Users", "tmp", "opt", "mnt", "private"))
    path = re.compile(rf"(?<![\w.:/$<}}-])/(?:{homes})/[\w.-]+|[A-Z]:\\\\?Users")
    registry = re.compile(r"(?i)\b(?:artifactory|nexus|jfrog|pip\.conf|extra-index-url)\b")
    here = Path(__file__).resolve()
    wrong = []
    for file in kept_files():
        if file == here:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if path.search(line) or registry.search(line):
                wrong.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    assert not wrong


def test_committed_files_are_small() -> None:
    """Nothing over 2 MB: data that large does not belong here."""
    assert not [f.name for f in kept_files() if f.stat().st_size > 2_000_000]


def test_data_files_travel_with_the_package() -> None:
    """Every YAML and CSV file lies inside the package, where the wheel takes it."""
    assert list((ROOT / "src/klartecken/law/us_ear").glob("*.yaml"))
    assert list((ROOT / "src/klartecken/data").glob("*.csv"))
