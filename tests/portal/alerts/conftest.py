"""A bureau that publishes, an index of its own for every test, and what a reader does until an alert works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.utils import timezone

from gongkai.domain.search.alerts import Frequency
from gongkai.portal.alerts.services import asking
from gongkai.portal.models import SearchAlert
from gongkai.portal.search import store
from gongkai.portal.search.asking import Filters
from gongkai.portal.search.services.feed import index_follow, index_rebuild
from gongkai.portal.search.words import forget_words
from tests.factories.disclosure import Bureau
from tests.factories.world import World

READER = "reader@example.cn"


@pytest.fixture(autouse=True)
def place_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.FILES_DIR, settings.SEARCH_DIR = tmp_path / "files", tmp_path / "search"
    settings.BASE_URL = "https://www.example.cn"
    store.forget()
    forget_words()
    cache.clear()


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau(World())


@pytest.fixture
def start(bureau: Bureau) -> datetime:
    """Two hours ago; there is an index of what was public then."""
    moment = timezone.now() - timedelta(hours=2)
    bureau.published(title="住房公积金提取办法", now=moment - timedelta(hours=1))
    index_rebuild(at=moment)
    return moment


@pytest.fixture
def saved(start: datetime) -> Callable[..., SearchAlert]:
    """Save a search, confirm it at ``start``, and return it."""

    def save(text: str = "公积金", *, address: str = READER, often: str = "at_once", **filters: str) -> SearchAlert:
        asking.alert_ask(address=address, text=text, filters=Filters(filters), frequency=Frequency(often), now=start)
        alert = SearchAlert.objects.latest("pk")
        asking.alert_confirm(uid=alert.uid, now=start)
        alert.refresh_from_db()
        alert.reader.mails.all().delete()
        return alert

    return save


@pytest.fixture
def published(bureau: Bureau, start: datetime) -> Callable[..., Any]:
    """Publish an item some minutes after ``start`` and take it into the index."""

    def publish(title: str, *, minutes: int = 30, **more: Any) -> Any:
        moment = start + timedelta(minutes=minutes)
        item = bureau.published(title=title, now=moment, **more)
        index_follow(at=moment + timedelta(seconds=1))
        return item

    return publish
