"""Bundles: every member at one moment, or none and every reason of every one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from gongkai.features.disclosure.models import Bundle, BundleMember, GateRun, Item, Publication, Schedule
from gongkai.features.disclosure.selectors.publications import is_public
from gongkai.features.disclosure.selectors.releases import bundle_get, bundle_list, release_get
from gongkai.features.disclosure.services import due, publishing
from gongkai.features.disclosure.services.bundles import (
    bundle_add,
    bundle_create,
    bundle_dissolve,
    bundle_publish,
    bundle_remove,
    bundle_schedule,
)
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.features.disclosure.services.schedules import schedule_cancel, schedule_set
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.errors import NotPermitted, Refused
from tests.features.disclosure.released import NOW, House, fresh

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


def together(house: House, *items: Item, title: str = "文件、解读和办事") -> Bundle:
    bundle = bundle_create(actor=house.office, unit_id=house.unit.pk, title=title, now=NOW)
    for item in items:
        bundle_add(actor=house.office, bundle_id=bundle.pk, item_id=item.pk, now=NOW)
    return bundle


class TestAssembling:
    def test_interpretation_belongs_to_its_document(self, house: House) -> None:
        document, reading = house.approved(), house.approved()
        bundle = together(house)
        bundle_add(actor=house.office, bundle_id=bundle.pk, item_id=document.pk, role="document", now=NOW)
        member = bundle_add(
            actor=house.office,
            bundle_id=bundle.pk,
            item_id=reading.pk,
            role="interpretation",
            needs_item_id=document.pk,
            now=NOW,
        )
        assert member.needs.item_id == document.pk
        with pytest.raises(Refused, match="请先移出它"):
            bundle_remove(actor=house.office, bundle_id=bundle.pk, item_id=document.pk, now=NOW)
        bundle_remove(actor=house.office, bundle_id=bundle.pk, item_id=reading.pk, now=NOW)
        bundle_remove(actor=house.office, bundle_id=bundle.pk, item_id=document.pk, now=NOW)
        assert not BundleMember.objects.exists()

    def test_item_is_in_one_open_bundle_at_most(self, house: House) -> None:
        item = house.approved()
        together(house, item, title="甲")
        with pytest.raises(Refused, match="已经在组合“甲”里"):
            together(house, item, title="乙")

    def test_reasons_are_told_together(self, house: House) -> None:
        item = house.approved()
        schedule_set(actor=house.office, item_id=item.pk, publish_at=AT, now=NOW)
        bundle = together(house)
        with pytest.raises(Refused) as said:
            bundle_add(actor=house.office, bundle_id=bundle.pk, item_id=item.pk, needs_item_id=item.pk, now=NOW)
        assert said.value.codes() == ["publication.bundle.item_scheduled", "publication.bundle.needs_itself"]

    def test_name_is_needed_and_others_may_not(self, house: House) -> None:
        with pytest.raises(Refused, match="组合名称"):
            together(house, title=" ")
        with pytest.raises(NotPermitted):
            bundle_create(actor=house.drafter, unit_id=house.unit.pk, title="组合", now=NOW)
        bundle = together(house)
        stranger = house.actor(Role.DISCLOSURE_OFFICE, house.world.east)
        with pytest.raises(Refused) as said:
            bundle_publish(actor=stranger, bundle_id=bundle.pk, now=NOW)
        assert said.value.codes() == ["publication.bundle.not_found"]


class TestPublishing:
    def test_all_go_out_at_one_moment(self, house: House) -> None:
        items = [house.approved() for _ in range(3)]
        bundle = bundle_publish(actor=house.office, bundle_id=together(house, *items).pk, now=NOW)
        rows = Publication.objects.filter(bundle=bundle)
        assert {row.item_id for row in rows} == {item.pk for item in items}
        assert {row.published_at for row in rows} == {NOW}
        assert (bundle.state, bundle.published_at) == ("published", NOW)

    def test_one_that_may_not_go_out_holds_all_back_and_all_reasons_are_told(self, house: House) -> None:
        good, draft, withheld = house.approved(), house.draft(), house.approved(attribute="withheld")
        bundle = together(house, good, draft, withheld)
        with pytest.raises(Refused) as said:
            bundle_publish(actor=house.office, bundle_id=bundle.pk, now=NOW)
        told = {(issue.values["item"], issue.code) for issue in said.value.issues}
        assert (draft.title, "publication.approval.missing") in told
        assert (withheld.title, "publication.attribute.not_proactive") in told
        assert good.title not in {title for title, _ in told}
        assert not Publication.objects.exists()
        assert GateRun.objects.count() == 3, "what the gate found stays on file"

    def test_what_the_database_refuses_holds_all_back(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        items = [house.approved() for _ in range(3)]
        real = publishing.published_files
        monkeypatch.setattr(
            publishing,
            "published_files",
            lambda content: ["0" * 64] if content["title"] == items[2].title else real(content),
        )
        with pytest.raises(Refused, match="数据库拒绝了"):
            bundle_publish(actor=house.office, bundle_id=together(house, *items).pk, now=NOW)
        assert not Publication.objects.exists()
        assert {fresh(item).state for item in items} == {"approved"}

    def test_member_does_not_go_out_alone(self, house: House) -> None:
        item = house.approved()
        together(house, item)
        with pytest.raises(Refused, match="须与组合中的其他信息同时发布"):
            publication_make(actor=house.office, item_id=item.pk, now=NOW)
        with pytest.raises(Refused, match="须与组合中的其他信息同时发布"):
            schedule_set(actor=house.office, item_id=item.pk, publish_at=AT, now=NOW)

    def test_empty_one_is_refused_and_a_closed_one_stays_closed(self, house: House) -> None:
        empty = together(house)
        with pytest.raises(Refused, match="还没有信息"):
            bundle_publish(actor=house.office, bundle_id=empty.pk, now=NOW)
        bundle = bundle_publish(actor=house.office, bundle_id=together(house, house.approved()).pk, now=NOW)
        with pytest.raises(Refused, match="已经已发布|不能再变动"):
            bundle_publish(actor=house.office, bundle_id=bundle.pk, now=NOW)


class TestScheduling:
    def test_all_go_out_at_the_moment(self, house: House) -> None:
        items = [house.approved() for _ in range(2)]
        bundle = together(house, *items)
        schedule = bundle_schedule(actor=house.office, bundle_id=bundle.pk, publish_at=AT, now=NOW)
        assert {fresh(item).state for item in items} == {"scheduled"}
        assert release_get(actor=house.office, item_id=items[0].pk, now=NOW).publish_schedule == schedule
        due.schedules_run(actor=SYSTEM, now=AT - timedelta(seconds=3), ahead=due.AHEAD)
        ids = [item.pk for item in items]
        assert is_public(item_ids=ids, at=AT - timedelta(microseconds=1)) == frozenset()
        assert is_public(item_ids=ids, at=AT) == frozenset(ids)

    def test_edit_of_one_makes_all_wait_and_is_told(self, house: House) -> None:
        items = [house.approved() for _ in range(2)]
        bundle = together(house, *items)
        bundle_schedule(actor=house.office, bundle_id=bundle.pk, publish_at=AT, now=NOW)
        Item.objects.filter(pk=items[0].pk).update(state="approved")
        house.edit(items[0])
        report = due.schedules_run(actor=SYSTEM, now=AT)
        assert len(report.failed) == 1
        assert not Publication.objects.exists()
        assert fresh(items[1]).state == "approved"
        assert Bundle.objects.get().state == "assembling"
        assert any(items[0].title in reason for reason in Schedule.objects.get().reasons)

    def test_called_off_and_dissolved(self, house: House) -> None:
        item = house.approved()
        bundle = together(house, item)
        schedule = bundle_schedule(actor=house.office, bundle_id=bundle.pk, publish_at=AT, now=NOW)
        with pytest.raises(Refused, match="请先取消定时"):
            bundle_remove(actor=house.office, bundle_id=bundle.pk, item_id=item.pk, now=NOW)
        schedule_cancel(actor=house.office, schedule_id=schedule.pk, now=NOW)
        assert fresh(item).state == "approved"
        bundle_schedule(actor=house.office, bundle_id=bundle.pk, publish_at=AT, now=NOW)
        bundle_dissolve(actor=house.office, bundle_id=bundle.pk, now=NOW)
        assert due.schedules_run(actor=SYSTEM, now=AT) == due.SweepReport()
        assert publication_make(actor=house.office, item_id=item.pk, now=AT).bundle_id is None


class TestSeeing:
    def test_blockers_of_each_member(self, house: House) -> None:
        good, draft = house.approved(), house.draft()
        bundle = together(house, good, draft)
        found = bundle_get(actor=house.office, bundle_id=bundle.pk)
        assert [issue.code for issue in found.blockers[good.pk]] == ["publication.gate.missing"]
        assert "publication.approval.missing" in [issue.code for issue in found.blockers[draft.pk]]
        assert found.may_manage
        assert bundle_list(actor=house.office) == [bundle]

    def test_limited_member_is_not_named_to_whoever_may_not_see_it(self, house: House) -> None:
        item = house.approved()
        bundle = together(house, item)
        Item.objects.filter(pk=item.pk).update(access_limited=True)
        found = bundle_get(actor=house.authority, bundle_id=bundle.pk)
        assert (found.members, found.hidden) == ((), 1)
        assert bundle_list(actor=house.authority)[0].shown_members == []
