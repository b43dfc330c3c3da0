"""An exporter's name is never quietly somebody who holds no letter."""

from __future__ import annotations

import pytest

import klartecken as kt
from klartecken.errors import InputError
from klartecken.facts.exporters import read_exporter

HELD = frozenset({"NVIDIA", "AMD"})


@pytest.mark.parametrize("text", ["N/A", "n.a.", "tbd", "None", "null", "Foo | N/A", "nan"])
def test_what_stands_for_no_name_is_refused(text):
    with pytest.raises(InputError, match="names nobody"):
        read_exporter(text, HELD)


def test_wide_letters_are_the_same_letters():
    wide = "\uff2e\uff36\uff29\uff24\uff29\uff21"
    assert read_exporter(wide, HELD).names.options == {"NVIDIA"}
    found = kt.check("nvidia-h20", to="CN", on="2025-07-15", hq="CN", exporter=wide)
    assert found.outcome == "licence_required"
