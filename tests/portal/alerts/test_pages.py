from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from gongkai.kernel.accounts.roles import Role
from gongkai.portal.alerts import throttle
from gongkai.portal.alerts.services import mailing
from gongkai.portal.alerts.tokens import Purpose, sign
from gongkai.portal.models import AlertReader, SearchAlert
from tests.factories.disclosure import Bureau

pytestmark = pytest.mark.django_db
NEW = "/search/alerts/new/?q=%E5%85%AC%E7%A7%AF%E9%87%91"
FILLED = {"address": "reader@example.cn", "frequency": "daily", "agree": "on", "website": ""}
Saved = Callable[..., SearchAlert]


def sent() -> list[Any]:
    mailing.mails_send(at=timezone.now())
    return mail.outbox


def link_in(text: str, part: str) -> str:
    found = re.search(rf"https://www\.example\.cn(/search/alerts/{part}/\S+)", text)
    assert found is not None, text
    return found.group(1)


class TestSaving:
    def test_is_offered_with_the_results(self, client: Client, start: Any) -> None:
        page = client.get("/search/", {"q": "公积金", "kind": "notice"}).content.decode()
        assert "有新结果时通知我" in page
        assert "/search/alerts/new/?q=%E5%85%AC%E7%A7%AF%E9%87%91&amp;kind=notice" in page

    def test_shows_what_is_saved_and_how_the_address_is_used(self, client: Client) -> None:
        page = client.get(f"{NEW}&kind=budget&year=2026").content.decode()
        for text in ("“公积金”", "信息种类：财政预算", "年份：2026年", "一键停止", "/search/feed/?q="):
            assert text in page

    def test_from_the_form_to_a_working_alert(self, client: Client) -> None:
        answer = client.post(NEW, FILLED, follow=True)
        assert "请到邮箱查看" in answer.content.decode()
        [letter] = sent()
        confirm = link_in(letter.body, "confirm")
        client = Client(enforce_csrf_checks=True)  # another browser, without a cookie
        assert "确认，开启提醒" in client.get(confirm).content.decode()
        assert SearchAlert.objects.get().confirmed_at is None  # a program that opens every link confirms nothing
        assert "提醒已经开启" in client.post(confirm).content.decode()
        assert SearchAlert.objects.get().confirmed_at is not None
        assert "提醒已经开启" in client.get(confirm).content.decode()

    def test_answers_the_same_for_a_known_address(self, client: Client, saved: Saved) -> None:
        saved("公积金", address="reader@example.cn")
        known = client.post(NEW, FILLED)
        unknown = client.post(NEW, {**FILLED, "address": "other@example.cn"})
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        link = "/search/alerts/link/"
        known = client.post(link, {"address": "reader@example.cn"})
        unknown = client.post(link, {"address": "nobody@example.cn"})
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"address": ""}, "请填写邮箱"),
            ({"address": "reader"}, "邮箱不对"),
            ({"agree": ""}, "请勾选同意"),
            ({"frequency": "hourly"}, "请选多久通知一次"),
        ],
        ids=["no address", "half an address", "no consent", "other frequency"],
    )
    def test_says_what_is_missing(self, client: Client, changed: dict[str, str], said: str) -> None:
        answer = client.post(NEW, {**FILLED, **changed})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not AlertReader.objects.exists()

    def test_says_everything_that_is_missing_at_once(self, client: Client) -> None:
        page = client.post(NEW, {**FILLED, "address": "reader", "agree": ""}).content.decode()
        assert "邮箱不对" in page
        assert "请勾选同意" in page

    def test_machine_that_fills_in_everything_saves_nothing(self, client: Client) -> None:
        answer = client.post(NEW, {**FILLED, "website": "https://example.com"})
        assert answer.status_code == 302
        assert not AlertReader.objects.exists()

    def test_holds_back_who_sends_without_a_pause(self, client: Client) -> None:
        answers = [client.post(NEW, FILLED).status_code for _ in range(throttle.MOST + 1)]
        assert answers == [302] * throttle.MOST + [429]

    def test_without_a_mail_server_offers_the_feed(self, client: Client, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        page = client.get(NEW).content.decode()
        assert "没有开通邮件服务" in page
        assert "/search/feed/?q=" in page
        assert "<form class" not in page.split("<main")[1]
        assert client.post(NEW, FILLED).status_code == 422

    def test_without_a_search_leads_to_it(self, client: Client) -> None:
        assert "先检索，再保存" in client.get("/search/alerts/new/").content.decode()

    @pytest.mark.parametrize(
        "text",
        ["<script>x</script>", "公" * 9000, "\x00\x1b", "'\"><"],
        ids=["script", "long", "control", "signs"],
    )
    def test_shows_any_text_as_text(self, client: Client, text: str) -> None:
        answer = client.get("/search/alerts/new/", {"q": text})
        assert answer.status_code == 200
        assert "<script>x" not in answer.content.decode()


class TestStopping:
    def test_by_one_press_of_a_mail_program(self, saved: Saved) -> None:
        address = f"/search/alerts/stop-all/{sign(Purpose.STOP_ALL, saved().reader.uid)}/"
        program = Client(enforce_csrf_checks=True)
        assert "全部停止" in program.get(address).content.decode()
        assert AlertReader.objects.exists()
        answer = program.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not AlertReader.objects.exists()
        assert "已经全部停止" in program.post(address, {"List-Unsubscribe": "One-Click"}).content.decode()
        assert "已经全部停止" in program.get(address).content.decode()

    def test_of_one_search(self, client: Client, saved: Saved) -> None:
        first, second = saved("公积金"), saved("预算")
        address = f"/search/alerts/stop/{sign(Purpose.STOP, first.uid)}/"
        assert "“公积金”" in client.get(address).content.decode()
        assert "已经停止" in client.post(address).content.decode()
        assert list(SearchAlert.objects.all()) == [second]


class TestMine:
    def address(self, alert: SearchAlert, days: int = 0) -> str:
        day = timezone.localdate() - timedelta(days=days)
        return f"/search/alerts/mine/{sign(Purpose.MANAGE, alert.reader.uid, on=day)}/"

    def test_lists_changes_and_stops(self, client: Client, saved: Saved) -> None:
        first, second = saved("公积金", often="daily"), saved("预算", often="daily")
        address = self.address(first)
        page = client.get(address).content.decode()
        assert "“公积金”" in page
        assert "@example.cn" in page
        assert "reader@" not in page
        changed = {"do": "change", "alert": first.uid, "frequency": "weekly"}
        assert "已改为每周一次" in client.post(address, changed, follow=True).content.decode()
        first.refresh_from_db()
        assert first.frequency == "weekly"
        client.post(address, {"do": "stop", "alert": second.uid})
        assert SearchAlert.objects.count() == 1
        assert "已经全部停止" in client.post(address, {"do": "stop_all"}).content.decode()
        assert not AlertReader.objects.exists()

    def test_link_is_sent_to_who_asks(self, client: Client, saved: Saved) -> None:
        saved()
        client.post("/search/alerts/link/", {"address": "reader@example.cn"})
        [letter] = sent()
        assert "“公积金”" in client.get(link_in(letter.body, "mine")).content.decode()

    def test_of_another_reader_stay_theirs(self, client: Client, saved: Saved) -> None:
        mine, other = saved(), saved(address="other@example.cn")
        for pressed in ("change", "stop"):
            client.post(self.address(mine), {"do": pressed, "alert": other.uid, "frequency": "weekly"})
        other.refresh_from_db()
        assert other.frequency == "at_once"

    def test_old_link_says_where_a_new_one_comes_from(self, client: Client, saved: Saved) -> None:
        answer = client.get(self.address(saved(), days=181))
        assert answer.status_code == 410
        assert "/search/alerts/link/" in answer.content.decode()


class TestLinks:
    @pytest.mark.parametrize("part", ["confirm", "stop", "stop-all", "mine"])
    def test_that_are_not_ours_are_over(self, client: Client, part: str) -> None:
        for token in ("x", "00000000000040008000000000000000.x", "公" * 50):
            assert client.get(f"/search/alerts/{part}/{token}/").status_code == 410
            assert client.post(f"/search/alerts/{part}/{token}/").status_code == 410

    def test_are_never_kept_nor_passed_on(self, client: Client, saved: Saved) -> None:
        answer = client.get(f"/search/alerts/stop/{sign(Purpose.STOP, saved().uid)}/")
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert '<meta name="robots" content="noindex">' in answer.content.decode()

    def test_lead_to_the_site(self, client: Client, saved: Saved) -> None:
        saved()
        client.post("/search/alerts/link/", {"address": "reader@example.cn"})
        [letter] = sent()
        for address in re.findall(r"https?://\S+", letter.body):
            assert urlsplit(address).netloc == "www.example.cn"
            assert client.get(urlsplit(address).path or "/").status_code == 200


class TestStaffPage:
    def test_shows_how_many_and_no_address(self, client: Client, bureau: Bureau, saved: Saved) -> None:
        saved("公积金")
        client.force_login(
            bureau.world.person(Role.DRAFTER, bureau.unit), backend="django.contrib.auth.backends.ModelBackend"
        )
        page = client.get("/admin/site-search/alerts/").content.decode()
        assert "“公积金”" in page
        assert "example.cn" not in page
