"""A day of service put right in a case: rows, figures, periods and the course follow, and nothing is rewritten silently."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.delivering import DeliveryFacts, End
from gongkai.domain.foi.letters import day_words
from gongkai.domain.foi.model import Delivery, RemedyKind, RemedyOutcome, Stage
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CaseEvent, CasePaper, CaseRemedy, CaseRound, LetterDelivery
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.figures import year_figures
from gongkai.features.foi.selectors.performance import Asked, Split
from gongkai.features.foi.selectors.performance_cases import performance_cases
from gongkai.features.foi.selectors.report import year_report
from gongkai.features.foi.selectors.service_days import corrected_after, remedy_periods
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.foi import NAME, PHONE, Desk
from tests.factories.foi_office import reply, set_up, signed
from tests.factories.world import TODAY, World, moment

pytestmark = pytest.mark.django_db
SIGNER, WHY = "欧阳青青", "回执上的日期看错"
WRONG, RIGHT, NOW = TODAY + timedelta(days=45), TODAY + timedelta(days=5), TODAY + timedelta(days=50)
EVIDENCE = ("copy_provided", "form_wanted", "form_used", "handover_proof")
SIGNED = DeliveryFacts(Delivery.IN_PERSON, TODAY, end=End.SIGNED, ended_on=WRONG, signed_by=SIGNER)


def scan(name: str = "送达回证.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n%proof\n", "application/pdf")


def correct(desk: Desk, application: Application, **more: Any) -> Any:
    fields: dict[str, Any] = {
        "actor": desk.clerk,
        "application_id": application.pk,
        "served_on": RIGHT,
        "reason": WHY,
        "on": NOW,
        "now": moment(NOW, 15),
    }
    if "paper_id" not in more and "upload" not in more:
        fields["upload"] = scan()
    return services.service_correct(**{**fields, **more})


@pytest.fixture
def application(desk: Desk) -> Application:
    set_up(desk)
    return signed(desk)


@pytest.fixture
def letter(desk: Desk, application: Application) -> CasePaper:
    """The reply, handed over and noted on the wrong day with a scan."""
    paper = reply(desk, application)
    services.delivery_note(actor=desk.clerk, paper_id=paper.pk, facts=SIGNED, upload=scan(), now=moment(WRONG, 15))
    return paper


@pytest.fixture
def served(application: Application, letter: CasePaper) -> Application:
    application.refresh_from_db()
    assert (application.stage, application.replied_on) == (Stage.DELIVERED.value, WRONG)
    return application


class TestWhatFollows:
    def test_the_columns_the_round_and_the_figures_follow(self, desk: Desk, served: Application) -> None:
        before = year_figures(year=WRONG.year, unit_ids=[desk.unit.pk])
        assert (before.replied, before.in_time) == (1, 0)
        told = correct(desk, served)
        assert [one.code for one in told] == ["foi.service.less_late"]
        served.refresh_from_db()
        assert (served.replied_on, served.stage) == (RIGHT, Stage.DELIVERED.value)
        round_ = CaseRound.objects.get(application=served)
        assert (round_.replied_on, round_.late_days) == (RIGHT, 0)
        after = year_figures(year=RIGHT.year, unit_ids=[desk.unit.pk])
        assert (after.replied, after.in_time) == (1, 1)

    def test_the_list_of_replies_in_time_says_that_the_day_was_corrected(self, desk: Desk, served: Application) -> None:
        asked = Asked(date(WRONG.year, 1, 1), date(WRONG.year, 12, 31), Split.YEAR)

        def told(figure: str) -> list[str]:
            page, _ = performance_cases(actor=desk.clerk, asked=asked, figure=figure, key="", number=1, today=NOW)
            return [row.told for row in page.rows]

        (late,) = told("late")
        assert "更正" not in late
        correct(desk, served)
        (in_time,) = told("in_time")
        assert in_time == f"{late}，送达日期更正过" and told("late") == []

    def test_the_letters_note_gets_a_further_row_and_keeps_the_old_one(
        self, desk: Desk, served: Application, letter: CasePaper
    ) -> None:
        correct(desk, served)
        new, old = letter.deliveries.all()
        assert (old.number, old.ended_on, old.reason) == (1, WRONG, "")
        assert (new.number, new.ended_on, new.reason, new.by_name) == (2, RIGHT, WHY, desk.clerk.name)
        assert (new.way, new.sent_on, new.end) == (old.way, old.sent_on, old.end)
        assert new.signed_by is not None and new.signed_by.for_machine() == SIGNER
        assert new.proof is not None and new.proof.file is not None and new.proof.evidence == "handover_proof"
        assert old.proof is not None and old.proof.removed_at is None

    def test_a_paper_of_the_case_proves_it_too(self, desk: Desk, served: Application, letter: CasePaper) -> None:
        paper = CasePaper.objects.get(kind="service")
        correct(desk, served, paper_id=paper.pk)
        assert CasePaper.objects.filter(kind="service").count() == 1
        assert letter.deliveries.first().proof == paper
        event = CaseEvent.objects.get(application=served, kind="ServiceCorrected")
        assert event.data["proof"] == paper.title

    def test_the_applicants_periods_are_counted_from_the_right_day(self, desk: Desk, served: Application) -> None:
        def ends() -> dict[str, date]:
            course = case_course(application=served)
            return {one.title: one.due_on for one in remedy_periods(course=course, state=course.state)}

        before = ends()
        correct(desk, served, served_on=TODAY)  # 2026-03-16
        after = ends()
        assert list(after) == ["申请行政复议", "直接提起行政诉讼"]
        assert after["申请行政复议"] >= TODAY + timedelta(days=60) and after["申请行政复议"] < before["申请行政复议"]
        assert after["直接提起行政诉讼"] < before["直接提起行政诉讼"]

    def test_where_no_letter_was_noted_only_the_case_is_put_right(self, desk: Desk) -> None:
        application = signed(desk)
        desk.do(application, c.Send(on=TODAY, delivery=Delivery.POST))
        desk.do(application, c.Serve(on=WRONG))
        assert correct(desk, application) == ()
        application.refresh_from_db()
        assert application.replied_on == TODAY and not LetterDelivery.objects.exists()
        answer = case_course(application=application).state.answer
        assert answer is not None and answer.served_on == RIGHT

    def test_the_note_on_the_letter_agrees_afterwards(self, desk: Desk, served: Application, letter: CasePaper) -> None:
        correct(desk, served)
        wrong_again = replace(SIGNED, ended_on=WRONG)
        with pytest.raises(Refused, match="更正送达日期") as refused:
            services.delivery_note(
                actor=desk.clerk, paper_id=letter.pk, facts=wrong_again, reason="又改", now=moment(NOW, 16)
            )
        assert refused.value.codes() == ["foi.delivering.served_reply"]

    def test_a_reply_ordered_by_a_review_moves_its_remedy(self, desk: Desk, served: Application) -> None:
        desk.do(served, c.Close(on=WRONG, evidence=EVIDENCE))
        day = WRONG + timedelta(days=5)
        desk.do(served, c.FileRemedy(on=day, kind=RemedyKind.RECONSIDERATION))
        desk.do(served, c.DecideRemedy(on=day, kind=RemedyKind.RECONSIDERATION, outcome=RemedyOutcome.CORRECTED))
        desk.do(served, c.Reopen(on=day, reason="复议决定"))
        desk.do(served, c.Draft(on=day, disposition="granted_provide"))
        desk.do(served, c.Sign(on=day, signed_by="局长"), by=desk.leader)
        desk.do(served, c.Send(on=day, delivery=Delivery.IN_PERSON))
        again = day + timedelta(days=3)
        desk.do(served, c.Serve(on=again))
        assert CaseRemedy.objects.get(application=served).redone_on == again
        right = again - timedelta(days=1)
        correct(desk, served, served_on=right, on=again, now=moment(again, 16))
        assert CaseRemedy.objects.get(application=served).redone_on == right
        rounds = CaseRound.objects.filter(application=served).order_by("number")
        assert [one.replied_on for one in rounds] == [WRONG, right]


class TestYears:
    def test_a_year_that_is_over_counts_anew_and_names_the_case(self, world: World) -> None:
        first, last, new = date(2025, 12, 1), date(2025, 12, 31), date(2026, 1, 5)
        desk = Desk(world, first)
        units = [desk.unit.pk]
        application = signed(desk)
        desk.do(application, c.Send(on=first, delivery=Delivery.IN_PERSON))
        desk.do(application, c.Serve(on=last))

        def granted(year: int) -> int:
            report = year_report(year=year, unit_ids=units)
            assert report is not None
            return report.applications.cells["granted"]["total"].number

        assert (granted(2025), granted(2026)) == (1, 0)
        told = correct(desk, application, served_on=new, on=date(2026, 1, 9), now=moment(date(2026, 1, 9)))
        assert "foi.service.other_year" in [one.code for one in told]
        assert (granted(2025), granted(2026)) == (0, 1)
        for year in (2025, 2026):
            report = year_report(year=year, unit_ids=units)
            assert report is not None and report.issues == ()
        (one,) = corrected_after(year=2025, unit_ids=units)
        assert (one.register_no, one.before, one.after) == (application.register_no, last, new)
        assert corrected_after(year=2026, unit_ids=units) == []  # that year goes on
        assert corrected_after(year=2025, unit_ids=[world.office.pk]) == []

    def test_corrected_in_its_own_year_or_without_another_day_of_reply_names_nothing(
        self, desk: Desk, served: Application
    ) -> None:
        correct(desk, served)
        assert corrected_after(year=TODAY.year, unit_ids=[desk.unit.pk]) == []


class TestWhen:
    def test_a_closed_and_an_archived_case_can_be_put_right_with_a_mark(self, desk: Desk, served: Application) -> None:
        desk.do(served, c.Close(on=WRONG, evidence=EVIDENCE))
        desk.do(served, c.Archive(on=WRONG))
        codes = [one.code for one in correct(desk, served)]
        assert codes == ["foi.service.less_late", "foi.service.archived"]
        served.refresh_from_db()
        assert (served.stage, served.replied_on, served.closed_on) == (Stage.ARCHIVED.value, RIGHT, WRONG)

    def test_not_after_destruction(self, desk: Desk, served: Application) -> None:
        person = served.applicant
        person.erased_at = moment(NOW)
        person.save()
        with pytest.raises(Refused) as refused:
            correct(desk, served)
        assert refused.value.codes() == ["foi.service.destroyed"]

    def test_everything_that_is_wrong_is_told_at_once_and_nothing_kept(
        self, desk: Desk, served: Application, letter: CasePaper
    ) -> None:
        papers = CasePaper.objects.count()
        with pytest.raises(Refused) as refused:
            correct(desk, served, reason="", served_on=TODAY - timedelta(days=1), paper_id=letter.pk)
        assert set(refused.value.codes()) == {
            "foi.reason.missing",
            "foi.service.proof",
            "foi.service.paper",
            "foi.day.before",
            "foi.delivering.before_sent",
        }
        assert CasePaper.objects.count() == papers and letter.deliveries.count() == 1
        assert not CaseEvent.objects.filter(kind="ServiceCorrected").exists()

    def test_a_paper_of_another_case_or_a_note_without_a_file_proves_nothing(
        self, desk: Desk, served: Application
    ) -> None:
        note = services.paper_add(
            actor=desk.clerk, application_id=served.pk, kind="service", title="说明", note="口头", now=moment(NOW)
        )
        other = services.paper_add(
            actor=desk.clerk, application_id=desk.taken().application.pk, kind="service", upload=scan(), now=moment(NOW)
        )
        for paper in (note, other):
            with pytest.raises(Refused) as refused:
                correct(desk, served, paper_id=paper.pk)
            assert set(refused.value.codes()) == {"foi.service.proof", "foi.service.paper"}

    def test_who_was_slower_is_told(self, desk: Desk, served: Application) -> None:
        with pytest.raises(Refused) as refused:
            correct(desk, served, seen=1)
        assert refused.value.codes() == ["foi.case.changed_meanwhile"]

    def test_by_no_other_road(self, desk: Desk, served: Application) -> None:
        command = c.CorrectService(on=NOW, served_on=RIGHT, reason=WHY, proof="口说")
        with pytest.raises(Refused) as refused:
            desk.do(served, command)
        assert refused.value.codes() == ["foi.case.own_road"]


class TestWho:
    def test_only_who_handles_the_case_and_no_other_unit(self, desk: Desk, world: World, served: Application) -> None:
        with pytest.raises(NotPermitted):
            correct(desk, served, actor=desk.leader)
        with pytest.raises(NotFound):
            correct(desk, served, actor=world.actor(Role.DISCLOSURE_OFFICE, world.office))


class TestTrace:
    def test_audit_tells_both_days_and_nothing_of_anybody(self, desk: Desk, served: Application) -> None:
        correct(desk, served, upload=scan(f"{NAME}的回证.pdf"))
        entry = Entry.objects.filter(action="foi.application.correct_service").get()
        assert WRONG.isoformat() in entry.summary and RIGHT.isoformat() in entry.summary
        told = " ".join(f"{one.summary} {one.details}" for one in Entry.objects.all())
        assert not any(text in told for text in (NAME, SIGNER, PHONE, WHY, served.subject))

    def test_the_case_file_shows_both_days_reason_and_proof(self, desk: Desk, served: Application) -> None:
        correct(desk, served)
        _, data = services.case_file(actor=desk.clerk, application_id=served.pk, now=moment(NOW, 16))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            course = archive.read("01 办理经过和期限.txt").decode()
            events = json.loads(archive.read("02 办理事件.json"))
            service = archive.read("07 送达记录.txt").decode()
        assert f"{WRONG}　答复送达" in course
        assert f"答复送达之日由{WRONG}更正为{RIGHT}" in course and WHY in course
        assert (events[-1]["before"], events[-1]["after"]) == (WRONG.isoformat(), RIGHT.isoformat())
        assert str(RIGHT) in service and f"本人签收，{WRONG}：{WHY}" in service and SIGNER not in service


class TestPage:
    @pytest.fixture
    def now(self, world: World) -> tuple[Desk, Application, Client]:
        """A case served yesterday by its record, as the clerk sees it today."""
        today = timezone.localdate()
        desk = Desk(world, today - timedelta(days=3))
        application = signed(desk)
        desk.do(application, c.Send(on=desk.today, delivery=Delivery.IN_PERSON))
        application = desk.do(application, c.Serve(on=today))
        client = Client()
        client.force_login(world.person(Role.DISCLOSURE_OFFICE, desk.unit))
        return desk, application, client

    def test_shows_what_changes_first_and_corrects_what_was_looked_at(
        self, now: tuple[Desk, Application, Client]
    ) -> None:
        desk, application, client = now
        address = f"/admin/foi/{application.pk}/service/"
        assert address in client.get(f"/admin/foi/{application.pk}/").content.decode()
        page = client.get(address).content.decode()
        assert "看更正后的变化" in page and 'name="save"' not in page
        right = (desk.today + timedelta(days=1)).isoformat()
        sent = {"served_on": right, "reason": WHY, "on": timezone.localdate().isoformat()}
        hasty = client.post(address, {**sent, "save": "1", "upload": scan()})
        assert hasty.status_code == 200 and 'name="save"' in hasty.content.decode()
        assert not CaseEvent.objects.filter(kind="ServiceCorrected").exists()
        looked = client.post(address, {**sent, "look": "1"}).content.decode()
        assert (
            "申请行政复议的期限" in looked
            and day_words(date.fromisoformat(right)) in looked
            and f'name="looked" value="{right}"' in looked
        )
        bare = client.post(address, {**sent, "save": "1", "looked": right})
        assert bare.status_code == 422 and "要有凭证" in bare.content.decode()
        done = client.post(address, {**sent, "save": "1", "looked": right, "upload": scan()}, follow=True)
        text = done.content.decode()
        assert "已更正" in text and "更正过" in text and WHY in text and NAME not in text
        assert CaseEvent.objects.filter(kind="ServiceCorrected").count() == 1

    def test_a_day_that_cannot_be_is_told_before_anything(self, now: tuple[Desk, Application, Client]) -> None:
        desk, application, client = now
        early = (desk.today - timedelta(days=1)).isoformat()
        sent = {"served_on": early, "reason": WHY, "on": timezone.localdate().isoformat(), "look": "1"}
        page = client.post(f"/admin/foi/{application.pk}/service/", sent)
        assert page.status_code == 422 and "不得倒填日期" in page.content.decode()

    def test_nothing_to_correct_leads_back_and_the_general_road_leads_here(
        self, now: tuple[Desk, Application, Client]
    ) -> None:
        desk, application, client = now
        fresh = desk.taken().application
        assert client.get(f"/admin/foi/{fresh.pk}/service/")["Location"] == f"/admin/foi/{fresh.pk}/"
        there = client.post(f"/admin/foi/{application.pk}/do/correct_service/", {})
        assert there["Location"] == f"/admin/foi/{application.pk}/service/"

    def test_who_may_only_look_and_who_is_of_another_unit(
        self, now: tuple[Desk, Application, Client], world: World
    ) -> None:
        desk, application, _ = now
        address = f"/admin/foi/{application.pk}/service/"
        leader, stranger = Client(), Client()
        leader.force_login(world.person(Role.UNIT_LEADER, desk.unit))
        stranger.force_login(world.person(Role.DISCLOSURE_OFFICE_HEAD, world.office))
        assert leader.get(address).status_code == 302
        assert address not in leader.get(f"/admin/foi/{application.pk}/").content.decode()
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {"save": "1"}).status_code == 404

    def test_the_statistics_of_a_past_year_name_what_was_corrected_since(self, world: World) -> None:
        year = timezone.localdate().year - 1
        desk = Desk(world, date(year, 12, 1))
        application = signed(desk)
        desk.do(application, c.Send(on=desk.today, delivery=Delivery.IN_PERSON))
        desk.do(application, c.Serve(on=date(year, 12, 30)))
        correct(desk, application, served_on=date(year, 12, 29), on=timezone.localdate(), now=timezone.now())
        client = Client()
        client.force_login(world.person(Role.DISCLOSURE_OFFICE, desk.unit))
        page = client.get(f"/admin/foi/report/?year={year}").content.decode()
        assert "更正过 1 件申请的送达日期" in page and application.register_no in page
        assert "更正过" not in client.get(f"/admin/foi/report/?year={year + 1}").content.decode()
