"""Schedules: to the second, asked again at the moment, never silent, never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection

from gongkai.features.disclosure import tasks
from gongkai.features.disclosure.models import Item, Publication, PublicationEnd, Schedule
from gongkai.features.disclosure.selectors.public_items import PublicItem, Tombstone, public_item_get
from gongkai.features.disclosure.selectors.publications import ending_of, publication_current
from gongkai.features.disclosure.selectors.releases import publication_alerts, release_get
from gongkai.features.disclosure.selectors.schedules import missed_schedules, schedule_list, schedules_due
from gongkai.features.disclosure.services import due, publishing
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.schedules import schedule_cancel, schedule_set, unpublish_set
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.notices.models import Notice
from tests.features.disclosure.released import NOW, TODAY, House, fresh

pytestmark = pytest.mark.django_db
AT = NOW + timedelta(hours=2)
SYSTEM = Actor.system("定时发布")


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture(autouse=True)
def record_is_whole() -> None:
    yield
    connection.check_constraints()


def scheduled(house: House, at: datetime = AT, item: Item | None = None, **more: datetime) -> Schedule:
    item = item or house.approved()
    return schedule_set(actor=house.office, item_id=item.pk, publish_at=at, now=NOW, **more)


def run(now: datetime = AT, ahead: timedelta = timedelta(0)) -> due.SweepReport:
    return due.schedules_run(actor=SYSTEM, now=now, ahead=ahead)


class TestSetting:
    def test_item_waits_for_its_moment(self, house: House) -> None:
        schedule = scheduled(house)
        assert (schedule.state, schedule.due_at) == ("waiting", AT)
        assert fresh(schedule.item).state == "scheduled"
        assert public_item_get(uid=schedule.item.uid, at=AT) is None, "a schedule makes nothing public"

    def test_moment_in_the_past_is_refused_with_a_clear_sentence(self, house: House) -> None:
        with pytest.raises(Refused) as said:
            scheduled(house, NOW - timedelta(seconds=1))
        assert "2026-03-02 08:59:59（北京时间）已经过去，现在是2026-03-02 09:00:00" in str(said.value)

    def test_every_problem_is_told_at_once(self, house: House) -> None:
        with pytest.raises(Refused) as said:
            scheduled(house, NOW - timedelta(hours=1), house.draft(), unpublish_at=NOW - timedelta(hours=2))
        assert {
            "publication.schedule.past",
            "publication.schedule.unpublish_past",
            "publication.schedule.ends_before_it_begins",
            "publication.approval.missing",
        } <= set(said.value.codes())

    def test_fractions_of_a_second_are_cut_and_zones_understood(self, house: House) -> None:
        beijing = timezone(timedelta(hours=8))
        schedule = scheduled(house, datetime(2026, 3, 3, 8, 30, 15, 900_000, tzinfo=beijing))
        assert schedule.due_at == datetime(2026, 3, 3, 0, 30, 15, tzinfo=UTC)

    def test_moment_without_a_zone_is_a_mistake(self, house: House) -> None:
        with pytest.raises(ValueError, match="time zone"):
            scheduled(house, datetime(2026, 3, 3, 8, 30))

    def test_setting_again_replaces(self, house: House) -> None:
        first = scheduled(house)
        second = scheduled(house, AT + timedelta(hours=1), fresh(first.item))
        first.refresh_from_db()
        assert (first.state, second.state) == ("canceled", "waiting")

    def test_drafter_may_not(self, house: House) -> None:
        with pytest.raises(NotPermitted):
            schedule_set(actor=house.drafter, item_id=house.approved().pk, publish_at=AT, now=NOW)

    def test_cancel_gives_the_item_back(self, house: House) -> None:
        schedule = scheduled(house, unpublish_at=AT + timedelta(days=1))
        schedule_cancel(actor=house.office, schedule_id=schedule.pk, reason="时间未定", now=NOW)
        assert fresh(schedule.item).state == "approved"
        assert not Schedule.objects.filter(state="waiting").exists()
        with pytest.raises(Refused, match="已取消"):
            schedule_cancel(actor=house.office, schedule_id=schedule.pk, now=NOW)

    def test_cancel_by_a_stranger_is_as_if_there_were_none(self, house: House) -> None:
        schedule = scheduled(house)
        with pytest.raises(Refused) as said:
            schedule_cancel(
                actor=house.actor(Role.DISCLOSURE_OFFICE, house.world.east), schedule_id=schedule.pk, now=NOW
            )
        assert said.value.codes() == ["publication.schedule.not_found"]


class TestMoment:
    def test_goes_out_at_the_second(self, house: House) -> None:
        schedule = scheduled(house)
        assert run(AT - timedelta(seconds=1)).done == []
        assert run().done == [schedule.pk]
        publication = Publication.objects.get()
        assert publication.published_at == AT
        assert publication.published_by_id == house.office.user_id, "whoever set the moment answers for it"
        schedule.refresh_from_db()
        assert (schedule.state, schedule.late_seconds, schedule.alarmed_at) == ("done", 0, None)
        assert fresh(schedule.item).state == "published"

    def test_recorded_ahead_is_public_on_the_second_and_not_before(self, house: House) -> None:
        schedule = scheduled(house)
        run(AT - timedelta(seconds=4), due.AHEAD)
        uid = schedule.item.uid
        assert public_item_get(uid=uid, at=AT - timedelta(microseconds=1)) is None
        found = public_item_get(uid=uid, at=AT)
        assert isinstance(found, PublicItem)
        assert found.published_at == AT

    def test_taken_down_before_its_moment_is_never_public(self, house: House) -> None:
        schedule = scheduled(house)
        run(AT - timedelta(seconds=4), due.AHEAD)
        publication_withdraw(
            actor=house.office, item_id=schedule.item_id, kind="error", reason="有误", now=AT - timedelta(seconds=2)
        )
        for at in (AT, AT + timedelta(days=1)):
            assert isinstance(public_item_get(uid=schedule.item.uid, at=at), Tombstone)

    def test_twice_is_once(self, house: House) -> None:
        scheduled(house)
        assert len(run().done) == 1
        assert run() == due.SweepReport()
        assert Publication.objects.count() == 1

    def test_correction_takes_the_place_of_the_former_at_the_same_moment(self, house: House) -> None:
        first = house.published()
        house.edit(first.item)
        item = house.approve(fresh(first.item))
        scheduled(house, item=item)
        run(AT - timedelta(seconds=3), due.AHEAD)
        before = publication_current(item_id=item.pk, at=AT - timedelta(microseconds=1))
        after = publication_current(item_id=item.pk, at=AT)
        assert before is not None
        assert after is not None
        assert (before.number, after.number, after.kind) == (1, 2, "correction")
        assert PublicationEnd.objects.get().kind == "superseded"

    def test_nothing_is_due_twice_in_the_list(self, house: House) -> None:
        schedule = scheduled(house)
        assert schedules_due(now=AT, ahead=timedelta(0)) == [schedule.pk]
        assert schedules_due(now=AT - timedelta(seconds=10), ahead=due.AHEAD) == []


class TestFailing:
    def test_problem_found_meanwhile_stops_it_and_is_told(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        schedule = scheduled(house)
        real = due.gate.gate_run

        def other_answer(**given: object) -> object:
            found = real(**given)
            found.passed = False
            return found

        monkeypatch.setattr(due.gate, "gate_run", other_answer)
        assert run().failed == [schedule.pk]
        schedule.refresh_from_db()
        assert schedule.state == "failed"
        assert "没有通过发布检查" in schedule.reasons[0]
        assert fresh(schedule.item).state == "approved"
        told = Notice.objects.filter(kind="disclosure.schedule_alarm", level="urgent")
        assert {house.office.user_id, house.drafter.user_id} <= set(told.values_list("recipient_id", flat=True))
        assert "没有通过发布检查" in told.first().body
        assert Entry.objects.filter(action="disclosure.schedule.fail", target_id=str(schedule.item_id)).exists()
        assert public_item_get(uid=schedule.item.uid, at=AT) is None

    def test_refusal_of_the_database_makes_it_fail_too(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        schedule = scheduled(house)
        monkeypatch.setattr(publishing, "published_files", lambda content: ["0" * 64])
        assert run().failed == [schedule.pk]
        schedule.refresh_from_db()
        assert "数据库拒绝了" in schedule.reasons[0]
        assert not Publication.objects.exists()

    def test_failed_one_does_not_come_down_later_either(self, house: House) -> None:
        schedule = scheduled(house, unpublish_at=AT + timedelta(hours=1))
        Schedule.objects.filter(pk=schedule.pk).update(digest="0" * 64)
        run()
        assert sorted(Schedule.objects.values_list("action", "state")) == [
            ("publish", "failed"),
            ("unpublish", "canceled"),
        ]

    def test_release_page_tells_why(self, house: House) -> None:
        schedule = scheduled(house)
        Schedule.objects.filter(pk=schedule.pk).update(digest="0" * 64)
        run()
        release = release_get(actor=house.office, item_id=schedule.item_id, now=AT)
        assert release.last_schedule is not None
        assert "又修改过" in release.last_schedule.reasons[0]
        assert release.publish_schedule is None
        assert release.blockers == ()


class TestMissed:
    def test_late_one_is_published_with_the_true_time_and_told(self, house: House) -> None:
        schedule = scheduled(house)
        late = AT + timedelta(minutes=25)
        run(late)
        publication = Publication.objects.get()
        assert publication.published_at == late, "it says when the public really could read it"
        schedule.refresh_from_db()
        assert (schedule.late_seconds, schedule.alarmed_at) == (1500, late)
        notice = Notice.objects.filter(recipient_id=house.office.user_id, kind="disclosure.schedule_alarm").get()
        assert notice.title.startswith("定时发布未按时")
        assert "实际晚了25分钟" in notice.body
        assert missed_schedules(actor=house.office) == [schedule]

    def test_one_that_still_waits_is_told_once(self, house: House) -> None:
        schedule = scheduled(house)
        for _ in range(2):
            due.schedules_alarm(actor=SYSTEM, now=AT + timedelta(seconds=59))
        assert not Notice.objects.filter(kind="disclosure.schedule_alarm").exists()
        assert due.schedules_alarm(actor=SYSTEM, now=AT + timedelta(minutes=3)) == 1
        assert due.schedules_alarm(actor=SYSTEM, now=AT + timedelta(minutes=4)) == 0
        assert "仍未执行" in Notice.objects.filter(recipient_id=house.office.user_id).latest("pk").body
        (alert,) = publication_alerts(actor=house.office, today=TODAY)
        assert (alert.kind, alert.item_id) == ("missed_schedule", schedule.item_id)

    def test_error_in_one_does_not_hold_up_the_others(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        first, second = scheduled(house), scheduled(house, AT + timedelta(seconds=1))
        real = due.schedule_run
        tried = []

        def sometimes(**given: object) -> object:
            tried.append(given["schedule_id"])
            if given["schedule_id"] == first.pk:
                raise RuntimeError("the disk is full")
            return real(**given)

        monkeypatch.setattr(tasks.due, "schedule_run", sometimes)
        resting: dict[int, datetime] = {}
        assert tasks.publish_due(resting=resting) == 1
        assert tasks.publish_due(resting=resting) == 0
        assert tried == [first.pk, second.pk], "what failed rests for a while"
        assert Publication.objects.get().schedule_id == second.pk

    def test_sweep_of_the_worker_does_what_the_publisher_missed(self, house: House) -> None:
        schedule = scheduled(house)
        tasks.sweep_schedules()
        schedule.refresh_from_db()
        assert schedule.state == "done"
        assert schedule.late_seconds > 3600


class TestTakingDown:
    def test_comes_down_at_its_moment(self, house: House) -> None:
        publication = house.published()
        unpublish_set(actor=house.office, item_id=publication.item_id, unpublish_at=AT, now=NOW)
        run(AT - timedelta(seconds=2), due.AHEAD)
        assert isinstance(public_item_get(uid=publication.item.uid, at=AT - timedelta(seconds=1)), PublicItem)
        stone = public_item_get(uid=publication.item.uid, at=AT)
        assert isinstance(stone, Tombstone)
        assert (stone.kind, stone.ended_at, stone.title) == ("expired", AT, publication.title)
        end = ending_of(Publication.objects.get())
        assert end is not None
        assert end.ended_by_id == house.office.user_id
        assert fresh(publication.item).state == "withdrawn"

    def test_item_that_is_not_public_has_nothing_to_take_down(self, house: House) -> None:
        with pytest.raises(Refused, match="不能设定下架时间"):
            unpublish_set(actor=house.office, item_id=house.approved().pk, unpublish_at=AT, now=NOW)

    def test_taken_down_by_hand_before_needs_no_schedule(self, house: House) -> None:
        publication = house.published()
        unpublish_set(actor=house.office, item_id=publication.item_id, unpublish_at=AT, now=NOW)
        publication_withdraw(actor=house.office, item_id=publication.item_id, kind="withdrawn", reason="撤", now=NOW)
        assert run() == due.SweepReport()
        assert Schedule.objects.get().state == "canceled"


class TestList:
    def test_shows_what_waits_to_those_who_see_the_items(self, house: House) -> None:
        schedule = scheduled(house)
        assert schedule_list(actor=house.office) == [schedule]
        assert schedule_list(actor=house.authority, unit_id=house.unit.pk) == [schedule]
        assert schedule_list(actor=house.actor(Role.DISCLOSURE_OFFICE, house.world.east)) == []
