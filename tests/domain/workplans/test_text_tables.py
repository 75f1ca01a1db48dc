"""Tables that reach the reader as text."""

from __future__ import annotations

from gongkai.domain.document import from_lines
from gongkai.domain.workplans import read_plan

TITLE = "某县2024年政务公开任务清单\n"


class TestFlatTables:
    def test_shares_the_words_of_a_row_out_among_its_columns(self) -> None:
        """The order and the line breaks are those of text taken from a PDF."""
        plan = read_plan(
            from_lines(
                TITLE
                + "序\n号 重点任务 具体举措 牵头单位 责任单位 完成时限\n1 规范公开\n对照上级目录修订本级公开事\n项目录，逐项明确内容和\n"
                "时限 县政府办公室 县政府各部门 2024年6月底前\n2 优化解读\n政策印发后三日内发布图\n文解读，重点政策现场宣\n讲 县司法局\n"
                "县融媒体中心、\n各乡镇人民政府 长期坚持\n3 加强监督 每季度通报一次公开情况 县政府办公室 每季度"
            )
        )
        assert [t.title for t in plan.tasks] == ["规范公开", "优化解读", "加强监督"]
        assert [t.lead_units for t in plan.tasks] == [("县政府办公室",), ("县司法局",), ("县政府办公室",)]
        assert plan.tasks[0].text == "对照上级目录修订本级公开事项目录，逐项明确内容和时限"
        assert plan.tasks[1].responsible_units == ("县融媒体中心", "各乡镇人民政府")
        assert [(str(t.due[0].on), t.due[0].standing) for t in plan.tasks] == [
            ("2024-06-30", False),
            ("None", True),
            ("None", True),
        ]

    def test_says_that_the_columns_are_inferred(self) -> None:
        plan = read_plan(
            from_lines(
                TITLE + "序号 工作任务 责任单位 完成时限\n1 公布目录 县政府办公室 3月底前\n2 整合账号 县委网信办 年底前"
            )
        )
        assert [i.code for i in plan.issues] == ["plan.table.inferred"]


class TestWideTables:
    def test_puts_shifted_cells_back_into_their_columns(self) -> None:
        plan = read_plan(
            from_lines(
                TITLE + "主要任务\t\t牵头单位\t责任单位\t\n"
                "一、加强发布\t(一) 规划信息。\t及时发布规划及其解读材料，归集历史规划。\t县发改局\t县政府各部门\n"
                "(二) 统计信息。\t按月公布主要经济指标，说明指标口径。\t县统计局\t各乡镇\t\n"
                "\t公布普查数据，提供查询服务。\t县统计局 县民政局\t县政府各部门\t\n"
            )
        )
        assert [t.path for t in plan.tasks] == [
            ("一、加强发布",),
            ("一、加强发布", "(二) 统计信息"),
            ("一、加强发布", "(二) 统计信息"),
        ]
        assert [t.lead_units for t in plan.tasks] == [("县发改局",), ("县统计局",), ("县统计局", "县民政局")]

    def test_reads_upright_cells_behind_tabs(self) -> None:
        plan = read_plan(
            from_lines(
                TITLE
                + "\t主要任务\n\t具体要求\n\t牵头单位\n\t责任单位\n\n\t优化发布\n\t修订流程，明确责任。\n\t县政府办\n\t县直各部门\n\n"
                "\t\n\t组织培训，覆盖全员。\n\t县委保密办\n\t\n"
            )
        )
        assert [t.path for t in plan.tasks] == [("优化发布",), ("优化发布",)]
        assert [t.responsible_units for t in plan.tasks] == [("县直各部门",), ("县直各部门",)]
        assert plan.tasks[1].lead_units == ("县委保密办",)
