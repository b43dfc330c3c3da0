"""Names that people write: one line, no control characters, of a sane length."""

from __future__ import annotations

import unicodedata

from klartecken.errors import InputError

LONGEST = 200


def one_line(text: str, where: str) -> str:
    """A name without surrounding space.

    Raises:
        InputError: empty, too long, or with control characters (which could forge lines of
            an answer).
    """
    name = text.strip()
    if not name:
        raise InputError("is empty", where=where)
    if len(name) > LONGEST:
        raise InputError(f"has {len(name)} characters, more than {LONGEST}", where=where)
    if name.isascii() and name.isprintable():
        return name
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in name):
        raise InputError("holds a control character", where=where)
    return name
