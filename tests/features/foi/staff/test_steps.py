"""The steps of a case in a clerk's hands: chosen from lists, several sides at once, with papers, warnings and the letter."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.defense import DefenseCommand, DefenseVerb
from gongkai.domain.foi.model import ConsultationKind, RemedyKind, RemedyOutcome, Stage
from gongkai.features.foi import services
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors.course import case_course
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.errors import Refused
from tests.factories.foi import Desk
from tests.factories.world import World, moment

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@pytest.fixture
def now_desk(world: World) -> Desk:
    """A desk on the real day, as the pages read the clock."""
    return Desk(world, timezone.localdate())


@pytest.fixture
def clerk(now_desk: Desk) -> Client:
    client = Client()
    client.force_login(now_desk.world.person(Role.DISCLOSURE_OFFICE, now_desk.unit))
    return client


@pytest.fixture
def case(now_desk: Desk) -> Application:
    application = now_desk.taken().application
    return now_desk.do(application, c.Accept(on=now_desk.today))


def press(client: Client, desk: Desk, application: Application, verb: str, **sent: Any) -> Any:
    """Do a step on the page and see the page that follows."""
    path = f"/admin/foi/{application.pk}/do/{verb}/"
    return client.post(path, {"on": desk.today.isoformat(), **sent}, follow=True)


def ask(client: Client, desk: Desk, case: Application, refs: str = "甲公司\n乙公司\n甲公司") -> Any:
    return press(client, desk, case, "consult", kind="third_party", ref=refs)


class TestTooLate:
    def test_a_step_that_somebody_else_has_done_says_so(self, now_desk: Desk, clerk: Client, case: Application) -> None:
        seen = str(case.event_count - 1)
        late = press(clerk, now_desk, case, "accept", seen=seen)
        assert late.status_code == 422 and "这件申请刚刚有了新的进展" in late.content.decode()
        again = press(clerk, now_desk, case, "accept")
        assert again.status_code == 422 and "不能“转入办理”" in again.content.decode()


class TestConsultation:
    def test_several_sides_are_asked_at_once_each_with_its_own_time(
        self, now_desk: Desk, clerk: Client, case: Application
    ) -> None:
        page = ask(clerk, now_desk, case).content.decode()
        asked = case_course(application=case).state.consultations
        assert [one.ref for one in asked] == ["甲公司", "乙公司"]
        assert f"/admin/foi/{case.pk}/letters/L06_consult_third/" in page

    def test_all_or_none_are_asked(self, now_desk: Desk, clerk: Client, case: Application) -> None:
        ask(clerk, now_desk, case, "甲公司")
        answer = ask(clerk, now_desk, case, "乙公司\n甲公司")
        assert answer.status_code == 422 and "甲公司" in answer.content.decode()
        assert len(case_course(application=case).state.consultations) == 1

    def test_an_answer_is_chosen_from_what_was_asked(self, now_desk: Desk, clerk: Client, case: Application) -> None:
        page = ask(clerk, now_desk, case).content.decode()
        assert page.count('value="third_party|甲公司"') == 3  # delivered, answered, lapsed
        press(clerk, now_desk, case, "deliver_consultation", asked="third_party|甲公司")
        opinion = SimpleUploadedFile("意见.png", PNG)
        answer = press(
            clerk, now_desk, case, "answer_consultation", asked="third_party|甲公司", opinion="refuses", upload=opinion
        )
        first, second = case_course(application=case).state.consultations
        assert (first.opinion, second.answered_on) == ("refuses", None)
        assert case.papers.get(kind="opinion").title == "意见.png"
        assert "没有说明理由" in answer.content.decode()  # a warning stands beside the step
        assert 'value="third_party|甲公司"' not in answer.content.decode()

    def test_what_was_not_asked_cannot_be_answered(self, now_desk: Desk, clerk: Client, case: Application) -> None:
        ask(clerk, now_desk, case)
        answer = press(clerk, now_desk, case, "answer_consultation", asked="organ|丙局", opinion="consents")
        assert answer.status_code == 422

    def test_a_refused_paper_undoes_the_step(self, now_desk: Desk, clerk: Client, case: Application) -> None:
        disguised = SimpleUploadedFile("意见.png", b"no picture")
        answer = press(clerk, now_desk, case, "consult", kind="organ", ref="水利局", upload=disguised)
        assert answer.status_code == 422
        assert case_course(application=case).state.stage is Stage.HANDLING and not case.papers.exists()


class TestCaseSteps:
    def test_tells_a_refusal_of_any_step_and_writes_none(self, desk: Desk) -> None:
        application = desk.taken().application
        commands = [c.Accept(on=desk.today), c.Accept(on=desk.today)]
        with pytest.raises(Refused):
            services.case_steps(
                actor=desk.clerk, application_id=application.pk, commands=commands, now=moment(desk.today)
            )
        application.refresh_from_db()
        assert application.stage == Stage.CHECKING.value

    def test_returns_each_warning_once(self, desk: Desk) -> None:
        application = desk.do(desk.taken().application, c.Accept(on=desk.today))
        draft = c.Draft(on=desk.today, disposition="denied_third_party", grounds=("art15_privacy",))
        told = services.case_steps(
            actor=desk.clerk, application_id=application.pk, commands=[draft, draft], now=moment(desk.today)
        )
        assert [issue.code for issue in told] == ["foi.draft.third_party_not_asked"]


class TestFirstValues:
    def test_reopening_begins_with_what_the_decision_orders(self, now_desk: Desk, clerk: Client) -> None:
        day = now_desk.today
        application = now_desk.granted(day)
        now_desk.do(application, c.FileRemedy(on=day, kind=RemedyKind.RECONSIDERATION, ref="3号"))
        decision = DefenseCommand(verb=DefenseVerb.RECEIVE_DECISION, on=day, redo=True, days=12, text="责令重新答复")
        services.remedy_step(
            actor=now_desk.clerk,
            remedy_id=application.remedies.get().pk,
            command=decision,
            outcome=RemedyOutcome.CORRECTED,
            now=timezone.now(),
        )
        page = clerk.get(f"/admin/foi/{application.pk}/").content.decode()
        form = page.split('id="do-reopen"')[1].split("</form>")[0]
        assert "3号：责令重新答复" in form and 'value="12"' in form

    def test_sending_begins_with_the_way_that_was_wanted(self, now_desk: Desk, clerk: Client) -> None:
        application = now_desk.taken().application
        for command, who in (
            (c.Accept(on=now_desk.today), now_desk.clerk),
            (c.Draft(on=now_desk.today, disposition="granted_provide"), now_desk.clerk),
            (c.Sign(on=now_desk.today, signed_by="局长"), now_desk.leader),
        ):
            now_desk.do(application, command, by=who)
        page = clerk.get(f"/admin/foi/{application.pk}/").content.decode()
        assert '<option value="online" selected>' in page

    def test_a_notice_of_supplement_begins_with_what_was_recorded(
        self, now_desk: Desk, clerk: Client, case: Application
    ) -> None:
        now_desk.do(case, c.NotifySupplement(on=now_desk.today, items=("请写明年份", "请写明项目"), days=15))
        page = clerk.get(f"/admin/foi/{case.pk}/letters/L02_supplement/").content.decode()
        assert "请写明年份\n请写明项目" in page
        last = calendar_current().add_working_days(now_desk.today, 15, strict=False)
        assert f'value="{last.isoformat()}"' in page

    def test_a_third_party_to_be_told_is_chosen(self, now_desk: Desk, clerk: Client, case: Application) -> None:
        asked = c.Consult(on=now_desk.today, kind=ConsultationKind.THIRD_PARTY, ref="甲公司")
        now_desk.do(case, asked)
        page = clerk.get(f"/admin/foi/{case.pk}/").content.decode()
        assert "没有要告知的第三方" not in page


class TestWhatComesNext:
    def test_a_drafted_reply_tells_who_signs_it(self, now_desk: Desk, clerk: Client, case: Application) -> None:
        now_desk.do(case, c.Draft(on=now_desk.today, disposition="granted_provide"))
        page = clerk.get(f"/admin/foi/{case.pk}/").content.decode()
        assert "下一步：签发" in page and "拟稿人不能自己签发" in page
        leader = Client()
        leader.force_login(now_desk.world.person(Role.UNIT_LEADER, now_desk.unit))
        page = leader.get(f"/admin/foi/{case.pk}/").content.decode()
        assert f"/admin/foi/{case.pk}/do/sign/" in page and "拟稿人不能自己签发" not in page

    def test_what_is_done_already_is_not_offered_again(self, now_desk: Desk, clerk: Client, case: Application) -> None:
        day = now_desk.today
        address = f"/admin/foi/{case.pk}/"
        now_desk.do(case, c.NotifySupplement(on=day, items=("请写明年份",)))
        assert "下一步：补正告知送达" in clerk.get(address).content.decode()
        now_desk.do(case, c.DeliverSupplementNotice(on=day))
        page = clerk.get(address).content.decode()
        assert "下一步：收到补正" in page and f"{address}do/deliver_supplement_notice/" not in page
        now_desk.do(case, c.ReceiveSupplement(on=day))
        assert f"{address}do/notify_supplement/" not in clerk.get(address).content.decode()

    def test_the_fee_and_the_extension_are_offered_once(self, now_desk: Desk, case: Application) -> None:
        day = now_desk.today
        head = Client()
        head.force_login(now_desk.world.person(Role.DISCLOSURE_OFFICE_HEAD, now_desk.unit))
        address = f"/admin/foi/{case.pk}/"
        assert f"{address}do/extend/" in head.get(address).content.decode()
        extend = {"on": day.isoformat(), "days": "10", "approved_by": "负责人", "approved_on": day.isoformat()}
        assert head.post(f"{address}do/extend/", extend).status_code == 422  # a reason is wanted
        assert head.post(f"{address}do/extend/", {**extend, "reason": "材料要逐页核对"}).status_code == 302
        page = head.get(address).content.decode()
        assert "理由：材料要逐页核对" in page
        clerk = Client()
        clerk.force_login(now_desk.world.person(Role.DISCLOSURE_OFFICE, now_desk.unit))
        assert "材料要逐页核对" in clerk.get(f"{address}letters/L04_extension/").content.decode()
        assert f"{address}do/extend/" not in page and f"{address}do/undo_extension/" in page
        assert f"同意日期：{day.year}年{day.month}月{day.day}日" in page

    def test_a_stage_without_usual_letters_says_so(self, now_desk: Desk, clerk: Client, case: Application) -> None:
        now_desk.do(case, c.NotifySupplement(on=now_desk.today, items=("请写明年份",)))
        page = clerk.get(f"/admin/foi/{case.pk}/letters/").content.decode()
        assert "这个阶段没有常用的文书" in page and "其他文书" in page
