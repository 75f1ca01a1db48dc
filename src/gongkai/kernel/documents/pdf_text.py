"""The characters of a PDF page with their places, shared out among the cells of its tables."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

import pypdfium2.raw as pdfium

from gongkai.kernel.documents.pdf_frames import Frame, Place
from gongkai.kernel.documents.pdf_rulings import TURNS, Matrix

_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_DROPPED = str.maketrans({"\ufffe": None, "\u0002": None, "\x00": None, "\ufeff": None, "\u200b": None, "\xa0": " "})
_ASKED = 64  # characters whose direction is looked at
_ONE_LINE = 0.45  # of a character's size: characters whose bases are no farther apart stand on one line
_WORD_GAP = 0.6  # of a character's size: a blank PDFium put between Chinese characters counts from this width
_ROOM = 2.2  # characters that must still have fitted on a line for its end to be taken for a wanted line break
_PADDING = 40.0  # points; what a cell may keep free at both sides together before its lines count as short


def clean(line: str) -> str:
    """Drop PDFium's marks and write radicals and compatibility forms as the characters they stand for."""
    line = line.translate(_DROPPED)
    return _RADICAL.sub(lambda m: unicodedata.normalize("NFKC", m.group()), line).rstrip()


@dataclass(frozen=True, slots=True)
class Char:
    """A visible character, its box in points with ``y`` growing downward, and the blanks the text has before it.

    ``spaces`` are blanks of the file; ``parted`` tells of a blank that PDFium inferred; ``index`` counts the visible
    characters of the page. ``begins`` marks the first one of a line. ``base`` is the height of the line it is written on:
    boxes are as high as the drawing itself in many fonts, so 一 and ， of one line have little in common but this.
    """

    text: str
    index: int
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    spaces: str
    parted: bool
    begins: bool

    @property
    def x(self) -> float:
        """The middle, across."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """The middle, down."""
        return (self.y0 + self.y1) / 2

    @property
    def size(self) -> float:
        """The greater side of the box."""
        return max(self.x1 - self.x0, self.y1 - self.y0)


def turn_of(layer: pdfium.FPDF_TEXTPAGE) -> Matrix:
    """Return the matrix that sets the page's text upright, whatever rotation the page or its contents have."""
    count = pdfium.FPDFText_CountChars(layer)
    step = max(count // _ASKED, 1)
    seen: Counter[int] = Counter()
    for index in range(0, count, step):
        if not pdfium.FPDFText_IsGenerated(layer, index):
            angle = pdfium.FPDFText_GetCharAngle(layer, index)
            if math.isfinite(angle):
                seen[round(angle / (math.pi / 2)) % 4] += 1
    return TURNS[seen.most_common(1)[0][0] if seen else 0]


def read_chars(layer: pdfium.FPDF_TEXTPAGE, turn: Matrix) -> list[Char]:
    """Return the visible characters in the order in which PDFium reads them."""
    out: list[Char] = []
    box = pdfium.FS_RECTF()
    spaces, parted, begins = "", False, True
    high = 0
    for index in range(pdfium.FPDFText_CountChars(layer)):
        code = pdfium.FPDFText_GetUnicode(layer, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0xFFFD
        high = 0
        if not 0 < code <= 0x10FFFF:
            continue
        text = chr(code)
        if text in "\r\n":
            begins, spaces, parted = True, "", False
            continue
        if text.isspace() or text == "\u200b":
            if pdfium.FPDFText_IsGenerated(layer, index):
                parted = True
            else:
                spaces += " " if text in "\xa0\t" else text.translate(_DROPPED)
            continue
        if not text.translate(_DROPPED):
            continue
        x0, y0, x1, y1 = _box(layer, index, box, turn)
        base = _base(layer, index, turn, default=y1)
        out.append(Char(text, len(out), x0, y0, x1, y1, base, spaces, parted, begins))
        spaces, parted, begins = "", False, False
    return out


def _box(layer: pdfium.FPDF_TEXTPAGE, index: int, box: pdfium.FS_RECTF, m: Matrix) -> tuple[float, float, float, float]:
    if pdfium.FPDFText_GetLooseCharBox(layer, index, box) and box.right > box.left and box.top > box.bottom:
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
    else:
        a, b, c, d = (ctypes.c_double() for _ in range(4))
        pdfium.FPDFText_GetCharBox(layer, index, a, b, c, d)
        left, right, bottom, top = a.value, b.value, c.value, d.value
    x, y = m[0] * left + m[2] * bottom, m[1] * left + m[3] * bottom
    u, v = m[0] * right + m[2] * top, m[1] * right + m[3] * top
    if not all(map(math.isfinite, (x, y, u, v))):
        return 0.0, 0.0, 0.0, 0.0
    return min(x, u), min(y, v), max(x, u), max(y, v)


def _base(layer: pdfium.FPDF_TEXTPAGE, index: int, m: Matrix, *, default: float) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    if not pdfium.FPDFText_GetCharOrigin(layer, index, x, y):
        return default
    base = m[1] * x.value + m[3] * y.value
    return base if math.isfinite(base) else default


def outside_lines(chars: list[Char], inside: dict[int, int]) -> list[tuple[int, str, Char]]:
    """Return the lines of the text that stands in no table, each with the number and the place of its first character.

    ``inside`` holds the numbers of the characters that stand in tables.
    """
    lines: list[tuple[int, str, Char]] = []
    parts: list[str] = []
    first: Char | None = None
    for char in chars:
        taken = char.index in inside
        if first is not None and (char.begins or taken):
            lines.append((first.index, clean("".join(parts)), first))
            first, parts = None, []
        if taken:
            continue
        parts.append((char.spaces or " " * char.parted) + char.text)
        if first is None:
            first = char
    if first is not None:
        lines.append((first.index, clean("".join(parts)), first))
    return [line for line in lines if line[1]]


Line = list[Char]


def cell_texts(frame: Frame, cells: dict[Place, list[Char]]) -> dict[Place, str]:
    """Join the characters of every cell to its text.

    Lines of a cell run on, with a blank between Latin words only; where the next word would still have fitted on the
    line, the break was wanted and stays.
    """
    ends = _ends(frame)
    lines = {place: _lines(chars) for place, chars in cells.items()}
    widest: dict[tuple[int, int], float] = {}
    for place, found in lines.items():
        span = (place[1], ends[place])
        widest[span] = max(widest.get(span, 0.0), *(line[-1].x1 - line[0].x0 for line in found))
    texts = {}
    for place, found in lines.items():
        span = (place[1], ends[place])
        room = max(widest[span], frame.xs[span[1]] - frame.xs[span[0]] - _PADDING)
        texts[place] = clean("".join(_joined(found, room, size=_size(cells[place]))))
    return texts


def _ends(frame: Frame) -> dict[Place, int]:
    """Return for every cell the edge at its right, by number."""
    ends: dict[Place, int] = {}
    for row in frame.origins:
        for c, place in enumerate(row):
            ends[place] = max(ends.get(place, 0), c + 1)
    return ends


def _size(chars: list[Char]) -> float:
    return max(char.size for char in chars)


def _lines(chars: list[Char]) -> list[Line]:
    lines: list[Line] = []
    near = _ONE_LINE * _size(chars)
    for char in sorted(chars, key=lambda c: c.base):
        if lines and char.base - lines[-1][0].base <= near:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda c: (c.x0, c.index)) for line in lines]


