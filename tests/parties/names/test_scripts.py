"""Scripts of letters, and lookalikes within a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.parties.names.scripts import mixed_in_word, script_of

SCRIPTS = {
    "Latin", "Han", "Cyrillic", "Greek", "Arabic", "Hebrew", "Hangul", "Kana", "Devanagari",
    "Thai", "Other",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("Zorbla 5 Ltd.", {"Latin"}),
        ("Zörbla", {"Latin"}),
        ("ＺＯＲＢＬＡ", {"Latin"}),
        ("зорбла", {"Cyrillic"}),
        ("ζορβλα", {"Greek"}),
        ("شركة", {"Arabic"}),
        ("חברה", {"Hebrew"}),
        ("주식회사", {"Hangul"}),
        ("ゾルブラ", {"Kana"}),
        ("ｿﾞ", {"Kana"}),
        ("कंपनी", {"Devanagari"}),
        ("บริษัท", {"Thai"}),
        ("ზორბლა", {"Other"}),
        ("卓拉 Zorbla", {"Han", "Latin"}),
        ("12-34", set()),
        ("", set()),
    ],
)
def test_script_of(text: str, scripts: set[str]) -> None:
    assert script_of(text) == scripts


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("Zorblа", True),  # the last letter is Cyrillic
        ("Ζorbla", True),  # the first letter is Greek
        ("Zorbla зорбла", False),
        ("Zorbla-зорбла", False),
        ("卓拉Zorbla", False),
        ("Zorbla", False),
        ("зорбла", False),
        ("a\u0301б", True),
    ],
)
def test_mixed_in_word(text: str, mixed: bool) -> None:
    assert mixed_in_word(text) is mixed


@given(st.text(max_size=20), st.text(max_size=20))
def test_scripts_of_a_text_are_those_of_its_parts(one: str, other: str) -> None:
    assert script_of(one + other) == script_of(one) | script_of(other)
    assert script_of(one) <= SCRIPTS
    assert mixed_in_word(f"{one} {other}") == (mixed_in_word(one) or mixed_in_word(other))
