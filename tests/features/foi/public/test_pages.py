"""The pages of applicants: applying without an account, following by code, figures; and what never shows on them."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import ConsultationKind, Stage
from gongkai.features.foi.models import Application
from gongkai.features.foi.public import throttle
from tests.factories.foi import ADDRESS, NAME, NUMBER, PHONE, Desk
from tests.factories.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, timezone.localdate())


def filled(desk: Desk, **more: str) -> dict[str, str]:
    return {
        "unit": str(desk.unit.pk),
        "kind": "natural_person",
        "name": NAME,
        "id_number": NUMBER,
        "phone": PHONE,
        "subject": "学府路改造项目批复",
        "description": "2025年的批复文件",
        "wanted_form": "electronic",
        "wanted_delivery": "online",
        "agreed": "on",
        **more,
    }


def code_of(page: str) -> str:
    """The code as it stands on the page once."""
    return page.split('name="code" value="')[1].split('"')[0]


class TestApply:
    def test_the_first_page_tells_the_period_with_its_basis(self, desk: Desk) -> None:
        page = Client().get("/apply/").content.decode()
        assert "20 个工作日" in page and "第三十三条" in page and desk.unit.name in page

    def test_an_application_is_taken_in_and_its_numbers_are_shown_once(self, desk: Desk) -> None:
        answer = Client().post("/apply/new/", filled(desk))
        page = answer.content.decode()
        assert answer.status_code == 200 and "2026-0001" in page
        assert NAME not in page and NUMBER not in page
        assert Application.objects.get().stage == Stage.SUBMITTED.value

    def test_everything_missing_is_told_beside_its_field_and_typed_words_stay(self, desk: Desk) -> None:
        answer = Client().post("/apply/new/", filled(desk, id_number="", phone="", subject="某文件"))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "或者上传身份证明" in page and "至少填写一项" in page and 'value="某文件"' in page
        assert Application.objects.count() == 0

    def test_what_only_a_machine_fills_in_stops_it(self, desk: Desk) -> None:
        answer = Client().post("/apply/new/", filled(desk, website="http://spam.example"))
        assert answer.status_code == 422 and Application.objects.count() == 0

    def test_a_hostile_unit_or_subject_is_a_page_not_an_error(self, desk: Desk) -> None:
        for query in ("unit=99999999999999999999", "unit=x", "subject=" + "长" * 3000, "unit=-1"):
            assert Client().get(f"/apply/new/?{query}").status_code == 200

    def test_too_many_from_one_place_are_stopped(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:

        monkeypatch.setattr(throttle, "APPLIED", 2)
        answers = [Client().post("/apply/new/", filled(desk)).status_code for _ in range(3)]
        assert answers == [200, 200, 422] and Application.objects.count() == 2


class TestFollow:
    def test_the_applicant_sees_where_it_stands_and_confirms(self, desk: Desk) -> None:
        client = Client()
        code = code_of(client.post("/apply/new/", filled(desk)).content.decode())
        page = client.post("/apply/follow/", {"code": code}).content.decode()
        assert "等待双方确认" in page and "确认是我提交的" in page
        confirmed = client.post("/apply/follow/confirm/", {"code": code}).content.decode()
        assert "已记录您的确认" in confirmed and "确认是我提交的" not in confirmed

    def test_the_last_day_explains_itself(self, desk: Desk) -> None:
        taken = desk.taken()
        page = Client().post("/apply/follow/", {"code": taken.query_code}).content.decode()
        assert "怎样算出来的" in page and "第三十三条" in page

    def test_nobody_of_the_house_is_named(self, desk: Desk) -> None:
        taken = desk.taken()
        page = Client().post("/apply/follow/", {"code": taken.query_code}).content.decode()
        assert desk.clerk.name not in page and NAME not in page

    def test_third_parties_and_inner_steps_are_not_told(self, desk: Desk) -> None:
        taken = desk.taken()
        kind = ConsultationKind.THIRD_PARTY
        desk.do(taken.application, c.Accept(on=desk.today))
        desk.do(taken.application, c.Assign(on=desk.today, ref="基建科", due_on=desk.today))
        desk.do(taken.application, c.Consult(on=desk.today, kind=kind, ref="青溪建材有限公司"))
        desk.do(taken.application, c.DeliverConsultation(on=desk.today, kind=kind, ref="青溪建材有限公司"))
        for address in ("", "sheet/"):
            page = Client().post(f"/apply/follow/{address}", {"code": taken.query_code}).content.decode()
            assert "征求第三方意见" in page
            assert "青溪建材" not in page and "基建科" not in page

    def test_each_day_of_the_period_stands_on_a_sheet_to_print(self, desk: Desk) -> None:
        taken = desk.taken()
        shown = Client().post("/apply/follow/", {"code": taken.query_code}).content.decode()
        assert "逐日说明期限" in shown
        answer = Client().post("/apply/follow/sheet/", {"code": taken.query_code})
        page = answer.content.decode()
        assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
        assert page.count("<td>计入</td>") == 20 and "第三十三条" in page and NAME not in page
        assert Client().get(f"/apply/follow/sheet/?code={taken.query_code}").status_code == 405
        assert Client().post("/apply/follow/sheet/", {"code": "AAAA-AAAA-AAAA"}).status_code == 422

    def test_withdrawing_ends_it(self, desk: Desk) -> None:
        taken = desk.taken()
        page = Client().post("/apply/follow/withdraw/", {"code": taken.query_code, "statement": "不需要"})
        assert "您已撤回" in page.content.decode()
        again = Client().post("/apply/follow/withdraw/", {"code": taken.query_code})
        assert again.status_code == 422

    def test_withdrawing_needs_no_words(self, desk: Desk) -> None:
        taken = desk.taken()
        page = Client().post("/apply/follow/withdraw/", {"code": taken.query_code, "statement": ""})
        assert page.status_code == 200 and "您已撤回" in page.content.decode()

    @pytest.mark.parametrize(
        ("address", "field", "label"),
        [("withdraw", "statement", "撤回说明"), ("suggest", "wish", "为什么应当主动公开")],
    )
    def test_too_many_words_are_told_on_the_own_page(self, desk: Desk, address: str, field: str, label: str) -> None:
        taken = desk.taken()
        answer = Client().post(f"/apply/follow/{address}/", {"code": taken.query_code, field: "多" * 2001})
        page = answer.content.decode()
        assert answer.status_code == 422 and taken.application.register_no in page and f"{label}：" in page
        taken.application.refresh_from_db()
        assert taken.application.stage == Stage.CHECKING.value

    def test_a_code_that_opens_nothing_changes_nothing_and_is_counted(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(throttle, "TRIED", 2)
        answers = [Client().post("/apply/follow/withdraw/", {"code": "AAAA-AAAA-AAAA"}) for _ in range(4)]
        assert "没有与这个查询码对应的申请" in answers[0].content.decode()
        assert [answer.status_code for answer in answers] == [422, 422, 429, 429]
        assert "试错的次数太多" in answers[-1].content.decode()

    def test_a_wrong_code_is_answered_alike_and_counted(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:

        monkeypatch.setattr(throttle, "TRIED", 3)
        desk.online()
        answers = [Client().post("/apply/follow/", {"code": "AAAA-AAAA-AAAA"}).status_code for _ in range(5)]
        assert answers[0] == 422 and answers[-1] == 429

    def test_pages_are_not_kept_and_the_code_stands_in_no_address_or_log(
        self, desk: Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        taken = desk.online()
        with caplog.at_level(logging.DEBUG):
            answer = Client().post("/apply/follow/", {"code": taken.query_code})
        assert "no-store" in answer["Cache-Control"]
        assert taken.query_code not in caplog.text


class TestSideChannels:
    def test_nothing_of_an_application_shows_on_other_public_pages(self, desk: Desk) -> None:
        desk.taken()
        for address in (
            "/",
            "/info/",
            "/search/?q=环境影响评价",
            "/sitemap.xml",
            "/api/v1/items/",
            "/apply/",
            "/apply/figures/",
        ):
            page = Client().get(address, follow=True).content.decode()
            assert "学府路" not in page
            assert NAME not in page and PHONE not in page and ADDRESS not in page

    def test_an_error_page_tells_nothing(self, desk: Desk) -> None:
        answer = Client().post("/apply/new/", filled(desk, unit="abc"))
        assert answer.status_code == 422 and "Traceback" not in answer.content.decode()


class TestFigures:
    def test_counts_by_result_and_whether_in_time(self, desk: Desk) -> None:
        desk.granted(desk.today)
        page = Client().get("/apply/figures/").content.decode()
        assert "收到申请" in page and "按时答复" in page

    @pytest.mark.parametrize("year", ["1000", "abcd", "99999", "2999", ""])
    def test_any_year_opens(self, desk: Desk, year: str) -> None:
        assert Client().get(f"/apply/figures/?year={year}").status_code == 200
