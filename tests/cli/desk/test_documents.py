"""Files that people write for the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from klartecken.cli.desk.documents import read_document, set_path
from klartecken.errors import InputError


def read(tmp_path: Path, text: str, name: str = "f.yaml") -> Any:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_document(str(tmp_path / name))


def test_numbers_days_and_norway_stay_text(tmp_path: Path) -> None:
    text = "a: 010.50\nb: 2026-11-20\nc: NO\nd: true\ne: null\nf:\ng: 'true'\nh: [1, {i: 2}]\n"
    assert read(tmp_path, text) == {
        "a": "010.50", "b": "2026-11-20", "c": "NO", "d": True, "e": None, "f": None,
        "g": "true", "h": ["1", {"i": "2"}],
    }  # fmt: skip
    text = '{"a": 010}'
    with pytest.raises(InputError, match="is no JSON"):
        read(tmp_path, text, "f.json")
    text = '{"a": 10.50, "b": 1, "c": "NO", "d": true, "e": null, "g": "true"}'
    assert read(tmp_path, text, "f.json") == {
        "a": "10.50", "b": "1", "c": "NO", "d": True, "e": None, "g": "true",
    }  # fmt: skip


@pytest.mark.parametrize(("text", "name", "told"), [
    ("a: 1\na: 2\n", "f.yaml", "'a' stands twice"),
    ('{"a": 1, "a": 2}', "f.json", "'a' stands twice"),
    ('{"a": NaN}', "f.json", "NaN is no number"),
    ("a: &x [1]\nb: *x\n", "f.yaml", "refers to itself"),
    ("a: &x\n  b: *x\n", "f.yaml", "refers to itself"),
    ("a: [", "f.yaml", "is no YAML"),
    ("{", "f.json", "is no JSON"),
    ("", "f.yaml", "holds no fields"),
    ("[]", "f.json", "holds no fields"),
    ("[" * 100_000, "f.json", "is too deep"),
    ("a: " + "[" * 30 + "]" * 30, "f.yaml", "is too deep"),
    ("a: x" + "x" * 4_000_000, "f.yaml", "more than"),
])  # fmt: skip
def test_what_cannot_be_read(tmp_path: Path, text: str, name: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        read(tmp_path, text, name)
    assert name in caught.value.line()


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="no UTF-8"):
        read_document(str(tmp_path / "f.yaml"))
    with pytest.raises(InputError, match="cannot be read"):
        read_document(str(tmp_path))


def test_setting_a_path() -> None:
    data: dict[str, Any] = {"lines": [{"eccn": ""}], "contact": None, "documents": [], "text": ""}
    set_path(data, "lines[0].eccn", "3A090.b")
    set_path(data, "lines[1].eccn", "EAR99")
    set_path(data, "contact.name", "Pia")
    set_path(data, "documents", "a, b,")
    set_path(data, "text", "true")
    set_path(data, "new", "NO")
    assert data == {
        "lines": [{"eccn": "3A090.b"}, {"eccn": "EAR99"}], "contact": {"name": "Pia"},
        "documents": ["a", "b"], "text": True, "new": "NO",
    }  # fmt: skip


@pytest.mark.parametrize("path", [
    "", ".", "a..b", "lines[2].eccn", "lines[x]", "lines[0]", "lines.0", "text.more", "lines[-1].a",
    "[0].a", "a b", "lines[0][0].a",
])  # fmt: skip
def test_a_path_that_leads_nowhere(path: str) -> None:
    data: dict[str, Any] = {"lines": [{"eccn": ""}], "text": "x"}
    with pytest.raises(InputError):
        set_path(data, path, "x")
