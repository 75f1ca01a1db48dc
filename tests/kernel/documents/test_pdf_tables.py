"""Tables in PDF files: found by their lines, put together over pages, their text never twice."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib import colors
from reportlab.pdfgen import canvas

from gongkai.domain.document import Document, Paragraph, Table
from gongkai.kernel.documents import DocumentRefused, Limits, read_document
from tests.kernel.documents.pdf_samples import (
    GRID,
    WRITTEN,
    XS,
    YS,
    drawn,
    flowing,
    page_break,
    table,
    text,
    write_cells,
)

TASKS = [
    ["序号", "主要任务", "牵头单位", "完成时限"],
    ["1", "公开预算", "县财政局", "9月底前"],
    ["2", "公开决算", "县财政局", "10月底前"],
]


def read(data: bytes) -> Document:
    return read_document(data, name="x.pdf")


def only_table(data: bytes) -> Table:
    (found,) = read(data).tables()
    return found


def as_rows(rows: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in rows)


def own(rows: int, columns: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The origins of a table without merged cells."""
    return tuple(tuple((r, c) for c in range(columns)) for r in range(rows))


class TestGrids:
    def test_reads_a_simple_grid(self):
        found = only_table(flowing(table(TASKS, widths=[40, 160, 100, 100])))
        assert (found.rows, found.origins, found.lines, found.page) == (as_rows(TASKS), own(3, 4), (1, 2, 3), 1)

    def test_puts_a_table_among_the_text_and_repeats_no_cell(self):
        document = read(flowing(text("一、总体要求"), table(TASKS), text("二、保障措施"), numbered=True))
        before, grid, after, number = document.blocks
        assert isinstance(grid, Table)
        assert [(p.text, p.line) for p in (before, after, number)] == [
            ("一、总体要求", 1),
            ("二、保障措施", 5),
            ("— 1 —", 6),
        ]
        assert grid.lines == (2, 3, 4)

    def test_keeps_two_tables_of_a_page_apart(self):
        document = read(flowing(table(TASKS[:2]), text("附件2"), table(TASKS[::2])))
        assert [type(b) for b in document.blocks] == [Table, Paragraph, Table]
        assert [t.rows[1][1] for t in document.tables()] == ["公开预算", "公开决算"]

    def test_leaves_a_table_without_lines_as_lines(self):
        document = read(flowing(table(TASKS, ("ALIGN", (0, 0), (-1, -1), "LEFT"))))
        assert not list(document.tables())
        assert "公开决算" in document.text()

    @pytest.mark.parametrize("style", ["BOX", "LINEABOVE", "LINEBELOW"])
    def test_takes_no_box_and_no_rules_for_a_table(self, style):
        document = read(flowing(table(TASKS, (style, (0, 0), (-1, -1), 0.5, colors.black))))
        assert not list(document.tables())
        assert document.text().count("公开决算") == 1

    def test_reads_merged_cells(self):
        rows = [
            ["任务分解表", "", ""],
            ["一、优化目录", "核对目录", "县司法局"],
            ["", "公开目录", "县财政局"],
        ]
        spans = (("SPAN", (0, 0), (2, 0)), ("SPAN", (0, 1), (0, 2)))
        found = only_table(flowing(table(rows, GRID, *spans, widths=[100, 120, 120])))
        assert found.origins == (((0, 0), (0, 0), (0, 0)), ((1, 0), (1, 1), (1, 2)), ((1, 0), (2, 1), (2, 2)))
        assert found.rows == (("任务分解表",) * 3, *as_rows([rows[1], ["一、优化目录", "公开目录", "县财政局"]]))

    def test_reads_a_cell_of_rows_and_columns_as_one(self):
        rows = [["甲", "", "乙"], ["", "", "丙"], ["丁", "戊", "己"]]
        found = only_table(flowing(table(rows, GRID, ("SPAN", (0, 0), (1, 1)), widths=[60, 60, 60])))
        assert {found.origins[r][c] for r in range(2) for c in range(2)} == {(0, 0)}
        assert found.rows == (("甲", "甲", "乙"), ("甲", "甲", "丙"), ("丁", "戊", "己"))

    @pytest.mark.parametrize("rotation", [0, 90, 180, 270])
    def test_reads_a_turned_page(self, rotation):
        assert only_table(flowing(table(TASKS), rotation=rotation)).rows == as_rows(TASKS)

    @pytest.mark.parametrize("angle", [90, 180, 270])
    def test_reads_a_table_written_sideways(self, angle):
        def sideways(paper: canvas.Canvas) -> None:
            paper.translate(297, 421)
            paper.rotate(angle)
            paper.translate(-250, -670)
            grid_of_lines(paper)

        assert only_table(drawn(sideways)).rows == WRITTEN


