"""One question loads neither the heavy libraries nor the parts that it does not need."""

import json
import os
import subprocess
import sys

from tests.house.places import ROOT

HEAVY = (
    "polars",
    "pyarrow",
    "numba",
    "numpy",
    "matplotlib",
    "pandas",
    "scipy",
    "rich",
    "rapidfuzz",
    "anyascii",
)
PROGRAM = f"""
import sys
sys.argv = ["klartecken", "check", "nvidia-h20", "--to", "CN", "--on", "2025-07-15",
            "--exporter", "NVIDIA", "--json"]
from klartecken.cli import main
try:
    main()
finally:
    print([name for name in sys.modules if name in {HEAVY!r}
           or name.startswith("klartecken.parties")], file=sys.stderr)
"""


def test_a_single_case_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["outcome"] == "licence_required"
    assert done.stderr.strip() == "[]"


def test_importing_the_package_loads_no_law() -> None:
    code = "import klartecken, sys; print([m for m in sys.modules if m.startswith('klartecken.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['klartecken.version']"


EXTRAS = ("sqlalchemy", "alembic", "pyarrow", "fastapi", "uvicorn", "pydantic", "psycopg")
ALL_HELP = f"""
import contextlib, importlib.abc, io, sys

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {EXTRAS!r}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Missing())
import cli_docs
from klartecken.cli import main
for path, command, context in cli_docs.commands(main, "klartecken"):
    context.get_help()
print(sorted(name for name in sys.modules if name.partition(".")[0] in {EXTRAS!r}))
"""


def test_the_help_of_all_commands_needs_no_extra() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALL_HELP], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((*sys.path, str(ROOT / "tools")))},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_without_the_extra_the_desk_says_how_to_install_it() -> None:
    code = ALL_HELP.partition("import cli_docs")[0] + (
        "import importlib.util\n"
        "found = importlib.util.find_spec\n"
        "def find(name, *more):\n"
        f"    return None if name in {EXTRAS!r} else found(name, *more)\n"
        "importlib.util.find_spec = find\n"
        "from klartecken.cli import main\n"
        "main(sys.argv[1:], prog_name='klartecken')"
    )
    wanted = "Install the extra: pip install 'klartecken[desk]'"
    for arguments in (["worklist"], ["licence", "list"], ["audit", "check-bundle", "x.zip"],
                      ["application", "list"], ["init"], ["demo"]):  # fmt: skip
        done = subprocess.run([sys.executable, "-c", code, "desk", *arguments],
                              capture_output=True, text=True)  # fmt: skip
        assert (done.returncode, done.stdout) == (2, "")
        assert wanted in done.stderr
        assert done.stderr.count("\n") == 1
