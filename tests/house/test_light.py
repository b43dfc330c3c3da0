"""One question loads neither the heavy libraries nor the parts that it does not need."""

import json
import subprocess
import sys

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
