"""Charts as plain geometry: shares of a whole and stacked bars by row, drawn by small SVG templates.

Numbers always stand beside the drawing, so a chart adds speed, never information. Widths are per cent of the bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TONES = ("red", "yellow", "green", "blue", "grey", "accent")
SMALLEST_VISIBLE = 1.2


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of thing that is counted: its label and tone (``red yellow green blue grey accent``)."""

    label: str
    tone: str

    def __post_init__(self) -> None:
        """Refuse a tone without a colour; raises ValueError."""
        if self.tone not in TONES:
            raise ValueError(f"unknown tone {self.tone!r}; expected one of {', '.join(TONES)}")


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a bar: where it starts and how wide it is, in per cent of the whole width."""

    series: Series
    value: int
    start: float
    width: float
    percent: float


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: its label, one count per series, and where its label leads."""

    label: str
    values: tuple[int, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row with its segments laid out."""

    label: str
    url: str
    total: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Stacked horizontal bars, one a row; ``scaled`` makes bar lengths follow the totals, else every bar is full.

    ``summed`` adds a row of totals; leave it out where one thing may be counted in several rows.
    """

    title: str
    series: tuple[Series, ...]
    rows: tuple[Row, ...]
    row_heading: str = "单位"
    unit: str = "项"
    scaled: bool = False
    summed: bool = True

    def __post_init__(self) -> None:
        """Refuse rows whose number of values is not the number of series; raises ValueError."""
        for row in self.rows:
            if len(row.values) != len(self.series):
                raise ValueError(f"row {row.label!r} has {len(row.values)} values for {len(self.series)} series")

    @property
    def drawn(self) -> tuple[DrawnRow, ...]:
        """Every row with its segments."""
        longest = max((sum(row.values) for row in self.rows), default=0)
        return tuple(
            DrawnRow(
                row.label, row.url, sum(row.values), lay_out(self.series, row.values, longest if self.scaled else 0)
            )
            for row in self.rows
        )

    @property
    def totals(self) -> tuple[int, ...]:
        """The sum of each series over all rows."""
        return tuple(sum(row.values[index] for row in self.rows) for index in range(len(self.series)))

    @property
    def total(self) -> int:
        """Everything counted."""
        return sum(self.totals)


@dataclass(frozen=True, slots=True)
class ShareChart:
    """One bar that shows how a whole divides, with a table of counts and shares."""

    title: str
    parts: tuple[tuple[Series, int], ...]
    unit: str = "项"
    row_heading: str = "状态"

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The pieces of the bar; parts of zero keep their row in the table and have no width."""
        return lay_out([series for series, _ in self.parts], [value for _, value in self.parts])

    @property
    def total(self) -> int:
        """Everything counted."""
        return sum(value for _, value in self.parts)

    @property
    def spoken(self) -> str:
        """The bar in words, for those who cannot see it."""
        return f"{self.title}：" + "，".join(f"{series.label}{value}{self.unit}" for series, value in self.parts)


def lay_out(series: Sequence[Series], values: Sequence[int], whole: int = 0) -> tuple[Segment, ...]:
    """Return one segment per series; ``whole`` is the count a full bar stands for (0: the sum of the values).

    A value above zero is never too thin to see; the others give way so that the bar keeps its length.
    Raises ValueError for a negative value.
    """
    if any(value < 0 for value in values):
        raise ValueError("a chart cannot show a negative count")
    total = sum(values)
    whole = max(whole, total)
    if not total:
        return tuple(Segment(one, 0, 0.0, 0.0, 0.0) for one in series)
    length = 100 * total / whole
    least = min(SMALLEST_VISIBLE, length / len(values))
    wanted = [max(length * value / total, least) if value else 0.0 for value in values]
    shrink = length / sum(wanted)
    segments = []
    start = 0.0
    for one, value, width in zip(series, values, wanted, strict=True):
        width *= shrink
        segments.append(Segment(one, value, round(start, 3), round(width, 3), round(100 * value / total, 1)))
        start += width
    return tuple(segments)
