"""Documents whose line breaks were lost."""

from __future__ import annotations

from gongkai.domain.workplans.flow import Line
from gongkai.domain.workplans.run_on import split_run_on

LONG = (
    "云湖县2024年政务公开工作要点 为做好今年的工作,把要求说清楚,把任务分下去,制定本要点。一、公开决策(一)先听意见。重大事项先听意见再决定。"
    "(县司法局牵头,6月底前完成)(二)开放会议。邀请居民代表列席会议。(责任单位:县政府办)二、公开执行1.公布进展。按季度公布。2.公布结果。年底前公布。"
)


def texts(*lines: str) -> list[str]:
    return [line.text for line in split_run_on([Line(t, n) for n, t in enumerate(lines, 1)])]


class TestSplitRunOn:
    def test_cuts_at_title_and_numbers(self) -> None:
        assert [t[:4] for t in texts(LONG)] == [
            "云湖县2",
            "为做好今",
            "一、公开",
            "(一)先",
            "(二)开",
            "二、公开",
            "1.公布",
            "2.公布",
        ]

    def test_keeps_the_line_number_of_every_piece(self) -> None:
        assert {line.number for line in split_run_on([Line(LONG, 7)])} == {7}

    def test_leaves_no_character_out(self) -> None:
        assert "".join(texts(LONG)).replace(" ", "") == LONG.replace(" ", "")

    def test_leaves_ordinary_lines_alone(self) -> None:
        lines = ["一、公开决策。重大事项先听意见。", "1.先听意见。2.再决定。", "长" * 200]
        assert texts(*lines) == lines

    def test_takes_no_quoted_number_for_a_heading(self) -> None:
        text = "按照第二十条第(一)项和第(二)项的规定,共办理1.5万件,同比增长2.3倍;" * 6
        assert texts(text) == [text]

    def test_sets_apart_what_the_website_adds_at_the_end(self) -> None:
        assert texts(LONG + " 打印 关闭")[-1] == "打印 关闭"
