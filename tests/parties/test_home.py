import sys
from pathlib import Path

import pytest

from klartecken.errors import InputError
from klartecken.parties.home import home_folder


def test_the_option_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KLARTECKEN_HOME", str(tmp_path / "env"))
    assert home_folder(tmp_path / "option") == tmp_path / "option"
    assert home_folder() == tmp_path / "env"


@pytest.mark.parametrize(
    ("platform", "end"),
    [
        ("linux", ".local/share/klartecken"),
        ("darwin", "Library/Application Support/klartecken"),
        ("win32", "AppData/Local/klartecken"),
    ],
)
def test_each_platform_has_its_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, end: str
) -> None:
    for name in ("KLARTECKEN_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert home_folder() == tmp_path / end


def test_xdg_is_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KLARTECKEN_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert home_folder() == tmp_path / "klartecken"


def test_an_empty_or_impossible_folder_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    for given in ("", "  ", str(file), "a\0b"):
        with pytest.raises(InputError, match="--home"):
            home_folder(given)
    monkeypatch.setenv("KLARTECKEN_HOME", "")
    with pytest.raises(InputError, match="KLARTECKEN_HOME"):
        home_folder()
