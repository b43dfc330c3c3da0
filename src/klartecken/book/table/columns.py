"""Which column of an order book is which: names, headings and constants.

A heading is matched without case, spaces, ``_`` and ``-``. What resembles a column that we
know and is none is refused: a misspelt fact must never be passed over in silence.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from klartecken.book.table.mapping import ColumnMapping
from klartecken.errors import InputError, UnknownName
from klartecken.logic.frozen import freeze
from klartecken.logic.vocabulary import Vocabulary

LIKE = 0.8  # from this similarity on, a heading may be a misspelling


@dataclass(frozen=True, slots=True)
class Column:
    """One documented column that is no fact of the law, or is the heart of a question."""

    name: str
    aliases: tuple[str, ...]
    what: str


#: Beside these, every fact and bundle of the vocabulary is a column, by name or alias.
COLUMNS = (
    Column("line_id", ("id", "line", "line_no", "order_line"), "your own number of the line"),
    Column(
        "item", ("chip", "part", "part_no", "part_number", "product"),
        "catalogue id or name, `server:8xCHIP`, or a name of your own beside columns of facts",
    ),
    Column("quantity", ("qty",), "how many"),
    Column("unit_price", ("price",), "the price of one, in `currency`"),
    Column("currency", ("ccy",), "the currency of `unit_price`"),
    Column("destination", ("to", "dest", "ship_to"), "ISO code or name of the place"),
    Column("ship_date", ("date", "day", "on"), "day of shipment, `2025-07-15`"),
    Column("ship_from", ("from",), "the place that the item leaves from"),
    Column("activity", (), "`export`, `reexport` or `transfer`"),
    Column("exporter", (), "who ships; letters bind by name"),
    Column("consignee_hq", ("hq",), "where the consignee or end user is headquartered"),
    Column("parent_hq", (), "where its ultimate parent is headquartered"),
    Column("end_use", ("use",), "`commercial`, `supercomputer`, `military`, ..."),
    Column(
        "consignee", ("consignee_name", "consignee_id", "ultimate_consignee", "ship_to_party"),
        "the ultimate consignee, by name or by its id in your register; several parted by a "
        "vertical bar",
    ),
    Column(
        "end_user",
        ("end_user_name", "end_user_id", "end_customer", "final_customer", "ultimate_end_user"),
        "the end user, likewise",
    ),
    Column(
        "purchaser", ("purchaser_name", "purchaser_id", "buyer", "sold_to", "sold_to_party"),
        "the purchaser, likewise",
    ),
    Column(
        "intermediate", ("intermediate_consignee", "intermediate_name", "intermediate_id"),
        "the intermediate consignee, likewise",
    ),
    Column("listed", (), "`none`, `unknown`, `entity_list`, `entity_list:4`, `uvl`, ..."),
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Which heading holds which column.

    Attributes:
        names: canonical name -> the heading as written.
        constants: canonical name -> the text that every line has.
        others: headings that are not read, in order.
    """

    names: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        freeze(self, "names", "constants")


def fold(heading: str) -> str:
    """A heading without case, spaces, ``_`` and ``-``.

    >>> fold(" Ship-Date "), fold("ship_date")
    ('shipdate', 'shipdate')
    """
    return re.sub(r"[\s_-]+", "", heading.casefold())


def known_columns(vocabulary: Vocabulary) -> dict[str, str]:
    """Every folded name and alias -> the canonical name."""
    found: dict[str, str] = {}
    for name in (*vocabulary.facts, *vocabulary.bundles):
        found[fold(name)] = name
    for alias, name in vocabulary.names.items():
        found[fold(alias)] = name
    for column in COLUMNS:  # a column called `chip` names the item
        for name in (column.name, *column.aliases):
            found[fold(name)] = column.name
    return found


def layout(
    headings: Sequence[str],
    vocabulary: Vocabulary,
    mapping: ColumnMapping | None = None,
    constants: Mapping[str, str] | None = None,
    *,
    dated: bool = False,
) -> Layout:
    """Match the headings of a table.

    Args:
        headings: as written, in order.
        vocabulary: the facts that may be columns.
        mapping: what the user says of this table; goes before our own matching.
        constants: further constants by name or alias, as ``{"on": "2025-07-15"}``.
        dated: lines need no day of shipment, since one is given for those that have none.

    Raises:
        InputError: a heading that stands twice, is misspelt or not there; one column from two
            headings, or from a heading and a constant; no item, destination or ship date.
    """
    return _Match(headings, vocabulary, mapping or ColumnMapping()).layout(constants or {}, dated)


