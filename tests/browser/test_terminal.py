"""A terminal in a service hall: large, simple, back at its start by itself, nothing left of who was there before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.factories.public_site import TITLE, PublicSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHORT = TITLE[:14]
SMALLEST = 44
"""Pixels of a target on every side; those of the terminal's own pages are larger."""


@pytest.fixture
def hall(browser: Any, live_server: Any, public_site: PublicSite) -> Iterator[Any]:
    """A browser that was made a terminal, with a clock that the test moves."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1080, "height": 1920})
    page = context.new_page()
    page.clock.install()
    page.goto(f"{live_server.url}/kiosk/#terminal")
    page.wait_for_selector("html.gk-kiosk-on")
    yield page
    context.close()


class TestTerminal:
    def test_begins_large_and_simple(self, hall: Any) -> None:
        sizes = hall.eval_on_selector_all(
            "main a, main button, main input, .gk-kiosk-bar a, .gk-kiosk-bar button",
            "all => all.map((one) => one.getBoundingClientRect()).map((box) => Math.min(box.width, box.height))",
        )
        assert sizes and min(sizes) >= SMALLEST
        assert hall.evaluate("document.documentElement.scrollHeight <= innerHeight + 1"), "the start fits the screen"
        assert [one.inner_text() for one in hall.query_selector_all(".gk-kiosk-bar li")] == [
            "首页", "查阅", "检索", "申请", "打印", "用完了",
        ]  # fmt: skip

    def test_has_its_bar_on_every_page_and_nothing_that_leads_away(self, hall: Any, live_server: Any) -> None:
        hall.click(".gk-kiosk-tile >> text=查阅")
        hall.click(f"main >> text={SHORT}")
        hall.wait_for_selector(".gk-kiosk-bar")
        assert "打印本页" in hall.inner_text(".gk-kiosk-bar")
        assert not hall.is_visible(".gk-nav") and not hall.is_visible("text=办公入口")
        address = hall.url
        hall.click("footer >> text=赣ICP备")
        assert "这台终端只能看本网站" in hall.inner_text(".gk-kiosk-say") and hall.url == address
        hall.click(".gk-kiosk-bar >> text=上一页")
        hall.wait_for_url(f"{live_server.url}/kiosk/read/")

    def test_warns_and_goes_back_to_its_start_when_nobody_is_there(self, hall: Any, live_server: Any) -> None:
        hall.goto(f"{live_server.url}/display/?size=large&next=/apply/new/")
        hall.wait_for_selector(".gk-kiosk-bar")
        field = hall.locator("main input[type=text]").first
        field.fill("张三")
        hall.clock.run_for(101_000)
        hall.wait_for_selector("dialog[open]")
        assert "还在使用吗" in hall.inner_text("dialog")
        assert hall.evaluate("document.activeElement.innerText") == "继续使用"
        hall.click("text=继续使用")
        assert hall.query_selector("dialog") is None and field.input_value() == "张三"
        hall.clock.run_for(125_000)
        hall.wait_for_url(f"{live_server.url}/kiosk/")
        assert not [one for one in hall.context.cookies() if one["name"] in ("gk_size", "gk_theme")]
        hall.evaluate("history.back()")
        hall.wait_for_timeout(500)
        hall.wait_for_url(f"{live_server.url}/kiosk/")
        assert "张三" not in hall.content()

    def test_forgets_when_somebody_says_that_they_are_done(self, hall: Any, live_server: Any) -> None:
        hall.fill("#kiosk-q", "低保")
        hall.press("#kiosk-q", "Enter")
        hall.wait_for_url("**/search/?q=*")
        hall.click(".gk-kiosk-bar >> text=用完了")
        hall.wait_for_url(f"{live_server.url}/kiosk/")
        assert hall.input_value("#kiosk-q") == ""
        hall.evaluate("history.back()")
        hall.wait_for_timeout(500)
        hall.wait_for_url(f"{live_server.url}/kiosk/")

    def test_shows_what_was_seen_last_when_the_network_is_down_and_says_so(self, hall: Any, live_server: Any) -> None:
        hall.evaluate("navigator.serviceWorker.ready.then(() => true)")
        hall.goto(f"{live_server.url}/kiosk/read/")
        hall.click(f"main >> text={SHORT}")
        hall.wait_for_selector(".gk-kiosk-bar")
        address = hall.url
        hall.wait_for_timeout(500)
        hall.context.set_offline(True)
        hall.goto(address)
        assert re.search(r"网络断开。这是 \d{4}年\d+月\d+日.* 存下的页面", hall.inner_text(".gk-kiosk-offline"))
        assert SHORT in hall.inner_text("h1")
        hall.goto(f"{live_server.url}/search/?q=x")
        assert "现在连不上网络" in hall.inner_text("h1")
        assert SHORT in hall.inner_text("[data-gk-kept]")
        hall.context.set_offline(False)
        hall.goto(address)
        assert hall.query_selector(".gk-kiosk-offline") is None

    def test_keeps_nothing_of_searches_and_applications(self, hall: Any, live_server: Any) -> None:
        hall.evaluate("navigator.serviceWorker.ready.then(() => true)")
        for path in ("/kiosk/read/", "/search/?q=低保", "/apply/", "/info/?q=低保"):
            hall.goto(f"{live_server.url}{path}")
        hall.wait_for_timeout(500)
        kept = hall.evaluate(
            "caches.open('gongkai-kiosk').then((cache) => cache.keys()).then((all) => all.map((one) => one.url))"
        )
        assert any(one.endswith("/kiosk/") for one in kept)
        assert not [one for one in kept if "?" in one or re.search(r"//[^/]+/(search|apply)/", one)]

    def test_ends_and_takes_everything_along(self, hall: Any, live_server: Any) -> None:
        hall.goto(f"{live_server.url}/kiosk/#end")
        hall.wait_for_url(f"{live_server.url}/")
        assert hall.query_selector(".gk-kiosk-bar") is None and hall.is_visible(".gk-nav")
        assert hall.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


class TestAnybody:
    def test_everybody_else_finds_pages_like_any_other(
        self, page: Any, live_server: Any, public_site: PublicSite
    ) -> None:
        page.clock.install()
        page.goto(f"{live_server.url}/kiosk/")
        assert page.query_selector("html.gk-kiosk-on") is None
        page.fill("#kiosk-q", "低保")
        page.clock.run_for(600_000)
        assert page.input_value("#kiosk-q") == "低保"
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0

    def test_finds_and_reads_a_document_without_scripts(
        self, browser: Any, live_server: Any, public_site: PublicSite
    ) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{live_server.url}/kiosk/")
        page.click(".gk-kiosk-tile >> text=查阅")
        page.click(f"main >> text={SHORT}")
        assert SHORT in page.inner_text("h1")
        page.goto(f"{live_server.url}/kiosk/print/")
        page.click(f"main >> text={public_site.world.office.display_name}")
        assert "在哪里、找谁" in page.inner_text("main")
        context.close()

    @pytest.mark.parametrize("sheet", ["unit", "column"])
    def test_prints_a_sheet_on_exactly_one_page(
        self, page: Any, live_server: Any, public_site: PublicSite, sheet: str
    ) -> None:
        path = f"/sheets/units/{public_site.world.office.pk}/" if sheet == "unit" else "/sheets/columns/C/"
        page.goto(f"{live_server.url}{path}")
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
