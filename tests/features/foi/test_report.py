"""Tables three and four are counted from the cases, hold their relations, and open their lists."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.figures import TOTAL, ApplicantClass, RowKind
from gongkai.domain.foi.model import RemedyKind, RemedyOutcome
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.figures import year_figures
from gongkai.features.foi.selectors.report import YearReport, year_report
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.clocks.selectors import calendar_current
from tests.factories.foi import Desk, person
from tests.factories.world import TODAY, World, moment

pytestmark = pytest.mark.django_db


def closed(desk: Desk, on: date = TODAY) -> Application:
    application = desk.granted(on)
    rules = case_course(application=application).law.dispositions.dispositions["granted_provide"]
    evidence = tuple(item.code for item in rules.evidence if not item.later)
    return desk.do(application, c.Close(on=on, evidence=evidence))


def counted(desk: Desk, year: int = 2026) -> YearReport:
    found = year_report(year=year, unit_ids=[desk.unit.pk])
    assert found is not None
    return found


class TestYearReport:
    def test_counts_new_ended_and_carried_over_by_kind_of_applicant(self, desk: Desk) -> None:
        closed(desk)
        desk.taken()
        firm = person(
            kind=ApplicantClass.BUSINESS, name="青溪建材有限公司", representative="李四", org_code="91360700X"
        )
        desk.taken(person=firm)
        found = counted(desk)
        new, out = (found.form.row(kind).code for kind in (RowKind.NEW_RECEIVED, RowKind.CARRIED_OUT))
        numbers = found.applications.numbers()
        assert (numbers[new]["natural_person"], numbers[new]["business"], numbers[new][TOTAL]) == (2, 1, 3)
        assert numbers["granted"][TOTAL] == 1 and numbers[out][TOTAL] == 2
        assert found.issues == ()

    def test_what_was_carried_over_stands_there_the_next_year(self, desk: Desk) -> None:
        desk.taken(on=date(2025, 12, 1), now=moment(TODAY))
        found = counted(desk)
        row = found.form.row(RowKind.CARRIED_IN).code
        assert found.applications.cells[row][TOTAL].refs == ("2025-0001",)

    def test_an_unconfirmed_one_counts_nowhere(self, desk: Desk) -> None:
        desk.online()
        assert all(cell.number == 0 for row in counted(desk).applications.cells.values() for cell in row.values())

    def test_another_unit_s_cases_are_not_among_them(self, desk: Desk) -> None:
        desk.taken()
        found = year_report(year=2026, unit_ids=[desk.world.finance.pk])
        assert found is not None and found.applications.numbers()["granted"][TOTAL] == 0
        assert all(cell.number == 0 for row in found.applications.cells.values() for cell in row.values())

    def test_disputes_by_outcome_and_the_share_of_reversals(self, desk: Desk) -> None:
        for number, outcome in enumerate((RemedyOutcome.CORRECTED, RemedyOutcome.UPHELD), start=1):
            application = closed(desk)
            ref = f"青溪复〔2026〕{number}号"
            desk.do(application, c.FileRemedy(on=TODAY, kind=RemedyKind.RECONSIDERATION, ref=ref))
            desk.do(
                application,
                c.DecideRemedy(on=TODAY, kind=RemedyKind.RECONSIDERATION, outcome=outcome, ref=ref),
            )
        found = counted(desk)
        assert found.disputes.numbers()["reconsideration"] | {} == {
            "upheld": 1,
            "corrected": 1,
            "other": 0,
            "pending": 0,
            TOTAL: 2,
        }
        assert (found.corrected, found.decided) == (1, 2)

    def test_a_case_reopened_after_review_counts_as_it_was_first_closed(self, desk: Desk) -> None:
        application = closed(desk)
        kind = RemedyKind.RECONSIDERATION
        desk.do(application, c.FileRemedy(on=TODAY, kind=kind, ref="1号"))
        desk.do(application, c.DecideRemedy(on=TODAY, kind=kind, outcome=RemedyOutcome.CORRECTED, ref="1号"))
        desk.do(application, c.Reopen(on=TODAY, reason="复议决定责令重新答复"))
        application.refresh_from_db()
        assert application.closed_on is None
        assert counted(desk).applications.numbers()["granted"][TOTAL] == 1

    def test_years_before_the_form_have_none(self, desk: Desk) -> None:
        assert year_report(year=2015, unit_ids=[desk.unit.pk]) is None


class TestYearFigures:
    def test_in_time_and_late(self, desk: Desk) -> None:
        closed(desk)
        desk.granted(TODAY, date(2026, 4, 20))
        found = year_figures(year=2026)
        assert (found.received, found.replied, found.in_time) == (2, 2, 1)
        late = calendar_current().working_days_between(TODAY, date(2026, 4, 20))
        assert found.average_days == pytest.approx(late / 2)
        assert dict(found.results)["予以公开"] == 1

    def test_an_empty_year(self, desk: Desk) -> None:
        found = year_figures(year=2024)
        assert (found.received, found.in_time_share, found.average_days) == (0, None, None)


class TestPage:
    def test_shows_both_tables_and_opens_a_figure(self, world: World) -> None:
        desk = Desk(world, timezone.localdate())
        application = desk.taken(now=timezone.now()).application
        client = Client()
        client.force_login(world.person(Role.DISCLOSURE_OFFICE, desk.unit))
        page = client.get("/admin/foi/report/").content.decode()
        assert "核对相符" in page and "行政复议" in page
        listed = client.get("/admin/foi/report/applications/new_received/total/").content.decode()
        assert application.register_no in listed
        assert client.get("/admin/foi/report/applications/no-such/total/").status_code == 404
