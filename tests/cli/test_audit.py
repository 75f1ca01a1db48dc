"""``gongkai audit``: verify and export."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection

from gongkai.cli import audit as command
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services
from gongkai.kernel.audit.actions import register_actions

register_actions({"audittest.thing.create": "新建试验品"})


@pytest.fixture(autouse=True)
def no_setup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "setup", lambda: None)


@pytest.fixture
def chain(db: None) -> None:
    services.record_many(
        actor=Actor.system("试验程序"),
        entries=[
            {"action": "audittest.thing.create", "target_type": "t", "target_id": n, "summary": f"第 {n} 件"}
            for n in range(1, 6)
        ],
        now=datetime(2026, 3, 2, 1, tzinfo=UTC),
    )


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command.audit, list(arguments))
    return result.exit_code, result.output


def tamper(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


class TestVerify:
    def test_says_that_the_chain_is_whole(self, chain: None) -> None:
        code, output = run("verify")
        assert code == 0
        assert "审计链完好，共到第 5 条" in output

    def test_says_that_there_is_nothing_yet(self, db: None) -> None:
        assert run("verify") == (0, "还没有审计记录。\n")

    def test_names_the_first_broken_link_and_exits_with_1(self, chain: None) -> None:
        tamper("UPDATE audit_entry SET summary = '改过' WHERE sequence IN (3, 4)")
        code, output = run("verify")
        assert code == 1
        assert output.startswith("审计链在第 3 条处断开：内容被改动过")

    def test_tells_programs_the_same(self, chain: None) -> None:
        tamper("DELETE FROM audit_entry WHERE sequence = 2")
        code, output = run("verify", "--json")
        told = json.loads(output)
        assert (code, told["intact"]) == (1, False)
        assert told["issues"][0]["code"] == "audit.chain.gap"
        assert told["issues"][0]["sequence"] == 2


class TestExport:
    def export(self, path: Path) -> tuple[int, str]:
        return run("export", "--from", "2020-01-01", "--to", "2099-01-01", str(path))

    def test_writes_lines_that_can_be_checked_without_a_database(self, chain: None, tmp_path: Path) -> None:
        path = tmp_path / "chain.jsonl"
        assert self.export(path) == (0, f"已写入 5 条审计记录：{path}\n")
        code, output = run("verify", "--file", str(path))
        assert (code, "审计链完好，共到第 5 条" in output) == (0, True)

    def test_a_stretch_from_the_middle_is_checked_too(self, chain: None, tmp_path: Path) -> None:
        path = tmp_path / "chain.jsonl"
        self.export(path)
        path.write_text("".join(path.read_text().splitlines(keepends=True)[2:]))
        assert run("verify", "--file", str(path))[0] == 0

    def test_a_changed_line_is_found(self, chain: None, tmp_path: Path) -> None:
        path = tmp_path / "chain.jsonl"
        self.export(path)
        path.write_text(path.read_text().replace("第 4 件", "第 9 件"))
        code, output = run("verify", "--file", str(path))
        assert code == 1
        assert "第 4 条处断开" in output

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "没有审计记录"),
            ("{}\n", "第 1 行无法读取"),
            ("垃圾\n", "第 1 行无法读取"),
            ("[1]\n", "第 1 行无法读取"),
        ],
    )
    def test_other_files_are_refused_clearly(self, tmp_path: Path, text: str, said: str) -> None:
        path = tmp_path / "other.txt"
        path.write_text(text)
        code, output = run("verify", "--file", str(path))
        assert code == 1
        assert said in output

    def test_days_in_the_wrong_order_are_refused(self, db: None, tmp_path: Path) -> None:
        code, output = run("export", "--from", "2026-02-01", "--to", "2026-01-01", str(tmp_path / "x"))
        assert code == 1
        assert "请核对" in output

    def test_a_file_that_cannot_be_written_is_told(self, chain: None, tmp_path: Path) -> None:
        code, output = self.export(tmp_path / "no" / "folder.jsonl")
        assert code == 1
        assert "无法写入" in output
