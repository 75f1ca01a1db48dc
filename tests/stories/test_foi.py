"""Applications from the day they come in to the archive: what the law makes of them, who has to do what, what is counted.

Every due day below was counted by hand on the calendar of 2026 (国办发明电, make-up days included).
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from docx import Document
from tests.factories.foi import NAME, NUMBER, Desk, confirm, request
from tests.factories.world import TODAY, World, moment
from tests.kernel.clocks.conftest import NOTICE_2027

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.dispositions import evidence_missing
from gongkai.domain.foi.fees import FEN, FeeMethod
from gongkai.domain.foi.model import ConsultationKind, Delivery, Opinion, RemedyKind, RemedyOutcome, Stage
from gongkai.domain.issues import Severity
from gongkai.domain.redaction.marks import Mark, Term
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CaseEvent
from gongkai.features.foi.selectors.boards import Board, BoardFilters, board_counts, board_page
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.detail import case_detail
from gongkai.features.foi.selectors.follow import followed
from gongkai.features.foi.selectors.report import year_report
from gongkai.features.foi.services import fees, sweeps
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.clocks import selectors as clocks
from gongkai.kernel.clocks.services import calendar_year_import
from gongkai.kernel.documents.reader import read_document
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.selectors import file_path

THIRD = ConsultationKind.THIRD_PARTY


@pytest.fixture
def desk(db: None, settings: LazySettings, tmp_path: Path) -> Desk:
    settings.FILES_DIR = tmp_path / "files"
    return Desk(World())


def settle(desk: Desk, application: Application, on: date) -> tuple[str, ...]:
    """Keep a paper for each line of the checklist that is not settled yet; returns the codes of all that are."""
    detail = case_detail(actor=desk.clerk, application_id=application.pk, today=on)
    answer = detail.course.state.answer
    assert detail.result is not None and answer is not None
    for line in evidence_missing(detail.result, answer.grounds, detail.evidence_codes):
        services.paper_add(
            actor=desk.clerk,
            application_id=application.pk,
            kind="evidence",
            title=line[0].words,
            note=f"{line[0].words}，存卷。",
            evidence=line[0].code,
            now=moment(on, 16),
        )
    return case_detail(actor=desk.clerk, application_id=application.pk, today=on).evidence_codes


def answer(
    desk: Desk, application: Application, on: date, disposition: str, *grounds: str, public_interest: str = ""
) -> Application:
    """Draft, review, sign and send an answer, each by whoever has to, all on one day, by post."""
    draft = c.Draft(on=on, disposition=disposition, grounds=grounds, public_interest=public_interest)
    desk.do(application, draft)
    desk.do(application, c.ReviewLegality(on=on, passed=True), by=desk.lawyer)
    desk.do(application, c.Sign(on=on, signed_by="局长"), by=desk.leader)
    return desk.do(application, c.Send(on=on, delivery=Delivery.POST))


def finish(desk: Desk, application: Application, on: date) -> Application:
    """Serve, close with the whole checklist, and file away."""
    desk.do(application, c.Serve(on=on, proof="邮政回执"))
    desk.do(application, c.Close(on=on, evidence=settle(desk, application, on)))
    return desk.do(application, c.Archive(on=on))


def counted(desk: Desk, year: int = 2026) -> dict[str, int]:
    """The rows of table three that are not nought, in the column of natural persons."""
    report = year_report(year=year, unit_ids=[desk.unit.pk])
    assert report is not None
    wrong = [issue for issue in report.issues if issue.severity is Severity.ERROR]
    assert not wrong, wrong
    numbers = report.applications.numbers()
    return {row: columns["natural_person"] for row, columns in numbers.items() if columns["natural_person"]}


def test_a_plain_grant(desk: Desk) -> None:
    taken = desk.online(on=date(2026, 3, 6))
    application = taken.application
    # Friday evening; both have confirmed on Monday the 9th: that is the day of receipt, and the count begins on Tuesday.
    assert application.due_on is None
    application = confirm(desk, application, date(2026, 3, 9))
    assert (application.received_on, application.due_on) == (date(2026, 3, 9), date(2026, 4, 7))
    desk.do(application, c.Accept(on=date(2026, 3, 10)))
    answer(desk, application, date(2026, 3, 16), "granted_provide")
    seen = followed(query_code=taken.query_code, today=date(2026, 3, 16))
    assert seen.status == "答复已发出" and seen.answered

    # Nothing is closed before the checklist is settled.
    with pytest.raises(Refused) as refused:
        desk.do(application, c.Close(on=date(2026, 3, 17)))
    assert refused.value.codes()
    done = finish(desk, application, date(2026, 3, 18))
    assert (done.stage, done.disposition, done.replied_on) == (
        Stage.ARCHIVED.value,
        "granted_provide",
        date(2026, 3, 16),
    )
    assert counted(desk)["granted"] == 1

    name, data = services.case_file(actor=desk.clerk, application_id=application.pk, now=moment(date(2026, 3, 18), 17))
    inside = zipfile.ZipFile(io.BytesIO(data))
    assert name.endswith(".zip") and "00 案卷目录.txt" in inside.namelist()
    everything = "".join(inside.read(one).decode("utf-8", "replace") for one in inside.namelist())
    assert NAME not in everything and NUMBER not in everything


def test_a_supplement_restarts_the_period_and_silence_ends_the_case(desk: Desk) -> None:
    kept, lost = desk.taken(on=TODAY).application, desk.taken(on=TODAY).application
    for application in (kept, lost):
        asked = date(2026, 3, 5)
        desk.do(application, c.NotifySupplement(on=asked, items=("写明项目名称",), days=15))
        desk.do(application, c.DeliverSupplementNotice(on=date(2026, 3, 6)))
    again = desk.do(kept, c.ReceiveSupplement(on=date(2026, 3, 12)))
    # The whole period begins anew on the day after: 13 March is 1, Qingming (Monday, 6 April) is off.
    assert again.due_on == date(2026, 4, 10)
    # Delivered on the 6th, fifteen working days end on the 27th: only after that.
    with pytest.raises(Refused) as refused:
        desk.do(lost, c.LapseSupplement(on=date(2026, 3, 27)))
    assert refused.value.codes() == ["foi.lapse.too_early"]
    ended = desk.do(lost, c.LapseSupplement(on=date(2026, 3, 30)))
    assert (ended.stage, ended.disposition) == (Stage.CLOSED_NO_SUPPLEMENT.value, "other_no_supplement")
    assert counted(desk)["other_no_supplement"] == 1


def test_a_third_party_refuses_and_the_public_interest_prevails(desk: Desk) -> None:
    application = desk.taken(on=TODAY).application
    desk.do(application, c.Accept(on=TODAY))
    desk.do(application, c.Consult(on=date(2026, 3, 4), kind=THIRD, ref="甲公司"))
    desk.do(application, c.DeliverConsultation(on=date(2026, 3, 5), kind=THIRD, ref="甲公司"))
    refusal = c.AnswerConsultation(
        on=date(2026, 3, 16), kind=THIRD, ref="甲公司", opinion=Opinion.REFUSES, reason="涉及商业秘密"
    )
    after = desk.do(application, refusal)
    # The day it was sent counts; the eight working days from the 5th to the 16th do not: 30 March moves on by eight.
    assert after.due_on == date(2026, 4, 10)
    with pytest.raises(Refused) as refused:
        desk.do(application, c.Draft(on=date(2026, 3, 17), disposition="granted_provide"))
    assert refused.value.codes() == ["foi.draft.public_interest"]
    on = date(2026, 3, 18)
    desk.do(application, c.Draft(on=on, disposition="granted_provide", public_interest="关系饮用水安全"))
    desk.do(application, c.Sign(on=on, signed_by="局长"), by=desk.leader)
    with pytest.raises(Refused) as refused:
        desk.do(application, c.Send(on=on, delivery=Delivery.POST))
    assert refused.value.codes() == ["foi.third_party.not_told"]
    desk.do(
        application, c.TellThirdParty(on=on, ref="甲公司", reason="关系饮用水安全，不公开可能对公共利益造成重大影响")
    )
    desk.do(application, c.Send(on=on, delivery=Delivery.POST))
    assert finish(desk, application, date(2026, 3, 20)).disposition == "granted_provide"


def test_part_of_a_record_is_given_and_the_rest_is_gone_from_the_copy(desk: Desk) -> None:
    secret = "诸葛青岚"
    document, data = Document(), io.BytesIO()
    document.add_paragraph(f"补偿对象{secret}，身份证号360721199001011233。")
    document.add_paragraph("补偿标准按每平方米三千二百元执行。")
    document.save(data)
    upload = io.BytesIO(data.getvalue())
    upload.name = "补偿明细.docx"
    application = desk.taken(on=TODAY).application
    desk.do(application, c.Accept(on=TODAY))
    record = services.paper_add(
        actor=desk.clerk, application_id=application.pk, kind="record", upload=upload, now=moment(TODAY, 10)
    )
    marks = [Mark(Term(one), "art15_privacy", "第三方个人信息") for one in (secret, "360721199001011233")]
    copy, told = services.paper_redact(actor=desk.clerk, paper_id=record.pk, marks=marks, now=moment(TODAY, 11))
    assert copy.file is not None
    words = read_document(file_path(file=copy.file).read_bytes(), name=copy.file.name).text()
    assert secret not in words and "三千二百元" in words
    assert secret not in told.note and "第十五条" in told.note
    answer(desk, application, date(2026, 3, 10), "partial", "art15_privacy")
    course = case_course(application=application)
    assert course.law.dispositions.route("partial", ("art15_privacy",)).value == "review_first"
    finish(desk, application, date(2026, 3, 12))
    assert counted(desk)["partial"] == 1


def test_an_extension_across_the_make_up_days_of_the_national_holiday(desk: Desk) -> None:
    application = desk.taken(on=date(2026, 9, 11)).application
    # Sunday 20 September and Saturday 10 October are worked; 25 to 27 September and 1 to 7 October are off.
    assert application.due_on == date(2026, 10, 15)
    desk.do(application, c.Accept(on=date(2026, 9, 14)))
    with pytest.raises(Refused):  # after the last day there is nothing to extend
        desk.do(application, c.Extend(on=date(2026, 10, 16), approved_by="主任"), by=desk.head)
    longer = desk.do(application, c.Extend(on=date(2026, 10, 10), approved_by="主任"), by=desk.head)
    assert longer.due_on == date(2026, 11, 12)
    back = desk.do(application, c.UndoExtension(on=date(2026, 10, 12), reason="已经找到"), by=desk.head)
    assert back.due_on == date(2026, 10, 15)


def test_a_period_that_runs_into_a_year_without_a_calendar(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "_cached", None)  # what is imported here is rolled back
    taken = desk.taken(on=date(2026, 12, 10))
    assert (taken.application.due_on, taken.application.provisional) == (date(2027, 1, 7), True)
    seen = followed(query_code=taken.query_code, today=date(2026, 12, 11))
    assert seen.sheet.provisional
    importer = desk.world.actor(Role.SYSTEM_ADMINISTRATOR, desk.world.office)
    calendar_year_import(actor=importer, text=NOTICE_2027, now=moment(date(2026, 12, 12)))
    sweeps.cases_refresh(now=moment(date(2026, 12, 12), 10))
    application = Application.objects.get(pk=taken.application.pk)
    # The notice takes Friday, 1 January off, which had been counted as the sixteenth day.
    assert (application.due_on, application.provisional) == (date(2027, 1, 8), False)
    assert not followed(query_code=taken.query_code, today=date(2026, 12, 12)).sheet.provisional


def test_the_eleventh_application_of_a_month_is_charged_and_the_period_begins_anew(desk: Desk) -> None:
    for count in range(10):
        desk.taken(on=TODAY, request=request(subject=f"第{count + 1}个项目的批复"))
    eleventh = desk.taken(on=date(2026, 3, 5), request=request(subject="第十一个项目的批复")).application
    assert eleventh.due_on == date(2026, 4, 2)
    desk.do(eleventh, c.Accept(on=date(2026, 3, 6)))
    decided = fees.fee_decide(
        actor=desk.clerk,
        application_id=eleventh.pk,
        method=FeeMethod.PER_CASE,
        units=1,
        decided_by="局长",
        now=moment(date(2026, 3, 9)),
    )
    assert (decided.amount_fen, decided.lines) == (100 * FEN, ["第11件：1件×100元=100元"])
    noticed = fees.fee_notify(
        actor=desk.clerk, application_id=eleventh.pk, on=date(2026, 3, 9), now=moment(date(2026, 3, 9), 11)
    )
    assert noticed.stage == Stage.FEE_WAIT.value
    desk.do(eleventh, c.DeliverFeeNotice(on=date(2026, 3, 10)))
    paid = fees.fee_pay(
        actor=desk.clerk,
        application_id=eleventh.pk,
        on=date(2026, 3, 16),
        paid_fen=100 * FEN,
        receipt_no="赣财00012345",
        now=moment(date(2026, 3, 16), 11),
    )
    # Twenty working days from 17 March on, Qingming (6 April) off.
    assert (paid.stage, paid.due_on) == (Stage.HANDLING.value, date(2026, 4, 14))
    answer(desk, eleventh, date(2026, 3, 20), "granted_provide")
    finish(desk, eleventh, date(2026, 3, 23))
    assert counted(desk)["granted"] == 1


def test_the_same_person_asks_the_same_again(desk: Desk) -> None:
    first = desk.granted(TODAY)
    first = desk.do(first, c.Serve(on=TODAY, proof="网上送达回执"))
    again = desk.taken(on=date(2026, 3, 23)).application
    alike = case_detail(actor=desk.clerk, application_id=again.pk, today=date(2026, 3, 23)).alike
    assert [(one.register_no, one.same, one.same_applicant) for one in alike] == [(first.register_no, True, True)]
    desk.do(again, c.Accept(on=date(2026, 3, 23)))
    answer(desk, again, date(2026, 3, 24), "refused_repeat")
    finish(desk, again, date(2026, 3, 26))
    assert counted(desk)["refused_repeat"] == 1


def test_a_petition_in_disguise(desk: Desk) -> None:
    asked = request(subject="反映学校乱收费", description="举报某学校乱收费，请查处并公开查处结果。")
    application = desk.taken(on=TODAY, request=asked).application
    desk.do(application, c.Accept(on=TODAY))
    answer(desk, application, date(2026, 3, 6), "refused_petition")
    finish(desk, application, date(2026, 3, 9))
    assert counted(desk)["refused_petition"] == 1


def test_what_is_late_stays_late(desk: Desk) -> None:
    application = desk.taken(on=TODAY).application
    desk.do(application, c.Accept(on=TODAY))
    late = date(2026, 4, 3)
    board = BoardFilters(board=Board.OVERDUE)
    assert board_counts(actor=desk.clerk, filters=board, today=late)[Board.OVERDUE] == 1
    row = board_page(actor=desk.clerk, filters=board, number=1, today=late).rows[0]
    assert row.badge.light == "red" and "4" in row.badge.words
    answer(desk, application, late, "granted_provide")
    finish(desk, application, date(2026, 4, 7))
    detail = case_detail(actor=desk.clerk, application_id=application.pk, today=date(2026, 6, 1))
    assert detail.clock.reply is not None and detail.clock.reply.overdue_days == 4
    # Nobody makes it good afterwards: an event cannot be dated before what orders it.
    with pytest.raises(Refused):
        desk.do(application, c.Extend(on=date(2026, 3, 27), approved_by="主任"), by=desk.head)


def test_review_overturns_a_denial_and_the_case_is_handled_again(desk: Desk) -> None:
    application = desk.taken(on=TODAY).application
    desk.do(application, c.Accept(on=TODAY))
    answer(desk, application, date(2026, 3, 16), "denied_process", "art16_discussion")
    desk.do(application, c.Serve(on=date(2026, 3, 18), proof="邮政回执"))
    desk.do(application, c.Close(on=date(2026, 3, 18), evidence=settle(desk, application, date(2026, 3, 18))))
    review = RemedyKind.RECONSIDERATION
    desk.do(application, c.FileRemedy(on=date(2026, 4, 1), kind=review, ref="复12号"))
    with pytest.raises(Refused):
        desk.do(application, c.Reopen(on=date(2026, 4, 2), reason="自行改变"))
    decided = c.DecideRemedy(on=date(2026, 5, 6), kind=review, ref="复12号", outcome=RemedyOutcome.CORRECTED)
    desk.do(application, decided)
    reopened = desk.do(application, c.Reopen(on=date(2026, 5, 8), reason="复议决定责令重新答复", days=10))
    assert (reopened.stage, reopened.due_on) == (Stage.HANDLING.value, date(2026, 5, 21))
    answer(desk, application, date(2026, 5, 15), "granted_provide")
    done = finish(desk, application, date(2026, 5, 18))
    assert done.disposition == "granted_provide"
    # The year counts what was answered first, and the reconsideration as lost.
    report = year_report(year=2026, unit_ids=[desk.unit.pk])
    assert report is not None and (report.corrected, report.decided) == (1, 1)
    assert counted(desk)["denied_process"] == 1


def test_every_story_can_be_told_from_its_events_alone(desk: Desk) -> None:
    """The columns of the boards repeat what the events add up to; read again on any later day they say the same."""
    application = desk.granted(TODAY, date(2026, 3, 10))
    finish(desk, application, date(2026, 3, 12))
    application.refresh_from_db()
    before = {
        name: getattr(application, name) for name in ("stage", "received_on", "due_on", "disposition", "closed_on")
    }
    sweeps.cases_refresh(now=moment(date(2026, 3, 12) + timedelta(days=60)))
    application.refresh_from_db()
    assert before == {name: getattr(application, name) for name in before}
    assert CaseEvent.objects.filter(application=application).count() == application.event_count
