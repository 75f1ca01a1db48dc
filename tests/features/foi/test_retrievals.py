"""Divisions are asked for records, answer, ask back and hand on; the case never waits, and nothing of the applicant is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.model import Delivery, Stage
from gongkai.domain.foi.retrieval import Act, Outcome, RetrievalStage, Search
from gongkai.features.foi.models import Application, CasePaper, Retrieval, RetrievalFile, RetrievalStep
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.detail import case_detail
from gongkai.features.foi.selectors.retrievals import (
    Desk as Board,
)
from gongkai.features.foi.selectors.retrievals import (
    desk_counts,
    division_register,
    offered_day,
    retrieval_desk,
    retrieval_detail,
    retrievals_of_case,
)
from gongkai.features.foi.services import retrievals as services
from gongkai.features.foi.services.retrieval_notices import retrievals_remind
from gongkai.features.foi.services.retrieval_sweeps import retrievals_end
from gongkai.features.foi.web import may_read_case_file
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.notices.models import Notice
from tests.factories.foi import ADDRESS, NAME, NUMBER, PHONE, Desk, person
from tests.factories.world import TODAY, moment

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 6)
PDF = b"%PDF-1.4\n%%EOF\n"
SEARCH = Search("公文系统、股室档案柜", "学府路、环境影响", "2024年1月至2026年2月", "李明", TODAY)
PRIVATE = (NAME, PHONE, NUMBER, ADDRESS)


class House:
    """A desk with two divisions, one person in each."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.planning = desk.world.found("规划建设股", "internal_office", desk.unit)
        self.archive = desk.world.found("档案室", "internal_office", desk.unit)
        self.planner = desk.world.actor(Role.DRAFTER, self.planning)
        self.archivist = desk.world.actor(Role.DRAFTER, self.archive)
        self.application = self.handled()

    def handled(self) -> Application:
        return self.desk.do(self.desk.taken().application, c.Accept(on=TODAY))

    def send(self, **more: Any) -> Retrieval:
        fields: dict[str, Any] = {
            "actor": self.desk.clerk,
            "application_id": self.application.pk,
            "division_id": self.planning.pk,
            "wanted": "学府路改造项目环境影响评价批复",
            "question": "是否制作过，保存在哪里？",
            "due_on": DUE,
            "now": moment(TODAY),
        }
        return services.retrieval_send(**{**fields, **more})

    def answer(self, row: Retrieval, outcome: Outcome = Outcome.FOUND, **more: Any) -> Retrieval:
        fields: dict[str, Any] = {"actor": self.planner, "retrieval_id": row.pk, "now": moment(TODAY, 15)}
        given = {"words": "", "search": Search(), "files": ()} | {
            name: more.pop(name) for name in ("words", "search", "files") if name in more
        }
        return services.retrieval_answer(**{**fields, **more}, answer=services.Answer(outcome=outcome, **given))


class Upload:
    """A file as a form hands it over."""

    def __init__(self, name: str, data: bytes = PDF) -> None:
        self.name, self.size, self._data = name, len(data), data

    def read(self) -> bytes:
        return self._data


@pytest.fixture
def house(desk: Desk) -> House:
    return House(desk)


