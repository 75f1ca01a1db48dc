"""Requests to amend one's own record: sealed, by steps, to a letter or on to the organ with the power, apart from table three."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from gongkai.domain.foi.amendment import AmendmentCommand, AmendmentOutcome, AmendmentStage, AmendmentVerb
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.receipt import Channel
from gongkai.features.foi import services
from gongkai.features.foi.models import AmendmentEvent, AmendmentRequest, Application
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.amendments import (
    AmendmentBoard,
    amendment_counts,
    amendment_detail,
    amendment_figures,
    amendment_followed,
    amendment_page,
)
from gongkai.features.foi.selectors.report import year_report
from gongkai.features.foi.services.amendment_sweeps import amendments_remind
from gongkai.features.foi.services.amendments import amendments_refresh
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.notices.models import Notice
from gongkai.kernel.sealed.services import unmask_all
from tests.factories.foi import NAME, NUMBER, PHONE, WANTED, WRONG, Desk, person
from tests.factories.world import TODAY, moment

pytestmark = pytest.mark.django_db
V, Ends = AmendmentVerb, AmendmentOutcome
NEXT = date(2026, 3, 3)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
SECRETS = (NAME, NUMBER, PHONE, WRONG, WANTED)


def proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("户口簿.png", PNG)


def do(desk: Desk, row: AmendmentRequest, verb: AmendmentVerb, on: date = NEXT, **more: Any) -> AmendmentRequest:
    beside = {name: more.pop(name) for name in ("to_unit_id", "proofs", "seen") if name in more}
    actor = more.pop("actor", desk.leader if verb is V.DECIDE else desk.clerk)
    command = AmendmentCommand(verb=verb, on=on, by=actor.name, **more)
    return services.amendment_do(actor=actor, amendment_id=row.pk, command=command, now=moment(on, 11), **beside)


def checked(desk: Desk) -> AmendmentRequest:
    row = desk.amendment(proofs=(proof(),)).amendment
    return do(desk, row, V.CHECK, text="与户籍底册核对")


class TestSubmit:
    def test_takes_a_request_in_with_a_number_and_a_configured_period(self, desk: Desk) -> None:
        first, second = desk.amendment(), desk.amendment()
        assert (first.amendment.register_no, second.amendment.register_no) == ("更正2026-0001", "更正2026-0002")
        assert (first.amendment.received_on, first.amendment.due_on) == (TODAY, date(2026, 3, 30))
        assert first.query_code not in repr(first)

    def test_tells_everything_that_is_missing_at_once(self, desk: Desk) -> None:
        with pytest.raises(Refused) as refused:
            desk.amendment(
                person=person(name="", id_number="", phone="", email="", address=""),
                shown=False,
                record="",
                wrong="",
                wanted="",
            )
        assert set(refused.value.codes()) == {
            "foi.intake.name",
            "foi.intake.id_proof",
            "foi.intake.contact",
            "foi.amendment.record",
            "foi.amendment.wrong",
            "foi.amendment.wanted",
        }

    def test_a_day_that_has_not_come_is_refused_with_everything_else(self, desk: Desk) -> None:
        with pytest.raises(Refused) as refused:
            desk.amendment(on=NEXT, now=moment(TODAY), record="")
        assert set(refused.value.codes()) == {"foi.day.future", "foi.amendment.record"}
        assert not AmendmentRequest.objects.exists()

    def test_what_is_wrong_lies_sealed(self, desk: Desk) -> None:
        row = desk.amendment(proofs=(proof(),), identity=proof()).amendment
        with connection.cursor() as cursor:
            cursor.execute("SELECT wrong, wanted, query_code FROM foi_amendmentrequest")
            kept = " ".join(str(value) for value in cursor.fetchone())
        assert WRONG not in kept and WANTED not in kept
        assert {paper.sealed for paper in row.papers.all()} == {True}
        assert WRONG not in str(row.events.get().data)

    def test_visitors_send_online_only(self, desk: Desk) -> None:
        with pytest.raises(NotPermitted):
            desk.amendment(actor=Actor.anonymous())
        taken = desk.amendment(actor=Actor.anonymous(), channel=Channel.ONLINE)
        assert taken.amendment.created_by_id is None

    def test_it_is_no_application_for_disclosure(self, desk: Desk) -> None:
        desk.amendment()
        assert not Application.objects.exists()
        report = year_report(year=2026, unit_ids={desk.unit.pk})
        assert report is not None and not any(
            figure.number for row in report.applications.cells.values() for figure in row.values()
        )
        assert amendment_figures(year=2026, unit_ids={desk.unit.pk}).received == 1


class TestSteps:
    def test_amended_told_and_archived(self, desk: Desk) -> None:
        row = checked(desk)
        row = do(desk, row, V.DECIDE, outcome=Ends.AMENDED, text="已更正登记")
        assert (row.outcome, row.decided_on, row.stage) == ("amended", NEXT, AmendmentStage.DECIDED.value)
        row = do(desk, row, V.TELL, text="当面签收")
        row = do(desk, row, V.ARCHIVE)
        assert (row.told_on, row.stage) == (NEXT, AmendmentStage.ARCHIVED.value)
        figures = amendment_figures(year=2026, unit_ids={desk.unit.pk})
        assert (dict(figures.by_outcome)["予以更正"], figures.open) == (1, 0)

    def test_without_evidence_nothing_is_amended(self, desk: Desk) -> None:
        row = do(desk, desk.amendment().amendment, V.CHECK)
        with pytest.raises(Refused) as refused:
            do(desk, row, V.DECIDE, outcome=Ends.AMENDED)
        assert refused.value.codes() == ["foi.amendment.no_evidence"]

    def test_the_decision_is_made_by_who_signs(self, desk: Desk) -> None:
        row = checked(desk)
        with pytest.raises(NotPermitted):
            do(desk, row, V.DECIDE, outcome=Ends.AMENDED, actor=desk.clerk)
        with pytest.raises(NotPermitted):
            do(desk, row, V.WITHDRAW, text="不要了", actor=desk.lawyer)
        assert V.DECIDE not in amendment_detail(actor=desk.clerk, amendment_id=row.pk, today=NEXT).verbs

    def test_a_stale_page_and_a_day_before_are_refused_together(self, desk: Desk) -> None:
        row = checked(desk)
        with pytest.raises(Refused) as refused:
            do(desk, row, V.WITHDRAW, TODAY, text="不要了", seen=1)
        assert set(refused.value.codes()) == {"foi.amendment.changed_meanwhile", "foi.day.before"}

    def test_events_are_only_added(self, desk: Desk) -> None:
        checked(desk)
        with pytest.raises(DatabaseError), transaction.atomic():
            AmendmentEvent.objects.all().delete()

    def test_another_unit_knows_of_none(self, desk: Desk) -> None:
        row = checked(desk)
        other = desk.world.actor(Role.DISCLOSURE_OFFICE_HEAD, desk.world.office)
        assert not any(amendment_counts(actor=other).values())
        with pytest.raises(NotFound):
            amendment_detail(actor=other, amendment_id=row.pk, today=NEXT)
        with pytest.raises(NotFound):
            do(desk, row, V.WITHDRAW, text="不要了", actor=other)
        with pytest.raises((NotPermitted, NotFound)):
            unmask_all(actor=other, row=row, fields=("wrong",), reason="看看", now=moment(NEXT))

    def test_the_board_masks_the_name(self, desk: Desk) -> None:
        checked(desk)
        (line,) = amendment_page(actor=desk.clerk, board=AmendmentBoard.OPEN, number=1, today=date(2026, 4, 1)).rows
        assert (line.applicant, line.badge.light) == ("欧**", "red")

    def test_opening_is_written_down(self, desk: Desk) -> None:
        row = checked(desk)
        opened = unmask_all(actor=desk.clerk, row=row, fields=("wrong", "wanted"), reason="核实", now=moment(NEXT))
        assert opened == {"wrong": WRONG, "wanted": WANTED}
        name, data = services.amendment_paper_open(
            actor=desk.clerk, paper_id=row.papers.get().pk, reason="核实", now=moment(NEXT)
        )
        assert data == PNG and name.endswith(".png")
        told = " ".join(f"{entry.summary} {entry.details}" for entry in Entry.objects.all())
        assert "核实" in told and not any(secret in told for secret in SECRETS)
        with pytest.raises(Refused):
            services.amendment_paper_open(actor=desk.clerk, paper_id=row.papers.get().pk, now=moment(NEXT))

    def test_the_period_is_read_again_when_days_move(self, desk: Desk) -> None:
        row = desk.amendment().amendment
        AmendmentRequest.objects.filter(pk=row.pk).update(due_on=TODAY)
        assert amendments_refresh(now=moment(NEXT)) == 1
        row.refresh_from_db()
        assert row.due_on == date(2026, 3, 30)
        assert amendments_refresh(now=moment(NEXT)) == 0


class TestRemind:
    def test_offices_are_told_once_a_day_without_names(self, desk: Desk) -> None:
        office = desk.world.person(Role.DISCLOSURE_OFFICE, desk.unit)
        late, decided = checked(desk), checked(desk)
        do(desk, decided, V.DECIDE, outcome=Ends.REFUSED, text="底册与登记一致")
        for hour in (8, 9):
            amendments_remind(now=moment(date(2026, 4, 1), hour))
        (notice,) = Notice.objects.filter(recipient=office, dedupe_key__contains="due")
        assert "超过设定的办理期限" in notice.body and "还没有告知" in notice.body and late.register_no in notice.body
        assert not any(secret in notice.body for secret in SECRETS)

    def test_what_has_time_is_let_alone(self, desk: Desk) -> None:
        checked(desk)
        assert amendments_remind(now=moment(NEXT)) == 0


class TestHandOver:
    def test_the_unit_with_the_power_gets_a_request_of_its_own(self, desk: Desk) -> None:
        finance = desk.world.finance
        clerk = desk.world.actor(Role.DISCLOSURE_OFFICE, finance)
        row = checked(desk)
        row = do(desk, row, V.DECIDE, outcome=Ends.TRANSFERRED, to_unit_id=finance.pk)
        assert row.organ == finance.name
        there = AmendmentRequest.objects.get(handed_from=row)
        assert (there.unit_id, there.stage, there.received_on) == (finance.pk, "received", NEXT)
        assert (there.wrong.for_machine(), there.applicant.name.for_machine()) == (WRONG, NAME)
        name, data = services.amendment_paper_open(
            actor=clerk, paper_id=there.papers.get().pk, reason="核实", now=moment(NEXT)
        )
        assert data == PNG
        with pytest.raises(NotFound):
            amendment_detail(actor=clerk, amendment_id=row.pk, today=NEXT)
        assert amendment_detail(actor=clerk, amendment_id=there.pk, today=NEXT).handed_from == desk.unit.name

    def test_not_to_itself_and_not_nowhere(self, desk: Desk) -> None:
        row = checked(desk)
        with pytest.raises(Refused) as refused:
            do(desk, row, V.DECIDE, outcome=Ends.TRANSFERRED, to_unit_id=desk.unit.pk)
        assert refused.value.codes() == ["foi.amendment.itself"]
        with pytest.raises(Refused) as refused:
            do(desk, row, V.DECIDE, outcome=Ends.TRANSFERRED)
        assert refused.value.codes() == ["foi.amendment.organ"]

    def test_the_office_there_is_told_without_names(self, desk: Desk) -> None:
        office = desk.world.person(Role.DISCLOSURE_OFFICE, desk.world.finance)
        do(desk, checked(desk), V.DECIDE, outcome=Ends.TRANSFERRED, to_unit_id=desk.world.finance.pk)
        (notice,) = Notice.objects.filter(recipient=office)
        assert "转送" in notice.title and not any(one in notice.title + notice.body for one in SECRETS)


class TestLetter:
    def test_tells_the_refusal_of_a_transfer_letter_before_anything_is_decided(self, desk: Desk) -> None:
        with pytest.raises(Refused) as refused:
            services.amendment_letter_write(
                actor=desk.clerk,
                amendment_id=checked(desk).pk,
                values={},
                delivery=Delivery.POST,
                sealed=True,
                on=NEXT,
                now=moment(NEXT),
            )
        assert refused.value.codes() == ["foi.amendment.not_decided"]

    def test_a_transfer_is_told_by_a_numbered_letter(self, desk: Desk) -> None:
        row = do(desk, checked(desk), V.DECIDE, outcome=Ends.TRANSFERRED, organ="青溪县税务局")
        paper = services.amendment_letter_write(
            actor=desk.clerk,
            amendment_id=row.pk,
            values={},
            delivery=Delivery.POST,
            sealed=True,
            on=NEXT,
            now=moment(NEXT),
        )
        assert (paper.letter, paper.sealed) == ("L32_amendment_moved", False) and "1号" in paper.letter_no

    def test_nothing_is_sent_without_a_seal(self, desk: Desk) -> None:
        row = do(desk, checked(desk), V.DECIDE, outcome=Ends.TRANSFERRED, organ="青溪县税务局")
        with pytest.raises(Refused) as refused:
            services.amendment_letter_write(
                actor=desk.clerk,
                amendment_id=row.pk,
                values={},
                delivery=Delivery.POST,
                sealed=False,
                on=NEXT,
                now=moment(NEXT),
            )
        assert refused.value.codes() == ["foi.send.no_seal"]

    def test_where_to_go_otherwise_has_no_letter(self, desk: Desk) -> None:
        row = do(desk, checked(desk), V.DECIDE, outcome=Ends.DIRECTED, organ="青溪县税务局")
        assert amendment_detail(actor=desk.clerk, amendment_id=row.pk, today=NEXT).letter == ""


class TestFollow:
    def test_the_applicant_sees_the_way_and_adds_evidence(self, desk: Desk) -> None:
        taken = desk.amendment()
        do(desk, taken.amendment, V.ASK_EVIDENCE, text="请提交户口簿")
        found = amendment_followed(query_code=services.code_shown(taken.query_code).lower(), today=NEXT)
        assert (found.may_prove, found.reason) == (True, "请提交户口簿")
        row = services.amendment_prove(query_code=taken.query_code, proofs=(proof(),), now=moment(NEXT, 12))
        assert row.stage == AmendmentStage.CHECKING.value and row.papers.get().sealed
        with pytest.raises(Refused) as refused:
            services.amendment_prove(query_code=taken.query_code, proofs=(), now=moment(NEXT, 12))
        assert refused.value.codes() == ["foi.amendment.proof"]

    def test_the_outcome_is_told_when_the_applicant_was_told(self, desk: Desk) -> None:
        taken = desk.amendment(proofs=(proof(),))
        row = do(desk, taken.amendment, V.CHECK, text="内部核对")
        do(desk, row, V.DECIDE, outcome=Ends.REFUSED, text="底册与登记一致")
        before = amendment_followed(query_code=taken.query_code, today=NEXT)
        assert (before.outcome, before.reason) == ("", "")
        do(desk, row, V.TELL)
        after = amendment_followed(query_code=taken.query_code, today=NEXT)
        assert (after.outcome, after.reason, after.status) == ("不予更正", "底册与登记一致", "已办结")
        assert "核实" not in [words for words, _ in after.lines]

    def test_one_page_follows_both_kinds_of_request(self, desk: Desk) -> None:
        taken = desk.amendment()
        client = Client()
        page = client.post("/apply/follow/", {"code": taken.query_code}).content.decode()
        assert taken.amendment.register_no in page and not any(one in page for one in SECRETS)
        page = client.post("/apply/amend/withdraw/", {"code": taken.query_code}).content.decode()
        assert "您已撤回" in page
        assert "没有与这个查询码对应的申请" in client.post("/apply/amend/prove/", {"code": "X"}).content.decode()

    def test_a_handed_over_request_tells_its_new_code(self, desk: Desk) -> None:
        taken = desk.amendment(proofs=(proof(),))
        row = do(desk, taken.amendment, V.CHECK)
        do(desk, row, V.DECIDE, outcome=Ends.TRANSFERRED, to_unit_id=desk.world.finance.pk)
        found = amendment_followed(query_code=taken.query_code, today=NEXT)
        assert found.next_unit == desk.world.finance.name
        assert amendment_followed(query_code=found.next_code, today=NEXT).row.handed_from_id == row.pk
