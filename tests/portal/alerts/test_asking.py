from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection

from gongkai.domain.search.alerts import Frequency
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import Refused
from gongkai.portal.alerts import MOST_ALERTS, addresses, tokens
from gongkai.portal.alerts.selectors import LinkOver, mine_get
from gongkai.portal.alerts.services import asking, forgetting, mailing
from gongkai.portal.models import AlertMail, AlertReader, SearchAlert
from gongkai.portal.search.asking import Filters

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
READER = "reader@example.cn"


def ask(
    address: str = READER, text: str = "公积金", *, now: datetime = NOW, often: str = "daily", **chosen: str
) -> None:
    asking.alert_ask(address=address, text=text, filters=Filters(chosen), frequency=Frequency(often), now=now)


def codes(error: pytest.ExceptionInfo[Refused]) -> list[str]:
    return error.value.codes()


class TestAsking:
    def test_waits_for_the_owner_of_the_address(self) -> None:
        ask()
        alert = SearchAlert.objects.get()
        assert (alert.text, alert.confirmed_at, alert.due_at) == ("公积金", None, None)
        assert list(AlertMail.objects.values_list("kind", "sent_at")) == [("confirm", None)]

    def test_refuses_everything_that_is_wrong_at_once(self) -> None:
        with pytest.raises(Refused) as refused:
            ask("no address", "  ")
        assert codes(refused) == ["alerts.address", "alerts.query_empty"]
        assert not AlertReader.objects.exists()

    @pytest.mark.parametrize("text", ["李明 13800138000", "11010519491231002X"])
    def test_keeps_no_search_for_a_persons_number(self, text: str) -> None:
        with pytest.raises(Refused) as refused:
            ask(text=text)
        assert codes(refused) == ["alerts.query_personal"]

    def test_says_so_where_there_is_no_mail_server(self, settings: object) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # type: ignore[attr-defined]
        with pytest.raises(Refused) as refused:
            ask()
        assert codes(refused) == ["alerts.no_email"]

    def test_the_same_search_in_other_letters_is_one(self) -> None:
        ask(text="GJJ 提取")
        ask(" Reader@Example.CN ", text="ｇｊｊ 提取", now=NOW + timedelta(hours=1))
        assert SearchAlert.objects.count() == 1
        assert AlertMail.objects.count() == 2

    def test_other_filters_are_another_search(self) -> None:
        ask()
        ask(kind="budget")
        assert SearchAlert.objects.count() == 2

    def test_a_stranger_cannot_fill_an_inbox(self) -> None:
        for number in range(30):
            ask(text=f"检索{'甲乙丙丁戊己庚辛壬癸'[number % 10]}", now=NOW + timedelta(minutes=number))
        assert AlertMail.objects.count() == asking.MOST_LETTERS_A_DAY

    def test_one_confirmation_of_a_search_within_ten_minutes(self) -> None:
        ask()
        ask(now=NOW + timedelta(minutes=1))
        assert AlertMail.objects.count() == 1

    def test_so_many_waiting_that_nobody_can_be_taken_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(asking, "MOST_WAITING", 1)
        ask()
        with pytest.raises(Refused) as refused:
            ask("other@example.cn")
        assert codes(refused) == ["alerts.enough"]

    def test_who_has_it_already_gets_the_list_and_no_second_one(self, saved: Callable[..., SearchAlert]) -> None:
        alert = saved("公积金")
        ask(now=alert.asked_at + timedelta(days=2))
        assert SearchAlert.objects.count() == 1
        assert list(AlertMail.objects.values_list("kind", flat=True)) == ["link"]

    def test_who_has_many_gets_the_list(self) -> None:
        for number in range(MOST_ALERTS + 1):
            ask(text=f"预算 {2000 + number}", now=NOW + timedelta(days=number * 2))
        assert SearchAlert.objects.count() == MOST_ALERTS
        assert AlertMail.objects.latest("pk").kind == "link"


class TestConfirming:
    def test_works_from_then_on_and_twice_is_once(self) -> None:
        ask(often="weekly")
        alert = SearchAlert.objects.get()
        asking.alert_confirm(uid=alert.uid, now=NOW + timedelta(hours=1))
        asking.alert_confirm(uid=alert.uid, now=NOW + timedelta(days=9))
        alert.refresh_from_db()
        assert alert.confirmed_at == alert.since == NOW + timedelta(hours=1)
        assert alert.due_at == datetime(2026, 3, 9, 0, 0, tzinfo=UTC)

    def test_ends_with_its_time(self, settings: object) -> None:
        settings.ALERT_CONFIRM_DAYS = 3  # type: ignore[attr-defined]
        ask()
        alert = SearchAlert.objects.get()
        with pytest.raises(LinkOver):
            asking.alert_confirm(uid=alert.uid, now=NOW + timedelta(days=3, seconds=1))

    def test_what_nobody_confirmed_is_deleted_with_its_address(self, settings: object) -> None:
        settings.ALERT_CONFIRM_DAYS = 3  # type: ignore[attr-defined]
        ask()
        assert forgetting.alerts_forget(at=NOW + timedelta(days=2)) == 0
        assert forgetting.alerts_forget(at=NOW + timedelta(days=3, seconds=1)) == 1
        assert not AlertReader.objects.exists()
        assert not AlertMail.objects.exists()


