"""Small numbers are told only together, and cannot be found by taking the told ones from the whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.foi.small_numbers import FEWEST, told_parts

PARTS = st.lists(st.one_of(st.integers(0, 12), st.integers(0, 5000)), min_size=1, max_size=8)


class TestToldParts:
    @pytest.mark.parametrize(
        ("parts", "told", "together"),
        [
            ([20, 30, 0], (20, 30, 0), 0),
            ([20, 3, 4, 0], (20, None, None, 0), 7),
            ([20, 30, 2], (None, 30, None), 22),
            ([20, 1, 1], (None, None, None), 22),
            ([40, 20, 1, 1], (40, None, None, None), 22),
            ([3, 0, 0], (None, None, None), 3),
            ([2, 2], (None, None), 4),
            ([0, 0], (0, 0), 0),
            ([5, 5], (5, 5), 0),
            ([100, 4], (None, None), 104),
        ],
    )
    def test_tells_what_points_at_nobody(self, parts: list[int], told: tuple[int | None, ...], together: int) -> None:
        found = told_parts(parts)
        assert (found.parts, found.together) == (told, together)

    @given(PARTS)
    def test_adds_up_to_the_whole(self, parts: list[int]) -> None:
        found = told_parts(parts)
        assert sum(part or 0 for part in found.parts) + found.together == sum(parts)

    @given(PARTS)
    def test_tells_no_small_part(self, parts: list[int]) -> None:
        assert all(part is None or part == 0 or part >= FEWEST for part in told_parts(parts).parts)

    @given(PARTS)
    def test_what_is_told_together_is_never_one_part_nor_small(self, parts: list[int]) -> None:
        found = told_parts(parts)
        hidden = [part for part, told in zip(parts, found.parts, strict=True) if told is None and part]
        if len(parts) > 1 and hidden and sum(parts) >= FEWEST and len([part for part in parts if part]) > 1:
            assert len(hidden) > 1 and found.together >= FEWEST
