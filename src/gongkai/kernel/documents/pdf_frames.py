"""From ruling lines to the grids of tables: pure geometry, in points, ``y`` growing downward."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from gongkai.kernel.documents.pdf_rulings import Ruling, Rulings

_SNAP = 3.0  # lines nearer than this are one line (double edges, borders of neighboring cells)
_GAP = 4.5  # a gap in a dotted or broken line
_SHORT = 6.0  # what remains shorter than this is no edge
_NARROW = 5.0  # no row or column is narrower: too small for any character
_BEYOND = 8.0  # lines reaching this far past the outermost edge show a column or row whose edge is not drawn
_LONG = 300.0  # lines down the greater part of a page
_DRAWN = 0.5  # share of a cell's side that must be drawn to part it from its neighbor

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """The grid of one table: edges of columns (``xs``) and rows (``ys``), and for every place the cell it belongs to.

    ``origins[r][c]`` is the top left place of the cell that covers place (r, c); cells are rectangles.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    origins: tuple[tuple[Place, ...], ...]

    @property
    def area(self) -> float:
        """Square points."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def place(self, x: float, y: float) -> Place | None:
        """Return the cell (its top left place) at a point, or None outside the table."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        return self.origins[bisect_right(self.ys, y) - 1][bisect_right(self.xs, x) - 1]


def find_frames(rulings: Rulings, *, limit: int) -> list[Frame] | None:
    """Return the grids drawn on a page, the smallest first, or None where they would cost more than ``limit`` steps.

    A grid needs two columns; a box around text and lines without verticals are none.
    """
    horizontal, vertical = _joined(rulings.horizontal), _joined(rulings.vertical)
    if len(horizontal) * len(vertical) > limit:
        return None
    frames = []
    for across, down in _connected(horizontal, vertical):
        frame = _frame(across, down)
        if frame is not None:
            frames.append(frame)
    through = None if frames or horizontal else _through(vertical)
    if through is not None:
        frames.append(through)
    return sorted(frames, key=lambda f: f.area)


def _through(vertical: list[Ruling]) -> Frame | None:
    """Return the one row of a page on which a cell only goes on: three or more long lines down, and none across."""
    longest = max(vertical, key=lambda r: r.end - r.start, default=None)
    if longest is None or longest.end - longest.start < _LONG:
        return None
    same = [r for r in vertical if abs(r.start - longest.start) <= _SNAP and abs(r.end - longest.end) <= _SNAP]
    if len(same) < 3 or len(same) < len(vertical):
        return None
    columns = len(same) - 1
    return Frame(
        tuple(sorted(r.at for r in same)), (longest.start, longest.end), (tuple((0, c) for c in range(columns)),)
    )


def _joined(lines: list[Ruling]) -> list[Ruling]:
    """Bring lines that lie nearly on each other onto one coordinate and close their gaps."""
    out: list[Ruling] = []
    group: list[Ruling] = []
    for line in sorted(lines, key=lambda r: r.at):
        if group and line.at - group[0].at > _SNAP:
            out.extend(_closed(group))
            group = []
        group.append(line)
    return [*out, *_closed(group)]


def _closed(group: list[Ruling]) -> list[Ruling]:
    if not group:
        return []
    weight = sum(r.end - r.start for r in group)
    at = sum(r.at * (r.end - r.start) for r in group) / weight
    spans: list[tuple[float, float]] = []
    for line in sorted(group, key=lambda r: r.start):
        if spans and line.start - spans[-1][1] <= _GAP:
            spans[-1] = (spans[-1][0], max(spans[-1][1], line.end))
        else:
            spans.append((line.start, line.end))
    return [Ruling(at, start, end) for start, end in spans if end - start >= _SHORT]


