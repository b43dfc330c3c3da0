"""The form in which a name is looked up among the firm's own records: the same name, as typed.

Not a screening: what differs by more than case, width, spaces and punctuation is another name.
"""

from __future__ import annotations

import unicodedata

_GLUED = frozenset(".'’‘`´ʼ")  # "A.B." is "AB"; every other sign stands between two words


def lookup_key(name: str) -> str:
    """NFKC, no case, no punctuation, single spaces; never empty unless the name is.

    >>> lookup_key("  Nordlicht-Werke   OY. "), lookup_key("ＮＯＲＤＬＩＣＨＴ werke, o.y.")
    ('nordlicht werke oy', 'nordlicht werke oy')
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(
        c if c.isalnum() or unicodedata.category(c).startswith("M") else "" if c in _GLUED else " "
        for c in plain
    )
    return " ".join((kept if kept.strip() else plain).split())
