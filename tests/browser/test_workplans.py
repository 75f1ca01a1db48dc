"""The pages of the work plans in a real browser: accessible, usable by keyboard, on a phone and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from tests.browser.looks import sideways
from tests.factories.world import World
from tests.features.workplans.samples import PLAN

from gongkai.features.workplans.models import PlanImport, WorkItem, WorkPlan
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1440, 768, 375)


@pytest.fixture
def world(transactional_db: None, settings: LazySettings, tmp_path: Path) -> World:
    settings.FILES_DIR = tmp_path / "files"
    return World()


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Any, User], None]:
    """Put a person's session into a browser context."""

    def put(context: Any, user: User) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])

    return put


@pytest.fixture
def office(world: World) -> User:
    return world.person(Role.DISCLOSURE_OFFICE, world.office)


@pytest.fixture
def item(world: World) -> WorkItem:
    """A public plan with an item that the office leads and does, and a group that does another."""
    plan = world.plan(
        visibility="progress",
        published_at=timezone.now(),
        year=timezone.localdate().year,
        title="青溪县政务公开工作要点",
    )
    group = world.group("各乡镇人民政府")
    world.item(
        plan, lead=world.finance, responsible=group, due_on=timezone.localdate(), path=["一、重点", "（一）财政"]
    )
    return world.item(
        plan, lead=world.finance, responsible=world.office, due_on=timezone.localdate(), path=["一、重点", "（二）政策"]
    )


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "工作要点.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def upload(page: Any, base: str, file: Path) -> None:
    """Send the document at the upload screen."""
    page.goto(f"{base}/admin/workplans/plans/import/")
    page.select_option("select[name=owner]", label="青溪县人民政府办公室")
    page.set_input_files("input[name=file]", str(file))
    page.click("text=上传并读取")


class TestAccessibility:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_of_the_public_pages(
        self, page: Any, live_server: Any, axe: Callable[..., None], item: WorkItem, scheme: str
    ) -> None:
        page.emulate_media(color_scheme=scheme)
        for path in ("/plans/", f"/plans/{item.plan_id}/"):
            page.goto(live_server.url + path)
            axe(page)

    def test_of_the_staff_pages(
        self,
        page: Any,
        live_server: Any,
        axe: Callable[..., None],
        item: WorkItem,
        office: User,
        sign_in: Callable[[Any, User], None],
    ) -> None:
        sign_in(page.context, office)
        for path in (
            "plans/",
            f"plans/{item.plan_id}/",
            "items/",
            f"items/{item.pk}/",
            f"items/{item.pk}/split/",
            f"items/{item.pk}/assign/",
            "mine/",
            "overview/",
            "notices/",
            "notices/templates/",
            "plans/import/",
        ):
            page.goto(f"{live_server.url}/admin/workplans/{path}")
            page.evaluate("document.querySelectorAll('.gk-staff details').forEach((one) => { one.open = true })")
            axe(page)

    def test_of_the_correction_screen(
        self,
        page: Any,
        live_server: Any,
        axe: Callable[..., None],
        office: User,
        sign_in: Callable[[Any, User], None],
        plan_file: Path,
    ) -> None:
        sign_in(page.context, office)
        upload(page, live_server.url, plan_file)
        page.click("text=全部展开")
        page.evaluate("document.querySelectorAll('.gk-staff details').forEach((one) => { one.open = true })")
        axe(page)


class TestScreens:
    def test_never_scroll_sideways(
        self,
        page: Any,
        live_server: Any,
        item: WorkItem,
        office: User,
        sign_in: Callable[[Any, User], None],
        plan_file: Path,
    ) -> None:
        sign_in(page.context, office)
        upload(page, live_server.url, plan_file)
        preview = page.url
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for address in (
                preview,
                *(
                    f"{live_server.url}{path}"
                    for path in (
                        "/admin/workplans/items/",
                        f"/admin/workplans/items/{item.pk}/",
                        f"/admin/workplans/plans/{item.plan_id}/",
                        f"/plans/{item.plan_id}/",
                    )
                ),
            ):
                page.goto(address)
                assert sideways(page) == 0, (width, address)

    def test_run_nothing_that_the_policy_forbids(
        self,
        page: Any,
        live_server: Any,
        office: User,
        sign_in: Callable[[Any, User], None],
        plan_file: Path,
    ) -> None:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        sign_in(page.context, office)
        upload(page, live_server.url, plan_file)
        page.wait_for_load_state("networkidle")
        assert said == []


class TestKeyboard:
    def test_reports_progress(
        self, page: Any, live_server: Any, item: WorkItem, office: User, sign_in: Callable[[Any, User], None]
    ) -> None:
        sign_in(page.context, office)
        page.goto(f"{live_server.url}/admin/workplans/items/{item.pk}/")
        page.focus("#do-report > summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "report-text"
        page.keyboard.insert_text("已经完成一半")
        page.keyboard.press("Tab")
        page.keyboard.insert_text("50")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=报告进展：已办理。")
        item.refresh_from_db()
        assert (item.state, item.percent) == ("in_progress", 50)


class TestCorrectionScreen:
    def test_brings_the_source_to_the_card_at_hand(
        self,
        page: Any,
        live_server: Any,
        office: User,
        sign_in: Callable[[Any, User], None],
        plan_file: Path,
    ) -> None:
        sign_in(page.context, office)
        upload(page, live_server.url, plan_file)
        page.click("text=全部展开")
        page.focus("#t2-title")
        assert "wp-source__block--here" in (page.get_attribute("#src-t2", "class") or "")
        page.goto(f"{page.url.split('#')[0]}#task-t3")
        assert page.is_visible("#t3-title")

    def test_works_without_javascript(
        self,
        browser: Any,
        live_server: Any,
        office: User,
        sign_in: Callable[[Any, User], None],
        plan_file: Path,
    ) -> None:
        context = browser.new_context(java_script_enabled=False)
        sign_in(context, office)
        page = context.new_page()
        upload(page, live_server.url, plan_file)
        page.wait_for_selector("text=还有 1 个问题")
        page.select_option("select[name$=-decision]", value="text")
        page.fill("#t1-title", "公开预算和决算")
        page.click("button:has-text('确认导入')")
        page.wait_for_selector("text=任务进入台账")
        context.close()
        row = PlanImport.objects.get()
        assert row.state == "confirmed"
        plan = WorkPlan.objects.get()
        assert plan.items.filter(title="公开预算和决算").exists()


class TestLedger:
    def test_returns_two_items_at_once(
        self,
        page: Any,
        live_server: Any,
        world: World,
        item: WorkItem,
        office: User,
        sign_in: Callable[[Any, User], None],
    ) -> None:
        sign_in(page.context, office)
        page.goto(f"{live_server.url}/admin/workplans/items/")
        page.check("[data-gk-bulk-all]")
        assert page.text_content("[data-gk-bulk-count]") == "2"
        page.select_option("select[name=action]", value="cancel")
        page.click("text=下一步")
        page.fill("textarea[name=reason]", "上级取消")
        page.click("button:has-text('确认取消')")
        page.wait_for_selector("text=2 项已办理")
        assert set(WorkItem.objects.values_list("state", flat=True)) == {"canceled"}
