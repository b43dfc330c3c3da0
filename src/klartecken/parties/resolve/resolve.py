"""From the parties of a transaction to the facts of a case."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from klartecken.errors import InputError, KlarteckenError
from klartecken.facts.text import one_line
from klartecken.logic.values import Fact
from klartecken.parties.decisions.apply import apply
from klartecken.parties.party import ROLES, Party
from klartecken.parties.resolve.approved import approval_facts
from klartecken.parties.resolve.context import LISTED, Context, Cover
from klartecken.parties.resolve.lists import footnote, found, listing, policy
from klartecken.parties.resolve.owned import known_as, owned_facts
from klartecken.parties.resolve.remarks import approvals_open, own_lists, remarks
from klartecken.parties.resolve.result import Named, PartyFacts
from klartecken.parties.resolve.seats import seats
from klartecken.parties.resolve.supplement import approvals
from klartecken.parties.screened import NO_HIT, Screening

Asked = Mapping[str, Iterable[str | Party]]


def resolve(roles: Mapping[str, str | Party | Iterable[str | Party]], day: date,
            context: Context) -> PartyFacts:  # fmt: skip
    """The facts that named parties give.

    Args:
        roles: by role (``purchaser``, ``intermediate``, ``consignee``, ``end_user``): a name
            or id, which is looked up in the register, or a party; or several.
        day: the day asked about.
        context: lists, decisions, register, owners.

    Raises:
        InputError: no such role, a name that cannot be read, or one that several parties of
            the register have.
    """
    return Resolver(context).facts(roles, day)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a name.

    Attributes:
        mark: the same for names that give the same facts; empty where nothing is known.
        hash: of the party.
        screening: with the decisions laid over it.
    """

    mark: str
    hash: str
    screening: Screening | None


