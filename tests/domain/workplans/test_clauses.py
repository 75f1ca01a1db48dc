from __future__ import annotations

import pytest

from gongkai.domain.workplans.brackets import find_brackets, open_depth
from gongkai.domain.workplans.clauses import segments
from gongkai.domain.workplans.numbering import read_mark


class TestReadMark:
    @pytest.mark.parametrize(
        ("text", "style", "number"),
        [
            ("一、工作目标", "cn", 1),
            ("十二、其他", "cn", 12),
            ("（二）强化", "cn_paren", 2),
            ("(十五) 狠抓", "cn_paren", 15),
            ("1.强化", "arab", 1),
            ("１２．强化", "arab", 12),
            ("3、强化", "arab", 3),
            ("（3）强化", "arab_paren", 3),
            ("4）强化", "arab_half", 4),
            ("②强化", "circled", 2),
            ("2.3 强化", "dotted", 3),
            ("第三条 强化", "article", 3),
            ("第二部分 重点", "chapter", 2),
            ("任务一：编制", "task", 1),
            ("　　（一）强化", "cn_paren", 1),
        ],
    )
    def test_reads_the_number_of_a_line(self, text: str, style: str, number: int) -> None:
        mark = read_mark(text)
        assert mark is not None
        assert (mark.style, mark.number) == (style, number)

    @pytest.mark.parametrize(
        "text",
        ["2023年9月底前", "12345热线", "110、119、120等", "1.5万元", "5个工作日", "一是统筹", "（市委网信办）", ""],
    )
    def test_takes_no_quantity_for_a_number(self, text: str) -> None:
        assert read_mark(text) is None


class TestFindBrackets:
    def test_closes_a_bracket_of_another_kind(self) -> None:
        text = "做好公开。〔责任单位：各县（市、区）人民政府）"
        (bracket,) = find_brackets(text)
        assert bracket.mixed
        assert bracket.inner(text) == "责任单位：各县（市、区）人民政府"

    def test_runs_to_the_end_when_nothing_closes(self) -> None:
        (bracket,) = find_brackets("做好公开。（责任单位：市司法局")
        assert not bracket.closed

    def test_closes_what_was_left_open_within(self) -> None:
        text = "〔牵头单位：甲局（乙办；责任单位：丙局〕"
        (bracket,) = find_brackets(text)
        assert bracket.closed
        assert bracket.end == len(text)

    @pytest.mark.parametrize(("text", "depth"), [("〔牵头单位：", 1), ("关于印发《工作", 1), ("（完）", 0), ("", 0)])
    def test_knows_what_is_open_at_the_end(self, text: str, depth: int) -> None:
        assert open_depth(text) == depth


class TestSegments:
    def test_cuts_a_clause_with_two_assignments_in_two(self) -> None:
        found = segments("公布目录。（市司法局牵头）开展解读。（市政府各部门负责）")
        assert [s.text for s in found] == ["公布目录。", "开展解读。"]
        assert [s.assignment.lead_units for s in found if s.assignment] == [("市司法局",), ()]

    def test_puts_brackets_side_by_side_together(self) -> None:
        (found,) = segments("公布目录。（责任单位：市司法局）（完成时限：6月底前）")
        assert found.assignment is not None
        assert found.assignment.responsible_units == ("市司法局",)
        assert found.assignment.due_text == "6月底前"

    def test_puts_labelled_lines_together(self) -> None:
        (found,) = segments("公布目录。\n牵头单位：市司法局\n配合单位：市财政局\n完成时限：6月底前")
        assert found.text == "公布目录。"
        assert found.assignment is not None
        assert found.assignment.lead_units == ("市司法局",)
        assert found.assignment.due_text == "6月底前"

    def test_keeps_brackets_of_the_clause(self) -> None:
        text = "公开村（社区）目录（详见附件2），印制手册发到社区（街道）。"
        (found,) = segments(text)
        assert found.assignment is None
        assert found.text == text

    def test_reports_a_bracket_that_is_not_closed(self) -> None:
        (found,) = segments("公布目录。（责任单位：市司法局、市财政局")
        assert found.assignment is not None
        assert found.assignment.responsible_units == ("市司法局", "市财政局")
        assert [i.code for i in found.issues] == ["plan.bracket.unclosed"]
