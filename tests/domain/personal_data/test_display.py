"""What of a sealed value everybody may see who sees its row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.personal_data.display import Shown, displayed


class TestDisplayed:
    @pytest.mark.parametrize(
        ("text", "shown", "seen"),
        [
            ("张三", Shown.NAME, "张**"),
            ("买买提·艾力", Shown.NAME, "买**"),
            ("张", Shown.NAME, "**"),
            ("13812345678", Shown.PHONE, "138****5678"),
            ("12345", Shown.PHONE, "1***5"),
            ("110101199003074477", Shown.ID_NUMBER, "110*************77"),
            ("zhang.san@example.cn", Shown.EMAIL, "z****@example.cn"),
            ("z@example.cn", Shown.EMAIL, "****@example.cn"),
            ("nonsense", Shown.EMAIL, "****"),
            ("@example.cn", Shown.EMAIL, "****"),
            ("青麓省青麓市东城区人民路18号3幢201室", Shown.ADDRESS, "青麓省青麓市****"),
            ("人民路18号", Shown.ADDRESS, "****"),
            ("什么都有", Shown.NOTHING, "****"),
            ("", Shown.NAME, ""),
            ("  ", Shown.NOTHING, ""),
        ],
    )
    def test_leaves_what_may_be_seen(self, text: str, shown: Shown, seen: str) -> None:
        assert displayed(text, shown) == seen

    @given(text=st.text("甲乙丙丁戊己庚辛ABC0123456789", min_size=1, max_size=40), shown=st.sampled_from(Shown))
    def test_never_shows_the_whole(self, text: str, shown: Shown) -> None:
        assert text not in displayed(text, shown)
