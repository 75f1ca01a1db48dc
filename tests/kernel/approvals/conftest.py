"""The world and a full team."""

from __future__ import annotations

import pytest

from tests.factories.world import World
from tests.kernel.approvals.rounds import Team


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def team(world: World) -> Team:
    return Team(world)
