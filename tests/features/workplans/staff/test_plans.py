"""The list of plans, a plan's page, and what its keeper does with it."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.domain.ledger import State
from gongkai.features.workplans.models import WorkPlan
from tests.features.workplans.staff.conftest import House, ahead, page_of


def url(name: str, *args: Any) -> str:
    return reverse(f"workplans:staff:{name}", args=args)


class TestPlanList:
    def test_shows_plans_with_progress_and_light(self, house: House) -> None:
        house.world.item(house.plan, lead=house.world.finance, due_on=ahead(-3))
        page = page_of(house.browser("office").get(url("plan_list")))
        assert house.plan.title in page
        assert "0/2" in page
        assert f"plan_id={house.plan.pk}&amp;lights=overdue" in page

    def test_invites_to_import_where_there_is_nothing_yet(self, house: House) -> None:
        WorkPlan.objects.all().update(title="")
        house.item.delete()
        WorkPlan.objects.all().delete()
        page = page_of(house.browser("office").get(url("plan_list")))
        assert "还没有方案" in page
        assert url("plan_upload") in page

    def test_offers_no_import_to_people_who_keep_no_plans(self, house: House) -> None:
        assert url("plan_upload") not in page_of(house.browser("doer").get(url("plan_list")))

    def test_can_be_narrowed(self, house: House) -> None:
        other = house.world.plan(title="青溪县2019年政务公开工作要点", year=2019)
        page = page_of(house.browser("office").get(url("plan_list"), {"year": "2019"}))
        assert other.title in page
        assert house.plan.title not in page
        assert "没有符合条件的方案" in page_of(house.browser("office").get(url("plan_list"), {"text": "不存在"}))

    def test_leaves_a_senseless_filter_out(self, house: House) -> None:
        page = page_of(house.browser("office").get(url("plan_list"), {"year": "去年", "state": "?"}))
        assert house.plan.title in page

    def test_asks_the_database_as_often_for_many_plans(self, house: House, django_assert_num_queries: Any) -> None:
        browser = house.browser("office")
        browser.get(url("plan_list"))
        with CaptureQueriesContext(connection) as few:
            browser.get(url("plan_list"))
        for _ in range(8):
            house.world.item(house.world.plan(), lead=house.world.finance)
        with django_assert_num_queries(len(few)):
            browser.get(url("plan_list"))


class TestPlanPage:
    def test_shows_facts_items_and_schedule(self, house: House) -> None:
        WorkPlan.objects.filter(pk=house.plan.pk).update(
            doc_no="青府办字〔2026〕8号",
            schedule=[{"when": "7月下旬", "from": "2026-07-21", "to": "2026-07-31", "units": ["县司法局"]}],
        )
        house.world.item(house.plan, lead=house.world.finance, path=["一、公开", "（一）财政"])
        page = page_of(house.browser("office").get(url("plan_detail", house.plan.pk)))
        for words in ("青府办字〔2026〕8号", "公开部门预算", "一、公开 › （一）财政", "7月下旬", "县司法局"):
            assert words in page

    def test_has_no_keeper_s_forms_for_others(self, house: House) -> None:
        page = page_of(house.browser("doer").get(url("plan_detail", house.plan.pk)))
        assert "公开与归档" not in page
        assert url("item_add", house.plan.pk) not in page

    def test_narrows_by_light(self, house: House) -> None:
        late = house.world.item(house.plan, lead=house.world.finance, due_on=ahead(-3), title="逾期的事")
        page = page_of(house.browser("office").get(url("plan_detail", house.plan.pk), {"lights": "overdue"}))
        assert late.title in page
        assert house.item.title not in page

    def test_asks_the_database_as_often_for_many_items(self, house: House, django_assert_num_queries: Any) -> None:
        browser = house.browser("office")
        browser.get(url("plan_detail", house.plan.pk))
        with CaptureQueriesContext(connection) as few:
            browser.get(url("plan_detail", house.plan.pk))
        for _ in range(20):
            house.world.item(house.plan, lead=house.world.finance, responsible=house.world.east)
        with django_assert_num_queries(len(few)):
            browser.get(url("plan_detail", house.plan.pk))


class TestKeeping:
    def test_publishes_and_takes_back_with_a_reason(self, house: House) -> None:
        browser = house.browser("office")
        done = browser.post(url("plan_publish", house.plan.pk), {"visibility": "progress_and_notes"}, follow=True)
        assert "公众现在可以看到" in page_of(done)
        house.plan.refresh_from_db()
        assert house.plan.visibility == "progress_and_notes"
        browser.post(url("plan_unpublish", house.plan.pk), {"unpublish-reason": "数据有误"})
        house.plan.refresh_from_db()
        assert house.plan.visibility == "hidden"

    def test_says_why_a_draft_is_not_published(self, house: House) -> None:
        WorkPlan.objects.filter(pk=house.plan.pk).update(state="draft")
        response = house.browser("office").post(url("plan_publish", house.plan.pk), {"visibility": "progress"})
        assert response.status_code == 422
        assert "不能公开" in page_of(response)

    def test_keeps_what_was_typed_when_taking_back_is_refused(self, house: House) -> None:
        response = house.browser("office").post(url("plan_unpublish", house.plan.pk), {"unpublish-reason": "数据有误"})
        assert response.status_code == 422
        assert "数据有误" in page_of(response)
        assert "方案本来就没有公开" in page_of(response)

    def test_archives_with_a_reason_only(self, house: House) -> None:
        browser = house.browser("office")
        assert browser.post(url("plan_archive", house.plan.pk), {"archive-reason": ""}).status_code == 422
        browser.post(url("plan_archive", house.plan.pk), {"archive-reason": "年度结束"})
        house.plan.refresh_from_db()
        assert house.plan.state == "archived"
        page = page_of(browser.get(url("item_detail", house.item.pk)))
        assert "任务不能变动" in page

    def test_starts_a_draft(self, house: House) -> None:
        WorkPlan.objects.filter(pk=house.plan.pk).update(state="draft")
        house.browser("office").post(url("plan_activate", house.plan.pk))
        house.plan.refresh_from_db()
        assert house.plan.state == "active"

    def test_adds_an_item(self, house: House) -> None:
        data = {"title": "领导交办的事", "lead_ids": [house.world.finance.pk], "due_on": ahead(30).isoformat()}
        response = house.browser("office").post(url("item_add", house.plan.pk), data)
        item = house.plan.items.get(title="领导交办的事")
        assert response["Location"] == url("item_detail", item.pk)
        assert item.state == State.ASSIGNED.value

    def test_keeps_what_was_typed_when_the_item_is_refused(self, house: House) -> None:
        WorkPlan.objects.filter(pk=house.plan.pk).update(state="archived", archived_at=timezone.now())
        response = house.browser("office").post(url("item_add", house.plan.pk), {"title": "太晚的事"})
        assert response.status_code == 422
        assert "太晚的事" in page_of(response)
        assert "方案不在执行中" in page_of(response)
