"""The bureau whose publications are released, and a folder for its site."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from django.conf import LazySettings

from gongkai.portal.release import builder as building
from gongkai.portal.release.assets import asset_files
from gongkai.portal.release.builder import Builder
from gongkai.portal.release.disk import files_below
from gongkai.portal.release.rendering import Files
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW, World


@pytest.fixture(autouse=True)
def folders_of_their_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"
    settings.RELEASE_DIR = tmp_path / "release"


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau(World())


@cache
def _assets() -> Files:
    return asset_files()


@pytest.fixture(autouse=True)
def stylesheets_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two builds of a test compare with each other, also while somebody edits a stylesheet."""
    monkeypatch.setattr(building, "asset_files", _assets)


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def builder(tmp_path: Path, clock: Clock) -> Builder:
    return Builder(tmp_path / "release", clock=clock)


def tree(site: Path) -> dict[str, bytes]:
    """Every file of a release but the manifest."""
    return {path: (site / path).read_bytes() for path in sorted(files_below(site))}
