"""The inbox through HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from tests.kernel.people import actor_of, make_person, make_place, signed_in

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.notices import selectors, services
from gongkai.kernel.notices.kinds import register_kinds
from gongkai.kernel.notices.models import Notice

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
KIND = "noticetest.reminder"
register_kinds({KIND: "试验提醒"})


@pytest.fixture
def person(db: None) -> User:
    return make_person(Role.DRAFTER, make_place().bureau, email="p@example.cn")


def send(person: User, number: int = 1, **changes: object) -> None:
    for n in range(number):
        content = {"kind": KIND, "title": f"第 {n} 号", "body": "<b>正文</b>", "url": "/admin/", "now": NOW}
        services.notice_send(recipients=[person.id], dedupe_key=f"k{n}", **{**content, **changes})


class TestInbox:
    @pytest.mark.parametrize("role", list(Role))
    def test_opens_to_every_role(self, db: None, role: Role) -> None:
        client = signed_in(make_person(role, make_place().bureau))
        page = client.get("/admin/notices/")
        assert page.status_code == 200
        assert "还没有通知" in page.content.decode()

    def test_is_closed_to_visitors_and_people_without_a_post(self, db: None) -> None:
        assert Client().get("/admin/notices/").status_code == 302
        assert Client().post("/admin/notices/read/").status_code == 302

    def test_shows_ones_own_notices_escaped_in_constant_queries(
        self, person: User, django_assert_max_num_queries
    ) -> None:
        send(person, 45)
        client = signed_in(person)
        client.get("/admin/notices/")
        with django_assert_max_num_queries(25):
            page = client.get("/admin/notices/").content.decode()
        assert "共 45 条" in page
        assert "&lt;b&gt;正文" in page
        assert "试验提醒" in page

    def test_narrows_to_unread(self, person: User) -> None:
        send(person, 2)
        services.notice_mark_read(actor=actor_of(person), notice_ids=[Notice.objects.get(title="第 0 号").id], now=NOW)
        page = signed_in(person).get("/admin/notices/?state=unread").content.decode()
        assert "第 1 号" in page
        assert "第 0 号" not in page

    def test_marks_chosen_ones_then_all_read(self, person: User) -> None:
        send(person, 3)
        client = signed_in(person)
        client.post("/admin/notices/read/", {"notice": [Notice.objects.first().id, "x", "²", "9" * 40]})
        assert selectors.notice_unread_count(actor=actor_of(person)) == 2
        client.post("/admin/notices/read/", {"all": "1"})
        assert selectors.notice_unread_count(actor=actor_of(person)) == 0

    def test_says_when_nothing_was_chosen(self, person: User) -> None:
        send(person)
        page = signed_in(person).post("/admin/notices/read/", {}, follow=True).content.decode()
        assert "没有选中任何通知" in page

    def test_changes_nothing_by_a_link(self, person: User) -> None:
        assert signed_in(person).get("/admin/notices/read/").status_code == 405


class TestOpen:
    def test_marks_read_and_goes_there(self, person: User) -> None:
        send(person, url="/admin/ledger/7/")
        response = signed_in(person).post(f"/admin/notices/{Notice.objects.get().id}/open/")
        assert response["Location"] == "/admin/ledger/7/"
        assert Notice.objects.get().read_at is not None

    def test_never_leads_to_another_site(self, person: User) -> None:
        send(person, url="//evil.example/x")
        response = signed_in(person).post(f"/admin/notices/{Notice.objects.get().id}/open/")
        assert response["Location"] == "/admin/notices/"

    def test_keeps_other_peoples_notices_closed(self, person: User) -> None:
        send(person)
        other = make_person(Role.SYSTEM_ADMINISTRATOR, make_place().office)
        assert signed_in(other).post(f"/admin/notices/{Notice.objects.get().id}/open/").status_code == 404
        assert Notice.objects.get().read_at is None


class TestEmailPreferences:
    def test_keeps_what_was_not_chosen(self, person: User) -> None:
        client = signed_in(person)
        assert "p@example.cn" in client.get("/admin/notices/email/").content.decode()
        client.post("/admin/notices/email/", {"wanted": []})
        assert KIND in selectors.email_opt_outs(actor=actor_of(person))
        client.post("/admin/notices/email/", {"wanted": [KIND]})
        assert KIND not in selectors.email_opt_outs(actor=actor_of(person))

    def test_says_when_no_mail_is_sent(self, person: User, settings) -> None:
        settings.EMAIL_BACKEND = services.NO_EMAIL
        assert "没有配置邮件服务" in signed_in(person).get("/admin/notices/email/").content.decode()


class TestUnreadBadge:
    def render(self, actor: Actor) -> str:
        request = RequestFactory().get("/")
        request.actor = actor
        return Template("{% load gk_notices %}{% gk_unread_badge %}").render(Context({"request": request}))

    def test_counts_in_words(self, person: User) -> None:
        send(person, 2)
        shown = self.render(actor_of(person))
        assert ">2<" in shown
        assert "条未读" in shown

    def test_is_quiet_without_unread_notices(self, person: User) -> None:
        assert "条未读" not in self.render(actor_of(person))
        assert "条未读" not in self.render(Actor.anonymous())
