"""The figures of performance as tiles, tables, charts and rows of a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from gongkai.design.charts import BarChart, Row, Series, ShareChart
from gongkai.domain.foi.dispositions import Category
from gongkai.features.foi.selectors.figures import CATEGORY_NAMES
from gongkai.features.foi.selectors.performance import SPLIT_NAMES, Line, Performance, Split
from gongkai.features.foi.selectors.performance_cases import Counted

TONES = {
    Category.GRANTED: "green",
    Category.PARTIAL: "blue",
    Category.DENIED: "red",
    Category.UNABLE: "yellow",
    Category.REFUSED: "accent",
    Category.OTHER: "grey",
}
# (what is told, its heading). What is a ``Counted`` or a category opens its list; the others are shares and durations.
_TIMES = (
    (Counted.RECEIVED, "收到申请"),
    (Counted.REPLIED, "已答复"),
    (Counted.IN_TIME, "法定期限内"),
    ("in_time_percent", "法定按期率"),
    (Counted.LATE, "超过法定期限"),
    (Counted.IN_TARGET, "内部时限内"),
    ("in_target_percent", "内部达标率"),
    ("average", "平均用时"),
    ("median", "中位用时"),
    (Counted.EXTENDED, "延长过"),
    ("extended_percent", "延期率"),
)
_TARGETS = (Counted.IN_TARGET, "in_target_percent")
_NOW = ((Counted.OPEN, "目前在办"), (Counted.OVERDUE, "目前逾期"))
_RESULTS = (
    (Counted.ENDED, "办结"),
    *((one.value, name) for one, name in CATEGORY_NAMES.items()),
    (Counted.DECIDED, "复议诉讼审结"),
    (Counted.CORRECTED, "结果纠正"),
    ("corrected_percent", "被纠错率"),
)
_UNITS = {"average": "个工作日", "median": "个工作日"}
_BARS = (
    Series("没有超过内部时限", "green"),
    Series("超过内部时限，法定期限内", "yellow"),
    Series("超过法定期限", "red"),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that is looked at first."""

    label: str
    value: str
    unit: str
    hint: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A number or share in words, with the address of its list where there is one."""

    heading: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its headings, a row a line, and the row of all lines together."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Line, tuple[Cell, ...]], ...]
    total: tuple[Cell, ...]


def tiles(total: Line) -> list[Tile]:
    """Return the figures that are looked at first."""
    return [
        Tile("已答复", str(total.replied), "件", f"收到 {total.received} 件，办结 {total.ended} 件"),
        Tile("法定期限内答复", *_share(total.in_time_percent), f"超过 {total.late} 件" if total.replied else ""),
        Tile(
            "内部时限内答复",
            *_share(total.in_target_percent),
            f"超过 {total.over_target} 件" if total.aimed else "没有内部时限" if total.replied else "",
        ),
        Tile(
            "平均用时",
            _words(total, "average"),
            _UNITS["average"] if total.average is not None else "",
            f"中位 {_words(total, 'median')} 个工作日" if total.median is not None else "",
        ),
        Tile("延长过期限", *_share(total.extended_percent), f"{total.extended} 件" if total.replied else ""),
        Tile(
            "被纠错率",
            *_share(total.corrected_percent),
            f"审结 {total.decided} 件，纠正 {total.corrected} 件" if total.decided else "没有审结的复议、诉讼",
        ),
    ]


def times(found: Performance, query: Mapping[str, str]) -> Table:
    """Return the table of replies: in time, how long, extended; of local targets where there are any."""
    columns = _times(found)
    if not found.total.aimed:
        columns = tuple(one for one in columns if one[0] not in _TARGETS)
    return _table(columns, found, query)


def results(found: Performance, query: Mapping[str, str]) -> Table:
    """Return the table of results, reviews and suits."""
    return _table(_RESULTS, found, query)


def chart(found: Performance, query: Mapping[str, str]) -> BarChart | None:
    """Return the bars of the replies by line, None without any."""
    split, targets = found.asked.split, bool(found.total.aimed)
    bars = _BARS if targets else (Series("法定期限内", "green"), _BARS[-1])
    page = reverse("foi:staff:performance")
    rows = []
    for line in found.lines:
        if line.replied:
            url = f"{page}?{urlencode({**query, 'by': Split.MONTH.value, 'unit': line.key})}"
            values = (line.in_time - line.slow, line.slow, line.late) if targets else (line.in_time, line.late)
            rows.append(Row(line.label, values, url if split is Split.UNIT and len(found.lines) > 1 else ""))
    if not rows:
        return None
    heading = SPLIT_NAMES[split]
    return BarChart(f"各{heading}的答复", bars, tuple(rows), row_heading=heading, unit="件", scaled=True)


def shares(found: Performance) -> ShareChart | None:
    """Return how the ended cases divide, None without any."""
    if not found.total.ended:
        return None
    parts = [(Series(name, TONES[one]), found.total.results.get(one, 0)) for one, name in CATEGORY_NAMES.items()]
    return ShareChart("办结申请的处理结果", tuple(parts), unit="件", row_heading="处理结果")


def sheet(found: Performance) -> tuple[list[str], list[list[object]]]:
    """Return headings and rows for a file: plain numbers, shares in per cent."""
    columns = (*_times(found), *_RESULTS)
    headings = [SPLIT_NAMES[found.asked.split]]
    for code, words in columns:
        headings.append(f"{words}（{'%' if code.endswith('_percent') else _UNITS.get(code, '件')}）")
    rows = [[line.label, *(_plain(line, code) for code, _ in columns)] for line in (*found.lines, found.total)]
    return headings, rows


def _times(found: Performance) -> tuple[tuple[str, str], ...]:
    return (*_TIMES, *_NOW) if found.asked.split in (Split.UNIT, Split.PERSON) else _TIMES


def _table(columns: Sequence[tuple[str, str]], found: Performance, query: Mapping[str, str]) -> Table:
    return Table(
        tuple(heading for _, heading in columns),
        tuple((line, _cells(columns, line, query)) for line in found.lines),
        _cells(columns, found.total, query),
    )


def _cells(columns: Sequence[tuple[str, str]], line: Line, query: Mapping[str, str]) -> tuple[Cell, ...]:
    address = reverse("foi:staff:performance_cases")
    cells = []
    for code, heading in columns:
        value = _value(line, code)
        opens = line.opens and bool(value) and isinstance(value, int)
        url = f"{address}?{urlencode({**query, 'figure': code, 'key': line.key})}" if opens else ""
        cells.append(Cell(heading, _words(line, code), url))
    return tuple(cells)


def _value(line: Line, code: str) -> int | float | None:
    if code in set(Category):
        return line.results.get(Category(code), 0)
    value: int | float | None = getattr(line, code)
    return value


def _plain(line: Line, code: str) -> int | float | None:
    value = _value(line, code)
    return round(value, 1) if isinstance(value, float) else value


def _words(line: Line, code: str) -> str:
    value = _value(line, code)
    if value is None:
        return "—"
    if code.endswith("_percent"):
        return f"{value:.1f}%"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _share(value: float | None) -> tuple[str, str]:
    return ("—", "") if value is None else (f"{value:.1f}", "%")
