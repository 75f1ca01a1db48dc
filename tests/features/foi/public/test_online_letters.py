"""Letters that are put online: the query code opens them, the first time is their service, and nobody else gets them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.delivering import DeliveryFacts, End
from gongkai.domain.foi.model import ConsultationKind, Delivery, Stage
from gongkai.domain.foi.wishes import Form
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.selectors.course import case_course
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.files.selectors import file_path
from tests.factories.foi import NAME, Desk, request
from tests.factories.foi_office import reply, set_up
from tests.factories.world import World

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%copy\n"


@pytest.fixture
def desk(world: World) -> Desk:
    desk = Desk(world, timezone.localdate())
    set_up(desk)
    return desk


def taken(desk: Desk, **more: Any) -> services.Taken:
    return desk.taken(request=request(**more), now=timezone.now())


def signed(desk: Desk, application: Application) -> None:
    day = desk.today
    desk.do(application, c.Accept(on=day))
    desk.do(application, c.Draft(on=day, disposition="granted_provide"))
    desk.do(application, c.Sign(on=day, signed_by="局长"), by=desk.leader)


def put(desk: Desk, paper: CasePaper, way: Delivery = Delivery.ONLINE, **more: Any) -> None:
    facts = DeliveryFacts(way, desk.today, posting_no="XA360007" if way is Delivery.POST else "")
    services.delivery_note(actor=desk.clerk, paper_id=paper.pk, facts=facts, now=timezone.now(), **more)


def file_of(desk: Desk, application: Application, evidence: str = "") -> CasePaper:
    upload = SimpleUploadedFile("批复.pdf", PDF, "application/pdf")
    return services.paper_add(
        actor=desk.clerk,
        application_id=application.pk,
        kind="record",
        evidence=evidence,
        upload=upload,
        now=timezone.now(),
    )


def page(code: str) -> str:
    return Client().post("/apply/follow/", {"code": code}).content.decode()


def download(code: str, paper: CasePaper) -> Any:
    return Client().post("/apply/follow/file/", {"code": code, "paper": str(paper.pk)})


class TestReply:
    def test_is_there_from_the_day_it_was_put_online_and_its_reading_serves_it(self, desk: Desk) -> None:
        case = taken(desk)
        signed(desk, case.application)
        letter = reply(desk, case.application, delivery=Delivery.ONLINE)
        assert letter.title not in page(case.query_code) and download(case.query_code, letter).status_code == 422
        put(desk, letter)
        assert f'value="{letter.pk}"' in page(case.query_code)
        got = download(case.query_code, letter)
        assert letter.file is not None and got.content == file_path(file=letter.file).read_bytes()
        assert "no-store" in got["Cache-Control"] and got["Content-Disposition"].startswith("attachment")
        case.application.refresh_from_db()
        assert case.application.stage == Stage.DELIVERED
        newest = letter.deliveries.first()
        assert newest is not None and (newest.end, newest.by_name) == (End.READ.value, "申请人")
        assert newest.read_at is not None and newest.proof is not None and newest.proof.evidence == "handover_proof"
        assert "查阅" in page(case.query_code)

    def test_is_read_once_and_every_time_is_on_record(self, desk: Desk) -> None:
        case = taken(desk)
        signed(desk, case.application)
        letter = reply(desk, case.application, delivery=Delivery.ONLINE)
        put(desk, letter)
        for _ in range(3):
            assert download(case.query_code, letter).status_code == 200
        assert letter.deliveries.count() == 2
        entries = Entry.objects.filter(action="foi.paper.read")
        assert entries.count() == 3
        told = " ".join(f"{one.summary} {one.details}" for one in Entry.objects.all())
        assert NAME not in told and case.query_code not in told

    def test_can_still_be_read_when_the_case_is_closed(self, desk: Desk) -> None:
        case = taken(desk)
        signed(desk, case.application)
        letter = reply(desk, case.application, delivery=Delivery.ONLINE)
        put(desk, letter)
        rules = case_course(application=case.application).law.dispositions.dispositions["granted_provide"]
        evidence = tuple(item.code for item in rules.evidence if not item.later)
        desk.do(case.application, c.Close(on=desk.today, evidence=evidence))
        assert download(case.query_code, letter).status_code == 200
        newest = letter.deliveries.first()
        assert newest is not None and newest.end == End.READ.value
        case.application.refresh_from_db()
        assert case.application.stage == Stage.CLOSED

    def test_by_post_is_not_online(self, desk: Desk) -> None:
        case = taken(desk)
        signed(desk, case.application)
        letter = reply(desk, case.application)
        put(desk, letter, Delivery.POST)
        assert letter.title not in page(case.query_code) and download(case.query_code, letter).status_code == 422
        assert letter.deliveries.count() == 1


class TestWhatIsGiven:
    def test_the_copy_on_its_line_of_the_checklist_goes_with_the_reply_and_nothing_else(self, desk: Desk) -> None:
        case = taken(desk)
        desk.do(case.application, c.Accept(on=desk.today))
        whole = file_of(desk, case.application)
        desk.do(case.application, c.Draft(on=desk.today, disposition="granted_provide"))
        desk.do(case.application, c.Sign(on=desk.today, signed_by="局长"), by=desk.leader)
        copy = file_of(desk, case.application, "copy_provided")
        letter = reply(desk, case.application, delivery=Delivery.ONLINE)
        assert download(case.query_code, copy).status_code == 422
        put(desk, letter)
        assert download(case.query_code, copy).content == PDF
        assert download(case.query_code, whole).status_code == 422
        services.paper_remove(actor=desk.clerk, paper_id=copy.pk, reason="放错了", now=timezone.now())
        assert download(case.query_code, copy).status_code == 422

    def test_who_wanted_paper_finds_the_letter_only(self, desk: Desk) -> None:
        case = taken(desk, wanted_form=Form.PAPER, wanted_delivery=Delivery.POST)
        signed(desk, case.application)
        copy = file_of(desk, case.application, "copy_provided")
        put(desk, reply(desk, case.application, delivery=Delivery.ONLINE))
        assert f'value="{copy.pk}"' not in page(case.query_code)
        assert download(case.query_code, copy).status_code == 422


class TestNotices:
    def test_reading_what_to_supplement_begins_the_period(self, desk: Desk) -> None:
        case = taken(desk)
        desk.do(case.application, c.NotifySupplement(on=desk.today, items=("请写明年份",)))
        values = {
            "defects": ["年份不明"],
            "what_to_supply": ["年份"],
            "guidance": "写明文件的年份",
            "supplement_due": desk.today,
        }
        letter = reply(desk, case.application, code="L02_supplement", values=values, delivery=Delivery.ONLINE)
        put(desk, letter)
        assert download(case.query_code, letter).status_code == 200
        supplement = case_course(application=case.application).state.supplement
        assert supplement is not None and supplement.delivered_on == desk.today

    def test_a_letter_to_a_third_party_is_never_there(self, desk: Desk) -> None:
        case = taken(desk)
        desk.do(case.application, c.Accept(on=desk.today))
        desk.do(case.application, c.Consult(on=desk.today, kind=ConsultationKind.THIRD_PARTY, ref="青溪建材有限公司"))
        values = {
            "information_concerned": "批复",
            "question": "是否同意公开",
            "answer_due": desk.today,
            "reply_form": "书面",
            "addressee": "青溪建材有限公司",
        }
        letter = reply(desk, case.application, code="L06_consult_third", values=values, delivery=Delivery.ONLINE)
        put(desk, letter)
        assert letter.title not in page(case.query_code) and download(case.query_code, letter).status_code == 422


class TestWho:
    def test_another_s_code_opens_nothing_of_it(self, desk: Desk) -> None:
        case, other = taken(desk), taken(desk)
        signed(desk, case.application)
        letter = reply(desk, case.application, delivery=Delivery.ONLINE)
        put(desk, letter)
        assert download(other.query_code, letter).status_code == 422
        assert download("WRONGCODE123", letter).status_code == 422
        assert letter.deliveries.count() == 1
        assert Client().get(f"/apply/follow/file/?code={case.query_code}&paper={letter.pk}").status_code == 405

    def test_wrong_codes_count_as_tries(self, desk: Desk) -> None:
        case = taken(desk)
        signed(desk, case.application)
        letter = reply(desk, case.application, delivery=Delivery.ONLINE)
        for _ in range(20):
            download("WRONGCODE123", letter)
        assert download(case.query_code, letter).status_code == 429
