"""The box of particulars above a document on a website."""

from __future__ import annotations

from gongkai.domain.document import Document, Paragraph, Table, from_lines
from gongkai.domain.workplans import read_plan
from gongkai.domain.workplans.flow import Line, grid_of
from gongkai.domain.workplans.meta_rows import meta_grid, meta_lines

BODY = "安澜区2024年政务公开任务分工\n一、公开预算。（区财政局牵头，2月底前完成）\n二、公开决算。（区财政局牵头，8月底前完成）"


def table(*rows: tuple[str, ...]) -> Table:
    origins = tuple(tuple((r, c) for c in range(len(row))) for r, row in enumerate(rows))
    return Table(rows=rows, origins=origins, lines=tuple(range(1, len(rows) + 1)))


class TestMetaLines:
    def test_turns_a_row_of_keys_and_values_into_labelled_lines(self) -> None:
        found = meta_lines([Line("索引号: | 0001/2024 | 有 效 性: | 有效 |", 3)])
        assert [(line.text, line.number) for line in found] == [("索引号：0001/2024", 3), ("有效性：有效", 3)]

    def test_leaves_the_rows_of_a_plan_alone(self) -> None:
        rows = [Line("名称 | 责任单位 | 完成时限 |", 1), Line("公开预算 | 区财政局 | 2月底前 |", 2)]
        assert meta_lines(rows) == rows


class TestMetaGrid:
    def test_reads_a_table_that_holds_nothing_else(self) -> None:
        grid = grid_of(
            table(("索引号：", "0001", "文号：", "安政办发〔2024〕8号"), ("成文日期：", "2024-04-02", "", ""))
        )
        assert [line.text for line in meta_grid(grid) or []] == [
            "索引号：0001",
            "文号：安政办发〔2024〕8号",
            "成文日期：2024-04-02",
        ]

    def test_leaves_a_table_of_tasks_alone(self) -> None:
        assert meta_grid(grid_of(table(("工作任务", "责任单位"), ("公开预算", "区财政局")))) is None


class TestPlanWithItsBox:
    def test_takes_number_and_day_from_the_box(self) -> None:
        box = table(("文号：", "安政办发〔2024〕8号", "成文日期：", "2024-04-02"))
        body = tuple(Paragraph(text, n) for n, text in enumerate(BODY.split("\n"), 2))
        plan = read_plan(Document(format="html", blocks=(box, *body)))
        assert (plan.doc_no, str(plan.issued_on), len(plan.tasks)) == ("安政办发〔2024〕8号", "2024-04-02", 2)

    def test_believes_the_document_more_than_the_website(self) -> None:
        text = f"发布日期: | 2024-05-20 | 文号: | 无 |\n{BODY}\n安澜区人民政府办公室\n2024年5月8日"
        assert str(read_plan(from_lines(text)).issued_on) == "2024-05-08"

    def test_takes_the_day_of_the_website_where_there_is_no_other(self) -> None:
        plan = read_plan(from_lines(f"发布日期: | 2024-05-20 | 文号: | 无 |\n{BODY}"))
        assert str(plan.issued_on) == "2024-05-20"
        assert all(issue.code != "plan.due.before_issue" for task in plan.tasks for issue in task.issues)