class TestSending:
    def test_leaves_the_event_of_the_case_a_step_a_notice_and_an_audit_entry(self, house: House) -> None:
        row = house.send()
        assert (row.stage, row.number, row.ref) == (RetrievalStage.SENT.value, 1, "规划建设股")
        assignment = case_course(application=house.application).state.assignments[0]
        assert (assignment.ref, assignment.due_on, assignment.returned_on) == ("规划建设股", DUE, None)
        assert [step.act for step in row.steps.all()] == [Act.SEND.value]
        told = Notice.objects.filter(recipient_id=house.planner.user_id).get()
        assert "2026-0001" in told.title and str(row.pk) in told.url
        assert Entry.objects.filter(action="foi.retrieval.send").count() == 1

    def test_the_reply_period_of_the_case_stays_as_it_is(self, house: House) -> None:
        before = house.application.due_on
        house.send()
        house.application.refresh_from_db()
        assert (house.application.due_on, house.application.stage) == (before, Stage.HANDLING.value)

    def test_nothing_of_the_applicant_nor_of_what_is_asked_stands_in_notices_and_audit(self, house: House) -> None:
        row = house.send()
        services.retrieval_ask_back(actor=house.planner, retrieval_id=row.pk, words="哪一段？", now=moment(TODAY, 11))
        told = "".join(f"{one.title}{one.body}{one.url}" for one in Notice.objects.all())
        told += "".join(f"{one.summary}{one.details}" for one in Entry.objects.all())
        for secret in (*PRIVATE, "环境影响", "哪一段"):
            assert secret not in told

    @pytest.mark.parametrize("field", ["wanted", "question"])
    @pytest.mark.parametrize("secret", [*PRIVATE, f"{PHONE[:3]} {PHONE[3:7]}-{PHONE[7:]}"])
    def test_refuses_the_applicant_s_data_in_its_texts(self, house: House, field: str, secret: str) -> None:
        with pytest.raises(Refused) as refused:
            house.send(**{field: f"{secret} 的申请"})
        assert "foi.retrieval.names_applicant" in refused.value.codes()
        assert Retrieval.objects.count() == 0

    def test_refuses_the_code_of_an_organization_that_asks(self, house: House) -> None:
        code = "91360700MA35L1QX2C"
        who = person(kind=ApplicantClass.BUSINESS, id_number="", org_code=code, representative="王某某")
        asked = house.desk.taken(person=who, shown=True).application
        with pytest.raises(Refused) as refused:
            house.send(application_id=house.desk.do(asked, c.Accept(on=TODAY)).pk, wanted=f"{code}的批复")
        assert [one.values["what"] for one in refused.value.issues] == ["统一社会信用代码"]

    def test_a_name_that_is_what_is_looked_for_goes_through_with_a_reason_and_nothing_else_does(
        self, house: House
    ) -> None:
        row = house.send(wanted=f"{NAME}的低保审批表", named_because="所查为申请人本人的审批材料")
        assert "所查为申请人本人" in row.steps.get().words
        with pytest.raises(Refused):
            house.send(wanted=PHONE, named_because="理由", division_id=house.archive.pk)

    def test_the_same_division_is_not_asked_twice_at_a_time(self, house: House) -> None:
        house.send()
        with pytest.raises(Refused) as refused:
            house.send()
        assert refused.value.codes() == ["foi.assignment.open"]

    def test_only_divisions_of_the_unit_that_was_asked(self, house: House) -> None:
        other = house.desk.world.found("预算股", "internal_office", house.desk.world.finance)
        for unit in (other, house.desk.world.finance, house.desk.unit):
            with pytest.raises(Refused) as refused:
                house.send(division_id=unit.pk)
            assert refused.value.codes() == ["foi.retrieval.division"]

    @pytest.mark.parametrize("who", ["lawyer", "leader"])
    def test_only_the_office_asks(self, house: House, who: str) -> None:
        with pytest.raises(NotPermitted):
            house.send(actor=getattr(house.desk, who))

    def test_the_division_cannot_ask_itself(self, house: House) -> None:
        with pytest.raises(NotFound):
            house.send(actor=house.planner)


