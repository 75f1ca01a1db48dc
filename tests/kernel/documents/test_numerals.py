"""Ordinals of automatic lists."""

from __future__ import annotations

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.kernel.documents.numerals import chinese, ordinal


class TestOrdinal:
    @pytest.mark.parametrize(
        ("form", "number", "expected"),
        [
            ("decimal", 12, "12"),
            ("decimalZero", 7, "07"),
            ("chineseCounting", 10, "十"),
            ("chineseCounting", 21, "二十一"),
            ("chineseCountingThousand", 105, "一百零五"),
            ("chineseCountingThousand", 110, "一百一十"),
            ("chineseLegalSimplified", 12, "壹拾贰"),
            ("ideographTraditional", 3, "丙"),
            ("ideographTraditional", 11, "11"),
            ("decimalEnclosedCircleChinese", 10, "⑩"),
            ("decimalEnclosedCircle", 21, "㉑"),
            ("decimalEnclosedFullstop", 2, "⒉"),
            ("decimalEnclosedParen", 2, "⑵"),
            ("ideographEnclosedCircle", 2, "㊁"),
            ("decimalFullWidth", 12, "１２"),
            ("upperLetter", 28, "BB"),
            ("lowerRoman", 14, "xiv"),
            ("upperRoman", 0, "0"),
            ("none", 1, ""),
            ("aFormatOfTomorrow", 4, "4"),
        ],
    )
    def test_writes_the_format(self, form, number, expected):
        assert ordinal(number, form) == expected

    @given(st.integers(1, 99_999_999))
    def test_chinese_words_read_back_as_the_number(self, number):
        assert cn2an.cn2an(chinese(number), "smart") == number
