"""``gongkai calendar``: what was understood of a notice, and a year on file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongkai.cli.calendar import calendar
from tests.domain.notice_samples import PRETEND_2027


def run(*arguments: str) -> Result:
    return CliRunner().invoke(calendar, list(arguments))


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "2027.txt"
    path.write_text(PRETEND_2027, encoding="utf-8")
    return path


class TestRead:
    def test_tells_what_was_understood(self, notice: Path) -> None:
        result = run("read", str(notice))
        assert result.exit_code == 0
        assert "2027年年度安排（国办发明电〔2026〕9号，2026-11-05）" in result.stdout
        assert "2027年5月1日（周六）至2027年5月5日（周三）（5天）放假，2027年5月8日（周六）上班" in result.stdout

    def test_json(self, notice: Path) -> None:
        data = json.loads(run("read", str(notice), "--json").stdout)
        assert (data["kind"], data["year"], data["issues"]) == ("annual", 2027, [])
        assert len(data["calendar"]["holidays"]) == 7

    def test_text_in_the_older_chinese_encoding(self, tmp_path: Path) -> None:
        path = tmp_path / "old.txt"
        path.write_bytes(PRETEND_2027.encode("gb18030"))
        assert run("read", str(path)).exit_code == 0

    def test_a_notice_that_does_not_balance_is_refused_with_the_reason(self, notice: Path) -> None:
        notice.write_text(PRETEND_2027.replace("5月8日（周六）上班。", ""), encoding="utf-8")
        result = run("read", str(notice))
        assert result.exit_code == 2
        assert "收支不平" in result.stderr
        assert "第12行：其中“劳动节”一项" in result.stderr

    @pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"\xff\xff\xff", b"hello", b"PK\x03\x04" + bytes(50)])
    def test_other_files_are_refused_in_one_sentence(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "other.bin"
        path.write_bytes(content)
        result = run("read", str(path))
        assert result.exit_code == 2
        assert result.stderr.startswith("错误：")
        assert "Traceback" not in result.output

    def test_missing_file(self, tmp_path: Path) -> None:
        result = run("read", str(tmp_path / "no.txt"))
        assert result.exit_code == 2
        assert "没有文件" in result.stderr


class TestShow:
    def test_lists_holidays_and_working_days(self) -> None:
        result = run("show", "2026")
        assert result.exit_code == 0
        assert "国办发明电〔2025〕7号" in result.stdout
        assert "全年工作日248天" in result.stdout

    def test_year_that_is_not_there(self) -> None:
        result = run("show", "2031")
        assert result.exit_code == 2
        assert "2024、2025、2026" in result.stderr
