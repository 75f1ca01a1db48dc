from __future__ import annotations

import json
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from gongkai.cli.plan import plan

SAMPLES = Path(__file__).parents[1] / "data" / "plans"


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(plan, ["read", *arguments])
    return result.exit_code, result.stdout, result.stderr


class TestPlanRead:
    def test_prints_json_with_the_promised_keys(self) -> None:
        code, out, _ = run(str(SAMPLES / "01-trailing-labels.txt"), "--json")
        data = json.loads(out)
        assert code == 0
        assert {"title", "doc_no", "year", "issued_on", "kind", "tasks", "schedule", "issues"} <= set(data)
        first = data["tasks"][0]
        assert {"no", "path", "title", "text", "lead_units", "responsible_units", "due", "source", "issues"} <= set(
            first
        )
        assert first["due"][0] | {"on": "2025-06-30", "standing": False, "phrase": "2025年6月30日前"} == first["due"][0]
        assert first["source"] == {"line_from": 22, "line_to": 26}

    def test_prints_a_chinese_table_for_people(self) -> None:
        code, out, _ = run(str(SAMPLES / "01-trailing-labels.txt"))
        assert code == 0
        for words in (
            "2025年全县政务公开工作要点分工方案",
            "牵头单位",
            "县发展和改革局",
            "2025-06-30",
            "长期坚持",
            "共 5 项任务",
        ):
            assert words in out

    def test_prints_a_timetable(self) -> None:
        code, out, _ = run(str(SAMPLES / "17-month-lines.txt"))
        assert code == 0
        assert "时间安排" in out and "县融媒体中心" in out

    @pytest.mark.parametrize("name", ["20-news", "21-annual-report", "22-novel"])
    def test_says_why_a_document_is_no_plan(self, name: str) -> None:
        code, out, _ = run(str(SAMPLES / f"{name}.txt"), "--json")
        data = json.loads(out)
        assert code == 3
        assert data["kind"] == "not_a_plan"
        assert data["tasks"] == []
        assert data["issues"][0]["message"]

    def test_refuses_a_missing_file_in_one_sentence(self, tmp_path: Path) -> None:
        code, out, err = run(str(tmp_path / "没有.txt"))
        assert code == 2
        assert out == ""
        assert "打不开" in err

    def test_refuses_in_json_too(self, tmp_path: Path) -> None:
        code, out, _ = run(str(tmp_path / "没有.txt"), "--json")
        assert code == 2
        assert json.loads(out)["issues"][0]["code"] == "document.unreadable"

    def test_reads_docx_with_merged_cells(self, tmp_path: Path) -> None:
        document = docx.Document()
        document.add_paragraph("某县2025年政务公开工作任务分解表")
        cells = [["序号", "主要任务", "具体要求", "牵头单位", "责任科室", "时限要求"],
                 ["1", "优化发布", "修订流程", "县政府办", "公开股", "3月底前"], ["2", "", "组织培训", "县政府办", "公开股", "持续推进"]]  # fmt: skip
        table = document.add_table(rows=3, cols=6)
        for r, row in enumerate(cells):
            for c, text in enumerate(row):
                table.cell(r, c).text = text
        table.cell(1, 1).merge(table.cell(2, 1))
        document.save(str(tmp_path / "表.docx"))
        code, out, _ = run(str(tmp_path / "表.docx"), "--json")
        tasks = json.loads(out)["tasks"]
        assert code == 0
        assert [t["path"] for t in tasks] == [["优化发布"], ["优化发布"]]
        assert [t["lead_units"] for t in tasks] == [["县政府办"], ["县政府办"]]
        assert tasks[1]["due"][0]["standing"]

    def test_reads_xlsx_with_real_dates_and_a_second_sheet(self, tmp_path: Path) -> None:
        import datetime

        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "任务"
        for row in (["某县2025年重点任务台账"], ["序号", "工作任务", "责任单位", "完成时间"],
                    [1, "公布目录", "县政府办", datetime.date(2025, 4, 30)], [2, "整合账号", "县委网信办、各乡镇", "第三季度"]):  # fmt: skip
            sheet.append(row)
        other = book.create_sheet("开放日")
        for row in (["2025年政府开放日活动安排表"], ["序号", "活动时间", "承办单位"], [1, "9月中旬", "县应急管理局"]):
            other.append(row)
        book.save(tmp_path / "台账.xlsx")
        code, out, _ = run(str(tmp_path / "台账.xlsx"), "--json")
        data = json.loads(out)
        assert code == 0
        assert [t["due"][0]["on"] for t in data["tasks"]] == ["2025-04-30", "2025-09-30"]
        assert data["tasks"][0]["source"] == {"line_from": 3, "line_to": 3, "sheet": "任务"}
        assert data["schedule"][0]["from"] == "2025-09-11"