def _joined(lines: list[Line], room: float, *, size: float) -> list[str]:
    out: list[str] = []
    before: Line | None = None
    for line in lines:
        if before is not None:
            out.append(_between(before, line, room, size))
        for n, char in enumerate(line):
            if n:
                out.append(_blank(line[n - 1], char, size))
            out.append(char.text)
        before = line
    return out


def _between(before: Line, line: Line, room: float, size: float) -> str:
    word = 1
    while word < len(line):
        left, right = line[word - 1], line[word]
        if not (_latin(left) and _latin(right)) or _blank(left, right, size):
            break
        word += 1
    needed = line[word - 1].x1 - line[0].x1 + _ROOM * size
    if before[-1].x1 - before[0].x0 + needed <= room:
        return "\n"
    return " " if _latin(before[-1]) and _latin(line[0]) else ""


def _blank(left: Char, right: Char, size: float) -> str:
    gap = right.x0 - left.x1
    if right.index == left.index + 1 and not right.begins:
        if right.spaces:
            return right.spaces
        wide = not (_latin(left) or _latin(right))
        return " " if right.parted and (not wide or gap > _WORD_GAP * size) else ""
    return " " if gap > _WORD_GAP * size else ""


def _latin(char: Char) -> bool:
    return char.text < "\u2e80" and char.text.isalnum()
