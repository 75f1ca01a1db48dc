"""The page of the fee: the month's count, the working, the decision, the notice with its amount, the payment; and the year."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import Stage
from gongkai.features.foi.models import Application, FeeDecision
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.models import Unit
from tests.factories.foi import NAME, PHONE, Desk
from tests.factories.world import World, moment
from tests.features.foi.test_fees import before

pytestmark = pytest.mark.django_db


class Counter:
    """A desk on the real day, twelve applications of the month before the one that is charged, and its clerk's browser."""

    def __init__(self, world: World) -> None:
        self.world, self.today = world, timezone.localdate()
        self.desk = Desk(world, self.today)
        before(self.desk, 12, self.today)
        self.application: Application = self.desk.do(
            self.desk.taken(now=moment(self.today)).application, c.Accept(on=self.today)
        )
        self.page = f"/admin/foi/{self.application.pk}/fee/"
        self.clerk = self.browser(Role.DISCLOSURE_OFFICE, self.desk.unit)

    def browser(self, role: Role, unit: Unit) -> Client:
        client = Client()
        client.force_login(self.world.person(role, unit))
        return client

    def decide(self, **more: str) -> int:
        fields = {"method": "per_case", "parts": "1", "decided_by": "王局长", **more}
        return self.clerk.post(f"{self.page}decide/", fields).status_code

    def notify(self) -> int:
        fields = {"on": self.today.isoformat(), "amount": "1"}  # an amount of one's own is not taken
        return self.clerk.post(f"{self.page}notify/", fields).status_code


@pytest.fixture
def counter(world: World) -> Counter:
    return Counter(world)


class TestFeePage:
    def test_shows_the_count_the_prices_and_what_is_not_verified_without_a_name(self, counter: Counter) -> None:
        page = counter.clerk.get(counter.page).content.decode()
        assert "本件是当月第 13 件" in page and "第13件：1件×100元=100元" in page
        assert "第31至第40件：10件×200元=2000元" in page and "第201至第250页" in page
        assert "待核" in page and "国办函〔2020〕109号" in page
        assert NAME not in page and PHONE not in page

    def test_reckons_without_deciding(self, counter: Counter) -> None:
        fields = {"method": "per_page", "parts": "1", "pages": "101", "decided_by": "王局长", "do": "preview"}
        page = counter.clerk.post(f"{counter.page}decide/", fields).content.decode()
        assert "按标准应收 720元" in page and not FeeDecision.objects.exists()

    def test_from_the_decision_to_the_payment(self, counter: Counter) -> None:
        assert counter.decide() == 302
        page = counter.clerk.get(counter.page).content.decode()
        assert "<strong>100 元</strong>" in page and "制作收费通知书" in page
        letter = counter.clerk.get(f"/admin/foi/{counter.application.pk}/letters/L09_fee/").content.decode()
        assert "100元" in letter and "按件计收" in letter
        assert counter.notify() == 302
        event = counter.application.events.get(kind="FeeNotified")
        assert event.data["amount"] == 100
        counter.desk.do(counter.application, c.DeliverFeeNotice(on=counter.today))
        page = counter.clerk.get(counter.page).content.decode()
        assert "怎么算的" in page and "20个工作日" in page  # the period for the payment, with its working
        proof = SimpleUploadedFile("凭证.pdf", b"%PDF-1.4\n%%EOF\n")
        fields = {"on": counter.today.isoformat(), "paid": "100", "receipt_no": "", "upload": proof}
        assert counter.clerk.post(f"{counter.page}pay/", fields).status_code == 302
        counter.application.refresh_from_db()
        assert counter.application.stage == Stage.HANDLING.value
        case = counter.clerk.get(f"/admin/foi/{counter.application.pk}/").content.decode()
        assert "信息处理费" in case and "收取 100元" in case

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({"amount": "50"}, "请写明减免的理由"),
            ({"amount": "500", "reason": "多收"}, "不能多于按标准计出的"),
            ({"method": "per_page"}, "请填写页数"),
            ({"decided_by": ""}, "决定人"),
            ({"parts": "2"}, "一事一申请"),
        ],
    )
    def test_what_is_missing_is_told_on_the_form(self, counter: Counter, more: dict[str, str], told: str) -> None:
        fields = {"method": "per_case", "parts": "1", "decided_by": "王局长", **more}
        response = counter.clerk.post(f"{counter.page}decide/", fields)
        assert response.status_code == 422 and told in response.content.decode()
        assert not FeeDecision.objects.exists()

    def test_somebody_who_was_slower_is_told_why_nothing_was_done(self, counter: Counter) -> None:
        counter.decide()
        counter.notify()
        fields = {"method": "per_case", "parts": "1", "decided_by": "王局长"}
        for step, data, told in (
            ("decide", fields, "发出收费通知，不能再发一次"),
            ("notify", {"on": counter.today.isoformat()}, "不能“发出收费通知”"),
        ):
            late = counter.clerk.post(f"{counter.page}{step}/", data)
            assert late.status_code == 422 and told in late.content.decode(), step
        assert counter.application.events.filter(kind="FeeNotified").count() == 1

    def test_without_a_day_of_receipt_it_says_why_not(self, counter: Counter) -> None:
        application = counter.desk.online(now=moment(counter.today)).application
        page = counter.clerk.get(f"/admin/foi/{application.pk}/fee/").content.decode()
        assert "现在不能计算信息处理费" in page and "2021年以前没有这项收费" in page

    def test_another_unit_and_the_authority_find_nothing(self, counter: Counter) -> None:
        counter.decide()
        for unit in (counter.world.finance, counter.world.office):
            other = counter.browser(Role.DISCLOSURE_OFFICE, unit)
            assert other.get(counter.page).status_code == 404
            assert other.post(f"{counter.page}decide/", {}).status_code == 404


class TestYearPage:
    def test_shows_chart_table_and_notices_and_hands_out_the_months(self, counter: Counter) -> None:
        counter.decide()
        counter.notify()
        page = counter.clerk.get("/admin/foi/fees/").content.decode()
        assert "发出政府信息公开信息处理费收费通知1件" in page and "gk-chart" in page and "100元" in page
        csv = counter.clerk.get("/admin/foi/fees/months.csv")
        assert csv["Content-Type"].startswith("text/csv") and "合计,1,100.00" in csv.content.decode("utf-8-sig")

    def test_begins_with_the_year_of_the_rules(self, counter: Counter) -> None:
        page = counter.clerk.get("/admin/foi/fees/?year=1999").content.decode()
        assert "2021 年信息处理费" in page and '<option value="2020"' not in page

    def test_an_empty_year_says_what_to_do_and_another_unit_sees_no_amount(self, counter: Counter) -> None:
        assert "这一年没有信息处理费" in counter.clerk.get("/admin/foi/fees/?year=2022").content.decode()
        counter.decide()
        counter.notify()
        other = counter.browser(Role.DISCLOSURE_OFFICE, counter.world.finance)
        assert "100元" not in other.get("/admin/foi/fees/").content.decode()
        assert other.get("/admin/foi/fees/months.csv").content.decode("utf-8-sig").splitlines()[-1].endswith("0,0.00")
