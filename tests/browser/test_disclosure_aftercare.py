"""Intake, imports, words, aftercare and banners in a real browser: accessible, never sideways, and usable without JavaScript."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from tests.browser.looks import sideways
from tests.factories.disclosure import Bureau
from tests.factories.world import World

from gongkai.domain.wording import Grade
from gongkai.features.disclosure.models import Banner, Reassessment
from gongkai.features.disclosure.services.imports import ImportSession, import_request
from gongkai.features.disclosure.services.intake import intake_upload
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.wordlists.services import allowed_add, word_add

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = """青溪县财政局文件
青财字〔2026〕7号
青溪县财政局关于做好预算公开的通知
各单位：
请于3月底前在门户网站的财政信息栏目集中公开部门预算和三公经费预算，并对增减变化的原因作出说明，公开以后五个工作日内把
链接地址报送县财政局预算股备案，县财政局在四月上旬组织一次检查，检查结果向各单位通报。联系人身份证号11010519491231002X。
青溪县财政局
2026年2月20日
（此件主动公开）
"""
ADMIN = "/admin/disclosure/"


class Desk:
    """A bureau with something on every screen, and who opens them."""

    def __init__(self) -> None:
        self.bureau = Bureau(World())
        now, unit = timezone.now(), self.bureau.unit
        office = self.bureau.office
        self.head = self.bureau.people[Role.DISCLOSURE_OFFICE_HEAD]
        intake_upload(actor=office, unit_id=unit.pk, upload=TEXT.encode(), name="旧通知.txt", now=now)
        changed = TEXT.replace("7号", "9号").replace("2月20日", "2月24日").encode()
        self.intake = intake_upload(actor=office, unit_id=unit.pk, upload=changed, name="通知.txt", now=now)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as out:
            for name, data in (("一.txt", TEXT.encode()), ("二.txt", TEXT.encode()), ("坏.docx", b"PK\x03\x04bad")):
                out.writestr(name, data)
        packed.seek(0)
        packed.name = "资料.zip"
        self.batch = import_request(
            actor=office, unit_id=unit.pk, kind="notice", archive=packed, background=False, now=now
        )
        with ImportSession(self.batch.pk) as session:
            while session.step(now=now):
                pass
        self.published = self.bureau.published()
        self.on_file = self.bureau.approved("withheld")
        word_add(actor=Actor.system("测试"), wrong="帐号", right="账号", grade=Grade.L3, now=now)
        allowed_add(actor=Actor.system("测试"), word="青溪", reason="地名", now=now)


@pytest.fixture
def desk(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Desk:
    settings.FILES_DIR = tmp_path / "files"
    return Desk()


@pytest.fixture
def sign_in(browser: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """Open a page as somebody; without JavaScript when asked."""
    contexts: list[Any] = []

    def opened(actor: Actor, *, script: bool = True) -> Any:
        client = Client()
        client.force_login(User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend")
        context = browser.new_context(java_script_enabled=script, locale="zh-CN")
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


class TestScreens:
    def test_are_accessible_and_never_scroll_sideways(
        self, desk: Desk, sign_in: Callable[..., Any], live_server: Any, axe: Callable[..., None]
    ) -> None:
        page = sign_in(desk.bureau.office)
        addresses = [
            f"{ADMIN}intake/",
            f"{ADMIN}intake/upload/",
            f"{ADMIN}intake/{desk.intake.pk}/",
            f"{ADMIN}intake/imports/new/",
            f"{ADMIN}intake/imports/{desk.batch.pk}/",
            f"{ADMIN}validity/?all=1",
            f"{ADMIN}validity/{desk.published.pk}/",
            f"{ADMIN}reassessments/?all=1",
            f"{ADMIN}reassessments/{desk.on_file.pk}/",
            "/admin/wordlists/",
            "/admin/wordlists/allowed/",
            "/admin/wordlists/import/",
        ]
        self.look(page, live_server.url, axe, addresses)
        self.look(sign_in(desk.head), live_server.url, axe, [f"{ADMIN}banners/"])

    def look(self, page: Any, base: str, axe: Callable[..., None], addresses: list[str]) -> None:
        for address in addresses:
            for width in (1440, 375):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.goto(base + address).status == 200, address
                assert sideways(page) == 0, (address, width)
            axe(page)

    def test_stand_in_the_menu(self, desk: Desk, sign_in: Callable[..., Any], live_server: Any) -> None:
        page = sign_in(desk.head)
        page.goto(f"{live_server.url}{ADMIN}banners/")
        page.get_by_role("button", name="信息公开").click()
        for name in ("收件", "有效性复核", "定期评估", "应急横幅"):
            page.get_by_role("link", name=name, exact=True).wait_for()


class TestWithoutJavaScript:
    def test_everything_can_be_done(self, desk: Desk, sign_in: Callable[..., Any], live_server: Any) -> None:
        page = sign_in(desk.bureau.office, script=False)
        page.goto(f"{live_server.url}{ADMIN}intake/{desk.intake.pk}/")
        assert "几乎相同" in page.locator("main").inner_text()
        page.check("input[name=attribute][value=proactive]")
        page.click(".dc-grounds--proactive summary")
        page.check("input[name=grounds_proactive][value=art20_7]")
        page.click("button:has-text('确认，建立草稿')")
        assert "已建立草稿" in page.locator("body").inner_text()
        page.goto(f"{live_server.url}{ADMIN}intake/imports/{desk.batch.pk}/")
        page.click("nav[aria-label=按结果看] >> text=有问题")
        assert page.locator("tbody tr").count() == 1 and "已损坏" in page.locator("tbody").inner_text()
        page.goto(f"{live_server.url}{ADMIN}reassessments/{desk.on_file.pk}/")
        page.check("input[name=outcome][value=proactive]")
        assert not page.locator(".af-ground--on_application:not(.af-ground--proactive)").first.is_visible()
        page.check("input[name=outcome][value=keep]")
        assert not page.locator(".af-grounds").is_visible()
        page.fill("textarea[name=reason]", "理由仍然成立。")
        page.click("button:has-text('记下结论')")
        assert Reassessment.objects.get().outcome == "keep"

    def test_a_banner_is_raised_and_taken_down(self, desk: Desk, sign_in: Callable[..., Any], live_server: Any) -> None:
        page = sign_in(desk.head, script=False)
        page.goto(f"{live_server.url}{ADMIN}banners/")
        page.fill("input[name=title]", "请立即转移到高处")
        page.click("button:has-text('马上显示')")
        page.goto(f"{live_server.url}/")
        assert "请立即转移到高处" in page.locator("aside.gk-alarms").inner_text()
        page.goto(f"{live_server.url}{ADMIN}banners/")
        page.fill("input[name=reason]", "险情解除")
        page.click("button:has-text('撤下')")
        page.goto(f"{live_server.url}/")
        assert page.locator("aside.gk-alarms").count() == 0
        assert Banner.objects.get().end_reason == "险情解除"
