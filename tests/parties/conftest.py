"""Where the data of others lie: beside the checkout, and never in it."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data; its tests are skipped elsewhere, but fail where CI=true."""
    named = os.environ.get("KLARTECKEN_SHARED")
    root = Path(__file__).resolve().parents[2]
    folder = Path(named) if named else root.parent / "shared"
    if not folder.is_dir():
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"no shared data at {folder}; set KLARTECKEN_SHARED")
        pytest.skip("no shared data here; set KLARTECKEN_SHARED to their folder")
    return folder
