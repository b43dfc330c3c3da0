import pytest

from klartecken.parties.lists.countries import country_code
from klartecken.parties.lists.formats.csl_fields import address_of, spaced
from klartecken.parties.party import Address


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CN", "CN"), ("TURKIYE", "TR"), ("PRC", "CN"), ("MAN, ISLE OF", "IM"), ("MACAU", "MO"),
        ("Korea, North", "KP"), ("REGION: GAZA", "PS"), ("Palestinian", "PS"), ("", ""),
        ("Congo, Democratic Republic of the", "CD"), ("REGION: KASHMIR", ""), ("Atlantis", ""),
        ("Cote d Ivoire", "CI"), ("Crimea (occupied)", "UA"), ("Bahamas, The", "BS"),
    ],
)  # fmt: skip
def test_countries_as_the_lists_word_them(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("1 Road, Town, CN", Address("1 Road, Town", "CN")),
        ("CN", Address("", "CN")),
        ("1 Road, Town, TX", Address("1 Road, Town, TX", "")),
        ("1 Road, Town, TX, 12345", Address("1 Road, Town, TX, 12345", "")),
        ("1 Road, Town, China", Address("1 Road, Town, China", "CN")),
        ("", Address("", "")),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    assert address_of(text) == address


def test_control_characters_become_letters_or_space() -> None:
    assert spaced("HA\x92Assif  B\x81key\x00\tX\u202eY\ud800\x7f") == "HA’Assif Bükey X Y\ufffd"