def grid_of_lines(paper: canvas.Canvas) -> None:
    write_cells(paper)
    for y in YS:
        paper.line(XS[0], y, XS[-1], y)
    for x in XS:
        paper.line(x, YS[0], x, YS[-1])


def thin_rectangles(paper: canvas.Canvas) -> None:
    write_cells(paper)
    for r, y in enumerate(YS):
        for c in range(3):
            paper.rect(XS[c], y, XS[c + 1] - XS[c], 0.48, stroke=0, fill=1)
            if r:
                paper.rect(XS[c], y, 0.48, 30, stroke=0, fill=1)
    for y in YS[1:]:
        paper.rect(XS[-1], y, 0.48, 30, stroke=0, fill=1)


def boxes(paper: canvas.Canvas) -> None:
    write_cells(paper)
    for y in YS[1:]:
        for c in range(3):
            paper.rect(XS[c] + 1, y + 1, XS[c + 1] - XS[c] - 2, 28)


def rings(paper: canvas.Canvas) -> None:
    write_cells(paper)
    for y in YS[1:]:
        for c in range(3):
            x, width = XS[c], XS[c + 1] - XS[c]
            ring = paper.beginPath()
            ring.rect(x, y, width, 30)
            ring.rect(x + 0.75, y + 0.75, width - 1.5, 28.5)
            paper.drawPath(ring, stroke=0, fill=1, fillMode=0)


def dots(paper: canvas.Canvas) -> None:
    write_cells(paper)
    for y in YS:
        for n in range(171):
            paper.rect(XS[0] + 2 * n, y, 1, 1, stroke=0, fill=1)
    for x in XS:
        for n in range(31):
            paper.rect(x, YS[-1] + 2 * n, 1, 1, stroke=0, fill=1)


def dashes(paper: canvas.Canvas) -> None:
    paper.setDash(3, 3)
    grid_of_lines(paper)


def not_meeting(paper: canvas.Canvas) -> None:
    """Every side of every cell is a line of its own that ends before the corner."""
    write_cells(paper)
    for y in YS:
        for c in range(3):
            paper.line(XS[c] + 2.5, y, XS[c + 1] - 2.5, y)
    for x in XS:
        for y in YS[:-1]:
            paper.line(x, y - 2.5, x, y - 27.5)


def half_drawn(paper: canvas.Canvas) -> None:
    """The last edges at the right and below are missing, some lines inside stop at two thirds of a cell."""
    write_cells(paper)
    paper.line(XS[0], YS[0], XS[-1], YS[0])
    paper.line(XS[0], YS[1], XS[-1] - 40, YS[1])
    for x in XS[:-1]:
        paper.line(x, YS[0], x, YS[-1])


def open_sides(paper: canvas.Canvas) -> None:
    write_cells(paper)
    for y in YS:
        paper.line(XS[0], y, XS[-1], y)
    for x in XS[1:-1]:
        paper.line(x, YS[0], x, YS[-1])


def double(paper: canvas.Canvas) -> None:
    grid_of_lines(paper)
    paper.rect(XS[0] - 1.5, YS[-1] - 1.5, XS[-1] - XS[0] + 3, YS[0] - YS[-1] + 3)


def underlined(paper: canvas.Canvas) -> None:
    grid_of_lines(paper)
    paper.line(XS[1] + 10, YS[1] + 8, XS[1] + 40, YS[1] + 8)


def inside_a_form(paper: canvas.Canvas) -> None:
    paper.beginForm("grid")
    for y in YS:
        paper.line(XS[0] - 50, y - 20, XS[-1] - 50, y - 20)
    for x in XS:
        paper.line(x - 50, YS[0] - 20, x - 50, YS[-1] - 20)
    paper.endForm()
    write_cells(paper)
    paper.translate(50, 20)
    paper.doForm("grid")


def shaded(paper: canvas.Canvas) -> None:
    paper.setFillGray(0.8)
    paper.rect(XS[0], YS[1], XS[-1] - XS[0], 30, stroke=0, fill=1)
    paper.setFillGray(0)
    grid_of_lines(paper)


