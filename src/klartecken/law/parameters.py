"""The numbers of the law by name, and reforms that set one of them (a sweep asks many)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from klartecken.errors import InputError, UnknownName
from klartecken.law.model import Law, Version
from klartecken.law.reform import Change, Reform
from klartecken.logic.values import parse_number, show


class Parameter(NamedTuple):
    """A named number of a provision.

    Attributes:
        provision: the provision that has it.
        name: its name there.
        values: by id of each version that has it, in order of the file.
    """

    provision: str
    name: str
    values: Mapping[str, Fraction]


def parameters(law: Law) -> tuple[str, ...]:
    """All named numbers of a law, as ``PROVISION.PARAMETER``."""
    return tuple(_named(law, law.provisions))


def _named(law: Law, identities: Iterable[str]) -> list[str]:
    return [
        f"{identity}.{name}"
        for identity in identities
        for name in dict.fromkeys(n for v in law.provisions[identity].versions for n in v.params)
    ]


def parameter(law: Law, path: str) -> Parameter:
    """The number that ``PROVISION.PARAMETER`` names.

    A provision that leaves its numbers to those it refers to may stand for them, where one
    alone has the name: ``3A090.a.tpp_a1`` is found where the lines of 3A090.a are written.

    Raises:
        UnknownName: no such provision or parameter; names the nearest, and what there is.
    """
    identity, _, name = path.strip().rpartition(".")
    if path.strip() in law.provisions:
        there = _named(law, [path.strip()]) or _named(law, _reached(law, path.strip()))
        raise UnknownName("is a provision, not one of its numbers", where=path.strip(),
                          next_step=f"There is: {', '.join(there) or 'none'}")  # fmt: skip
    if not identity:
        raise UnknownName("names no provision", where=path, nearest=_near(path, parameters(law)),
                          next_step="Write PROVISION.PARAMETER, as in parameters.b.tpp_b1; "
                          "`klartecken law` lists the provisions")  # fmt: skip
    if identity not in law.provisions:
        known = parameters(law)
        near = _near(path, known) or _near(identity, law.provisions)
        raise UnknownName(
            f"no provision is called {identity!r}",
            where=path,
            nearest=near,
            next_step="" if near else "Write PROVISION.PARAMETER, as in " + known[0],
        )
    holders = [i for i in _reached(law, identity) if _values(law, i, name)]
    if identity in holders:
        holders = [identity]
    if len(holders) == 1:
        return Parameter(holders[0], name, _values(law, holders[0], name))
    there = [f"{i}.{name}" for i in holders] or _named(law, [identity])
    there = there or _named(law, _reached(law, identity))
    what = f"several provisions have {name!r}" if holders else f"has no parameter {name!r}"
    near = () if holders else _near(path, there)
    text = f"Nearest: {', '.join(near)}. " if near else ""
    raise UnknownName(what, where=identity, nearest=near,
                      next_step=f"{text}There is: {', '.join(there) or 'none'}")  # fmt: skip


def _near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    from difflib import get_close_matches

    return tuple(get_close_matches(name, list(known), n=3))


def _reached(law: Law, identity: str) -> list[str]:
    """A provision and all that it refers to, nearest first."""
    found = {identity: None}
    waiting = [identity]
    while waiting:
        for target in law.provisions[waiting.pop(0)].targets:
            if target not in found:
                found[target] = None
                waiting.append(target)
    return list(found)


def _values(law: Law, identity: str, name: str) -> dict[str, Fraction]:
    versions = law.provisions[identity].versions
    return {version.id: version.params[name] for version in versions if name in version.params}


def sweep_reform(
    law: Law, path: str, value: Fraction | Decimal | int | str, start: date | None = None,
    until: date | None = None,
) -> Reform:  # fmt: skip
    """A reform that sets one named number, in every version that has it within a period.

    Args:
        law: for the provision; the reform is laid over it (or over another that has it).
        path: ``PROVISION.PARAMETER``, see :func:`parameter`.
        value: the number, exact: no float.
        start: the first day; by default the first on which a version with it binds.
        until: the last day; by default no end.

    Raises:
        UnknownName: no such provision or parameter.
        InputError: not an exact number, or no version with it binds within the period.
    """
    found = parameter(law, path)
    number = _exact(value, path)
    holders = [v for v in law.provisions[found.provision].versions if v.id in found.values]
    first = start or min(version.start for version in holders)
    versions = list(_within(holders, first, until))
    if not versions:
        raise InputError(
            f"no version with it binds from {first} to {until or 'no end'}",
            where=path,
            next_step=f"It binds from {min(v.start for v in holders)}",
        )
    cite, url = f"{path} set to {show(number)}", versions[-1].url
    return Reform(
        id=f"{found.provision}.{found.name}={show(number)}",
        title=f"{found.name} of {found.provision} set to {show(number)}",
        start=first, until=until, cite=cite, url=url, tag="inferred", note="",
        changes=tuple(
            Change(
                "replace", found.provision, version, {"params": {found.name: number}}, None,
                cite, url, "inferred", "", where=f"{found.provision}.{found.name}={show(number)}",
            )
            for version in dict.fromkeys(v.id for v in versions)
        ),
    )  # fmt: skip


def _within(versions: list[Version], first: date, until: date | None) -> Iterator[Version]:
    for version in versions:
        if version.start <= (until or date.max) and first <= (version.until or date.max):
            yield version


def _exact(value: Fraction | Decimal | int | str, path: str) -> Fraction:
    if isinstance(value, bool | float):
        raise InputError(f"{value!r} is no exact number", where=path, next_step="Write it as text")
    return parse_number(value) if isinstance(value, str) else Fraction(value)
