"""Names in pinyin: the glossary's words read back into English.

"Huawei Jishu Youxian Gongsi" is listed as Huawei Technologies. Homophones are many, so this is
one more reading of a name, never the only one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from klartecken.parties.names.han import glossary

LONGEST = 6  # words of a name that may make up one word of the glossary
_READ = frozenset({"industry", "institution", "brand"})


@cache
def spelt() -> Mapping[str, str]:
    """Pinyin without spaces -> English; of homophones the first of the glossary."""
    found: dict[str, str] = {}
    for word in glossary().values():
        if word.kind in _READ and len(word.pinyin) >= 2 and word.english:
            found.setdefault("".join(word.pinyin).casefold(), word.english.casefold())
    return found


@cache
def _beginnings() -> frozenset[str]:
    """Every beginning of a word of :func:`spelt`."""
    return frozenset(word[:end] for word in spelt() for end in range(1, len(word) + 1))


def pinyin_reading(form: str) -> str:
    """A normal form with its pinyin words in English; the form itself where there is none.

    >>> pinyin_reading("shanghai biren zhineng keji llc")
    'shanghai biren intelligent technology llc'
    """
    words, out, place = form.split(), [], 0
    if _beginnings().isdisjoint(words):
        return form
    known = spelt()
    while place < len(words):
        for end in range(min(place + LONGEST, len(words)), place, -1):
            english = known.get("".join(words[place:end]))
            if english is not None:
                out.append(english)
                place = end
                break
        else:
            out.append(words[place])
            place += 1
    return " ".join(out)
