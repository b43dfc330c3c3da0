"""Addresses: how many written otherwise are found, and how many others are reported.

Run it as ``python -m bench.parties.addresses FOLDER [COUNT]`` with the folder of list files
(OFAC address file, Denied Persons List, samples of the Consolidated Screening List). It prints
recall by kind of change and the share of neighbours reported, by threshold, and the speed of
COUNT party addresses against 30,000 listed ones (made by mixing the real ones).

Changes are made by fixed rules and a fixed seed. "Neighbours" are made too: another house of
the same street, and another street of the same city with the same numbers; both must not be
reported. "Another room" of the same building is counted apart: it is neither right nor wrong.
"""

from __future__ import annotations

import collections
import csv
import gzip
import random
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

from klartecken.parties.lists.entry import Entry
from klartecken.parties.names.addresses import (
    _words,
    address_forms,
    address_lexicon,
    kinds,
    numbers_of,
)
from klartecken.parties.party import Address, Party
from klartecken.parties.screening.address import build_addresses, by_address, meet_addresses
from klartecken.parties.screening.model import DEFAULT

SYLLABLE = re.compile(
    r"(?i)(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?[aeiou]+(?:ng(?![aeiou])|n(?![aeiough])|r\b)?"
)
PINYIN = re.compile(f"(?:{SYLLABLE.pattern[4:]})+")
THRESHOLDS = (650, 700, 750, 770, 800, 850, 900)
SHORT = {
    "street": "St.", "road": "Rd", "avenue": "Ave.", "building": "Bldg", "floor": "/F",
    "district": "Dist.", "room": "Rm.", "no": "No.", "province": "Prov.", "ul": "ulitsa",
    "industrial": "Ind'l", "international": "Int'l", "block": "Blk", "suite": "Ste.",
    "boulevard": "Blvd", "drive": "Dr.", "prospekt": "pr.", "tower": "Twr", "lane": "Ln",
}  # fmt: skip


def sample(folder: Path) -> list[Address]:
    """The distinct real addresses that say enough to compare."""
    texts: list[tuple[str, str]] = []
    with (folder / "ofac-cons_add-2025-12-19.csv").open(encoding="utf-8", errors="replace") as f:
        for row in csv.reader(f):
            if len(row) > 4:
                parts = [cell.strip() for cell in row[2:5] if cell.strip() not in ("", "-0-")]
                texts.append((", ".join(parts), ""))
    with gzip.open(folder / "bis-dpl-2022-09.txt.gz", "rt", encoding="utf-8") as f:
        for cells in csv.DictReader(f, delimiter="\t"):
            keys = ("Street_Address", "City", "State", "Postal_Code")
            texts.append((", ".join(cells[k] for k in keys if cells[k]), cells["Country"]))
    for path in sorted(folder.glob("csl-official-format-sample-*.csv")):
        with path.open(encoding="utf-8-sig") as f:
            for cells in csv.DictReader(f):
                for text in (cells["addresses"] or "").split("; "):
                    country = text[-2:] if re.search(r", [A-Z]{2}$", text) else ""
                    texts.append((text, country))
    found = {}
    for text, country in texts:
        forms = address_forms(text)
        if forms and "inmate" not in forms[0]:
            found.setdefault(forms[0], Address(text, country))
    return list(found.values())


def words(text: str) -> list[str]:
    return re.findall(r"\w+|\W+", text)


def shortened(text: str, rng: random.Random) -> str:
    return "".join(SHORT.get(w.lower(), w) for w in words(text))


def reordered(text: str, rng: random.Random) -> str:
    return ", ".join(reversed(text.split(", ")))


def part_missing(text: str, rng: random.Random) -> str:
    parts = text.split(", ")
    light = [
        i for i in range(1, len(parts))
        if not re.search(r"\d", parts[i]) and not {"way", "building"} & set(
            map(kinds().get, _words(parts[i]))
        )
    ]  # fmt: skip
    if len(parts) > 2 and light:
        del parts[rng.choice(light)]
    return ", ".join(parts)


def postcode_missing(text: str, rng: random.Random) -> str:
    return re.sub(r",? ?\b\d{5,6}\b", "", text)


def typo(text: str, rng: random.Random) -> str:
    parts = words(text)
    long = [i for i, w in enumerate(parts) if w.isalpha() and len(w) > 4]
    if long:
        i = rng.choice(long)
        w, at = parts[i], rng.randrange(1, len(parts[i]) - 1)
        kind = rng.randrange(3)
        parts[i] = (
            w[:at] + w[at + 1 :] if kind == 0
            else w[:at] + w[at + 1] + w[at] + w[at + 2 :] if kind == 1
            else w[:at] + rng.choice("aeinrt") + w[at + 1 :]
        )  # fmt: skip
    return "".join(parts)


def joined(text: str, rng: random.Random) -> str:
    found = [m.start(1) for m in re.finditer(r"[A-Za-z]{3,}( )[A-Za-z]{3,}", text)]
    if not found:
        return text
    at = rng.choice(found)
    return text[:at] + text[at + 1 :]


def floor_missing(text: str, rng: random.Random) -> str:
    return re.sub(
        r"(?i)\b(?:room|rm\.?|unit|suite|flat|apt\.?|of\.?|pom\.?|kv\.?) ?[\w-]+,? ?|"
        r"\b\d+(?:st|nd|rd|th)? ?(?:/f|floor|fl)\b\.?,? ?", "", text,
    )  # fmt: skip


def everything(text: str, rng: random.Random) -> str:
    return typo(shortened(part_missing(text, rng), rng), rng)


