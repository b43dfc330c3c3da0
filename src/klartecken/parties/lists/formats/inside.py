"""Names inside a name: ``FUYI SUN A/K/A FRANK SUN`` is also Frank Sun.

Some forty rows of the lists have their aliases in the name. Each part of at least two words
becomes an alias of its own; the name stays as listed. One word alone (``VKS``) does not: the
list does not say that it is enough.
"""

from __future__ import annotations

import re

_MARK = r"(?:\b[afn]\.\s?k\.\s?a\b\.?|\b[afn]/k/a\b|\baka\b|\bfka\b|\b(?:also|formerly) known as\b)"
_SPLIT = re.compile(rf"(?i){_MARK}[,:]?")
_BRACKET = re.compile(rf"(?i)\s*[(\[][^()\[\]]*{_MARK}[^()\[\]]*[)\]]")
_EDGE = " ,;:-"


def names_inside(name: str) -> tuple[str, ...]:
    """The names that a name with ``a.k.a.`` or ``f.k.a.`` holds; none for other names.

    >>> names_inside("PEARL (A.K.A. NEI-CHIEN CHU) LI")
    ('PEARL LI', 'NEI-CHIEN CHU')
    >>> names_inside("Kaka Works")
    ()
    """
    parts = _SPLIT.split(name)
    if len(parts) == 1:
        return ()
    outer = _BRACKET.sub("", name)
    found = [outer] if outer != name and not _SPLIT.search(outer) else [parts[0]]
    found += [_until_closed(part) for part in parts[1:]]
    clean = (" ".join(part.strip(_EDGE).rstrip("([").strip(_EDGE).split()) for part in found)
    return tuple(dict.fromkeys(part for part in clean if len(part.split()) > 1))


def _until_closed(text: str) -> str:
    """Up to the bracket that the mark stood in."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth < 0:
            return text[:place]
    return text
