"""The timeline of a reformed law: inside the reform's period its own, outside the base's."""

from __future__ import annotations

from datetime import date, timedelta

from klartecken.law.model import Law
from klartecken.law.reform import Reform
from klartecken.law.timeline import ASIDE, InForce, LawDay, Timeline


class ReformedTimeline(Timeline):
    """What binds on each day under a reform.

    On a day outside the reform's period :meth:`on` gives the base timeline's own object, so a
    reform cannot change such a day, whatever it says. Inside the period every provision that
    the reform leaves alone is the base's own :class:`~.timeline.InForce`; only the changed
    ones are looked up anew.

    Args:
        base: the timeline of the law without the reform.
        law: that law under the reform (:func:`~.overlay.apply`).
        reform: for its period.
    """

    def __init__(self, base: Timeline, law: Law, reform: Reform) -> None:
        old = base.law.provisions
        self.law, self.groups, self.base, self.reform = law, base.groups, base, reform
        self._changed = {i: p for i, p in law.provisions.items() if old.get(i) is not p}
        self._rank = {identity: place for place, identity in enumerate(law.order)}
        named = frozenset().union(*(rule.groups for rule in self._changed.values()))
        self._moves = base.groups.change_days(sorted(named))
        edges = {reform.start}
        if reform.until is not None and reform.until < date.max:
            edges.add(reform.until + timedelta(days=1))
        inside = {day for day in self._moves if reform.within(day)}
        self.days = tuple(sorted({*base.days, *edges, *inside, *self._boundaries(())}))
        self.decisive = base.decisive
        if any(rule.stage not in ASIDE for rule in self._changed.values()):
            mine = self._boundaries(ASIDE)
            self.decisive = tuple(sorted({*base.decisive, *edges, *inside, *mine}))
        self.kept = {}
        self._held = {}
        self._fixed = {}

    def _boundaries(self, aside: tuple[str, ...]) -> set[date]:
        """The days of the period on which a changed provision begins to bind or has ended."""
        rules = [rule for rule in self._changed.values() if rule.stage not in aside]
        found = {v.start for rule in rules for v in rule.versions}
        found |= {v.until + timedelta(days=1) for r in rules for v in r.versions if v.until}
        return {day for day in found if self.reform.within(day)}

    def on(self, day: date, view: str = "practice") -> LawDay:
        """What binds on a day: of the reformed law within the period, else of the base."""
        if not self.reform.within(day):
            return self.base.on(day, view)
        return super().on(day, view)

    def _in_force(self, day: date, view: str) -> tuple[InForce, ...]:
        found = [r for r in self.base.on(day, view).in_force if r.id not in self._changed]
        found += self._binding(self._changed.values(), day, view)
        return tuple(sorted(found, key=lambda rule: self._rank[rule.id]))
