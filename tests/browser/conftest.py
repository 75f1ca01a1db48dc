"""A public site with one of everything, for the tests that look at all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from tests.factories.public_site import PublicSite

from gongkai.portal.search import store
from gongkai.portal.search.words import forget_words


@pytest.fixture
def public_site(
    transactional_db: None, settings: LazySettings, tmp_path: Path, live_server: Any
) -> Iterator[PublicSite]:
    settings.FILES_DIR, settings.SEARCH_DIR = tmp_path / "files", tmp_path / "search"
    settings.SITE = {
        **settings.SITE,
        "code": "3600000001",
        "icp": "赣ICP备00000001号",
        "police": "赣公网安备36000000000001号",
        "keeper": "青溪县大数据中心",
        "contact": "0797-2026001",
        "errors_url": "https://zfwzgl.example/",
    }
    store.forget()
    forget_words()
    cache.clear()
    site = PublicSite()
    site.search()
    yield site
    store.forget()