@dataclass
class Resolver:
    """Resolves many tuples of parties, screening each party once for each snapshot."""

    context: Context
    _screened: dict[tuple[str, str], Screening] = field(default_factory=dict)
    _profiles: dict[tuple[str, date], Profile] = field(default_factory=dict)
    _alike: dict[tuple[date, frozenset[tuple[str, str]]], PartyFacts] = field(default_factory=dict)

    def alike(self, roles: Mapping[str, tuple[str, ...]], day: date) -> PartyFacts:
        """As :meth:`facts`, but perhaps of other parties that nothing is known of.

        Parties without hit, decision, seat, owners and approval all give the same facts: of a
        million such tuples only one is worked out. Values are right; names may be another's.
        """
        start = self.context.era(day)[0]
        try:
            held = {(role, self.profile(name, day).mark) for role in roles for name in roles[role]}
        except InputError:
            return self.facts(roles, day)  # which says in what role the name cannot be read
        key = (start, frozenset(held))
        if key not in self._alike:
            self._alike[key] = self.facts(roles, day)
        return self._alike[key]

    def profile(self, name: str, day: date) -> Profile:
        """What is known of one name, kept for the era."""
        key = (name, self.context.era(day)[0])
        found = self._profiles.get(key)
        if found is None:
            named = self._named("consignee", name, day)
            found = self._profiles[key] = Profile(
                "" if self._plain(named) else f"{named.party.hash} {named.record is not None}",
                named.party.hash, named.screening,
            )  # fmt: skip
        return found

    def _plain(self, named: Named) -> bool:
        """Is nothing known of a party but that it did not come up?"""
        screening, record, context = named.screening, named.record, self.context
        if screening is not None and (
            screening.status != NO_HIT or screening.hits or screening.suppressed
            or screening.confirmed or screening.unread
        ):  # fmt: skip
            return False
        return not (
            (record is not None and (record.hq or record.parent_hq))
            or context.decisions.about(named.party)
            or (context.owners is not None and known_as(context.owners, named.party))
            or any(approval.near(named.party) for approval in approvals())
        )

    def facts(
        self, roles: Mapping[str, str | Party | Iterable[str | Party]], day: date
    ) -> PartyFacts:
        """See :func:`resolve`."""
        context, cover = self.context, self.context.cover(day)
        named = tuple(
            self._named(role, one, day)
            for role in ROLES if role in roles for one in several(roles[role])
        )  # fmt: skip
        for role in roles:
            if role not in ROLES:
                raise InputError(f"{role!r} is no role of a party", where="parties",
                                 next_step="Use " + ", ".join(ROLES))  # fmt: skip
        if not named:
            return PartyFacts({}, (), ())
        source = f"screened against {cover.label}" if cover else "not screened"
        lists = {f: found(codes, named, cover, context, day) for f, codes in LISTED.items()}
        facts: dict[str, Fact] = {
            name: listing(held, cover, _aside(named, LISTED[name])) for name, held in lists.items()
        }
        owned = owned_facts(named, self.screened, context, cover, day)
        entity = lists["listed_entity"]
        facts["entity_list_footnote"] = footnote(
            entity, owned.footnotes, owned.at_most, owned.left_open, source
        )
        stated = policy(entity, source)
        if stated is not None:
            facts["entity_list_policy"] = stated
        seated, partly, differ = seats(named, context, day)
        approved = approval_facts(named, context, day)
        facts |= owned.facts | seated | approved | own_lists(named, day)
        told = (*remarks(named, lists, cover, context, day), *owned.remarks, *differ,
                *approvals_open(approved))  # fmt: skip
        return PartyFacts(facts, named, told, partly, self._about(cover, day))

    def _named(self, role: str, asked: str | Party, day: date) -> Named:
        register = self.context.register
        if isinstance(asked, Party):
            record = register.find(asked.id) if register and asked.id else None
            if record is not None and record.party != asked:
                record = None
            return Named(role, asked.name, asked, record, self.screened(asked, day))
        text = one_line(asked, role)
        record = register.find(text) if register else None
        party = record.party if record else Party(text)
        return Named(role, text, party, record, self.screened(party, day))

    def prepare(self, asked: Iterable[tuple[Mapping[str, tuple[str, ...]], date]]) -> None:
        """Screen all that some tuples of names need, at once; what cannot be read is left out.

        Args:
            asked: names by role, with the day.
        """
        context = self.context
        if context.screen_many is None:
            return
        waiting: dict[date, dict[str, Party]] = {}
        for roles, day in asked:
            cover = context.cover(day)
            if cover is None:
                continue
            for name in (name for names in roles.values() for name in names):
                with contextlib.suppress(InputError):  # said when the line itself is read
                    record = context.register.find(name) if context.register else None
                    party = record.party if record else Party(one_line(name, "party"))
                    if (party.hash, cover.hash) not in self._screened:
                        waiting.setdefault(cover.day, {})[party.hash] = party
        for day, parties in waiting.items():
            at = context.cover(day)
            assert at is not None
            found = context.screen_many(list(parties.values()), day)
            for ident, one in zip(parties, found, strict=True):
                self._screened[ident, at.hash] = _checked(one, at)

    def screened(self, party: Party, day: date) -> Screening | None:
        """The screening of a party as the decisions leave it; None without any list."""
        cover = self.context.cover(day)
        if cover is None or self.context.screen is None:
            return None
        key = (party.hash, cover.hash)
        plain = self._screened.get(key)
        if plain is None:
            plain = self._screened[key] = _checked(self.context.screen(party, day), cover)
        return apply(replace(plain, party=party), self.context.decisions, day)

    def _about(self, cover: Cover | None, day: date) -> dict[str, Any]:
        context = self.context
        snapshot = cover and {
            "label": cover.label, "hash": cover.hash, "date": cover.day.isoformat(),
            "lists": {code: part.date.isoformat() for code, part in sorted(cover.parts.items())},
        }  # fmt: skip
        return {
            "day": day.isoformat(),
            "snapshot": snapshot,
            "list_age": context.max_age,
            "decisions": context.decisions.hash if context.decisions.records else None,
            "register": context.register.hash if context.register else None,
        }


def several(value: str | Party | Iterable[str | Party]) -> tuple[str | Party, ...]:
    """One or several parties as a tuple, each once."""
    held = (value,) if isinstance(value, (str, Party)) else tuple(value)
    return tuple(dict.fromkeys(held))


def _checked(screening: Screening, cover: Cover) -> Screening:
    """A screening against another snapshot than the one that is believed would be a miss."""
    against = (screening.snapshot or {}).get("hash")
    if against != cover.hash:
        raise KlarteckenError(
            f"{screening.party.name!r} was screened against {str(against)[:12]}, and not against "
            f"{cover.label}", where="parties",
        )  # fmt: skip
    return screening


def _aside(named: Iterable[Named], codes: Iterable[str]) -> int:
    lists = frozenset(codes)
    return sum(hit["list"] in lists for n in named if n.screening for hit in n.screening.suppressed)