class TestAnswering:
    def test_files_become_papers_of_the_case_and_the_event_is_written(self, house: House) -> None:
        row = house.send()
        services.retrieval_accept(actor=house.planner, retrieval_id=row.pk, now=moment(TODAY, 10))
        done = house.answer(row, files=(Upload("批复.pdf"), Upload("附件.pdf")))
        assert (done.stage, done.outcome, done.answered_on) == ("answered", "found", TODAY)
        papers = CasePaper.objects.filter(application=house.application, kind=CasePaper.Kind.RECORD)
        assert {paper.title for paper in papers} == {"批复.pdf", "附件.pdf"}
        assignment = case_course(application=house.application).state.assignments[0]
        assert (assignment.returned_on, assignment.found) == (TODAY, True)
        office = Notice.objects.filter(recipient_id=house.desk.clerk.user_id, title__contains="已答复")
        assert office.count() == 1

    def test_nothing_found_becomes_the_evidence_of_information_that_does_not_exist(self, house: House) -> None:
        row = house.send(custodian=True)
        house.answer(row, Outcome.NONE, words="没有制作过，也没有收到过", search=SEARCH)
        house.desk.do(house.application, c.Draft(on=TODAY, disposition="unable_not_exist"))
        detail = case_detail(actor=house.desk.clerk, application_id=house.application.pk, today=TODAY)
        assert {line.item.code for line in detail.evidence if line.settled} == {
            "search_scope",
            "search_terms",
            "search_by",
            "search_result",
            "archive_answer",
        }
        sheet = CasePaper.objects.get(application=house.application, letter="F04_search_record")
        assert sheet.file is not None and sheet.file.name.endswith(".docx")
        assert NAME not in sheet.file.name

    def test_nothing_found_without_the_record_of_the_search_is_refused_with_every_line(self, house: House) -> None:
        row = house.send()
        with pytest.raises(Refused) as refused:
            house.answer(row, Outcome.NONE)
        assert refused.value.codes().count("foi.retrieval.search") == 5
        row.refresh_from_db()
        assert row.stage == RetrievalStage.SENT.value and not RetrievalFile.objects.exists()

    def test_the_office_enters_what_came_on_paper(self, house: House) -> None:
        row = house.send()
        done = house.answer(row, actor=house.desk.clerk, files=(Upload("批复.pdf"),))
        assert done.stage == "answered"
        assert RetrievalStep.objects.get(retrieval=row, act="answer").by_name == house.desk.clerk.name

    def test_a_second_answer_is_refused(self, house: House) -> None:
        row = house.send()
        house.answer(row, files=(Upload("批复.pdf"),))
        with pytest.raises(Refused) as refused:
            house.answer(row, files=(Upload("批复.pdf"),))
        assert refused.value.codes() == ["foi.retrieval.not_possible"]

    def test_after_the_signature_the_answer_is_kept_and_the_case_left_alone(self, house: House) -> None:
        row = house.send()
        house.desk.do(house.application, c.Draft(on=TODAY, disposition="granted_provide"))
        signed = house.desk.do(house.application, c.Sign(on=TODAY, signed_by="局长"), by=house.desk.leader)
        count = signed.event_count
        house.answer(row, files=(Upload("批复.pdf"),))
        signed.refresh_from_db()
        assert (signed.event_count, signed.stage) == (count, Stage.SIGNED.value)
        assert RetrievalFile.objects.count() == 1


