"""What is open at the end of a year is carried over: noted once in each case, agreeing with the figures of both years."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.figures import TOTAL, RowKind
from gongkai.domain.foi.model import Delivery
from gongkai.features.foi.models import Application, CaseEvent
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.report import year_report
from gongkai.features.foi.services.carrying import cases_carry_over
from gongkai.kernel.audit.models import Entry
from tests.factories.foi import Desk
from tests.factories.world import World, moment

pytestmark = pytest.mark.django_db
DECEMBER, JANUARY = date(2025, 12, 1), date(2026, 1, 5)
NEW_YEAR = datetime(2025, 12, 31, 16, 20, tzinfo=UTC)  # twenty past midnight of 1 January in Beijing


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, DECEMBER)


def carried(application: Application) -> tuple[int, ...]:
    return case_course(application=application).state.carried_over


class TestCarryOver:
    def test_notes_every_open_case_of_the_year_before_once(self, desk: Desk) -> None:
        applications = [desk.taken().application for _ in range(3)]
        assert cases_carry_over(now=NEW_YEAR) == 3
        assert cases_carry_over(now=NEW_YEAR) == 0
        assert {carried(one) for one in applications} == {(2025,)}
        event = CaseEvent.objects.filter(kind="CarriedOver").first()
        assert event is not None and (event.on, event.by_name) == (date(2026, 1, 1), "年度结转")
        assert Entry.objects.filter(action="foi.application.carry_over").count() == 3

    def test_period_and_stage_stay_and_the_count_of_events_goes_on(self, desk: Desk) -> None:
        application = desk.taken().application
        before = (application.stage, application.due_on, application.event_count)
        cases_carry_over(now=NEW_YEAR)
        application.refresh_from_db()
        assert (application.stage, application.due_on, application.event_count - 1) == before
        desk.do(application, c.Accept(on=JANUARY))
        assert case_course(application=application).state.carried_over == (2025,)

    def test_nothing_happens_before_the_year_is_over(self, desk: Desk) -> None:
        desk.taken()
        assert cases_carry_over(now=datetime(2025, 12, 31, 15, 59, tzinfo=UTC)) == 0

    def test_makes_up_for_years_that_were_missed(self, desk: Desk) -> None:
        application = desk.taken(on=date(2024, 11, 4)).application
        assert cases_carry_over(now=moment(date(2026, 3, 2))) == 2
        assert carried(application) == (2024, 2025)

    def test_what_came_after_the_end_of_the_year_is_not_carried_over(self, desk: Desk) -> None:
        application = desk.taken(on=JANUARY).application
        assert cases_carry_over(now=moment(date(2026, 2, 2))) == 0
        assert carried(application) == ()

    def test_what_is_answered_or_over_or_not_confirmed_is_not_carried_over(self, desk: Desk) -> None:
        desk.granted(DECEMBER, date(2025, 12, 30))
        withdrawn = desk.taken().application
        desk.do(withdrawn, c.Withdraw(on=date(2025, 12, 20), statement="不要了"))
        desk.online()
        assert cases_carry_over(now=NEW_YEAR) == 0

    def test_what_was_sent_but_not_signed_for_is(self, desk: Desk) -> None:
        application = desk.taken().application
        for command, who in (
            (c.Accept(on=DECEMBER), desk.clerk),
            (c.Draft(on=DECEMBER, disposition="granted_provide"), desk.clerk),
            (c.Sign(on=DECEMBER, signed_by="局长"), desk.leader),
            (c.Send(on=date(2025, 12, 30), delivery=Delivery.IN_PERSON), desk.clerk),
        ):
            desk.do(application, command, by=who)
        assert cases_carry_over(now=NEW_YEAR) == 1

    def test_statements_do_not_grow_with_the_cases(self, desk: Desk) -> None:
        desk.taken()
        with CaptureQueriesContext(
            connection,
        ) as one:
            cases_carry_over(now=NEW_YEAR)
        for _ in range(6):
            desk.taken()
        with CaptureQueriesContext(connection) as six:
            assert cases_carry_over(now=NEW_YEAR) == 6
        assert len(six) <= len(one)

    def test_the_figures_of_both_years_agree(self, desk: Desk) -> None:
        late = desk.granted(DECEMBER, date(2025, 12, 30))
        rules = case_course(application=late).law.dispositions.dispositions["granted_provide"]
        evidence = tuple(item.code for item in rules.evidence if not item.later)
        desk.do(
            late, c.Close(on=JANUARY, evidence=evidence)
        )  # answered in the old year, the file closed in the new one
        still_open = desk.taken().application
        cases_carry_over(now=NEW_YEAR)
        reports = {year: year_report(year=year, unit_ids=[desk.unit.pk]) for year in (2025, 2026)}
        old, new = reports[2025], reports[2026]
        assert old is not None and new is not None
        out, into = old.form.row(RowKind.CARRIED_OUT).code, old.form.row(RowKind.CARRIED_IN).code
        assert old.applications.cells[out][TOTAL].refs == (still_open.register_no,)
        assert new.applications.cells[into][TOTAL].refs == (still_open.register_no,)
        assert old.applications.numbers()["granted"][TOTAL] == 1 and new.applications.numbers()["granted"][TOTAL] == 0
        assert (old.issues, new.issues) == ((), ())
        noted = CaseEvent.objects.filter(kind="CarriedOver", data__year=2025).values_list("application_id", flat=True)
        assert list(noted) == [still_open.pk]

    def test_a_late_run_still_notes_what_was_answered_only_after_the_year(self, desk: Desk) -> None:
        application = desk.granted(DECEMBER, JANUARY)
        assert cases_carry_over(now=moment(date(2026, 1, 12))) == 1
        assert carried(application) == (2025,)
