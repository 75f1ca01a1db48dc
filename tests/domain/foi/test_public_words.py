"""What must not stand in a text that the public reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.foi.public_words import check_public_words, standing
from gongkai.rulebook.messages import describe

LABELS = {"title": "标题", "asked": "申请了什么"}
HIDDEN = {"姓名": "诸葛守密", "证件号码": "36072119880706987X", "联系电话": "13877665544", "登记编号": "2026-0001"}
ASKED = "想看守密水库2024年验收时专家组写的全部意见，越详细越好。"


def codes(text: str, field: str = "asked", original: str = ASKED) -> list[str]:
    return [one.code for one in check_public_words({field: text}, labels=LABELS, hidden=HIDDEN, original=original)]


class TestCheckPublicWords:
    def test_lets_the_own_words_of_an_office_pass(self) -> None:
        assert codes("申请公开水库验收结论。") == []

    @pytest.mark.parametrize(
        "text",
        [
            "答复诸葛守密。",
            "诸 葛 守 密",
            "诸·葛·守·密先生",
            "证件３６０７２１１９８８０７０６９８７ｘ",
            "电话138-7766-5544",
            "见2026-0001号",
            "见2026－0001号",
        ],
    )
    def test_finds_the_applicant_however_it_is_set(self, text: str) -> None:
        assert codes(text) == ["foi.log.hidden"]

    def test_refuses_the_applicants_own_text(self) -> None:
        assert codes(ASKED) == ["foi.log.copied"]
        assert codes(ASKED.replace("，", " , ")) == ["foi.log.copied"]

    def test_lets_a_short_name_of_a_document_stand(self) -> None:
        assert codes("环评批复", original="环评批复") == []

    def test_tells_everything_at_once_and_no_value(self) -> None:
        found = check_public_words(
            {"title": "诸葛守密" * 60, "asked": " "}, labels=LABELS, hidden=HIDDEN, original=ASKED
        )
        assert [one.code for one in found] == ["foi.log.too_long", "foi.log.hidden", "foi.log.empty"]
        assert not any("诸葛" in describe(one) for one in found)

    @given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(sorted(HIDDEN)))
    def test_no_surroundings_hide_a_datum(self, before: str, after: str, what: str) -> None:
        assert what in standing(f"{before}{HIDDEN[what]}{after}", HIDDEN)
