"""Sending notices once, by inbox and by e-mail."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from tests.kernel.people import actor_of, make_person, make_place

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.jobs import queue
from gongkai.kernel.jobs.testing import jobs_waiting, run_jobs
from gongkai.kernel.notices import selectors, services
from gongkai.kernel.notices.kinds import kind_label, register_kinds
from gongkai.kernel.notices.models import Notice

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
KIND = "noticetest.reminder"
register_kinds({KIND: "试验提醒"})


def send(recipients: list[int], key: str = "a", **changes: object) -> int:
    content = {"kind": KIND, "title": "快到期了", "body": "还有 3 个工作日。", "url": "/admin/x/1/", "now": NOW}
    return services.notice_send(recipients=recipients, dedupe_key=key, **{**content, **changes})


@pytest.fixture
def people(db: None) -> list[User]:
    place = make_place()
    return [make_person(Role.DRAFTER, place.bureau, email=f"p{n}@example.cn") for n in range(3)]


class TestNoticeSend:
    def test_reaches_everybody_once(self, people: list[User]) -> None:
        ids = [person.id for person in people]
        assert send([*ids, ids[0]]) == 3
        assert send(ids) == 0
        assert send(ids, key="b") == 3
        assert Notice.objects.count() == 6

    def test_reaches_those_who_were_left_out_before(self, people: list[User]) -> None:
        send([people[0].id])
        assert send([person.id for person in people]) == 2

    def test_skips_people_who_have_left_and_unknown_numbers(self, people: list[User]) -> None:
        User.objects.filter(id=people[0].id).update(is_active=False)
        assert send([people[0].id, people[1].id, 999_999]) == 1

    def test_of_nobody_does_nothing(self, db: None) -> None:
        assert send([]) == 0

    def test_shortens_a_title_that_is_too_long(self, people: list[User]) -> None:
        send([people[0].id], title="长" * 300)
        title = Notice.objects.get().title
        assert (len(title), title[-1]) == (200, "…")

    def test_refuses_an_unknown_level(self, people: list[User]) -> None:
        with pytest.raises(ValueError, match="loud"):
            send([people[0].id], level="loud")

    def test_takes_a_constant_number_of_statements_without_email(
        self, people: list[User], django_assert_num_queries
    ) -> None:
        with django_assert_num_queries(5):  # savepoint twice, people, who declined, insert
            send([person.id for person in people], email=False)


class TestEmail:
    @pytest.fixture(autouse=True)
    def now(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("gongkai.kernel.notices.tasks.timezone.now", lambda: NOW)

    def test_follows_as_a_job(self, people: list[User]) -> None:
        send([people[0].id])
        assert mail.outbox == []
        assert run_jobs() == ["notices.email"]
        [message] = mail.outbox
        assert (message.subject, message.to) == ("快到期了", ["p0@example.cn"])
        assert "http://127.0.0.1:8000/admin/x/1/" in message.body
        assert "试验提醒" in message.body
        assert Notice.objects.get().emailed_at is not None

    def test_is_not_sent_twice(self, people: list[User]) -> None:
        send([people[0].id])
        notice = Notice.objects.get()
        assert services.notice_email(notice_id=notice.id, now=NOW) is True
        assert services.notice_email(notice_id=notice.id, now=NOW) is False
        run_jobs()
        assert len(mail.outbox) == 1

    def test_is_not_sent_to_those_who_declined_the_kind(self, people: list[User]) -> None:
        services.email_preferences_set(actor=actor_of(people[0]), declined={KIND, "unknown"})
        assert selectors.email_opt_outs(actor=actor_of(people[0])) == {KIND}
        send([people[0].id, people[1].id])
        assert len(jobs_waiting()) == 1
        services.email_preferences_set(actor=actor_of(people[0]), declined=())
        assert selectors.email_opt_outs(actor=actor_of(people[0])) == set()

    def test_is_not_deferred_when_unwanted_or_without_address_or_mail_server(
        self, people: list[User], settings
    ) -> None:
        send([people[0].id], email=False)
        User.objects.filter(id=people[1].id).update(email="")
        send([people[1].id])
        settings.EMAIL_BACKEND = services.NO_EMAIL
        send([people[2].id])
        assert jobs_waiting() == []

    def test_a_subject_stays_on_one_line(self, people: list[User]) -> None:
        send([people[0].id], title="第一行\r\nBcc: other@example.cn")
        run_jobs()
        assert mail.outbox[0].subject == "第一行 Bcc: other@example.cn"
        assert mail.outbox[0].recipients() == ["p0@example.cn"]

    def test_a_refusing_server_leaves_the_notice_to_be_tried_again(self, people: list[User], monkeypatch) -> None:
        def refuse(self: object) -> None:
            raise smtplib.SMTPServerDisconnected("gone")

        send([people[0].id])
        monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            run_jobs()
        assert Notice.objects.get().emailed_at is None
        assert queue.definitions()["notices.email"].retries == 8


class TestOldNotices:
    """They stay in the inbox; nobody wants hundreds of old e-mails on the day the mail server is set up."""

    @pytest.mark.parametrize(
        ("days", "since", "wanted"),
        [(3, timedelta(days=3), True), (3, timedelta(days=3, seconds=1), False), (0, timedelta(days=900), True)],
        ids=["in-time", "too-old", "no-limit"],
    )
    def test_what_a_listener_hears_of_late_is_not_mailed(
        self, people: list[User], settings, days: int, since: timedelta, wanted: bool
    ) -> None:
        settings.NOTICE_EMAIL_DAYS = days
        assert send([people[0].id], happened_at=NOW - since) == 1
        assert Notice.objects.get().email_wanted is wanted
        assert len(jobs_waiting()) == int(wanted)

    def test_what_waited_too_long_for_a_worker_or_the_mail_server_is_not_mailed_any_more(
        self, people: list[User], settings
    ) -> None:
        settings.NOTICE_EMAIL_DAYS = 3
        for key in ("a", "b"):
            send([people[0].id], key)
        first, second = Notice.objects.order_by("id")
        assert services.notice_email(notice_id=first.id, now=NOW + timedelta(days=3)) is True
        assert services.notice_email(notice_id=second.id, now=NOW + timedelta(days=4)) is False
        second.refresh_from_db()
        assert (second.email_wanted, second.emailed_at, len(mail.outbox)) == (False, None, 1)
        assert selectors.notice_unread_count(actor=actor_of(people[0])) == 2

    def test_setting_up_mail_sends_nothing_of_what_was_told_before(self, people: list[User], settings) -> None:
        backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, services.NO_EMAIL
        send([person.id for person in people])
        settings.EMAIL_BACKEND = backend
        assert run_jobs() == [] and mail.outbox == []
        assert not Notice.objects.filter(email_wanted=True).exists()


class TestNoticeMarkRead:
    def test_touches_ones_own_notices_only(self, people: list[User]) -> None:
        send([person.id for person in people])
        ids = list(Notice.objects.values_list("id", flat=True))
        first = actor_of(people[0])
        assert selectors.notice_unread_count(actor=first) == 1
        assert services.notice_mark_read(actor=first, notice_ids=ids, now=NOW) == 1
        assert selectors.notice_unread_count(actor=first) == 0
        assert selectors.notice_unread_count(actor=actor_of(people[1])) == 1

    def test_marks_everything_when_nothing_is_named(self, people: list[User]) -> None:
        send([people[0].id], "a")
        send([people[0].id], "b")
        first = actor_of(people[0])
        assert services.notice_mark_read(actor=first, notice_ids=None, now=NOW) == 2
        assert services.notice_mark_read(actor=first, notice_ids=None, now=NOW) == 0


class TestNoticeList:
    def test_puts_unread_ones_first_then_the_newest(self, people: list[User]) -> None:
        for number, key in enumerate("abc"):
            send([people[0].id], key, now=NOW + timedelta(hours=number))
        first = actor_of(people[0])
        newest = selectors.notice_list(actor=first)[0]
        services.notice_mark_read(actor=first, notice_ids=[newest.id], now=NOW)
        assert [notice.dedupe_key for notice in selectors.notice_list(actor=first)] == ["b", "a", "c"]
        assert [n.dedupe_key for n in selectors.notice_list(actor=first, unread_only=True)] == ["b", "a"]
        assert not selectors.notice_list(actor=first, kind="other").exists()

    def test_shows_nothing_to_visitors_and_others(self, people: list[User]) -> None:
        send([people[0].id])
        assert not selectors.notice_list(actor=Actor.anonymous()).exists()
        assert not selectors.notice_list(actor=actor_of(people[1])).exists()


class TestFailedJobsReport:
    def test_tells_administrators_once(self, people: list[User]) -> None:
        place = make_place()
        admin = make_person(Role.SYSTEM_ADMINISTRATOR, place.office)
        gone = make_person(Role.SYSTEM_ADMINISTRATOR, place.office)
        User.objects.filter(id=gone.id).update(is_active=False)
        assert services.failed_jobs_report(now=NOW) == 0
        queue.enqueue("notices.email", notice_id=-1)
        queue.enqueue("events.deliver", name="x", handler="y", payload=None)
        fail_all()
        assert services.failed_jobs_report(now=NOW) == 1
        assert services.failed_jobs_report(now=NOW) == 0
        notice = Notice.objects.get(recipient=admin)
        assert notice.title == "有 2 个后台任务失败"
        assert "events.deliver、notices.email" in notice.body
        queue.enqueue("notices.email", notice_id=-2)
        fail_all()
        assert services.failed_jobs_report(now=NOW) == 1


def fail_all() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'todo'")


def test_kinds_have_one_label_each() -> None:
    assert kind_label(KIND) == "试验提醒"
    assert kind_label("gone.kind") == "其他"
    with pytest.raises(ValueError, match="registered already"):
        register_kinds({KIND: "别的"})
