"""What follows from the facts that were given, and what they must not contradict."""

from __future__ import annotations

from klartecken.decide.asked import DERIVED
from klartecken.errors import InputError
from klartecken.facts.places import Places
from klartecken.law.model import Law
from klartecken.logic import values
from klartecken.logic.values import Choice, Fact, Range


def links(law: Law) -> tuple[frozenset[str], ...]:
    """Facts that are read or derived together: no part of a question may cut through one."""
    ratios = (frozenset({name, *parts}) for name, parts in law.vocabulary.ratios.items())
    return (
        frozenset({"destination", "ship_from", "activity", "subject_to_ear"}),
        frozenset({"consignee_hq", "parent_hq"}), frozenset({"exporter", "exporter_role"}),
        frozenset({"tpp", "tops"}), *ratios,
    )  # fmt: skip


class Derivation:
    """Adds what follows to the facts of a case, and refuses contradictions."""

    def __init__(self, law: Law, places: Places, found: dict[str, Fact]) -> None:
        self.law, self.places, self.found = law, places, found

    def derive(self, strict: bool) -> None:
        """What follows from what was given: the parent's seat, and the kind of movement."""
        if "consignee_hq" in self.found and "parent_hq" not in self.found and not strict:
            self.found["parent_hq"] = Fact(
                self.found["consignee_hq"].value, DERIVED, "given",
                "the ultimate parent is headquartered where the consignee is",
            )  # fmt: skip
        self._ratios()
        self._rates()
        self._movement()

    def _movement(self) -> None:
        """The kind of movement follows from its ends, and must not contradict them."""
        start, end = self.found.get("ship_from"), self.found.get("destination")
        if start is None or end is None or not start.known or not end.known:
            return
        assert isinstance(start.value, Choice)
        home = start.value.only()
        if start.value == end.value:
            possible = values.choose("transfer")
        elif home == "US":
            possible = values.choose("export")
        else:
            possible = values.choose("export", "reexport")  # also an export from abroad
        said = self.found.get("activity")
        if home == "US":
            self._jurisdiction()
        if said is None:
            usual = possible if possible.known else values.choose("reexport")
            self.found["activity"] = Fact(usual, DERIVED, "given")
        elif said.known and possible.options and str(said.value) not in possible.options:
            raise InputError(
                f"the movement {said.value} does not go from {self.places.name(home)} to "
                f"{self.places.name(str(end.value))}",
                where="activity",
                next_step=f"That movement is: {possible}",
            )

    def _rates(self) -> None:
        """A rate in TOPS has at least four bits, so TPP is four times it or more."""
        tpp, tops = self.found.get("tpp"), self.found.get("tops")
        if tpp is None or tops is None:
            return
        if not isinstance(tpp.value, Range) or not isinstance(tops.value, Range):
            return
        if tpp.value.hi < 4 * tops.value.lo:
            raise InputError(
                f"tpp {tpp.value} does not go with a rate of {tops.value} TOPS",
                where="facts",
                next_step="Give `tops` too, or describe an item of your own",
            )

    def _ratios(self) -> None:
        """A ratio that is given must be possible with its parts."""
        for name, parts in self.law.vocabulary.ratios.items():
            ratio, over, under = (
                fact.value if (fact := self.found.get(part)) else None for part in (name, *parts)
            )
            if not isinstance(ratio, Range) or not isinstance(over, Range):
                continue
            if not isinstance(under, Range):
                continue
            # over / under meets ratio: no point of ratio * under misses over on one side
            if ratio.lo * under.lo > over.hi or (
                not isinstance(ratio.hi, float)
                and not isinstance(under.hi, float)
                and ratio.hi * under.hi < over.lo
            ):
                raise InputError(
                    f"{name} {ratio} does not go with {parts[0]} {over} over {parts[1]} {under}",
                    where="facts",
                    next_step="Leave one of the three out, or give ranges",
                )

    def _jurisdiction(self) -> None:
        """What leaves the United States is subject to the EAR, whatever it is."""
        said = self.found.get("subject_to_ear")
        if said is not None and said.value == values.FLAG_NO:
            raise InputError(
                "`no` does not go with an item that leaves the United States",
                where="subject_to_ear",
            )
        self.found["subject_to_ear"] = Fact(values.FLAG_YES, DERIVED, "given")
