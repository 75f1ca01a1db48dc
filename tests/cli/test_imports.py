"""``gongkai import``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.cli.imports import import_folder
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services.columns import directory_ensure
from gongkai.kernel.accounts.roles import Role
from tests.factories.world import NOW, SYSTEM, World


@pytest.fixture
def world(db: None, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.FILES_DIR = tmp_path / "files"
    monkeypatch.setattr("gongkai.config.manage.setup", lambda **_: None)
    directory_ensure(actor=SYSTEM, now=NOW)
    return World()


def run(folder: Path, unit: str, username: str):
    return CliRunner().invoke(import_folder, [str(folder), "--unit", unit, "--as", username])


class TestImport:
    def test_makes_drafts_of_a_folder(self, world: World, tmp_path: Path) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        (folder / "甲.txt").write_text("关于甲的通知\n各单位：\n请办理。\n")
        (folder / "空.txt").write_text("")
        user = world.person(Role.DRAFTER, world.finance)
        result = run(folder, "青溪县财政局", user.username)
        assert result.exit_code == 1, result.output
        assert "已导入 1，重复 0，有问题 1" in result.output
        assert Item.objects.get().created_by_id == user.pk

    def test_tells_an_unknown_user_or_unit(self, world: World, tmp_path: Path) -> None:
        assert run(tmp_path, "青溪县财政局", "nobody").exit_code == 2
        assert run(tmp_path, "没有的局", world.person(Role.DRAFTER, world.finance).username).exit_code == 2