class TestChanging:
    def test_only_ones_own(self, saved: Callable[..., SearchAlert]) -> None:
        mine, other = saved(), saved(address="other@example.cn")
        with pytest.raises(LinkOver):
            asking.alert_change(reader_uid=mine.reader.uid, uid=other.uid, frequency=Frequency.WEEKLY, now=NOW)
        assert not asking.alert_stop(uid=other.uid, reader_uid=mine.reader.uid)
        asking.alert_change(reader_uid=mine.reader.uid, uid=mine.uid, frequency=Frequency.WEEKLY, now=NOW)
        mine.refresh_from_db()
        assert mine.frequency == "weekly"

    def test_address_goes_with_the_last_search(self, saved: Callable[..., SearchAlert]) -> None:
        first, second = saved("公积金"), saved("预算")
        assert asking.alert_stop(uid=first.uid)
        assert len(mine_get(uid=first.reader.uid).searches) == 1
        assert asking.alert_stop(uid=second.uid)
        assert not asking.alert_stop(uid=second.uid)
        assert not AlertReader.objects.exists()

    def test_everything_is_stopped_at_once(self, saved: Callable[..., SearchAlert]) -> None:
        first, _ = saved("公积金"), saved("预算")
        assert asking.alerts_stop(reader_uid=first.reader.uid)
        assert not asking.alerts_stop(reader_uid=first.reader.uid)
        assert not SearchAlert.objects.exists()


class TestLink:
    def test_is_sent_to_who_has_a_search_and_to_nobody_else(self, saved: Callable[..., SearchAlert]) -> None:
        saved()
        asking.link_ask(address=READER, now=NOW)
        asking.link_ask(address="unknown@example.cn", now=NOW)
        assert AlertMail.objects.filter(kind="link").count() == 1
        assert AlertReader.objects.count() == 1


class TestAddress:
    def test_lies_sealed_and_is_found_again(self) -> None:
        ask()
        with connection.cursor() as cursor:
            cursor.execute("SELECT address, address_key FROM portal_alertreader")
            row = cursor.fetchone()
        assert "reader" not in "".join(row)
        assert "example" not in "".join(row)
        assert str(AlertReader.objects.get().address).endswith("@example.cn")
        assert "reader" not in str(AlertReader.objects.get().address)

    def test_stands_in_no_log_and_no_audit_entry(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        ask()
        mailing.mails_send(at=NOW)
        assert mail.outbox[0].to == [READER]
        assert "reader@" not in "\n".join(record.getMessage() for record in caplog.records if "SQL" not in record.name)
        assert not Entry.objects.filter(summary__contains="reader@").exists()

    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            (" Reader@Example.CN ", READER),
            ("a@b", ""),
            ("a@b.cn\nBcc: x@y.cn", ""),
            ("甲@例子.cn", ""),
            ("x" * 250 + "@example.cn", ""),
            ("", ""),
        ],
    )
    def test_is_read_as_mail_is_sent_to_it(self, typed: str, read: str) -> None:
        assert addresses.read_address(typed) == read


class TestTokens:
    def test_serve_one_purpose(self, saved: Callable[..., SearchAlert]) -> None:
        alert = saved()
        token = tokens.sign(tokens.Purpose.STOP, alert.uid)
        assert tokens.read(tokens.Purpose.STOP, token) == alert.uid
        assert tokens.read(tokens.Purpose.CONFIRM, token) is None
        assert tokens.read(tokens.Purpose.STOP, f"{token}x") is None
        assert tokens.read(tokens.Purpose.STOP, "x" * 5000) is None

    def test_to_the_list_end_after_half_a_year(self, saved: Callable[..., SearchAlert]) -> None:
        uid, day = saved().reader.uid, NOW.date()
        token = tokens.sign(tokens.Purpose.MANAGE, uid, on=day)
        assert tokens.read_dated(tokens.Purpose.MANAGE, token, today=day + tokens.KEPT) == uid
        assert tokens.read_dated(tokens.Purpose.MANAGE, token, today=day + tokens.KEPT + timedelta(days=1)) is None
        undated = tokens.sign(tokens.Purpose.MANAGE, uid)
        assert tokens.read_dated(tokens.Purpose.MANAGE, undated, today=day) is None
