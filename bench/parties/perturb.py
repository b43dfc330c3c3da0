"""Ways in which a listed name comes out of an order form: one function to a class, seeded."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Perturbation = Callable[[str, random.Random], str | None]

LEGAL = (
    ("co., ltd.", ("Company Limited", "Co Ltd", "Limited")), ("co., ltd", ("Company Limited",)),
    ("company limited", ("Co., Ltd.",)), ("limited liability company", ("LLC", "OOO")),
    ("llc", ("Limited Liability Company", "L.L.C.")), ("joint stock company", ("JSC", "AO")),
    ("jsc", ("Joint Stock Company", "OAO")), ("ltd.", ("Limited", "Ltd")), ("ltd", ("Limited",)),
    ("limited", ("Ltd", "Ltd.")), ("inc.", ("Incorporated", "Corp.")), ("inc", ("Incorporated",)),
    ("corporation", ("Corp.", "Corp")), ("corp.", ("Corporation",)), ("gmbh", ("G.m.b.H.",)),
    ("company", ("Co.", "Co")), ("fze", ("F.Z.E.", "Free Zone Establishment")),
)  # fmt: skip
SHORT = {
    "technology": "Tech", "technologies": "Tech", "international": "Intl", "university": "Univ",
    "institute": "Inst", "electronics": "Elec", "electronic": "Elec", "manufacturing": "Mfg",
    "engineering": "Eng", "department": "Dept", "development": "Dev", "industry": "Ind",
    "industries": "Ind", "industrial": "Ind", "scientific": "Sci", "science": "Sci",
    "research": "Res", "national": "Natl", "general": "Gen", "corporation": "Corp",
    "group": "Grp", "trading": "Trdg", "import": "Imp", "export": "Exp", "center": "Ctr",
    "laboratory": "Lab", "services": "Svcs", "association": "Assn", "equipment": "Equip",
    "semiconductor": "Semi", "information": "Info", "communication": "Comm", "bureau": "Bur",
    "communications": "Comms", "company": "Co", "limited": "Ltd", "aviation": "Avn",
}  # fmt: skip
SPELLINGS = (
    ("kh", "h"), ("ou", "u"), ("ee", "i"), ("iy", "y"), ("ey", "ei"), ("ya", "ia"), ("yu", "iu"),
    ("zh", "j"), ("ph", "f"), ("dh", "d"), ("q", "k"), ("oo", "u"), ("aa", "a"), ("ts", "tz"),
    ("ov", "off"), ("w", "v"), ("x", "ks"), ("ai", "ay"), ("mm", "m"), ("ss", "s"), ("c", "k"),
)  # fmt: skip
BEFORE = ("Attn", "M/S", "The", "c/o", "Messrs")
AFTER = ("Hong Kong", "Shenzhen", "Moscow", "Dubai", "Branch Office", "Head Office", "Warehouse",
         "Purchasing Department", "R&D Center")  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def edit(name: str, rng: random.Random, times: int) -> str:
    """Letters changed, added, dropped or swapped, not the first."""
    letters = list(name)
    for _ in range(times):
        places = [i for i, c in enumerate(letters) if c.isalpha() and i]
        if not places:
            break
        i, how = rng.choice(places), rng.choice("saads")
        if how == "s" and i + 1 < len(letters) and rng.random() < 0.4:
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
        elif how == "s":
            letters[i] = rng.choice(LETTERS)
        elif how == "a":
            letters.insert(i, rng.choice([letters[i].lower(), rng.choice(LETTERS)]))
        elif len(letters) > 4:
            letters.pop(i)
    return "".join(letters)


def one_typo(name: str, rng: random.Random) -> str | None:
    return edit(name, rng, 1)


def two_typos(name: str, rng: random.Random) -> str | None:
    return edit(name, rng, 2)


def order(name: str, rng: random.Random) -> str | None:
    words = name.replace(",", " ").split()
    if len(words) < 2:
        return None
    for _ in range(9):
        other = words[::-1] if len(words) == 2 else rng.sample(words, len(words))
        if other != words:
            return " ".join(other)
    return None


def _forms(name: str) -> tuple[re.Match[str], tuple[str, ...]] | None:
    for form, others in LEGAL:
        found = re.search(r"(?<!\w)" + re.escape(form) + r"(?!\w)", name, re.IGNORECASE)
        if found:
            return found, others
    return None


def legal_form_changed(name: str, rng: random.Random) -> str | None:
    found = _forms(name)
    if not found:
        return None
    match, others = found
    return (name[: match.start()] + rng.choice(others) + name[match.end() :]).strip(" ,")


def legal_form_dropped(name: str, rng: random.Random) -> str | None:
    found = _forms(name)
    if not found:
        return None
    match, _ = found
    left = f"{name[: match.start()]} {name[match.end() :]}".strip(" ,.")
    return left if len(left) >= 5 else None


def abbreviated(name: str, rng: random.Random) -> str | None:
    words = name.split()
    short = [SHORT.get(word.strip(",.").casefold(), word) for word in words]
    return " ".join(short) if short != words else None


def transliterated(name: str, rng: random.Random) -> str | None:
    text = name.lower()
    usable = [pair for pair in SPELLINGS if pair[0] in text[1:]]
    if not usable:
        return None
    for old, new in rng.sample(usable, min(2, len(usable))):
        text = text[0] + text[1:].replace(old, new, 1)
    return text.title()


def word_missing(name: str, rng: random.Random) -> str | None:
    words = name.split()
    if len(words) < 3:
        return None
    words.pop(rng.randrange(len(words)))
    return " ".join(words)


def words_added(name: str, rng: random.Random) -> str | None:
    if rng.random() < 0.5:
        return f"{name} {rng.choice(AFTER)}"
    return f"{rng.choice(BEFORE)} {name}"


def joined(name: str, rng: random.Random) -> str | None:
    words = name.split()
    if len(words) < 2:
        return None
    i = rng.randrange(len(words) - 1)
    return " ".join([*words[:i], words[i] + words[i + 1].lower(), *words[i + 2 :]])


def split(name: str, rng: random.Random) -> str | None:
    words = name.split()
    long = [i for i, word in enumerate(words) if len(word) >= 6 and word.isalpha()]
    if not long:
        return None
    i = rng.choice(long)
    cut = rng.randrange(2, len(words[i]) - 2)
    return " ".join([*words[:i], words[i][:cut], words[i][cut:], *words[i + 1 :]])


def punctuated(name: str, rng: random.Random) -> str | None:
    marks = re.compile(r"[,.()'\-]")
    return marks.sub(lambda _: rng.choice(["", " "]), name).upper() if marks.search(name) else None


def combined(name: str, rng: random.Random) -> str | None:
    steps = (legal_form_changed, legal_form_dropped, order, abbreviated, words_added)
    for step in rng.sample(steps, 2):
        name = step(name, rng) or name
    return edit(name, rng, 1)


CLASSES: dict[str, Perturbation] = {
    "one typo": one_typo, "two typos": two_typos, "order": order,
    "legal form changed": legal_form_changed, "legal form dropped": legal_form_dropped,
    "abbreviated": abbreviated, "transliterated": transliterated, "word missing": word_missing,
    "words added": words_added, "joined": joined, "split": split, "punctuation": punctuated,
    "combined": combined,
}  # fmt: skip
