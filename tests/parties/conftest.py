"""Data of third parties: read where it lies, never copied into the repository."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the checkout, or KLARTECKEN_SHARED.

    Where it is absent the test is skipped, except in CI, where it fails.
    """
    folder = Path(os.environ.get("KLARTECKEN_SHARED") or ROOT.parent / "shared")
    if not (folder / "data").is_dir():
        reason = f"no third-party data in {folder} (set KLARTECKEN_SHARED)"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
