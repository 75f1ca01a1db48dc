"""Index numbers of every scheme: built, read back, and codes whose check digits do not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.items.index_numbers import (
    CODE_SIGNS,
    SCHEMES,
    IndexNo,
    build_index_no,
    code_issues,
    fallback_code,
    org_check_digit,
    parse_index_no,
    tidy_code,
    usc_check_digit,
)


class TestParse:
    @pytest.mark.parametrize(
        "text, scheme, code, year, number",
        [
            ("000014349/2018-00221", "state_council", "000014349", 2018, 221),
            ("11441700007280420Y/2021-00050", "usc", "11441700007280420Y", 2021, 50),
            ("01404053X/2021-00490", "org9", "01404053X", 2021, 490),
            ("B00010-0202-2020-0001", "letter_cat", "B00010", 2020, 1),
            ("　11441700007280420y／2021－00050 ", "usc", "11441700007280420Y", 2021, 50),
        ],
    )
    def test_reads_what_is_in_use(self, text: str, scheme: str, code: str, year: int, number: int) -> None:
        found = parse_index_no(text)
        assert found is not None
        assert (found.scheme, found.code, found.year, found.number) == (scheme, code, year, number)

    @pytest.mark.parametrize(
        "text", ["", "赣市府办字〔2023〕57号", "000014349/2018-221", "11441700007280420Y/21-00050", "B1-1-2-3"]
    )
    def test_anything_else_is_none(self, text: str) -> None:
        assert parse_index_no(text) is None


class TestBuild:
    @given(
        scheme=st.sampled_from(sorted(SCHEMES)),
        year=st.integers(1949, 2999),
        number=st.integers(1, 999_999),
        data=st.data(),
    )
    def test_is_read_back_as_it_was(self, scheme: str, year: int, number: int, data: st.DataObject) -> None:
        code = data.draw(st.from_regex(SCHEMES[scheme].code, fullmatch=True).filter(str.isascii))
        category = data.draw(st.sampled_from(["", "0201"])) if SCHEMES[scheme].category else ""
        built = build_index_no(scheme=scheme, code=code, year=year, number=number, category=category)
        found = parse_index_no(str(built))
        assert found is not None
        assert (found.code, found.year, found.number, found.category) == (code, year, number, built.category)
        assert str(found) == str(built)

    @given(st.lists(st.integers(1, 99_999), unique=True, min_size=2, max_size=20))
    def test_other_numbers_are_written_otherwise(self, numbers: list[int]) -> None:
        written = {str(IndexNo("usc", "11441700007280420Y", 2026, number)) for number in numbers}
        assert len(written) == len(numbers)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"scheme": "none"},
            {"code": "123"},
            {"number": 0},
            {"year": 26},
            {"scheme": "letter_cat", "code": "B00010", "category": "政务"},
        ],
    )
    def test_parts_that_do_not_fit_are_a_mistake(self, wrong: dict[str, object]) -> None:
        parts = {"scheme": "usc", "code": "11441700007280420Y", "year": 2026, "number": 1, **wrong}
        with pytest.raises(ValueError):
            build_index_no(**parts)  # type: ignore[arg-type]


class TestCodes:
    @pytest.mark.parametrize("code", ["11441700007280420Y", "91350100M000100Y43"])
    def test_check_digits_in_use_are_right(self, code: str) -> None:
        assert usc_check_digit(code[:17]) == code[-1]
        assert code_issues("usc", code) == []

    @pytest.mark.parametrize("code", ["000014349", "01404053X"])
    def test_check_digits_of_organization_codes_are_right(self, code: str) -> None:
        assert org_check_digit(code[:8]) == code[-1]

    @pytest.mark.parametrize(
        "scheme, code, issue",
        [
            ("usc", "11441700007280420X", "disclosure.index.check_digit"),
            ("usc", "1144170000728042", "disclosure.index.code_form"),
            ("usc", "I1441700007280420Y", "disclosure.index.code_form"),
            ("state_council", "000014348", "disclosure.index.check_digit"),
            ("letter_cat", "b10", "disclosure.index.code_form"),
            ("none", "B00010", "disclosure.index.scheme_unknown"),
        ],
    )
    def test_what_is_wrong_is_told(self, scheme: str, code: str, issue: str) -> None:
        assert [one.code for one in code_issues(scheme, code)] == [issue]

    @given(st.text(alphabet=CODE_SIGNS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(CODE_SIGNS))
    def test_one_wrong_sign_is_always_found(self, first: str, place: int, sign: str) -> None:
        code = first + usc_check_digit(first)
        wrong = code[:place] + sign + code[place + 1 :]
        assert (code_issues("usc", wrong) == []) == (wrong == code)

    def test_codes_are_tidied(self) -> None:
        assert tidy_code(" １１４４１７００－００７２８０４２０ｙ ") == "11441700007280420Y"

    def test_a_unit_without_a_code_gets_one_of_its_own(self) -> None:
        codes = {fallback_code(n) for n in (1, 2, 99_999, 100_000, 2_599_999)}
        assert len(codes) == 5
        assert fallback_code(7) == "U00007"
        with pytest.raises(ValueError):
            fallback_code(2_600_000)
