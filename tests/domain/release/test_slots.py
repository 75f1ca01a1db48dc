from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.release import (
    PAGE,
    SHARD,
    Slots,
    index_numbers,
    index_pages,
    numbers_of,
    page_of,
    pages_in,
    shard_numbers,
    sitemap_shard_of,
)
from gongkai.domain.release.lists import column_of, lists_of, unit_of


class TestNumbers:
    @given(st.integers(1, 10**7))
    def test_a_number_stands_on_the_page_that_holds_it(self, number: int) -> None:
        assert number in numbers_of(page_of(number))
        assert number in shard_numbers(sitemap_shard_of(number))
        assert len(numbers_of(page_of(number))) == PAGE
        assert len(shard_numbers(sitemap_shard_of(number))) == SHARD

    @given(st.integers(0, 10**6))
    def test_the_first_page_shows_the_newest_two_pages_without_a_hole(self, count: int) -> None:
        shown = index_numbers(count)
        assert len(shown) <= 2 * PAGE
        assert len(shown) >= min(count, PAGE + 1)
        older = index_pages(count).start - 1
        assert shown.start == (numbers_of(older).stop if older > 0 else 1)

    @pytest.mark.parametrize(("count", "pages"), [(0, 0), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
    def test_counts_pages(self, count: int, pages: int) -> None:
        assert pages_in(count) == pages


class TestSlots:
    def test_an_item_keeps_its_number_through_leaving_and_coming_back(self) -> None:
        slots = Slots()
        assert [slots.enter(item) for item in (7, 8, 9)] == [1, 2, 3]
        slots.leave(8)
        assert slots.enter(10) == 4
        assert slots.at(range(1, 5)) == [10, 9, 7]
        assert slots.enter(8) == 2
        assert slots.at(range(1, 5)) == [10, 9, 8, 7]

    def test_leaving_what_was_never_entered_changes_nothing(self) -> None:
        slots = Slots()
        slots.leave(1)
        assert (slots.count, slots.shown) == (0, set())


class TestListsOf:
    PARENTS = {"C": None, "C-1": "C", "C-1-1": "C-1", "D": None, "loop": "loop"}

    def test_names_the_columns_above_as_well(self) -> None:
        found = lists_of(columns=["C-1-1"], unit_id=3, parents=self.PARENTS)
        assert found == {"all", "unit:3", "column:C-1-1", "column:C-1", "column:C"}

    def test_leaves_out_a_column_that_is_closed(self) -> None:
        assert lists_of(columns=["gone"], unit_id=3, parents=self.PARENTS) == {"all", "unit:3"}

    def test_comes_to_an_end_where_the_directory_holds_a_circle(self) -> None:
        assert "column:loop" in lists_of(columns=["loop"], unit_id=3, parents=self.PARENTS)

    def test_keys_tell_what_they_are_of(self) -> None:
        assert (column_of("column:C-1"), column_of("unit:3"), unit_of("unit:3"), unit_of("all")) == ("C-1", "", 3, None)
