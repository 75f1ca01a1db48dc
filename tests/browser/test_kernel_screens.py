"""Units, people, calendar, audit and notices in a real browser: accessible, within the window, usable by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect
from tests.browser.test_design import sideways
from tests.factories.world import World

from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.notices.services import notice_send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STAFF = (
    "/admin/orgs/",
    "/admin/orgs/{unit}/",
    "/admin/orgs/{unit}/edit/",
    "/admin/orgs/{unit}/merge/",
    "/admin/orgs/import/",
    "/admin/accounts/",
    "/admin/accounts/{user}/",
    "/admin/accounts/matrix/",
    "/admin/clocks/calendar/",
    "/admin/audit/",
    "/admin/notices/",
    "/admin/account/",
)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def administrator(world: World) -> Any:
    return world.person(Role.SYSTEM_ADMINISTRATOR, world.office, "周全")


def sign_in(page: Any, live_server: Any, user: Any) -> None:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])


class TestStaffPages:
    def test_are_accessible_and_fit_a_phone(
        self, page: Any, live_server: Any, world: World, administrator: Any, axe: Callable[..., None]
    ) -> None:
        sign_in(page, live_server, administrator)
        page.set_viewport_size({"width": 375, "height": 900})
        for path in STAFF:
            page.goto(live_server.url + path.format(unit=world.finance.pk, user=administrator.pk))
            axe(page, context=".gk-staff")
            assert sideways(page) == 0, path
            over = page.evaluate("[...document.querySelectorAll('main')].map((m) => m.scrollWidth - m.clientWidth)")
            assert over == [0], path

    def test_cells_of_a_card_stand_beside_their_label(
        self, page: Any, live_server: Any, world: World, administrator: Any
    ) -> None:
        sign_in(page, live_server, administrator)
        page.set_viewport_size({"width": 375, "height": 900})
        page.goto(f"{live_server.url}/admin/orgs/")
        lines = page.evaluate(
            "[...document.querySelectorAll('td[data-label=单位]')].map((td) =>"
            " td.querySelector('a').getBoundingClientRect().top - td.getBoundingClientRect().top)"
        )
        assert max(lines) < 16

    def test_a_notice_of_the_home_page_opens_and_counts_as_read(
        self, page: Any, live_server: Any, world: World, administrator: Any
    ) -> None:
        from django.utils import timezone

        notice_send(
            recipients=[administrator.pk],
            kind="clocks.calendar_missing",
            title="节假日安排尚未导入",
            body="",
            url="/admin/clocks/calendar/",
            dedupe_key="once",
            now=timezone.now(),
        )
        sign_in(page, live_server, administrator)
        page.goto(f"{live_server.url}/admin/")
        page.click(".gk-home__inbox button")
        expect(page).to_have_url(f"{live_server.url}/admin/clocks/calendar/")
        page.goto(f"{live_server.url}/admin/")
        expect(page.locator(".gk-home__inbox")).to_contain_text("没有未读通知")


class TestFirstPassword:
    def test_is_chosen_on_the_page_itself_and_leads_on(self, page: Any, live_server: Any, world: World) -> None:
        user = world.person(Role.DRAFTER, world.finance, "李明")
        user.set_password("Once-only-2026")
        user.must_change_password = True
        user.save()
        page.goto(f"{live_server.url}/admin/login/?next=/admin/orgs/")
        page.fill("[name=username]", user.username)
        page.fill("[name=password]", "Once-only-2026")
        page.click("button[type=submit]")
        page.wait_for_load_state("networkidle")
        assert page.locator("[name=old]").count() == 1  # the icons of the page bring no second form
        for name, value in (("old", "Once-only-2026"), ("new", "Shan-shui-2026"), ("repeat", "Shan-shui-2026")):
            page.fill(f"[name={name}]", value)
        page.click("button:has-text('修改密码')")
        expect(page).to_have_url(f"{live_server.url}/admin/orgs/")


class TestMerge:
    def test_asks_where_to_before_showing_consequences(
        self, page: Any, live_server: Any, world: World, administrator: Any
    ) -> None:
        sign_in(page, live_server, administrator)
        page.goto(f"{live_server.url}/admin/orgs/{world.finance.pk}/merge/")
        page.click("button:has-text('下一步')")
        expect(page.locator("#gk-form-errors")).to_contain_text("请选择并入哪个单位")
        assert page.locator("[name=confirm]").count() == 0
