"""What people come for, done from beginning to end: without JavaScript, by keyboard alone, with larger type and zoom."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.browser.looks import sideways
from tests.factories.public_site import TITLE, PublicSite

from gongkai.portal.models import PageFeedback

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHORT = TITLE[:14]
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const after = getComputedStyle(one, "::after");
  const drawn = (it) => it.outlineStyle !== "none" && parseFloat(it.outlineWidth) >= 2;
  return {
    tag: one.tagName, text: (one.innerText || one.getAttribute("aria-label") || one.labels?.[0]?.innerText || "").trim(),
    ring: drawn(style) || drawn(after), main: one.id === "main",
    middle: box.top + box.height / 2 + scrollY,
    seen: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
LOST = """() => [...document.querySelectorAll("body *")].filter((one) => {
  if (!one.checkVisibility() || ![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) return false;
  const style = getComputedStyle(one);
  if (style.clipPath !== "none") return false;
  const cut = (kind, real, shown) => /hidden|clip/.test(kind) && real > shown + 1;
  return cut(style.overflowX, one.scrollWidth, one.clientWidth) || cut(style.overflowY, one.scrollHeight, one.clientHeight);
}).map((one) => one.outerHTML.slice(0, 120))"""


class Keyboard:
    """Somebody who has no mouse; wherever they come, they have to see where they are."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def tab(self) -> dict[str, Any]:
        """Go one further and return what has the focus now."""
        self.page.keyboard.press("Tab")
        now: dict[str, Any] = self.page.evaluate(FOCUSED)
        if now["tag"] not in {"BODY", "IFRAME"}:
            assert now["ring"] and now["seen"], now
        return now

    def tab_to(self, words: str, most: int = 80) -> dict[str, Any]:
        """Go on until something that begins with these words has the focus."""
        passed = []
        for _ in range(most):
            now = self.tab()
            if now["text"].startswith(words):
                return now
            passed.append(now["text"][:20])
        raise AssertionError(f"“{words}” is not reached by Tab: {passed}")

    def enter(self, into: str) -> None:
        """Press Enter and wait for the page it leads to."""
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(re.compile(into))


class TestWithoutJavaScript:
    def test_a_document_is_found_read_downloaded_followed_and_subscribed(
        self, browser: Any, live_server: Any, public_site: PublicSite
    ) -> None:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
        page = context.new_page()
        page.goto(live_server.url)
        page.get_by_role("searchbox").first.fill("惠民惠农补贴")
        page.get_by_role("button", name="检索").first.click()
        page.get_by_role("link", name=re.compile("^青溪县财政局关于公布2026年")).click()
        assert page.get_by_role("heading", level=1).inner_text() == TITLE
        assert page.get_by_role("cell", name="每亩98.5元").first.is_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="申请表").click()
        assert download.value.suggested_filename == "申请表.txt"
        page.get_by_role("link", name="《惠民惠农补贴通知》解读").click()
        page.get_by_role("link", name=SHORT).first.click()
        page.get_by_label("信息要素").get_by_role("link").first.click()
        feed = page.get_by_role("link", name="Atom").get_attribute("href")
        answer = page.request.get(f"{live_server.url}{feed}")
        assert answer.headers["content-type"].startswith("application/atom+xml") and TITLE in answer.text()
        context.close()

    def test_columns_and_filters_are_unfolded_on_a_phone(
        self, browser: Any, live_server: Any, public_site: PublicSite
    ) -> None:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
        page = context.new_page()
        page.goto(f"{live_server.url}/info/columns/C01-3/")
        columns = page.get_by_role("navigation", name="公开栏目")
        assert columns.is_hidden()
        page.get_by_role("link", name="按栏目看").click()
        assert columns.is_visible()
        columns.get_by_role("link", name="收起栏目").click()
        assert columns.is_hidden()
        page.get_by_role("link", name="按栏目看").click()
        columns.get_by_role("link", name="全部信息").click()
        assert page.url == f"{live_server.url}/info/"
        page.goto(f"{live_server.url}/search/?q=补贴")
        facets = page.get_by_role("complementary", name="筛选结果")
        assert facets.is_hidden()
        page.get_by_role("link", name="筛选", exact=True).click()
        assert facets.is_visible()
        facets.get_by_role("link", name=re.compile("^政策解读")).click()
        assert page.get_by_role("status").inner_text() == "共 1 条" and facets.is_hidden()
        context.close()

    def test_large_type_keeps_everything_within_reach(
        self, browser: Any, live_server: Any, public_site: PublicSite
    ) -> None:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
        page = context.new_page()
        item = f"/info/{public_site.notice.uid}/"
        plain = {}
        for path in ("/info/", item, "/search/?q=补贴", f"/plans/{public_site.plan}/"):
            page.goto(f"{live_server.url}{path}")
            plain[path] = page.locator(
                "a:visible, button:visible, input:visible, select:visible, summary:visible"
            ).count()
        page.goto(f"{live_server.url}{item}")
        page.get_by_role("link", name="大字版").click()
        assert page.url == f"{live_server.url}{item}"
        for path, count in plain.items():
            page.goto(f"{live_server.url}{path}")
            assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
            found = page.locator("a:visible, button:visible, input:visible, select:visible, summary:visible").count()
            assert (path, found, sideways(page)) == (path, count, 0)
        page.get_by_role("link", name="标准字号").click()
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"
        context.close()

    def test_the_plain_page_folds_the_facets_on_a_wide_screen_too(
        self, browser: Any, live_server: Any, public_site: PublicSite
    ) -> None:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(f"{live_server.url}/display/?size=plain&next=/info/")
        page.goto(f"{live_server.url}/search/?q=补贴")
        facets = page.get_by_role("complementary", name="筛选结果")
        hits, bar = page.locator(".se-main").bounding_box(), page.locator(".se-bar").bounding_box()
        assert facets.is_hidden() and hits["width"] == bar["width"]
        page.get_by_role("link", name="筛选", exact=True).click()
        assert facets.is_visible() and facets.bounding_box()["y"] < page.locator(".se-main").bounding_box()["y"]
        context.close()


