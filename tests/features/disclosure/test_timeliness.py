"""The clocks of publication, and the list of early and late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gongkai.domain.publishing import Standing
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.selectors.timeliness import BY_LAW, BY_LOCAL_RULE, Timeliness, timeliness
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.features.disclosure.services.timeliness import clocks_stop, timeliness_start
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.clocks.models import StoredClock
from tests.features.disclosure.released import NOW, TODAY, House

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")
ISSUED = TODAY - timedelta(days=1)  # a Sunday


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def longnan(settings: Any) -> None:
    settings.LAYER = "cn-360783"


def listed(house: House, today: Any = TODAY) -> Timeliness:
    since, until = TODAY - timedelta(days=60), TODAY + timedelta(days=60)
    return timeliness(actor=house.authority, unit_id=house.unit.pk, since=since, until=until, today=today)


class TestClocks:
    def test_run_from_the_day_of_issue_and_stop_at_publication(self, house: House, longnan: None) -> None:
        item = house.approved()
        clocks = {clock.rule: clock for clock in timeliness_start(actor=SYSTEM, item_id=item.pk, now=NOW)}
        assert set(clocks) == {BY_LAW, BY_LOCAL_RULE}
        assert {clock.state for clock in clocks.values()} == {"running"}
        assert clocks[BY_LOCAL_RULE].due_on < clocks[BY_LAW].due_on
        publication_make(actor=house.office, item_id=item.pk, now=NOW)
        assert set(StoredClock.objects.values_list("state", flat=True)) == {"stopped"}

    def test_start_once_and_follow_a_corrected_day(self, house: House) -> None:
        item = house.approved()
        (first,) = timeliness_start(actor=SYSTEM, item_id=item.pk, now=NOW)
        (same,) = timeliness_start(actor=SYSTEM, item_id=item.pk, now=NOW)
        assert (same.pk, same.due_on) == (first.pk, first.due_on)
        Item.objects.filter(pk=item.pk).update(issued_on=TODAY - timedelta(days=10))
        (moved,) = timeliness_start(actor=SYSTEM, item_id=item.pk, now=NOW)
        assert moved.pk == first.pk
        assert moved.due_on < first.due_on

    def test_do_not_run_without_a_day_or_for_what_is_withheld(self, house: House) -> None:
        undated = house.draft(written_on=None, issued_on=None)
        withheld = house.draft(attribute="withheld")
        for item in (undated, withheld):
            assert timeliness_start(actor=SYSTEM, item_id=item.pk, now=NOW) == []

    def test_do_not_hold_up_a_publication_before_the_day_of_issue(self, house: House) -> None:
        item = house.published().item
        Item.objects.filter(pk=item.pk).update(issued_on=TODAY + timedelta(days=5))
        StoredClock.objects.all().delete()
        clocks_stop(actor=SYSTEM, items=[item], published_at=NOW, now=NOW)
        (row,) = listed(house).rows
        assert row.before_issue


class TestList:
    def test_tells_early_late_and_waiting(self, house: House, longnan: None) -> None:
        early = house.published()
        late = house.approved(issued_on=TODAY - timedelta(days=20), written_on=TODAY - timedelta(days=20))
        publication_make(actor=house.office, item_id=late.pk, now=NOW)
        waiting = house.draft()
        found = {row.item.pk: row for row in listed(house).rows}
        assert found[early.item_id].punctuality.standing is Standing.IN_TIME
        assert found[early.item_id].days <= 0
        assert found[late.pk].punctuality.standing is Standing.LATE_LOCAL
        assert found[late.pk].days > 0
        assert found[waiting.pk].punctuality.standing is Standing.WAITING
        counts = listed(house).counts
        assert (counts.total, counts.in_time, counts.late_local, counts.waiting) == (3, 1, 1, 1)

    def test_waiting_one_becomes_overdue_by_law(self, house: House) -> None:
        house.draft()
        (row,) = listed(house, today=TODAY + timedelta(days=50)).rows
        assert (row.light, row.punctuality.standing) == ("red", Standing.OVERDUE)
        assert row.local_due_on is None, "no local rule in this layer"

    def test_shows_nobody_more_units_than_his_own(self, house: House) -> None:
        house.draft()
        stranger = house.actor(Role.DISCLOSURE_OFFICE, house.world.east)
        found = timeliness(actor=stranger, since=TODAY - timedelta(days=60), until=TODAY, today=TODAY)
        assert found.rows == ()
