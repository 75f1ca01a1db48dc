"""The content of one OFD page (GB/T 33190): its characters with their places, its ruling lines, and what it hides."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gongkai.kernel.documents.pdf_rulings import Box, Matrix, Rulings
from gongkai.kernel.documents.pdf_text import Char, clean

POINTS = 72 / 25.4
"""OFD measures in millimeters, the machinery of tables in points."""
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_ASCENT, _DESCENT = 0.86, 0.14
_ONE_LINE = 0.45  # of a character's size, as for PDF
_GAP = 0.6  # of a character's size: a wider gap between two pieces of text is a blank
_LATIN = 0.5  # of a character's size: how wide a letter or digit is taken to be where the file does not say
_COVERED = 0.6  # share of a character's box under an opaque box from which on it cannot be read
_BOX = 0.9  # share of its bounds that an outline fills to count as a box
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_STEPS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_UNITS = frozenset({"TextObject", "PathObject", "ImageObject", "CompositeObject"})


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: its text, box and base line in points (``y`` downward), and the turn in which it was drawn."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    turn: int
    spaces: str = ""


@dataclass(slots=True)
class Drawing:
    """What was met on a page, in the order of drawing; ``invisible`` are texts that are not shown."""

    glyphs: list[Glyph] = field(default_factory=list)
    invisible: list[str] = field(default_factory=list)
    boxes: list[tuple[int, Box]] = field(default_factory=list)
    rulings: Rulings = field(default_factory=Rulings)
    pictures: int = 0
    turn: int = 0

    def covered(self) -> list[str]:
        """Return the runs of characters over which an opaque box was drawn later."""
        runs: list[str] = []
        run: list[str] = []
        for glyph in self.glyphs:
            if any(turn > glyph.turn and _share(glyph, box) >= _COVERED for turn, box in self.boxes):
                run.append(glyph.spaces + glyph.text)
            elif run:
                runs.append("".join(run).strip())
                run = []
        return [text for text in [*runs, "".join(run).strip()] if text]


def draw(roots: Iterator[Any] | list[Any], into: Drawing, *, limit: int, moved: Matrix = SAME) -> None:
    """Read the graphic units below each of the elements ``roots``; ``limit`` bounds the pieces of line looked at.

    ``moved`` places what hangs on another unit (an annotation's appearance), in millimeters.
    """
    for root in roots:
        for unit, shown in _units(root, shown=True):
            into.turn += 1
            kind = local(unit)
            if kind == "TextObject":
                _text(unit, into, shown=shown and _number(unit.get("Alpha"), 255) > 0, moved=moved)
            elif kind == "PathObject" and shown:
                _path(unit, into, limit=limit, moved=moved)
            elif kind == "ImageObject":
                into.pictures += 1


def chars_in_order(drawing: Drawing) -> list[Char]:
    """Return the characters line by line from the top, each line from the left."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(drawing.glyphs, key=lambda g: (g.base, g.x0)):
        if lines and glyph.base - lines[-1][0].base <= _ONE_LINE * min(glyph.size, lines[-1][0].size):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    out: list[Char] = []
    for line in lines:
        line.sort(key=lambda g: g.x0)
        for n, g in enumerate(line):
            apart = n > 0 and g.x0 - line[n - 1].x1 > _GAP * min(g.size, line[n - 1].size)
            out.append(Char(g.text, len(out), g.x0, g.y0, g.x1, g.y1, g.base, g.spaces, apart, n == 0))
    return out


def local(element: Any) -> str:
    """Return an element's name without its namespace, empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Any, name: str) -> Iterator[Any]:
    """Yield the children of a name."""
    return (child for child in element if local(child) == name)


def _units(element: Any, *, shown: bool) -> Iterator[tuple[Any, bool]]:
    """Yield the graphic units below an element and whether they are shown; a hidden block hides what is in it."""
    for child in element:
        visible = shown and (child.get("Visible") or "true").strip().lower() not in {"false", "0"}
        if local(child) in _UNITS:
            yield child, visible
        else:
            yield from _units(child, shown=visible)


def _text(unit: Any, into: Drawing, *, shown: bool, moved: Matrix) -> None:
    """Read a text object. Without X or Y a piece of text goes on where the one before it began, as the norm has it."""
    size = _number(unit.get("Size"), 3.5)
    matrix = _placed(unit, moved)
    scale = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])) or 1.0
    x = y = 0.0
    for code in children(unit, "TextCode"):
        text = "".join(code.itertext())
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        if not shown:
            if text.strip():
                into.invisible.append(text.strip())
            continue
        across, down = _steps(code.get("DeltaX"), len(text)), _steps(code.get("DeltaY"), len(text))
        at_x, at_y, spaces = x, y, ""
        for n, sign in enumerate(text):
            own = size if sign >= "\u2e80" else size * _LATIN
            step = across[n] if n < len(across) else (0.0 if n < len(down) else own)
            if sign.isspace():
                spaces += " " if sign != "\u3000" else sign
            elif clean(sign):
                width = min(own, step) if step > 0 else own
                _add(into, clean(sign), matrix, at_x, at_y, width, size, scale, spaces)
                spaces = ""
            at_x += step
            at_y += down[n] if n < len(down) else 0.0


def _add(
    into: Drawing, sign: str, m: Matrix, x: float, y: float, width: float, size: float, scale: float, spaces: str
) -> None:
    left, base = _point(m, x, y)
    right, _ = _point(m, x + width, y)
    points = [v * POINTS for v in (left, right, base)]
    if not all(map(math.isfinite, points)):
        return
    left, right, base = min(points[:2]), max(points[:2]), points[2]
    tall = size * scale * POINTS
    into.glyphs.append(
        Glyph(sign, left, base - _ASCENT * tall, right, base + _DESCENT * tall, base, tall, into.turn, spaces)
    )


def _path(unit: Any, into: Drawing, *, limit: int, moved: Matrix) -> None:
    data = next(("".join(child.itertext()) for child in children(unit, "AbbreviatedData")), "")
    matrix = _placed(unit, moved)
    outlines, read = _outlines(data, limit - into.rulings.read)
    into.rulings.read += read
    if into.rulings.read >= limit:
        into.rulings.complete = False
        return
    filled = (unit.get("Fill") or "false").lower() == "true"
    stroked = (unit.get("Stroke") or "true").lower() == "true"
    for outline in outlines:
        points = [tuple(v * POINTS for v in _point(matrix, *point)) for point in outline]
        if not all(math.isfinite(v) for point in points for v in point):
            continue
        box = _around(points)
        if stroked:
            for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
                if abs(x1 - x0) <= 1 or abs(y1 - y0) <= 1:
                    into.rulings.add((x0, y0, x1, y1), SAME)
        if filled and min(box[2] - box[0], box[3] - box[1]) <= 4:
            into.rulings.add(box, SAME)
        elif filled and _opaque(unit) and _area(points) >= _BOX * (box[2] - box[0]) * (box[3] - box[1]):
            into.boxes.append((into.turn, box))


def _opaque(unit: Any) -> bool:
    color = next(children(unit, "FillColor"), None)
    own = color.get("Alpha") if color is not None else None
    return _number(unit.get("Alpha"), 255) >= 255 and _number(own, 255) >= 255


def _outlines(data: str, most: int) -> tuple[list[list[tuple[float, float]]], int]:
    """Return the corners of each outline in a path's short form, and how many steps were read (at most ``most``)."""
    found: list[list[tuple[float, float]]] = []
    tokens = data.split()
    at = read = 0
    while at < len(tokens) and read < most:
        step, at, read = tokens[at], at + 1, read + 1
        if step not in _STEPS:
            continue
        values = [_number(token, 0.0) for token in tokens[at : at + _STEPS[step]]]
        if len(values) < _STEPS[step]:
            break
        at += len(values)
        if step in "MS":
            found.append([(values[0], values[1])])
        elif found and step == "C":
            found[-1].append(found[-1][0])
        elif found:
            found[-1].append((values[-2], values[-1]))
    return found, read


def _placed(unit: Any, moved: Matrix) -> Matrix:
    """Return the matrix from a unit's own coordinates to those of the page, in millimeters."""
    numbers = _numbers(unit.get("Boundary"))
    left, top = (numbers[0], numbers[1]) if len(numbers) >= 2 else (0.0, 0.0)
    own = _numbers(unit.get("CTM"))
    a, b, c, d, e, f = own if len(own) == 6 else SAME
    m = moved
    e, f = e + left, f + top
    return (
        m[0] * a + m[2] * b,
        m[1] * a + m[3] * b,
        m[0] * c + m[2] * d,
        m[1] * c + m[3] * d,
        m[0] * e + m[2] * f + m[4],
        m[1] * e + m[3] * f + m[5],
    )


def _steps(text: str | None, most: int) -> list[float]:
    """Return the distances in DeltaX or DeltaY; ``g 3 2.5`` stands for 2.5 three times."""
    tokens = (text or "").split()
    out: list[float] = []
    at = 0
    while at < len(tokens) and len(out) < most:
        if tokens[at] == "g" and at + 2 < len(tokens):
            times = int(_number(tokens[at + 1], 0.0))
            out += [_number(tokens[at + 2], 0.0)] * max(0, min(times, most))
            at += 3
        else:
            out.append(_number(tokens[at], 0.0))
            at += 1
    return out[:most]


def _numbers(text: str | None) -> list[float]:
    return [float(n) for n in _NUMBER.findall(text or "")]


def _number(text: str | None, otherwise: float) -> float:
    match = _NUMBER.fullmatch((text or "").strip())
    return float(match.group()) if match else otherwise


def _point(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _around(points: list[Any]) -> Box:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _area(points: list[Any]) -> float:
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def _share(glyph: Glyph, box: Box) -> float:
    across = min(glyph.x1, box[2]) - max(glyph.x0, box[0])
    down = min(glyph.y1, box[3]) - max(glyph.y0, box[1])
    area = (glyph.x1 - glyph.x0) * (glyph.y1 - glyph.y0)
    return across * down / area if across > 0 and down > 0 and area > 0 else 0.0
