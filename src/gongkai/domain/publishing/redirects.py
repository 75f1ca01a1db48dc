"""Where the readers of something withdrawn are sent on to: chains end somewhere, and never where they began."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
LONGEST = 50
"""Redirects that are followed at most; a chain of that many is a mistake, and a reader is not sent round for ever."""


def last_of(target: Key, next_of: Callable[[Key], Key | None]) -> Key | None:
    """Return where a chain of redirects ends, or None when it runs in a circle. ``next_of`` says where one leads."""
    seen: set[Key] = set()
    here = target
    while here not in seen and len(seen) <= LONGEST:
        seen.add(here)
        there = next_of(here)
        if there is None:
            return here
        here = there
    return None


def leads_back(source: Key, target: Key, next_of: Callable[[Key], Key | None]) -> bool:
    """Tell whether sending readers of ``source`` to ``target`` would send them round in a circle."""
    here: Key | None = target
    for _ in range(LONGEST):
        if here is None:
            return False
        if here == source:
            return True
        here = next_of(here)
    return True
