"""What a letter is filled with: every value of its kind, the words of the law put in, nothing unknown."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.foi.letters import FieldKind, LetterForm, citation_text, day_words, letter_context, sample_values
from gongkai.rulebook import shipped
from gongkai.rulebook.foi import disposition_rules
from gongkai.rulebook.foi_letters import letter_rules
from gongkai.rulebook.messages import describe

ON = date(2026, 11, 20)
RULES = letter_rules(shipped(), on=ON)
GROUNDS = disposition_rules(shipped(), on=ON).grounds
DENIED = RULES.letters["L13_denied"]


def filled(form: LetterForm, **changes: object) -> tuple[dict[str, object], list[str]]:
    values = {**sample_values(form, day=ON), **changes}
    context, issues = letter_context(form, {key: value for key, value in values.items() if value is not ...})
    assert all(form.title in describe(issue) for issue in issues)
    return context, [f"{issue.code.removeprefix('foi.letter.')} {issue.field}" for issue in issues]


class TestLetterContext:
    @pytest.mark.parametrize("code", list(RULES.letters))
    def test_every_letter_takes_its_samples_and_knows_every_field(self, code: str) -> None:
        form = RULES.letters[code]
        context, issues = filled(form)
        assert issues == []
        assert set(context) == {"title", *form.known}
        assert all(context[field] for field in form.printed)

    @pytest.mark.parametrize("code", list(RULES.letters))
    def test_without_values_everything_needed_is_missed_at_once(self, code: str) -> None:
        form = RULES.letters[code]
        _, issues = letter_context(form, {})
        missed = {issue.field for issue in issues}
        assert missed == set(form.needs) | set(form.any_of[:1])

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"received_on": "2026-10-26"}, ["field_form received_on"]),
            ({"reason": 7}, ["field_form reason"]),
            ({"reason": "  "}, ["field_form reason"]),
            ({"reason": ""}, ["field_missing reason"]),
            ({"attachments": "一份"}, ["field_form attachments"]),
            ({"attachments": ["一份", ""]}, ["field_form attachments"]),
            ({"reason": "甲\x00乙"}, ["field_unprintable reason"]),
            ({"attachments": ["甲\x0b乙"]}, ["field_unprintable attachments"]),
            ({"conclusion": "不予公开"}, ["field_fixed conclusion"]),
            ({"pay_due": ON}, ["field_unknown pay_due"]),
        ],
    )
    def test_each_value_must_be_of_its_kind(self, changes: dict[str, object], told: list[str]) -> None:
        assert filled(DENIED, **changes)[1] == told

    def test_withheld_parts_have_part_reason_and_article(self) -> None:
        form = RULES.letters["L12_partial"]
        good = {"part": "附件", "reason": "个人隐私。", "article": "第十五条"}
        assert filled(form, withheld=[good])[0]["withheld"] == [{**good, "reason": "个人隐私"}]
        for bad in ({"part": "附件"}, {**good, "article": " "}, {**good, "page": "1"}, "附件"):
            assert filled(form, withheld=[good, bad])[1] == ["field_form withheld"]

    def test_of_two_ways_to_provide_one_is_enough_and_one_is_needed(self) -> None:
        form = RULES.letters["L10_granted"]
        assert filled(form, provided=...)[1] == []
        assert filled(form, provided=..., where_and_when=...)[1] == ["any_missing provided"]

    def test_the_words_of_the_law_are_put_in(self) -> None:
        context, _ = filled(DENIED, legal_basis="《条例》第十四条", you="你单位")
        assert context["conclusion"] == "根据《条例》第十四条，本机关决定对你单位申请的政府信息不予公开。"
        consult, _ = filled(RULES.letters["L06_consult_third"])
        assert "15个工作日内提出意见" in str(consult["effect"])

    def test_the_last_stop_is_set_by_the_template_but_a_quotation_is_left_alone(self) -> None:
        context, _ = filled(DENIED, reason="属于讨论记录。", request="某文件。")
        assert (context["reason"], context["request"]) == ("属于讨论记录", "某文件。")

    def test_braces_in_a_value_stay_braces(self) -> None:
        context, issues = filled(DENIED, legal_basis="{you}", reason="{0}")
        assert issues == []
        assert "根据{you}，" in str(context["conclusion"])


class TestForms:
    def test_no_form_asks_for_a_purpose(self) -> None:
        form = RULES.letters["F01_application"]
        assert not any(word in label for part in form.body for label, _ in part.rows for word in ("用途", "需要"))

    def test_letters_to_third_parties_have_no_place_for_the_applicant(self) -> None:
        for code in ("L06_consult_third", "L07_tell_third", "L08_consult_organ", "L08a_assist"):
            assert not {"application_no", "request", "name", "received_on"} & set(RULES.letters[code].known)

    def test_supplement_and_extension_are_sent_once(self) -> None:
        assert {code for code, form in RULES.letters.items() if form.once} == {"L02_supplement", "L04_extension"}

    def test_each_field_has_a_kind_and_a_name(self) -> None:
        fields = RULES.letters["L13_denied"].fields.values()
        assert all(field.label and field.kind in FieldKind for field in fields)
        assert len({field.label for field in fields}) == len(fields)


class TestCitation:
    def test_articles_stand_law_by_law_and_once(self) -> None:
        cited = [GROUNDS[code] for code in ("art16_discussion", "art16_draft", "art36_3", "archive")]
        assert citation_text(cited) == (
            "《中华人民共和国政府信息公开条例》第十六条第二款、第三十六条第三项和《中华人民共和国档案法》第十五条第二款"
        )

    def test_what_no_law_provides_for_is_named_in_words(self) -> None:
        assert citation_text([GROUNDS["withdrawn"]]) == "申请人自愿撤回申请"

    def test_days_are_written_without_zeros(self) -> None:
        assert day_words(date(2026, 1, 5)) == "2026年1月5日"
