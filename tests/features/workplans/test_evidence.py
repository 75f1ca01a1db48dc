"""Evidence and recurring checks: what counts, what is opened when, what the platform finds by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.features.workplans import metrics, selectors, services
from gongkai.features.workplans.metrics import Harvested, HarvestQuery
from gongkai.features.workplans.models import Check, Duty, Evidence, WorkItem
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.permissions import can_read
from gongkai.kernel.files.services import file_store
from gongkai.kernel.links.models import Link
from tests.factories.world import NOW, SYSTEM, TODAY, World, moment

URL = {"kind": "url", "url": "https://www.example.gov.cn/a.html"}


@pytest.fixture
def clerk(world: World) -> Actor:
    return world.actor(Role.DRAFTER, world.finance)


@pytest.fixture
def item(world: World) -> WorkItem:
    return world.item(world.plan(), lead=world.justice, responsible=world.finance)


def duty(item: WorkItem, **more: object) -> Duty:
    fields = {"kind": "periodic", "period": "month", "times": 2, "starts_on": TODAY, **more}
    return services.duty_add(actor=SYSTEM, item_id=item.pk, now=NOW, **fields)  # type: ignore[arg-type]


class TestAdd:
    def test_file_is_stored_for_those_who_see_the_item(self, world: World, clerk: Actor, item: WorkItem) -> None:
        upload = SimpleUploadedFile("会议照片.txt", "照片".encode())
        evidence = services.evidence_add(
            actor=clerk, item_id=item.pk, title="照片", kind="file", upload=upload, occurred_on=TODAY, now=NOW
        )
        assert evidence.file is not None
        assert evidence.ref == f"files.file:{evidence.file_id}"
        assert can_read(clerk, evidence.file) is True
        assert can_read(world.actor(Role.DRAFTER, world.education), evidence.file) is False

    def test_object_of_the_platform_is_linked_both_ways(self, clerk: Actor, item: WorkItem) -> None:
        file = file_store(actor=clerk, upload=b"x", name="a.txt", now=NOW)
        services.evidence_add(
            actor=clerk,
            item_id=item.pk,
            title="公开件",
            kind="link",
            ref=f"files.file:{file.pk}",
            occurred_on=TODAY,
            now=NOW,
        )
        link = Link.objects.get()
        assert (link.source_type, link.target_id, link.relation) == ("workplans.item", str(file.pk), "evidence")
        with pytest.raises(Refused) as refusal:
            services.evidence_add(
                actor=clerk,
                item_id=item.pk,
                title="又",
                kind="link",
                ref=f"files.file:{file.pk}",
                occurred_on=TODAY,
                now=NOW,
            )
        assert refusal.value.codes() == ["workplans.evidence.already"]

    @pytest.mark.parametrize(
        ("arguments", "codes"),
        [
            ({"kind": "file"}, ["workplans.evidence.no_file"]),
            ({"kind": "url", "url": "ftp://x"}, ["workplans.evidence.bad_url"]),
            ({"kind": "url", "url": "javascript:alert(1)"}, ["workplans.evidence.bad_url"]),
            ({"kind": "link", "ref": "nothing"}, ["workplans.evidence.bad_ref"]),
            ({"kind": "song", "title": " "}, ["workplans.evidence.no_title", "workplans.evidence.kind"]),
            (
                {**URL, "occurred_on": date(2026, 3, 3), "check_id": 999_999},
                ["workplans.day.future", "workplans.evidence.check_elsewhere"],
            ),
        ],
    )
    def test_what_is_wrong_is_told_at_once(
        self, clerk: Actor, item: WorkItem, arguments: dict[str, object], codes: list[str]
    ) -> None:
        fields = {"title": "佐证", "occurred_on": TODAY, **arguments}
        with pytest.raises(Refused) as refusal:
            services.evidence_add(actor=clerk, item_id=item.pk, now=NOW, **fields)  # type: ignore[arg-type]
        assert refusal.value.codes() == codes
        assert Evidence.objects.count() == 0

    def test_unit_without_part_in_it_may_not(self, world: World, item: WorkItem) -> None:
        with pytest.raises(NotPermitted):
            services.evidence_add(
                actor=world.actor(Role.DRAFTER, world.education),
                item_id=item.pk,
                title="x",
                occurred_on=TODAY,
                now=NOW,
                **URL,
            )


class TestRemove:
    def test_stays_on_record_and_counts_no_more(self, clerk: Actor, item: WorkItem) -> None:
        evidence = services.evidence_add(actor=clerk, item_id=item.pk, title="x", occurred_on=TODAY, now=NOW, **URL)
        with pytest.raises(Refused) as refusal:
            services.evidence_remove(actor=clerk, evidence_id=evidence.pk, reason="", now=NOW)
        assert refusal.value.codes() == ["ledger.reason.missing"]
        services.evidence_remove(actor=clerk, evidence_id=evidence.pk, reason="传错了", now=NOW)
        (row,) = selectors.item_get(actor=clerk, item_id=item.pk, today=TODAY).evidence
        assert row.removed_reason == "传错了"
        assert selectors.item_list(actor=clerk, today=TODAY).rows[0].evidence_count == 0
        with pytest.raises(Refused) as refusal:
            services.evidence_remove(actor=clerk, evidence_id=evidence.pk, reason="再", now=NOW)
        assert refusal.value.codes() == ["workplans.evidence.removed_already"]

    def test_colleague_who_did_not_add_it_may_not(self, world: World, clerk: Actor, item: WorkItem) -> None:
        evidence = services.evidence_add(actor=clerk, item_id=item.pk, title="x", occurred_on=TODAY, now=NOW, **URL)
        with pytest.raises(NotPermitted):
            services.evidence_remove(
                actor=world.actor(Role.DRAFTER, world.finance), evidence_id=evidence.pk, reason="x", now=NOW
            )


class TestChecks:
    def test_enough_evidence_keeps_a_check_and_its_removal_opens_it_again(self, clerk: Actor, item: WorkItem) -> None:
        duty(item)
        first = services.evidence_add(actor=clerk, item_id=item.pk, title="一", occurred_on=TODAY, now=NOW, **URL)
        (row,) = selectors.item_get(actor=clerk, item_id=item.pk, today=TODAY).checks
        assert (row.required, row.counted, row.missing, row.state) == (2, 1, 1, "open")
        services.evidence_add(actor=clerk, item_id=item.pk, title="二", occurred_on=TODAY, now=NOW, **URL)
        item.refresh_from_db()
        assert (Check.objects.get(item=item).state, item.attention_on) == ("kept", None)
        services.evidence_remove(actor=clerk, evidence_id=first.pk, reason="重复", now=NOW)
        item.refresh_from_db()
        assert (Check.objects.get(item=item).state, item.attention_on) == ("open", date(2026, 3, 31))

    def test_evidence_of_another_period_does_not_count(self, clerk: Actor, item: WorkItem) -> None:
        duty(item, times=1)
        services.evidence_add(
            actor=clerk, item_id=item.pk, title="二月的", occurred_on=date(2026, 2, 27), now=NOW, **URL
        )
        assert Check.objects.get(item=item).state == "open"

    def test_with_two_duties_evidence_has_to_say_for_which(self, clerk: Actor, item: WorkItem) -> None:
        duty(item, times=1)
        yearly = duty(item, period="year", times=1)
        services.evidence_add(actor=clerk, item_id=item.pk, title="不明", occurred_on=TODAY, now=NOW, **URL)
        assert Check.objects.filter(item=item, state="open").count() == 2
        check = Check.objects.get(duty=yearly)
        services.evidence_add(
            actor=clerk, item_id=item.pk, title="汇报", occurred_on=TODAY, check_id=check.pk, now=NOW, **URL
        )
        assert list(Check.objects.filter(item=item, state="open").values_list("duty__period", flat=True)) == ["month"]

    def test_sweep_opens_each_period_once_however_late_or_often_it_comes(self, item: WorkItem) -> None:
        duty(item)
        late = moment(date(2026, 7, 10))
        assert services.checks_sweep(now=late) == 4
        assert services.checks_sweep(now=late) == 0
        labels = list(Check.objects.filter(item=item).order_by("due_on").values_list("label", flat=True))
        assert [label.partition("：")[0] for label in labels] == [f"2026年{month}月" for month in range(3, 8)]

    def test_ended_duty_and_ended_item_open_nothing_more(self, world: World, item: WorkItem) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        row = duty(item)
        services.duty_end(actor=office, duty_id=row.pk, ends_on=date(2026, 3, 31), now=NOW)
        assert services.checks_sweep(now=moment(date(2026, 5, 1))) == 0
        other = world.item(world.plan(), responsible=world.finance)
        duty(other)
        services.item_cancel(actor=office, item_id=other.pk, reason="取消", now=NOW)
        assert services.checks_sweep(now=moment(date(2026, 5, 1))) == 0

    def test_check_without_evidence_is_kept_by_a_checker_with_a_note(
        self, world: World, clerk: Actor, item: WorkItem
    ) -> None:
        duty(item)
        check = Check.objects.get(item=item)
        with pytest.raises(Refused) as refusal:
            services.check_record(actor=clerk, check_id=check.pk, kept=True, now=NOW)
        assert refusal.value.codes() == ["workplans.check.note_missing", "workplans.check.short"]
        checker = world.actor(Role.DISCLOSURE_OFFICE, world.justice)
        done = services.check_record(actor=checker, check_id=check.pk, kept=True, note="现场查看", now=NOW)
        assert (done.state, done.counted) == ("kept", 0)
        with pytest.raises(Refused) as refusal:
            services.check_record(actor=checker, check_id=check.pk, kept=False, note="改", now=NOW)
        assert refusal.value.codes() == ["workplans.check.recorded"]

    def test_missed_check_needs_a_reason_and_stays_visible(self, world: World, clerk: Actor, item: WorkItem) -> None:
        duty(item)
        check = Check.objects.get(item=item)
        with pytest.raises(Refused):
            services.check_record(actor=clerk, check_id=check.pk, kept=False, now=NOW)
        services.check_record(actor=clerk, check_id=check.pk, kept=False, note="本月未开展", now=NOW)
        (row,) = selectors.item_get(actor=clerk, item_id=item.pk, today=TODAY).checks
        assert (row.state_name, row.light) == ("未落实", "overdue")

    @pytest.mark.parametrize(
        ("fields", "codes"),
        [
            ({"kind": "odd", "period": "day", "times": 0}, ["workplans.duty.kind", "workplans.duty.period", "workplans.duty.times"]),
            ({"ends_on": date(2026, 1, 1)}, ["workplans.duty.ends_before_start"]),
            ({"harvester": "nobody"}, ["workplans.duty.harvester"]),
        ],
    )  # fmt: skip
    def test_impossible_duty_is_refused(self, item: WorkItem, fields: dict[str, object], codes: list[str]) -> None:
        with pytest.raises(Refused) as refusal:
            duty(item, **fields)
        assert refusal.value.codes() == codes


class TestHarvest:
    def test_progress_reported_counts_itself_once(self, clerk: Actor, item: WorkItem) -> None:
        duty(item, times=1, harvester="workplans.progress")
        services.item_report_progress(actor=clerk, item_id=item.pk, text="三月活动已开展", now=NOW)
        assert services.evidence_harvest(now=NOW) == 1
        assert services.evidence_harvest(now=NOW) == 0
        evidence = Evidence.objects.get(item=item)
        assert (evidence.title, evidence.harvester, evidence.added_by) == ("三月活动已开展", "workplans.progress", None)
        assert Check.objects.get(item=item).state == "kept"

    def test_what_a_person_took_off_does_not_come_back(self, world: World, clerk: Actor, item: WorkItem) -> None:
        duty(item, times=2, harvester="workplans.progress")
        services.item_report_progress(actor=clerk, item_id=item.pk, text="误报", now=NOW)
        services.evidence_harvest(now=NOW)
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        services.evidence_remove(actor=office, evidence_id=Evidence.objects.get().pk, reason="误报", now=NOW)
        assert services.evidence_harvest(now=NOW) == 0

    def test_other_features_plug_in_by_registering(
        self, world: World, item: WorkItem, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(metrics, "_harvesters", dict(metrics._harvesters))
        asked: list[HarvestQuery] = []

        def publications(query: HarvestQuery) -> list[Harvested]:
            asked.append(query)
            return [Harvested(f"disclosure.item:{n}", f"公开信息{n}", TODAY - timedelta(days=n)) for n in range(2)]

        metrics.register_harvester("disclosure.publications", "主动公开的信息", publications)
        duty(item, times=2, harvester="disclosure.publications")
        assert services.evidence_harvest(now=NOW) == 2
        assert asked[0].unit_ids == {world.finance.pk}
        assert (asked[0].from_on, asked[0].to_on) == (date(2026, 3, 1), TODAY)
        with pytest.raises(ValueError):
            metrics.register_harvester("disclosure.publications", "另一个", publications)
        assert ("disclosure.publications", "主动公开的信息") in metrics.harvester_choices()
