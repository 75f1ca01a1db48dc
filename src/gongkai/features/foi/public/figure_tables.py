"""The public figures as charts, rows and files, without numbers so small that they might point at a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.design.charts import BarChart, Row, Series, ShareChart
from gongkai.domain.foi.small_numbers import FEWEST, told_parts
from gongkai.features.foi.selectors.figures import CATEGORY_NAMES, YearFigures

TONES = ("green", "blue", "red", "yellow", "accent", "grey")
TOGETHER = f"其余（单项不足 {FEWEST} 件，合并列出）"
_IN_TIME, _LATE = Series("按时答复", "green"), Series("逾期答复", "red")


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year as everybody may know it: nothing of replies where there were fewer than five."""

    year: int
    received: int
    ended: int
    open: int
    replied: int
    in_time: int | None
    average_days: float | None

    @property
    def percent(self) -> float | None:
        """Return the share of replies in time."""
        return 100 * self.in_time / self.replied if self.in_time is not None else None


def year_line(figures: YearFigures) -> YearLine:
    """Return the line of a year."""
    enough = figures.replied >= FEWEST
    return YearLine(
        year=figures.year,
        received=figures.received,
        ended=figures.ended,
        open=figures.open,
        replied=figures.replied,
        in_time=figures.in_time if enough else None,
        average_days=figures.average_days if enough else None,
    )


def year_lines(figures: Mapping[int, YearFigures]) -> list[YearLine]:
    """Return a line a year, newest first, from the first year in which anything came in."""
    began = min((year for year, one in figures.items() if one.received or one.ended), default=max(figures))
    return [year_line(one) for year, one in sorted(figures.items(), reverse=True) if year >= began]


def divided(parts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the parts that may be told by name, and what is told together at the end; none where that would be all."""
    told = told_parts([number for _, number in parts])
    shown = [(name, number) for (name, _), number in zip(parts, told.parts, strict=True) if number is not None]
    if not any(number for _, number in shown):
        return []
    return [*shown, (TOGETHER, told.together)] if told.together else shown


def result_chart(figures: YearFigures) -> ShareChart | None:
    """Return how the ended applications of a year divide; None where that is not told."""
    tones = dict(zip(CATEGORY_NAMES.values(), TONES, strict=True))
    parts = [(Series(name, tones.get(name, "grey")), number) for name, number in divided(figures.results)]
    if not parts:
        return None
    return ShareChart(f"{figures.year} 年办结申请的处理结果", tuple(parts), unit="件", row_heading="处理结果")


def channel_chart(figures: YearFigures) -> BarChart | None:
    """Return the ways by which the applications of a year came in; None where that is not told."""
    rows = tuple(Row(name, (number,)) for name, number in divided(figures.channels))
    if not rows:
        return None
    return BarChart(
        f"{figures.year} 年收到申请的渠道", (Series("收到", "blue"),), rows, row_heading="渠道", unit="件", scaled=True
    )


def reply_chart(lines: Sequence[YearLine]) -> BarChart | None:
    """Return the replies of the years, None where there are none to be told."""
    rows = tuple(
        Row(f"{line.year} 年", (line.in_time, line.replied - line.in_time))
        for line in lines
        if line.in_time is not None
    )
    if not rows:
        return None
    return BarChart("各年答复是否按时", (_IN_TIME, _LATE), rows, row_heading="年度", unit="件", scaled=True)


def as_rows(figures: Mapping[int, YearFigures]) -> tuple[list[str], list[list[object]]]:
    """Return headings and a row a year for a table file; what is not told by itself is empty, and stands under 合并列出."""
    lines = year_lines(figures)
    channels = _channels(figures)
    headings = ["年度", "收到申请", "办结", "年末在办", "答复", "按时答复", "按时答复率（%）", "平均答复用时（工作日）"]
    headings += [*CATEGORY_NAMES.values(), "处理结果合并列出", *channels, "渠道合并列出"]
    rows = []
    for line in lines:
        told = _told(figures[line.year], channels)
        percent, average = _rounded(line.percent), _rounded(line.average_days)
        first = [line.year, line.received, line.ended, line.open, line.replied, line.in_time, percent, average]
        rows.append([*first, *told["results"].values(), *told["channels"].values()])
    return headings, rows


def as_data(figures: Mapping[int, YearFigures], *, place: str, on: date) -> dict[str, Any]:
    """Return the same for programs; ``null`` for what is not told by itself."""
    channels = _channels(figures)
    return {
        "title": "依申请公开统计",
        "place": place,
        "date": on.isoformat(),
        "rule": rule_words(),
        "years": [
            {
                "year": line.year,
                "received": line.received,
                "ended": line.ended,
                "open": line.open,
                "replied": line.replied,
                "in_time": line.in_time,
                "in_time_percent": _rounded(line.percent),
                "average_working_days": _rounded(line.average_days),
                **_told(figures[line.year], channels),
            }
            for line in year_lines(figures)
        ],
    }


def rule_words() -> str:
    """Say in Chinese what is not told by itself, and why."""
    return (
        f"为避免从很小的数字推知申请人，按处理结果、申请渠道细分时，不足 {FEWEST} 件的不单独列出，合并为一项；"
        f"合并后仍不足 {FEWEST} 件或者只有一项的，再并入最小的一项；一年不足 {FEWEST} 件的不细分。"
        f"答复不足 {FEWEST} 件的年度，不列按时答复和平均用时。"
    )


def _channels(figures: Mapping[int, YearFigures]) -> list[str]:
    return sorted({name for one in figures.values() for name, _ in one.channels})


def _told(figures: YearFigures, channels: Sequence[str]) -> dict[str, dict[str, int | None]]:
    by_channel = dict(figures.channels)
    found = {}
    for key, parts in (
        ("results", figures.results),
        ("channels", tuple((name, by_channel.get(name, 0)) for name in channels)),
    ):
        told = told_parts([number for _, number in parts])
        numbers = {name: number for (name, _), number in zip(parts, told.parts, strict=True)}
        found[key] = {**numbers, "合并列出": told.together}
    return found


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 1)
