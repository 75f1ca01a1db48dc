"""``gongkai doctor`` on the keys of sealed personal data, and the commands that change them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from gongkai.cli import seal as command
from gongkai.config.doctor import Level, Situation, data
from gongkai.kernel.sealed import columns
from gongkai.kernel.sealed.keys import key_ring
from tests.kernel.sealed.boxes import Box, key_line, make_box
from tests.kernel.sealed.conftest import boxes, keys_in_file

__all__ = ["boxes", "keys_in_file"]


@pytest.fixture
def situation(tmp_path: Path) -> Situation:
    now = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    return Situation({"GONGKAI_HOME": str(tmp_path)}, now)


@pytest.fixture(autouse=True)
def only_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("selectors", "services"):
        monkeypatch.setattr(f"gongkai.kernel.sealed.{module}.sealed_models", lambda: [Box])
    monkeypatch.setattr(command, "setup", lambda: None)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command.seal, list(arguments))
    return result.exit_code, f"{result.output}{result.exception or ''}"


@pytest.mark.usefixtures("boxes")
class TestCheckSeal:
    def test_sees_missing_keys_open_files_old_keys_and_unreadable_lines(
        self, situation: Situation, keys_in_file: Path
    ) -> None:
        make_box()
        assert data.check_seal(situation).level is Level.FINE
        keys_in_file.chmod(0o644)
        assert "chmod 600" in data.check_seal(situation).remedy
        keys_in_file.chmod(0o600)
        old = keys_in_file.read_text()
        keys_in_file.write_text(f"{key_line('newer', 'n')}\n{old}")
        found = data.check_seal(situation)
        assert (found.level, found.remedy) == (Level.NOTICE, "运行 gongkai seal renew。")
        keys_in_file.write_text(key_line("newer", "n"))
        found = data.check_seal(situation)
        assert found.level is Level.ERROR and "4 项个人信息打不开" in found.message
        keys_in_file.write_text("nonsense")
        assert data.check_seal(situation).level is Level.ERROR


@pytest.mark.usefixtures("boxes", "keys_in_file")
class TestCommands:
    def test_rotate_the_key_and_drop_the_old_one(self) -> None:
        make_box()
        old = key_ring().newest.name
        assert run("status") == (0, f"{old}  4 项  加密和解密\n")
        code, said = run("add")
        new = key_ring().newest.name
        assert code == 0 and f"已增加密钥 {new}" in said
        code, said = run("drop", old)
        assert code == 1 and "还有 4 项" in said
        assert run("renew") == (0, "已重新加密 1 行。\n")
        assert run("drop", old)[0] == 0
        assert run("status") == (0, f"{new}  4 项  加密和解密\n")

    def test_status_tells_what_cannot_be_opened(self, keys_in_file: Path) -> None:
        make_box()
        old = key_ring().newest.name
        keys_in_file.write_text(key_line("other", "b"))
        code, said = run("status")
        assert code == 1 and f"{old}  4 项  没有这个密钥" in said

    def test_models_of_the_product_are_found(self) -> None:
        assert all(columns.sealed_fields(model) for model in columns.sealed_models())