class TestLines:
    @pytest.mark.parametrize(
        "draw",
        [
            grid_of_lines,
            thin_rectangles,
            boxes,
            rings,
            dots,
            dashes,
            not_meeting,
            half_drawn,
            open_sides,
            double,
            underlined,
            inside_a_form,
            shaded,
        ],
    )
    def test_finds_the_table_however_its_edges_are_drawn(self, draw):
        found = only_table(drawn(draw))
        assert (found.rows, found.origins) == (WRITTEN, own(2, 3))

    def test_takes_no_curves_for_edges(self):
        def circles(paper: canvas.Canvas) -> None:
            write_cells(paper)
            for x in XS:
                paper.circle(x, YS[1], 40)

        assert not list(read(drawn(circles)).tables())

    @pytest.mark.parametrize(
        "limits", [Limits(max_page_lines=5), Limits(max_drawn_lines=5), Limits(max_page_crossings=3)]
    )
    def test_falls_back_to_lines_and_says_so_where_too_much_is_drawn(self, limits):
        document = read_document(drawn(grid_of_lines), name="x.pdf", limits=limits)
        assert not list(document.tables())
        assert [(i.code, i.values["pages"]) for i in document.issues] == [("document.pdf.tables_as_lines", "1")]
        assert "甲1" in document.text()

    @pytest.mark.parametrize(
        ("limits", "code"),
        [(Limits(max_rows=1), "document.too_many_rows"), (Limits(max_cells=5), "document.too_many_cells")],
    )
    def test_holds_the_limits_of_tables(self, limits, code):
        with pytest.raises(DocumentRefused) as caught:
            read_document(drawn(grid_of_lines), name="x.pdf", limits=limits)
        assert caught.value.codes() == [code]


class TestCells:
    def test_runs_wrapped_lines_together(self):
        long = "对照26个领域标准目录，逐项核对公开事项、内容、时限、主体、渠道，删去重复、过时的事项。"
        found = only_table(flowing(table([["任务", "单位"], [long, "市政府办"]], widths=[120, 80])))
        assert found.rows[1] == (long, "市政府办")

    def test_keeps_a_blank_between_latin_words(self):
        def draw(paper: canvas.Canvas) -> None:
            for y in YS:
                paper.line(XS[0], y, XS[-1], y)
            for x in XS:
                paper.line(x, YS[0], x, YS[-1])
            paper.setFont("Helvetica", 10)
            paper.drawString(XS[0] + 3, YS[0] - 12, "Government open")
            paper.drawString(XS[0] + 3, YS[0] - 26, "information law")
            paper.drawString(XS[1] + 3, YS[1] - 12, "x")

        assert only_table(drawn(draw)).rows[0][0] == "Government open information law"

    def test_keeps_a_line_break_that_was_wanted(self):
        rows = [["单位", "任务"], ["市财政局\n市住建局", "公开"]]
        found = only_table(flowing(table(rows, widths=[160, 80], wrapped=False)))
        assert found.rows[1][0] == "市财政局\n市住建局"

    def test_reads_upright_heads(self):
        found = only_table(flowing(table([["序\n号", "任务"], ["1", "公开"]], widths=[24, 80], wrapped=False)))
        assert found.rows[0] == ("序号", "任务")


