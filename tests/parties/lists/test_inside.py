import pytest

from klartecken.parties.lists.formats.inside import names_inside


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ANNA TEST -AKA- BERTA TEST", ("ANNA TEST", "BERTA TEST")),
        ("ANNA TEST- AKA-BERTA  TEST", ("ANNA TEST", "BERTA TEST")),
        ("Anna (a.k.a Anna Maria Test) Test", ("Anna Test", "Anna Maria Test")),
        ("Anna Test a/k/a Berta Test", ("Anna Test", "Berta Test")),
        ("Made Works (f.k.a., Old (Made) Works)", ("Made Works", "Old (Made) Works")),
        ("Made Works [aka Made One, aka Made Two] (HK), and its sub-units",
         ("Made Works (HK), and its sub-units", "Made One", "Made Two")),
        ("Made Works, a.k.a., Other Works.", ("Made Works", "Other Works.")),
        ("MADE B.V. ALSO KNOWN AS OTHER B.V.", ("MADE B.V.", "OTHER B.V.")),
        ("Made Forces (aka MFX); and any successor", ("Made Forces; and any successor",)),
        ("Made Works Ltd.", ()),
        ("Osaka Works", ()),
    ],
)  # fmt: skip
def test_names_inside(name: str, expected: tuple[str, ...]) -> None:
    assert names_inside(name) == expected
