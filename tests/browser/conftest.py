"""A public site with one of everything for the tests that look at all of it, and the office that applications go to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.factories.foi import Desk
from tests.factories.public_site import PublicSite
from tests.factories.world import World

from gongkai.domain.foi import remedies
from gongkai.features.foi import suggesting
from gongkai.features.foi.selectors import letters
from gongkai.features.foi.suggesting import Published
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
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


@pytest.fixture
def desk(transactional_db: None, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A disclosure office whose applicants are shown one published page, in a place whose court is known."""
    settings.FILES_DIR, settings.PROOF_WORK = tmp_path / "files", 300
    today = timezone.localdate()
    published = Published("2024年学府路改造项目招标公告", "/info/", "教育局", "", today)
    monkeypatch.setattr(suggesting, "_suggesters", [lambda words, at: [published]])
    known = letters.organ_names  # the court of a place stands in the rules of its layer
    court = {remedies.Role.BASIC_COURT: "青溪县人民法院"}
    monkeypatch.setattr(letters, "organ_names", lambda unit: {**known(unit), **court})
    return Desk(World(), today)


@pytest.fixture
def become(page: Any, live_server: Any) -> Callable[[Actor], Any]:
    """Let the page be another person's."""
    page.set_default_timeout(30_000)

    def now(actor: Actor) -> Any:
        client = Client()
        user = User.objects.get(pk=actor.user_id)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        page.context.clear_cookies()
        value = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        return page

    return now