class TestByKeyboardAlone:
    def test_a_document_is_found_read_downloaded_followed_and_judged(
        self, page: Any, live_server: Any, public_site: PublicSite
    ) -> None:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{live_server.url}/info/")
        keys = Keyboard(page)
        assert keys.tab()["text"] == "跳到正文"
        keys.tab_to("站内检索")
        page.keyboard.type("惠民惠农补贴")
        keys.enter(r"/search/\?q=")
        assert keys.tab()["text"] == "跳到正文"
        page.keyboard.press("Enter")
        keys.tab_to(SHORT)
        keys.enter(r"/info/[0-9a-f-]{36}/$")
        item = page.url
        keys.tab_to("申请表", most=60)
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == "申请表.txt"
        keys.tab_to("《惠民惠农补贴通知》解读")
        keys.enter(f"/info/{public_site.reading.uid}/$")
        page.goto(item)
        keys.tab_to("说一说")
        keys.enter("/feedback/")
        keys.tab_to("有用")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        keys.tab_to("哪里可以改进")
        page.keyboard.type("缺少申请表")
        keys.tab_to("提交")
        keys.enter("/feedback/thanks/")
        assert [(one.useful, one.text) for one in PageFeedback.objects.all()] == [(False, "缺少申请表")]

    def test_the_header_is_walked_through_in_the_order_it_is_read(
        self, page: Any, live_server: Any, public_site: PublicSite
    ) -> None:
        for width in (1440, 375):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{live_server.url}/units/")
            keys, walked, menu = Keyboard(page), [], page.locator(".gk-nav a:visible").all_inner_texts()
            while not walked or walked[-1]["text"] != menu[-1]:
                walked.append(keys.tab())
                assert len(walked) < 30, walked
            texts = [one["text"] for one in walked]
            assert texts[0] == "跳到正文" and texts[-len(menu) :] == menu
            rows = [round(one["middle"] / 30) for one in walked[1:]]
            assert rows == sorted(rows), (width, texts, rows)

    def test_columns_are_unfolded_on_a_phone(self, page: Any, live_server: Any, public_site: PublicSite) -> None:
        page.set_viewport_size({"width": 375, "height": 800})
        page.goto(f"{live_server.url}/info/columns/C01-3/")
        keys = Keyboard(page)
        keys.tab_to("按栏目看")
        page.keyboard.press("Enter")
        assert keys.tab()["text"] == "全部信息"
        keys.tab_to("政府信息公开指南")
        keys.enter("/info/columns/A/$")


class TestZoom:
    PATHS = (
        "/",
        "/info/",
        "/search/?q=补贴",
        "/units/",
        "/sitemap/",
        "/feedback/?about={uid}",
        "/info/{uid}/",
        "/plans/{plan}/",
    )

    def test_to_two_hundred_percent_loses_nothing(
        self, browser: Any, live_server: Any, public_site: PublicSite
    ) -> None:
        paths = [one.format(uid=public_site.notice.uid, plan=public_site.plan) for one in self.PATHS]
        wrong = []
        # The whole page at 200 % and 400 % of a window 1280 wide, and the type alone doubled.
        for width, scale, size in ((640, 2, "100%"), (320, 4, "100%"), (1280, 1, "200%")):
            context = browser.new_context(viewport={"width": width, "height": 512}, device_scale_factor=scale)
            page = context.new_page()
            for path in paths:
                page.goto(f"{live_server.url}{path}")
                page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
                if found := (sideways(page), page.evaluate(LOST)) != (0, []):
                    wrong.append((path, width, size, found, page.evaluate(LOST), sideways(page)))
            context.close()
        assert wrong == []
