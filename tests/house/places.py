"""Where things are, for the tests of the house."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "klartecken"
MODULES = sorted(SRC.rglob("*.py"))
TEXT = {
    "", ".cff", ".cfg", ".csv", ".html", ".ini", ".json", ".md", ".py", ".sh", ".svg", ".toml",
    ".txt", ".yaml", ".yml",
}  # fmt: skip


def name_of(path: Path) -> str:
    """A module's dotted name."""
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def kept_files() -> tuple[Path, ...]:
    """The text files that are or would be committed (all files where there is no git)."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        made = {"out", "build", "dist", "__pycache__"}
        parts = ((p, p.relative_to(ROOT).parts) for p in ROOT.rglob("*"))
        names = [
            str(p) for p, held in parts
            if not made & set(held) and (held[0] == ".ci" or held[0][0] != ".")
        ]  # fmt: skip
    else:
        names = done.stdout.split("\0")
    paths = [ROOT / name for name in names if name]
    return tuple(p for p in paths if p.is_file() and p.suffix in TEXT)
