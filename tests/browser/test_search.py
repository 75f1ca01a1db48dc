"""Searching in a real browser: found by keyboard and without JavaScript, read, narrowed; suggestions where there is JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.browser.looks import sideways
from tests.factories.disclosure import Bureau
from tests.factories.world import World

from gongkai.domain.search.alerts import Frequency
from gongkai.kernel.accounts.roles import Role
from gongkai.portal.alerts import tasks as alerts
from gongkai.portal.alerts.services.asking import alert_ask, alert_confirm
from gongkai.portal.alerts.tokens import Purpose, sign
from gongkai.portal.models import AlertReader, SearchAlert
from gongkai.portal.search import store
from gongkai.portal.search.asking import Filters
from gongkai.portal.search.services.feed import index_follow, index_rebuild
from gongkai.portal.search.words import forget_words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bureau(transactional_db: None) -> Bureau:
    """A unit that publishes."""
    return Bureau(World())


@pytest.fixture
def site(bureau: Bureau, settings: LazySettings, tmp_path: Path, live_server: Any) -> str:
    """The address of a site with two public items, indexed."""
    settings.BASE_URL = str(live_server.url)
    settings.FILES_DIR, settings.SEARCH_DIR = tmp_path / "files", tmp_path / "search"
    store.forget()
    forget_words()
    cache.clear()
    earlier = timezone.now() - timedelta(hours=1)
    bureau.published(title="住房公积金提取办法", doc_no="青财字〔2026〕12号", now=earlier)
    bureau.published(title="青溪县财政局2026年部门预算", kind="budget", columns=("C07-2",), now=earlier)
    index_rebuild(at=timezone.now())
    return str(live_server.url)


class TestResults:
    def test_are_accessible_in_every_width_and_never_scroll_sideways(
        self, page: Any, site: str, axe: Callable[..., None]
    ) -> None:
        for rest in ("", "?q=财政", "?q=2026&kind=budget", "?q=火星移民 指南"):
            for width in (1440, 768, 320):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(f"{site}/search/{rest}")
                assert sideways(page) == 0, (rest, width)
                axe(page)

    def test_are_reached_by_keyboard_alone(self, page: Any, site: str) -> None:
        page.goto(f"{site}/info/")
        page.get_by_role("search", name="站内检索").get_by_label("站内检索").focus()
        page.keyboard.type("公积金")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/search/\?q="))
        assert page.get_by_role("status").inner_text() == "共 1 条"
        page.get_by_role("link", name="住房公积金提取办法").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/info/[0-9a-f-]{36}/$"))
        assert page.get_by_role("heading", level=1).inner_text() == "住房公积金提取办法"


class TestSuggestions:
    def test_are_offered_while_typing_and_taken_by_keyboard(
        self, page: Any, site: str, axe: Callable[..., None]
    ) -> None:
        page.goto(f"{site}/search/")
        field = page.get_by_role("combobox")
        field.focus()
        page.keyboard.type("zhufang", delay=20)
        option = page.get_by_role("option", name="住房公积金提取办法")
        option.wait_for()
        assert field.get_attribute("aria-expanded") == "true"
        axe(page)
        page.keyboard.press("ArrowDown")
        assert option.get_attribute("aria-selected") == "true"
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/search/\?q="))
        assert page.get_by_role("link", name="住房公积金提取办法").count() == 1


class TestWithoutJavaScript:
    def test_a_document_is_found_narrowed_and_read(self, browser: Any, site: str) -> None:
        context = browser.new_context(java_script_enabled=False, locale="zh-CN")
        page = context.new_page()
        page.goto(site)
        form = page.get_by_role("search", name="站内检索")
        form.get_by_label("检索词、文号或索引号").fill("2026")
        form.get_by_role("button", name="检索").click()
        page.get_by_role("link", name=re.compile("财政预算 1")).click()
        assert page.get_by_role("status").inner_text() == "共 1 条"
        page.get_by_role("link", name="青溪县财政局2026年部门预算").click()
        assert page.get_by_role("heading", level=1).inner_text() == "青溪县财政局2026年部门预算"
        context.close()


class TestAlert:
    def test_is_saved_confirmed_told_and_stopped_without_javascript(
        self, browser: Any, site: str, bureau: Bureau
    ) -> None:
        context = browser.new_context(java_script_enabled=False, locale="zh-CN")
        page = context.new_page()
        page.goto(f"{site}/search/?q=公积金")
        page.get_by_role("link", name="有新结果时通知我").click()
        page.get_by_label("您的邮箱").fill("reader@example.cn")
        page.get_by_label(re.compile("有新的就通知")).check()
        page.get_by_label("我同意用这个邮箱接收提醒").check()
        page.get_by_role("button", name="保存，给我发确认邮件").click()
        assert page.get_by_role("heading", level=1).inner_text() == "请到邮箱查看"
        alerts.tell()
        page.goto(address_in(mail.outbox[-1].body, "confirm"))
        page.get_by_role("button", name="确认，开启提醒").click()
        assert page.get_by_role("heading", level=1).inner_text() == "提醒已经开启"
        bureau.published(title="公积金缴存基数调整通知", now=timezone.now())
        index_follow(at=timezone.now())
        alerts.tell()
        letter = mail.outbox[-1]
        assert letter.to == ["reader@example.cn"]
        assert "公积金缴存基数调整通知" in letter.body
        page.goto(letter.extra_headers["List-Unsubscribe"].strip("<>"))
        page.get_by_role("button", name="全部停止").click()
        assert page.get_by_role("heading", level=1).inner_text() == "已经全部停止"
        assert not AlertReader.objects.exists()
        context.close()

    def test_pages_are_accessible_in_every_width(self, page: Any, site: str, axe: Callable[..., None]) -> None:
        page.goto(f"{site}/search/alerts/new/?q=公积金&kind=budget")
        page.get_by_label("您的邮箱").fill("reader")
        page.get_by_role("button", name="保存，给我发确认邮件").click()
        look(page, axe)  # with what is missing
        page.goto(f"{site}/search/alerts/new/?q=公积金&kind=budget")
        page.get_by_label("您的邮箱").fill("reader@example.cn")
        page.get_by_label("我同意用这个邮箱接收提醒").check()
        look(page, axe)
        page.get_by_role("button", name="保存，给我发确认邮件").click()
        look(page, axe)
        alerts.tell()
        page.goto(address_in(mail.outbox[-1].body, "confirm"))
        look(page, axe)
        page.get_by_role("button", name="确认，开启提醒").click()
        look(page, axe)
        reader = AlertReader.objects.get()
        mine = sign(Purpose.MANAGE, reader.uid, on=timezone.localdate())
        for rest in (f"mine/{mine}", f"stop-all/{sign(Purpose.STOP_ALL, reader.uid)}", "stop-all/x", "link"):
            page.goto(f"{site}/search/alerts/{rest}/")
            look(page, axe)

    def test_staff_page_counts_them(self, page: Any, site: str, bureau: Bureau, axe: Callable[..., None]) -> None:
        now = timezone.now()
        filters = Filters({"kind": "budget"})
        alert_ask(address="reader@example.cn", text="公积金", filters=filters, frequency=Frequency.DAILY, now=now)
        alert_confirm(uid=SearchAlert.objects.get().uid, now=now)
        client = Client()
        person = bureau.world.person(Role.DISCLOSURE_OFFICE, bureau.world.office)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
        page.goto(f"{site}/admin/site-search/alerts/")
        assert "“公积金”，信息种类：财政预算" in page.get_by_role("table").inner_text()
        look(page, axe)


def address_in(text: str, part: str) -> str:
    """The link of a mail to one of our pages."""
    found = re.search(rf"http\S+/search/alerts/{part}/\S+", text)
    assert found is not None
    return found.group()


def look(page: Any, axe: Callable[..., None]) -> None:
    """Look at a page in three widths."""
    for width in (1440, 768, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert sideways(page) == 0, (page.url, width)
        axe(page)
