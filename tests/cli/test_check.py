from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongkai.cli import cli
from tests.kernel.content.files import ID, WORD, workbook


def run(path: Path, *options: str, **env: str) -> Result:
    variables = {"GONGKAI_HOME": str(path.parent / "var"), "GONGKAI_RULES_DIR": "", **env}
    return CliRunner().invoke(cli, ["check", str(path), *options], env=variables)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "通知.txt"


class TestCheck:
    def test_clean(self, file: Path) -> None:
        file.write_text("一切正常。", encoding="utf-8")
        result = run(file)
        assert (result.exit_code, result.output) == (0, "《通知.txt》：没有发现问题。\n")

    def test_slight_findings_are_listed_and_do_not_fail(self, file: Path) -> None:
        file.write_text(f"工程已{WORD}。", encoding="utf-8")
        result = run(file)
        assert result.exit_code == 0
        assert "[L3] 第 1 行（段）：“峻工”，建议写作：竣工。" in result.output
        assert "待核" in result.output

    def test_grave_findings_fail_and_show_no_number_in_full(self, tmp_path: Path) -> None:
        path = tmp_path / "名单.xlsx"
        path.write_bytes(workbook(plant="sheet"))
        for options in ((), ("--json",)):
            result = run(path, *options)
            assert result.exit_code == 1
            assert "原始数据" in result.output
            assert ID not in result.output

    def test_json(self, tmp_path: Path) -> None:
        path = tmp_path / "名单.xlsx"
        path.write_bytes(workbook(plant="row"))
        report = json.loads(run(path, "--json").stdout)
        assert {k: report[k] for k in ("name", "format", "stops", "grading", "counts")} == {
            "name": "名单.xlsx",
            "format": "xlsx",
            "stops": True,
            "grading": "unverified",
            "counts": {"L1": 0, "L2": 1, "L3": 1, "L4": 0},
        }
        first = report["findings"][0]
        assert first["code"] == "content.person.id_number"
        assert first["text"] == "110*************2X"
        assert first["place"] | {"text": ""} == {
            "kind": "hidden_row",
            "text": "",
            "part": "",
            "page": None,
            "sheet": "公示名单",
            "row": 3,
            "column": "D",
            "line": None,
        }

    def test_neighbours_of_a_finding_are_masked_too(self, file: Path) -> None:
        file.write_text(f"工程已{WORD}，张某{ID}，电话13812345678。", encoding="utf-8")
        output = run(file).output + run(file, "--json").output
        assert "11010519" not in output
        assert "12345678" not in output

    def test_a_long_list_is_cut_and_says_so(self, file: Path) -> None:
        file.write_text(f"{WORD}。" * 250, encoding="utf-8")
        assert "另有 50 处没有列出" in run(file).output
        assert len(json.loads(run(file, "--json").stdout)["findings"]) == 250

    def test_a_file_that_is_not_there(self, file: Path) -> None:
        result = run(file)
        assert result.exit_code == 2
        assert "打不开" in result.stderr

    def test_an_unreadable_file_as_json(self, file: Path) -> None:
        file.write_bytes(b"PK\x03\x04broken")
        result = run(file, "--json")
        assert result.exit_code == 2
        assert json.loads(result.stdout)["issues"][0]["code"] == "document.damaged"

    def test_a_lexicon_of_ones_own(self, file: Path, tmp_path: Path) -> None:
        (tmp_path / "rules" / "content").mkdir(parents=True)
        (tmp_path / "rules" / "content" / "words.txt").write_text("青录市 => 青麓市 => L1", encoding="utf-8")
        file.write_text("青录市人民政府", encoding="utf-8")
        result = run(file, GONGKAI_RULES_DIR=str(tmp_path / "rules"))
        assert result.exit_code == 1
        assert "青麓市" in result.output

    def test_a_faulty_lexicon(self, file: Path, tmp_path: Path) -> None:
        file.write_text("一切正常。", encoding="utf-8")
        result = run(file, GONGKAI_RULES_DIR=str(tmp_path / "nothing"))
        assert result.exit_code == 2
        assert "不存在" in result.stderr
