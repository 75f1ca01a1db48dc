"""The desk at which the tests of applications play."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.factories.foi import Desk
from tests.factories.world import World


@pytest.fixture(autouse=True)
def file_store_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)
