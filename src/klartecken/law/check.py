"""Checks that reach over the whole law: overlaps, references, stages, what can overcome what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from klartecken.errors import LawError
from klartecken.law.model import STAGES, VIEWS, Instrument, Provision, Version
from klartecken.law.reader import nearest
from klartecken.logic.nodes import references


def check(
    provisions: Mapping[str, Provision],
    instruments: Mapping[str, Instrument],
    checked: Mapping[str, Provision] | None = None,
) -> tuple[str, ...]:
    """Check the law as a whole.

    Args:
        provisions: all of them, by id.
        instruments: what versions may cite.
        checked: the provisions of a law that passed, when this one only changes or adds
            some: what a provision needs of the others (that they exist, and their stage)
            cannot be lost that way, so those that are the very same are not checked again.

    Returns:
        Provision ids, ordered by stage and then so that references point backwards.

    Raises:
        LawError: names file, provision and version.
    """
    symbols = {p.symbol for p in provisions.values() if p.symbol}
    old = checked or {}
    for provision in provisions.values():
        if old.get(provision.id) is provision:
            continue
        _no_overlap(provision)
        for version in provision.versions:
            where = at(provision, version)
            if version.instrument and version.instrument not in instruments:
                raise LawError(f"instrument {version.instrument!r} is unknown", where=where)
            for symbol in version.exceptions:
                if symbol not in symbols:
                    raise LawError(f"exception {symbol!r} is unknown", where=where)
            for target in targets(version):
                _reference(provision, version, target, provisions)
        for target in provision.policy_for:
            if target not in provisions or provisions[target].stage != "requirement":
                raise LawError(
                    f"`for` names {target!r}, which is no requirement",
                    where=f"{provision.file}, {provision.id}",
                    next_step=nearest(target, provisions),
                )
    return _order(provisions)


def at(provision: Provision, version: Version) -> str:
    """Where a version stands, for messages."""
    return f"{provision.file}, provision {provision.id}, version {version.id}"


def targets(version: Version) -> tuple[str, ...]:
    """The provisions that a version refers to, in its condition, bars and conditions."""
    return tuple(dict.fromkeys(name for tree in version.trees for name in references(tree)))


def _reference(
    provision: Provision, version: Version, target: str, provisions: Mapping[str, Provision]
) -> None:
    where = at(provision, version)
    if target not in provisions:
        raise LawError(
            f"refers to {target!r}, which does not exist",
            where=where,
            next_step=nearest(target, provisions),
        )
    if STAGES.index(provisions[target].stage) > STAGES.index(provision.stage):
        raise LawError(
            f"refers to {target!r} of the later stage {provisions[target].stage}", where=where
        )


def _no_overlap(provision: Provision) -> None:
    for view in VIEWS:
        mine = [v for v in provision.versions if v.view in (None, view)]
        mine.sort(key=lambda v: v.start)
        for early, late in pairwise(mine):
            if (early.until or date.max) >= late.start:
                raise LawError(
                    f"overlaps version {late.id} in the {view} view",
                    where=at(provision, early),
                    next_step=f"End it before {late.start}",
                )


def _order(provisions: Mapping[str, Provision]) -> tuple[str, ...]:
    done: dict[str, None] = {}
    path: list[str] = []

    def visit(identity: str) -> None:
        if identity in done:
            return
        if identity in path:
            circle = " -> ".join([*path[path.index(identity) :], identity])
            raise LawError(f"refers to itself: {circle}", where=provisions[identity].file)
        path.append(identity)
        for target in provisions[identity].targets:
            visit(target)
        path.pop()
        done[identity] = None

    for stage in STAGES:
        for provision in provisions.values():
            if provision.stage == stage:
                visit(provision.id)
    return tuple(done)
