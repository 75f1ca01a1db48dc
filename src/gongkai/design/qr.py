"""The square that a telephone reads an address from, as the path of a drawing: the same for the same address always.

Addresses in ASCII of up to 106 bytes, which is what items have, are drawn by ourselves: with what is the same for every
square of a size worked out once, a square takes a fraction of a millisecond, and a site has one on every page. Anything
else is left to segno.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import segno

QUIET = 4
"""Modules of white around the square."""
MASK = 3
"""One mask for all: choosing the best of eight takes most of the time and changes nothing for a reader on a screen."""
# Version → codewords of data and of error correction at level L; these versions have one block.
_CODEWORDS = {1: (19, 7), 2: (34, 10), 3: (55, 15), 4: (80, 20), 5: (108, 26)}
_FIELD, _FORMAT, _FORMAT_MASK = 0x11D, 0x537, 0x5412
_LEVEL_L = 0b01
_RUN = re.compile(b"\x01+")


@dataclass(frozen=True, slots=True)
class Square:
    """A drawing: ``size`` of its side with the quiet zone, ``path`` of its dark modules (``d`` of an SVG path)."""

    size: int
    path: str


@lru_cache(maxsize=2048)
def qr_square(address: str) -> Square:
    """Return the square of an address; raises segno.DataOverflowError for one of more than 2 900 bytes."""
    version = _version(address)
    rows = _drawn(address.encode(), version) if version else _by_segno(address)
    lines = [
        f"M{run.start() + QUIET} {y}h{run.end() - run.start()}v1h-{run.end() - run.start()}z"
        for y, row in enumerate(rows, start=QUIET)
        for run in _RUN.finditer(row)
    ]
    return Square(len(rows) + 2 * QUIET, "".join(lines))


def _by_segno(address: str) -> list[bytes]:
    matrix = segno.make(address, error="l", boost_error=False, micro=False, mask=MASK, mode="byte").matrix
    return [bytes(row) for row in matrix]


def _version(address: str) -> int:
    """The smallest version that holds the address, 0 where that is none of ours."""
    if not address.isascii():
        return 0
    return next((version for version, (data, _) in _CODEWORDS.items() if len(address) <= data - 2), 0)


def _drawn(data: bytes, version: int) -> list[bytearray]:
    room, extra = _CODEWORDS[version]
    # Mode (0100: bytes) and length stand in front, half a byte off; four bits of end follow.
    stream = ((0b0100 << 8 | len(data)) << 8 * len(data) | int.from_bytes(data)) << 4
    # Nobody reads what comes after the end: an empty word, as segno has it, then the two that fill up.
    words = (stream << 8).to_bytes(len(data) + 3)[:room]
    words += bytes((0xEC, 0x11) * room)[: room - len(words)]
    words += _correction(words, extra)
    blank, places = _layout(version)
    rows = [bytearray(row) for row in blank]
    bits = f"{int.from_bytes(words):0{8 * len(words)}b}".encode()
    for (y, x, flip), bit in zip(places, bits, strict=False):  # some modules at the end hold no bit
        rows[y][x] = bit & 1 ^ flip
    return rows


def _correction(words: bytes, extra: int) -> bytes:
    """The codewords of error correction (Reed-Solomon): the remainder of a division by the generator."""
    table = _multiples(extra)
    shift, keep = 8 * (extra - 1), (1 << 8 * extra) - 1
    rest = 0
    for word in words:
        rest = (rest << 8 & keep) ^ table[word ^ rest >> shift]
    return rest.to_bytes(extra)


@lru_cache
def _multiples(extra: int) -> tuple[int, ...]:
    """The generator with ``extra`` roots, without its first term, times each number of the field."""
    generator = [1]
    root = 1
    for _ in range(extra):
        shifted = [*generator, 0]
        generator = [a ^ _times(b, root) for a, b in zip(shifted, [0, *generator], strict=True)]
        root = _times(root, 2)
    return tuple(int.from_bytes(bytes(_times(term, number) for term in generator[1:])) for number in range(256))


def _times(a: int, b: int) -> int:
    """The product of two numbers of the field."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (_FIELD if a & 0x80 else 0)
        b >>= 1
    return product


@lru_cache
def _layout(version: int) -> tuple[tuple[bytes, ...], tuple[tuple[int, int, int], ...]]:
    """What every square of a version shows, and where the bits go: row, column, and whether the mask flips it."""
    size = 17 + 4 * version
    fixed: dict[tuple[int, int], int] = {}
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        for y in range(-1, 8):
            for x in range(-1, 8):
                if 0 <= top + y < size and 0 <= left + x < size:
                    ring = max(abs(y - 3), abs(x - 3))
                    fixed[top + y, left + x] = int(ring in (0, 1, 3))
    if version > 1:
        center = size - 7
        for y in range(-2, 3):
            for x in range(-2, 3):
                fixed[center + y, center + x] = int(max(abs(y), abs(x)) != 1)
    for n in range(8, size - 8):
        fixed[6, n] = fixed[n, 6] = (n + 1) % 2
    fixed[size - 8, 8] = 1
    fixed |= dict(_format_places(size))
    places = tuple((y, x, int((y + x) % 3 == 0)) for y, x in _zigzag(size) if (y, x) not in fixed)
    # A module that gets no bit is light but for the mask.
    flips = {(y, x): flip for y, x, flip in places}
    blank = tuple(bytes(fixed.get((y, x), flips.get((y, x), 0)) for x in range(size)) for y in range(size))
    return blank, places


def _format_places(size: int) -> Iterator[tuple[tuple[int, int], int]]:
    """Where the level and the mask are told, twice, with the bit there."""
    told = _LEVEL_L << 3 | MASK
    rest = told << 10
    for n in range(14, 9, -1):
        if rest >> n & 1:
            rest ^= _FORMAT << n - 10
    bits = (told << 10 | rest) ^ _FORMAT_MASK
    beside = [*range(6), 7, 8, size - 7, size - 6, size - 5, size - 4, size - 3, size - 2, size - 1]
    for n in range(15):
        bit = bits >> n & 1
        yield (beside[n], 8), bit
        yield (8, beside[14 - n] if n > 7 else size - 1 - n), bit


def _zigzag(size: int) -> Iterator[tuple[int, int]]:
    """The order of the modules: columns in pairs from the right, up and down by turns, without the column of the clock."""
    up = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for n in range(size):
            y = size - 1 - n if up else n
            yield y, right
            yield y, right - 1
        up = not up