class TestAskingBackAndHandingOn:
    def test_back_and_forth_with_every_step_on_record(self, house: House) -> None:
        row = house.send()
        who = {"retrieval_id": row.pk}
        services.retrieval_ask_back(actor=house.planner, words="请补充大致年份", now=moment(TODAY, 10), **who)
        row.refresh_from_db()
        assert row.stage == RetrievalStage.RETURNED.value
        services.retrieval_clarify(actor=house.desk.clerk, words="2024年至2025年", now=moment(TODAY, 11), **who)
        row.refresh_from_db()
        assert row.stage == RetrievalStage.SEARCHING.value
        assert [step.act for step in row.steps.order_by("id")] == ["send", "ask_back", "clarify"]

    def test_a_clarification_names_nobody(self, house: House) -> None:
        row = house.send()
        services.retrieval_ask_back(actor=house.planner, retrieval_id=row.pk, words="谁要？", now=moment(TODAY, 10))
        with pytest.raises(Refused) as refused:
            services.retrieval_clarify(actor=house.desk.clerk, retrieval_id=row.pk, words=NAME, now=moment(TODAY, 11))
        assert refused.value.codes() == ["foi.retrieval.names_applicant"]

    def test_handing_on_leaves_a_trace_and_keeps_the_day(self, house: House) -> None:
        row = house.send()
        new = services.retrieval_hand_on(
            actor=house.planner,
            retrieval_id=row.pk,
            division_id=house.archive.pk,
            words="已移交档案室",
            now=moment(TODAY, 10),
        )
        row.refresh_from_db()
        assert (row.stage, new.stage, new.follows_id, new.due_on) == ("handed_on", "sent", row.pk, DUE)
        state = case_course(application=house.application).state
        assert [(one.ref, one.returned_on) for one in state.assignments] == [("规划建设股", TODAY), ("档案室", None)]
        with pytest.raises(NotFound):
            retrieval_detail(actor=house.planner, retrieval_id=new.pk, today=TODAY)
        assert retrieval_detail(actor=house.archivist, retrieval_id=new.pk, today=TODAY).row == new

    @pytest.mark.parametrize("place", ["itself", "elsewhere", "busy"])
    def test_handing_on_goes_to_another_division_that_is_free(self, house: House, place: str) -> None:
        row = house.send()
        if place == "busy":
            house.send(division_id=house.archive.pk)
        other = house.desk.world.finance
        target = {"itself": house.planning, "elsewhere": other, "busy": house.archive}[place]
        with pytest.raises(Refused):
            services.retrieval_hand_on(
                actor=house.planner, retrieval_id=row.pk, division_id=target.pk, words="转", now=moment(TODAY, 10)
            )

    def test_no_longer_needed(self, house: House) -> None:
        row = house.send()
        services.retrieval_recall(actor=house.desk.clerk, retrieval_id=row.pk, words="已经找到", now=moment(TODAY, 10))
        assert retrieval_detail(actor=house.planner, retrieval_id=row.pk, today=TODAY).acts == ()
        assert case_course(application=house.application).state.assignments[0].returned_on == TODAY


class TestWhoSeesWhat:
    def test_the_division_sees_its_own_only_and_no_case(self, house: House) -> None:
        row = house.send()
        detail = retrieval_detail(actor=house.planner, retrieval_id=row.pk, today=TODAY)
        assert detail.case_id is None and detail.acts == (Act.ACCEPT, Act.ANSWER, Act.ASK_BACK, Act.HAND_ON)
        with pytest.raises(NotFound):
            retrieval_detail(actor=house.archivist, retrieval_id=row.pk, today=TODAY)
        with pytest.raises(NotFound):
            case_detail(actor=house.planner, application_id=house.application.pk, today=TODAY)

    @pytest.mark.parametrize("role", [*Role])
    def test_no_role_of_another_unit_nor_of_the_authority_sees_it(self, house: House, role: Role) -> None:
        row = house.send()
        for unit in (house.desk.world.finance, house.desk.world.office, house.desk.world.top):
            with pytest.raises(NotFound):
                retrieval_detail(actor=house.desk.world.actor(role, unit), retrieval_id=row.pk, today=TODAY)

    @pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR])
    def test_who_administers_or_supervises_in_the_division_does_not_answer(self, house: House, role: Role) -> None:
        row = house.send()
        with pytest.raises(NotFound):
            retrieval_detail(actor=house.desk.world.actor(role, house.planning), retrieval_id=row.pk, today=TODAY)

    def test_who_sees_the_case_sees_the_retrieval_and_does_nothing(self, house: House) -> None:
        row = house.send()
        detail = retrieval_detail(actor=house.desk.lawyer, retrieval_id=row.pk, today=TODAY)
        assert detail.case_id == house.application.pk and detail.acts == ()
        with pytest.raises(NotPermitted):
            services.retrieval_accept(actor=house.desk.lawyer, retrieval_id=row.pk, now=moment(TODAY, 10))

    def test_a_file_opens_for_the_division_that_gave_it_and_no_other_paper_does(self, house: House) -> None:
        row = house.send()
        house.answer(row, files=(Upload("批复.pdf"),))
        given = RetrievalFile.objects.get().paper.file
        assert given is not None
        assert may_read_case_file(house.planner, given)
        assert may_read_case_file(house.desk.clerk, given)
        assert not may_read_case_file(house.archivist, given)
        assert not may_read_case_file(Actor.anonymous(), given)
        sheet = house.send(division_id=house.archive.pk)
        house.answer(sheet, Outcome.NONE, actor=house.archivist, words="没有", search=SEARCH)
        kept = CasePaper.objects.get(letter="F04_search_record").file
        assert kept is not None and not may_read_case_file(house.archivist, kept)

    def test_a_post_that_ended_opens_nothing(self, house: House) -> None:
        row = house.send()
        gone = Actor(user_id=house.planner.user_id, name=house.planner.name)
        with pytest.raises(NotFound):
            retrieval_detail(actor=gone, retrieval_id=row.pk, today=TODAY)


