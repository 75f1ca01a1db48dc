"""The working-day calendar: what a day is, counting, and years that are not on file."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.calendars import Calendar, CalendarNotPublished, Holiday, OverlayDay, YearCalendar
from gongkai.rulebook.loader import calendar_shipped

CALENDAR = calendar_shipped()
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2026, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


class TestShippedYears:
    @pytest.mark.parametrize(
        ("year", "by_month"),
        [
            (2024, (22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22)),
            (2025, (19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23)),
            (2026, (21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23)),
        ],
    )
    def test_have_the_known_number_of_working_days(self, year: int, by_month: tuple[int, ...]) -> None:
        assert CALENDAR.working_days_by_month(year) == by_month

    @pytest.mark.parametrize(("year", "granted"), [(2024, 11), (2025, 13), (2026, 13)])
    def test_balance(self, year: int, granted: int) -> None:
        published = CALENDAR.year(year)
        weekdays_off = sum(off.weekday() < 5 for off in published.off_days)
        assert weekdays_off - len(published.make_up_days) == granted

    def test_agree_day_by_day_with_an_independent_calendar(self) -> None:
        first, last = date(2024, 1, 1), date(2026, 12, 31)
        differing = [d.day for d in CALENDAR.days(first, last) if chinese_calendar.is_workday(d.day) != d.working]
        assert differing == []

    def test_make_up_days_are_weekends(self) -> None:
        assert all(made_up.weekday() >= 5 for year in CALENDAR.years for made_up in year.make_up_days)


class TestWhy:
    @pytest.mark.parametrize(
        ("on", "working", "words"),
        [
            ("2024-10-08", True, "工作日"),
            ("2024-10-05", False, "国庆节放假"),
            ("2024-09-29", True, "国庆节调休上班"),
            ("2024-10-19", False, "周末"),
            ("2024-02-09", True, "工作日"),  # 除夕 2024: encouraged to rest, yet a working day
            ("2025-10-06", False, "国庆节、中秋节放假"),
            ("2026-09-20", True, "国庆节调休上班"),
        ],
    )
    def test_says_what_a_day_is(self, on: str, working: bool, words: str) -> None:
        assert CALENDAR.is_working_day(day(on)) is working
        assert CALENDAR.why(day(on)) == words

    def test_names_the_notice(self) -> None:
        assert CALENDAR.day(day("2026-05-09")).source == "国办发明电〔2025〕7号"

    def test_says_that_a_year_is_not_published(self) -> None:
        assert CALENDAR.why(day("2027-01-04")) == "工作日（2027年放假安排尚未公布，按周一至周五推算）"
        assert not CALENDAR.day(day("2027-01-04")).published


class TestAddWorkingDays:
    @pytest.mark.parametrize(
        ("start", "count", "expected"),
        [
            ("2024-09-30", 1, "2024-10-08"),
            ("2024-09-27", 1, "2024-09-29"),
            ("2025-12-31", 1, "2026-01-04"),
            ("2026-09-30", 20, "2026-11-03"),
            ("2024-07-25", -15, "2024-07-04"),
            ("2024-10-08", -1, "2024-09-30"),
            ("2025-01-02", -1, "2024-12-31"),
            ("2024-10-05", 0, "2024-10-05"),
        ],
    )
    def test_counts_from_the_next_day(self, start: str, count: int, expected: str) -> None:
        assert CALENDAR.add_working_days(day(start), count) == day(expected)

    def test_raises_when_a_day_lies_in_an_unpublished_year(self) -> None:
        with pytest.raises(CalendarNotPublished) as refused:
            CALENDAR.add_working_days(day("2026-12-10"), 20)
        assert refused.value.years == (2027,)

    def test_uses_the_weekday_rule_when_not_strict(self) -> None:
        assert CALENDAR.add_working_days(day("2026-12-10"), 20, strict=False) == day("2027-01-07")

    @given(DAYS, st.integers(min_value=1, max_value=300))
    def test_agrees_with_walking_day_by_day(self, start: date, count: int) -> None:
        walked, left = start, count
        while left:
            walked += timedelta(days=1)
            left -= CALENDAR.is_working_day(walked, strict=False)
        assert CALENDAR.add_working_days(start, count, strict=False) == walked

    @given(DAYS, st.integers(min_value=1, max_value=300))
    def test_backwards_agrees_with_walking(self, start: date, count: int) -> None:
        walked, left = start, count
        while left:
            walked -= timedelta(days=1)
            left -= CALENDAR.is_working_day(walked, strict=False)
        assert CALENDAR.add_working_days(start, -count, strict=False) == walked


class TestWorkingDaysBetween:
    @given(DAYS, DAYS)
    def test_is_the_number_of_working_days_after_and_up_to(self, one: date, other: date) -> None:
        low, high = sorted((one, other))
        span = (low + timedelta(days=n) for n in range(1, (high - low).days + 1))
        assert CALENDAR.working_days_between(low, high) == sum(CALENDAR.is_working_day(d) for d in span)

    @given(DAYS, st.integers(min_value=1, max_value=200))
    def test_is_the_inverse_of_adding(self, start: date, count: int) -> None:
        end = CALENDAR.add_working_days(start, count, strict=False)
        assert CALENDAR.working_days_between(start, end, strict=False) == count

    def test_is_nothing_backwards(self) -> None:
        assert CALENDAR.working_days_between(day("2024-10-10"), day("2024-10-08")) == 0

    def test_raises_for_an_unpublished_year(self) -> None:
        with pytest.raises(CalendarNotPublished):
            CALENDAR.working_days_between(day("2026-12-30"), day("2027-01-05"))


class TestNextWorkingDay:
    @pytest.mark.parametrize(
        ("on", "expected"),
        [("2024-10-08", "2024-10-08"), ("2024-10-01", "2024-10-08"), ("2024-09-28", "2024-09-29")],
    )
    def test_is_the_day_itself_or_the_first_after(self, on: str, expected: str) -> None:
        assert CALENDAR.next_working_day(day(on)) == day(expected)


class TestYearsThatTouch:
    """The 2023 notice begins on 2022-12-31, that of 2019 on 2018-12-29: a later notice rules the end of a year."""

    year_2018 = YearCalendar(2018, "国办发明电〔2017〕12号", None, (Holiday("元旦", (date(2018, 1, 1),)),))
    year_2019 = YearCalendar(
        2019,
        "国办发明电〔2018〕15号",
        None,
        (
            Holiday(
                "元旦", (date(2018, 12, 30), date(2018, 12, 31), date(2019, 1, 1)), make_up_days=(date(2018, 12, 29),)
            ),
        ),
    )

    def test_end_of_year_changes_when_the_next_notice_arrives(self) -> None:
        before = Calendar((self.year_2018,))
        after = before.with_year(self.year_2019)
        assert before.is_working_day(date(2018, 12, 31))
        assert not after.is_working_day(date(2018, 12, 31))
        assert after.is_working_day(date(2018, 12, 29))
        assert after.why(date(2018, 12, 31)) == "元旦放假"
        assert before.add_working_days(date(2018, 12, 28), 1) == date(2018, 12, 31)
        assert after.add_working_days(date(2018, 12, 28), 1) == date(2018, 12, 29)

    def test_order_of_years_does_not_matter(self) -> None:
        assert Calendar((self.year_2019, self.year_2018)) == Calendar((self.year_2018, self.year_2019))

    def test_a_gap_between_years_is_missing(self) -> None:
        calendar = Calendar((self.year_2018, YearCalendar(2020, "", None, ())))
        assert calendar.missing_years(date(2018, 6, 1), date(2020, 6, 1)) == (2019,)

    def test_a_year_twice_is_refused(self) -> None:
        with pytest.raises(ValueError, match="once"):
            Calendar((self.year_2018, self.year_2018))


class TestOverlay:
    def test_goes_before_the_national_notice(self) -> None:
        calendar = CALENDAR.with_overlay(
            [
                OverlayDay(date(2024, 10, 8), working=False, name="民族节日放假"),
                OverlayDay(date(2024, 10, 7), True, "照常上班"),
            ]
        )
        assert not calendar.is_working_day(date(2024, 10, 8))
        assert calendar.why(date(2024, 10, 8)) == "民族节日放假"
        assert calendar.is_working_day(date(2024, 10, 7))
        assert calendar.add_working_days(date(2024, 9, 30), 2) == date(2024, 10, 9)
        assert CALENDAR.is_working_day(date(2024, 10, 8))
