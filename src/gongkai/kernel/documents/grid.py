"""Laying out cells that span columns and rows into a table where every place is filled."""

from __future__ import annotations

from gongkai.domain.document import Table
from gongkai.kernel.documents.errors import refusal
from gongkai.kernel.documents.limits import Limits


class Grid:
    """A table under construction, filled row by row from the left.

    ``cells_before`` counts the places of earlier tables, so that the limit holds for the document as a whole.
    """

    def __init__(self, *, name: str, limits: Limits, cells_before: int = 0) -> None:
        self._name = name
        self._limits = limits
        self._before = cells_before
        self._rows: list[dict[int, tuple[str, tuple[int, int]]]] = []
        self._pending: dict[int, tuple[int, str, tuple[int, int]]] = {}
        self._column = 0
        self._placed = 0

    @property
    def size(self) -> int:
        """Places of this table: rows times columns."""
        return len(self._rows) * self.width

    @property
    def width(self) -> int:
        """Columns of the widest row so far."""
        return max((max(row) + 1 for row in self._rows if row), default=0)

    def new_row(self) -> None:
        """Begin a row: cells that reach down from above are put in first."""
        if len(self._rows) >= self._limits.max_rows:
            raise refusal("document.too_many_rows", name=self._name, limit=self._limits.max_rows)
        row: dict[int, tuple[str, tuple[int, int]]] = {}
        left: dict[int, tuple[int, str, tuple[int, int]]] = {}
        for column, (rows, text, origin) in self._pending.items():
            row[column] = (text, origin)
            if rows > 1:
                left[column] = (rows - 1, text, origin)
        self._pending = left
        self._count(len(row))
        self._rows.append(row)
        self._column = 0

    def place(self, text: str, *, columns: int = 1, rows: int = 1) -> None:
        """Put a cell at the next free place of the row, covering ``columns`` by ``rows`` places."""
        row = self._rows[-1]
        while self._column in row:
            self._column += 1
        origin = (len(self._rows) - 1, self._column)
        for column in range(self._column, self._column + columns):
            if column in row:
                break  # overlapping spans: the cell from above stays
            row[column] = (text, origin)
            self._count(1)
            if rows > 1:
                self._pending[column] = (rows - 1, text, origin)
        self._column += columns

    def skip(self, columns: int) -> None:
        """Leave places at the next free column empty."""
        for _ in range(columns):
            self.place("")

    def continue_above(self, *, columns: int = 1) -> bool:
        """Let the next places belong to the cell right above; False (and nothing done) when there is none."""
        row, index = self._rows[-1], len(self._rows) - 1
        while self._column in row:
            self._column += 1
        above = self._rows[index - 1].get(self._column) if index else None
        if above is None:
            return False
        for column in range(self._column, self._column + columns):
            row[column] = above
        self._count(columns)
        self._column += columns
        return True

    def continue_left(self, *, columns: int = 1) -> bool:
        """Let the next places belong to the cell on their left; False (and nothing done) when there is none."""
        row = self._rows[-1]
        left = row.get(self._column - 1)
        if left is None:
            return False
        for column in range(self._column, self._column + columns):
            row[column] = left
        self._count(columns)
        self._column += columns
        return True

    def table(self, *, first_line: int, sheet: str | None = None) -> Table | None:
        """Return the table, or None when it has no place at all; short rows are filled up with empty cells."""
        width = self.width
        if not width:
            return None
        if self._before + len(self._rows) * width > self._limits.max_cells:
            raise refusal("document.too_many_cells", name=self._name, limit=self._limits.max_cells)
        texts, origins = [], []
        for r, row in enumerate(self._rows):
            full = [row.get(c, ("", (r, c))) for c in range(width)]
            texts.append(tuple(text for text, _ in full))
            origins.append(tuple(origin for _, origin in full))
        lines = tuple(range(first_line, first_line + len(self._rows)))
        return Table(rows=tuple(texts), origins=tuple(origins), lines=lines, sheet=sheet)

    def _count(self, places: int) -> None:
        self._placed += places
        if self._before + self._placed > self._limits.max_cells:
            raise refusal("document.too_many_cells", name=self._name, limit=self._limits.max_cells)
