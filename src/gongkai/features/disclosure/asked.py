"""Which items are under a review that asks the actor: whoever is asked to sign has to see what there is to sign."""

from __future__ import annotations

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from gongkai.features.disclosure.models import Item
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals.models import Approval, ApprovalState, ApprovalStep, Delegation, Purpose, Signature
from gongkai.kernel.orgs.selectors import unit_descendant_ids

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
    steps = ApprovalStep.objects.filter(approval_id=OuterRef("pk"))
    return rounds.filter(
        Exists(steps.filter(_by_post(actor) | _by_delegation(actor)))
        | Q(authors__contains=actor.user_id)
        | Exists(Signature.objects.filter(approval_id=OuterRef("pk"), signer_id=actor.user_id))
    )


def _by_post(actor: Actor) -> Q:
    """A step of one of the actor's roles."""
    found = NOTHING
    for role in actor.roles:
        found |= _steps_of(role.value, actor.units_with(role), actor.authority_ids)
    return found


def _by_delegation(actor: Actor) -> Q:
    """A step of a role that somebody handed to the actor and that had not run out when the round was opened."""
    held = Delegation.objects.filter(to_id=actor.user_id, revoked_at__isnull=True)
    found = NOTHING
    for role, unit_id, until_on in held.values_list("role", "unit_id", "until_on"):
        steps = _steps_of(role, frozenset({unit_id}), actor.authority_ids | {unit_id})
        found |= steps & Q(approval__opened_at__date__lte=until_on)
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
