from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.personal_data import is_card_number, passes_luhn
from tests.domain.personal_data.numbers import card


class TestLuhn:
    @pytest.mark.parametrize("number", ["79927398713", "4111111111111111", "0"])
    def test_right(self, number: str) -> None:
        assert passes_luhn(number)

    @pytest.mark.parametrize("number", ["79927398710", "4111111111111112", "", "41111x", "４１１１"])
    def test_wrong(self, number: str) -> None:
        assert not passes_luhn(number)

    @given(st.text("0123456789", min_size=5, max_size=18), st.integers(0, 17), st.integers(1, 9))
    def test_one_wrong_digit_is_noticed(self, body: str, at: int, by: int) -> None:
        number = card(body)
        at %= len(number)
        assert not passes_luhn(number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :])


class TestCardNumber:
    @pytest.mark.parametrize("body", ["622202123456789012", "62178500000000000", "621785000000000", "411111111111111"])
    def test_beginnings_that_need_no_word(self, body: str) -> None:
        assert is_card_number(card(body), labelled=False)

    @pytest.mark.parametrize("body", ["222100000000000", "37828224631000", "353011133330000", "103123456789012345"])
    def test_beginnings_that_need_a_word_nearby(self, body: str) -> None:
        assert not is_card_number(card(body), labelled=False)
        assert is_card_number(card(body), labelled=True)

    @pytest.mark.parametrize("body", ["12345678901234567", "62178", "621785000000000000000"])
    def test_other_numbers(self, body: str) -> None:
        assert not is_card_number(card(body), labelled=True)
