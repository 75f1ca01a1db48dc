"""The public pages without the proof of work, but for the tests of it; published items from a source of the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from gongkai.features.foi import suggesting


@pytest.fixture(autouse=True)
def without_proof(settings: LazySettings) -> None:
    settings.PROOF_WORK = 0


@pytest.fixture
def suggesters(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[suggesting.Suggester]]:
    """The registered sources, empty at first."""
    found: list[suggesting.Suggester] = []
    monkeypatch.setattr(suggesting, "_suggesters", found)
    yield found
