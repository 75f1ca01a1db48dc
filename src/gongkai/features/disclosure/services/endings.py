"""Taking down what is public: at once, by one person, with a reason that the public reads; nothing is overwritten."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items.states import TABLE, State, Verb
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item, Publication, PublicationEnd, Schedule
from gongkai.features.disclosure.publication_events import ItemWithdrawn
from gongkai.features.disclosure.selectors.access import item_get
from gongkai.features.disclosure.selectors.publications import is_public, publication_open
from gongkai.features.disclosure.services import release_actions
from gongkai.features.disclosure.services.publishing import items_lock
from gongkai.features.disclosure.services.schedules import waiting_cancel
from gongkai.features.disclosure.services.telling_release import tell_withdrawn
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.events import publish

KINDS = (PublicationEnd.Kind.WITHDRAWN, PublicationEnd.Kind.ERROR, PublicationEnd.Kind.MERGED)


def publication_withdraw(
    *, actor: Actor, item_id: int, kind: str, reason: str, redirect_to: int | None = None, now: datetime
) -> PublicationEnd:
    """Take down what is public of the item, at once: harm is stopped first, the unit's leader is told, all is on record.

    ``kind``: withdrawn, error (published by mistake; the public does not read the title again) or merged (``redirect_to``
    is the item that it went into, and has to be public). Raises Refused with every reason, NotPermitted.
    """
    reason = reason.strip()
    item_get(actor=actor, item_id=item_id)
    with transaction.atomic():
        item = items_lock([item_id])[0]
        if not permissions.can_withdraw(actor, item) or actor.user_id is None:
            raise NotPermitted(ability="撤下信息")
        current = publication_open(item_id=item.pk)
        target = Item.objects.filter(pk=redirect_to).first() if redirect_to is not None else None
        issues = []
        if current is None:
            issues.append(Issue("publication.not_public", values={"item": item.title}))
        if kind not in KINDS:
            issues.append(Issue("publication.withdraw.kind_unknown", field="kind", values={"kind": kind}))
        if not reason:
            issues.append(Issue("publication.withdraw.reason_missing", field="reason"))
        if kind == PublicationEnd.Kind.MERGED and redirect_to is None:
            issues.append(Issue("publication.withdraw.target_missing", field="redirect_to"))
        if redirect_to is not None:
            issues.extend(_against(item, target, redirect_to, now))
        if issues or current is None:
            raise Refused(issues)
        return end_publication(
            actor=actor,
            item=item,
            publication=current,
            kind=PublicationEnd.Kind(kind),
            reason=reason,
            target=target,
            ended_at=now,
            by_id=actor.user_id,
            now=now,
        )


def _against(item: Item, target: Item | None, wanted: int, now: datetime) -> list[Issue]:
    """Where readers are sent has to be public now: then no chain of redirects can lead back."""
    if target is None:
        return [Issue("publication.withdraw.target_unknown", field="redirect_to", values={"id": wanted})]
    if target.pk == item.pk:
        return [Issue("publication.withdraw.target_itself", field="redirect_to")]
    if not is_public(item_ids=[target.pk], at=now):
        values = {"target": f"编号{target.pk}"}
        return [Issue("publication.withdraw.target_not_public", field="redirect_to", values=values)]
    return []


def end_publication(
    *,
    actor: Actor,
    item: Item,
    publication: Publication,
    kind: PublicationEnd.Kind,
    reason: str,
    target: Item | None,
    ended_at: datetime,
    by_id: int | None,
    now: datetime,
) -> PublicationEnd:
    """Write the end of a locked item's publication, tell those concerned, audit it; what waits to come down is settled."""
    end = PublicationEnd.objects.create(
        publication=publication,
        ended_at=ended_at,
        recorded_at=now,
        kind=kind,
        reason=reason,
        redirect_to=target,
        ended_by_id=by_id,
    )
    waiting_cancel(item=item, by_id=by_id, now=now, action=Schedule.Action.UNPUBLISH)
    after = TABLE[Verb.WITHDRAW].get(State(item.state))
    if after is not None:
        item.state, item.changed_at = after.value, now
        item.save(update_fields=["state", "changed_at"])
    publish(ItemWithdrawn(item_id=item.pk, publication_id=publication.pk, kind=kind.value, ended_at=ended_at))
    tell_withdrawn(item=item, publication=publication, end=end, by_name=actor.name, now=now)
    words = f"{kind.label}“{publication.title}”（第{publication.number}次发布）"
    audit.record(
        actor=actor,
        action=release_actions.END,
        target_type=release_actions.TARGET_ITEM,
        target_id=item.pk,
        summary=f"{words}：{reason}" if reason else words,
        unit_id=item.unit_id,
        details={
            "publication": publication.pk,
            "number": publication.number,
            "kind": kind.value,
            "ended_at": ended_at,
            "redirect_to": target.pk if target else None,
        },
        now=now,
    )
    return end
