"""From a publication to a mail: found, grouped, sent once, and what happens when something breaks in the middle."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.kernel.accounts.roles import Role
from gongkai.portal.alerts import selectors, tasks
from gongkai.portal.alerts.services import asking, forgetting, looking, mailing
from gongkai.portal.models import AlertMail, AlertNews, AlertReader, SearchAlert
from gongkai.portal.search.services.feed import index_follow
from tests.factories.disclosure import Bureau
from tests.portal.api.test_publications import correct

pytestmark = pytest.mark.django_db
Saved = Callable[..., SearchAlert]
Published = Callable[..., Any]


def tell(at: datetime) -> list[Any]:
    """Look and send at a moment; returns the mails that went out by it."""
    before = len(mail.outbox)
    looking.alerts_look(at=at)
    mailing.mails_send(at=at)
    return mail.outbox[before:]


def minutes(start: datetime, number: int) -> datetime:
    return start + timedelta(minutes=number)


class TestNews:
    def test_tell_of_what_came_after_the_confirmation(
        self, saved: Saved, published: Published, start: datetime
    ) -> None:
        saved()
        assert tell(start) == []  # what was public before is no news
        item = published("公积金缴存基数调整通知", doc_no="青财字〔2026〕12号")
        published("青溪县财政局2026年部门预算", kind="budget", columns=("C07-2",))
        [letter] = tell(minutes(start, 40))
        assert letter.to == ["reader@example.cn"]
        assert letter.subject == "1 条新公开的信息：“公积金”"
        html = letter.alternatives[0][0]
        for text in (letter.body, html):
            assert "公积金缴存基数调整通知" in text
            assert f"https://www.example.cn/info/{item.uid}/" in text
            assert "部门预算" not in text
            assert "住房公积金提取办法" not in text

    def test_come_once(self, saved: Saved, published: Published, start: datetime) -> None:
        saved()
        published("公积金缴存基数调整通知")
        assert len(tell(minutes(start, 40))) == 1
        for later in (41, 60, 120, 3000):
            assert tell(minutes(start, later)) == []

    def test_of_several_searches_come_in_one_mail_each_item_once(
        self, saved: Saved, published: Published, start: datetime
    ) -> None:
        saved("公积金")
        saved("缴存")
        saved("预算", often="at_once")
        published("公积金缴存基数调整通知")
        published("青溪县财政局2026年部门预算")
        [letter] = tell(minutes(start, 40))
        assert letter.body.count("公积金缴存基数调整通知") == 1
        assert "部门预算" in letter.body
        assert letter.subject == "2 条新公开的信息：“公积金”等 2 项检索"

    def test_come_in_one_mail_when_much_comes_soon_after(
        self, saved: Saved, published: Published, start: datetime
    ) -> None:
        saved()
        published("公积金提取细则", minutes=30)
        assert len(tell(minutes(start, 31))) == 1
        published("公积金贷款细则", minutes=32)
        published("公积金缴存细则", minutes=33)
        assert tell(minutes(start, 35)) == []
        [letter] = tell(minutes(start, 42))
        assert "贷款细则" in letter.body
        assert "缴存细则" in letter.body
        assert "提取细则" not in letter.body

    def test_of_a_correction_say_that_it_is_one(
        self, saved: Saved, published: Published, bureau: Bureau, start: datetime
    ) -> None:
        saved()
        item = published("公积金缴存基数调整通知")
        tell(minutes(start, 31))
        correct(bureau, item, minutes(start, 50))
        index_follow(at=minutes(start, 51))
        [letter] = tell(minutes(start, 52))
        assert "［更新］公积金缴存基数调整通知" in letter.body

    def test_are_narrowed_by_the_filters(self, saved: Saved, published: Published, start: datetime) -> None:
        saved("2026", kind="budget")
        published("2026年公积金工作的通知")
        published("青溪县财政局2026年部门预算", kind="budget", columns=("C07-2",))
        [letter] = tell(minutes(start, 40))
        assert "部门预算" in letter.body
        assert "工作的通知" not in letter.body
        assert "信息种类：财政预算" in letter.subject

    def test_wait_for_the_morning_where_they_are_wanted_daily(
        self, saved: Saved, published: Published, start: datetime
    ) -> None:
        alert = saved(often="daily")
        published("公积金缴存基数调整通知")
        assert alert.due_at is not None
        assert tell(alert.due_at - timedelta(seconds=1)) == []
        assert len(tell(alert.due_at)) == 1
        alert.refresh_from_db()
        assert tell(alert.due_at) == []

    def test_are_not_told_before_the_search_is_confirmed(self, published: Published, start: datetime) -> None:
        from gongkai.domain.search.alerts import Frequency
        from gongkai.portal.search.asking import Filters

        asking.alert_ask(
            address="reader@example.cn",
            text="公积金",
            filters=Filters(),
            frequency=Frequency.AT_ONCE,
            now=start,
        )
        published("公积金缴存基数调整通知")
        assert [one.subject for one in tell(minutes(start, 40))] == ["请确认：青麓市（示例）政务公开的新结果提醒"]

    def test_late_in_the_index_are_told_later(
        self, saved: Saved, published: Published, bureau: Bureau, start: datetime
    ) -> None:
        saved()
        published("青溪县财政局2026年部门预算", minutes=30)
        bureau.published(
            title="公积金缴存基数调整通知", now=minutes(start, 29)
        )  # its transaction ended after the sweep
        assert tell(minutes(start, 31)) == []
        index_follow(at=minutes(start, 32))
        assert len(tell(minutes(start, 33))) == 1


class TestWithdrawn:
    def withdraw(self, bureau: Bureau, item: Any, at: datetime) -> None:
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="error", reason="误发。", now=at)

    def test_item_is_not_told(self, saved: Saved, published: Published, bureau: Bureau, start: datetime) -> None:
        saved()
        self.withdraw(bureau, published("公积金缴存基数调整通知"), minutes(start, 35))
        assert tell(minutes(start, 40)) == []

    def test_item_between_look_and_sending_is_not_told(
        self, saved: Saved, published: Published, bureau: Bureau, start: datetime
    ) -> None:
        saved()
        item = published("公积金缴存基数调整通知")
        assert looking.alerts_look(at=minutes(start, 40)) == 1
        self.withdraw(bureau, item, minutes(start, 41))
        assert mailing.mails_send(at=minutes(start, 42)) == 0
        assert AlertMail.objects.get().ended_at == minutes(start, 42)


class TestStopping:
    def test_before_sending_sends_nothing(self, saved: Saved, published: Published, start: datetime) -> None:
        alert = saved()
        published("公积金缴存基数调整通知")
        looking.alerts_look(at=minutes(start, 40))
        asking.alert_stop(uid=alert.uid)
        assert mailing.mails_send(at=minutes(start, 41)) == 0
        assert not AlertNews.objects.exists()

    def test_one_search_leaves_the_other(self, saved: Saved, published: Published, start: datetime) -> None:
        alert = saved("公积金")
        saved("预算")
        published("公积金缴存基数调整通知")
        published("青溪县财政局2026年部门预算")
        looking.alerts_look(at=minutes(start, 40))
        asking.alert_stop(uid=alert.uid)
        mailing.mails_send(at=minutes(start, 41))
        assert "部门预算" in mail.outbox[-1].body
        assert "公积金" not in mail.outbox[-1].body


class Broken(EmailBackend):
    """A mail server that fails as it is told to."""

    opening: Exception | None = None
    sending: BaseException | None = None

    def open(self) -> None:
        if Broken.opening is not None:
            raise Broken.opening

    def send_messages(self, messages: Any) -> int:
        if Broken.sending is not None:
            raise Broken.sending
        return int(super().send_messages(messages))


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[Broken]:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    monkeypatch.setattr(Broken, "opening", None)
    monkeypatch.setattr(Broken, "sending", None)
    return Broken


class TestMailServer:
    @pytest.fixture(autouse=True)
    def news(self, saved: Saved, published: Published, start: datetime) -> None:
        saved()
        published("公积金缴存基数调整通知")
        looking.alerts_look(at=minutes(start, 40))

    def test_that_cannot_be_reached_is_asked_again(self, server: type[Broken], start: datetime) -> None:
        server.opening = ConnectionRefusedError()
        assert mailing.mails_send(at=minutes(start, 41)) == 0
        server.opening = None
        assert mailing.mails_send(at=minutes(start, 42)) == 1

    def test_that_says_no_is_asked_later_and_not_for_ever(
        self, server: type[Broken], start: datetime, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.sending = smtplib.SMTPRecipientsRefused({"reader@example.cn": (550, b"no such reader@example.cn")})
        at = minutes(start, 41)
        for _ in range(mailing.TRIES + 3):
            mailing.mails_send(at=at)
            at += mailing.LONGEST_WAIT
        one = AlertMail.objects.get()
        assert (one.tries, one.ended_at is not None) == (mailing.TRIES, True)
        assert "reader@" not in caplog.text

    def test_that_breaks_off_in_the_middle_is_not_given_the_mail_twice(
        self, server: type[Broken], start: datetime, bureau: Bureau
    ) -> None:
        server.sending = smtplib.SMTPServerDisconnected("reader@example.cn")
        assert mailing.mails_send(at=minutes(start, 41)) == 0
        server.sending = None
        assert mailing.mails_send(at=minutes(start, 300)) == 0
        assert selectors.alert_standing(actor=bureau.office, at=minutes(start, 300)).uncertain == 1

    def test_killed_while_sending_sends_nothing_twice(self, server: type[Broken], start: datetime) -> None:
        server.sending = KeyboardInterrupt()
        with pytest.raises(KeyboardInterrupt):
            mailing.mails_send(at=minutes(start, 41))
        assert AlertMail.objects.get().begun_at == minutes(start, 41)
        server.sending = None
        assert mailing.mails_send(at=minutes(start, 42)) == 0
        assert mail.outbox == []

    def test_each_mail_is_taken_by_one_process(self, start: datetime) -> None:
        one = AlertMail.objects.get()
        assert mailing._begin(one.pk, minutes(start, 41))
        assert not mailing._begin(one.pk, minutes(start, 41))


class TestLook:
    def test_killed_between_two_readers_goes_on_where_it_was(
        self, saved: Saved, published: Published, start: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        saved()
        saved(address="other@example.cn")
        published("公积金缴存基数调整通知")
        real, done = looking._tell, []

        def once(*args: Any) -> int:
            if done:
                raise KeyboardInterrupt
            done.append(real(*args))
            return done[0]

        monkeypatch.setattr(looking, "_tell", once)
        with pytest.raises(KeyboardInterrupt):
            looking.alerts_look(at=minutes(start, 40))
        monkeypatch.setattr(looking, "_tell", real)
        letters = tell(minutes(start, 41))
        assert sorted(letter.to[0] for letter in letters) == ["other@example.cn", "reader@example.cn"]

    def test_without_an_index_waits(self, saved: Saved, start: datetime, settings: Any, tmp_path: Any) -> None:
        saved()
        settings.SEARCH_DIR = tmp_path / "none"
        assert looking.alerts_look(at=minutes(start, 40)) == 0

    def test_finding_nothing_writes_nothing_for_an_hour(self, saved: Saved, start: datetime) -> None:
        alert = saved()
        index_follow(at=minutes(start, 30))
        looking.alerts_look(at=minutes(start, 31))
        alert.refresh_from_db()
        assert alert.since == start
        index_follow(at=minutes(start, 90))
        looking.alerts_look(at=minutes(start, 91))
        alert.refresh_from_db()
        assert alert.since == minutes(start, 90)

    def test_jobs_run(self, saved: Saved) -> None:
        saved()
        tasks.tell()
        tasks.forget()
        assert SearchAlert.objects.count() == 1

    def test_old_mails_are_forgotten_and_nothing_is_told_again(
        self, saved: Saved, published: Published, start: datetime
    ) -> None:
        saved()
        published("公积金缴存基数调整通知")
        tell(minutes(start, 40))
        at = start + forgetting.MAILS_KEPT + timedelta(days=1)
        index_follow(at=at)
        tell(at)
        forgetting.alerts_forget(at=at)
        assert not AlertMail.objects.exists()
        assert tell(at + timedelta(hours=1)) == []
        assert AlertReader.objects.count() == 1


class TestHeaders:
    def test_let_a_mail_program_unsubscribe_by_one_press(
        self, saved: Saved, published: Published, start: datetime
    ) -> None:
        saved()
        published("公积金缴存基数调整通知")
        [letter] = tell(minutes(start, 40))
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = letter.extra_headers["List-Unsubscribe"]
        assert address.startswith("<https://www.example.cn/search/alerts/stop-all/")
        assert address.strip("<>") in letter.body
        assert letter.extra_headers["Message-ID"].endswith("@www.example.cn>")


class TestStanding:
    def test_counts_by_query_without_addresses(self, saved: Saved, bureau: Bureau, start: datetime) -> None:
        saved("公积金")
        saved("公积金", address="other@example.cn", often="weekly")
        saved("预算")
        rows = selectors.query_list(actor=bureau.office)
        assert [(row.title, row.total, row.at_once, row.weekly) for row in rows] == [
            ("“公积金”", 2, 1, 1),
            ("“预算”", 1, 1, 0),
        ]
        standing = selectors.alert_standing(actor=bureau.world.actor(Role.DRAFTER, bureau.unit), at=start)
        assert (standing.confirmed, standing.readers, standing.waiting) == (3, 2, 0)
