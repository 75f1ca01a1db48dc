from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.site.freshness import FRESHNESS_NAMES, Freshness, freshness_on, next_due

LAST = date(2026, 1, 1)


class TestFreshness:
    @pytest.mark.parametrize(
        ("days", "after", "light"),
        [
            (10, 0, Freshness.FRESH),
            (10, 8, Freshness.FRESH),
            (10, 9, Freshness.NEAR),
            (10, 10, Freshness.NEAR),
            (10, 11, Freshness.LATE),
            (1, 0, Freshness.FRESH),
            (1, 1, Freshness.NEAR),
            (1, 2, Freshness.LATE),
            (None, 5000, Freshness.UNSAID),
        ],
    )
    def test_follows_the_cycle(self, days: int | None, after: int, light: Freshness) -> None:
        assert freshness_on(LAST + timedelta(days=after), last=LAST, update_days=days) is light

    @pytest.mark.parametrize("days", [None, 30])
    def test_is_empty_without_anything(self, days: int | None) -> None:
        assert freshness_on(LAST, last=None, update_days=days) is Freshness.EMPTY
        assert next_due(last=None, update_days=days) is None

    @given(st.integers(1, 3660), st.integers(0, 8000))
    def test_is_late_exactly_after_its_last_day(self, days: int, after: int) -> None:
        on = LAST + timedelta(days=after)
        due = next_due(last=LAST, update_days=days)
        assert due is not None
        assert (freshness_on(on, last=LAST, update_days=days) is Freshness.LATE) == (on > due)

    def test_has_a_word_for_each(self) -> None:
        assert set(FRESHNESS_NAMES) == set(Freshness)