def _connected(horizontal: list[Ruling], vertical: list[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Group lines that touch or cross."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for j, down in enumerate(vertical, len(horizontal)):
        for i, across in enumerate(horizontal):
            if (
                across.start - _SNAP <= down.at <= across.end + _SNAP
                and down.start - _SNAP <= across.at <= down.end + _SNAP
            ):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for n in range(len(parent)):
        side = int(n >= len(horizontal))
        line = vertical[n - len(horizontal)] if side else horizontal[n]
        groups.setdefault(root(n), ([], []))[side].append(line)
    return [group for group in groups.values() if len(group[0]) >= 2 and group[1]]


def _frame(across: list[Ruling], down: list[Ruling]) -> Frame | None:
    xs = _edges(down, across)
    ys = _edges(across, down)
    if len(xs) < 3 or len(ys) < 2:
        return None
    beside = _walls(xs, ys, down)
    above = _walls(ys, xs, across)
    # An edge that parts no two cells anywhere is an underline or the like.
    kept_x = [c for c in range(len(xs)) if c in (0, len(xs) - 1) or any(beside[c])]
    kept_y = [r for r in range(len(ys)) if r in (0, len(ys) - 1) or any(above[r])]
    if len(kept_x) < len(xs) or len(kept_y) < len(ys):
        xs, ys = [xs[c] for c in kept_x], [ys[r] for r in kept_y]
        if len(xs) < 3:
            return None
        beside, above = _walls(xs, ys, down), _walls(ys, xs, across)
    return Frame(tuple(xs), tuple(ys), _cells(len(ys) - 1, len(xs) - 1, beside, above))


def _edges(lines: list[Ruling], crossing: list[Ruling]) -> list[float]:
    edges: list[float] = []
    for at in sorted({line.at for line in lines}):
        if not edges or at - edges[-1] > _NARROW:
            edges.append(at)
    first, last = min(r.start for r in crossing), max(r.end for r in crossing)
    if edges[0] - first > _BEYOND:
        edges.insert(0, first)
    if last - edges[-1] > _BEYOND:
        edges.append(last)
    return edges


def _walls(edges: list[float], cuts: list[float], lines: list[Ruling]) -> list[list[bool]]:
    """Tell for every edge and every stretch between two cuts whether a line is drawn there."""
    covered = [[0.0] * (len(cuts) - 1) for _ in edges]
    for line in lines:
        edge = max(bisect_right(edges, line.at) - 1, 0)
        if abs(line.at - edges[edge]) > _NARROW:
            continue
        row = covered[edge]
        for n in range(max(bisect_right(cuts, line.start) - 1, 0), len(cuts) - 1):
            if cuts[n] >= line.end:
                break
            row[n] += min(line.end, cuts[n + 1]) - max(line.start, cuts[n])
    return [[part >= _DRAWN * (cuts[n + 1] - cuts[n]) for n, part in enumerate(row)] for row in covered]


def _cells(rows: int, columns: int, beside: list[list[bool]], above: list[list[bool]]) -> tuple[tuple[Place, ...], ...]:
    """Join places without a line between them; what is no rectangle is cut into rows and put together again."""
    parent = list(range(rows * columns))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for r in range(rows):
        for c in range(columns):
            if c and not beside[c][r]:
                parent[root(r * columns + c)] = root(r * columns + c - 1)
            if r and not above[r][c]:
                parent[root(r * columns + c)] = root((r - 1) * columns + c)
    regions: dict[int, list[Place]] = {}
    for r in range(rows):
        for c in range(columns):
            regions.setdefault(root(r * columns + c), []).append((r, c))
    origins: list[list[Place]] = [[(r, c) for c in range(columns)] for r in range(rows)]
    for places in regions.values():
        for rectangle in _rectangles(places):
            for r, c in rectangle:
                origins[r][c] = rectangle[0]
    return tuple(tuple(row) for row in origins)


def _rectangles(places: list[Place]) -> list[list[Place]]:
    """Cut a region, its places given row by row, into rectangles."""
    top, bottom = places[0][0], places[-1][0]
    left, right = min(c for _, c in places), max(c for _, c in places)
    if len(places) == (bottom - top + 1) * (right - left + 1):
        return [places]
    runs: list[list[Place]] = []
    for r, c in places:
        if runs and runs[-1][-1] == (r, c - 1):
            runs[-1].append((r, c))
        else:
            runs.append([(r, c)])
    out: list[list[Place]] = []
    last: dict[tuple[int, int, int], list[Place]] = {}
    for run in runs:
        r, begin, end = run[0][0], run[0][1], run[-1][1]
        grown = last.pop((r - 1, begin, end), None)
        if grown is None:
            grown = []
            out.append(grown)
        grown.extend(run)
        last[(r, begin, end)] = grown
    return out
