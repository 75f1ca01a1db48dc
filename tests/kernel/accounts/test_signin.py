"""Signing in through the page: lock-out, first password, time-out, and what goes on record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.kernel.accounts import services, web
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from tests.kernel.people import Place, make_place

PASSWORD = "Qing-Xi-2026!"
SYSTEM = Actor.system("测试")


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


@pytest.fixture
def person(place: Place) -> User:
    user, _ = services.user_create(
        actor=SYSTEM,
        username="zhangsan",
        display_name="张三",
        encoded_password=make_password(PASSWORD),
        must_change_password=False,
        now=timezone.now(),
    )
    services.post_grant(
        actor=SYSTEM,
        user_id=user.pk,
        unit_id=place.bureau.pk,
        role=Role.DRAFTER,
        from_on=date(2020, 1, 1),
        now=timezone.now(),
    )
    return user


def sign_in(client: Client, password: str = PASSWORD, username: str = "zhangsan") -> HttpResponse:
    return client.post(reverse("wagtailadmin_login"), {"username": username, "password": password})


def actions() -> list[str]:
    found = Entry.objects.filter(action__startswith="accounts.session").order_by("sequence")
    return [entry.action.rpartition(".")[2] for entry in found]


class TestSignIn:
    def test_goes_to_the_workbench_and_on_record(self, person: User) -> None:
        answer = sign_in(Client())
        assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_home"))
        entry = Entry.objects.get(action="accounts.session.sign_in")
        assert (entry.actor_id, entry.details["address"]) == (person.pk, "127.0.0.1")

    def test_a_name_that_nobody_has_is_not_written_down(self, person: User) -> None:
        sign_in(Client(), username="MyPassword!")
        entry = Entry.objects.get(action="accounts.session.failed")
        assert "MyPassword" not in f"{entry.summary} {entry.details} {entry.target_id}"


class TestLockOut:
    def test_five_failures_lock_the_account_for_the_address_and_the_page_says_so(self, person: User) -> None:
        client = Client()
        for _ in range(4):
            assert sign_in(client, "wrong").status_code == 200
        assert sign_in(client, "wrong").status_code == settings.AXES_HTTP_RESPONSE_CODE
        for _ in range(3):
            locked = sign_in(client)
        assert locked.status_code == settings.AXES_HTTP_RESPONSE_CODE
        text = locked.content.decode()
        assert "暂时锁定" in text
        assert "15 分钟" in text
        assert actions() == ["failed"] * 5 + ["locked"]

    def test_another_address_is_not_locked(self, person: User) -> None:
        for _ in range(5):
            sign_in(Client(), "wrong")
        assert sign_in(Client(REMOTE_ADDR="10.0.0.9")).status_code == 302

    def test_a_success_starts_counting_anew(self, person: User) -> None:
        client = Client()
        for _ in range(4):
            sign_in(client, "wrong")
        assert sign_in(Client()).status_code == 302
        assert sign_in(Client(), "wrong").status_code == 200

    def test_a_second_lock_out_after_a_reset_is_on_record_too(self, person: User) -> None:
        for _ in range(5):
            sign_in(Client(), "wrong")
        services.password_reset(actor=SYSTEM, user_id=person.pk, now=timezone.now())
        for _ in range(5):
            sign_in(Client(), "wrong")
        assert actions().count("locked") == 2

    def test_resetting_the_password_lifts_it(self, person: User) -> None:
        for _ in range(5):
            sign_in(Client(), "wrong")
        secret = services.password_reset(actor=SYSTEM, user_id=person.pk, now=timezone.now())
        assert sign_in(Client(), secret).status_code == 302

    def test_the_lock_ends_by_itself(self) -> None:
        assert timedelta(minutes=15) == settings.AXES_COOLOFF_TIME


class TestFirstPassword:
    @pytest.fixture
    def client_with_one_time_password(self, person: User) -> Client:
        secret = services.password_reset(actor=SYSTEM, user_id=person.pk, now=timezone.now())
        client = Client()
        sign_in(client, secret)
        client.secret = secret  # type: ignore[attr-defined]
        return client

    def test_every_page_leads_to_choosing_one(self, client_with_one_time_password: Client) -> None:
        change = reverse("accounts:staff:password_change")
        for name in ("wagtailadmin_home", "orgs:staff:unit_list"):
            answer = client_with_one_time_password.get(reverse(name))
            assert answer["Location"].split("?")[0] == change
        text = client_with_one_time_password.get(change).content.decode()
        assert "一次性密码" in text
        assert "三种" in text

    def test_then_goes_on_where_one_was(self, client_with_one_time_password: Client) -> None:
        client = client_with_one_time_password
        url = reverse("accounts:staff:password_change")
        new = {"old": client.secret, "new": "Dong-Wan-77", "repeat": "Dong-Wan-77"}  # type: ignore[attr-defined]
        to = reverse("orgs:staff:unit_list")
        assert client.post(url, {**new, "repeat": "else"}).status_code == 422
        assert client.post(url, {**new, "old": "wrong", "next": to}).status_code == 422
        answer = client.post(url, {**new, "next": to})
        assert answer["Location"] == to
        assert client.get(to).status_code == 200

    def test_does_not_lead_to_another_site(self, client_with_one_time_password: Client) -> None:
        client = client_with_one_time_password
        new = {"old": client.secret, "new": "Dong-Wan-77", "repeat": "Dong-Wan-77"}  # type: ignore[attr-defined]
        answer = client.post(reverse("accounts:staff:password_change"), {**new, "next": "https://evil.example/"})
        assert answer["Location"] == reverse("wagtailadmin_home")


class TestSession:
    def test_ends_after_a_time_without_a_page(self, person: User) -> None:
        client = Client()
        sign_in(client)
        assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
        session = client.session
        session.set_expiry(-1)
        session.save()
        answer = client.get(reverse("orgs:staff:unit_list"))
        assert answer["Location"].startswith(reverse("wagtailadmin_login"))

    def test_begins_anew_with_a_page_but_is_not_written_with_every_page(
        self, person: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client, url, started = Client(), reverse("orgs:staff:unit_list"), 1_800_000_000.0

        def ends() -> datetime:
            return Session.objects.get().expire_date

        def page_after(seconds: float) -> HttpResponse:
            monkeypatch.setattr(web.time, "time", lambda: started + seconds)
            return client.get(url)

        monkeypatch.setattr(web.time, "time", lambda: started)
        sign_in(client)
        first = ends()
        apart = settings.SESSION_COOKIE_AGE // web.SIXTIETH
        with CaptureQueriesContext(connection) as asked:
            soon = page_after(apart - 1)
        assert settings.SESSION_COOKIE_NAME not in soon.cookies
        assert not [one for one in asked if one["sql"].startswith("UPDATE")]
        assert ends() == first
        assert settings.SESSION_COOKIE_NAME in page_after(apart).cookies
        assert ends() > first
        second = ends()
        page_after(2 * apart - 1)
        assert ends() == second

    def test_is_not_read_for_a_page_that_does_not_ask_who_is_there(self, person: User) -> None:
        client = Client()
        sign_in(client)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/robots.txt").status_code == 200
        assert not [one for one in asked if "django_session" in one["sql"]]

    def test_a_post_that_ended_yesterday_gives_nothing_today(self, person: User) -> None:
        client = Client()
        sign_in(client)
        assert client.get(reverse("orgs:staff:unit_list")).status_code == 200
        Post.objects.update(until_on=timezone.localdate() - timedelta(days=1))
        for name in ("wagtailadmin_home", "orgs:staff:unit_list"):
            answer = client.get(reverse(name))
            assert answer.status_code == 403
            assert "没有任何在任岗位" in answer.content.decode()

    def test_a_deactivated_person_is_out_at_once(self, person: User) -> None:
        client = Client()
        sign_in(client)
        services.user_deactivate(actor=SYSTEM, user_id=person.pk, now=timezone.now())
        assert client.get(reverse("orgs:staff:unit_list")).status_code == 302
        assert sign_in(Client()).status_code == 200
