"""Validity by dates and reviews, and the day of the next look."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.items.validity import Validity, add_months, next_review_on, validity_on

V = Validity
DAY = date(2026, 3, 2)
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


class TestValidityOn:
    @pytest.mark.parametrize(
        ("effective", "expires", "reviewed", "expected"),
        [
            (None, None, None, V.IN_FORCE),
            (DAY, None, None, V.IN_FORCE),
            (DAY + timedelta(1), None, None, V.NOT_YET),
            (None, DAY, None, V.IN_FORCE),
            (None, DAY - timedelta(1), None, V.LAPSED),
            (None, DAY - timedelta(1), V.IN_FORCE, V.LAPSED),
            (None, None, V.REPEALED, V.REPEALED),
            (DAY + timedelta(1), None, V.REPEALED, V.REPEALED),
            (None, DAY - timedelta(1), V.REPEALED, V.REPEALED),
            (None, DAY, V.AMENDED, V.AMENDED),
            (None, DAY - timedelta(1), V.AMENDED, V.LAPSED),
            (None, None, V.PARTLY_LAPSED, V.PARTLY_LAPSED),
            (None, None, V.LAPSED, V.LAPSED),
        ],
    )
    def test_dates_and_reviews(
        self, effective: date | None, expires: date | None, reviewed: Validity | None, expected: Validity
    ) -> None:
        assert validity_on(DAY, effective_on=effective, expires_on=expires, reviewed=reviewed) is expected

    @given(DAYS, DAYS)
    def test_what_lapsed_stays_lapsed(self, day: date, expires: date) -> None:
        if validity_on(day, expires_on=expires) is V.LAPSED:
            assert validity_on(day + timedelta(400), expires_on=expires) is V.LAPSED

    def test_every_validity_has_its_word(self) -> None:
        assert len({one.label for one in V}) == len(V)


class TestNextReviewOn:
    @pytest.mark.parametrize(
        ("months", "expires", "expected"),
        [
            (None, None, None),
            (24, None, date(2028, 3, 2)),
            (None, date(2026, 5, 31), date(2026, 6, 1)),
            (24, date(2026, 5, 31), date(2026, 6, 1)),
            (1, date(2026, 5, 31), date(2026, 4, 2)),
            (12, date(2026, 3, 1), date(2027, 3, 2)),
            (None, date(2026, 3, 2), date(2026, 3, 3)),
        ],
    )
    def test_the_earlier_of_period_and_lapse(
        self, months: int | None, expires: date | None, expected: date | None
    ) -> None:
        assert next_review_on(DAY, months=months, expires_on=expires) == expected

    @given(DAYS, st.integers(1, 120), st.none() | DAYS)
    def test_always_lies_ahead(self, day: date, months: int, expires: date | None) -> None:
        found = next_review_on(day, months=months, expires_on=expires)
        assert found is not None
        assert day < found <= add_months(day, months)


class TestAddMonths:
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2027, 12, 31), 2, date(2028, 2, 29)),
            (date(2026, 12, 1), 1, date(2027, 1, 1)),
            (date(2026, 3, 2), 0, date(2026, 3, 2)),
        ],
    )
    def test_keeps_the_day_where_it_can(self, day: date, months: int, expected: date) -> None:
        assert add_months(day, months) == expected
