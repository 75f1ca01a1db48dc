"""The commands over a release of their own, without a service running."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import LazySettings

from gongkai.cli import build as building
from gongkai.cli import verify as verifying
from gongkai.cli.build import build
from gongkai.cli.verify import verify
from gongkai.config import startup


@pytest.fixture(autouse=True)
def here(db: None, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RELEASE_DIR = tmp_path / "release"
    monkeypatch.setattr(building, "setup", lambda database: None)
    monkeypatch.setattr(verifying, "setup", lambda database: None)
    monkeypatch.setattr(startup, "collect_static", lambda home: False)


class TestBuild:
    def test_builds_everything_first_and_then_nothing_new(self) -> None:
        said = CliRunner().invoke(build)
        assert said.exit_code == 0, said.output
        assert "已生成全部页面" in said.output
        assert "没有变化" in CliRunner().invoke(build).output
        assert "已生成全部页面" in CliRunner().invoke(build, ["--full"]).output


class TestVerify:
    def test_asks_for_a_release_first(self) -> None:
        said = CliRunner().invoke(verify)
        assert said.exit_code == 1
        assert "gongkai build --full" in said.output

    def test_names_what_differs_and_mends_it_when_told(self, settings: LazySettings) -> None:
        CliRunner().invoke(build)
        assert "没有发现问题" in CliRunner().invoke(verify).output
        page = Path(settings.RELEASE_DIR) / "site/index.html"
        page.write_text("改过的首页")
        said = CliRunner().invoke(verify)
        assert (said.exit_code, "被改动：index.html" in said.output) == (1, True)
        said = CliRunner().invoke(verify, ["--heal"])
        assert (said.exit_code, "已恢复" in said.output) == (0, True)
        assert "改过的首页" not in page.read_text()
