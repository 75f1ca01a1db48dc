"""The audit screen by role, the public page of anchors, and the trail inside other pages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import Client
from tests.kernel.people import make_person, make_place, signed_in

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit import selectors, services


@pytest.fixture
def entries(db: None, actor: Actor, now: datetime) -> None:
    services.record_many(
        actor=actor,
        entries=[
            {
                "action": "audittest.thing.change",
                "target_type": "audittest.thing",
                "target_id": number,
                "summary": f"修改第 {number} 件",
                "details": {"名称": "<新>"},
            }
            for number in range(1, 121)
        ],
        now=now,
    )


@pytest.mark.django_db
class TestEntryListScreen:
    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("where", ["office", "bureau"])
    def test_opens_to_those_who_may_see_everything(self, role: Role, where: str) -> None:
        place = make_place()
        client = signed_in(make_person(role, getattr(place, where)))
        top_office = where == "office" and role in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)
        allowed = top_office or role in (Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR)
        assert client.get("/admin/audit/").status_code == (200 if allowed else 403)

    def test_sends_visitors_to_sign_in(self) -> None:
        response = Client().get("/admin/audit/")
        assert response.status_code == 302
        assert "login" in response["Location"]

    def test_shows_pages_with_a_constant_number_of_queries(self, entries: None, django_assert_max_num_queries) -> None:
        client = signed_in(make_person(Role.SUPERVISOR, make_place().office))
        client.get("/admin/audit/")
        with django_assert_max_num_queries(28):  # three of them read the rights on pages for the menu
            page = client.get("/admin/audit/?page=2").content.decode()
        assert "修改第 70 件" in page
        assert f"共 {selectors.chain_head()[0]} 条" in page
        assert "补记于" in page

    def test_narrows_by_object_and_word(self, entries: None) -> None:
        client = signed_in(make_person(Role.SUPERVISOR, make_place().office))
        page = client.get("/admin/audit/?target_type=audittest.thing&target_id=7").content.decode()
        assert "修改第 7 件" in page
        assert "修改第 8 件" not in page
        assert "没有符合条件的记录" in client.get("/admin/audit/?words=没有这个词").content.decode()

    def test_says_when_days_are_in_the_wrong_order(self, entries: None) -> None:
        client = signed_in(make_person(Role.SUPERVISOR, make_place().office))
        assert "起始日期晚于截止日期" in client.get("/admin/audit/?first=2026-03-02&last=2026-03-01").content.decode()

    def test_shows_one_entry_escaped_and_checked(self, entries: None) -> None:
        client = signed_in(make_person(Role.SUPERVISOR, make_place().office))
        page = client.get("/admin/audit/5/").content.decode()
        assert "内容与摘要值相符" in page
        assert "&lt;新&gt;" in page
        assert client.get("/admin/audit/500/").status_code == 404


@pytest.mark.django_db
class TestAnchorPage:
    def test_is_public_and_tells_how_to_check(self, entries: None) -> None:
        last = services.Entry.objects.order_by("-sequence").first()
        services.anchors_make(now=last.recorded_at + timedelta(days=1))
        page = Client().get("/audit/anchors/")
        assert page.status_code == 200
        assert last.digest in page.content.decode()
        assert "怎样核对" in page.content.decode()
        assert Client().get("/audit/anchors/anchors.json").json()["anchors"][0]["digest"] == last.digest

    def test_says_when_there_is_none_yet(self) -> None:
        assert "还没有锚点" in Client().get("/audit/anchors/").content.decode()


@pytest.mark.django_db
class TestAuditTrailTag:
    def render(self, target_id: int) -> str:
        template = Template('{% load gk_audit %}{% gk_audit_trail "audittest.thing" target_id %}')
        return template.render(Context({"target_id": target_id}))

    def test_lists_the_history_of_one_object_in_one_query(self, entries: None, django_assert_num_queries) -> None:
        with django_assert_num_queries(1):
            shown = self.render(7)
        assert "修改试验品" in shown
        assert "修改第 7 件" in shown

    def test_says_when_nothing_happened_yet(self) -> None:
        assert "还没有办理记录" in self.render(7)
