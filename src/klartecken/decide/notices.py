"""Flags and gaps: what the reader must see beside the outcome.

Those that the law files declare come from there. The engine adds only what it alone can
see: days beyond the sources, values close to a line, lagging tables, the evidence ladder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from klartecken.decide.determination import Evidence, Flag
from klartecken.decide.run import Run
from klartecken.law.timeline import InForce, LawDay
from klartecken.logic.nodes import Compare, atoms
from klartecken.logic.tri import NO, YES
from klartecken.logic.values import Choice, Range, show

NOT_ADDRESSED = "letter_not_addressed"
NEAR = 100  # within one part in a hundred of a line


def flags(
    run: Run, outcome: str, evidence: tuple[Evidence, ...], exact: bool = True
) -> tuple[Flag, ...]:
    """All flags for an answer; ``exact`` is false when not every completion was checked."""
    bound = any(
        run.result(rule) is YES and rule.version.basis == "letter"
        for rule in run.law_day.stage("requirement")
    )
    found = [
        _stated(rule, rule.provision.code)
        for rule in run.law_day.stage("flag")
        # another company's letter is no news to an exporter who holds one
        if run.result(rule) is YES and not (bound and rule.provision.code == NOT_ADDRESSED)
    ]
    if not exact:
        found.append(
            Flag("not_every_case_checked", "too much is unknown to check every case: give more")
        )
    found += _parties(run)
    found += _days(run)
    found += _item(run)
    found += near_lines(run)
    stated = {flag.code for flag in found}  # the law files may say the same, and better
    found += [flag for flag in _ladder(outcome, evidence) if flag.code not in stated]
    return tuple(dict.fromkeys(found))


def gaps(run: Run) -> tuple[Flag, ...]:
    """The declared holes of the model that this answer touches, or may touch."""
    return tuple(
        _stated(rule, rule.id)
        for rule in run.law_day.stage("gap")
        if run.certain(run.result(rule)) is not NO
    )


def _stated(rule: InForce, code: str) -> Flag:
    version = rule.version
    return Flag(code, version.text, version.cite, version.url, version.tag)


def _parties(run: Run) -> Iterator[Flag]:
    """What screening remarks on the parties that were named."""
    for remark in (run.case.parties or {}).get("remarks", ()):
        yield Flag(remark["code"], remark["text"], remark["citation"])


def _days(run: Run) -> Iterator[Flag]:
    day, until = run.case.day, run.law.read_until
    if day > until:
        yield Flag(
            "beyond_sources",
            f"the sources were read up to {until}; a rule of a later day is not known here",
        )
    for name in ("destination", "consignee_hq", "parent_hq"):
        value = run.facts.get(name)
        if not (isinstance(value, Choice) and value.known):
            continue
        code = value.only()
        for member in run.places.lagging(code, day):
            yield Flag(
                "group_table_lag",
                f"{run.places.name(code)} had left {member.group} although the printed table "
                f"still named it until {member.table_until}",
                member.citation,
            )


def _item(run: Run) -> Iterator[Flag]:
    item = run.case.item
    if not item.in_catalogue:
        yield Flag("item_not_in_catalogue", f"{item.name} is described by the asker alone")
    for name, ours in item.facts.items():
        said = run.case.facts[name]
        if item.in_catalogue and said.grade == "given" and said.value != ours.value:
            yield Flag(
                "figure_overridden",
                f"{name} {said.value} is the asker's; the catalogue has {ours.value}",
                url=ours.source,
            )
    market = run.case.facts.get("datacenter")
    if market is not None and market.grade == "inferred":
        yield Flag(
            "datacenter_arguable",
            "whether this card is designed or marketed for data centres can be argued; its "
            "class may turn on it: ask the maker",
        )
    deciding = run.case.facts["tpp"].note if "tpp" in run.case.facts else ""
    if deciding.startswith("highest of tf32") and "," not in deciding:
        yield Flag(
            "tf32_reading",
            "the performance rests on counting TF32 with 32 bits, which the law does not name",
        )
    for name in ("tpp", "applicable_die_area"):
        fact = run.case.facts.get(name)
        if fact is None or not isinstance(fact.value, Range) or fact.grade == "given":
            continue
        if isinstance(fact.value.hi, float):
            yield Flag("lower_bound", f"{name} is only known to be at least {show(fact.value.lo)}")
        elif not fact.value.known:
            yield Flag("sources_disagree", f"sources give {name} between {fact.value}")


def near_lines(run: Run) -> Iterator[Flag]:
    """Item figures within one per cent of a legal line need the maker's own figure."""
    ratios = run.law.vocabulary.ratios
    for name, bound, cite in _item_lines(run.law_day):
        value = _number(run, name, ratios)
        if value is None or value == bound or abs(value - bound) * NEAR > bound:
            continue
        yield Flag(
            "near_line",
            f"{name} {show(value)} is within 1 % of the line {show(bound)}: "
            "ask for the maker's own figure",
            cite,
        )


def _item_lines(law_day: LawDay) -> tuple[tuple[str, Fraction, str], ...]:
    """Fact, line and citation of every single-figure test of the item (kept per day)."""
    found = law_day.kept.get("item_lines")
    if not isinstance(found, tuple):
        lines: dict[tuple[str, Fraction], str] = {}
        for rule in law_day.in_force:
            for atom in atoms(rule.version.when):
                if isinstance(atom, Compare) and len(atom.terms) == 1 and atom.bound > 0:
                    name = atom.terms[0][0]
                    if law_day.law.vocabulary.facts[name].of == "item":
                        lines.setdefault((name, atom.bound), rule.version.cite)
        found = tuple((name, bound, cite) for (name, bound), cite in lines.items())
        law_day.kept["item_lines"] = found
    return found


def _number(run: Run, name: str, ratios: Mapping[str, tuple[str, str]]) -> Fraction | None:
    value = run.facts.get(name)
    if isinstance(value, Range) and isinstance(value.lo, Fraction) and value.known:
        return value.lo if value.lo > 0 else None
    if value is None and name in ratios:
        over, under = (_number(run, part, ratios) for part in ratios[name])
        if over is not None and under is not None:
            return over / under
    return None


def _ladder(outcome: str, evidence: tuple[Evidence, ...]) -> Iterator[Flag]:
    if outcome in ("no_licence_required", "prohibited") or not evidence:
        return
    actions = {event.action: event for event in evidence}
    if "assurance_given" in actions:
        event = actions["assurance_given"]
        yield Flag(
            "assurance_is_not_a_licence",
            f"the assurance of {event.date} is not a licence: it releases nothing",
            url=event.source,
        )
    if "licence_granted" in actions:
        event = actions["licence_granted"]
        yield Flag(
            "licence_of_others",
            f"licences reported on {event.date} bind and free only their holders; ship only on "
            "your own licence in hand, for its consignee and quantity",
            url=event.source,
        )
