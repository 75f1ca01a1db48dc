"""The ledger's list, its export, and one action on many items."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.domain.ledger import State
from gongkai.features.workplans import selectors
from gongkai.features.workplans.models import SupervisionNotice, WorkItem
from gongkai.kernel.jobs.testing import run_jobs
from tests.features.workplans.staff.conftest import House, ahead, page_of


def url(name: str, *args: Any) -> str:
    return reverse(f"workplans:staff:{name}", args=args)


LIST = "/admin/workplans/items/"


class TestList:
    def test_shows_each_person_what_is_theirs(self, house: House) -> None:
        own = house.world.item(house.plan, responsible=house.world.justice, title="司法局的事")
        assert own.title not in page_of(house.browser("doer").get(LIST))
        assert house.item.title in page_of(house.browser("doer").get(LIST))
        for who in ("office", "supervisor"):
            page = page_of(house.browser(who).get(LIST))
            assert own.title in page
            assert house.item.title in page

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("lights=overdue", True),
            ("lights=on_track", False),
            ("states=assigned", True),
            ("states=closed", False),
            ("states=assigned,in_progress", True),
            ("text=晚了", True),
            ("text=没有这几个字", False),
            ("unassigned=on", False),
            ("due_from=2000-01-01", True),
            ("due_to=2000-01-01", False),
            ("mine=on", False),
            ("kind=senseless&year=abc&plan_id=-1&page=x&order=?", True),
        ],
    )
    def test_is_narrowed(self, house: House, query: str, shown: bool) -> None:
        late = house.world.item(house.plan, lead=house.world.finance, due_on=ahead(-3), title="晚了的事")
        page = page_of(house.browser("supervisor").get(f"{LIST}?{query}"))
        assert (late.title in page) is shown

    def test_keeps_every_condition_when_a_light_is_chosen(self, house: House) -> None:
        page = page_of(house.browser("office").get(f"{LIST}?plan_id={house.plan.pk}&text=预算"))
        assert f"?plan_id={house.plan.pk}&amp;text=%E9%A2%84%E7%AE%97&amp;lights=overdue" in page

    def test_says_that_nothing_fits(self, house: House) -> None:
        page = page_of(house.browser("office").get(f"{LIST}?text=没有这几个字"))
        assert "没有符合条件的任务" in page

    def test_has_pages(self, house: House) -> None:
        for _ in range(55):
            house.world.item(house.plan, lead=house.world.finance)
        page = page_of(house.browser("office").get(f"{LIST}?page=2&order=plan"))
        assert page.count("data-gk-bulk-row") == 6

    @pytest.mark.parametrize("who", ["office", "doer"])
    def test_asks_the_database_as_often_for_many_items(
        self, house: House, who: str, django_assert_num_queries: Any
    ) -> None:
        house.world.item(house.plan, lead=house.world.finance, responsible=house.world.group("各乡镇人民政府"))
        browser = house.browser(who)
        browser.get(LIST)
        with CaptureQueriesContext(connection) as few:
            browser.get(LIST)
        for n in range(30):
            house.world.item(house.plan, lead=house.world.finance, responsible=house.world.education, number=str(n))
        with django_assert_num_queries(len(few)):
            browser.get(LIST)


class TestExport:
    def test_has_the_narrowed_list_and_nothing_else(self, house: House) -> None:
        house.world.item(house.plan, responsible=house.world.justice, title="司法局的事")
        response = house.browser("doer").get(url("items_export"), {"plan_id": house.plan.pk})
        sheet = load_workbook(BytesIO(response.content)).active
        titles = [row[5].value for row in sheet.iter_rows(min_row=2)]
        assert titles == [house.item.title]
        assert "attachment" in response["Content-Disposition"]
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_long_one_is_asked_for_and_shown_while_it_is_written(self, house: House, monkeypatch: Any) -> None:
        monkeypatch.setattr(selectors, "IN_REQUEST", 0)
        doer = house.browser("doer")
        ask = page_of(doer.get(url("items_export"), {"plan_id": house.plan.pk}))
        assert "在后台生成" in ask and f"?plan_id={house.plan.pk}" in ask
        answer = doer.post(f"{url('items_export')}?plan_id={house.plan.pk}")
        assert "刷新" in page_of(doer.get(answer["Location"]))
        assert house.browser("office").get(answer["Location"]).status_code == 404
        run_jobs()
        assert "下载" in page_of(doer.get(answer["Location"]))
        assert "已完成" in page_of(doer.get(url("export_list")))


class TestBulk:
    def test_asks_for_a_reason_before_it_does_anything(self, house: House) -> None:
        house.stand(State.SUBMITTED)
        page = page_of(house.browser("office").post(url("items_bulk"), {"action": "return", "item": [house.item.pk]}))
        assert house.item.title in page
        assert "理由" in page
        assert house.again().state == "submitted"

    def test_tells_what_was_done_and_why_the_rest_was_not(self, house: House) -> None:
        house.stand(State.SUBMITTED)
        other = house.world.item(house.plan, lead=house.world.finance, title="还没有报结的事")
        data = {"action": "return", "item": [house.item.pk, other.pk], "confirmed": "1", "reason": "材料不全"}
        page = page_of(house.browser("office").post(url("items_bulk"), data))
        assert house.again().state == "returned"
        assert "1 项已办理" in page
        assert "1 项没有办理" in page
        assert "不能退回" in page

    def test_keeps_what_was_typed_when_something_is_missing(self, house: House) -> None:
        data = {"action": "change_due", "item": [house.item.pk], "confirmed": "1", "reason": "上级要求", "due_on": ""}
        response = house.browser("office").post(url("items_bulk"), data)
        assert response.status_code == 422
        assert "上级要求" in page_of(response)

    def test_changes_many_dates(self, house: House) -> None:
        day = ahead(200)
        data = {"action": "change_due", "item": [house.item.pk], "confirmed": "1", "reason": "上级要求"}
        house.browser("office").post(url("items_bulk"), {**data, "due_on": day.isoformat()})
        assert house.again().due_on == day

    def test_supervises_each_responsible_unit(self, house: House) -> None:
        grouped = house.world.item(house.plan, responsible=house.world.group("各乡镇人民政府"))
        data = {
            "action": "supervise",
            "item": [house.item.pk, grouped.pk],
            "confirmed": "1",
            "color": "yellow",
            "reason": "进展缓慢",
            "requirement": "请抓紧办理",
            "answer_due_on": ahead(5).isoformat(),
        }
        page = page_of(house.browser("supervisor").post(url("items_bulk"), data))
        assert "2 项已办理" in page
        assert set(SupervisionNotice.objects.values_list("unit__name", flat=True)) == {
            house.world.education.name,
            house.world.east.name,
            house.world.west.name,
        }

    def test_supervises_nothing_for_people_who_may_not(self, house: House) -> None:
        data = {"action": "supervise", "item": [house.item.pk], "confirmed": "1", "color": "red", "reason": "急"}
        data |= {"requirement": "快", "answer_due_on": ahead(5).isoformat()}
        page = page_of(house.browser("doer").post(url("items_bulk"), data))
        assert "1 项没有办理" in page
        assert not SupervisionNotice.objects.exists()

    def test_does_not_touch_what_the_actor_does_not_see(self, house: House) -> None:
        foreign = house.world.item(house.plan, responsible=house.world.justice, title="司法局的秘密任务")
        data = {"action": "start", "item": [foreign.pk, 9_999_999], "confirmed": "1"}
        page = page_of(house.browser("doer").post(url("items_bulk"), data))
        assert WorkItem.objects.get(pk=foreign.pk).state == "assigned"
        assert "2 项没有办理" in page
        assert foreign.title not in page

    @pytest.mark.parametrize(
        "data", [{}, {"action": "return"}, {"action": "explode", "item": ["1"]}, {"action": "start", "item": ["x"]}]
    )
    def test_wants_items_and_an_action(self, house: House, data: dict[str, Any]) -> None:
        response = house.browser("office").post(url("items_bulk"), data)
        assert response["Location"] == LIST
