"""Fixtures of the unit tests."""

from __future__ import annotations

import pytest

from tests.kernel.orgs.house import House


@pytest.fixture
def house(db: None) -> House:
    return House()
