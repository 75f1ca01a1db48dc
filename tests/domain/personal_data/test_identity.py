from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.personal_data import birth_date, check_digit, is_identity_number
from gongkai.domain.personal_data.identity import PROVINCES, is_plausible
from tests.domain.personal_data.numbers import identity_numbers


class TestCheckDigit:
    @pytest.mark.parametrize(
        ("body", "digit"),
        [("11010519491231002", "X"), ("36070219900101123", "2"), ("44052418800101001", "4")],
    )
    def test_follows_the_weights_of_the_standard(self, body: str, digit: str) -> None:
        assert check_digit(body) == digit

    @pytest.mark.parametrize("body", ["", "123", "1101051949123100X", "110105194912310021"])
    def test_refuses_anything_but_seventeen_digits(self, body: str) -> None:
        with pytest.raises(ValueError, match="seventeen"):
            check_digit(body)


class TestIdentityNumber:
    @pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x", "440524188001010014"])
    def test_right_numbers(self, number: str) -> None:
        assert is_identity_number(number)

    @pytest.mark.parametrize(
        ("number", "why"),
        [
            ("110105194912310021", "check digit"),
            ("990105194912310029", "no such province"),
            ("110105194902300025", "no such day"),
            ("110105179912310023", "too early"),
            ("11010519491231002", "too short"),
            ("110105 194912310X", "a blank"),
            ("１１０１０５１９４９１２３１００２X", "full width"),
        ],
    )
    def test_wrong_numbers(self, number: str, why: str) -> None:
        assert not is_identity_number(number), why

    @given(identity_numbers())
    def test_every_number_made_by_the_standard_is_right(self, number: str) -> None:
        assert is_identity_number(number)
        assert number[:2] in PROVINCES

    @given(identity_numbers(), st.integers(0, 16), st.integers(1, 9))
    def test_one_wrong_digit_is_noticed(self, number: str, at: int, by: int) -> None:
        digit = str((int(number[at]) + by) % 10)
        assert not is_identity_number(number[:at] + digit + number[at + 1 :])


class TestBirthDate:
    @pytest.mark.parametrize(
        ("number", "day"),
        [
            ("11010519491231002X", date(1949, 12, 31)),
            ("360702900229123", None),
            ("360702920229123", date(1992, 2, 29)),
            ("36070219900231123X", None),
        ],
    )
    def test_reads_both_lengths(self, number: str, day: date | None) -> None:
        assert birth_date(number) == day

    def test_fifteen_digits_need_a_prefecture(self) -> None:
        assert is_plausible("360702900101123")
        assert not is_plausible("367702900101123")