class TestOfferedDay:
    @pytest.mark.parametrize(
        ("due_on", "on", "capped"),
        [
            (None, date(2026, 3, 9), False),
            (date(2026, 3, 30), date(2026, 3, 9), False),
            (date(2026, 3, 4), date(2026, 3, 4), True),
            (date(2026, 2, 27), date(2026, 3, 9), False),
        ],
        ids=["no-day-yet", "long-after", "before", "over"],
    )
    def test_a_week_of_work_but_not_after_the_reply(self, due_on: date | None, on: date, capped: bool) -> None:
        found = offered_day(today=TODAY, due_on=due_on)
        assert (found.on, found.days, found.capped) == (on, 5, capped)
        assert {one.status for one in found.basis} == {"unverified"} and found.note


class TestDesk:
    def test_stands_by_the_day_and_tells_the_days_late(self, house: House) -> None:
        house.send()
        later = DUE + timedelta(days=5)
        page = retrieval_desk(actor=house.planner, desk=Board.OPEN, number=1, today=later)
        assert [(row.register_no, row.late) for row in page.rows] == [("2026-0001", 3)]
        assert desk_counts(actor=house.planner, today=later) == {Board.OPEN: 1, Board.LATE: 1, Board.RETURNED: 0}
        assert retrieval_desk(actor=house.archivist, desk=Board.OPEN, number=1, today=later).rows == ()

    @pytest.mark.parametrize(("days", "late"), [(0, 0), (1, 0), (2, 0), (3, 1)], ids=["fri", "sat", "sun", "mon"])
    def test_every_figure_calls_late_what_the_rows_call_late(self, house: House, days: int, late: int) -> None:
        house.send()
        day = DUE + timedelta(days=days)
        rows = retrieval_desk(actor=house.planner, desk=Board.OPEN, number=1, today=day).rows
        assert sum(row.late > 0 for row in rows) == late
        assert desk_counts(actor=house.planner, today=day)[Board.LATE] == late
        assert len(retrieval_desk(actor=house.planner, desk=Board.LATE, number=1, today=day).rows) == late
        assert sum(one.late for one in division_register(actor=house.desk.clerk, today=day)) == late

    def test_the_office_sees_all_of_its_unit_and_another_unit_none(self, house: House) -> None:
        house.send()
        house.send(division_id=house.archive.pk)
        assert len(retrieval_desk(actor=house.desk.clerk, desk=Board.OPEN, number=1, today=TODAY).rows) == 2
        other = house.desk.world.actor(Role.DISCLOSURE_OFFICE, house.desk.world.finance)
        assert retrieval_desk(actor=other, desk=Board.OPEN, number=1, today=TODAY).rows == ()

    def test_who_has_nothing_to_do_with_it_is_kept_out(self, house: House) -> None:
        with pytest.raises(NotPermitted):
            retrieval_desk(
                actor=house.desk.world.actor(Role.DRAFTER, house.desk.world.finance),
                desk=Board.OPEN,
                number=1,
                today=TODAY,
            )

    def test_the_register_names_people_and_open_work(self, house: House) -> None:
        house.send()
        found = {one.name: (one.people, one.open) for one in division_register(actor=house.desk.clerk, today=TODAY)}
        assert found["规划建设股"] == ((house.planner.name,), 1) and found["档案室"][1] == 0

    def test_the_case_tells_each_division(self, house: House) -> None:
        row = house.send()
        house.answer(row, files=(Upload("批复.pdf"),))
        house.send(division_id=house.archive.pk)
        rows = retrievals_of_case(application=house.application, today=DUE + timedelta(days=3))
        assert [(one.division, one.stage_name, one.late > 0) for one in rows] == [
            ("规划建设股", "已答复", False),
            ("档案室", "待签收", True),
        ]


