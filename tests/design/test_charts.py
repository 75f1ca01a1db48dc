from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.design.charts import BarChart, Row, Series, ShareChart, lay_out

RED, GREEN, BLUE = Series("逾期", "red"), Series("正常", "green"), Series("已销号", "blue")
COUNTS = st.lists(st.integers(min_value=0, max_value=100_000), min_size=3, max_size=3)


class TestSeries:
    def test_refuses_a_tone_without_a_colour(self) -> None:
        with pytest.raises(ValueError, match="pink"):
            Series("逾期", "pink")


class TestLayOut:
    def test_divides_the_bar_by_value(self) -> None:
        red, green, blue = lay_out((RED, GREEN, BLUE), (10, 30, 60))
        assert [(part.start, part.width, part.percent) for part in (red, green, blue)] == [
            (0, 10, 10),
            (10, 30, 30),
            (40, 60, 60),
        ]

    def test_draws_nothing_for_nothing(self) -> None:
        assert [part.width for part in lay_out((RED, GREEN), (0, 0))] == [0, 0]

    def test_keeps_a_single_case_visible_among_thousands(self) -> None:
        red, green = lay_out((RED, GREEN), (1, 100_000))
        assert red.width > 1
        assert red.percent == 0.0
        assert green.value == 100_000

    def test_stops_short_when_the_whole_is_larger(self) -> None:
        (red,) = lay_out((RED,), (5,), whole=20)
        assert red.width == 25

    def test_refuses_a_negative_count(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            lay_out((RED,), (-1,))

    @given(COUNTS)
    def test_fills_the_bar_without_gap_or_overlap(self, values: list[int]) -> None:
        parts = lay_out((RED, GREEN, BLUE), values)
        reached = 0.0
        for part in parts:
            assert part.start == pytest.approx(reached, abs=0.01)
            assert (part.width > 0) == (part.value > 0)
            reached += part.width
        assert reached == pytest.approx(100 if sum(values) else 0, abs=0.01)


class TestBarChart:
    def test_makes_every_bar_full_unless_scaled(self) -> None:
        rows = (Row("甲", (1, 1, 0)), Row("乙", (2, 4, 2)))
        full = BarChart("各单位", (RED, GREEN, BLUE), rows).drawn
        scaled = BarChart("各单位", (RED, GREEN, BLUE), rows, scaled=True).drawn
        assert [sum(part.width for part in row.segments) for row in full] == pytest.approx([100, 100])
        assert [sum(part.width for part in row.segments) for row in scaled] == pytest.approx([25, 100])

    def test_adds_up_rows_and_columns(self) -> None:
        chart = BarChart("各单位", (RED, GREEN), (Row("甲", (1, 2)), Row("乙", (3, 4))))
        assert chart.totals == (4, 6)
        assert chart.total == 10
        assert [row.total for row in chart.drawn] == [3, 7]

    def test_refuses_a_row_of_another_length(self) -> None:
        with pytest.raises(ValueError, match="甲"):
            BarChart("各单位", (RED, GREEN), (Row("甲", (1,)),))

    def test_stands_without_any_row(self) -> None:
        chart = BarChart("各单位", (RED, GREEN), ())
        assert chart.drawn == ()
        assert chart.totals == (0, 0)


class TestShareChart:
    def test_says_itself_in_words(self) -> None:
        chart = ShareChart("全市任务", ((RED, 2), (GREEN, 8)))
        assert chart.spoken == "全市任务：逾期2项，正常8项"
        assert chart.total == 10
        assert [part.percent for part in chart.segments] == [20.0, 80.0]