class _Match:
    def __init__(
        self, headings: Sequence[str], vocabulary: Vocabulary, mapping: ColumnMapping
    ) -> None:
        self.headings = tuple(headings)
        self.vocabulary, self.mapping = vocabulary, mapping
        self.known = known_columns(vocabulary)
        self.names: dict[str, str] = {}
        self.constants: dict[str, str] = {}

    def layout(self, constants: Mapping[str, str], dated: bool) -> Layout:
        _once(self.headings)
        ignored = {fold(name) for name in self.mapping.ignore}
        for name, heading in self.mapping.columns.items():
            self._put(self._canonical(name), self._there(heading))
        mapped = set(self.names.values())
        others: list[str] = []
        for heading in self.headings:
            if heading in mapped:
                continue
            known = self.known.get(fold(heading))
            if fold(heading) in ignored:
                others.append(heading)
            elif known is not None:
                self._put(known, heading)
            else:
                self._refuse_misspelt(heading)
                others.append(heading)
        for held in (self.mapping.constants, constants):
            for given, text in held.items():
                self._constant(self._canonical(given), text)
        self._refuse_overlaps()
        self._refuse_incomplete(dated)
        return Layout(self.names, self.constants, tuple(others))

    def _canonical(self, name: str) -> str:
        found = self.known.get(fold(name))
        if found is None:
            near = _nearest(name, self.known)
            raise UnknownName(
                f"there is no column called {name!r}",
                nearest=tuple(dict.fromkeys(self.known[key] for key in near)),
                where="column mapping",
            )
        return found

    def _there(self, heading: str) -> str:
        if heading in self.headings:
            return heading
        same = [other for other in self.headings if fold(other) == fold(heading)]
        if len(same) == 1:
            return same[0]
        folded = {fold(other): other for other in self.headings}
        near = tuple(folded[key] for key in _nearest(heading, folded, cutoff=0.5))
        told = f"The headings are: {', '.join(self.headings)}"
        raise UnknownName(
            f"there is no heading {heading!r}", nearest=near, where="column mapping",
            next_step="" if near else told,
        )  # fmt: skip

    def _put(self, name: str, heading: str) -> None:
        for other, taken in self.names.items():
            if other == name or taken == heading:
                both = f"{taken!r} and {heading!r} are both {name}"
                if other != name:
                    both = f"{heading!r} is mapped to both {other} and {name}"
                raise InputError(
                    both, where="columns", next_step="Put one under `ignore` of a column mapping"
                )
        self.names[name] = heading

    def _refuse_misspelt(self, heading: str) -> None:
        near = _nearest(heading, self.known)
        if near:
            name = self.known[near[0]]
            raise UnknownName(
                f"the heading {heading!r} is no column, but resembles {name}",
                nearest=(name,), where="columns",
                next_step=f'Rename it to {name}; or write `columns: {{{name}: "{heading}"}}` '
                f'or `ignore: ["{heading}"]` in a column mapping',
            )  # fmt: skip

    def _constant(self, name: str, text: str) -> None:
        if not text.strip():
            raise InputError("is empty", where=f"constant {name}")
        if name in self.names:
            raise InputError(
                f"{name} is the heading {self.names[name]!r} and a constant ({text!r}) as well",
                where="columns",
                next_step="Leave out one of them, or put the heading under `ignore`",
            )
        if name in self.constants:
            raise InputError(f"{name} is given as a constant twice", where="columns")
        self.constants[name] = text

    def _refuse_overlaps(self) -> None:
        """A bundle and a member of it would say one fact twice."""
        said = {**self.constants, **self.names}
        for bundle in [name for name in said if name in self.vocabulary.bundles]:
            for member in self.vocabulary.bundles[bundle]:
                if member in said:
                    raise InputError(
                        f"{bundle} ({said[bundle]!r}) holds {member} ({said[member]!r}) already",
                        where="columns",
                        next_step="Give either the bundle or its members",
                    )

    def _refuse_incomplete(self, dated: bool) -> None:
        said = self.constants.keys() | self.names.keys()
        facts = self.vocabulary.facts
        headings = f"The headings are: {', '.join(self.headings)}"
        if "item" not in said and not any(n in facts and facts[n].of == "item" for n in said):
            raise InputError(
                "no column names the item or a fact of it", where="columns", next_step=headings
            )
        for name in ("destination",) if dated else ("destination", "ship_date"):
            if name not in said:
                raise InputError(
                    f"no column is the {name.replace('_', ' ')}",
                    where="columns",
                    next_step=f"Name it {name}, map it, or give it as a constant. {headings}",
                )


def _once(headings: Iterable[str]) -> None:
    seen: set[str] = set()
    for heading in headings:
        if heading in seen:
            raise InputError(
                f"the heading {heading!r} stands twice", where="columns", next_step="Rename one"
            )
        seen.add(heading)


def _nearest(name: str, among: Mapping[str, str], cutoff: float = LIKE) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(fold(name), list(among), n=3, cutoff=cutoff))


def documented(vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Every column: name, other headings that are understood, what it is."""
    facts = vocabulary.facts
    own = {column.name for column in COLUMNS}
    for column in COLUMNS:
        spec = facts.get(column.name)
        more = (a for a in (spec.aliases if spec else ()) if a not in column.aliases)
        yield column.name, (*column.aliases, *more), column.what
    hidden = {fold(alias) for column in COLUMNS for alias in column.aliases}
    for name, spec in facts.items():
        if name not in own and fold(name) not in hidden:
            yield name, spec.aliases, spec.question
    for name, members in vocabulary.bundles.items():
        yield name, (), "sets " + ", ".join(f"`{member}`" for member in members)


__all__ = [
    "COLUMNS", "LIKE", "Column", "ColumnMapping", "Layout", "documented", "fold",
    "known_columns", "layout",
]  # fmt: skip
