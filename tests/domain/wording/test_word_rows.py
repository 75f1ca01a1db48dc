from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.wording import Grade
from gongkai.domain.wording.word_rows import lines_to_cells, read_word_rows, with_own_exceptions


def codes(rows: list[tuple[int, tuple[str, ...]]]) -> list[tuple[str, int]]:
    return [(i.code, i.where.line_from) for i in read_word_rows(rows)[1] if i.where]


class TestReadWordRows:
    def test_headed_table_in_any_order(self) -> None:
        rows = [
            (1, ("备注", "正词", "错词", "级别", "例外", "生效日期", "失效日期")),
            (2, ("旧称", "账号", "帐号", "l2", "帐号管理法；旧帐号", "2026年1月1日", "2026-12-31")),
        ]
        (word,), issues = read_word_rows(rows)
        assert not issues
        assert (word.wrong, word.right, word.grade, word.note) == ("帐号", "账号", Grade.L2, "旧称")
        assert word.exceptions == ("帐号管理法", "旧帐号")
        assert (word.from_on, word.until_on) == (date(2026, 1, 1), date(2026, 12, 31))

    def test_list_without_header(self) -> None:
        words, issues = read_word_rows(lines_to_cells("# 说明\n帐号 => 账号 => L2\n座落\t坐落\n\n错字\n"))
        assert not issues
        assert [(w.line, w.wrong, w.right, w.grade.value) for w in words] == [
            (2, "帐号", "账号", "L2"),
            (3, "座落", "坐落", "L3"),
            (5, "错字", "", "L3"),
        ]

    @pytest.mark.parametrize(
        ("cells", "expected"),
        [
            (("", "正词"), ["wordlists.word.empty"]),
            (("字", "词"), ["wordlists.word.length"]),
            (("长" * 61, ""), ["wordlists.word.length"]),
            (("同词", "同词"), ["wordlists.word.same"]),
            (("错词", "对词", "L9"), ["wordlists.row.grade"]),
            (("单", "对词", "严重"), ["wordlists.row.grade", "wordlists.word.length"]),
        ],
    )
    def test_every_fault_of_a_row_is_told(self, cells: tuple[str, ...], expected: list[str]) -> None:
        assert codes([(1, ("好词语", "好")), (7, cells)]) == [(code, 7) for code in expected]

    @pytest.mark.parametrize(
        ("since", "until", "expected"),
        [
            ("2026-13-01", "", "wordlists.row.date"),
            ("", "明年", "wordlists.row.date"),
            ("2026-02-01", "2026-01-01", "wordlists.row.dates"),
        ],
    )
    def test_dates(self, since: str, until: str, expected: str) -> None:
        rows = [(1, ("错词", "生效日期", "失效日期")), (2, ("错词语", since, until))]
        assert codes(rows) == [(expected, 2)]

    def test_exception_must_hold_the_word(self) -> None:
        assert codes([(1, ("错词", "例外")), (2, ("帐号", "账号管理"))]) == [("wordlists.word.exception", 2)]

    def test_second_of_two_is_told_and_left_out(self) -> None:
        words, issues = read_word_rows([(1, ("帐号", "账号")), (2, ("帐号", "帐户"))])
        assert [word.right for word in words] == ["账号"]
        assert [(i.code, i.values["first"]) for i in issues] == [("wordlists.row.twice", 1)]

    @given(st.lists(st.lists(st.text("错词正L123 、-", max_size=6), max_size=9).map(tuple), max_size=6))
    def test_every_row_is_taken_told_or_empty(self, rows: list[tuple[str, ...]]) -> None:
        words, issues = read_word_rows(enumerate(rows, 1))
        spoken = {word.line for word in words} | {i.where.line_from for i in issues if i.where}
        full = {n for n, cells in enumerate(rows, 1) if any(cell.strip() for cell in cells)}
        # One row may be the header.
        assert spoken <= full
        assert len(full - spoken) <= 1


class TestWithOwnExceptions:
    def test_right_form_that_holds_the_wrong_one_is_an_exception(self) -> None:
        assert with_own_exceptions(wrong="行政局", right="行政局机关", exceptions=["旧行政局"]) == (
            "旧行政局",
            "行政局机关",
        )
        assert with_own_exceptions(wrong="帐号", right="账号", exceptions=[]) == ()
