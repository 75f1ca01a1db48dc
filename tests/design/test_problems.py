from __future__ import annotations

import pytest
from django import forms

from gongkai.design.problems import form_problems, place_words, problems
from gongkai.domain.issues import Basis, Issue, Severity, Where


class SampleForm(forms.Form):
    name = forms.CharField(label="名称")
    due_on = forms.DateField(label="时限")
    token = forms.CharField(label="凭证", widget=forms.HiddenInput)

    def clean(self) -> None:
        raise forms.ValidationError("这张表整体不对")


class TestPlaceWords:
    @pytest.mark.parametrize(
        ("where", "words"),
        [
            (None, ""),
            (Where(3, 3), "第 3 行"),
            (Where(3, 5), "第 3 至 5 行"),
            (Where(3, 3, page=2), "第 2 页 第 3 行"),
            (Where(7, 7, sheet="任务", column="C"), "工作表“任务” 第 7 行 C 列"),
        ],
    )
    def test_says_where_in_the_source(self, where: Where | None, words: str) -> None:
        assert place_words(where) == words


class TestProblems:
    def test_puts_the_gravest_first(self) -> None:
        listed = problems(
            [
                Issue("sample.notice", severity=Severity.NOTICE),
                Issue("sample.error"),
                Issue("sample.warning", severity=Severity.WARNING),
            ]
        )
        assert [problem.tone for problem in listed] == ["red", "yellow", "blue"]

    def test_links_to_the_field_and_keeps_place_and_basis(self) -> None:
        basis = (Basis("a.b", "某条"),)
        (problem,) = problems([Issue("sample.error", field="name", where=Where(2, 2), basis=basis)])
        assert problem.anchor == "id_name"
        assert problem.place == "第 2 行"
        assert problem.basis == basis

    def test_takes_plain_sentences(self) -> None:
        (problem,) = problems(["文件是空的。"])
        assert (problem.text, problem.tone) == ("文件是空的。", "red")

    def test_shows_the_code_when_a_sentence_is_missing(self) -> None:
        (problem,) = problems([Issue("no.such.code", values={"行": 3})])
        assert problem.text == "no.such.code（行=3）"


class TestFormProblems:
    def test_lists_all_errors_in_the_order_of_the_form(self) -> None:
        form = SampleForm({"due_on": "下月底"})
        assert not form.is_valid()
        listed = form_problems(form)
        assert listed[0].text == "这张表整体不对"
        assert [problem.anchor for problem in listed] == ["", "id_name", "id_due_on", ""]
        assert [problem.text.split("：")[0] for problem in listed[1:]] == ["名称", "时限", "凭证"]

    def test_is_empty_for_a_form_that_was_not_sent(self) -> None:
        assert form_problems(SampleForm()) == []
