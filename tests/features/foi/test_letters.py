"""Letters of a case: what the program knows is put in by it, numbers have no gaps, what is wrong is told at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi import remedies
from gongkai.domain.foi.letters import day_words
from gongkai.domain.foi.model import Delivery
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.selectors import letters
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.letters import letter_choices, result_letter
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.letters import letter_text
from gongkai.kernel.registers.selectors import number_last
from tests.factories.foi import NAME, PHONE, Desk, request
from tests.factories.world import TODAY, World, moment

pytestmark = pytest.mark.django_db


def written(desk: Desk, application: Application, code: str, **more: Any) -> CasePaper:
    fields: dict[str, Any] = {
        "actor": desk.clerk,
        "application_id": application.pk,
        "code": code,
        "values": {},
        "delivery": Delivery.POST,
        "sealed": True,
        "on": TODAY,
        "now": moment(TODAY, 11),
    }
    return services.letter_write(**{**fields, **more})


def text_of(paper: CasePaper) -> str:
    assert paper.file is not None
    return letter_text(file_path(file=paper.file).read_bytes())


class TestReceipt:
    def test_carries_number_day_and_period_of_the_case(self, desk: Desk) -> None:
        application = desk.taken().application
        paper = written(desk, application, "L01_receipt", values={"materials": ["申请表一份"]})
        words = text_of(paper)
        assert "2026-0001" in words and "2026年3月2日" in words and "2026年3月30日" in words
        assert NAME in words
        assert paper.letter_no.endswith("公开〔2026〕1号")

    def test_quotes_what_was_asked_whole(self, desk: Desk) -> None:
        asked = request(subject="2026年内涝治理资金安排", description="市级资金的分配方案。")
        taken = desk.taken(request=replace(asked, doc_no="青财发〔2026〕3号"))
        notice = {
            "defects": ["资金不明"],
            "what_to_supply": ["哪一笔资金"],
            "guidance": "写明资金的名称",
            "supplement_due": TODAY,
        }
        words = text_of(written(desk, taken.application, "L02_supplement", values=notice))
        assert "“2026年内涝治理资金安排（青财发〔2026〕3号）；市级资金的分配方案”" in words
        alone = desk.taken(request=request(subject="内涝治理资金安排", description="内涝治理资金安排"))
        words = text_of(written(desk, alone.application, "L02_supplement", values=notice))
        assert "“内涝治理资金安排”" in words

    def test_numbers_run_on_and_a_refused_letter_takes_none(self, desk: Desk) -> None:
        application = desk.taken().application
        written(desk, application, "L01_receipt", values={"materials": ["申请表一份"]})
        with pytest.raises(Refused) as refused:
            written(desk, application, "L02_supplement", values={})
        assert "foi.letter.field_missing" in refused.value.codes()
        other = desk.taken().application
        second = written(desk, other, "L01_receipt", values={"materials": ["申请表一份"]})
        assert second.letter_no.endswith("公开〔2026〕2号")

    def test_only_who_handles_cases_writes_letters(self, desk: Desk) -> None:
        application = desk.taken().application
        with pytest.raises(NotPermitted):
            written(desk, application, "L01_receipt", actor=desk.lawyer)

    def test_a_letter_without_a_seal_does_not_go_out(self, desk: Desk) -> None:
        application = desk.taken().application
        with pytest.raises(Refused) as refused:
            written(desk, application, "L01_receipt", values={"materials": ["申请表"]}, sealed=False)
        assert "foi.send.no_seal" in refused.value.codes()


class TestResult:
    def test_the_letter_of_the_result_is_offered_first_and_no_other_result(self, desk: Desk) -> None:
        application = desk.taken().application
        desk.do(application, c.Accept(on=TODAY))
        desk.do(application, c.Draft(on=TODAY, disposition="granted_provide"))
        course = case_course(application=application)
        codes = [one.code for one in letter_choices(course=course, on=TODAY)]
        assert result_letter(course) == codes[0] == "L10_granted"
        assert "L13_denied" not in codes

    VALUES: ClassVar = {
        "facts": "该信息由本机关制作",
        "form": "电子版",
        "provided": "批复文件一份",
        "legal_basis": "某某办法第一条",
        "remedy": ["三个月内起诉"],
    }

    def test_basis_and_remedies_cannot_be_written_otherwise(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        known = letters.organ_names
        monkeypatch.setattr(
            letters, "organ_names", lambda unit: {**known(unit), remedies.Role.BASIC_COURT: "青溪县人民法院"}
        )
        application = desk.taken().application
        desk.do(application, c.Accept(on=TODAY))
        desk.do(application, c.Draft(on=TODAY, disposition="granted_provide"))
        words = text_of(written(desk, application, "L10_granted", values=self.VALUES))
        assert "某某办法" not in words and "三个月" not in words
        assert "青溪县人民政府申请行政复议" in words and "青溪县人民法院" in words

    def test_a_court_that_nobody_named_is_asked_for_and_no_number_is_used_up(self, desk: Desk) -> None:
        application = desk.taken().application
        desk.do(application, c.Accept(on=TODAY))
        desk.do(application, c.Draft(on=TODAY, disposition="granted_provide"))
        with pytest.raises(Refused, match="基层人民法院"):
            written(desk, application, "L10_granted", values=self.VALUES)
        assert number_last(series="foi.letter", year=2026, unit_id=desk.unit.pk) == 0


class TestThirdParty:
    def test_the_applicant_is_not_named_to_a_third_party(self, desk: Desk) -> None:
        application = desk.taken().application
        desk.do(application, c.Accept(on=TODAY))
        values = {
            "addressee": "青溪建材有限公司",
            "question": f"是否同意公开？申请人{NAME}，电话{PHONE}",
            "reply_form": "书面",
            "answer_due": TODAY.replace(day=23),
        }
        with pytest.raises(Refused) as refused:
            written(desk, application, "L06_consult_third", values=values)
        assert refused.value.codes().count("foi.send.personal_data") >= 1


class TestPages:
    def test_a_letter_is_asked_previewed_and_written(self, world: World) -> None:
        desk = Desk(world, timezone.localdate())
        application = desk.taken().application
        client = Client()
        client.force_login(world.person(Role.DISCLOSURE_OFFICE, desk.unit))
        page = client.get(f"/admin/foi/{application.pk}/letters/").content.decode()
        assert "L01_receipt" in page
        address = f"/admin/foi/{application.pk}/letters/L01_receipt/"
        asked = client.get(address).content.decode()
        assert NAME not in asked and "欧**" in asked and f"<dd>{day_words(desk.today)}" in asked
        answers = {"materials": "申请表一份", "delivery": "post", "sealed": "on"}
        preview = client.post(address, {**answers, "do": "preview"}).content.decode()
        assert "预览" in preview and "2026" in preview
        assert Entry.objects.filter(action="sealed.value.unmask", summary__contains="预览").count() == 1
        client.post(address, {**answers, "do": "write"})
        assert CasePaper.objects.get(kind="letter").letter == "L01_receipt"

    def test_another_unit_finds_none(self, world: World) -> None:
        desk = Desk(world, timezone.localdate())
        application = desk.taken().application
        client = Client()
        client.force_login(world.person(Role.DISCLOSURE_OFFICE, world.finance))
        assert client.get(f"/admin/foi/{application.pk}/letters/").status_code == 404
        assert client.get(f"/admin/foi/{application.pk}/letters/L01_receipt/").status_code == 404

    def test_a_letter_that_is_none_is_not_found(self, world: World) -> None:
        desk = Desk(world, timezone.localdate())
        application = desk.taken().application
        client = Client()
        client.force_login(world.person(Role.DISCLOSURE_OFFICE, desk.unit))
        assert client.get(f"/admin/foi/{application.pk}/letters/L99_none/").status_code == 404
