"""A supplement and reasons handed in on the page of the query code: in time it counts at once, the rest the office judges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import Stage
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.selectors.course import case_course
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.notices.models import Notice
from tests.factories.foi import Desk
from tests.factories.world import World

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%more\n"
WORDS = "我要的是2025年秋季学期的招生批复"


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, timezone.localdate())


def asked(desk: Desk, days_ago: int = 0, days: int | None = None) -> services.Taken:
    day = desk.today - timedelta(days=days_ago)
    taken = desk.taken(on=day)
    desk.do(taken.application, c.NotifySupplement(on=day, items=("请写明年份",), days=days))
    desk.do(taken.application, c.DeliverSupplementNotice(on=day))
    return taken


def page(code: str) -> str:
    return Client().post("/apply/follow/", {"code": code}).content.decode()


def press(code: str, **data: Any) -> tuple[int, str]:
    answer = Client().post("/apply/follow/supply/", {"code": code, **data})
    return answer.status_code, answer.content.decode()


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


class TestSupplement:
    def test_in_time_it_is_received_and_the_period_begins_anew(self, desk: Desk) -> None:
        taken = asked(desk)
        before = page(taken.query_code)
        assert "需要您补正" in before and "请写明年份" in before
        status, after = press(taken.query_code, words=WORDS, upload=SimpleUploadedFile("补正.pdf", PDF))
        assert status == 200 and "已收到您提交的内容" in after and "需要您补正" not in after
        application = fresh(taken.application)
        assert application.stage == Stage.HANDLING
        supplement = case_course(application=application).state.supplement
        assert supplement is not None and supplement.supplemented_on == desk.today
        words, file = CasePaper.objects.filter(kind="supplement").order_by("pk")
        assert words.note == WORDS and file.file is not None and file.added_by_name == "申请人"

    def test_what_was_handed_in_is_in_the_case_and_nowhere_else(self, desk: Desk) -> None:
        taken = asked(desk)
        press(taken.query_code, words=WORDS)
        told = [f"{one.summary} {one.details}" for one in Entry.objects.all()]
        told += [f"{one.title} {one.body} {one.url}" for one in Notice.objects.all()]
        assert WORDS not in " ".join(told) and taken.query_code not in " ".join(told)
        notice = Notice.objects.filter(dedupe_key__contains="foi.supplied").first()
        assert notice is not None and "重新计算" in notice.body

    def test_too_late_it_is_kept_and_the_office_judges(self, desk: Desk) -> None:
        taken = asked(desk, days_ago=40, days=5)
        status, _ = press(taken.query_code, words=WORDS)
        assert status == 200 and fresh(taken.application).stage == Stage.SUPPLEMENT_WAIT
        assert CasePaper.objects.filter(kind="supplement").count() == 1
        notice = Notice.objects.filter(dedupe_key__contains="foi.supplied").first()
        assert notice is not None and "正当理由" in notice.body

    def test_nothing_is_not_taken_and_a_file_must_be_what_it_says(self, desk: Desk) -> None:
        taken = asked(desk)
        status, answer = press(taken.query_code, words="  ")
        assert status == 422 and "请写明内容，或者选择文件" in answer
        status, answer = press(taken.query_code, words=WORDS, upload=SimpleUploadedFile("补正.pdf", b"no pdf"))
        assert status == 422 and "内容与扩展名不符" in answer and WORDS in answer
        assert not CasePaper.objects.exists() and fresh(taken.application).stage == Stage.SUPPLEMENT_WAIT


class TestReasons:
    def test_are_kept_for_the_office_to_judge(self, desk: Desk) -> None:
        taken = desk.taken(now=timezone.now())
        desk.do(taken.application, c.Accept(on=desk.today))
        desk.do(taken.application, c.AskReasons(on=desk.today))
        assert "需要您说明理由" in page(taken.query_code)
        status, _ = press(taken.query_code, words="用于论文")
        assert status == 200 and CasePaper.objects.get(kind="supplement").title.startswith("说明的理由")
        reasons = case_course(application=fresh(taken.application)).state.reasons
        assert reasons is not None and reasons.given_on is None


class TestWhoAndWhen:
    def test_nothing_can_be_handed_in_that_nobody_asked_for(self, desk: Desk) -> None:
        taken = desk.taken(now=timezone.now())
        assert "需要您补正" not in page(taken.query_code)
        status, answer = press(taken.query_code, words=WORDS)
        assert status == 422 and "现在没有需要您补正" in answer and not CasePaper.objects.exists()

    def test_a_wrong_code_says_nothing(self, desk: Desk) -> None:
        asked(desk)
        status, answer = press("WRONGCODE123", words=WORDS)
        assert status == 422 and "请写明年份" not in answer and not CasePaper.objects.exists()

    def test_not_without_end(self, desk: Desk) -> None:
        taken = desk.taken(now=timezone.now())
        desk.do(taken.application, c.Accept(on=desk.today))
        desk.do(taken.application, c.AskReasons(on=desk.today))
        for _ in range(20):
            services.applicant_supply(query_code=taken.query_code, words=WORDS, now=timezone.now())
        status, answer = press(taken.query_code, words=WORDS)
        assert status == 422 and "网上最多提交20份" in answer
