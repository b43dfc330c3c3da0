"""Labels without overlap: simple greedy placement, in points, the same every time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DISTANCES = (7.0, 12.0, 18.0, 26.0, 36.0, 48.0)
ANGLES = tuple(math.radians(a) for a in (20, -20, 160, -160, 90, -90, 45, -45, 135, -135, 0, 180))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle (points)."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Do the two overlap?"""
        return (
            self.left < other.right and other.left < self.right
            and self.bottom < other.top and other.bottom < self.top
        )  # fmt: skip

    def within(self, frame: Box) -> bool:
        """Does it lie inside a frame?"""
        return (
            self.left >= frame.left and self.right <= frame.right
            and self.bottom >= frame.bottom and self.top <= frame.top
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """A label that wants a place: where its point is, and how large the text is (points)."""

    key: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with its place; ``far`` when it needs a line to its point."""

    key: str
    box: Box
    far: bool


def place(
    wishes: Sequence[Wish], points: Iterable[Box], taken: Iterable[Box], frame: Box, count: int
) -> tuple[Placed, ...]:
    """Place labels in order of importance until ``count`` have a place.

    A label never meets another label, a taken box or the frame's edge; it covers points
    only where nothing better is near. One without a place is left out.

    Args:
        wishes: the most important first.
        points: boxes of the drawn points.
        taken: boxes that stay free of labels.
        frame: where labels may be.
        count: how many to place at most.
    """
    dots, held = list(points), list(taken)
    found: list[Placed] = []
    for wish in wishes:
        if len(found) >= count:
            break
        best: tuple[float, Box, bool] | None = None
        for distance in DISTANCES:
            for turn, angle in enumerate(ANGLES):
                box = _box(wish, distance, angle)
                if not box.within(frame) or any(box.meets(other) for other in held):
                    continue
                covered = sum(box.meets(dot) for dot in dots)
                cost = distance + 40.0 * covered + 0.2 * turn
                if best is None or cost < best[0]:
                    best = (cost, box, distance > DISTANCES[1])
        if best is not None and best[0] < 150.0:
            found.append(Placed(wish.key, best[1], best[2]))
            held.append(best[1])
    return tuple(found)


def _box(wish: Wish, distance: float, angle: float) -> Box:
    across, up = math.cos(angle), math.sin(angle)
    x, y = wish.x + distance * across, wish.y + distance * up
    left = x - wish.width * (1 - across) / 2 if abs(across) < 0.5 else x
    if across <= -0.5:
        left = x - wish.width
    bottom = y - wish.height * (1 - up) / 2
    return Box(left, bottom, left + wish.width, bottom + wish.height)
