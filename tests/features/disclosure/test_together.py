"""Two people at the same moment, on real transactions: nobody's text is lost, nothing impossible comes about."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection, transaction

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import Item, Publication, Revision
from gongkai.features.disclosure.services.circulation import item_circulate
from gongkai.features.disclosure.services.drafts import item_autosave, item_editing
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.features.disclosure.services.revisions import item_save
from gongkai.kernel.approvals.models import Approval, ApprovalStep
from gongkai.kernel.approvals.services import approval_sign
from gongkai.kernel.audit.selectors import chain_verify
from gongkai.kernel.errors import Refused
from tests.factories.disclosure import Bureau, answers, fresh
from tests.factories.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bureau(transactional_db: None) -> Bureau:
    return Bureau(World())


def at_once(actions: Sequence[Callable[[], object]]) -> list[object]:
    """Do all at the same moment, each on a connection of its own; results or refusals come back."""
    gate = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        try:
            gate.wait(timeout=30)
            return action()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        found: list[Future[object]] = [pool.submit(run, action) for action in actions]
        return [one.result(timeout=60) for one in found]


def content_of(item: Item) -> ItemContent:
    head = fresh(item).head
    assert head is not None
    return ItemContent.from_data(head.content)


class TestSaving:
    def test_of_two_who_save_one_is_told_of_the_other(self, bureau: Bureau) -> None:
        item = bureau.draft()
        content = content_of(item)
        people = (bureau.drafter, bureau.office)
        found = at_once(
            [
                lambda n=n: item_save(  # type: ignore[misc]
                    actor=people[n], item_id=item.pk, content=replace(content, title=f"标题{n}"), base=1, now=NOW
                )
                for n in range(2)
            ]
        )
        refused = [one for one in found if isinstance(one, Refused)]
        assert [one.codes() for one in refused] == [["disclosure.save.changed_meanwhile"]]
        assert Revision.objects.filter(item=item).count() == 2
        assert chain_verify() == []

    def test_of_two_who_type_one_is_told_of_the_other(self, bureau: Bureau) -> None:
        item = bureau.draft()
        found = at_once(
            [
                lambda who=who: item_autosave(  # type: ignore[misc]
                    actor=who, item_id=item.pk, draft_version=0, changes={"title": who.name}, now=NOW
                )
                for who in (bureau.drafter, bureau.office)
            ]
        )
        assert [one.codes() for one in found if isinstance(one, Refused)] == [["disclosure.draft.changed_meanwhile"]]
        assert fresh(item).draft_version == 1

    def test_two_who_open_the_editor_see_each_other(self, bureau: Bureau) -> None:
        item = bureau.draft()
        people = (bureau.drafter, bureau.office, bureau.drafter)
        at_once([lambda who=who: item_editing(actor=who, item_id=item.pk, now=NOW) for who in people])  # type: ignore[misc]
        assert [one.user_id for one in item_editing(actor=bureau.drafter, item_id=item.pk, now=NOW)] == [
            bureau.office.user_id
        ]


class TestReview:
    def test_circulated_twice_makes_one_round_and_one_number(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        found = at_once([lambda: item_circulate(actor=bureau.drafter, item_id=item.pk, now=NOW)] * 2)
        assert sorted(isinstance(one, Refused) for one in found) == [False, True], found
        assert Approval.objects.count() == 1
        assert str(fresh(item).index_no).endswith("-0001")

    def test_many_items_circulated_at_once_get_numbers_without_a_gap(self, bureau: Bureau) -> None:
        items = [bureau.decide(bureau.draft()) for _ in range(4)]
        at_once([lambda i=i: item_circulate(actor=bureau.drafter, item_id=i.pk, now=NOW) for i in items])  # type: ignore[misc]
        assert sorted(str(fresh(item).index_no)[-4:] for item in items) == ["0001", "0002", "0003", "0004"]

    def test_signing_and_saving_at_once_never_wait_for_each_other(self, bureau: Bureau) -> None:
        """Whoever is first: either the signature is voided by the edit, or there is none."""
        for turn in range(4):
            item = bureau.decide(bureau.draft())
            approval = bureau.circulate(item)
            step = ApprovalStep.objects.filter(approval=approval).order_by("order", "position")[0]
            signer = bureau.signer(step, set(approval.authors))
            changed = replace(content_of(item), title=f"改{turn}")

            def sign(step: ApprovalStep = step, approval: Approval = approval) -> object:
                return approval_sign(
                    actor=signer,  # noqa: B023
                    approval_id=approval.pk,
                    step=step.code,
                    digest=approval.digest,
                    verdict="sign",
                    form=answers(step.form),
                    now=NOW,
                )

            def save(item: Item = item, changed: ItemContent = changed) -> object:
                return item_save(
                    actor=bureau.drafter, item_id=item.pk, content=changed, base=2, void_signatures=True, now=NOW
                )

            results = at_once([sign, save] if turn % 2 else [save, sign])
            assert not any(isinstance(one, Exception) and not isinstance(one, Refused) for one in results)
            approval.refresh_from_db()
            assert (fresh(item).state, approval.state) == ("drafting", "voided")

    def test_the_last_signature_waits_for_who_is_saving(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        approval = bureau.circulate(item)
        steps = ApprovalStep.objects.filter(approval=approval).count()
        signers = bureau.sign(approval, steps=steps - 1)
        last = ApprovalStep.objects.filter(approval=approval).order_by("order", "position").last()
        assert last is not None
        signer = bureau.signer(last, {s.user_id for s in signers} | set(approval.authors))
        changed = replace(content_of(item), title="最后一刻的修改")

        def sign() -> object:
            try:
                return approval_sign(
                    actor=signer,
                    approval_id=approval.pk,
                    step=last.code,
                    digest=approval.digest,
                    verdict="sign",
                    form=answers(last.form),
                    now=NOW,
                )
            except Refused as refused:
                return refused
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                item_save(actor=bureau.drafter, item_id=item.pk, content=changed, base=2, void_signatures=True, now=NOW)
                second = pool.submit(sign)
                with pytest.raises(TimeoutError):
                    second.result(timeout=0.7)
            assert isinstance(second.result(timeout=30), Refused)
        assert fresh(item).state == "drafting"

    def test_published_twice_at_once_is_published_once(self, bureau: Bureau) -> None:
        item = bureau.approved()

        def publish() -> object:
            return publication_make(actor=bureau.office, item_id=item.pk, now=NOW)

        found = at_once([publish, publish])
        assert sorted(type(one).__name__ for one in found) == ["Publication", "Refused"]
        assert Publication.objects.filter(item=item).count() == 1
