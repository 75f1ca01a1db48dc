"""A bureau that publishes, and an index of its own for every test."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from gongkai.portal.search import store
from gongkai.portal.search.words import forget_words
from tests.factories.disclosure import Bureau
from tests.factories.world import World


@pytest.fixture(autouse=True)
def index_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"
    settings.SEARCH_DIR = tmp_path / "search"
    store.forget()
    forget_words()
    cache.clear()


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau(World())
