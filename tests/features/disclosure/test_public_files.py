from __future__ import annotations

import pytest

from gongkai.features.disclosure.selectors.public_files import MOST_BYTES, address_name


class TestAddressName:
    @pytest.mark.parametrize("name", ["a.pdf", "补贴标准 一览表.xlsx", "没有后缀", "a.b.c.docx"])
    def test_keeps_a_name_that_is_short_enough(self, name: str) -> None:
        assert address_name(name) == name

    def test_cuts_a_long_one_between_characters_and_keeps_the_extension(self) -> None:
        name = address_name("长" * 200 + ".pdf")
        assert name.endswith("长.pdf")
        assert MOST_BYTES - 3 < len(name.encode()) <= MOST_BYTES
