"""What becomes of a schedule when something changes before its moment, and moments that are easily mistaken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gongkai.features.disclosure.models import LinkUse, Publication, Schedule
from gongkai.features.disclosure.services import due
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.features.disclosure.services.schedules import schedule_set
from gongkai.kernel.approvals.models import Approval
from gongkai.kernel.approvals.services import approval_cancel
from gongkai.kernel.errors import Refused
from gongkai.kernel.notices.models import Notice
from tests.factories.world import SYSTEM
from tests.features.disclosure.released import NOW, House, fresh

pytestmark = pytest.mark.django_db
AT = NOW + timedelta(hours=3)


@pytest.fixture
def house() -> House:
    return House(short_route=True)


def scheduled(house: House, at: datetime = AT, **more: object) -> Schedule:
    return schedule_set(actor=house.office, item_id=house.approved().pk, publish_at=at, now=NOW, **more)


class TestRoundEndedMeanwhile:
    def test_fails_at_once_and_is_told_before_the_moment(self, house: House) -> None:
        schedule = scheduled(house, unpublish_at=AT + timedelta(days=1))
        approval = Approval.objects.get(target_id=str(schedule.item_id))
        approval_cancel(actor=house.office, approval_id=approval.pk, reason="内容有疑问", now=NOW)
        schedule.refresh_from_db()
        assert (schedule.state, fresh(schedule.item).state) == ("failed", "drafting")
        assert "须重新送审" in schedule.reasons[0]
        told = Notice.objects.filter(kind="disclosure.schedule_alarm")
        assert {house.office.user_id, house.drafter.user_id} <= set(told.values_list("recipient_id", flat=True))
        assert set(Schedule.objects.values_list("action", "state")) == {
            ("publish", "failed"),
            ("unpublish", "canceled"),
        }

    def test_a_later_round_does_not_go_out_at_the_moment_of_the_former(self, house: House) -> None:
        schedule = scheduled(house)
        approval = Approval.objects.get(target_id=str(schedule.item_id))
        approval_cancel(actor=house.office, approval_id=approval.pk, reason="内容有疑问", now=NOW)
        house.approve(fresh(schedule.item), now=NOW + timedelta(minutes=5))
        due.schedules_run(actor=SYSTEM, now=AT)
        assert not Publication.objects.exists()
        assert publication_make(actor=house.office, item_id=schedule.item_id, now=AT).number == 1


class TestMoments:
    def test_two_of_the_same_second_both_go_out_on_it(self, house: House) -> None:
        first, second = scheduled(house), scheduled(house)
        due.schedules_run(actor=SYSTEM, now=AT - timedelta(seconds=2), ahead=due.AHEAD)
        made = Publication.objects.order_by("pk").values_list("schedule_id", "published_at")
        assert list(made) == [(first.pk, AT), (second.pk, AT)]

    @pytest.mark.parametrize("at", [NOW, NOW - timedelta(seconds=1), NOW + timedelta(milliseconds=900)])
    def test_this_very_second_is_past(self, house: House, at: datetime) -> None:
        with pytest.raises(Refused) as said:
            scheduled(house, at)
        assert said.value.codes() == ["publication.schedule.past"]

    @pytest.mark.parametrize(
        ("hour", "fold", "wanted"),
        [(1, 0, datetime(2026, 11, 1, 5, 30, tzinfo=UTC)), (1, 1, datetime(2026, 11, 1, 6, 30, tzinfo=UTC))],
    )
    def test_is_a_moment_and_no_hour_of_a_clock_that_is_put_back(
        self, house: House, hour: int, fold: int, wanted: datetime
    ) -> None:
        """The zone of whoever sets it may know summer time; what is kept is the one moment that was meant."""
        at = datetime(2026, 11, 1, hour, 30, fold=fold, tzinfo=ZoneInfo("America/New_York"))
        schedule = scheduled(house, at)
        schedule.refresh_from_db()
        assert schedule.due_at == wanted


class TestLinks:
    def test_of_what_is_sent_round_are_kept_from_the_start(self, house: House) -> None:
        body = ({"id": "a", "type": "paragraph", "value": "<p>见<a href='https://www.example.com/a'>有关文件</a></p>"},)
        item = house.draft(body=body)
        house.circulate(item)
        assert LinkUse.objects.get().link.url == "https://www.example.com/a"
