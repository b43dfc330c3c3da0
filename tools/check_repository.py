"""Checks of the whole repository that are too slow for the tests.

Builds the wheel, sees that it holds every module, law and data file, installs it into an
environment of its own, and checks that it brings the core dependencies only, answers a case,
and prints every command's help.

Run it as ``python tools/check_repository.py``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = {
    "klartecken",
    "click",
    "pyyaml",
    "rich",
    "markdown-it-py",
    "mdurl",
    "pygments",
    "numpy",
    "rapidfuzz",
    "anyascii",
}
TOOLS_OF_VENV = {"pip", "setuptools", "wheel"}
PACKAGE = ROOT / "src" / "klartecken"
QUESTION = ["nvidia-h20", "--to", "CN", "--on", "2025-07-15", "--exporter", "NVIDIA", "--json"]


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a command; its standard output, or a stop with all that it printed."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, cwd=cwd, check=False
    )
    if done.returncode:
        sys.exit(f"Error: {' '.join(map(str, command))} failed\n{done.stdout}{done.stderr}")
    return done.stdout


def needed() -> list[str]:
    """What the wheel must hold: every module, law and data file, and the marker of types."""
    kinds = (".py", ".yaml", ".yml", ".csv")
    found = [path for path in PACKAGE.rglob("*") if path.suffix in kinds]
    files = [*found, PACKAGE / "py.typed"]
    return sorted(path.relative_to(PACKAGE.parent).as_posix() for path in files)


def build(folder: Path) -> Path:
    """The wheel, built into a folder."""
    run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
        "--no-deps", "-w", folder, ROOT,
    )  # fmt: skip
    (wheel,) = folder.glob("klartecken-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    absent = [name for name in needed() if name not in names]
    absent += [n for n in ("LICENSE", "NOTICE") if not any(x.endswith(f"/{n}") for x in names)]
    if absent:
        sys.exit(f"Error: the wheel lacks {', '.join(absent)}")
    return wheel


def installed(python: Path) -> set[str]:
    """The distributions of an environment."""
    listing = run(python, "-m", "pip", "--disable-pip-version-check", "list", "--format=json")
    return {entry["name"].lower().replace("_", "-") for entry in json.loads(listing)}


def smoke(wheel: Path, folder: Path) -> None:
    """Install the wheel by itself and use it from another folder."""
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
    extra = installed(python) - CORE - TOOLS_OF_VENV
    if extra:
        sys.exit(f"Error: the core also installs {', '.join(sorted(extra))}")
    command = folder / "env" / "bin" / "klartecken"
    answer = json.loads(run(command, "check", *QUESTION, cwd=folder))
    if answer["outcome"] != "licence_required":
        sys.exit(f"Error: the installed wheel answers {answer['outcome']}")
    run(command, "--help", cwd=folder)


def main() -> None:
    """Build, install, ask."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build(folder)
        print(f"built {wheel.name}")
        smoke(wheel, folder)
    print("installed by itself: core dependencies only, and it answers")


if __name__ == "__main__":
    main()
