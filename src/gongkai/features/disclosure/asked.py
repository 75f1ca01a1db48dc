"""Which items are under a review that asks the actor: whoever is asked to sign has to see what there is to sign."""

from __future__ import annotations

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from gongkai.features.disclosure.models import Item
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals.models import Approval, ApprovalState, ApprovalStep, Purpose, Signature
from gongkai.kernel.approvals.selectors.signers import rights_of
from gongkai.kernel.orgs.selectors import authority_unit_ids, unit_descendant_ids

TARGET = "disclosure.item"
NOTHING = Q(pk__in=())
UNDER_REVIEW = (Item.State.IN_REVIEW, Item.State.APPROVED, Item.State.SCHEDULED)


def asks(actor: Actor, item: Item) -> bool:
    """Tell whether the item's running or completed round asks the actor: by a post, by a delegation, or as an author."""
    if item.state not in UNDER_REVIEW or actor.user_id is None:
        return False
    return asking_rounds(actor).filter(target_id=str(item.pk)).exists()


def asked_items(actor: Actor) -> QuerySet[Item]:
    """Return the items whose round asks the actor, for lists."""
    ids = asking_rounds(actor).annotate(item_id=Cast("target_id", BigIntegerField())).values("item_id")
    return Item.objects.filter(state__in=UNDER_REVIEW, pk__in=ids)


def asking_rounds(actor: Actor) -> QuerySet[Approval]:
    """Return the newest rounds over items that are open or completed and ask the actor."""
    newer = Approval.objects.filter(
        target_type=OuterRef("target_type"), target_id=OuterRef("target_id"), round__gt=OuterRef("round")
    ).exclude(purpose=Purpose.AFTER_REVIEW)
    rounds = Approval.objects.filter(
        ~Exists(newer), target_type=TARGET, state__in=(ApprovalState.OPEN, ApprovalState.COMPLETED)
    )
    # A review after an emergency release is about what was released, and opens no later draft.
    return rounds.exclude(purpose=Purpose.AFTER_REVIEW).filter(_concerns(actor))


def after_reviews_asking(actor: Actor, item: Item) -> QuerySet[Approval]:
    """Return the open reviews after an emergency release of the item that ask the actor: of what was released, no more."""
    rounds = Approval.objects.filter(
        target_type=TARGET, target_id=str(item.pk), purpose=Purpose.AFTER_REVIEW, state=ApprovalState.OPEN
    )
    return rounds.filter(_concerns(actor))


def _concerns(actor: Actor) -> Q:
    """A step asks a post or delegation of the actor, or he wrote or signed it and is in that unit still."""
    if actor.user_id is None:
        return NOTHING
    steps = ApprovalStep.objects.filter(approval_id=OuterRef("pk"))
    signed = Signature.objects.filter(approval_id=OuterRef("pk"), signer_id=actor.user_id, unit_id__in=actor.unit_ids)
    return Q(
        Exists(steps.filter(_by_post(actor) | _by_delegation(actor)))
        | Q(authors__contains=actor.user_id, unit_id__in=actor.unit_ids)
        | Exists(signed)
    )


def _by_post(actor: Actor) -> Q:
    """A step of one of the actor's roles."""
    found = NOTHING
    for role in actor.roles:
        found |= _steps_of(role.value, actor.units_with(role), actor.authority_ids)
    return found


def _by_delegation(actor: Actor) -> Q:
    """A step of a role that somebody in office handed to the actor, from the first of its days to the last."""
    found = NOTHING
    if actor.user_id is None or actor.day is None:
        return found
    for right in rights_of(actor.user_id, day=actor.day):
        if right.giver_id is not None:
            unit_ids = frozenset({right.unit_id})
            found |= _steps_of(right.role, unit_ids, authority_unit_ids(on=actor.day))
    return found


def _steps_of(role: str, unit_ids: frozenset[int], authority_ids: frozenset[int]) -> Q:
    """Steps of the role in the round's unit, in one above it, or in the disclosure authority."""
    below: set[int] = set()
    for unit_id in unit_ids:
        below |= unit_descendant_ids(unit_id=unit_id)
    where = Q(where="same", approval__unit_id__in=unit_ids) | Q(where="above", approval__unit_id__in=below)
    if unit_ids & authority_ids:
        where |= Q(where="top")
    return Q(roles__contains=[role]) & where
