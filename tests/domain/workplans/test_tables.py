"""Real tables (DOCX, XLSX, HTML) as the documents kernel hands them over: merged cells resolved."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.document import Block, Document, Paragraph, Table
from gongkai.domain.workplans import Kind, Plan, read_plan
from gongkai.domain.workplans.labels import Role, column_role


def table(*rows: str, first_line: int = 2, sheet: str | None = None) -> Table:
    """Build a table from rows of cells parted by ``|``; ``^`` continues the cell above, ``<`` the one at the left."""
    cells = [row.split("|") for row in rows]
    texts: list[list[str]] = []
    origins: list[list[tuple[int, int]]] = []
    for r, row in enumerate(cells):
        texts.append([])
        origins.append([])
        for c, cell in enumerate(row):
            if cell == "^":
                texts[r].append(texts[r - 1][c])
                origins[r].append(origins[r - 1][c])
            elif cell == "<":
                texts[r].append(texts[r][c - 1])
                origins[r].append(origins[r][c - 1])
            else:
                texts[r].append(cell)
                origins[r].append((r, c))
    lines = tuple(range(first_line, first_line + len(rows)))
    return Table(tuple(map(tuple, texts)), tuple(map(tuple, origins)), lines, sheet)


def plan_of(*blocks: Block, title: str = "某县2025年政务公开工作任务分解表") -> Plan:
    heading: list[Block] = [Paragraph(title, 1)] if title else []
    return read_plan(Document("docx", (*heading, *blocks)))


def rows_of(plan: Plan) -> list[tuple[str, str, Sequence[str], Sequence[str]]]:
    return [(t.no, t.title, list(t.lead_units), list(t.responsible_units)) for t in plan.tasks]


class TestColumnRole:
    @pytest.mark.parametrize(
        ("heading", "role"),
        [
            ("序号", Role.NO), ("主要任务", Role.TASK), ("重点任务", Role.TASK), ("任务名称", Role.TASK), ("具体要求", Role.TEXT),
            ("工作举措", Role.TEXT), ("工作措施", Role.TEXT), ("工作目标", Role.TARGET), ("牵头单位", Role.LEAD), ("主办单位", Role.LEAD),
            ("责任单位", Role.RESPONSIBLE), ("责任科室", Role.RESPONSIBLE), ("落实单位", Role.RESPONSIBLE), ("承办单位", Role.RESPONSIBLE),
            ("配合单位", Role.COOPERATING), ("协办单位", Role.COOPERATING), ("责任领导", Role.LEADERS), ("责任人", Role.LEADERS),
            ("完成时限", Role.DUE), ("完成时间", Role.DUE), ("时限要求", Role.DUE), ("时间节点", Role.DUE), ("进度安排", Role.DUE),
            ("活动时间", Role.WHEN), ("备注", Role.NOTE), ("联系电话", Role.CONTACT), ("完 成 时 限", Role.DUE), ("责任单位（科室）", Role.RESPONSIBLE),
            ("牵头领导", Role.LEADERS), ("进展情况", Role.PROGRESS), ("类别", Role.PATH),
        ],
    )  # fmt: skip
    def test_knows_the_headings_in_use(self, heading: str, role: Role) -> None:
        assert column_role(heading) is role

    @pytest.mark.parametrize(
        "heading", ["单价", "规格", "县财政局", "公布目录并及时更新，做到应公开尽公开。", "12", ""]
    )
    def test_takes_no_other_cell_for_a_heading(self, heading: str) -> None:
        assert column_role(heading) is None


class TestReadTables:
    def test_reads_rows_under_merged_headings(self) -> None:
        plan = plan_of(
            table(
                "序号|重点任务|工作举措|牵头单位|责任单位|完成时间",
                "1|优化发布|修订流程|县政府办|县直各部门|3月底前",
                "2|^|组织培训|县政府办|^|第二季度",
                "3|规范答复|会商疑难申请|县司法局|县直各部门|长期坚持",
            )
        )
        assert plan.kind is Kind.TASK_TABLE
        assert [t.path for t in plan.tasks] == [("优化发布",), ("优化发布",), ()]
        assert [t.title for t in plan.tasks] == ["修订流程", "组织培训", "规范答复"]
        assert plan.tasks[1].responsible_units == ("县直各部门",)
        assert [str(t.due[0].on) for t in plan.tasks] == ["2025-03-31", "2025-06-30", "None"]
        assert plan.tasks[2].due[0].standing

    def test_reads_a_head_of_two_rows(self) -> None:
        plan = plan_of(
            table(
                "序号|工作任务|<|责任分工|<|时限要求",
                "^|一级|二级|牵头|配合|^",
                "1|公开决策|发布目录|县司法局|县财政局、县审计局|3月底前",
            )
        )
        assert rows_of(plan) == [("1", "公开决策", ["县司法局"], ["县财政局", "县审计局"])]
        assert plan.tasks[0].text == "发布目录"

    def test_skips_repeated_heads_and_takes_section_rows_as_path(self) -> None:
        head = "序号|工作任务|责任单位|完成时限"
        plan = plan_of(
            table(
                head,
                "一、主动公开|<|<|<",
                "1|公布目录|县政府办|6月底前",
                head,
                "二、平台建设|<|<|<",
                "2|整合账号|县委网信办|年底前",
            )
        )
        assert [(t.no, t.path) for t in plan.tasks] == [("1", ("一、主动公开",)), ("2", ("二、平台建设",))]

    def test_takes_an_empty_unit_cell_from_above_only_within_one_task(self) -> None:
        plan = plan_of(
            table(
                "主要任务|具体要求|牵头单位|责任单位",
                "优化发布|修订发布流程，明确责任。|县政府办|县直各部门",
                "|组织保密培训，覆盖全员。||",
                "规范答复|会商疑难申请，统一口径。|县司法局|",
            )
        )
        assert [list(t.lead_units) for t in plan.tasks] == [["县政府办"], ["县政府办"], ["县司法局"]]
        assert [list(t.responsible_units) for t in plan.tasks] == [["县直各部门"], ["县直各部门"], []]
        assert "plan.units.inherited" in [i.code for i in plan.tasks[1].issues]

    def test_takes_units_at_the_left_for_all_their_tasks(self) -> None:
        plan = plan_of(
            table("责任单位|工作任务|完成时限", "县教育局|公布招生政策|6月15日前", "|公布收费标准|8月25日前")
        )
        assert [list(t.responsible_units) for t in plan.tasks] == [["县教育局"], ["县教育局"]]

    def test_keeps_leaders_targets_and_notes(self) -> None:
        plan = plan_of(
            table(
                "序号|任务|措施|目标|责任领导|责任单位|进展情况|备注",
                "1|整合账号|注销停更账号|账号压减一半|李某某|县委网信办|已注销2个|与普查同步",
                "2|优化检索|升级检索|首屏命中|李某某|县数据局||",
            )
        )
        first = plan.tasks[0]
        assert first.leaders == ("李某某",)
        assert first.target == "账号压减一半"
        assert "已注销2个" in first.note and "与普查同步" in first.note

    def test_reads_columns_of_quarters_as_limits(self) -> None:
        plan = plan_of(
            table(
                "序号|重点工作|牵头单位|进度安排|<|<",
                "^|^|^|一季度|上半年|四季度",
                "1|公布目录|县司法局|起草||印发",
                "2|整合账号|县委网信办||√|",
            )
        )
        assert [[str(d.on) for d in t.due] for t in plan.tasks] == [["2025-03-31", "2025-12-31"], ["2025-06-30"]]
        assert plan.tasks[0].text == "公布目录\n一季度：起草\n四季度：印发"
        assert plan.tasks[1].text == "整合账号"

    def test_reads_dittos_bare_months_and_persons(self) -> None:
        plan = plan_of(
            table(
                "序号|任务|责任单位及责任人|启动时间|完成时限（月）",
                "1|公布目录|县司法局（责任人：李四）|3月|6",
                "2|整合账号|同上|3月|12",
            )
        )
        assert [t.responsible_units for t in plan.tasks] == [("县司法局",), ("县司法局",)]
        assert plan.tasks[0].leaders == ("李四",)
        assert [[str(d.on) for d in t.due] for t in plan.tasks] == [["2025-06-30"], ["2025-12-31"]]

    def test_hands_the_units_of_a_section_row_to_its_tasks(self) -> None:
        plan = plan_of(
            table(
                "工作任务|责任单位|完成时限",
                "一、主动公开（牵头单位：县政府办）|<|<",
                "公布目录||6月底",
                "二、县教育局|<|<",
                "公布招生政策||7月",
            )
        )
        assert [t.path for t in plan.tasks] == [("一、主动公开",), ("二、县教育局",)]
        assert [(t.lead_units, t.responsible_units) for t in plan.tasks] == [(("县政府办",), ()), ((), ("县教育局",))]
        assert [[i.code for i in t.issues] for t in plan.tasks] == [["plan.units.from_group"]] * 2

    def test_reads_an_upright_table(self) -> None:
        plan = plan_of(
            table(
                "任务名称|公开监管结果",
                "工作内容|按季公布抽查结果",
                "牵头单位|县市场监管局",
                "配合单位|县应急局",
                "完成时限|每季度末",
            ),
            table(
                "任务名称|推行承诺",
                "工作内容|公布承诺事项",
                "牵头单位|县政务局",
                "配合单位|县司法局",
                "完成时限|5月底",
                first_line=8,
            ),
        )
        assert rows_of(plan) == [
            ("1", "公开监管结果", ["县市场监管局"], ["县应急局"]),
            ("2", "推行承诺", ["县政务局"], ["县司法局"]),
        ]
        assert plan.tasks[1].source.line_from == 8

    def test_reads_a_timetable(self) -> None:
        plan = plan_of(
            table(
                "序号|活动时间|活动主题|活动单位",
                "1|7月下旬|走进水厂|县水利局、县供水公司",
                "2|5月第二周|走进热线|县信访局",
            ),
            title="某县2024年“政府开放日”活动安排表",
        )
        assert plan.kind is Kind.SCHEDULE
        first, second = plan.schedule
        assert (str(first.starts_on), str(first.ends_on)) == ("2024-07-21", "2024-07-31")
        assert first.units == ("县水利局", "县供水公司")
        assert first.text == "走进水厂"
        assert (str(second.starts_on), str(second.ends_on)) == ("2024-05-08", "2024-05-14")

    def test_takes_the_title_from_the_sheet(self) -> None:
        plan = plan_of(
            table(
                "某县2025年重点任务台账|<|<",
                "任务|责任单位|完成时限",
                "公布目录|县政府办|年底",
                "整合账号|县委网信办|年底",
            ),
            title="",
        )
        assert (plan.title, plan.year) == ("某县2025年重点任务台账", 2025)

    @pytest.mark.parametrize(
        "rows",
        [
            ("序号|名称|规格|单位|单价", "1|打印纸|A4|箱|120", "2|签字笔|0.5|支|2"),
            ("姓名|职务|联系电话", "张某|科长|123", "李某|科员|124"),
            ("年份|收入|支出", "2023|100|90", "2024|110|95"),
        ],
    )
    def test_says_that_another_table_is_no_plan(self, rows: tuple[str, ...]) -> None:
        plan = plan_of(table(*rows), title="2024年度汇总表")
        assert not plan.is_plan
        assert [i.code for i in plan.issues] == ["plan.not_a_plan.no_tasks"]

    def test_reports_a_table_it_cannot_read_beside_one_it_can(self) -> None:
        plan = plan_of(
            table("任务|责任单位|完成时限", "公布目录|县政府办|年底", "整合账号|县委网信办|年底"),
            table("年份|收入|支出", "2023|100|90", first_line=9),
        )
        assert [(i.code, i.where.line_from if i.where else 0) for i in plan.issues] == [("plan.table.unknown", 9)]


CELLS = st.sampled_from(
    ["", "序号", "工作任务", "具体要求", "牵头单位", "责任单位", "完成时限", "备注", "任务名称", "1", "2", "县司法局", "各乡镇", "公布目录。", "一、主动公开",
     "3月底前", "长期坚持", "注：说明", "单位", "活动时间", "7月下旬"]
)  # fmt: skip


class TestAnyTable:
    @settings(max_examples=200)
    @given(
        st.integers(1, 6).flatmap(
            lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
        )
    )
    def test_never_raises_and_loses_no_row(self, rows: list[list[str]]) -> None:
        plan = plan_of(table(*("|".join(row) for row in rows)))
        if plan.is_plan:
            places = [t.source for t in plan.tasks] + [e.source for e in plan.schedule] + [f.source for f in plan.frame]
            places += [i.where for i in plan.issues if i.where]
            covered = {n for where in places for n in range(where.line_from, where.line_to + 1)}
            assert {n for n, row in enumerate(rows, 2) if any(row)} <= covered
