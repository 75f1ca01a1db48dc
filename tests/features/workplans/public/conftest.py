"""The same people as at the staff pages."""

from __future__ import annotations

import pytest

from tests.factories.world import World
from tests.features.workplans.staff.conftest import House


@pytest.fixture
def house(world: World) -> House:
    return House(world)
