"""The query sets of the recall bench: perturbed listed names, and parties that are not listed."""

from __future__ import annotations

import csv
import random
import unicodedata
from pathlib import Path
from typing import NamedTuple

from klartecken.parties.lists.entry import Entry
from parties.perturb import CLASSES

_CITIES = (
    "Shenzhen Shanghai Beijing Guangzhou Suzhou Wuhan Chengdu Nanjing Hangzhou Wuxi Dongguan "
    "Xiamen Tianjin Qingdao Ningbo Hefei Changsha Zhuhai"
)
_SYLLABLES = (
    "an bai bao bo cai chang chen cheng da dong fa fang feng fu guang guo hai han hao he heng "
    "hong hua hui ji jia jian jin jing jun kai kang ke lan li lian lin long lu mei ming nan ning "
    "ping qi qiang qing rong rui run sen shan shang sheng shi shun tai tian tong wan wei wen "
    "xiang xin xing xu yang yi ying yong you yu yuan yun ze zhan zhen zheng zhi zhong zhou zhu"
)
CITIES, SYLLABLES = _CITIES.split(), _SYLLABLES.split()
TRADES = (
    "Electronics", "Technology", "Electronic Technology", "Semiconductor", "Trading",
    "Import and Export", "Communication Equipment", "Precision Instruments", "Optoelectronics",
    "Information Technology", "Machinery Equipment", "New Material", "Network Technology",
    "Logistics",
)  # fmt: skip
FORMS = ("Co., Ltd.", "Co., Ltd.", "Limited", "Co. Ltd", "Company Limited")
# Latin-script locales of Faker; its names are those of real people's statistics
LOCALES = ("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "pl_PL", "tr_TR", "sv_SE", "pt_BR")


class Query(NamedTuple):
    """A name to screen: its class, its text, its kind, and the entry it stands for (-1: none)."""

    group: str
    name: str
    kind: str
    entry: int


def perturbed(entries: list[Entry], each: int, seed: int) -> list[Query]:
    """So many perturbed primary names for each class, seeded."""
    rng = random.Random(seed)
    usable = [i for i, e in enumerate(entries)
              if e.kind not in ("vessel", "aircraft") and len(e.name) >= 8]  # fmt: skip
    found = []
    for group, change in CLASSES.items():
        got = 0
        for i in rng.sample(usable, len(usable)):
            name = change(entries[i].name, rng)
            if name and name != entries[i].name and len(name) >= 5:
                found.append(Query(group, name, entries[i].kind, i))
                got += 1
                if got == each:
                    break
    return found


def exact(entries: list[Entry], count: int, seed: int) -> list[Query]:
    """Names and aliases as listed, seeded."""
    rng = random.Random(seed)
    pool = [(i, name) for i, entry in enumerate(entries) for name in entry.names]
    return [Query("exact", name, entries[i].kind, i) for i, name in rng.sample(pool, count)]


def clean(seed: int) -> list[Query]:
    """About 6,000 parties that are not listed: people, companies, made-up Chinese companies."""
    from faker import Faker
    from pytickersymbols import PyTickerSymbols

    rng = random.Random(seed)
    faker = Faker(LOCALES)
    faker.seed_instance(seed)
    people = {_latin(faker.name()) for _ in range(2600)} - {""}
    companies = {_latin(stock["name"]) for stock in PyTickerSymbols().get_all_stocks()} - {""}
    made = set()
    while len(made) < 1500:
        brand = "".join(rng.sample(SYLLABLES, 2)).title()
        made.add(f"{rng.choice(CITIES)} {brand} {rng.choice(TRADES)} {rng.choice(FORMS)}")
    return [
        *(Query("people", name, "person", -1) for name in sorted(people)[:2500]),
        *(Query("companies", name, "organisation", -1) for name in sorted(companies)),
        *(Query("made-up Chinese", name, "organisation", -1) for name in sorted(made)),
    ]


def _latin(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).strip()
    return text if all(ord(c) < 0x250 for c in text) and len(text) > 5 else ""


def labelled(path: Path) -> list[tuple[str, str, bool]]:
    """The labelled pairs: query, listed name, whether they are the same."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            (row["query"], row["listed_name"], row["is_match"] == "1")
            for row in csv.DictReader(stream)
        ]
