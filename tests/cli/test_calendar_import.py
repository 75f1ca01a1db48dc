"""``gongkai calendar import``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.cli import calendar_import
from gongkai.cli.calendar import calendar
from gongkai.kernel.clocks import selectors
from gongkai.kernel.clocks.models import CalendarYear
from tests.kernel.clocks.conftest import NOTICE_2027

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_import, "setup", lambda: None)
    monkeypatch.setattr(selectors, "_cached", None)


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "2027.txt"
    path.write_text(NOTICE_2027)
    return path


def run(*arguments: str, answer: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(calendar, ["import", *arguments], input=answer)
    return result.exit_code, result.output


class TestImport:
    def test_tells_what_it_understood_asks_and_saves(self, notice: Path) -> None:
        code, output = run(str(notice), answer="y\n")
        assert code == 0
        assert "春节：2027年2月5日（周五）至2027年2月12日（周五）（8天）放假" in output
        assert "已导入2027年的安排（第1版）" in output
        assert CalendarYear.objects.get().imported_by is None

    def test_saves_nothing_when_not_confirmed(self, notice: Path) -> None:
        code, output = run(str(notice), answer="n\n")
        assert (code, "未导入" in output) == (0, True)
        assert not CalendarYear.objects.exists()

    def test_asks_nothing_with_yes(self, notice: Path) -> None:
        assert run(str(notice), "--yes")[0] == 0
        code, output = run(str(notice), "--yes")
        assert code == 2
        assert "无需再次导入" in output

    def test_refuses_a_notice_that_does_not_balance(self, notice: Path) -> None:
        notice.write_text(NOTICE_2027.replace("5月8日（周六）上班。", ""))
        code, output = run(str(notice), "--yes")
        assert code == 2
        assert "收支不平" in output
        assert not CalendarYear.objects.exists()

    def test_says_when_there_is_no_file(self, tmp_path: Path) -> None:
        code, output = run(str(tmp_path / "none.txt"))
        assert code == 2
        assert "没有文件" in output
