"""People for the tests of the file store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gongkai.kernel.accounts.actor import Actor

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def home(tmp_path: Path, settings) -> Path:
    """An empty data folder of the test's own, with the store in it."""
    settings.HOME = tmp_path / "home"
    settings.FILES_DIR = settings.HOME / "files"
    return settings.HOME


@pytest.fixture
def make_actor(db, django_user_model):
    """``make_actor("name", role=…, unit_id=…)`` puts a person on file and returns the actor."""

    def make(name: str, *grants, authority_ids=frozenset()) -> Actor:
        user = django_user_model.objects.create(username=name)
        return Actor(user_id=user.pk, name=name, grants=frozenset(grants), authority_ids=frozenset(authority_ids))

    return make


@pytest.fixture
def unit(db):
    """A department."""
    from gongkai.kernel.orgs.models import Unit

    return Unit.objects.create(kind="department", name="县财政局", sort_key="xiancaizhengju")
