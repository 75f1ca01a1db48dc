"""The daily looks: clocks are read again, offices are told once a day what wants attention."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import ConsultationKind
from gongkai.features.foi.models import Application, CaseEvent
from gongkai.features.foi.services import sweeps
from gongkai.kernel.accounts.models import User
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.models import Notice
from tests.factories.foi import Desk
from tests.factories.world import TODAY, World, moment

pytestmark = pytest.mark.django_db


class TestRefresh:
    def test_a_due_day_that_stands_wrong_is_read_again_and_events_stay(self, desk: Desk) -> None:
        application = desk.taken().application
        Application.objects.filter(pk=application.pk).update(due_on=date(2026, 5, 1), provisional=True)
        events = CaseEvent.objects.count()
        assert sweeps.cases_refresh(now=moment(TODAY, 12)) == 1
        application.refresh_from_db()
        assert (application.due_on, application.provisional) == (date(2026, 3, 30), False)
        assert CaseEvent.objects.count() == events
        assert sweeps.cases_refresh(now=moment(TODAY, 13)) == 0


class TestRemind:
    @pytest.mark.parametrize(
        ("on", "told"),
        [
            (date(2026, 3, 20), None),
            (date(2026, 3, 24), "2026-03-30 到期"),
            (date(2026, 4, 1), "答复已逾期 2 个工作日"),
        ],
        ids=["early", "near", "late"],
    )
    def test_by_the_distance_to_the_due_day(self, desk: Desk, on: date, told: str | None) -> None:
        desk.taken()
        sweeps.cases_remind(now=moment(on))
        bodies = set(Notice.objects.filter(kind="foi.due").values_list("body", flat=True))
        assert any(told in body for body in bodies) if told else not bodies

    def test_once_a_day_and_again_the_next(self, desk: Desk) -> None:
        desk.taken()
        late = date(2026, 4, 1)
        first = sweeps.cases_remind(now=moment(late))
        assert first == 2  # clerk and head of the office
        assert sweeps.cases_remind(now=moment(late, 15)) == 0
        assert sweeps.cases_remind(now=moment(date(2026, 4, 2))) == 2

    def test_an_unconfirmed_one_is_told_with_its_alarm(self, desk: Desk) -> None:
        desk.online()
        sweeps.cases_remind(now=moment(date(2026, 3, 3)))
        assert "还没有与申请人确认收到" in Notice.objects.first().body  # type: ignore[union-attr]

    def test_a_case_that_stands_still_is_not_called_late(self, desk: Desk) -> None:
        application = desk.taken().application
        desk.do(application, c.Accept(on=TODAY))
        desk.do(application, c.Consult(on=TODAY, kind=ConsultationKind.THIRD_PARTY, ref="甲公司"))
        sweeps.cases_remind(now=moment(date(2026, 4, 20)))
        assert "逾期" not in "".join(Notice.objects.values_list("body", flat=True))

    def test_notices_name_nobody_and_say_nothing_of_what_was_asked(self, desk: Desk) -> None:
        desk.taken()
        sweeps.cases_remind(now=moment(date(2026, 4, 1)))
        words = " ".join(f"{one.title} {one.body}" for one in Notice.objects.all())
        assert "欧" not in words and "学府路" not in words


@pytest.mark.django_db(transaction=True)
class TestSubmitted:
    def test_the_office_hears_of_an_online_application(self) -> None:
        desk = Desk(World())
        taken = desk.online()
        run_jobs()
        told = Notice.objects.filter(kind="foi.case")
        assert told.count() == 2
        assert taken.application.register_no in told[0].title


@pytest.mark.parametrize(("after", "mailed"), [(timedelta(hours=1), True), (timedelta(days=4), False)])
def test_an_application_of_which_a_worker_tells_days_later_is_not_mailed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, after: timedelta, mailed: bool
) -> None:
    User.objects.update(email="someone@example.cn")
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment(TODAY) + after)
    desk.online()
    run_jobs()
    assert set(Notice.objects.values_list("email_wanted", flat=True)) == {mailed}
