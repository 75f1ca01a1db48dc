"""Tables copied from web pages: cells put back into rows and columns by what they look like."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.document import from_lines
from gongkai.domain.workplans import read_plan
from gongkai.domain.workplans.cell_places import Cell, columns_of, due_score, place_cells, unit_score
from gongkai.domain.workplans.flow import Grid, Line
from gongkai.domain.workplans.web_tables import read_web_table

HEAD = ["工作任务", "具体要求", "责任科室", "时限要求"]


def lines(text: str) -> list[Line]:
    return [Line(t, n) for n, t in enumerate(text.split("\n"), 1)]


def grid(text: str) -> Grid:
    found = read_web_table(lines(text), 0)
    assert found is not None
    return found[0]


class TestUnitScore:
    @pytest.mark.parametrize(
        "text",
        [
            "各科室",
            "办公室牵头,各科室配合",
            "财政所、便民中心等",
            "市发改委牵头落实",
            "局防控办主办、各工作组协办",
            "市直有关部门;各镇(街)",
        ],
    )
    def test_is_positive_for_units(self, text: str) -> None:
        assert unit_score(text) > 0

    @pytest.mark.parametrize("text", ["把公开栏整理一遍。再拍照留存。", "年底前", "“一次办好”", "公布预算，按月更新"])
    def test_is_negative_for_what_is_no_unit(self, text: str) -> None:
        assert unit_score(text) < 0


class TestDueScore:
    @pytest.mark.parametrize(
        "text", ["年底前", "持续推进", "2021年8月底前", "发放后10个工作日内", "2021年2月公布预算,8月公布决算"]
    )
    def test_is_positive_for_limits(self, text: str) -> None:
        assert due_score(text) > 0

    @pytest.mark.parametrize(
        "text",
        [
            "办公室",
            "整理2020年以来的全部文件，逐件标明是否有效，并在网站首页集中列出，供人查找使用和下载保存。完成后通报。",
        ],
    )
    def test_is_negative_for_what_is_no_limit(self, text: str) -> None:
        assert due_score(text) < 0


class TestPlaceCells:
    def test_begins_a_row_without_its_merged_heading(self) -> None:
        texts = [
            "整理公开栏",
            "核对每一条内容,过期的撤下。",
            "办公室",
            "6月底前",
            "补上缺少的内容,拍照留存备查。",
            "各科室",
            "长期坚持",
        ]
        cells = [Cell(t, n, n) for n, t in enumerate(texts, 1)]
        rows = place_cells(cells, columns_of(HEAD, cells, most=0))
        assert rows == [[(0, 0), (1, 1), (2, 2), (3, 3)], [(4, 1), (5, 2), (6, 3)]]

    def test_finds_row_numbers_that_the_head_does_not_name(self) -> None:
        texts = [
            "整理公开栏",
            "1",
            "核对每一条内容。",
            "办公室",
            "6月底前",
            "办好留言",
            "2",
            "每周查看留言簿。",
            "服务部",
            "常态化",
        ]
        cells = [Cell(t, n, n) for n, t in enumerate(texts, 1)]
        columns = columns_of(HEAD, cells, most=0)
        assert [c.name for c in columns] == ["工作任务", "序号", "具体要求", "责任科室", "时限要求"]
        assert [[c for _, c in row] for row in place_cells(cells, columns)] == [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]

    def test_keeps_the_rows_that_are_known(self) -> None:
        cells = [Cell("办公室", 1, 1, 1.0), Cell("各科室", 2, 2, 1.0)]
        assert len(place_cells(cells, columns_of(HEAD, cells, most=1))) == 2

    def test_places_nothing_where_nothing_is(self) -> None:
        assert place_cells([], columns_of(HEAD, [], most=0)) == []


class TestReadWebTable:
    def test_counts_the_lines_with_nothing_but_bars_to_the_row_above(self) -> None:
        read = grid("工作任务\n|\n具体要求\n|\n责任科室\n|\n整理公开栏\n|\n核对内容,过期的撤下。\n|\n办公室\n|\n")
        assert read.lines == ((1, 6), (7, 12))

    def test_drops_a_head_repeated_at_a_page_break(self) -> None:
        head = "工作任务 | 具体要求 | 责任科室 |"
        read = grid(f"{head}\n整理公开栏 | 核对内容。 | 办公室 |\n{head}\n办好留言 | 每周查看。 | 服务部 |")
        assert [row[0] for row in read.rows] == ["工作任务", "整理公开栏", "办好留言"]

    def test_ends_before_the_head_of_another_table(self) -> None:
        first = "工作任务 | 具体要求 | 责任科室 |\n整理公开栏 | 核对内容。 | 办公室 |"
        found = read_web_table(lines(first + "\n序号 | 活动内容 | 参加单位 | 活动时间 |\n1 | 参观 | 市水厂 | 5月 |"), 0)
        assert found is not None
        assert found[1] == 2

    @pytest.mark.parametrize(
        "text",
        [
            "名称 | 规格 | 价格 |\n尿素 | 袋 | 120 |",
            "普通的一句话。\n又一句话。",
            "索引号: | 0001 | 文号: | 无 |",
            "|\n|\n|",
            "工作任务\n责任单位\n第一段是普通文字。\n第二段也是。",
        ],
    )
    def test_leaves_other_text_alone(self, text: str) -> None:
        assert read_web_table(lines(text), 0) is None

    def test_takes_headings_from_a_second_row(self) -> None:
        read = grid("任务 | 责任分工 | 完成时限 |\n牵头单位 | 配合单位 |\n公开预算 | 市财政局 | 各部门 | 2月底前 |")
        assert read.rows[0] == ("任务", "牵头单位", "配合单位", "完成时限")
        assert read.rows[1] == ("公开预算", "市财政局", "各部门", "2月底前")

    def test_gives_up_where_another_head_follows_at_once(self) -> None:
        text = "工作任务 | 责任单位 |\n重点任务 | 牵头科室 | 完成时限 |\n公开预算 | 财务科 | 2月底前 |"
        assert read_web_table(lines(text), 0) is None

    def test_keeps_columns_whose_headings_it_does_not_know(self) -> None:
        read = grid("序号 | 工作任务 | 责任单位 | 佐证 |\n1 | 公开预算 | 市财政局 | 截图 |")
        assert read.rows[1] == ("1", "公开预算", "市财政局", "截图")

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.sampled_from([*HEAD, "|", "||", "1", "办公室", "年底前", "整理公开栏。", "", "| a | b |", "一、标题"]),
            max_size=30,
        )
    )
    def test_never_raises_and_never_moves_backwards(self, pieces: list[str]) -> None:
        source = lines("\n".join(pieces))
        for start in range(len(source)):
            found = read_web_table(source, start)
            assert found is None or start < found[1] <= len(source)

    @settings(max_examples=40, deadline=None)
    @given(st.data())
    def test_finds_the_same_tasks_in_lines_and_one_below_the_other(self, data: st.DataObject) -> None:
        """The two ways in which pages are copied say the same."""
        units = ["办公室", "财务科", "各科室", "市司法局牵头,各科室配合"]
        dues = ["6月底前", "持续推进", "第三季度", "10月底前"]
        rows = [
            [
                f"整理第{n}类内容",
                f"把第{n}类内容逐条核对一遍,过期的撤下,缺少的补上。",
                data.draw(st.sampled_from(units)),
                data.draw(st.sampled_from(dues)),
            ]
            for n in range(1, data.draw(st.integers(2, 6)) + 1)
        ]
        title = "青溪市2024年政务公开任务表"
        wide = "\n".join([title, *(" | ".join(row) + " |" for row in [HEAD, *rows])])
        tall = "\n".join([title, *(f"{cell}\n|" for row in [HEAD, *rows] for cell in row)])
        first, second = read_plan(from_lines(wide)), read_plan(from_lines(tall))
        assert [(t.title, t.text, t.lead_units, t.responsible_units, t.due) for t in first.tasks] == [
            (t.title, t.text, t.lead_units, t.responsible_units, t.due) for t in second.tasks
        ]
        assert len(first.tasks) == len(rows)
