"""Delivery of letters in a case: steps taken with it, proof kept, corrections with reasons, nobody named, hidden from others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.delivering import DeliveryFacts, End
from gongkai.domain.foi.model import Delivery, Stage
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CasePaper, LetterDelivery
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.delivering import deliveries_of
from gongkai.features.foi.selectors.detail import case_detail
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.foi import NAME, Desk
from tests.factories.foi_office import reply, set_up, signed
from tests.factories.world import TODAY, World, moment

pytestmark = pytest.mark.django_db
SIGNER = "欧阳青青"
SENT, HERE = TODAY, TODAY + timedelta(days=3)
POST = DeliveryFacts(Delivery.POST, SENT, posting_no="XA360007")
SIGNED = replace(POST, end=End.SIGNED, ended_on=HERE, signed_by=SIGNER)


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("妥投证明.pdf", b"%PDF-1.4\n%proof\n", "application/pdf")


def noted(desk: Desk, paper: CasePaper, facts: DeliveryFacts, day: date = HERE, **more: Any) -> LetterDelivery:
    fields = {"actor": desk.clerk, "paper_id": paper.pk, "facts": facts, "now": moment(day, 15)}
    return services.delivery_note(**{**fields, **more})


@pytest.fixture
def application(desk: Desk) -> Application:
    set_up(desk)
    return signed(desk)


@pytest.fixture
def paper(desk: Desk, application: Application) -> CasePaper:
    return reply(desk, application)


class TestReply:
    def test_posting_sends_and_the_signature_serves_the_reply(
        self, desk: Desk, application: Application, paper: CasePaper
    ) -> None:
        noted(desk, paper, POST, SENT)
        application.refresh_from_db()
        assert application.stage == Stage.SENT and application.replied_on == SENT
        noted(desk, paper, SIGNED, upload=scan())
        application.refresh_from_db()
        assert application.stage == Stage.DELIVERED and application.replied_on == SENT
        answer = case_course(application=application).state.answer
        assert answer is not None and answer.served_on == HERE and answer.delivery is Delivery.POST

    def test_in_person_the_reply_is_made_when_it_is_signed_for(
        self, desk: Desk, application: Application, paper: CasePaper
    ) -> None:
        facts = replace(SIGNED, way=Delivery.IN_PERSON, posting_no="")
        noted(desk, paper, facts, upload=scan())
        application.refresh_from_db()
        assert application.replied_on == HERE and application.stage == Stage.DELIVERED

    def test_one_that_came_back_goes_out_again_without_a_reason(
        self, desk: Desk, application: Application, paper: CasePaper
    ) -> None:
        noted(desk, paper, replace(POST, end=End.RETURNED, ended_on=HERE, note="查无此人"))
        application.refresh_from_db()
        assert application.stage == Stage.SENT
        again = replace(POST, way=Delivery.IN_PERSON, sent_on=HERE, posting_no="", end=End.SIGNED, ended_on=HERE)
        noted(desk, paper, replace(again, signed_by=SIGNER))
        application.refresh_from_db()
        assert application.stage == Stage.DELIVERED
        assert [row.number for row in paper.deliveries.all()] == [2, 1]

    def test_what_shows_that_it_came_back_proves_no_delivery(
        self, desk: Desk, application: Application, paper: CasePaper
    ) -> None:
        back = noted(desk, paper, replace(POST, end=End.RETURNED, ended_on=HERE, note="查无此人"), upload=scan())
        assert back.proof is not None and back.proof.evidence == "" and back.proof.title.startswith("退回凭证")
        again = replace(POST, sent_on=HERE, posting_no="XA360009", end=End.SIGNED, ended_on=HERE, signed_by=SIGNER)
        row = noted(desk, paper, again)
        assert row.proof is not None and row.proof.file is None and row.proof.evidence == "handover_proof"
        back.proof.refresh_from_db()
        assert back.proof.removed_at is None

    def test_a_step_that_the_case_refuses_keeps_nothing(self, desk: Desk) -> None:
        set_up(desk)
        application = desk.taken().application
        desk.do(application, c.Accept(on=TODAY))
        desk.do(application, c.Draft(on=TODAY, disposition="granted_provide"))
        paper = reply(desk, application)
        with pytest.raises(Refused):  # nobody has signed it
            noted(desk, paper, SIGNED)
        assert not LetterDelivery.objects.exists() and not CasePaper.objects.filter(kind="service").exists()


class TestNotices:
    def test_the_delivery_of_a_notice_begins_the_applicants_period(self, desk: Desk) -> None:
        application = desk.taken().application
        desk.do(application, c.NotifySupplement(on=TODAY, items=("请写明年份",)))
        values = {
            "defects": ["年份不明"],
            "what_to_supply": ["年份"],
            "guidance": "写明文件的年份",
            "supplement_due": TODAY + timedelta(days=20),
        }
        paper = reply(desk, application, code="L02_supplement", values=values)
        noted(desk, paper, SIGNED)
        supplement = case_course(application=application).state.supplement
        assert supplement is not None and supplement.delivered_on == HERE
        assert CasePaper.objects.get(kind="service").evidence == "notice_delivery"
        later = HERE + timedelta(days=1)
        with pytest.raises(Refused) as refused:  # the period has begun on the day that was noted
            noted(desk, paper, replace(SIGNED, ended_on=later), later, reason="看错")
        assert refused.value.codes() == ["foi.delivering.served_fixed"]


class TestProof:
    def test_becomes_a_paper_of_the_case_on_the_line_of_the_checklist(
        self, desk: Desk, application: Application, paper: CasePaper
    ) -> None:
        row = noted(desk, paper, SIGNED, upload=scan())
        proof = CasePaper.objects.get(kind="service")
        assert row.proof == proof and proof.file is not None
        assert paper.letter_no in proof.note and "XA360007" in proof.note and "本人签收" in proof.note
        detail = case_detail(actor=desk.clerk, application_id=application.pk, today=HERE)
        assert [line.item.code for line in detail.evidence if proof in line.papers] == ["handover_proof"]

    def test_whoever_signed_is_sealed_and_named_nowhere(self, desk: Desk, paper: CasePaper) -> None:
        row = noted(desk, paper, SIGNED, upload=scan())
        row.refresh_from_db()
        assert str(row.signed_by) != SIGNER and SIGNER not in repr(row.signed_by)
        told = " ".join(f"{one.summary} {one.details}" for one in Entry.objects.all())
        assert SIGNER not in told and NAME not in told and "妥投证明" not in told
        assert SIGNER not in " ".join(CasePaper.objects.values_list("note", flat=True))

    def test_without_a_scan_the_words_stand_for_it(self, desk: Desk, paper: CasePaper) -> None:
        row = noted(desk, paper, SIGNED)
        assert row.proof is not None and row.proof.file is None and "本人签收" in row.proof.note


class TestCorrection:
    def test_needs_a_reason_and_keeps_what_stood_there(self, desk: Desk, paper: CasePaper) -> None:
        noted(desk, paper, SIGNED, upload=scan())
        right = replace(SIGNED, posting_no="XA360008", signed_by="")
        with pytest.raises(Refused, match="邮寄凭证号") as refused:
            noted(desk, paper, right)
        assert refused.value.codes() == ["foi.delivering.reason"]
        row = noted(desk, paper, right, reason="号码抄错")
        assert row.reason == "号码抄错" and paper.deliveries.count() == 2
        row.refresh_from_db()
        assert row.signed_by is not None and row.signed_by.for_machine() == SIGNER
        papers = list(CasePaper.objects.filter(kind="service").order_by("pk"))
        assert papers[0].removed_reason == "号码抄错" and papers[1].removed_at is None
        assert papers[0].file == papers[1].file and "XA360008" in papers[1].note

    def test_the_day_that_the_case_has_recorded_stays(self, desk: Desk, paper: CasePaper) -> None:
        noted(desk, paper, SIGNED)
        other = replace(SIGNED, ended_on=HERE + timedelta(days=1))
        with pytest.raises(Refused) as refused:
            noted(desk, paper, other, HERE + timedelta(days=2), reason="看错")
        assert refused.value.codes() == ["foi.delivering.served_reply"]

    def test_after_the_case_is_closed_nothing_changes(
        self, desk: Desk, application: Application, paper: CasePaper
    ) -> None:
        noted(desk, paper, SIGNED, upload=scan())
        detail = case_detail(actor=desk.clerk, application_id=application.pk, today=HERE)
        evidence = tuple(line.item.code for line in detail.evidence)
        desk.do(application, c.Close(on=HERE, evidence=evidence))
        with pytest.raises(Refused) as refused:
            noted(desk, paper, replace(SIGNED, posting_no="XA1"), reason="号码抄错")
        assert "foi.delivering.closed" in refused.value.codes()


class TestWho:
    def test_only_who_handles_the_case_and_no_other_unit(self, desk: Desk, world: World, paper: CasePaper) -> None:
        with pytest.raises(NotPermitted):
            noted(desk, paper, POST, actor=desk.leader)
        with pytest.raises(NotFound):
            noted(desk, paper, POST, actor=world.actor(Role.DISCLOSURE_OFFICE, world.office))

    def test_what_stays_in_the_house_is_not_delivered(self, desk: Desk, application: Application) -> None:
        values = {"content": "拟公开", "drafter": "甲", "secrecy_opinion": "无", "legal_opinion": "无"}
        sheet = reply(desk, application, code="F03_review_sheet", values={**values, "leader_opinion": "同意"})
        with pytest.raises(Refused) as refused:
            noted(desk, sheet, POST)
        assert refused.value.codes() == ["foi.delivering.not_outgoing"]
        detail = case_detail(actor=desk.clerk, application_id=application.pk, today=TODAY)
        assert deliveries_of(detail=detail, today=TODAY) == []


class TestPages:
    def test_a_delivery_is_noted_shown_with_the_day_of_reply_and_its_sheet_printed(self, world: World) -> None:
        desk = Desk(world, timezone.localdate())
        set_up(desk)
        application = signed(desk)
        paper = reply(desk, application)
        client = Client()
        client.force_login(world.person(Role.DISCLOSURE_OFFICE, desk.unit))
        listed = f"/admin/foi/{application.pk}/deliveries/"
        assert "还没有登记" in client.get(listed).content.decode()
        address = f"/admin/foi/papers/{paper.pk}/delivery/"
        today = desk.today.isoformat()
        wrong = client.post(address, {"way": "post", "sent_on": today})
        assert wrong.status_code == 422 and "邮寄凭证号" in wrong.content.decode()
        sent = {"way": "post", "sent_on": today, "posting_no": "XA360007"}
        assert client.post(address, sent).status_code == 302
        page = client.get(listed).content.decode()
        assert "在途" in page and "以送出之日为答复日期" in page
        done = {**sent, "end": "signed", "ended_on": today, "signed_by": SIGNER, "upload": scan()}
        assert client.post(address, done).status_code == 302
        page = client.get(address).content.decode()
        assert "欧**" in page and SIGNER not in page and NAME not in page
        sheet = client.post(f"{address}sheet/")
        assert "no-store" in sheet["Cache-Control"] and "wordprocessing" in sheet["Content-Type"]
        assert Entry.objects.filter(action="sealed.value.unmask", summary__contains="送达回证").count() == 1

    def test_another_unit_and_a_judge_find_none(self, world: World) -> None:
        desk = Desk(world, timezone.localdate())
        set_up(desk)
        application = signed(desk)
        paper = reply(desk, application)
        for role, unit in ((Role.DISCLOSURE_OFFICE, world.office), (Role.LEGALITY_REVIEWER, desk.unit)):
            client = Client()
            client.force_login(world.person(role, unit))
            assert client.get(f"/admin/foi/{application.pk}/deliveries/").status_code == 404
            assert client.get(f"/admin/foi/papers/{paper.pk}/delivery/").status_code == 404
            assert client.post(f"/admin/foi/papers/{paper.pk}/delivery/sheet/").status_code == 404
