from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.publishing.moments import BEIJING
from gongkai.domain.search.alerts import PAUSE, Frequency, next_look

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


class TestNextLook:
    @pytest.mark.parametrize(
        ("frequency", "after", "expected"),
        [
            ("daily", "2026-03-02 07:59", "2026-03-02 08:00"),
            ("daily", "2026-03-02 08:00", "2026-03-03 08:00"),
            ("daily", "2026-03-02 23:30", "2026-03-03 08:00"),
            ("weekly", "2026-03-02 07:59", "2026-03-02 08:00"),  # a Monday
            ("weekly", "2026-03-02 08:00", "2026-03-09 08:00"),
            ("weekly", "2026-03-08 23:00", "2026-03-09 08:00"),
            ("at_once", "2026-03-02 12:00", "2026-03-02 12:00"),
        ],
    )
    def test_is_the_next_morning_or_monday(self, frequency: str, after: str, expected: str) -> None:
        assert next_look(Frequency(frequency), after=beijing(after)) == beijing(expected)

    def test_leaves_a_pause_after_a_mail_to_somebody_who_wants_to_know_at_once(self) -> None:
        now = beijing("2026-03-02 12:00")
        assert next_look(Frequency.AT_ONCE, after=now, told=True) == now + PAUSE

    @given(after=MOMENTS)
    def test_of_every_day_lies_within_a_day_and_of_every_week_within_seven(self, after: datetime) -> None:
        assert timedelta(0) < next_look(Frequency.DAILY, after=after) - after <= timedelta(days=1)
        weekly = next_look(Frequency.WEEKLY, after=after)
        assert timedelta(0) < weekly - after <= timedelta(days=7)
        assert weekly.astimezone(BEIJING).weekday() == 0


class TestWords:
    @pytest.mark.parametrize("frequency", list(Frequency), ids=lambda one: one.value)
    def test_say_how_often_and_when(self, frequency: Frequency) -> None:
        assert frequency.label
        assert frequency.hint
