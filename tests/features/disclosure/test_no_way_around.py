"""Nobody publishes around approval and gate: every path we could think of is tried, and leaves nothing public."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import (
    Bundle,
    GateRun,
    Item,
    Publication,
    Revision,
    Schedule,
)
from gongkai.features.disclosure.selectors.public_items import PublicFilters, public_item_get, public_item_list
from gongkai.features.disclosure.services import bundles, due, gate, publishing, schedules
from gongkai.features.disclosure.services.circulation import item_recall
from gongkai.features.disclosure.services.publishing import Ready, published_files
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals.models import Approval, ApprovalState, ApprovalStep, Seat, Signature
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import Refused
from tests.features.disclosure.released import NOW, House, answers, fresh, superuser

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
FAR = NOW + timedelta(days=4000)
SYSTEM = Actor.system("后台任务")


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture(autouse=True)
def ends_with_nothing_public(house: House) -> Iterator[None]:
    """Whatever a test has tried: nothing is public afterwards, neither now nor at any later moment."""
    yield
    connection.check_constraints()
    for item in Item.objects.all():
        for at in (NOW, LATER, FAR):
            assert public_item_get(uid=item.uid, at=at) is None
    assert public_item_list(filters=PublicFilters(), at=FAR).total == 0
    assert not Publication.objects.exists()


def refused(act: Callable[[], Any], *wanted: str) -> Refused:
    with pytest.raises(Refused) as said:
        act()
    assert set(wanted) <= set(said.value.codes()), said.value
    return said.value


def publish(house: House, item: Item, actor: Actor | None = None) -> Callable[[], Any]:
    return lambda: publishing.publication_make(actor=actor or house.office, item_id=item.pk, now=NOW)


def fields(item: Item, **more: Any) -> dict[str, Any]:
    """A row of publication as the service would write it."""
    item = fresh(item)
    assert item.head is not None
    content = item.head.content
    rounds = Approval.objects.filter(target_id=str(item.pk)).order_by("-round")
    given: dict[str, Any] = {
        "item": item,
        "number": 1,
        "kind": "first",
        "revision": item.head,
        "digest": item.head.digest,
        "approval": rounds.first() or Approval.objects.order_by("pk").first(),
        "gate_run": GateRun.objects.filter(item=item).order_by("-pk").first() or GateRun.objects.order_by("pk").first(),
        "unit": item.unit,
        "unit_name": item.unit.name,
        "title": content["title"],
        "item_kind": content["kind"],
        "doc_no": content["doc_no"],
        "columns": content["columns"],
        "files": published_files(content),
        "published_at": NOW,
        "recorded_at": NOW,
    }
    return {**given, **more}


def rejected(item: Item, rule: str, **more: Any) -> None:
    """The database itself refuses the row, by this rule; by the manager, by save and by bulk_create."""
    row = fields(item, **more)
    for write in (
        lambda: Publication.objects.create(**row),
        lambda: Publication(**row).save(force_insert=True),
        lambda: Publication.objects.bulk_create([Publication(**row)]),
    ):
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            write()
        assert error.value.__cause__.diag.constraint_name == rule, error.value


def passed_run(item: Item) -> GateRun:
    return gate.gate_run(actor=SYSTEM, item_id=item.pk, now=NOW)


class TestPeople:
    def test_superuser_without_a_post_may_not(self, house: House) -> None:
        item = house.approved()
        refused(publish(house, item, superuser()), "permission.denied")

    def test_job_may_not(self, house: House) -> None:
        item = house.approved()
        refused(publish(house, item, SYSTEM), "publication.nobody")

    @pytest.mark.parametrize("role", [role for role in Role if "office" not in role.value])
    def test_no_other_role_of_the_unit_may(self, house: House, role: Role) -> None:
        item = house.approved()
        refused(publish(house, item, house.actor(role)), "permission.denied")

    def test_office_of_another_unit_may_not(self, house: House) -> None:
        item = house.approved()
        refused(
            publish(house, item, house.actor(Role.DISCLOSURE_OFFICE, house.world.east)), "disclosure.item.not_found"
        )

    def test_visitor_may_not(self, house: House) -> None:
        refused(publish(house, house.approved(), Actor.anonymous()), "disclosure.item.not_found")


class TestServices:
    def test_draft_is_refused_with_every_reason(self, house: House) -> None:
        item = house.draft()
        refused(publish(house, item), "publication.state.not_approved", "publication.approval.missing")

    def test_item_with_one_signature_missing_is_refused(self, house: House) -> None:
        item = house.draft()
        house.sign_all(house.circulate(item), but=1)
        refused(publish(house, item), "publication.state.not_approved", "publication.approval.open")

    def test_approved_then_edited_is_refused(self, house: House) -> None:
        item = house.approved()
        house.edit(item)
        refused(publish(house, item), "publication.approval.other_content", "publication.state.not_approved")

    def test_approved_then_recalled_is_refused(self, house: House) -> None:
        item = house.approved()
        item_recall(actor=house.drafter, item_id=item.pk, reason="有误", now=NOW)
        refused(publish(house, item), "publication.approval.ended")

    @pytest.mark.parametrize("attribute", ["withheld", "on_application"])
    def test_what_is_not_proactive_is_refused_though_signed(self, house: House, attribute: str) -> None:
        item = house.approved(attribute=attribute)
        assert item.state == "on_file"
        refused(publish(house, item), "publication.attribute.not_proactive", "publication.state.not_approved")
        refused(
            lambda: schedules.schedule_set(actor=house.office, item_id=item.pk, publish_at=LATER, now=NOW),
            "publication.attribute.not_proactive",
        )

    def test_schedule_of_a_draft_is_refused(self, house: House) -> None:
        item = house.draft()
        refused(
            lambda: schedules.schedule_set(actor=house.office, item_id=item.pk, publish_at=LATER, now=NOW),
            "publication.approval.missing",
        )

    def test_bundle_with_a_draft_is_refused_as_a_whole(self, house: House) -> None:
        good, draft = house.approved(), house.draft()
        bundle = bundles.bundle_create(actor=house.office, unit_id=house.unit.pk, title="组合", now=NOW)
        for item in (good, draft):
            bundles.bundle_add(actor=house.office, bundle_id=bundle.pk, item_id=item.pk, now=NOW)
        refused(
            lambda: bundles.bundle_publish(actor=house.office, bundle_id=bundle.pk, now=NOW),
            "publication.approval.missing",
        )
        assert Bundle.objects.get().state == "assembling"

    def test_inner_step_called_by_itself_is_stopped_by_the_database(self, house: House) -> None:
        item = house.draft()
        approval = house.circulate(item)
        ready = Ready(fresh(item), approval, passed_run(item))
        refused(
            lambda: publishing.put_out(actor=house.office, ready=[ready], published_at=NOW, by_id=None, now=NOW),
            "publication.refused_by_database",
        )


class TestSchedules:
    def scheduled(self, house: House) -> Item:
        item = house.approved()
        schedules.schedule_set(actor=house.office, item_id=item.pk, publish_at=LATER, now=NOW)
        return fresh(item)

    def run(self) -> Schedule:
        due.schedules_run(actor=SYSTEM, now=LATER)
        return Schedule.objects.get()

    def test_scheduled_item_cannot_be_edited_by_the_services(self, house: House) -> None:
        item = self.scheduled(house)
        refused(lambda: house.edit(item), "disclosure.state.not_possible")
        Schedule.objects.update(state="canceled", settled_at=NOW)

    def test_edit_by_the_back_door_makes_the_schedule_fail_aloud(self, house: House) -> None:
        item = self.scheduled(house)
        Item.objects.filter(pk=item.pk).update(state="approved")
        house.edit(item)
        schedule = self.run()
        assert schedule.state == "failed"
        assert any("又修改过" in reason for reason in schedule.reasons)

    def test_schedule_written_by_hand_fails(self, house: House) -> None:
        item = house.draft()
        Schedule.objects.create(action="publish", item=item, digest=item.head.digest, due_at=NOW, set_at=NOW)
        assert self.run().state == "failed"
        assert fresh(item).state == "drafting"

    def test_moving_the_digest_of_the_schedule_does_not_help(self, house: House) -> None:
        item = self.scheduled(house)
        Item.objects.filter(pk=item.pk).update(state="approved")
        revision = house.edit(item)
        Schedule.objects.update(digest=revision.digest)
        Item.objects.filter(pk=item.pk).update(state="scheduled")
        assert self.run().state == "failed"


class TestRows:
    """Somebody with the database's password, but without the right to change its triggers."""

    def test_publication_of_a_draft(self, house: House) -> None:
        item, other = house.draft(), house.approved()
        own = Approval.objects.get(target_id=str(other.pk))
        rejected(item, "publication_approval", approval=own, gate_run=passed_run(item))

    def test_approval_of_another_item(self, house: House) -> None:
        item, other = house.approved(), house.approved()
        rejected(
            item,
            "publication_approval",
            approval=Approval.objects.get(target_id=str(other.pk)),
            gate_run=passed_run(item),
        )

    def test_approval_that_is_not_signed(self, house: House) -> None:
        item = house.draft()
        house.sign_all(house.circulate(item), but=1)
        rejected(item, "publication_approval_complete", gate_run=passed_run(item))

    def test_approval_whose_state_was_set_by_hand(self, house: House) -> None:
        item = house.draft()
        approval = house.circulate(item)
        with pytest.raises(DatabaseError), transaction.atomic():
            Approval.objects.filter(pk=approval.pk).update(state=ApprovalState.COMPLETED)
        rejected(item, "publication_approval_complete", gate_run=passed_run(item))

    def test_gate_that_was_not_passed(self, house: House) -> None:
        item = house.draft()
        house.circulate(item)
        run = passed_run(item)
        assert not run.passed, "the gate asks for the signatures too"
        house.sign_all(Approval.objects.get(target_id=str(item.pk)))
        rejected(item, "publication_gate", gate_run=run)

    def test_gate_run_that_was_written_by_hand(self, house: House) -> None:
        """Whoever writes that the gate was passed is found out at commit; the publication under it goes with it."""
        item = house.approved(title="关于中华人民共合国成立纪念日有关安排的通知")
        true = passed_run(item)
        assert not true.passed, "the wrong name of the state stops it"
        row = {"item": item, "revision": item.head, "digest": item.head.digest, "run_at": NOW, "passed": True}
        for issues, rule in (([], "gaterun_on_record"), (true.issues, "gaterun_passed_rightly")):
            with pytest.raises(DatabaseError) as error, transaction.atomic():
                forged = GateRun.objects.create(**row, issues=issues)
                Publication.objects.create(**fields(item, gate_run=forged))
                connection.check_constraints()
            assert error.value.__cause__.diag.constraint_name == rule

    def test_gate_run_of_another_content(self, house: House) -> None:
        item = house.approved()
        run = passed_run(item)
        house.edit(item)
        item = house.approve(fresh(item))
        rejected(item, "publication_gate", gate_run=run)

    def test_gate_run_of_another_item(self, house: House) -> None:
        item, other = house.approved(), house.approved()
        rejected(item, "publication_gate", gate_run=passed_run(other))

    def test_withheld_item(self, house: House) -> None:
        item = house.approved(attribute="withheld")
        rejected(item, "publication_attribute", gate_run=passed_run(item))

    def test_withheld_item_whose_attribute_was_turned_by_hand(self, house: House) -> None:
        item = house.approved(attribute="withheld")
        Item.objects.filter(pk=item.pk).update(attribute="proactive")
        rejected(item, "publication_attribute", gate_run=passed_run(item))

    def test_older_revision_than_the_newest(self, house: House) -> None:
        item = house.approved()
        signed, run = item.head, passed_run(item)
        house.edit(item)
        rejected(item, "publication_revision", revision=signed, digest=signed.digest, gate_run=run)

    def test_forged_revision_that_carries_a_signed_digest(self, house: House) -> None:
        item = house.approved()
        run = passed_run(item)
        content = {**item.head.content, "summary": "这句话没有人审过。"}
        forged = Revision.objects.create(
            item=item, number=item.head.number + 1, content=content, digest=item.head.digest, created_at=NOW
        )
        Item.objects.filter(pk=item.pk).update(head=forged)
        rejected(item, "publication_digest", gate_run=run)

    def test_another_title_in_the_list_than_in_the_text(self, house: House) -> None:
        item = house.approved()
        rejected(item, "publication_copies", gate_run=passed_run(item), title="另一个标题")

    def test_file_that_is_not_in_the_text(self, house: House) -> None:
        item = house.approved()
        rejected(item, "publication_copies", gate_run=passed_run(item), files=["a" * 64])

    def test_number_out_of_order(self, house: House) -> None:
        item = house.approved()
        rejected(item, "publication_number", gate_run=passed_run(item), number=7)

    def test_backdated_row(self, house: House) -> None:
        item = house.approved()
        day = NOW - timedelta(days=30)
        rejected(item, "publication_is_not_backdated", gate_run=passed_run(item), published_at=day)

    def test_row_that_is_right_but_not_in_the_audit_chain(self, house: House) -> None:
        item = house.approved()
        run = passed_run(item)
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            Publication.objects.create(**fields(item, gate_run=run))
            connection.check_constraints()
        assert error.value.__cause__.diag.constraint_name == "publication_on_record"

    def test_row_with_an_audit_entry_of_something_else(self, house: House) -> None:
        item = house.approved()
        run = passed_run(item)
        with pytest.raises(DatabaseError), transaction.atomic():
            made = Publication.objects.create(**fields(item, gate_run=run))
            record(
                actor=house.office,
                action="disclosure.publication.make",
                target_type="disclosure.item",
                target_id=item.pk,
                summary="发布",
                details={"publication": made.pk, "digest": "0" * 64},
                now=NOW,
            )
            connection.check_constraints()

    def test_raw_sql(self, house: House) -> None:
        item = house.draft()
        row = fields(item, approval=None, gate_run=None)
        with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(
                "INSERT INTO disclosure_publication (item_id, number, kind, revision_id, digest, approval_id, gate_run_id, "
                "unit_id, unit_name, title, item_kind, doc_no, columns, files, published_at, recorded_at) VALUES "
                "(%s, 1, 'first', %s, %s, 1, 1, %s, %s, %s, %s, '', '[]', '[]', %s, %s)",
                [item.pk, row["revision"].pk, row["digest"], row["unit"].pk, row["unit_name"], row["title"],
                 row["item_kind"], NOW, NOW],
            )  # fmt: skip

    def test_forged_signatures(self, house: House) -> None:
        item = house.draft()
        approval = house.circulate(item)
        step = ApprovalStep.objects.filter(approval=approval).order_by("order", "position").first()
        row = {
            "approval": approval, "step": step, "digest": approval.digest, "verdict": "sign", "form": answers(step.form),
            "signed_at": NOW,
        }  # fmt: skip
        for who in (house.drafter, house.office, superuser()):
            with pytest.raises(DatabaseError), transaction.atomic():
                Signature.objects.create(
                    **row, signer_id=who.user_id, signer_name=who.name, role=step.roles[0], unit=house.unit
                )
        with pytest.raises(DatabaseError), transaction.atomic():
            Seat.objects.create(approval=approval, group="x", person="user:1")
        refused(publish(house, item), "publication.approval.open")

    def test_steps_taken_out_of_the_route(self, house: House) -> None:
        item = house.draft()
        approval = house.circulate(item)
        with pytest.raises(DatabaseError), transaction.atomic():
            ApprovalStep.objects.filter(approval=approval).delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            ApprovalStep.objects.filter(approval=approval).update(kind="proof")

    def test_author_left_out_of_the_round(self, house: House) -> None:
        item = house.approved()
        run = passed_run(item)
        stranger = house.actor(Role.DRAFTER)
        content = ItemContent.from_data(item.head.content)
        second = Revision.objects.create(
            item=item,
            number=item.head.number + 1,
            content=content.as_data(),
            digest=item.head.digest,
            created_by_id=stranger.user_id,
            created_at=NOW,
        )
        Item.objects.filter(pk=item.pk).update(head=second)
        rejected(item, "publication_authors", gate_run=run)


class TestScreens:
    def test_django_admin_is_not_even_installed(self) -> None:
        assert not apps.is_installed("django.contrib.admin")

    def test_wagtail_offers_no_bulk_action_snippet_or_page_of_them(self) -> None:
        from wagtail.admin.views.bulk_action.registry import bulk_action_registry
        from wagtail.models import DraftStateMixin, Page
        from wagtail.snippets.models import get_snippet_models

        ours = list(apps.get_app_config("disclosure").get_models())
        bulk_action_registry._scan_for_bulk_actions()
        assert [
            m for m in ours if bulk_action_registry.get_bulk_actions_for_model("disclosure", m._meta.model_name)
        ] == []
        assert [m for m in ours if m in get_snippet_models()] == []
        assert [m for m in ours if issubclass(m, (Page, DraftStateMixin))] == []


def test_what_was_tried_is_on_record(house: House) -> None:
    """The refusals above write no audit entry of a publication."""
    item = house.draft()
    refused(publish(house, item))
    assert not Entry.objects.filter(action="disclosure.publication.make").exists()
    assert list(itertools.islice(Publication.objects.all(), 1)) == []
