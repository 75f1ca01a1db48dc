"""The bureau in which the tests of disclosure play."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.factories.disclosure import Bureau
from tests.factories.world import World


@pytest.fixture(autouse=True)
def file_store_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def bureau(world: World) -> Bureau:
    return Bureau(world)
