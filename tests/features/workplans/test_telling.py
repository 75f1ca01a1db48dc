"""Who hears of what: each step to those it concerns, never to whoever took it, never twice; files and references."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.features.workplans import selectors, services, web
from gongkai.features.workplans.models import Evidence, LedgerEntry, WorkItem
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.links.references import resolver_of
from gongkai.kernel.notices.models import Notice
from tests.factories.world import NOW, TODAY, World
from tests.features.workplans.samples import PLAN


class Scene:
    """An item led by 司法局 and done by 财政局, with the people on both sides."""

    def __init__(self, world: World) -> None:
        self.doer = world.person(Role.DRAFTER, world.finance, "经办")
        self.colleague = world.person(Role.DISCLOSURE_OFFICE, world.finance, "同事")
        self.leader = world.person(Role.UNIT_LEADER, world.finance, "局长")
        self.checker = world.person(Role.DISCLOSURE_OFFICE, world.justice, "验收人")
        self.office = world.person(Role.DISCLOSURE_OFFICE, world.office, "政府办")
        self.item: WorkItem = world.item(world.plan(), lead=world.justice, responsible=world.finance)

    def do(self, step: object, user: User, **arguments: object) -> set[str]:
        """Take the step and return the names of those told about it."""
        Notice.objects.all().delete()
        actor = actor_get(user=user, today=TODAY)
        step(actor=actor, item_id=self.item.pk, now=NOW, **arguments)  # type: ignore[operator]
        run_jobs()
        return set(Notice.objects.values_list("recipient__display_name", flat=True))


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


class TestTelling:
    def test_each_step_is_told_to_those_it_concerns(self, scene: Scene) -> None:
        assert scene.do(services.item_start, scene.doer) == set()
        assert scene.do(services.item_report_progress, scene.doer, text="一半") == set()
        assert scene.do(services.item_submit, scene.doer, text="完成") == {"验收人"}
        assert scene.do(services.item_return, scene.checker, reason="缺材料") == {"经办", "同事", "局长"}
        assert scene.do(services.item_submit, scene.colleague, text="补齐") == {"验收人"}
        assert scene.do(services.item_accept, scene.checker) == {"经办", "同事"}
        assert scene.do(services.item_close, scene.checker, reason="无需佐证") == {"经办", "同事"}
        assert scene.do(services.item_reopen, scene.office, reason="复查") == {"经办", "同事", "局长"}
        assert scene.do(services.item_cancel, scene.office, reason="并入") == {"经办", "同事", "局长"}

    def test_returned_submission_says_why_and_leads_to_the_item(self, scene: Scene) -> None:
        scene.do(services.item_submit, scene.doer, text="完成")
        scene.do(services.item_return, scene.checker, reason="缺材料")
        notice = Notice.objects.get(recipient=scene.doer)
        assert "缺材料" in notice.body
        assert (notice.url, notice.level) == (f"/admin/workplans/items/{scene.item.pk}/", "warning")

    def test_telling_again_tells_nobody_twice(self, scene: Scene) -> None:
        scene.do(services.item_submit, scene.doer, text="完成")
        entry = LedgerEntry.objects.get(verb="submit")
        again = services.tell_item_moved(
            item_id=scene.item.pk, verb="submit", entry_id=entry.pk, actor_id=scene.doer.pk, now=NOW
        )
        assert again == 0

    @pytest.mark.parametrize(("after", "mailed"), [(timedelta(hours=1), True), (timedelta(days=4), False)])
    def test_what_a_worker_tells_days_later_is_not_mailed(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch, after: timedelta, mailed: bool
    ) -> None:
        User.objects.update(email="someone@example.cn")
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + after)
        assert scene.do(services.item_submit, scene.doer, text="完成") == {"验收人"}
        assert set(Notice.objects.values_list("email_wanted", flat=True)) == {mailed}

    def test_without_lead_unit_the_owner_s_office_is_asked_to_check(self, world: World, scene: Scene) -> None:
        scene.item = world.item(world.plan(), responsible=world.finance)
        assert scene.do(services.item_submit, scene.doer, text="完成") == {"政府办"}

    def test_what_is_gone_is_told_to_nobody(self, world: World) -> None:
        assert services.tell_item_moved(item_id=9, verb="submit", entry_id=9, actor_id=None, now=NOW) == 0
        assert services.tell_plan_confirmed(plan_id=9, now=NOW) == 0
        assert services.tell_supervision_issued(notice_id=9, now=NOW) == 0
        assert services.tell_supervision_answered(notice_id=9, now=NOW) == 0


class TestFilesAndReferences:
    def test_item_is_shown_to_those_who_see_it(self, world: World, scene: Scene) -> None:
        resolver = resolver_of("workplans.item")
        assert resolver is web.show_items
        ids = [str(scene.item.pk), "x", "999999"]
        shown = resolver(actor_get(user=scene.doer, today=TODAY), ids)
        assert {key: value.url for key, value in shown.items()} == {
            str(scene.item.pk): f"/admin/workplans/items/{scene.item.pk}/"
        }
        assert resolver(world.actor(Role.DRAFTER, world.education), ids) == {}

    def test_uploaded_plan_is_read_by_its_keepers_then_by_those_it_concerns(self, world: World) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        clerk = world.actor(Role.DRAFTER, world.finance)
        stranger = world.actor(Role.DRAFTER, world.village)
        file = SimpleUploadedFile("a.txt", PLAN.encode())
        row = services.plan_upload(actor=office, upload=file, owner_id=world.office.pk, now=NOW)
        row.file.refresh_from_db()
        assert web.may_read_import_file(office, row.file) is True
        assert web.may_read_import_file(clerk, row.file) is False
        text = {"县数据和网信中心": {"decision": "text"}}
        row = services.import_resolve_units(actor=office, import_id=row.pk, revision=1, decisions=text, now=NOW)
        services.import_confirm(actor=office, import_id=row.pk, revision=2, now=NOW)
        assert web.may_read_import_file(clerk, row.file) is True
        assert web.may_read_import_file(stranger, row.file) is False

    def test_only_those_who_work_on_it_or_check_it_link_to_an_item(self, world: World, scene: Scene) -> None:
        item_id = str(scene.item.pk)
        assert web.may_link_item(actor_get(user=scene.doer, today=TODAY), item_id) is True
        assert web.may_link_item(actor_get(user=scene.checker, today=TODAY), item_id) is True
        assert web.may_link_item(actor_get(user=scene.leader, today=TODAY), item_id) is False
        assert web.may_link_item(actor_get(user=scene.doer, today=TODAY), "x") is False
        assert Evidence.objects.count() == 0


class TestDetail:
    def test_shows_what_this_actor_may_do_now(self, world: World, scene: Scene) -> None:
        def verbs(user: User) -> list[str]:
            actor = actor_get(user=user, today=TODAY)
            return [v.value for v in selectors.item_get(actor=actor, item_id=scene.item.pk, today=TODAY).verbs]

        assert verbs(scene.doer) == ["start", "report", "submit"]
        assert verbs(scene.leader) == []
        scene.do(services.item_submit, scene.doer, text="完成")
        assert verbs(scene.checker) == ["accept", "return"]
        assert verbs(scene.office) == ["accept", "return", "cancel", "change_due"]

    def test_archived_plan_offers_nothing(self, world: World, scene: Scene) -> None:
        office = actor_get(user=scene.office, today=TODAY)
        services.plan_archive(actor=office, plan_id=scene.item.plan_id, reason="年度结束", now=NOW)
        detail = selectors.item_get(actor=office, item_id=scene.item.pk, today=TODAY)
        assert (detail.verbs, detail.can_add_evidence, detail.can_issue_notice) == ((), False, False)
