"""Who sees a limited item because its review asks him: only while it does, and only what it is about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.selectors.access import visible_items
from gongkai.features.disclosure.selectors.references import file_readable
from gongkai.features.disclosure.selectors.signing import sign_sheet_get
from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.items import item_set_limited
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.approvals.models import Approval, Delegation
from gongkai.kernel.approvals.services import delegation_give, delegation_revoke
from gongkai.kernel.errors import Refused
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, TODAY
from tests.features.disclosure.released import House

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def on(actor: Actor, day: date) -> Actor:
    """The same person on another day."""
    return actor_get(user=User.objects.get(pk=actor.user_id), today=day)


def sees(actor: Actor, item: Item) -> bool:
    """Both ways of asking give the same answer."""
    alone = permissions.can_see_item(actor, fresh(item))
    assert visible_items(actor).filter(pk=item.pk).exists() is alone
    return alone


class TestDelegate:
    @pytest.fixture
    def item(self, bureau: Bureau) -> Item:
        return bureau.in_review(limited=True)

    @pytest.fixture
    def delegate(self, bureau: Bureau) -> Actor:
        return bureau.world.actor(Role.DRAFTER, bureau.unit)

    def give(self, bureau: Bureau, to: Actor, first: int, last: int) -> Delegation:
        return delegation_give(
            actor=bureau.people[Role.SECOND_REVIEWER],
            to_user_id=to.user_id or 0,
            role=Role.SECOND_REVIEWER,
            unit_id=bureau.unit.pk,
            from_on=TODAY + first * DAY,
            until_on=TODAY + last * DAY,
            reason="出差",
            now=NOW,
        )

    def test_sees_it_from_the_first_day_to_the_last_and_not_before_or_after(
        self, bureau: Bureau, item: Item, delegate: Actor
    ) -> None:
        self.give(bureau, delegate, 2, 3)
        seen = [sees(on(delegate, TODAY + day * DAY), item) for day in range(6)]
        assert seen == [False, False, True, True, False, False]

    def test_sees_it_no_more_once_it_was_taken_back(self, bureau: Bureau, item: Item, delegate: Actor) -> None:
        given = self.give(bureau, delegate, 0, 3)
        assert sees(on(delegate, TODAY), item)
        delegation_revoke(actor=bureau.people[Role.SECOND_REVIEWER], delegation_id=given.pk, now=NOW)
        assert not sees(on(delegate, TODAY), item)

    def test_sees_it_no_more_once_the_giver_has_left(self, bureau: Bureau, item: Item, delegate: Actor) -> None:
        self.give(bureau, delegate, 0, 3)
        giver = bureau.people[Role.SECOND_REVIEWER]
        Post.objects.filter(user_id=giver.user_id).update(until_on=TODAY - DAY)
        assert not sees(on(delegate, TODAY), item)

    def test_cannot_hand_it_on(self, bureau: Bureau, item: Item, delegate: Actor) -> None:
        self.give(bureau, delegate, 0, 3)
        third = bureau.world.actor(Role.DRAFTER, bureau.unit)
        with pytest.raises(Refused, match="委托"):
            delegation_give(
                actor=on(delegate, TODAY),
                to_user_id=third.user_id or 0,
                role=Role.SECOND_REVIEWER,
                unit_id=bureau.unit.pk,
                from_on=TODAY,
                until_on=TODAY,
                reason="再委托",
                now=NOW,
            )
        Delegation.objects.create(
            giver_id=delegate.user_id, to_id=third.user_id, unit=bureau.unit, role="second_reviewer",
            from_on=TODAY, until_on=TODAY, reason="绕过", given_at=NOW,
        )  # fmt: skip
        assert not sees(on(third, TODAY), item)

    def test_an_actor_of_no_day_is_given_nothing(self, bureau: Bureau, item: Item, delegate: Actor) -> None:
        self.give(bureau, delegate, 0, 3)
        assert not sees(Actor(delegate.user_id, delegate.name, delegate.grants), item)


class TestWhoLeft:
    def leave(self, actor: Actor) -> Actor:
        Post.objects.filter(user_id=actor.user_id).update(until_on=TODAY - DAY)
        return on(actor, TODAY)

    def test_author_and_signer_see_it_no_more(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(limited=True))
        (signer,) = bureau.sign(bureau.circulate(item), steps=1)
        for actor in (bureau.drafter, signer):
            assert sees(actor, item)
            assert not sees(self.leave(actor), item)

    def test_nor_the_page_on_which_it_was_signed(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(limited=True))
        approval = bureau.circulate(item)
        (signer,) = bureau.sign(approval, steps=1)
        gone = self.leave(signer)
        with pytest.raises(Refused, match="没有"):
            sign_sheet_get(actor=gone, approval_id=approval.pk, today=TODAY)


class TestAfterReview:
    """Who reviews after an emergency release reads what was released, wherever he sits; and nothing that came later."""

    def test_reader_reads_what_was_released_and_no_later_draft(self, bureau: Bureau) -> None:
        house = House(bureau.world, short_route=True)
        reviewer = house.world.actor(Role.SECOND_REVIEWER, house.unit)
        item = house.draft()
        ref = attachment_add(actor=house.drafter, item_id=item.pk, name="a.txt", upload=b"a", now=NOW)
        house.approve(fresh(item), emergency=True)
        publication_make(actor=house.office, item_id=item.pk, now=NOW)
        review = Approval.objects.get(purpose="after_review")
        item_set_limited(actor=house.office, item_id=item.pk, limited=True, reason="修订稿不公开", now=NOW)
        publication_withdraw(actor=house.office, item_id=item.pk, kind="withdrawn", reason="核对。", now=NOW)
        house.edit(item, now=NOW + timedelta(hours=1))
        later = attachment_add(
            actor=house.drafter, item_id=item.pk, name="b.txt", upload=b"b", now=NOW + timedelta(hours=2)
        )
        house.circulate(fresh(item), now=NOW + timedelta(hours=3))
        stranger = house.world.actor(Role.SECOND_REVIEWER, house.world.justice)
        at = NOW + timedelta(hours=3)

        def reads(actor: Actor, file_id: int, sha256: str) -> bool:
            return file_readable(actor, item_id=str(item.pk), file_id=file_id, sha256=sha256, at=at)

        Approval.objects.filter(target_id=str(item.pk), state="open", purpose="ordinary").update(state="voided")
        Item.objects.filter(pk=item.pk).update(state="drafting")
        assert sign_sheet_get(actor=reviewer, approval_id=review.pk, today=TODAY).content.attachments[0].name == "a.txt"
        assert not sees(reviewer, item)
        assert reads(reviewer, ref.file_id, ref.sha256)
        assert not reads(reviewer, later.file_id, later.sha256)
        assert not reads(stranger, ref.file_id, ref.sha256)
        with pytest.raises(Refused):
            sign_sheet_get(actor=stranger, approval_id=review.pk, today=TODAY)
