from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.personal_data import find_personal_data
from gongkai.domain.redaction import plan_redaction
from gongkai.kernel.content import shipped_rules
from tests.domain.personal_data.numbers import identity_numbers

ID = "11010519491231002X"
RULES = shipped_rules().personal


class TestPlanRedaction:
    def test_masks_by_the_rules_and_keeps_the_rest(self) -> None:
        text = f"张某，身份证号{ID}，电话13812345678。"
        plan = plan_redaction(text, find_personal_data(text, RULES))
        assert plan.text == "张某，身份证号110*************2X，电话138****5678。"
        assert [span.rule for span in plan.spans] == ["P-ID18", "P-MOB"]

    def test_what_is_to_be_left_is_left(self) -> None:
        text = f"身份证号{ID}，电话13812345678。"
        plan = plan_redaction(text, find_personal_data(text, RULES), leave=frozenset({"content.person.mobile"}))
        assert "13812345678" in plan.text
        assert ID not in plan.text

    def test_finding_of_an_older_text_masks_nothing(self) -> None:
        text = f"身份证号{ID}。"
        found = find_personal_data(text, RULES)
        newer = "已删去的内容在此，请勿公开个人信息。"
        assert plan_redaction(newer, found).is_empty
        assert plan_redaction(newer, found).text == newer

    @pytest.mark.parametrize("code", ["content.wording", "content.person.health_column"])
    def test_what_is_no_datum_of_the_text_is_left(self, code: str) -> None:
        text = f"身份证号{ID}。"
        found = [replace(one, code=code) for one in find_personal_data(text, RULES)]
        assert plan_redaction(text, found).text == text

    @given(
        st.lists(
            st.sampled_from(["张某，", "13812345678", "卡号", "\n", "家住青溪县东湾镇东湾村三组8号，"]), max_size=8
        ),
        identity_numbers(),
    )
    def test_nothing_personal_is_found_afterwards(self, parts: list[str], number: str) -> None:
        text = "，".join([*parts, number])
        plan = plan_redaction(text, find_personal_data(text, RULES))
        assert len(plan.text) == len(text)
        assert number not in plan.text
        assert all(a.end <= b.start for a, b in zip(plan.spans, plan.spans[1:], strict=False))
        again = find_personal_data(plan.text, RULES)
        assert [one.code for one in again if one.code != "content.person.address"] == []
