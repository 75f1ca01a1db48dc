"""Clocks of objects, and what a new holiday notice does to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.kernel.clocks.conftest import AMENDMENT_2027, NOTICE_2027
from tests.kernel.people import actor_of, make_person, make_place

from gongkai.domain.deadlines import Fact
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.clocks import selectors, services
from gongkai.kernel.clocks.models import CalendarYear, ClockState, StoredClock
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db


def start(actor: Actor, now: datetime, received: str = "2026-03-02", target_id: int = 1, **more: object) -> StoredClock:
    return services.clock_start(
        actor=actor,
        target_type="clocktest.application",
        target_id=target_id,
        rule="foi.reply",
        facts=[{"kind": "received", "on": received}, *more.pop("facts", ())],
        now=now,
        title="试验申请的答复",
        url="/admin/x/1/",
        layer=str(more.pop("layer", "cn")),
        **more,
    )


class TestClockStart:
    def test_keeps_the_dates_of_its_reading(self, actor: Actor) -> None:
        now = datetime(2026, 3, 2, 1, tzinfo=UTC)
        clock = start(actor, now)
        reading = selectors.clock_read(clock=clock, today=date(2026, 3, 2))
        assert (clock.due_on, clock.state, clock.provisional) == (date(2026, 3, 30), ClockState.RUNNING, False)
        assert reading.due_on == clock.due_on
        assert clock.rule_on == date(2026, 3, 2)

    def test_keeps_law_and_local_target_apart(self, actor: Actor) -> None:
        clock = start(actor, datetime(2026, 3, 2, 1, tzinfo=UTC), layer="cn-360783")
        assert clock.due_on == date(2026, 3, 30)
        assert clock.target_on is not None
        assert clock.target_on < clock.due_on

    def test_is_written_to_the_audit_trail(self, actor: Actor, now: datetime) -> None:
        start(actor, now)
        entry = Entry.objects.get()
        assert (entry.action, entry.target_id) == ("clocks.clock.start", "1")
        assert "2026-03-30" in entry.summary

    def test_refuses_facts_that_contradict_each_other(self, actor: Actor, now: datetime) -> None:
        with pytest.raises(Refused):
            start(actor, now, facts=[{"kind": "nonsense", "on": "2026-03-05"}])
        assert not StoredClock.objects.exists()

    def test_refuses_to_start_twice(self, actor: Actor, now: datetime) -> None:
        start(actor, now)
        with pytest.raises(Refused, match="已经起算"):
            start(actor, now)

    def test_keeps_the_law_the_case_began_under(self, actor: Actor, now: datetime) -> None:
        clock = start(actor, now, received="2019-05-06")
        assert clock.rule_on == date(2019, 5, 6)
        assert selectors.rule_of(clock).limit == 15


class TestClockAddFact:
    def test_moves_the_dates_and_records_why(self, actor: Actor) -> None:
        now = datetime(2026, 3, 20, 1, tzinfo=UTC)
        clock = start(actor, now)
        services.clock_add_fact(actor=actor, clock=clock, fact=Fact("consultation_sent", date(2026, 3, 9)), now=now)
        clock = services.clock_add_fact(
            actor=actor, clock=clock, fact={"kind": "consultation_closed", "on": "2026-03-20"}, now=now
        )
        assert clock.due_on == date(2026, 4, 13)
        assert Entry.objects.filter(action="clocks.clock.fact").count() == 2

    def test_refuses_every_reason_at_once_and_changes_nothing(self, actor: Actor, now: datetime) -> None:
        clock = start(actor, now)
        with pytest.raises(Refused):
            services.clock_add_fact(actor=actor, clock=clock, fact=Fact("no_such_fact", date(2026, 3, 9)), now=now)
        clock.refresh_from_db()
        assert len(clock.facts) == 1

    def test_a_reply_stops_the_clock(self, actor: Actor, now: datetime) -> None:
        clock = services.clock_add_fact(
            actor=actor, clock=start(actor, now), fact=Fact("replied", date(2026, 3, 20)), now=now
        )
        assert clock.state == ClockState.STOPPED
        assert not selectors.clocks_due(until=date(2026, 12, 31)).exists()


class TestCalendarYearImport:
    def test_puts_a_version_on_file_that_holds_at_once(self, actor: Actor, now: datetime) -> None:
        assert 2027 not in selectors.calendar_current().published_years
        saved = services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)
        assert (saved.year, saved.version, saved.notice_no) == (2027, 1, "国办发明电〔2026〕9号")
        calendar = selectors.calendar_current()
        assert not calendar.is_working_day(date(2027, 2, 8))
        assert calendar.is_working_day(date(2027, 2, 20))

    def test_a_later_notice_changes_the_year_as_a_new_version(self, actor: Actor, now: datetime) -> None:
        first = services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)
        second = services.calendar_year_import(actor=actor, text=AMENDMENT_2027, now=now)
        assert (second.version, second.supersedes) == (2, first)
        assert selectors.calendar_current().is_working_day(date(2027, 5, 5))
        assert selectors.calendar_current().year(2027).amended_by == ("国办发明电〔2027〕2号",)
        on_file = [(one.version, one.holds) for one in selectors.calendar_years(actor=actor) if one.year.year == 2027]
        assert on_file == [(2, True), (1, False)]

    def test_refuses_days_that_do_not_balance_with_the_reason(self, actor: Actor, now: datetime) -> None:
        wrong = NOTICE_2027.replace("5月8日（周六）上班。", "").replace("2026年11月10日", "2026年11月10日")
        with pytest.raises(Refused) as refusal:
            services.calendar_year_import(actor=actor, text=wrong, now=now)
        assert "calendar.notice.balance" in refusal.value.codes()
        assert not CalendarYear.objects.exists()

    def test_refuses_what_is_on_file_already(self, actor: Actor, now: datetime) -> None:
        services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)
        with pytest.raises(Refused, match="无需再次导入"):
            services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)

    def test_refuses_to_change_a_year_that_is_not_there(self, actor: Actor, now: datetime) -> None:
        with pytest.raises(Refused, match="请先导入年度通知"):
            services.calendar_year_import(actor=actor, text=AMENDMENT_2027, now=now)

    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("where", ["office", "bureau"])
    def test_is_for_administrators_and_the_disclosure_authority(self, now: datetime, role: Role, where: str) -> None:
        actor = actor_of(make_person(role, getattr(make_place(), where)))
        top = where == "office" and role in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)
        if top or role is Role.SYSTEM_ADMINISTRATOR:
            assert services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now).imported_by_id == actor.user_id
        else:
            with pytest.raises(NotPermitted):
                services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)


@pytest.fixture
def owner(db: None) -> User:
    return make_person(Role.DISCLOSURE_OFFICE, make_place().bureau, email="owner@example.cn")


class TestRecompute:
    def test_makes_a_provisional_day_final_logs_it_and_tells_the_owners(
        self, actor: Actor, now: datetime, owner: User
    ) -> None:
        clock = start(actor, now, received="2026-12-31", owner_ids=[owner.id])
        assert (clock.due_on, clock.provisional) == (date(2027, 1, 28), True)
        assert "2027年放假安排尚未公布" in clock.reason
        services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)
        clock.refresh_from_db()
        assert (clock.due_on, clock.provisional, clock.reason) == (date(2027, 1, 29), False, "")
        entry = Entry.objects.get(action="clocks.clock.recompute")
        assert entry.summary == ("试验申请的答复：期限至2027-01-28，暂定 → 期限至2027-01-29（国办发明电〔2026〕9号）")
        assert entry.details["old"] == {"due_on": "2027-01-28", "target_on": None, "provisional": True}
        assert "events.deliver" in run_jobs()
        notice = Notice.objects.get(recipient=owner)
        assert notice.title == "试验申请的答复：期限由2027-01-28改为2027-01-29"
        assert (notice.url, notice.level) == ("/admin/x/1/", "warning")

    def test_leaves_alone_what_does_not_reach_into_the_year(self, actor: Actor, now: datetime) -> None:
        start(actor, now, received="2026-03-02")
        services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)
        assert not Entry.objects.filter(action="clocks.clock.recompute").exists()

    def test_leaves_alone_what_is_done(self, actor: Actor, now: datetime) -> None:
        services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)
        clock = start(actor, now, received="2027-04-20", facts=[{"kind": "replied", "on": "2027-04-25"}])
        services.calendar_year_import(actor=actor, text=AMENDMENT_2027, now=now)
        due_on = clock.due_on
        clock.refresh_from_db()
        assert clock.due_on == due_on

    def test_moves_open_clocks_when_a_later_notice_changes_the_year(self, actor: Actor, owner: User) -> None:
        now = datetime(2027, 4, 21, 1, tzinfo=UTC)
        services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)
        clock = start(actor, now, received="2027-04-20", owner_ids=[owner.id])
        before = clock.due_on
        services.calendar_year_import(actor=actor, text=AMENDMENT_2027, now=now)
        clock.refresh_from_db()
        assert clock.due_on == before  # one day off less, one make-up day less: the sum stays
        [entry] = Entry.objects.filter(action="clocks.calendar.import", details__version=2)
        assert "0项期限随之变动" in entry.summary

    def test_tells_when_only_the_doubt_is_gone(self, actor: Actor, now: datetime, owner: User) -> None:
        clock = start(actor, now, received="2026-11-30", owner_ids=[owner.id])
        StoredClock.objects.filter(id=clock.id).update(provisional=True, reason="曾经暂定")
        services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)
        run_jobs()
        notice = Notice.objects.get(recipient=owner)
        assert notice.title == "试验申请的答复：期限仍为2026-12-28，不再是暂定"
        assert notice.level == "info"

    def test_a_clock_without_its_rule_does_not_keep_the_others_waiting(
        self, actor: Actor, now: datetime, caplog: pytest.LogCaptureFixture
    ) -> None:
        lost = start(actor, now, received="2026-12-31")
        StoredClock.objects.filter(id=lost.id).update(rule="gone.rule")
        other = start(actor, now, received="2026-12-31", target_id=2)
        services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)
        other.refresh_from_db()
        assert other.due_on == date(2027, 1, 29)
        assert "gone.rule" in caplog.text

    def test_many_clocks_take_few_statements(self, actor: Actor, now: datetime, django_assert_max_num_queries) -> None:
        StoredClock.objects.bulk_create(
            StoredClock(
                target_type="clocktest.application",
                target_id=str(number),
                rule="foi.reply",
                rule_on=date(2026, 12, 31),
                layer="cn",
                facts=[{"kind": "received", "on": "2026-12-31", "days": None, "ref": ""}],
                due_on=date(2027, 1, 28),
                provisional=True,
                state=ClockState.RUNNING,
                created_at=now,
                updated_at=now,
            )
            for number in range(600)
        )
        CalendarYear.objects.bulk_create([year_row(now)])
        with django_assert_max_num_queries(30 + 600 * 3):  # three for the deferred delivery of each change
            assert services.clocks_recompute(actor=actor, now=now, because="试验") == 600
        assert StoredClock.objects.filter(due_on=date(2027, 1, 29), provisional=False).count() == 600


def year_row(now: datetime) -> CalendarYear:
    from gongkai.domain.holiday_notice import read_notice
    from gongkai.rulebook import statutory_days
    from gongkai.rulebook.loader import year_to_data

    year = read_notice(NOTICE_2027, statutory_days=statutory_days).calendar
    assert year is not None
    return CalendarYear(
        year=2027,
        version=1,
        notice_no=year.notice_no,
        notice_text="x",
        holidays=year_to_data(year)["holidays"],
        imported_at=now,
    )


class TestPausedClocksRefresh:
    def test_moves_the_due_day_while_a_consultation_is_open(self, actor: Actor) -> None:
        now = datetime(2026, 3, 9, 1, tzinfo=UTC)
        clock = start(actor, now)
        clock = services.clock_add_fact(
            actor=actor, clock=clock, fact=Fact("consultation_sent", date(2026, 3, 9)), now=now
        )
        assert (clock.state, clock.due_on) == (ClockState.PAUSED, date(2026, 3, 30))
        assert services.paused_clocks_refresh(now=now + timedelta(days=3)) == 1
        clock.refresh_from_db()
        assert clock.due_on == date(2026, 4, 2)


class TestCalendarAlarm:
    @pytest.mark.parametrize(
        ("day", "sent"),
        [(date(2026, 10, 31), 0), (date(2026, 11, 1), 2), (date(2026, 12, 31), 2), (date(2026, 3, 2), 0)],
    )
    def test_rings_from_1_november_for_those_who_look_after_it(self, day: date, sent: int) -> None:
        place = make_place()
        make_person(Role.SYSTEM_ADMINISTRATOR, place.bureau)
        make_person(Role.DISCLOSURE_OFFICE, place.office)
        make_person(Role.DISCLOSURE_OFFICE, place.bureau)
        now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        assert services.calendar_alarm(now=now) == sent

    def test_rings_once_a_week(self) -> None:
        make_person(Role.SYSTEM_ADMINISTRATOR, make_place().office)
        monday = datetime(2026, 11, 2, 4, tzinfo=UTC)
        sent = [services.calendar_alarm(now=monday + timedelta(days=day)) for day in range(9)]
        assert sent == [1, 0, 0, 0, 0, 0, 0, 1, 0]

    def test_is_silent_once_the_notice_is_there(self, actor: Actor, now: datetime) -> None:
        make_person(Role.SYSTEM_ADMINISTRATOR, make_place().office)
        services.calendar_year_import(actor=actor, text=NOTICE_2027, now=now)
        assert services.calendar_alarm(now=now) == 0

    def test_is_urgent_when_the_year_has_begun(self, now: datetime) -> None:
        make_person(Role.SYSTEM_ADMINISTRATOR, make_place().office)
        services.calendar_alarm(now=datetime(2027, 1, 4, 4, tzinfo=UTC))
        assert Notice.objects.get().level == "urgent"
