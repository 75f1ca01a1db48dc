"""The design in a real browser: accessible in every theme, usable by keyboard, on a phone and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import expect
from tests.browser.looks import sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1440, 768, 375)


@pytest.fixture
def staff_page(page: Any, live_server: Any) -> Any:
    """A page signed in as somebody who may see everything."""
    user = get_user_model().objects.create_superuser("root", password="p", display_name="王芳")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


class TestPublicPages:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_have_no_accessibility_violation(
        self, page: Any, live_server: Any, axe: Callable[..., None], scheme: str
    ) -> None:
        page.emulate_media(color_scheme=scheme)
        for path in ("/", "/admin/login/", "/nowhere/"):
            page.goto(live_server.url + path)
            axe(page)

    def test_have_none_in_high_contrast_and_large_type(
        self, page: Any, live_server: Any, axe: Callable[..., None]
    ) -> None:
        page.goto(f"{live_server.url}/display/?theme=contrast&size=large&next=/")
        assert (
            page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--gk-text').trim()")
            == "#000000"
        )
        assert page.is_visible("text=标准配色") and not page.is_visible("text=高对比")
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
        axe(page)

    def test_never_scroll_sideways(self, page: Any, live_server: Any) -> None:
        for width in (*WIDTHS, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(live_server.url)
            assert sideways(page) == 0, width

    def test_let_the_keyboard_skip_the_navigation(self, page: Any, live_server: Any) -> None:
        page.goto(live_server.url)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "跳到正文"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"

    def test_run_nothing_that_the_policy_forbids(self, page: Any, live_server: Any) -> None:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.goto(live_server.url, wait_until="networkidle")
        assert said == []

    def test_work_without_javascript(self, browser: Any, live_server: Any) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(live_server.url)
        with page.expect_navigation():
            page.click("text=大字版")
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
        assert page.is_visible("text=标准字号") and not page.is_visible("text=大字版")
        context.close()


class TestPatternLibrary:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_has_no_accessibility_violation(
        self, staff_page: Any, live_server: Any, axe: Callable[..., None], scheme: str
    ) -> None:
        staff_page.emulate_media(color_scheme=scheme)
        staff_page.goto(f"{live_server.url}/design/")
        for trace in staff_page.query_selector_all("summary"):
            trace.click()
        axe(staff_page)

    def test_never_scrolls_sideways(self, staff_page: Any, live_server: Any) -> None:
        for width in WIDTHS:
            staff_page.set_viewport_size({"width": width, "height": 900})
            staff_page.goto(f"{live_server.url}/design/")
            assert sideways(staff_page) == 0, width

    def test_counts_what_is_chosen(self, staff_page: Any, live_server: Any) -> None:
        staff_page.goto(f"{live_server.url}/design/")
        count = staff_page.locator("[data-gk-bulk-count]")
        assert count.text_content() == "0"
        staff_page.check("[data-gk-bulk-all]")
        assert count.text_content() == "2"
        staff_page.uncheck("[data-gk-bulk-row] >> nth=0")
        assert count.text_content() == "1"
        assert staff_page.evaluate("document.querySelector('[data-gk-bulk-all]').indeterminate") is True

    def test_draws_its_icons(self, staff_page: Any, live_server: Any) -> None:
        staff_page.goto(f"{live_server.url}/design/", wait_until="networkidle")
        boxes = staff_page.evaluate(
            "[...document.querySelectorAll('.gk-list .gk-icon use')].map((one) => one.getBBox().width)"
        )
        assert len(boxes) > 30
        assert min(boxes) > 0


class TestStaffHome:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_has_no_accessibility_violation(
        self, staff_page: Any, live_server: Any, axe: Callable[..., None], scheme: str
    ) -> None:
        staff_page.emulate_media(color_scheme=scheme)
        staff_page.goto(f"{live_server.url}/admin/", wait_until="networkidle")
        axe(staff_page, context=".gk")

    def test_speaks_chinese_only(self, staff_page: Any, live_server: Any) -> None:
        staff_page.goto(f"{live_server.url}/admin/", wait_until="networkidle")
        words = staff_page.inner_text("body")
        assert "工作台" in words
        for word in ("Search", "Dashboard", "Pages", "Welcome", "Wagtail", "Log out", "Settings"):
            assert word not in words

    def test_never_scrolls_sideways(self, staff_page: Any, live_server: Any) -> None:
        for width in WIDTHS:
            staff_page.set_viewport_size({"width": width, "height": 900})
            staff_page.goto(f"{live_server.url}/admin/", wait_until="networkidle")
            assert sideways(staff_page) == 0, width
            inside = staff_page.evaluate(
                "[...document.querySelectorAll('main')].map((m) => m.scrollWidth - m.clientWidth)"
            )
            assert inside == [0], width


class TestSignIn:
    def test_leads_from_a_mistake_to_the_field(self, page: Any, live_server: Any) -> None:
        page.goto(f"{live_server.url}/admin/login/")
        page.click("button[type=submit]")
        expect(page.locator("#gk-form-errors")).to_be_focused()
        page.click("#gk-form-errors a >> nth=0")
        assert page.evaluate("document.activeElement.id") == "id_username"
