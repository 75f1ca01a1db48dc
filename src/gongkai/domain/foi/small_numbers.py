"""Numbers for everybody: what is so small that it might point at a person is not told by itself.

Rule: of a number that is divided (by result, by channel), parts below ``FEWEST`` are told together. The parts told together
are ``FEWEST`` or more; else the smallest of the others joins them, so that nothing can be found by taking the told parts
from the whole. What is below ``FEWEST`` as a whole is not divided. The whole itself is told: how many applied points at
nobody. No law sets the number; five is what offices of statistics commonly use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Told:
    """The parts of a number as they may be told: None for one that is told only together with others, and those together."""

    parts: tuple[int | None, ...]
    together: int


def told_parts(parts: Sequence[int], *, fewest: int = FEWEST) -> Told:
    """Return which parts of a whole may be told; zeros are told, unless nothing is divided."""
    if 0 < sum(parts) < fewest:
        return Told(tuple(None for _ in parts), sum(parts))
    small = {place for place, part in enumerate(parts) if 0 < part < fewest}
    others = sorted((part, place) for place, part in enumerate(parts) if part >= fewest)
    while small and (len(small) < 2 or sum(parts[place] for place in small) < fewest):
        if not others:
            return Told(tuple(None for _ in parts), sum(parts))
        small.add(others.pop(0)[1])
    together = sum(parts[place] for place in small)
    return Told(tuple(None if place in small else part for place, part in enumerate(parts)), together)
