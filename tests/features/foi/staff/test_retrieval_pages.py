"""The desk of a division: its own tasks, nothing of the applicant, no way into the case by any address."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi.models import Application, CasePaper, Retrieval, RetrievalFile
from gongkai.features.foi.selectors.retrievals import offered_day
from gongkai.features.foi.services import paper_add
from gongkai.features.foi.wagtail_hooks import retrievals_menu_item
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.models import Unit
from tests.factories.foi import ADDRESS, NAME, NUMBER, PHONE, Desk
from tests.factories.world import World, moment

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"


class Office:
    """A desk on the real day with a division, a case in handling, and browsers of both sides."""

    def __init__(self, world: World) -> None:
        self.today = timezone.localdate()
        self.desk = Desk(world, self.today)
        self.world = world
        self.division = world.found("规划建设股", "internal_office", self.desk.unit)
        self.other = world.found("档案室", "internal_office", self.desk.unit)
        self.clerk = self.browser(Role.DISCLOSURE_OFFICE, self.desk.unit)
        self.planner = self.browser(Role.DRAFTER, self.division)
        self.application: Application = self.desk.do(
            self.desk.taken(now=moment(self.today)).application, c.Accept(on=self.today)
        )

    def browser(self, role: Role, unit: Unit) -> Client:
        client = Client()
        client.force_login(self.world.person(role, unit))
        return client

    def send(self, **more: str) -> Retrieval:
        address = f"/admin/foi/{self.application.pk}/retrievals/new/"
        fields = {
            "division": str(self.division.pk),
            "wanted": "学府路改造项目的批复",
            "question": "保存在哪里？",
            "due_on": self.today.isoformat(),
            **more,
        }
        response = self.clerk.post(address, fields)
        assert response.status_code == 302, response.content.decode()
        return Retrieval.objects.latest("pk")


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


class TestAsking:
    def test_the_page_of_the_case_leads_to_it_and_shows_what_came_of_it(self, office: Office) -> None:
        case = f"/admin/foi/{office.application.pk}/"
        page = office.clerk.get(case).content.decode()
        assert f"{case}retrievals/new/" in page and f"{case}fee/" in page
        form = office.clerk.get(f"{case}retrievals/new/").content.decode()
        assert "规划建设股" in form and office.application.subject in form
        office.send()
        page = office.clerk.get(case).content.decode()
        assert "调取信息" in page and "待签收" in page

    def test_the_day_is_offered_with_its_working_and_what_is_not_verified(self, office: Office) -> None:
        address = f"/admin/foi/{office.application.pk}/retrievals/new/"
        offered = offered_day(today=office.today, due_on=office.application.due_on)
        page = office.clerk.get(address).content.decode()
        assert f'value="{offered.on.isoformat()}"' in page and f"自今天起 {offered.days} 个工作日" in page
        assert "待核" in page and offered.note in page

    def test_a_step_that_somebody_else_was_faster_with_says_why_it_is_refused(self, office: Office) -> None:
        row = office.send()
        page = f"/admin/foi/retrievals/{row.pk}/do"
        assert office.clerk.post(f"{page}/recall/", {"words": "不用了"}).status_code == 302
        late = office.planner.post(f"{page}/ask_back/", {"words": "缺文号"})
        assert late.status_code == 422 and "这项查找任务“不再需要”" in late.content.decode()

    def test_names_of_the_applicant_are_refused_with_what_was_typed(self, office: Office) -> None:
        address = f"/admin/foi/{office.application.pk}/retrievals/new/"
        fields = {"division": office.division.pk, "wanted": f"{NAME}要的批复", "due_on": office.today.isoformat()}
        response = office.clerk.post(address, fields)
        assert response.status_code == 422
        assert "内设机构只需要知道查什么" in response.content.decode() and not Retrieval.objects.exists()

    def test_a_unit_without_divisions_is_told_how_to_get_them(self, world: World) -> None:
        desk = Desk(world, timezone.localdate())
        application = desk.taken(now=moment(desk.today)).application
        client = Client()
        client.force_login(world.person(Role.DISCLOSURE_OFFICE, desk.unit))
        page = client.get(f"/admin/foi/{application.pk}/retrievals/new/").content.decode()
        assert "还没有内设机构" in page

    def test_steps_with_a_page_of_their_own_are_not_typed_into_the_case(self, office: Office) -> None:
        for verb, page in ((Verb.ASSIGN, "retrievals/new/"), (Verb.NOTIFY_FEE, "fee/"), (Verb.PAY_FEE, "fee/")):
            response = office.clerk.post(
                f"/admin/foi/{office.application.pk}/do/{verb.value}/",
                {"on": office.today.isoformat(), "ref": "某股", "due_on": office.today.isoformat(), "amount": "100"},
            )
            assert response.status_code == 302 and response["Location"].endswith(page)
        assert {row.kind for row in office.application.events.all()}.isdisjoint({"Assigned", "FeeNotified"})

    def test_a_division_with_another_name_by_now_still_answers_on_its_own_page(self, office: Office) -> None:
        office.send()
        Unit.objects.filter(pk=office.division.pk).update(name="规划股", short_name="")
        page = office.clerk.get(f"/admin/foi/{office.application.pk}/").content.decode()
        assert "规划股" in page and f"/do/{Verb.RETURN_ASSIGNMENT.value}/" not in page


class TestDivision:
    def test_sees_its_task_and_nothing_of_the_applicant(self, office: Office) -> None:
        row = office.send()
        for address in ("/admin/foi/retrievals/", f"/admin/foi/retrievals/{row.pk}/"):
            page = office.planner.get(address).content.decode()
            assert "学府路改造项目的批复" in page and "2026-0001" in page
            for secret in (NAME, "欧**", PHONE, NUMBER, ADDRESS, office.application.description):
                assert secret not in page
            assert f"/admin/foi/{office.application.pk}/" not in page

    def test_is_led_there_by_the_sidebar_and_to_nothing_else_of_applications(self, office: Office) -> None:
        page = office.planner.get("/admin/").content.decode()
        assert "/admin/foi/retrievals/" in page and '"/admin/foi/"' not in page

    def test_whether_the_sidebar_leads_there_is_told_by_the_posts_that_were_read_anyway(
        self, office: Office, django_assert_num_queries: Any
    ) -> None:
        item, request = retrievals_menu_item(), RequestFactory().get("/admin/")
        for role, unit, shown in (
            (Role.DRAFTER, office.division, True),
            (Role.SUPERVISOR, office.division, False),
            (Role.DRAFTER, office.desk.unit, False),
            (Role.DISCLOSURE_OFFICE, office.desk.unit, False),  # comes to it from the board
        ):
            request.actor = office.world.actor(role, unit)
            with django_assert_num_queries(0):
                assert item.is_shown(request) is shown

    def test_reaches_nothing_of_the_case_by_any_address(self, office: Office) -> None:
        office.send()
        case = office.application.pk
        paper = paper_add(
            actor=office.desk.clerk,
            application_id=case,
            kind="evidence",
            title="别的材料",
            upload=SimpleUploadedFile("a.pdf", PDF),
            now=moment(office.today),
        )
        assert paper.file is not None
        looks = [
            f"/admin/foi/{case}/",
            f"/admin/foi/{case}/course/",
            f"/admin/foi/{case}/letters/",
            f"/admin/foi/{case}/letters/L01_receipt/",
            f"/admin/foi/{case}/fee/",
            f"/admin/foi/{case}/retrievals/new/",
            f"/admin/foi/papers/{paper.pk}/redact/",
            f"/admin/files/{paper.file.pk}/download/",
        ]
        presses = [
            f"/admin/foi/{case}/file/",
            f"/admin/foi/{case}/applicant/",
            f"/admin/foi/{case}/papers/",
            f"/admin/foi/{case}/do/draft/",
            f"/admin/foi/{case}/fee/decide/",
            f"/admin/foi/{case}/fee/notify/",
            f"/admin/foi/{case}/fee/pay/",
            f"/admin/foi/papers/{paper.pk}/remove/",
            f"/admin/foi/papers/{paper.pk}/identity/",
        ]
        found = {address: office.planner.get(address).status_code for address in looks}
        found |= {address: office.planner.post(address, {"reason": "x"}).status_code for address in presses}
        assert set(found.values()) <= {403, 404}, found
        for address in ("/admin/foi/", "/admin/foi/fees/", "/admin/foi/report/", "/admin/foi/divisions/"):
            assert office.planner.get(address).status_code == 403

    def test_answers_with_a_file_that_it_may_open_again_and_another_division_may_not(self, office: Office) -> None:
        row = office.send()
        page = f"/admin/foi/retrievals/{row.pk}/"
        assert office.planner.post(f"{page}do/accept/").status_code == 302
        fields = {"outcome": "found", "answer": "见附件", "files": [SimpleUploadedFile("批复.pdf", PDF)]}
        assert office.planner.post(f"{page}do/answer/", fields).status_code == 302
        kept = RetrievalFile.objects.get().paper
        assert kept.kind == CasePaper.Kind.RECORD and kept.file is not None
        address = f"/admin/files/{kept.file.pk}/download/"
        opened: Any = office.planner.get(address)
        assert opened.status_code == 200 and b"".join(opened.streaming_content) == PDF
        stranger = office.browser(Role.DRAFTER, office.other)
        assert stranger.get(address).status_code in (403, 404)
        assert stranger.get(page).status_code == 404
        assert stranger.post(f"{page}do/recall/", {"words": "x"}).status_code == 404

    def test_nothing_found_without_the_record_of_the_search_stays_on_the_form(self, office: Office) -> None:
        row = office.send()
        response = office.planner.post(f"/admin/foi/retrievals/{row.pk}/do/answer/", {"outcome": "none"})
        page = response.content.decode()
        assert response.status_code == 422 and "请填写检索关键词" in page and "请书面说明情况" in page

    def test_asks_back_and_hands_on(self, office: Office) -> None:
        row = office.send()
        page = f"/admin/foi/retrievals/{row.pk}/"
        assert office.planner.post(f"{page}do/ask_back/", {"words": "哪一年的？"}).status_code == 302
        assert "哪一年的？" in office.clerk.get(page).content.decode()
        assert office.clerk.post(f"{page}do/clarify/", {"words": "2025年"}).status_code == 302
        done = office.planner.post(f"{page}do/hand_on/", {"division": office.other.pk, "words": "归档了"})
        assert done.status_code == 302
        new = Retrieval.objects.get(division=office.other)
        assert office.planner.get(f"/admin/foi/retrievals/{new.pk}/").status_code == 404

    def test_does_not_do_what_is_for_the_office(self, office: Office) -> None:
        row = office.send()
        response = office.planner.post(f"/admin/foi/retrievals/{row.pk}/do/recall/", {"words": "不想查"})
        row.refresh_from_db()
        assert response.status_code == 403 and row.stage == "sent"

    def test_an_act_that_is_none_is_not_there(self, office: Office) -> None:
        row = office.send()
        for act in ("send", "burn"):
            assert office.planner.post(f"/admin/foi/retrievals/{row.pk}/do/{act}/").status_code == 404


class TestOffice:
    def test_lists_its_divisions_and_what_they_have_open(self, office: Office) -> None:
        office.send()
        page = office.clerk.get("/admin/foi/divisions/").content.decode()
        assert "规划建设股" in page and "没有人员" in page
        assert "学府路改造项目的批复" in office.clerk.get("/admin/foi/retrievals/").content.decode()

    @pytest.mark.parametrize("desk", ["open", "late", "returned", "done", "nonsense"])
    def test_every_list_opens(self, office: Office, desk: str) -> None:
        office.send()
        assert office.clerk.get(f"/admin/foi/retrievals/?desk={desk}").status_code == 200

    def test_another_office_and_the_authority_see_none(self, office: Office) -> None:
        row = office.send()
        for unit in (office.world.finance, office.world.office):
            other = office.browser(Role.DISCLOSURE_OFFICE, unit)
            assert other.get(f"/admin/foi/retrievals/{row.pk}/").status_code == 404
            assert "学府路" not in other.get("/admin/foi/retrievals/").content.decode()

    def test_a_late_answer_is_told_with_its_days(self, office: Office) -> None:
        row = office.send()
        Retrieval.objects.filter(pk=row.pk).update(sent_on=date(2026, 1, 5), due_on=date(2026, 1, 9))
        page = office.clerk.get(f"/admin/foi/{office.application.pk}/").content.decode()
        assert "逾期" in page and "个工作日" in page