class TestSweeps:
    def test_reminds_the_division_and_the_office_once_a_day(self, house: House) -> None:
        house.send()
        late = moment(DUE + timedelta(days=3), 8)
        retrievals_remind(now=late)
        count = Notice.objects.count()
        assert Notice.objects.filter(recipient_id=house.planner.user_id, title__contains="需要反馈").count() == 1
        office = Notice.objects.filter(recipient_id=house.desk.clerk.user_id, title__contains="逾期未反馈")
        assert "规划建设股" in office.get().body and NAME not in office.get().body
        retrievals_remind(now=late)
        assert Notice.objects.count() == count

    def test_nothing_is_looked_for_after_the_case_is_over(self, house: House) -> None:
        row = house.send()
        house.desk.do(house.application, c.Withdraw(on=TODAY, statement="不需要了"))
        with pytest.raises(Refused) as refused:
            house.answer(row, files=(Upload("批复.pdf"),))
        assert refused.value.codes() == ["foi.retrieval.case_over"]
        assert retrievals_remind(now=moment(DUE + timedelta(days=3))) == 0
        assert retrievals_end(now=moment(TODAY, 20)) == 1
        assert retrievals_end(now=moment(TODAY, 20)) == 0
        row.refresh_from_db()
        assert row.stage == RetrievalStage.RECALLED.value


def test_from_the_call_for_records_to_the_reply_that_the_information_does_not_exist(house: House) -> None:
    """The office asks, one division hands on, the archive finds nothing, and the reply rests on the record of its search."""
    desk, day = house.desk, TODAY
    first = house.send()
    services.retrieval_accept(actor=house.planner, retrieval_id=first.pk, now=moment(day, 10))
    second = services.retrieval_hand_on(
        actor=house.planner,
        retrieval_id=first.pk,
        division_id=house.archive.pk,
        words="项目档案已移交档案室",
        now=moment(day, 11),
    )
    house.answer(
        second, Outcome.NONE, actor=house.archivist, words="项目没有编制环评文件，按豁免名录备案", search=SEARCH
    )
    archive = house.send(wanted="学府路改造项目备案表", custodian=True, now=moment(day, 16))
    house.answer(archive, Outcome.NONE, words="未归档", search=SEARCH, now=moment(day, 17))
    application = house.application
    for command, who in (
        (c.Draft(on=day, disposition="unable_not_exist"), desk.clerk),
        (c.Sign(on=day, signed_by="局长"), desk.leader),
        (c.Send(on=day, delivery=Delivery.POST), desk.clerk),
        (c.Serve(on=day, proof="邮件号 1"), desk.clerk),
    ):
        desk.do(application, command, by=who)
    detail = case_detail(actor=desk.clerk, application_id=application.pk, today=day)
    closed = desk.do(application, c.Close(on=day, evidence=detail.evidence_codes))
    assert (closed.stage, closed.disposition) == (Stage.CLOSED.value, "unable_not_exist")
    told = {line.item.code: [paper.note for paper in line.papers if paper.note] for line in detail.evidence}
    assert any("公文系统" in note for note in told["search_scope"])
    assert any("未归档" in note for note in told["archive_answer"])
