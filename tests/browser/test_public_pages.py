"""The pages of the public site in a real browser: the section, a column, the map, an item, and what a reader says of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.utils import timezone
from tests.browser.looks import sideways
from tests.factories.disclosure import Bureau
from tests.factories.world import World

from gongkai.features.disclosure.models import DirectoryColumn
from gongkai.portal.models import PageFeedback

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1440, 768, 320)


@pytest.fixture
def site(transactional_db: None, settings: LazySettings, tmp_path: Path, live_server: Any) -> tuple[str, str]:
    """The address of a site, and the path of an item in it."""
    settings.FILES_DIR = tmp_path / "files"
    settings.SITE = {**settings.SITE, "code": "3600000001", "icp": "赣ICP备00000001号", "keeper": "青溪县大数据中心"}
    cache.clear()
    bureau = Bureau(World())
    item = bureau.published(title="关于公布惠民补贴的通知", columns=("C01-2",), now=timezone.now() - timedelta(hours=1))
    DirectoryColumn.objects.filter(code="C01-2").update(unit=bureau.unit, update_days=180)
    return str(live_server.url), f"/info/{item.uid}/"


class TestPages:
    def test_are_accessible_in_every_width_and_never_scroll_sideways(
        self, page: Any, site: tuple[str, str], axe: Callable[..., None]
    ) -> None:
        url, item = site
        about = item.removeprefix("/info/").removesuffix("/")
        for path in ("/info/", "/info/columns/C01-2/", "/sitemap/", item, f"/feedback/?about={about}"):
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(f"{url}{path}")
                assert sideways(page) == 0, (path, width)
            axe(page)

    @pytest.mark.parametrize(("kind", "value"), [("size", "large"), ("theme", "contrast"), ("theme", "dark")])
    def test_are_accessible_as_a_reader_sets_them(
        self, page: Any, site: tuple[str, str], axe: Callable[..., None], kind: str, value: str
    ) -> None:
        url, item = site
        if value == "dark":
            page.emulate_media(color_scheme="dark")
        else:
            page.context.add_cookies([{"name": f"gk_{kind}", "value": value, "url": url}])
        for path in ("/info/", "/sitemap/", item):
            page.set_viewport_size({"width": 375, "height": 900})
            page.goto(f"{url}{path}")
            assert sideways(page) == 0, path
            axe(page)


class TestFeedback:
    def test_is_given_without_javascript(self, browser: Any, site: tuple[str, str]) -> None:
        url, item = site
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{url}{item}")
        page.get_by_role("link", name="说一说").click()
        page.get_by_label("没有用").check()
        page.get_by_label("哪里可以改进").fill("缺少申请表")
        page.get_by_role("button", name="提交").click()
        page.get_by_role("link", name="回到刚才的页面").click()
        assert page.url == f"{url}{item}"
        page.context.close()
        assert [(one.useful, one.text) for one in PageFeedback.objects.all()] == [(False, "缺少申请表")]


class TestPrint:
    def test_carries_address_and_square_and_leaves_out_what_paper_cannot_use(
        self, page: Any, site: tuple[str, str]
    ) -> None:
        url, item = site
        page.goto(f"{url}{item}")
        page.emulate_media(media="print")
        assert page.locator(".gk-qr").is_visible()
        assert page.locator(".dc-source").get_by_text(item.removeprefix("/info/")).is_visible()
        assert page.get_by_role("link", name="说一说").is_hidden()
        assert page.locator(".gk-nav").is_hidden()
