"""Lights from dates: each colour at its edge, submissions handed in on time, what is carried over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.ledger import (
    LIGHT_COLORS,
    LIGHT_NAMES,
    Dates,
    Light,
    State,
    attention_on,
    carried_over,
    overdue_days,
    read_light,
)

TODAY = date(2026, 6, 15)
NEAR_UNTIL = date(2026, 6, 30)
WORK = State.IN_PROGRESS


def light(state: State, day: date | None, standing: bool = False, submitted_on: date | None = None) -> Light:
    return read_light(Dates(state, day, standing, submitted_on), today=TODAY, near_until=NEAR_UNTIL)


class TestReadLight:
    @pytest.mark.parametrize(
        ("state", "day", "standing", "submitted", "expected"),
        [
            (WORK, date(2026, 6, 14), False, None, Light.OVERDUE),
            (WORK, date(2026, 6, 15), False, None, Light.NEAR),
            (WORK, date(2026, 6, 30), False, None, Light.NEAR),
            (WORK, date(2026, 7, 1), False, None, Light.ON_TRACK),
            (WORK, None, False, None, Light.NO_DATE),
            (WORK, None, True, None, Light.STANDING),
            (WORK, date(2026, 7, 1), True, None, Light.ON_TRACK),
            (State.RETURNED, date(2026, 6, 1), False, None, Light.OVERDUE),
            (State.SUBMITTED, date(2026, 6, 10), False, date(2026, 6, 10), Light.ON_TRACK),
            (State.SUBMITTED, date(2026, 6, 10), False, date(2026, 6, 11), Light.OVERDUE),
            (State.SUBMITTED, date(2026, 6, 20), False, date(2026, 6, 11), Light.ON_TRACK),
            (State.ACCEPTED, None, False, None, Light.DONE),
            (State.ACCEPTED, None, True, None, Light.STANDING),
            (State.ACCEPTED, date(2026, 9, 30), True, None, Light.STANDING),
            (State.ACCEPTED, date(2026, 6, 20), True, None, Light.NEAR),
            (State.ACCEPTED, date(2026, 6, 1), True, None, Light.OVERDUE),
            (State.CLOSED, None, True, None, Light.DONE),
            (State.CANCELED, date(2026, 6, 1), True, None, Light.CANCELED),
        ],
    )
    def test_shows(
        self, state: State, day: date | None, standing: bool, submitted: date | None, expected: Light
    ) -> None:
        assert light(state, day, standing, submitted) is expected

    @given(day=st.dates(date(2026, 1, 1), date(2026, 12, 31)), later=st.integers(0, 200))
    def test_only_gets_more_urgent_as_days_pass(self, day: date, later: int) -> None:
        order = [Light.ON_TRACK, Light.NEAR, Light.OVERDUE]
        dates = Dates(WORK, day)
        then = TODAY + timedelta(days=later)
        now_light = read_light(dates, today=TODAY, near_until=TODAY + timedelta(days=15))
        then_light = read_light(dates, today=then, near_until=then + timedelta(days=15))
        assert order.index(then_light) >= order.index(now_light)

    def test_every_light_has_a_name_and_a_color(self) -> None:
        assert set(LIGHT_NAMES) == set(LIGHT_COLORS) == set(Light)


class TestAttention:
    CHECKS = (date(2026, 9, 30), date(2026, 6, 30))

    @pytest.mark.parametrize(
        ("state", "due", "checks", "expected"),
        [
            (WORK, date(2026, 8, 31), (), date(2026, 8, 31)),
            (WORK, date(2026, 8, 31), CHECKS, date(2026, 6, 30)),
            (WORK, None, (), None),
            (State.ACCEPTED, date(2026, 5, 1), CHECKS, date(2026, 6, 30)),
            (State.ACCEPTED, date(2026, 5, 1), (), None),
            (State.CLOSED, date(2026, 5, 1), CHECKS, None),
            (State.CANCELED, date(2026, 5, 1), CHECKS, None),
        ],
    )
    def test_is_the_next_day_that_matters(
        self, state: State, due: date | None, checks: tuple[date, ...], expected: date | None
    ) -> None:
        assert attention_on(state, due, checks) == expected


class TestLateness:
    @pytest.mark.parametrize(
        ("state", "day", "expected"),
        [
            (WORK, date(2026, 6, 10), 5),
            (WORK, date(2026, 6, 15), 0),
            (WORK, None, 0),
            (State.CLOSED, None, 0),
        ],
    )
    def test_counts_calendar_days(self, state: State, day: date | None, expected: int) -> None:
        assert overdue_days(Dates(state, day), today=TODAY) == expected

    @pytest.mark.parametrize(
        ("state", "due", "expected"),
        [
            (WORK, date(2025, 12, 31), True),
            (WORK, date(2026, 1, 1), False),
            (WORK, None, False),
            (State.ACCEPTED, date(2025, 12, 31), False),
            (State.CANCELED, date(2025, 12, 31), False),
        ],
    )
    def test_is_carried_over_when_an_earlier_year_s_date_is_not_met(
        self, state: State, due: date | None, expected: bool
    ) -> None:
        assert carried_over(state, due, today=TODAY) is expected
