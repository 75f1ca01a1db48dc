"""The public figures: what everybody may know of the years, as page, table and data, and no number that points at a person."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from gongkai.features.foi.public import figure_tables as tables
from gongkai.features.foi.selectors.figures import YearFigures, public_figures, year_figures
from tests.factories.foi import ADDRESS, NAME, PHONE, Desk
from tests.factories.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, timezone.localdate())


def figures(year: int = 2025, **more: Any) -> YearFigures:
    """A year with enough of everything."""
    fields: dict[str, Any] = {
        "year": year,
        "received": 60,
        "ended": 50,
        "open": 10,
        "replied": 45,
        "in_time": 43,
        "average_days": 12.34,
        "results": (
            ("予以公开", 30),
            ("部分公开", 2),
            ("不予公开", 6),
            ("无法提供", 9),
            ("不予处理", 0),
            ("其他处理", 3),
        ),
        "channels": (("网络", 50), ("当面", 9), ("传真", 1)),
    }
    return YearFigures(**{**fields, **more})


class TestNumbers:
    def test_small_parts_are_told_together(self) -> None:
        chart = tables.result_chart(figures())
        told = {series.label: number for series, number in chart.parts}
        assert told == {"予以公开": 30, "不予公开": 6, "无法提供": 9, "不予处理": 0, tables.TOGETHER: 5}
        assert chart.total == 50

    def test_one_small_part_takes_another_with_it(self) -> None:
        rows = {row.label: row.values[0] for row in tables.channel_chart(figures()).rows}
        assert rows == {"网络": 50, tables.TOGETHER: 10}

    def test_where_all_would_be_told_together_nothing_is_drawn(self) -> None:
        few = figures(results=(("予以公开", 5), ("部分公开", 1), ("不予公开", 0)), channels=(("网络", 4), ("当面", 3)))
        assert tables.result_chart(few) is None and tables.channel_chart(few) is None

    def test_of_few_replies_nothing_is_told(self) -> None:
        line = tables.year_line(figures(replied=4, in_time=4))
        assert (line.percent, line.average_days) == (None, None)
        assert tables.reply_chart([line]) is None

    def test_the_table_has_the_same_parts_withheld(self) -> None:
        headings, rows = tables.as_rows({2024: figures(2024), 2025: figures()})
        row = dict(zip(headings, rows[0], strict=True))
        assert row["年度"] == 2025 and row["部分公开"] is None and row["处理结果合并列出"] == 5
        assert row["传真"] is None and row["按时答复率（%）"] == 95.6 and row["平均答复用时（工作日）"] == 12.3

    def test_the_data_say_the_rule(self) -> None:
        data = tables.as_data({2025: figures()}, place="青溪县", on=timezone.localdate())
        assert "不足 5 件" in data["rule"] and data["years"][0]["results"]["其他处理"] is None

    def test_years_begin_with_the_first_application(self) -> None:
        empty = {"received": 0, "ended": 0, "open": 0, "replied": 0, "in_time": 0}
        years = {2023: figures(2023, **empty), 2024: figures(2024), 2025: figures(2025, **empty)}
        assert [line.year for line in tables.year_lines(years)] == [2025, 2024]


class TestPages:
    def test_the_page_the_table_and_the_data_tell_the_same(self, desk: Desk) -> None:
        for _ in range(6):
            desk.granted(desk.today, now=timezone.now())
        page = Client().get("/apply/figures/").content.decode()
        assert "今年的“年末在办”是目前在办的件数" in page
        assert "历年情况" in page and "不足 5 件的不单独列出" in page and "100.0" in page
        answer = Client().get("/apply/figures/data.csv")
        assert answer["Content-Type"].startswith("text/csv")
        rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
        (year,) = Client().get("/apply/figures/data.json").json()["years"]
        assert rows[0]["收到申请"] == str(year["received"]) == "6"
        assert rows[0]["按时答复"] == str(year["in_time"]) == "6"
        assert year["channels"] == {"当面": 6, "合并列出": 0}

    def test_one_application_is_not_divided(self, desk: Desk) -> None:
        desk.granted(desk.today, now=timezone.now())
        (year,) = Client().get("/apply/figures/data.json").json()["years"]
        assert year["received"] == 1 and year["channels"] == {"当面": None, "合并列出": 1}
        assert year["in_time"] is None and year["average_working_days"] is None
        assert "各项件数太少，不细分" in Client().get("/apply/figures/").content.decode()

    @pytest.mark.parametrize("address", ["/apply/figures/", "/apply/figures/data.csv", "/apply/figures/data.json"])
    def test_nothing_of_an_application_shows(self, desk: Desk, address: str) -> None:
        desk.granted(desk.today, now=timezone.now())
        text = Client().get(address).content.decode("utf-8-sig")
        assert "学府路" not in text and "2026-0001" not in text
        assert NAME not in text and PHONE not in text and ADDRESS not in text

    def test_what_is_kept_is_counted_again_when_its_time_is_over(self, desk: Desk, settings: LazySettings) -> None:
        year = desk.today.year
        settings.FOI_FIGURES_SECONDS = 1000
        before = public_figures(first=year, last=year)[year].received
        desk.taken(now=timezone.now())
        assert public_figures(first=year, last=year)[year].received == before
        settings.FOI_FIGURES_SECONDS = 0
        assert public_figures(first=year, last=year)[year].received == year_figures(year=year).received == before + 1
