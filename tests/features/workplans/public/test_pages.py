"""What everybody sees of a plan: what its owner shows, and not a word more."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.features.workplans.models import WorkPlan
from tests.features.workplans.staff.conftest import House, ahead, page_of


def url(name: str, *args: Any) -> str:
    return reverse(f"workplans:public:{name}", args=args)


def show(house: House, visibility: str = "progress") -> None:
    """Put the plan before the public."""
    WorkPlan.objects.filter(pk=house.plan.pk).update(visibility=visibility, published_at=timezone.now())


def report(house: House, text: str) -> None:
    """Let education report progress."""
    address = reverse("workplans:staff:item_do", args=[house.item.pk, "report"])
    house.browser("doer").post(address, {"report-text": text, "report-percent": "30"})


class TestHidden:
    @pytest.mark.parametrize("name", ["plan_detail", "plan_data"])
    def test_plan_does_not_exist_for_the_public(self, house: House, name: str) -> None:
        assert Client().get(url(name, house.plan.pk)).status_code == 404
        assert house.browser("office").get(url(name, house.plan.pk)).status_code == 404
        assert house.plan.title not in page_of(Client().get(url("plan_list")))

    def test_again_after_it_was_taken_back(self, house: House) -> None:
        show(house)
        address = reverse("workplans:staff:plan_unpublish", args=[house.plan.pk])
        house.browser("office").post(address, {"unpublish-reason": "数据有误"})
        assert Client().get(url("plan_detail", house.plan.pk)).status_code == 404

    def test_list_says_so_when_nothing_is_public(self, house: House) -> None:
        assert "还没有公开的方案" in page_of(Client().get(url("plan_list")))


class TestShown:
    def test_with_progress_and_units(self, house: House) -> None:
        show(house)
        assert house.plan.title in page_of(Client().get(url("plan_list")))
        page = page_of(Client().get(url("plan_detail", house.plan.pk)))
        for words in (house.item.title, house.world.education.display_name, "正常推进", "0%"):
            assert words in page

    def test_notes_only_where_the_owner_shows_them(self, house: House) -> None:
        report(house, "已经收集各单位数据")
        show(house)
        for name in ("plan_detail", "plan_data"):
            assert "已经收集各单位数据" not in page_of(Client().get(url(name, house.plan.pk)))
        show(house, "progress_and_notes")
        for name in ("plan_detail", "plan_data"):
            assert "已经收集各单位数据" in page_of(Client().get(url(name, house.plan.pk)))

    def test_without_anything_of_the_staff(self, house: House) -> None:
        report(house, "内部进展")
        address = reverse("workplans:staff:item_do", args=[house.item.pk, "cancel"])
        canceled = house.world.item(house.plan, lead=house.world.finance, title="取消了的事")
        house.browser("office").post(address.replace(str(house.item.pk), str(canceled.pk)), {"cancel-reason": "撤销"})
        show(house)
        for name in ("plan_detail", "plan_data"):
            page = page_of(Client().get(url(name, house.plan.pk)))
            for secret in (house.people["doer"].display_name, "/admin/workplans", "撤销", "取消了的事", "内部进展"):
                assert secret not in page, (name, secret)

    def test_narrowed_by_light_without_script(self, house: House) -> None:
        house.world.item(house.plan, lead=house.world.finance, due_on=ahead(-3), title="逾期的事")
        show(house)
        page = page_of(Client().get(url("plan_detail", house.plan.pk), {"light": "overdue"}))
        assert "逾期的事" in page
        assert house.item.title not in page
        assert "没有这种进展的任务" in page_of(Client().get(url("plan_detail", house.plan.pk), {"light": "done"}))
        assert house.item.title in page_of(Client().get(url("plan_detail", house.plan.pk), {"light": "canceled"}))

    def test_with_as_many_questions_to_the_database_for_many_items(
        self,
        house: House,
        django_assert_num_queries: Any,
    ) -> None:
        show(house, "progress_and_notes")
        Client().get(url("plan_detail", house.plan.pk))
        with CaptureQueriesContext(connection) as few:
            Client().get(url("plan_detail", house.plan.pk))
        for _ in range(20):
            house.world.item(house.plan, lead=house.world.finance)
        with django_assert_num_queries(len(few)):
            Client().get(url("plan_detail", house.plan.pk))


class TestOpenData:
    def test_has_the_rows_of_the_page(self, house: House) -> None:
        show(house)
        response = Client().get(url("plan_data", house.plan.pk))
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        head, row = csv.reader(StringIO(response.content.decode("utf-8-sig")))
        found = dict(zip(head, row, strict=True))
        assert found["任务"] == house.item.title
        assert found["完成时限"] == house.item.due_on.isoformat()
        assert found["进展"] == "正常推进"

    def test_lets_no_spreadsheet_run_a_cell(self, house: House) -> None:
        house.world.item(house.plan, lead=house.world.finance, title='=HYPERLINK("http://x")')
        show(house)
        text = Client().get(url("plan_data", house.plan.pk)).content.decode("utf-8-sig")
        titles = [row[2] for row in csv.reader(StringIO(text))]
        assert '\'=HYPERLINK("http://x")' in titles
