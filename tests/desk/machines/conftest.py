"""Puts tools/ on the path: the tests use the same code that `make docs` does."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))
