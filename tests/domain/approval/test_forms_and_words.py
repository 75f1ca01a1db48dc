"""Forms line by line, progress, lights, and a route told in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gongkai.domain.approval import (
    Form,
    Light,
    Question,
    StepState,
    Verdict,
    due_light,
    form_issues,
    form_rows,
    progress,
    separation_sentences,
    stages,
    when_needed,
    who_signs,
)
from tests.domain.approval.routes import CLEAN, EDITED, FORM, READ, ROUTE, signed

TODAY = date(2026, 3, 2)


class TestQuestion:
    def test_keeps_the_order_of_its_options_where_json_does_not(self) -> None:
        question = Question("power", "是否合法", {"lawful": "合法", "no": "超越权限"})
        stored = question.as_data()
        stored["options"] = {"no": "超越权限", "lawful": "合法"}
        assert list(Question.from_data(stored).options) == ["lawful", "no"]

    def test_reads_one_without_an_order(self) -> None:
        stored = {"code": "power", "text": "是否合法", "options": {"no": "否", "yes": "是"}}
        assert list(Question.from_data(stored).options) == ["no", "yes"]


class TestForm:
    @pytest.mark.parametrize(
        ("answers", "verdict", "codes"),
        [
            (CLEAN, Verdict.SIGN, []),
            ({}, Verdict.SIGN, ["missing", "missing"]),
            ({}, Verdict.RETURN, []),
            ({**CLEAN, "secret": "  "}, Verdict.SIGN, ["missing"]),
            ({**CLEAN, "secret": "yes"}, Verdict.SIGN, ["stops"]),
            ({**CLEAN, "secret": "yes"}, Verdict.RETURN, []),
            ({**CLEAN, "secret": "perhaps"}, Verdict.RETURN, ["choice"]),
            ({**CLEAN, "handled": "done"}, Verdict.SIGN, ["note"]),
            ({**CLEAN, "handled": "done", "handled_note": "已隐去姓名"}, Verdict.SIGN, []),
        ],
    )
    def test_tells_what_is_wrong(self, answers: dict[str, str], verdict: Verdict, codes: list[str]) -> None:
        found = [issue.code.removeprefix("approvals.form.") for issue in form_issues(FORM, answers, verdict)]
        assert found == codes

    def test_reads_in_words(self) -> None:
        rows = form_rows(FORM, {"secret": "no", "handled": "done", "handled_note": "已隐去姓名"})
        assert [(row.question, row.answer, row.note) for row in rows] == [
            ("是否涉密", "不涉及", ""),
            ("是否已处理", "已处理", "已隐去姓名"),
            ("其他说明", "", ""),
        ]

    def test_data_gives_the_same_form_back(self) -> None:
        assert Form.from_data(FORM.as_data()) == FORM


class TestProgress:
    def states(self, *signatures: object) -> dict[str, str]:
        return {row.step.code: row.state.value for row in progress(ROUTE, signatures, READ)}  # type: ignore[arg-type]

    def test_shows_done_open_and_waiting(self) -> None:
        assert self.states(signed("first_review")) == {
            "first_review": "done",
            "first_proof": "open",
            "second_proof": "waiting",
            "confidentiality_review": "waiting",
            "final_review": "waiting",
        }

    def test_shows_a_return_and_what_it_voided(self) -> None:
        found = self.states(signed("first_review"), signed("first_proof", verdict=Verdict.RETURN))
        assert (found["first_review"], found["first_proof"]) == (StepState.VOIDED, StepState.RETURNED)

    def test_shows_signatures_on_another_text_as_void(self) -> None:
        assert self.states(signed("first_review", digest=EDITED))["first_review"] == StepState.VOIDED


class TestDueLight:
    @pytest.mark.parametrize(
        ("due_on", "light", "words"),
        [
            (None, Light.GREY, "未定期限"),
            (date(2026, 3, 1), Light.RED, "逾期1天"),
            (date(2026, 3, 2), Light.YELLOW, "今天到期"),
            (date(2026, 3, 3), Light.YELLOW, "还有1天"),
            (date(2026, 3, 9), Light.GREEN, "还有7天"),
        ],
    )
    def test_turns_with_the_days(self, due_on: date | None, light: Light, words: str) -> None:
        warn_from = TODAY if due_on and due_on.day < 5 else None
        found = due_light(due_on, today=TODAY, warn_from=warn_from)
        assert (found.light, found.words) == (light, words)

    def test_counts_in_working_days_where_it_is_told_them(self) -> None:
        found = due_light(date(2026, 3, 9), today=TODAY, warn_from=None, working_days=5)
        assert (found.light, found.words) == (Light.GREEN, "还有5个工作日")


class TestWords:
    def test_groups_what_runs_side_by_side(self) -> None:
        assert [[step.code for step in stage.steps] for stage in stages(ROUTE)] == [
            ["first_review", "first_proof"],
            ["second_proof", "confidentiality_review", "legality_review"],
            ["final_review"],
        ]

    def test_says_who_must_differ(self) -> None:
        assert separation_sentences(ROUTE) == (
            "拟稿人和所有修改过内容的人，不能办理：初审、一校、二校、保密审查、合法性审查、终审。",
            "初审、终审必须由2个不同的人办理。",
            "一校、二校必须由2个不同的人办理。",
        )

    def test_says_nothing_where_nobody_must_differ(self) -> None:
        free = replace(ROUTE, steps=tuple(replace(step, separate_from=()) for step in ROUTE.steps))
        assert separation_sentences(free) == ()

    def test_says_who_signs_and_when(self) -> None:
        legality = ROUTE.step("legality_review")
        assert legality is not None
        assert who_signs(legality, {"legality_reviewer": "法制审核"}) == "本单位或上级单位的法制审核岗位"
        assert when_needed(legality) == "需要合法性审查"
