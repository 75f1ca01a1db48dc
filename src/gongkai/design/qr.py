"""The square that a telephone reads an address from, as the path of a drawing: the same for the same address always."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import segno

QUIET = 4
"""Modules of white around the square."""
MASK = 3
"""One mask for all: choosing the best of eight takes most of the time and changes nothing for a reader on a screen."""


@dataclass(frozen=True, slots=True)
class Square:
    """A drawing: ``size`` of its side with the quiet zone, ``path`` of its dark modules (``d`` of an SVG path)."""

    size: int
    path: str


@lru_cache(maxsize=2048)
def qr_square(address: str) -> Square:
    """Return the square of an address; raises segno.DataOverflowError for one of more than 2 900 bytes."""
    matrix = segno.make(address, error="l", boost_error=False, micro=False, mask=MASK).matrix
    lines = []
    for y, row in enumerate(matrix, start=QUIET):
        start, length = 0, 0
        for x, dark in enumerate((*row, 0), start=QUIET):
            if dark:
                start, length = (start, length + 1) if length else (x, 1)
            elif length:
                lines.append(f"M{start} {y}h{length}v1h-{length}z")
                length = 0
    return Square(len(matrix) + 2 * QUIET, "".join(lines))
