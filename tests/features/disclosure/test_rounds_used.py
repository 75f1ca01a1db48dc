"""A round of approval lets out what lay there when it began, once; coming back after a withdrawal is the one exception."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.domain.items import ItemContent
from gongkai.domain.publishing import ApprovalStanding
from gongkai.features.disclosure.models import Item, Publication, PublicationEnd, Revision
from gongkai.features.disclosure.selectors.publications import approval_for, release_state
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.gate import gate_run
from gongkai.features.disclosure.services.publishing import publication_make, published_files
from gongkai.features.disclosure.services.revisions import revision_restore
from gongkai.kernel.approvals.models import Approval
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import Refused
from tests.factories.world import SYSTEM
from tests.features.disclosure.released import NOW, House, fresh

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
LAST = NOW + timedelta(hours=2)


@pytest.fixture
def house() -> House:
    return House(short_route=True)


def restored(house: House, publication: Publication, *, now: Any = LATER) -> Item:
    """The item, edited after its publication and put back to exactly the text that is public."""
    house.edit(publication.item, now=now)
    revision_restore(actor=house.drafter, item_id=publication.item_id, number=publication.revision.number, now=now)
    item = fresh(publication.item)
    assert item.head is not None
    assert (item.head.digest, item.head_id != publication.revision_id) == (publication.digest, True)
    return item


def forced(item: Item, approval: Approval, *, number: int = 2) -> None:
    """Write the row that the service would write, with its audit entry, past every question of ours."""
    item = fresh(item)
    assert item.head is not None
    content = item.head.content
    with transaction.atomic():
        made = Publication.objects.create(
            item=item,
            number=number,
            kind="again",
            revision=item.head,
            digest=item.head.digest,
            approval=approval,
            gate_run=gate_run(actor=SYSTEM, item_id=item.pk, now=LAST),
            unit=item.unit,
            unit_name=item.unit.name,
            title=content["title"],
            item_kind=content["kind"],
            doc_no=content["doc_no"],
            columns=content["columns"],
            files=published_files(content),
            published_at=LAST,
            recorded_at=LAST,
        )
        record(
            actor=SYSTEM,
            action="disclosure.publication.make",
            target_type="disclosure.item",
            target_id=item.pk,
            summary="发布",
            details={"publication": made.pk, "digest": made.digest},
            now=LAST,
        )
        connection.check_constraints()


class TestEditedAndPutBack:
    @pytest.mark.parametrize("at", [NOW, LATER])
    def test_has_to_be_signed_anew(self, house: House, at: Any) -> None:
        publication = house.published()
        item = restored(house, publication, now=at)
        assert approval_for(item) == (ApprovalStanding.USED, publication.approval)
        with pytest.raises(Refused) as said:
            publication_make(actor=house.office, item_id=item.pk, now=LAST)
        assert {"publication.approval.used", "publication.state.not_approved"} <= set(said.value.codes())
        assert Publication.objects.count() == 1

    def test_gate_says_that_it_is_not_under_review(self, house: House) -> None:
        item = restored(house, house.published())
        run = gate_run(actor=house.office, item_id=item.pk, now=LAST)
        assert not run.passed
        assert [issue["code"] for issue in run.issues if issue["stops"]] == ["gate.route.not_opened"]

    @pytest.mark.parametrize("at", [NOW, LATER])
    def test_database_refuses_it_too_though_the_state_was_turned(self, house: House, at: Any) -> None:
        publication = house.published()
        item = restored(house, publication, now=at)
        publication_withdraw(actor=house.office, item_id=item.pk, kind="withdrawn", reason="核对。", now=LATER)
        Item.objects.filter(pk=item.pk).update(state="approved")
        with pytest.raises(DatabaseError) as error:
            forced(item, publication.approval)
        assert error.value.__cause__.diag.constraint_name == "publication_approval_used"
        assert Publication.objects.count() == 1

    def test_a_round_that_was_not_used_may_not_be_older_than_the_text_either(self, house: House) -> None:
        item = house.approved()
        assert item.head is not None
        signed = Approval.objects.get(target_id=str(item.pk))
        same = Revision.objects.create(
            item=item,
            number=item.head.number + 1,
            content=ItemContent.from_data(item.head.content).as_data(),
            digest=item.head.digest,
            created_by_id=house.drafter.user_id,
            created_at=LATER,
        )
        Item.objects.filter(pk=item.pk).update(head=same)
        assert approval_for(fresh(item))[0] is ApprovalStanding.USED
        with pytest.raises(DatabaseError) as error:
            forced(item, signed, number=1)
        assert error.value.__cause__.diag.constraint_name == "publication_approval_used"

    def test_a_new_round_lets_it_out(self, house: House) -> None:
        publication = house.published()
        item = house.approve(restored(house, publication), now=LATER)
        again = publication_make(actor=house.office, item_id=item.pk, now=LAST)
        assert (again.digest, again.kind) == (publication.digest, "correction")
        assert again.approval_id != publication.approval_id


class TestTakenDown:
    def test_withdrawn_comes_back_under_its_round(self, house: House) -> None:
        publication = house.published()
        publication_withdraw(
            actor=house.office, item_id=publication.item_id, kind="withdrawn", reason="暂撤核对。", now=LATER
        )
        again = publication_make(actor=house.office, item_id=publication.item_id, now=LAST)
        assert (again.kind, again.approval_id) == ("again", publication.approval_id)

    @pytest.mark.parametrize("kind", ["error", "merged"])
    def test_error_and_merged_do_not(self, house: House, kind: str) -> None:
        publication = house.published()
        target = house.published().item_id if kind == "merged" else None
        publication_withdraw(
            actor=house.office, item_id=publication.item_id, kind=kind, reason="有误。", redirect_to=target, now=LATER
        )
        item = fresh(publication.item)
        assert release_state(item, run=None)[0].approval is ApprovalStanding.USED
        with pytest.raises(Refused) as said:
            publication_make(actor=house.office, item_id=item.pk, now=LAST)
        assert "publication.approval.used" in said.value.codes()
        with pytest.raises(DatabaseError) as error:
            forced(item, publication.approval)
        assert error.value.__cause__.diag.constraint_name == "publication_approval_used"
        assert PublicationEnd.objects.filter(publication__item=item).count() == 1

    def test_error_comes_back_once_it_was_mended_and_signed(self, house: House) -> None:
        publication = house.published()
        publication_withdraw(actor=house.office, item_id=publication.item_id, kind="error", reason="误发。", now=LATER)
        house.edit(publication.item, now=LATER)
        house.approve(fresh(publication.item), now=LATER)
        again = publication_make(actor=house.office, item_id=publication.item_id, now=LAST)
        assert again.number == 2