def pinyin_spaced(text: str, rng: random.Random) -> str:
    """Chinese addresses only: every name of pinyin syllable by syllable."""
    if not re.search(r"China|\bCN\b|Hong Kong", text):
        return text
    weight = address_lexicon().weight
    return "".join(
        " ".join(SYLLABLE.findall(w)).title()
        if len(w) > 5 and weight(w.lower()) == 1000 and PINYIN.fullmatch(w.lower())
        else w
        for w in words(text)
    )


CHANGES = {
    "abbreviated": shortened, "parts reversed": reordered, "a part missing": part_missing,
    "no postcode": postcode_missing, "one typo": typo, "two words joined": joined,
    "floor, room left out": floor_missing, "pinyin spaced": pinyin_spaced,
    "three at once": everything,
}  # fmt: skip


def other_house(text: str, rng: random.Random) -> str:
    """Every number of up to four digits becomes another."""
    return re.sub(
        r"(?<!\d)\d{1,4}(?!\d)", lambda m: str(int(m[0]) + rng.randrange(2, 40)), text
    )  # fmt: skip


def other_room(text: str, rng: random.Random) -> str:
    pattern = r"(?i)\b(room|rm\.?|unit|suite|flat|apt\.?|of\.?|pom\.?|kv\.?) ?\d+"
    return re.sub(pattern, lambda m: f"{m[1]} {rng.randrange(1, 3000)}", text)


def other_street(text: str, rng: random.Random, names: list[str]) -> str:
    """Words of a name (heavy ones) become those of other addresses; the rest stays."""
    weight = address_lexicon().weight
    return "".join(
        rng.choice(names) if w.isalpha() and weight(w.lower()) == 1000 else w for w in words(text)
    )


def hits(parties: list[Party], entries: list[Entry], threshold: int) -> list[set[str]]:
    rules = replace(DEFAULT, addresses=threshold)
    listed = build_addresses(entries)
    met = meet_addresses(parties, listed, rules)
    return [{h.entry.id for h in by_address(p, met, entries, listed, rules)} for p in parties]


def entries_of(addresses: list[Address]) -> list[Entry]:
    return [
        Entry(str(i), "X", f"Firm {i}", addresses=(address,)) for i, address in enumerate(addresses)
    ]


def table(addresses: list[Address]) -> None:
    """Recall and reports, by threshold."""
    entries = entries_of(addresses)
    rng = random.Random(1)
    names = [w for a in addresses for w in words(a.text) if w.isalpha()
             and address_lexicon().weight(w.lower()) == 1000]  # fmt: skip
    made: dict[str, list[tuple[int, Party]]] = collections.defaultdict(list)
    for i, address in enumerate(addresses):
        for name, change in CHANGES.items():
            made[name].append((i, change(address.text, rng)))
        made["= another house"].append((i, other_house(address.text, rng)))
        made["= another street"].append((i, other_street(address.text, rng, names)))
        made["~ another room"].append((i, other_room(address.text, rng)))
    own = [address_forms(a.text) for a in addresses]
    kept = {
        name: [(i, text) for i, text in cases if address_forms(text) != own[i]]
        for name, cases in made.items()
    }
    kept["= another house"] = [
        (i, text) for i, text in kept["= another house"]
        if numbers_of(own[i][0]).house and address_forms(text)
        and not numbers_of(own[i][0]).house & numbers_of(address_forms(text)[0]).house
    ]  # fmt: skip
    flat = [(name, i, Party(text, addresses=(Address(text, addresses[i].country),)))
            for name, cases in kept.items() for i, text in cases]  # fmt: skip
    print(f"{len(addresses)} listed addresses; share that reports the address it was made of")
    print("| made by | n | " + " | ".join(f"{t / 1000:.2f}" for t in THRESHOLDS) + " |")
    columns = {t: hits([party for *_, party in flat], entries, t) for t in THRESHOLDS}
    for name in kept:
        at = [k for k, (kind, *_) in enumerate(flat) if kind == name]
        shares = [sum(str(flat[k][1]) in columns[t][k] for k in at) / len(at) for t in THRESHOLDS]
        print(f"| {name} | {len(at)} | " + " | ".join(f"{s:.3f}" for s in shares) + " |")
    themselves = [Party(a.text, addresses=(a,)) for a in addresses]
    others = []
    for t in THRESHOLDS:
        found = hits(themselves, entries, t)
        others.append(sum(len(f - {str(i)}) for i, f in enumerate(found)) // 2)
    print(
        f"| pairs of listed addresses | {len(addresses)} | " + " | ".join(map(str, others)) + " |"
    )


def mixed(addresses: list[Address], count: int, rng: random.Random) -> list[Address]:
    """Addresses of parts of real ones, with other numbers."""
    parts = [a.text.split(", ") for a in addresses]
    found = []
    for _ in range(count):
        first, second = rng.choice(parts), rng.choice(parts)
        text = ", ".join([*first[: (len(first) + 1) // 2], *second[len(second) // 2 :]])
        found.append(Address(other_house(text, rng)))
    return found


def speed(addresses: list[Address], count: int) -> None:
    rng = random.Random(2)
    started = time.process_time()
    entries = entries_of(mixed(addresses, 30_000, rng))
    listed = build_addresses(entries)
    built = time.process_time()
    parties = [Party("x", addresses=(a,)) for a in mixed(addresses, count, rng)]
    prepared = time.process_time()
    met = meet_addresses(parties, listed, DEFAULT)
    done = time.process_time()
    print(f"index of {len(listed.index.forms)} forms: {built - started:.1f} s CPU; "
          f"{count} addresses: {done - prepared:.1f} s CPU, {len(met)} met something")  # fmt: skip


if __name__ == "__main__":
    real = sample(Path(sys.argv[1]))
    table(real)
    speed(real, int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
