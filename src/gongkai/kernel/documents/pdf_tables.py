"""Tables that go on over several pages of a PDF: one table, its repeated head only once."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from gongkai.domain.document import Table
from gongkai.kernel.documents.pdf_frames import Place
from gongkai.kernel.documents.pdf_page import Grid, Page

_NEAR = 3.0  # points between edges of columns that count as the same
_HEAD = 3  # rows a repeated head may have
_PAGE_NUMBER = re.compile(
    r"[\s\d０-９—–―\-－─·•.。/／第页共页码:：()（）]*\d[\s\d０-９—–―\-－─·•.。/／第页共页码:：()（）]*"
)
_OUTER = 2  # lines at the head and at the foot of a page that may be repeated on every page
_COUNTED = re.compile(r"\s*\d+\s*/\s*\d+$")
_OPEN = 10  # characters a cell has at least whose sentence goes on over the page
_ENDS = ("。", "；", "！", "？", ";", "!", "?")

Row = tuple[str, ...]


@dataclass(slots=True)
class Draft:
    """A table that may still grow: rows, origins and positions as in ``domain.document.Table``."""

    rows: list[Row]
    origins: list[tuple[Place, ...]]
    lines: list[int]
    edges: tuple[float, ...]
    page: int
    last_page: int = field(default=0)

    @classmethod
    def of(cls, grid: Grid, *, first_line: int, page: int) -> Draft:
        """Begin a table with the grid of one page."""
        lines = list(range(first_line, first_line + len(grid.rows)))
        return cls(list(grid.rows), list(grid.origins), lines, grid.edges, page, page)

    def take(self, grid: Grid, *, first_line: int, page: int) -> bool:
        """Add the grid of the next page where it has the same columns; False, and nothing done, where not."""
        edges = _common(self.edges, grid.edges)
        if edges is None:
            return False
        if len(edges) > len(self.edges):
            rows, origins = _widened(self.rows, self.origins, self.edges, edges)
            self.rows, self.origins, self.edges = rows, origins, edges
        rows, origins = list(grid.rows), list(grid.origins)
        if len(edges) > len(grid.edges):
            rows, origins = _widened(rows, origins, grid.edges, edges)
        skipped = self._repeated(rows, origins)
        if skipped < len(rows) and self._continue_row(rows[skipped]):
            skipped += 1
        offset = len(self.rows) - skipped
        self.rows.extend(rows[skipped:])
        self.origins.extend(tuple((r + offset, c) for r, c in row) for row in origins[skipped:])
        self.lines.extend(range(first_line + skipped, first_line + len(rows)))
        self.last_page = page
        return True

    def _continue_row(self, row: Row) -> bool:
        """Put a row that is the rest of the last one into it; False, and nothing done, where it is a row of its own.

        The rest of a row has text in one cell only, under an open sentence, and none under the row's first cell.
        """
        last = self.rows[-1]
        filled = {text for text in row if text}
        if len(filled) != 1 or row[0] or not last[0]:
            return False
        column = next(c for c, text in enumerate(row) if text)
        above = last[column]
        if len(above) < _OPEN or above.endswith(_ENDS):
            return False
        rest = row[column]
        parted = above[-1].isascii() and above[-1].isalnum() and rest[0].isascii() and rest[0].isalnum()
        origin = self.origins[-1][column]
        for r in range(origin[0], len(self.rows)):
            self.rows[r] = tuple(
                f"{text}{' ' if parted else ''}{rest}" if self.origins[r][c] == origin else text
                for c, text in enumerate(self.rows[r])
            )
        return True

    def table(self) -> Table:
        """Return the finished table."""
        return Table(tuple(self.rows), tuple(self.origins), tuple(self.lines), page=self.page)

    def _repeated(self, rows: list[Row], origins: list[tuple[Place, ...]]) -> int:
        """Count the rows at the top that repeat the table's own head."""
        for count in range(min(_HEAD, len(rows), len(self.rows)), 0, -1):
            same = rows[:count] == self.rows[:count] and origins[:count] == self.origins[:count]
            closed = all(r >= count for row in origins[count:] for r, _ in row)
            if same and closed and any(any(row) for row in rows[:count]):
                return count
        return 0


def is_page_number(text: str) -> bool:
    """Tell whether a line holds nothing but the number of a page."""
    return len(text) <= 20 and bool(_PAGE_NUMBER.fullmatch(text))


def without_number(text: str) -> str:
    """Return a running head or foot without the page number 3/7 at its end."""
    return _COUNTED.sub("", text)


def running_lines(page: Page, beside: list[Page]) -> frozenset[str]:
    """Return the outermost lines of a page (without page number) that stand on a page beside it too."""
    outer = [*page.items[:_OUTER], *page.items[-_OUTER:]]
    own = {without_number(item) for item in outer if isinstance(item, str)}
    others = {without_number(item) for other in beside for item in other.items if isinstance(item, str)}
    return frozenset(own & others)


def _common(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[float, ...] | None:
    """Return the finer of two sets of column edges where it has every edge of the other, else None."""
    fine, coarse = (first, second) if len(first) >= len(second) else (second, first)
    if abs(fine[-1] - coarse[-1]) > _NEAR or any(min(abs(edge - other) for other in fine) > _NEAR for edge in coarse):
        return None
    return fine


def _widened(
    rows: list[Row], origins: list[tuple[Place, ...]], old: tuple[float, ...], new: tuple[float, ...]
) -> tuple[list[Row], list[tuple[Place, ...]]]:
    """Lay rows out on finer columns: a cell then covers several of them."""
    begins = [_nearest(new, edge) for edge in old]
    owner = [next(c for c in range(len(old) - 1) if begins[c + 1] > n) for n in range(len(new) - 1)]
    return (
        [tuple(row[c] for c in owner) for row in rows],
        [tuple((row[c][0], begins[row[c][1]]) for c in owner) for row in origins],
    )


def _nearest(edges: tuple[float, ...], edge: float) -> int:
    at = bisect_left(edges, edge)
    return min(range(max(at - 1, 0), min(at + 1, len(edges))), key=lambda n: abs(edges[n] - edge))
