"""完成并长期坚持: due first, looked at regularly after that, over a whole year."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.domain.ledger import Light
from gongkai.features.workplans import selectors, services
from gongkai.features.workplans.models import Check, WorkItem
from gongkai.kernel.accounts.roles import Role
from tests.factories.world import NOW, World, moment
from tests.features.workplans.samples import PLAN


class TestStandingDuty:
    def test_turns_from_a_date_into_a_check_a_quarter(self, world: World) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        doer = world.actor(Role.DRAFTER, world.finance)
        checker = world.actor(Role.DISCLOSURE_OFFICE, world.justice)
        file = SimpleUploadedFile("a.txt", PLAN.encode())
        row = services.plan_upload(actor=office, upload=file, owner_id=world.office.pk, now=NOW)
        text = {"县数据和网信中心": {"decision": "text"}}
        row = services.import_resolve_units(actor=office, import_id=row.pk, revision=1, decisions=text, now=NOW)
        services.import_confirm(actor=office, import_id=row.pk, revision=2, now=NOW)
        item = WorkItem.objects.get(title="规范平台建设")

        def light(day: date) -> Light:
            return selectors.item_get(actor=office, item_id=item.pk, today=day).row.light

        def sweep(day: date) -> None:
            services.checks_sweep(now=moment(day))

        assert light(date(2026, 5, 1)) is Light.ON_TRACK
        assert light(date(2026, 6, 20)) is Light.NEAR
        june = date(2026, 6, 25)
        services.item_submit(actor=doer, item_id=item.pk, text="已完成栏目规范", now=moment(june))
        assert light(date(2026, 7, 2)) is Light.ON_TRACK  # handed in on time, waits for acceptance
        services.item_accept(actor=checker, item_id=item.pk, now=moment(date(2026, 7, 2)))
        assert light(date(2026, 7, 2)) is Light.STANDING

        sweep(date(2026, 7, 1))
        check = Check.objects.get(item=item)
        assert (check.label.partition("：")[0], check.due_on) == ("2026年第3季度", date(2026, 9, 30))
        assert light(date(2026, 8, 1)) is Light.STANDING
        assert light(date(2026, 9, 20)) is Light.NEAR
        services.item_report_progress(actor=doer, item_id=item.pk, text="三季度持续更新", now=moment(date(2026, 9, 20)))
        assert light(date(2026, 10, 1)) is Light.OVERDUE
        services.evidence_add(
            actor=doer, item_id=item.pk, title="更新记录", kind="url", url="https://www.example.gov.cn/",
            occurred_on=date(2026, 9, 25), now=moment(date(2026, 10, 1)),
        )  # fmt: skip
        assert Check.objects.get(pk=check.pk).state == "kept"
        assert light(date(2026, 10, 1)) is Light.STANDING
        sweep(date(2026, 10, 8))
        assert light(date(2027, 1, 5)) is Light.OVERDUE
        missed = Check.objects.get(item=item, state="open")
        services.check_record(
            actor=checker, check_id=missed.pk, kept=False, note="四季度未更新", now=moment(date(2027, 1, 5))
        )
        assert light(date(2027, 1, 5)) is Light.STANDING
