"""A year as months of weeks."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.kernel.clocks.grid import Cell, balance, year_grid
from gongkai.rulebook import calendar_shipped


def cells(year: int) -> dict[date, Cell]:
    return {
        cell.day: cell
        for month in year_grid(calendar_shipped(), year)
        for week in month.weeks
        for cell in week
        if cell is not None
    }


class TestYearGrid:
    @pytest.mark.parametrize(
        ("day", "kind", "mark"),
        [
            (date(2026, 10, 1), "off", "休"),
            (date(2026, 10, 3), "off", "休"),
            (date(2026, 9, 20), "make_up", "班"),
            (date(2026, 10, 18), "weekend", ""),
            (date(2026, 10, 8), "work", ""),
        ],
    )
    def test_tells_each_kind_of_day(self, day: date, kind: str, mark: str) -> None:
        cell = cells(2026)[day]
        assert (cell.kind, cell.mark) == (kind, mark)

    @pytest.mark.parametrize(("year", "total"), [(2024, 251), (2025, 248), (2026, 248)])
    def test_counts_working_days(self, year: int, total: int) -> None:
        assert sum(month.working_days for month in year_grid(calendar_shipped(), year)) == total

    @pytest.mark.parametrize("year", [2023, 2024, 2026, 2031])
    def test_holds_every_day_once_in_whole_weeks(self, year: int) -> None:
        months = year_grid(calendar_shipped(), year)
        assert all(len(week) == 7 for month in months for week in month.weeks)
        assert len(cells(year)) == (date(year + 1, 1, 1) - date(year, 1, 1)).days


@pytest.mark.parametrize(("year", "net"), [(2024, 11), (2025, 13), (2026, 13)])
def test_balance_is_what_the_law_grants(year: int, net: int) -> None:
    assert balance(calendar_shipped().year(year), net).net == net
