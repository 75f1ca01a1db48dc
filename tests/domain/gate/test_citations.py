from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.gate import citations_of_withdrawn, find_citations


class TestFindCitations:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("根据青府发〔2020〕3号文件", [("青府发〔2020〕3号", False)]),
            ("按照《办法》（国办发[2019]14号）要求", [("国办发〔2019〕14号", False)]),
            ("现将《省政府通知》（赣府发〔2024〕8号）转发给你们", [("赣府发〔2024〕8号", False)]),
            ("转发《省政府通知》（赣府发〔2024〕8号）", [("赣府发〔2024〕8号", True)]),
            ("关于转发省财政厅《资金管理办法》的通知", [("《资金管理办法》", True)]),
            ("关于转发赣府发〔2024〕8号文件的通知", [("赣府发〔2024〕8号", True)]),
            ("关于印发《青溪县资金管理办法》的通知", []),
            ("根据《中华人民共和国预算法》", []),
            ("国发〔2015〕1号、国办发〔2016〕2号", [("国发〔2015〕1号", False), ("国办发〔2016〕2号", False)]),
            ("国发〔2015〕1号。国发〔2015〕1号。", [("国发〔2015〕1号", False)]),
            ("根据国发〔2015〕1号，转发国发〔2015〕1号", [("国发〔2015〕1号", True)]),
            ("本文件青府办字〔2026〕5号", []),
            ("", []),
        ],
    )
    def test_who_is_named_and_how(self, text: str, expected: list[tuple[str, bool]]) -> None:
        found = find_citations(text, own_number="青府办字〔2026〕5号")
        assert sorted((one.ref, one.forwards) for one in found) == sorted(expected)

    @given(st.text("根据转发印发《》（）〔〕2024号赣府发、。\n", max_size=60))
    def test_no_text_breaks_it_and_places_are_in_it(self, text: str) -> None:
        found = find_citations(text)
        assert len({one.ref for one in found}) == len(found)
        assert all(0 <= one.start < one.end <= len(text) for one in found)


class TestWithdrawn:
    def test_tells_which_items_cite_what_is_gone(self) -> None:
        cited = {3: ["甲", "乙"], 1: ["丙"], 2: ["乙"]}
        assert citations_of_withdrawn(cited, ["乙", "丁"]) == {2: ("乙",), 3: ("乙",)}
