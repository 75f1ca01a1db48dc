"""The document as a whole: head, letter, parts, year, kind."""

from __future__ import annotations

import pytest

from gongkai.domain.document import from_lines
from gongkai.domain.workplans import Kind, plan_as_dict, read_plan
from gongkai.rulebook.messages import describe

BODY = "一、主动公开\n1.公布目录。（责任单位：县司法局；完成时限：9月底前）\n2.公布清单。（责任单位：县财政局）\n"


class TestTitleNumberAndDate:
    @pytest.mark.parametrize(
        ("head", "title", "doc_no", "year", "issued_on"),
        [
            ("某县2024年政务公开工作要点\n", "某县2024年政务公开工作要点", "", 2024, None),
            ("某县人民政府办公室\n关于印发《某县2024年政务公开工作\n\n方案》的通知\n某政办〔2024〕7号\n2024年3月1日\n", "某县2024年政务公开工作方案",
             "某政办〔2024〕7号", 2024, "2024-03-01"),
            ("某政办发[2023]7号\n某县政务公开工作方案\n", "某县政务公开工作方案", "某政办发〔2023〕7号", 2023, None),
            ("某县政务公开工作方案\n二〇二二年五月六日\n", "某县政务公开工作方案", "", 2022, "2022-05-06"),
            ("关于印发〈某县2024年工作要点〉的通知\n", "某县2024年工作要点", "", 2024, None),
        ],
    )  # fmt: skip
    def test_are_found_in_the_head(self, head: str, title: str, doc_no: str, year: int, issued_on: str | None) -> None:
        plan = read_plan(from_lines(head + BODY))
        assert (plan.title, plan.doc_no, plan.year) == (title, doc_no, year)
        assert (str(plan.issued_on) if plan.issued_on else None) == issued_on
        assert str(plan.tasks[0].due[0].on) == f"{year}-09-30"

    def test_take_the_date_at_the_end(self) -> None:
        plan = read_plan(from_lines("某县2024年政务公开工作要点\n" + BODY + "\n某县人民政府办公室\n2024年3月1日\n"))
        assert str(plan.issued_on) == "2024-03-01"
        assert plan.tasks[-1].text == "公布清单。"

    def test_take_the_year_from_the_name_of_the_file_last_and_say_so(self) -> None:
        plan = read_plan(from_lines("工作要点\n" + BODY, name="某县2024年工作要点.txt"))
        assert plan.year == 2024
        assert "plan.year.from_name" in [i.code for i in plan.issues]

    def test_guess_no_year(self) -> None:
        plan = read_plan(from_lines("政务公开工作要点\n" + BODY))
        assert plan.year is None
        assert "plan.year.unknown" in [i.code for i in plan.issues]
        assert plan.tasks[0].due[0].on is None

    def test_warn_of_a_limit_before_the_day_of_issue(self) -> None:
        plan = read_plan(from_lines("某县2024年政务公开工作要点\n2024年10月8日\n" + BODY))
        assert [i.code for i in plan.tasks[0].issues] == ["plan.due.before_issue"]


class TestLetter:
    def test_its_points_are_measures_and_not_tasks_of_the_plan(self) -> None:
        letter = "关于印发某县2024年工作要点的通知\n各乡镇：\n一、提高认识。各单位要高度重视。\n二、抓好落实。逐项对照推进。\n某县人民政府办公室\n2024年3月1日\n"
        plan = read_plan(from_lines(letter + "某县2024年工作要点\n" + BODY))
        assert [t.kind for t in plan.tasks] == ["guarantee", "guarantee", "task", "task"]


class TestKind:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "plan.not_a_plan.empty"),
            ("某市工作简报\n第3期\n一、做法\n一是抓培训。二是抓督查。", "plan.not_a_plan.other_kind"),
            ("某县公开情况\n一、总体情况\n全年公开信息300条。", "plan.not_a_plan.no_units"),
            ("某县2024年度报告\n一、总体情况\n全年公开信息300条。", "plan.not_a_plan.other_kind"),
            ("天气晴朗，万里无云。\n他走进了院子。", "plan.not_a_plan.no_tasks"),
            (
                "政策问答\n问：什么是要点？\n答：就是重点工作。\n1.依据。上级文件。\n2.内容。五个方面。",
                "plan.not_a_plan.other_kind",
            ),
        ],
    )
    def test_says_why_a_document_is_no_plan(self, text: str, code: str) -> None:
        plan = read_plan(from_lines(text))
        assert plan.kind is Kind.NOT_A_PLAN
        assert [i.code for i in plan.issues] == [code]
        assert plan.tasks == ()

    def test_reads_a_plan_without_any_units_and_says_so_once(self) -> None:
        plan = read_plan(from_lines("某镇2024年政务公开工作要点\n一、公布目录。按月更新。\n二、公布清单。年底前完成。"))
        assert plan.kind is Kind.PLAN_TEXT
        assert [i.code for i in plan.issues] == ["plan.units.none"]
        assert all(t.issues == () for t in plan.tasks)


class TestPlanAsDict:
    def test_has_sentences_when_it_is_given_the_messages(self) -> None:
        plan = read_plan(from_lines(""))
        assert plan_as_dict(plan)["issues"][0]["message"] == "plan.not_a_plan.empty"
        assert "不是" in plan_as_dict(plan, describe=describe)["issues"][0]["message"]