class TestPages:
    ROWS = [[str(n), f"公开第{n}类信息", "县财政局", "9月底前"] for n in range(1, 101)]

    def test_joins_a_table_over_pages_and_drops_repeated_heads(self):
        document = read(
            flowing(text("任务分解表"), table([TASKS[0], *self.ROWS], repeat=1), text("说明"), numbered=True)
        )
        title, grid, *rest = document.blocks
        assert document.pages >= 3
        assert isinstance(grid, Table)
        assert grid.rows == as_rows([TASKS[0], *self.ROWS])
        assert grid.origins == own(101, 4)
        assert [p.text for p in rest] == [
            *(f"— {n} —" for n in range(1, document.pages)),
            "说明",
            f"— {document.pages} —",
        ]
        lines = [title.line, *grid.lines, *(p.line for p in rest)]
        # Each repeated head keeps its own position, which nothing else takes.
        assert len(set(lines)) == len(lines) == max(lines) - (document.pages - 1)
        assert list(grid.lines) == sorted(grid.lines)

    def test_joins_a_table_whose_head_is_not_repeated(self):
        found = only_table(flowing(table([TASKS[0], *self.ROWS])))
        assert found.rows == as_rows([TASKS[0], *self.ROWS])

    @pytest.mark.parametrize(
        ("above", "below", "joined"),
        [
            ("对照标准目录逐项核对公开事", ["", "项、内容、时限。", ""], True),
            ("对照标准目录逐项核对公开事项。", ["", "公开内容。", ""], False),
            ("对照标准目录逐项核对公开事", ["2", "公开内容", ""], False),
            ("对照标准目录逐项核对公开事", ["", "公开内容", "县财政局"], False),
            ("公开预算", ["", "公开决算", ""], False),
        ],
    )
    def test_joins_a_row_broken_by_the_page_only_where_it_is_sure(self, above, below, joined):
        widths = [40.0, 200.0, 100.0]
        first = [["序号", "任务", "单位"], ["1", above, "县司法局"]]
        second = [below, ["9", "公开。", "县档案馆"]]
        found = only_table(flowing(table(first, widths=widths), page_break(), table(second, widths=widths)))
        if joined:
            assert found.rows == as_rows([first[0], ["1", above + below[1], "县司法局"], second[1]])
            assert found.lines == (1, 2, 4)
        else:
            assert found.rows == as_rows([*first, *second])

    def test_joins_a_cell_longer_than_a_page(self):
        parts = ["对照标准目录逐项核对，" * 3, "公开事项与内容时限，" * 3, "报县政府办。"]
        widths = [40.0, 200.0, 100.0]
        pages = [[["序号", "任务", "单位"], ["1", parts[0], "县司法局"]], [["", parts[1], ""]], [["", parts[2], ""]]]
        tables = [table(rows, widths=widths) for rows in pages]
        found = only_table(flowing(tables[0], page_break(), tables[1], page_break(), tables[2]))
        assert found.rows == (("序号", "任务", "单位"), ("1", "".join(parts), "县司法局"))

    def test_reads_a_page_on_which_a_cell_only_goes_on(self):
        def middle(paper: canvas.Canvas) -> None:
            paper.drawString(XS[1] + 10, 600, "公开事项与内容时限")
            for x in XS:
                paper.line(x, 780, x, 60)

        assert only_table(drawn(middle)).rows == (("", "公开事项与内容时限", ""),)

    def test_keeps_tables_with_text_between_apart(self):
        document = read(flowing(table(TASKS), page_break(), text("附件2"), table(TASKS)))
        assert [t.rows for t in document.tables()] == [as_rows(TASKS)] * 2

    def test_keeps_tables_with_other_columns_apart(self):
        document = read(
            flowing(table(TASKS, widths=[40, 160, 100, 100]), page_break(), table(TASKS, widths=[80, 120, 100, 100]))
        )
        assert [t.rows for t in document.tables()] == [as_rows(TASKS)] * 2

    @pytest.mark.parametrize("merged_first", [True, False])
    def test_joins_pages_of_which_one_has_only_merged_columns(self, merged_first):
        coarse = table([["一、财政", "9月"]], widths=[120, 80])
        fine = table([["1", "预算", "9月"]], widths=[60, 60, 80])
        parts = (coarse, page_break(), fine) if merged_first else (fine, page_break(), coarse)
        found = only_table(flowing(*parts))
        expected = [("一、财政", "一、财政", "9月"), ("1", "预算", "9月")]
        assert list(found.rows) == (expected if merged_first else expected[::-1])


_TEXTS = st.text(alphabet="公开预算县财政局市0123456789ab，。、", min_size=0, max_size=30)


class TestNothingTwice:
    @given(
        rows=st.integers(1, 5).flatmap(
            lambda columns: st.lists(st.lists(_TEXTS, min_size=columns, max_size=columns), min_size=1, max_size=6)
        ),
        around=st.tuples(_TEXTS, _TEXTS),
        span=st.tuples(st.integers(0, 2), st.integers(0, 2)),
        rotation=st.sampled_from([0, 90]),
    )
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_every_character_stands_once(self, rows, around, span, rotation):
        end = (min(span[0], len(rows[0]) - 1), min(span[1], len(rows) - 1))
        for r in range(end[1] + 1):
            for c in range(end[0] + 1):
                if (r, c) != (0, 0):
                    rows[r][c] = ""  # reportlab does not print what a merged cell covers
        rows[0][0] += "终"
        grid = table(rows, GRID, ("SPAN", (0, 0), end), widths=[420 / len(rows[0])] * len(rows[0]))
        document = read(flowing(text(around[0] or "前"), grid, text(around[1] or "后"), rotation=rotation))
        written = "".join([around[0] or "前", around[1] or "后", *(cell for row in rows for cell in row)])
        assert Counter("".join(document.text().split())) == Counter("".join(written.split()))
