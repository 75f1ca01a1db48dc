"""Dates in the spellings of documents."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.intake.dates import find_date, read_date, read_number, years_later

CHINESE = "〇一二三四五六七八九"


def in_chinese(number: int) -> str:
    """A number up to 31 as documents write it."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else CHINESE[tens] + "十") + (CHINESE[ones] if ones else "")


class TestReadDate:
    @pytest.mark.parametrize(
        "text",
        [
            "2024年7月9日",
            "2024 年 07 月 09 日",
            "２０２４年７月９日",
            "二〇二四年七月九日",
            "二○二四年七月九日",
            "二零二四年七月九日",
            "2024-07-09",
            "2024/7/9",
            "2024.7.9",
            " 2024年7月9日\u3000",
        ],
    )
    def test_reads_every_spelling(self, text):
        assert read_date(text) == date(2024, 7, 9)

    @pytest.mark.parametrize(
        "text", ["", "2024年2月30日", "2024年13月1日", "2024年7月", "7月9日", "2024-07.09", "于2024年7月9日"]
    )
    def test_takes_nothing_else(self, text):
        assert read_date(text) is None

    @given(st.dates(min_value=date(1949, 10, 1), max_value=date(2100, 12, 31)))
    def test_reads_back_what_is_written_in_chinese(self, day):
        year = "".join(CHINESE[int(c)] for c in str(day.year))
        assert read_date(f"{year}年{in_chinese(day.month)}月{in_chinese(day.day)}日") == day


class TestFindDate:
    def test_passes_over_days_that_do_not_exist(self):
        assert find_date("2024年2月30日更正为2024年2月29日") == date(2024, 2, 29)


class TestReadNumber:
    @pytest.mark.parametrize(("text", "number"), [("5", 5), ("５", 5), ("十", 10), ("十五", 15), ("三十", 30), ("二十一", 21), ("两", 2), ("百", None), ("", None)])  # fmt: skip
    def test_reads(self, text, number):
        assert read_number(text) == number


class TestYearsLater:
    def test_ends_on_the_day_before(self):
        assert years_later(date(2024, 8, 1), 5) == date(2029, 7, 31)

    def test_knows_leap_days(self):
        assert years_later(date(2024, 2, 29), 1) == date(2025, 2, 27)

    @given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)), st.integers(1, 30))
    def test_is_never_longer_than_the_years(self, start, years):
        last = years_later(start, years)
        assert start < last <= start + timedelta(days=366 * years)
