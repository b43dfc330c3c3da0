"""The rules of subset/ once more, as the peers are given them: one small step a name.

Every step is a function of the steps and columns before it, in terms of ``& | ~ >= < ==``.
Polars expressions and numpy arrays (both tax-benefit engines) take the steps as they are;
for SQL and zen-engine :class:`Text` writes them down. The steps are shortened where that
gives the same answer: with two-valued facts no peer evaluates more than it must.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from data import EXPORTERS, tables
from world import number

Get = Callable[[str], Any]
Step = Callable[[Get], Any]

R22, MACAU, R23, R24, R26, UAE = (
    number(date(*day))
    for day in (
        (2022, 10, 21), (2023, 1, 17), (2023, 11, 17), (2024, 4, 4), (2026, 1, 15), (2026, 7, 10)
    )
)  # fmt: skip
LETTER_23, LETTER_25, LETTER_AMD = (
    number(date(*day)) for day in ((2023, 10, 23), (2025, 4, 9), (2025, 4, 15))
)
US, CN, MO, RU, AE = (tables().place(code) for code in ("US", "CN", "MO", "RU", "AE"))
NVIDIA, AMD = EXPORTERS.index("NVIDIA"), EXPORTERS.index("AMD")

NUMBERS = ("tpp", "density", "memory", "io")
CODES = ("destination", "exporter", "day")
FLAGS = ("datacenter", "dest_group", "dest_close", "hq_restricted", "hq_allied", "listed")


@dataclass(frozen=True, eq=False)
class Text:
    """A condition written down, for SQL and zen-engine (which spell these alike)."""

    text: str

    def __and__(self, other: Text) -> Text:
        return Text(f"({self.text} and {other.text})")

    def __or__(self, other: Text) -> Text:
        return Text(f"({self.text} or {other.text})")

    def __invert__(self) -> Text:
        return Text(f"(not ({self.text}))")

    def __add__(self, other: Text) -> Text:
        return Text(f"({self.text} + {other.text})")

    def __ge__(self, bound: float) -> Text:
        return Text(f"({self.text} >= {bound})")

    def __lt__(self, bound: float) -> Text:
        return Text(f"({self.text} < {bound})")

    def __eq__(self, code: object) -> Text:  # type: ignore[override]
        return Text(f"({self.text} == {code})")

    def __ne__(self, code: object) -> Text:  # type: ignore[override]
        return Text(f"({self.text} != {code})")


def first_rule(c: Get) -> Any:
    return (c("day") >= R22) & (c("day") < R23)


def note2(c: Get) -> Any:
    return ~c("datacenter") & (c("tpp") < 4800)


def numeric_test(c: Get) -> Any:
    return (c("memory") >= 1400) | (c("io") >= 1100) | (c("memory") + c("io") >= 1700)


def level_a(c: Get) -> Any:
    before = c("first_rule") & (c("io") >= 600) & (c("tpp") >= 4800)
    dense = (c("tpp") >= 1600) & (c("density") >= 5.92)
    return before | (c("second_rule") & ~c("note2") & ((c("tpp") >= 4800) | dense))


def in_scope_place(c: Get) -> Any:
    before = c("first_rule") & (
        (c("destination") == CN) | ((c("destination") == MO) & (c("day") >= MACAU))
    )
    emirates = (c("destination") == AE) & (c("day") >= UAE)
    after = c("dest_group") | (c("destination") == MO) | emirates
    return before | (c("second_rule") & after)


def level_b(c: Get) -> Any:
    tpp, density = c("tpp"), c("density")
    first = (tpp >= 2400) & (tpp < 4800) & (density >= 1.6) & (density < 5.92)
    second = (tpp >= 1600) & (density >= 3.2) & (density < 5.92)
    return c("second_rule") & ~c("level_a") & ~c("note2") & (first | second)


def jan2026(c: Get) -> Any:
    place = (c("destination") == CN) | (c("destination") == MO)
    low = (c("tpp") < 21000) & (c("memory") < 6500)
    return (c("day") >= R26) & place & c("level_a") & low


def letter_early(c: Get) -> Any:
    like_a100 = (c("tpp") >= 4992) & (c("io") >= 600)
    china = (c("destination") == CN) & (c("day") < R22)
    first = like_a100 & (china | (c("destination") == RU))
    window = (c("day") >= LETTER_23) & (c("day") < R23)
    place = c("dest_group") | (c("destination") == MO)
    second = window & (c("tpp") >= 4800) & c("datacenter") & place
    return (c("exporter") == NVIDIA) & (first | second)


def letter_2025(c: Get) -> Any:
    nvidia = (c("exporter") == NVIDIA) & (c("day") >= LETTER_25)
    amd = (c("exporter") == AMD) & (c("day") >= LETTER_AMD)
    return (nvidia | amd) & c("abroad") & c("close") & c("numeric_test")


def denial(c: Get) -> Any:
    early = c("need_destination") & c("first_rule") & ~c("hq_allied")
    strict = (c("day") < R24) | (c("upper") & ~c("jan2026"))
    return (
        (c("listed") & c("abroad"))
        | early
        | (c("need_rule") & c("close") & strict & c("second_rule"))
    )


def not_published(c: Get) -> Any:
    return c("letter_early") | (c("letter_2025") & ~c("jan2026"))


def case_by_case(c: Get) -> Any:
    early = c("need_destination") & c("first_rule") & c("hq_allied")
    milder = (c("day") >= R24) & c("need_rule") & c("close") & ~c("upper")
    return early | milder | (c("jan2026") & (c("need_rule") | c("letter_2025")))


def needed(c: Get) -> Any:
    lists = c("listed") & c("abroad")
    return lists | c("need_rule") | c("letter_early") | c("letter_2025")


#: Name -> step, in layers: a step looks at columns and at earlier layers only.
LAYERS: tuple[dict[str, Step], ...] = (
    {
        "first_rule": first_rule,
        "second_rule": lambda c: c("day") >= R23,
        "abroad": lambda c: c("destination") != US,
        "note2": note2,
        "numeric_test": numeric_test,
    },
    {
        "restricted": lambda c: c("second_rule") & c("hq_restricted"),
        "level_a": level_a,
        "in_scope_place": in_scope_place,
    },
    {
        "close": lambda c: c("dest_close") | c("restricted"),
        "level_b": level_b,
        "upper": lambda c: c("datacenter") & c("level_a"),
        "jan2026": jan2026,
    },
    {
        "chip": lambda c: c("abroad") & (c("level_a") | c("level_b")),
        "letter_early": letter_early,
        "letter_2025": letter_2025,
    },
    {
        "need_destination": lambda c: c("chip") & c("in_scope_place"),
        "need_rule": lambda c: c("chip") & (c("in_scope_place") | c("restricted")),
    },
    {
        "denial": denial,
        "not_published": not_published,
        "case_by_case": case_by_case,
        "lesser": lambda c: c("need_destination") & c("second_rule") & ~c("close"),
    },
    {
        "no_policy": lambda c: c("lesser") & ~c("dest_group"),
        "approval": lambda c: c("lesser") & c("dest_group"),
    },
)
#: Does a requirement apply at all? Only where unknown facts may leave the policy open.
NEEDED: Step = needed
#: The step of each code of world.ANSWERS, strictest first; none of them is code 0.
DECISIONS = (
    ("denial", 1), ("no_policy", 2), ("not_published", 3), ("case_by_case", 4), ("approval", 5),
)  # fmt: skip
