"""Periods of recurring duties, and the roll-up of split items."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.ledger import (
    PERIOD_NAMES,
    Node,
    Period,
    Progress,
    Span,
    State,
    Tally,
    roll_up,
    span_of,
    spans_begun,
)

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


class TestSpanOf:
    @pytest.mark.parametrize(
        ("day", "period", "first", "last", "label"),
        [
            (date(2026, 2, 10), Period.MONTH, date(2026, 2, 1), date(2026, 2, 28), "2026年2月"),
            (date(2024, 2, 29), Period.MONTH, date(2024, 2, 1), date(2024, 2, 29), "2024年2月"),
            (date(2026, 12, 31), Period.MONTH, date(2026, 12, 1), date(2026, 12, 31), "2026年12月"),
            (date(2026, 4, 1), Period.TWO_MONTHS, date(2026, 3, 1), date(2026, 4, 30), "2026年3至4月"),
            (date(2026, 9, 30), Period.QUARTER, date(2026, 7, 1), date(2026, 9, 30), "2026年第3季度"),
            (date(2026, 12, 1), Period.QUARTER, date(2026, 10, 1), date(2026, 12, 31), "2026年第4季度"),
            (date(2026, 6, 30), Period.HALF_YEAR, date(2026, 1, 1), date(2026, 6, 30), "2026年上半年"),
            (date(2026, 7, 1), Period.HALF_YEAR, date(2026, 7, 1), date(2026, 12, 31), "2026年下半年"),
            (date(2026, 7, 1), Period.YEAR, date(2026, 1, 1), date(2026, 12, 31), "2026年"),
            (date(2026, 1, 1), Period.WEEK, date(2025, 12, 29), date(2026, 1, 4), "2026年第1周"),
        ],
    )
    def test_period_of_a_day(self, day: date, period: Period, first: date, last: date, label: str) -> None:
        assert span_of(day, period) == Span(first, last)
        assert span_of(day, period).label == label

    @given(day=DAYS, period=st.sampled_from(Period))
    def test_spans_hold_their_day_and_follow_each_other_without_a_gap(self, day: date, period: Period) -> None:
        span = span_of(day, period)
        assert span.from_on <= day <= span.to_on
        assert span_of(span.from_on, period) == span == span_of(span.to_on, period)
        assert span_of(span.to_on + timedelta(days=1), period).from_on == span.to_on + timedelta(days=1)

    def test_every_period_has_a_name(self) -> None:
        assert set(PERIOD_NAMES) == set(Period)


class TestSpansBegun:
    def test_first_period_counts_and_none_begins_after_the_end(self) -> None:
        spans = spans_begun(
            Period.MONTH, starts_on=date(2026, 3, 15), ends_on=date(2026, 5, 20), today=date(2026, 12, 1)
        )
        assert [span.label for span in spans] == ["2026年3月", "2026年4月", "2026年5月"]

    def test_nothing_has_begun_before_the_start(self) -> None:
        assert spans_begun(Period.YEAR, starts_on=date(2026, 7, 1), ends_on=None, today=date(2026, 6, 30)) == ()

    @given(start=DAYS, days=st.integers(0, 900), more=st.integers(0, 400), period=st.sampled_from(Period))
    def test_coming_later_only_adds(self, start: date, days: int, more: int, period: Period) -> None:
        day = start + timedelta(days=days)
        early = spans_begun(period, starts_on=start, ends_on=None, today=day)
        late = spans_begun(period, starts_on=start, ends_on=None, today=day + timedelta(days=more))
        assert late[: len(early)] == early


class TestTally:
    @pytest.mark.parametrize(
        ("required", "counted", "kept", "missing"), [(2, 0, False, 2), (2, 2, True, 0), (1, 5, True, 0)]
    )
    def test_counts(self, required: int, counted: int, kept: bool, missing: int) -> None:
        tally = Tally(required, counted)
        assert (tally.kept, tally.missing) == (kept, missing)


class TestRollUp:
    def test_parent_is_the_mean_of_its_children_over_levels(self) -> None:
        nodes = [
            Node(1, None, State.IN_PROGRESS, 90),
            Node(2, 1, State.CLOSED),
            Node(3, 1, State.IN_PROGRESS, 10),
            Node(4, 3, State.IN_PROGRESS, 50),
            Node(5, 3, State.ASSIGNED),
            Node(6, 1, State.CANCELED, 100),
        ]
        progress = roll_up(nodes)
        assert progress[3] == Progress(25, 2, 0)
        assert progress[1] == Progress(62, 2, 1)

    def test_unfinished_item_never_shows_a_hundred(self) -> None:
        assert roll_up([Node(1, None, State.SUBMITTED, 100)])[1].percent == 99

    def test_item_whose_parts_are_all_canceled_counts_for_itself(self) -> None:
        progress = roll_up([Node(1, None, State.IN_PROGRESS, 40), Node(2, 1, State.CANCELED)])
        assert progress[1] == Progress(40, 0, 0)

    def test_part_alone_is_read_without_its_parent(self) -> None:
        assert roll_up([Node(2, 1, State.ACCEPTED)])[2].percent == 100

    @given(st.lists(st.tuples(st.sampled_from(State), st.integers(0, 100)), min_size=1, max_size=12))
    def test_progress_stays_between_0_and_100(self, children: list[tuple[State, int]]) -> None:
        nodes = [Node(0, None, State.ASSIGNED)]
        nodes += [Node(n, 0, state, percent) for n, (state, percent) in enumerate(children, 1)]
        progress = roll_up(nodes)
        assert all(0 <= p.percent <= 100 for p in progress.values())
        live = [state for state, _ in children if state is not State.CANCELED]
        if live and all(state in (State.ACCEPTED, State.CLOSED) for state in live):
            assert progress[0].percent == 100
