"""Who may open which page, role by role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import RequestFactory
from django.urls import reverse
from wagtail.admin.menu import admin_menu

from gongkai.kernel.accounts.selectors import actor_get
from tests.features.workplans.staff.conftest import House, today

SIGN_IN, NO, GONE, YES = 302, 403, 404, 200
EVERYBODY_WITH_POST = ("office", "lead", "leader", "doer", "other", "supervisor", "administrator")
# Page, and those of the people with a post who may open it; everybody else is told no.
PAGES: dict[str, tuple[Callable[[House], list[int]], tuple[str, ...]]] = {
    "plan_list": (lambda house: [], EVERYBODY_WITH_POST),
    "plan_detail": (
        lambda house: [house.plan.pk],
        ("office", "lead", "leader", "doer", "supervisor", "administrator"),
    ),
    "plan_upload": (lambda house: [], ("office", "lead")),
    "item_add": (lambda house: [house.plan.pk], ("office",)),
    "item_list": (lambda house: [], EVERYBODY_WITH_POST),
    "item_detail": (
        lambda house: [house.item.pk],
        ("office", "lead", "leader", "doer", "supervisor", "administrator"),
    ),
    "item_assign": (lambda house: [house.item.pk], ("office", "lead")),
    "item_split": (lambda house: [house.item.pk], ("office", "lead")),
    "items_export": (lambda house: [], EVERYBODY_WITH_POST),
    "my_work": (lambda house: [], EVERYBODY_WITH_POST),
    "overview": (lambda house: [], EVERYBODY_WITH_POST),
    "notice_list": (lambda house: [], EVERYBODY_WITH_POST),
    "template_list": (lambda house: [], EVERYBODY_WITH_POST),
}


class TestOpening:
    @pytest.mark.parametrize("who", [*EVERYBODY_WITH_POST, "nobody"])
    @pytest.mark.parametrize("name", PAGES)
    def test_a_page_opens_to_those_it_is_for(self, house: House, name: str, who: str) -> None:
        arguments, allowed = PAGES[name]
        response = house.browser(who).get(reverse(f"workplans:staff:{name}", args=arguments(house)))
        assert response.status_code == (YES if who in allowed else NO)

    @pytest.mark.parametrize("name", PAGES)
    def test_a_stranger_is_sent_to_sign_in(self, house: House, name: str) -> None:
        arguments, _ = PAGES[name]
        response = house.browser("anonymous").get(reverse(f"workplans:staff:{name}", args=arguments(house)))
        assert response.status_code == SIGN_IN
        assert "/admin/login/" in response["Location"]

    @pytest.mark.parametrize(
        "name", ["plan_detail", "item_detail", "item_assign", "item_split", "notice_detail", "import_preview"]
    )
    def test_what_does_not_exist_is_not_found(self, house: House, name: str) -> None:
        assert house.browser("office").get(reverse(f"workplans:staff:{name}", args=[9_999_999])).status_code == GONE

    def test_an_unknown_verb_is_not_found(self, house: House) -> None:
        address = reverse("workplans:staff:item_do", args=[house.item.pk, "explode"])
        assert house.browser("office").post(address).status_code == GONE

    def test_the_short_address_leads_to_the_plans(self, house: House) -> None:
        response = house.browser("office").get("/admin/workplans/")
        assert response["Location"] == reverse("workplans:staff:plan_list")


class TestDoing:
    STEPS = ("start", "report", "submit", "accept", "return", "close", "reopen", "change_due", "cancel")

    @pytest.mark.parametrize("step", STEPS)
    @pytest.mark.parametrize("who", ["other", "supervisor", "administrator", "nobody"])
    def test_people_who_do_not_work_on_an_item_cannot_move_it(self, house: House, who: str, step: str) -> None:
        address = reverse("workplans:staff:item_do", args=[house.item.pk, step])
        words = {f"{step}-text": "已经办好", f"{step}-reason": "有理由", f"{step}-due_on": "2030-01-01"}
        assert house.browser(who).post(address, words).status_code == NO
        assert house.again().state == "assigned"

    @pytest.mark.parametrize("name", ["plan_publish", "plan_unpublish", "plan_archive", "plan_activate"])
    @pytest.mark.parametrize("who", ["lead", "leader", "doer", "supervisor"])
    def test_only_the_keeper_changes_a_plan(self, house: House, who: str, name: str) -> None:
        words = {"visibility": "progress", "unpublish-reason": "有误", "archive-reason": "年度结束"}
        response = house.browser(who).post(reverse(f"workplans:staff:{name}", args=[house.plan.pk]), words)
        assert response.status_code == NO
        house.plan.refresh_from_db()
        assert (house.plan.visibility, house.plan.state) == ("hidden", "active")

    @pytest.mark.parametrize("name", ["plan_publish", "item_do", "items_bulk", "evidence_add", "import_save"])
    def test_nothing_is_done_by_looking(self, house: House, name: str) -> None:
        arguments = {"plan_publish": [house.plan.pk], "item_do": [house.item.pk, "start"], "items_bulk": []}
        address = reverse(f"workplans:staff:{name}", args=arguments.get(name, [house.item.pk]))
        assert house.browser("office").get(address).status_code == 405


class TestSidebar:
    OURS = ("工作要点", "任务台账", "我的任务", "各单位进度", "督办单")

    @pytest.mark.parametrize(
        ("who", "hidden"),
        [
            ("office", set()),
            ("lead", {"各单位进度"}),
            ("doer", {"各单位进度"}),
            ("supervisor", {"我的任务"}),
            ("nobody", set(OURS)),
        ],
    )
    def test_shows_what_is_of_use(self, house: House, who: str, hidden: set[str]) -> None:
        request = RequestFactory().get("/admin/")
        request.user = house.people[who]
        request.actor = actor_get(user=request.user, today=today())
        labels = [item.label for item in admin_menu.menu_items_for_request(request)]
        assert [name for name in labels if name in self.OURS] == [name for name in self.OURS if name not in hidden]
