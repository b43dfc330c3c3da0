"""Invented lists and names for the tests of screening."""

from collections.abc import Iterable, Sequence
from datetime import date

from hypothesis import strategies as st

from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.snapshot import Part, Snapshot, snapshot_of
from klartecken.parties.party import Address, Party
from klartecken.parties.screening.gaps import NEEDED
from klartecken.parties.screening.model import Thresholds

DAY = date(2026, 1, 5)

# words that are near to one another by each rule of similarity, and words that are not
WORDS = (
    "zorbla", "zorbal", "zorblah", "zorb", "zorblaco", "khorasan", "xorasan", "horasan",
    "technology", "technologies", "tech", "techno", "tehnology", "tcnlgy", "international",
    "intl", "internatl", "trading", "trdg", "traiding", "group", "grp", "limited", "ltd", "llc",
    "co", "gmbh", "the", "of", "a", "b", "x1", "7", "42", "ab", "abc", "abcd", "abdc", "yusuf",
    "yousef", "youssef", "electronics", "electronic", "elec", "shanghai", "shangai", "beijing",
    "bei", "jing", "zorblatechnology", "qq", "qqq",
)  # fmt: skip
words = st.sampled_from(WORDS) | st.text("abcx9", min_size=1, max_size=9)
plain_names = st.lists(words, min_size=1, max_size=5).map(" ".join)
odd = st.text(max_size=12)
names = plain_names | odd | st.tuples(plain_names, odd).map(" ".join)
kinds = st.sampled_from(["organisation", "person", "unknown"])
streets = st.sampled_from([
    "", "12 Zorbla Road, Shenzhen 518000", "Zorbla Rd 12, Shenzhen", "12 Zorbla Road",
    "Unit 7, 99 Quux Street, Beijing", "99 Quux Street Unit 8 Beijing",
])  # fmt: skip


def site(text: str) -> tuple[Address, ...]:
    return (Address(text, "CN"),) if text else ()


parties = st.builds(
    Party, names, st.lists(names, max_size=2).map(tuple), kinds, st.sampled_from(["", "CN"]),
    streets.map(site),
)  # fmt: skip
thresholds = st.builds(
    Thresholds,
    st.sampled_from([1, 300, 500, 700, 770, 900, 999, 1000]) | st.integers(1, 1000),
    st.sampled_from([1, 500, 800, 930, 1000]) | st.integers(1, 1000),
)
CODES = ("EL", "SDN", "DPL")


@st.composite
def entry_lists(draw: st.DrawFn, most: int = 8) -> list[Entry]:
    """Entries of several lists, with ids of their own."""
    return [
        Entry(
            f"{draw(st.sampled_from(CODES))}-{number}",
            draw(st.sampled_from(CODES)),
            draw(names),
            tuple(draw(st.lists(names, max_size=2))),
            draw(st.sampled_from(["organisation", "person", "unknown", "vessel"])),
            addresses=site(draw(streets)),
        )
        for number in range(draw(st.integers(0, most)))
    ]


def part(code: str, count: int, complete: bool = True, day: date = DAY) -> Part:
    return Part(code, day, count, complete, "invented", "0" * 64)


def snapshot(entries: Iterable[Entry], day: date = DAY) -> Snapshot:
    """A snapshot that holds every list that is needed, whole."""
    held: Sequence[Entry] = tuple(entries)
    codes = {*NEEDED, *(entry.list for entry in held)}
    counts = {code: sum(entry.list == code for entry in held) for code in codes}
    return snapshot_of(day, {c: part(c, n, day=day) for c, n in counts.items()}, held)


ENTRIES = (
    Entry("EL-1", "EL", "Zorbla Semiconductor Co., Ltd", ("Zorbla Chips",), "organisation",
          ("CN",), (Address("12 Zorbla Road, Shenzhen 518000", "CN"),),
          footnotes=("1", "4"), citation="1 FR 2"),
    Entry("EL-2", "EL", "Quuxford Optical Research Institute", (), "organisation"),
    Entry("SDN-3", "SDN", "Vantablat Trading LLC", ("=cmd Vantablat",), "organisation"),
    Entry("SDN-4", "SDN", "Olgrim Petrovask", ("Olgrim Petrowask",), "person"),
    Entry("DPL-5", "DPL", "Merqua Industries", (), "unknown"),
)  # fmt: skip
