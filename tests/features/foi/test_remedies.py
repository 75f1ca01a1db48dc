"""Reconsiderations and suits of cases: steps between filing and outcome, the board, reminders, how they ended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.defense import DefenseCommand, DefenseVerb, Procedure
from gongkai.domain.foi.model import Delivery, RemedyKind, RemedyOutcome
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CaseRemedy, RemedyStep
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.remedies import (
    RemedyBoard,
    case_remedies,
    remedy_counts,
    remedy_detail,
    remedy_outcomes,
    remedy_page,
)
from gongkai.features.foi.services.remedy_rows import remedies_refresh
from gongkai.features.foi.services.remedy_sweeps import remedies_remind
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.notices.models import Notice
from tests.factories.foi import NAME, Desk
from tests.factories.world import TODAY, moment

pytestmark = pytest.mark.django_db
V = DefenseVerb
FILED, NOTIFIED = date(2026, 3, 9), date(2026, 3, 16)


def filed(desk: Desk, **more: Any) -> tuple[Application, CaseRemedy]:
    """A granted case against which a reconsideration was filed."""
    application = desk.granted(TODAY)
    fields = {"kind": RemedyKind.RECONSIDERATION, "ref": "青府复〔2026〕3号", **more}
    desk.do(application, c.FileRemedy(on=FILED, **fields))
    return application, application.remedies.get()


def do(desk: Desk, row: CaseRemedy, verb: DefenseVerb, on: date, **more: Any) -> CaseRemedy:
    beside = {name: more.pop(name) for name in ("outcome", "decided_on", "upload", "seen", "actor") if name in more}
    command = DefenseCommand(verb=verb, on=on, **more)
    fields = {"actor": desk.clerk, "now": moment(on, 15), **beside}
    return services.remedy_step(remedy_id=row.pk, command=command, **fields)


def notified(desk: Desk, **more: Any) -> tuple[Application, CaseRemedy]:
    application, row = filed(desk)
    fields = {"organ": "青溪县人民政府", "procedure": Procedure.SIMPLE, **more}
    return application, do(desk, row, V.NOTIFY, NOTIFIED, **fields)


class TestRemedyStep:
    def test_filing_begins_a_row_and_the_copy_starts_the_period(self, desk: Desk) -> None:
        _, row = notified(desk)
        assert (row.kind, row.ref, row.filed_on) == ("reconsideration", "青府复〔2026〕3号", FILED)
        assert (row.procedure, row.answer_due_on, row.organ) == ("simple", date(2026, 3, 23), "青溪县人民政府")
        row = do(desk, row, V.CHANGE_PROCEDURE, date(2026, 3, 18), procedure=Procedure.ORDINARY)
        assert row.answer_due_on == date(2026, 3, 30)

    def test_the_answer_is_kept_with_its_papers(self, desk: Desk) -> None:
        application, row = notified(desk)
        paper = services.paper_add(
            actor=desk.clerk,
            application_id=application.pk,
            kind="evidence",
            title="检索记录",
            note="已检索",
            now=moment(NOTIFIED),
        )
        upload = SimpleUploadedFile("答复书.pdf", b"%PDF-1.7\n")
        row = do(desk, row, V.ANSWER, date(2026, 3, 20), papers=(paper.pk,), upload=upload)
        detail = remedy_detail(actor=desk.clerk, remedy_id=row.pk, today=date(2026, 3, 20))
        assert row.answered_on == date(2026, 3, 20) and detail.handed_in == (paper,)
        assert application.papers.get(kind="remedy").file.name == "答复书.pdf"
        with pytest.raises(Refused) as refused:
            do(desk, row, V.ANSWER, date(2026, 3, 20), papers=(paper.pk + 1000,))
        assert set(refused.value.codes()) == {"foi.defense.answered", "foi.defense.paper"}
        services.paper_remove(actor=desk.clerk, paper_id=paper.pk, reason="放错", now=moment(date(2026, 3, 21)))
        detail = remedy_detail(actor=desk.clerk, remedy_id=row.pk, today=date(2026, 3, 21))
        assert detail.handed_in == (paper,) and paper not in detail.papers

    def test_the_decision_counts_in_the_case_and_orders_something(self, desk: Desk) -> None:
        application, row = notified(desk)
        row = do(
            desk,
            row,
            V.RECEIVE_DECISION,
            date(2026, 5, 8),
            outcome=RemedyOutcome.CORRECTED,
            decided_on=date(2026, 5, 6),
            redo=True,
            days=10,
            text="责令重新答复",
        )
        assert (row.outcome, row.decided_on, row.redo_due_on) == ("corrected", date(2026, 5, 6), date(2026, 5, 21))
        (remedy,) = case_course(application=application).state.remedies
        assert (remedy.outcome, remedy.decided_on) == (RemedyOutcome.CORRECTED, date(2026, 5, 6))
        with pytest.raises(Refused) as refused:
            do(desk, filed(desk)[1], V.RECEIVE_DECISION, date(2026, 5, 8))
        assert refused.value.codes() == ["foi.remedy.outcome"]

    def test_a_new_reply_of_the_reopened_case_is_what_was_ordered(self, desk: Desk) -> None:
        application, row = notified(desk)
        day = date(2026, 5, 8)
        row = do(
            desk, row, V.RECEIVE_DECISION, day, outcome=RemedyOutcome.CORRECTED, redo=True, days=10, text="重新答复"
        )
        desk.do(application, c.Reopen(on=day, reason="复议决定责令重新答复", days=10))
        for command, who in (
            (c.Draft(on=day, disposition="granted_provide"), desk.clerk),
            (c.Sign(on=day, signed_by="局长"), desk.leader),
            (c.Send(on=day, delivery=Delivery.ONLINE), desk.clerk),
        ):
            desk.do(application, command, by=who)
        row.refresh_from_db()
        assert row.redone_on == day
        counts = remedy_counts(actor=desk.clerk)
        assert (counts[RemedyBoard.REDO], counts[RemedyBoard.ENDED]) == (0, 1)

    def test_what_is_refused_writes_nothing(self, desk: Desk) -> None:
        _, row = filed(desk)
        before = (RemedyStep.objects.count(), Entry.objects.count())
        with pytest.raises(Refused):
            do(desk, row, V.ANSWER, NOTIFIED)
        with pytest.raises(Refused) as refused:
            do(desk, row, V.NOTIFY, NOTIFIED, organ="县政府", seen=7)
        assert refused.value.codes() == ["foi.defense.changed_meanwhile"]
        assert (RemedyStep.objects.count(), Entry.objects.count()) == before

    @pytest.mark.parametrize("role", ["lawyer", "leader"])
    def test_only_who_handles_cases_records_steps(self, desk: Desk, role: str) -> None:
        _, row = filed(desk)
        with pytest.raises(NotPermitted):
            do(desk, row, V.NOTIFY, NOTIFIED, organ="县政府", actor=getattr(desk, role))
        assert remedy_detail(actor=getattr(desk, role), remedy_id=row.pk, today=TODAY).steps == ()

    def test_another_unit_knows_of_none(self, desk: Desk) -> None:
        _, row = notified(desk)
        other = desk.world.actor(Role.DISCLOSURE_OFFICE, desk.world.office)
        assert not any(remedy_counts(actor=other).values())
        with pytest.raises(NotFound):
            remedy_detail(actor=other, remedy_id=row.pk, today=TODAY)
        with pytest.raises(NotFound):
            do(desk, row, V.ANSWER, date(2026, 3, 20), actor=other)

    def test_steps_are_only_added(self, desk: Desk) -> None:
        _, row = notified(desk)
        with pytest.raises(DatabaseError), transaction.atomic():
            RemedyStep.objects.filter(remedy=row).update(on=TODAY)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM foi_remedystep")


class TestBoards:
    def test_a_remedy_moves_from_board_to_board(self, desk: Desk) -> None:
        _, row = filed(desk)

        def where() -> list[RemedyBoard]:
            return [board for board, number in remedy_counts(actor=desk.clerk).items() if number]

        assert where() == [RemedyBoard.COPY]
        do(desk, row, V.NOTIFY, NOTIFIED, organ="青溪县人民政府")
        assert where() == [RemedyBoard.ANSWER]
        (line,) = remedy_page(actor=desk.clerk, board=RemedyBoard.ANSWER, number=1, today=date(2026, 4, 1)).rows
        assert line.badge is not None and (line.badge.light, line.badge.due_on) == ("red", date(2026, 3, 30))
        do(desk, row, V.ANSWER, date(2026, 3, 20))
        assert where() == [RemedyBoard.PENDING]
        do(desk, row, V.RECEIVE_DECISION, date(2026, 5, 8), outcome=RemedyOutcome.OTHER, redo=True, text="补正文书")
        assert where() == [RemedyBoard.REDO, RemedyBoard.ENDED]
        do(desk, row, V.REDO, date(2026, 5, 11), text="已补正")
        assert where() == [RemedyBoard.ENDED]

    def test_the_case_lists_its_remedies(self, desk: Desk) -> None:
        application, _ = notified(desk)
        (line,) = case_remedies(application=application, today=NOTIFIED)
        assert line.badge is not None and line.badge.due_on == date(2026, 3, 23)


class TestRemind:
    def test_offices_are_told_once_a_day_without_names(self, desk: Desk) -> None:
        office = desk.world.person(Role.DISCLOSURE_OFFICE, desk.unit)
        _, row = notified(desk)
        do(desk, row, V.SET_HEARING, NOTIFIED, hearing_on=date(2026, 3, 19), place="县政府三楼")
        for hour in (8, 9):
            remedies_remind(now=moment(date(2026, 3, 18), hour))
        (notice,) = Notice.objects.filter(recipient=office, kind="foi.remedy")
        assert "答复和证据" in notice.body and "听证" in notice.body and "2026-03-23" in notice.body
        assert NAME not in notice.body and "学府路" not in notice.body
        remedies_remind(now=moment(date(2026, 3, 25)))
        assert Notice.objects.filter(recipient=office, kind="foi.remedy", level="urgent").count() == 1

    def test_what_is_answered_is_let_alone(self, desk: Desk) -> None:
        _, row = notified(desk)
        do(desk, row, V.ANSWER, date(2026, 3, 17))
        assert remedies_remind(now=moment(date(2026, 3, 20))) == 0

    def test_missing_rows_are_written_and_known_ones_left(self, desk: Desk) -> None:
        application, row = filed(desk)
        row.delete()
        assert remedies_refresh(now=moment(TODAY)) == 1
        assert application.remedies.get().ref == "青府复〔2026〕3号"
        assert remedies_refresh(now=moment(TODAY)) == 0


class TestOutcomes:
    def test_counts_by_kind_and_day_of_the_decision(self, desk: Desk) -> None:
        for outcome in (RemedyOutcome.CORRECTED, RemedyOutcome.UPHELD, None):
            _, row = filed(desk)
            if outcome is not None:
                do(desk, row, V.RECEIVE_DECISION, date(2026, 5, 8), outcome=outcome)
        units, year = {desk.unit.pk}, (date(2026, 1, 1), date(2026, 12, 31))
        review, suit, after = remedy_outcomes(unit_ids=units, first=year[0], last=year[1])
        assert (review.corrected, review.upheld, review.other, review.pending) == (1, 1, 0, 1)
        assert (review.decided, review.corrected_percent) == (2, 50)
        assert (suit.kind, suit.decided, suit.corrected_percent) == (RemedyKind.LAWSUIT_DIRECT, 0, None)
        early = remedy_outcomes(unit_ids=units, first=year[0], last=date(2026, 4, 30))
        assert (early[0].decided, early[0].pending) == (0, 3)
        assert not any(
            one.pending for one in remedy_outcomes(unit_ids={desk.world.finance.pk}, first=year[0], last=year[1])
        )
