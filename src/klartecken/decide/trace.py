"""Why a provision came out as it did: the values that decided, in words."""

from __future__ import annotations

from klartecken.decide.run import Run
from klartecken.law.timeline import InForce
from klartecken.logic.evaluate import deciding
from klartecken.logic.nodes import Compare, Node, Not, OneOf, Ref, Result
from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.logic.values import Range, show
from klartecken.logic.wording import phrase

Trace = tuple[tuple[str, str, str, tuple[str, ...]], ...]


def trace(run: Run) -> Trace:
    """Provision, version, value and deciding conditions of all that was evaluated.

    A reference to another provision stands as its name and value: it has a row of its own.
    """
    found = []
    told: dict[tuple[Node, Tri], str] = {}  # the same condition decides many provisions
    for rule in run.law_day.in_force:
        texts = []
        for key in deciding(rule.version.when, run.scope):
            if key not in told:
                part, value = key
                told[key] = (
                    f"{part.provision}: {value.value}"
                    if isinstance(part, Ref)
                    else atom_text(run, part, value)
                )
            texts.append(told[key])
        found.append((rule.id, rule.version.id, run.kleene(rule).value, tuple(texts)))
    return tuple(found)


def because(run: Run, rule: InForce) -> tuple[str, ...]:
    """The atoms that decided a provision, references followed down to their facts.

    Left out, for the reader's sake: what the law presumes, and that a fact lies outside a
    set when it is said to lie inside another.
    """
    found: dict[tuple[Node, Tri], None] = {}
    _follow(run, rule.version.when, found, set())
    specs = run.law.vocabulary.facts
    inside = {a.fact for a, v in found if isinstance(a, OneOf) and v is YES}
    return tuple(
        atom_text(run, atom, value)
        for atom, value in found
        if not isinstance(atom, OneOf)
        or (specs[atom.fact].presumed is None and not (value is NO and atom.fact in inside))
    )


def _follow(run: Run, node: Result, found: dict[tuple[Node, Tri], None], seen: set[str]) -> None:
    rules = run.law_day.by_id
    for part, value in deciding(node, run.scope):
        if isinstance(part, Ref):
            if part.provision in seen or part.provision not in rules:
                continue
            seen.add(part.provision)
            _follow(run, rules[part.provision].version.when, found, seen)
        else:
            found[(part, value)] = None


def atom_text(run: Run, atom: Node, value: Tri) -> str:
    """One atom as it came out, for example ``tpp 2368 < 2400``."""
    if isinstance(atom, OneOf) and value is not UNKNOWN:
        return _member_text(run, atom, value)
    held: Node = Not(atom) if value is NO else atom
    text = phrase(held)
    if value is UNKNOWN:
        return f"{text}: not known"
    if isinstance(atom, Compare) and len(atom.terms) == 1:
        name = atom.terms[0][0]
        shown = fact_text(run, name)
        return text.replace(name, f"{name} {shown}", 1) if shown else text
    return text


def _member_text(run: Run, atom: OneOf, value: Tri) -> str:
    if atom.label == "yes":
        return f"{atom.fact}: {value.value}"
    shown = fact_text(run, atom.fact)
    if value is YES and shown == atom.label:
        return f"{atom.fact} is {shown}"
    verb = "in" if value is YES else "not in"
    return f"{atom.fact} {shown} {verb} {atom.label}".replace("  ", " ")


def fact_text(run: Run, name: str) -> str:
    """A fact's value for people; a ratio is worked out from its parts."""
    value = run.facts.get(name)
    if value is None:
        ratio = run.law.vocabulary.facts[name].ratio
        return _ratio_text(run, ratio) if ratio else ""
    if run.law.vocabulary.facts[name].kind == "place" and value.known:
        return run.places.name(str(value))
    return str(value) if len(str(value)) < 60 else ""


def _ratio_text(run: Run, ratio: tuple[str, str]) -> str:
    over, under = (run.facts.get(part) for part in ratio)
    if not (isinstance(over, Range) and isinstance(under, Range)):
        return ""
    if isinstance(under.hi, float) or isinstance(over.hi, float) or under.lo <= 0:
        return ""
    low, high = over.lo / under.hi, over.hi / under.lo
    return show(low) if low == high else f"{show(low)}..{show(high)}"
