from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.personal_data import Mask, masked


class TestMasked:
    @pytest.mark.parametrize(
        ("text", "mask", "shown"),
        [
            ("11010519491231002X", Mask(3, 2), "110*************2X"),
            ("13812345678", Mask(3, 4), "138****5678"),
            ("138-1234-5678", Mask(3, 4), "138-****-5678"),
            ("6222 0212 3456 7890", Mask(0, 4), "**** **** **** 7890"),
            ("E1234", Mask(3, 2), "E***4"),
            ("某村", Mask(6, 0), "**"),
            ("", Mask(3, 2), ""),
        ],
    )
    def test_keeps_the_ends(self, text: str, mask: Mask, shown: str) -> None:
        assert masked(text, mask) == shown

    @given(st.text(max_size=40), st.integers(0, 9), st.integers(0, 9))
    def test_keeps_the_length_and_hides_at_least_half_of_short_texts(self, text: str, head: int, tail: int) -> None:
        shown = masked(text, Mask(head, tail))
        signs = sum(sign.isalnum() for sign in text)
        assert len(shown) == len(text)
        assert shown.count("*") - text.count("*") >= min(4, -(-signs // 2))
