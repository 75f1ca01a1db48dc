"""Rounds stand beside the events: written with them, filled in where they are missing, kept when a case is reopened."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import Delivery, RemedyKind, RemedyOutcome
from gongkai.features.foi.models import Application, CaseRound
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.services.rounds import rounds_fill
from tests.factories.foi import Desk
from tests.factories.world import TODAY, moment

pytestmark = pytest.mark.django_db
REMEDY = RemedyKind.RECONSIDERATION


def closed(desk: Desk, on: date = TODAY) -> Application:
    application = desk.granted(on)
    rules = case_course(application=application).law.dispositions.dispositions["granted_provide"]
    return desk.do(application, c.Close(on=on, evidence=tuple(one.code for one in rules.evidence if not one.later)))


def reopened(desk: Desk, application: Application) -> Application:
    desk.do(application, c.FileRemedy(on=TODAY, kind=REMEDY, ref="1号"))
    desk.do(application, c.DecideRemedy(on=TODAY, kind=REMEDY, outcome=RemedyOutcome.CORRECTED, ref="1号"))
    return desk.do(application, c.Reopen(on=TODAY, reason="复议决定责令重新答复"))


def rows(application: Application) -> list[tuple[object, ...]]:
    found = CaseRound.objects.filter(application=application).order_by("number")
    return list(found.values_list("number", "replied_on", "ended_on", "counted", "late_days", "unit_id"))


class TestWriting:
    def test_a_reply_and_an_end_stand_in_one_row(self, desk: Desk) -> None:
        application = desk.granted(TODAY)
        assert rows(application) == [(1, TODAY, None, False, 0, desk.unit.pk)]
        application = closed(desk)
        assert rows(application) == [(1, TODAY, TODAY, True, 0, desk.unit.pk)]

    def test_an_open_case_has_none(self, desk: Desk) -> None:
        assert rows(desk.taken().application) == []

    def test_a_later_round_leaves_the_first_alone_and_is_no_second_result(self, desk: Desk) -> None:
        application = closed(desk)
        before = rows(application)
        application = reopened(desk, application)
        assert rows(application) == before
        for command, who in (
            (c.Draft(on=TODAY, disposition="granted_provide"), desk.clerk),
            (c.Sign(on=TODAY, signed_by="局长"), desk.leader),
            (c.Send(on=TODAY, delivery=Delivery.ONLINE), desk.clerk),
        ):
            application = desk.do(application, command, by=who)
        rules = case_course(application=application).law.dispositions.dispositions["granted_provide"]
        evidence = tuple(one.code for one in rules.evidence if not one.later)
        desk.do(application, c.Close(on=TODAY, evidence=evidence))
        assert [(number, counted) for number, _, _, counted, _, _ in rows(application)] == [(1, True), (2, False)]

    def test_whoever_first_works_on_it_handles_it(self, desk: Desk) -> None:
        application = desk.granted(TODAY)
        application.refresh_from_db()
        assert application.handler_id == desk.clerk.user_id
        assert CaseRound.objects.get(application=application).handler_id == desk.clerk.user_id

    def test_a_corrected_day_of_receipt_is_corrected_here(self, desk: Desk) -> None:
        application = desk.taken(on=date(2026, 1, 12), now=moment(TODAY)).application
        for command, who in (
            (c.Accept(on=TODAY), desk.clerk),
            (c.Draft(on=TODAY, disposition="granted_provide"), desk.clerk),
            (c.Sign(on=TODAY, signed_by="局长"), desk.leader),
            (c.Send(on=TODAY, delivery=Delivery.ONLINE), desk.clerk),
        ):
            desk.do(application, command, by=who)
        before = CaseRound.objects.get(application=application)
        later = date(2026, 2, 2)
        desk.do(application, c.CorrectReceipt(on=TODAY, received_on=later, reason="登记有误"))
        found = CaseRound.objects.get(application=application)
        assert before.late_days > 0 and (found.received_on, found.late_days) == (later, 0)


class TestFilling:
    def test_writes_what_is_missing_as_it_was_written_before(self, desk: Desk) -> None:
        application = closed(desk)
        reopened(desk, application)
        other = desk.granted(TODAY)
        before = {one.pk: rows(one) for one in (application, other)}
        CaseRound.objects.all().delete()
        assert rounds_fill() == 2
        assert {one.pk: rows(one) for one in (application, other)} == before
        assert rounds_fill() == 0

    def test_leaves_open_cases_alone(self, desk: Desk) -> None:
        desk.taken()
        assert rounds_fill() == 0
