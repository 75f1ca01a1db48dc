"""Making and removing links."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.audit.actions import register_actions
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.links import permissions
from gongkai.kernel.links.models import Link
from gongkai.kernel.links.references import Ref, relation_of, resolver_of

register_actions({"links.link.create": "建立关联", "links.link.remove": "解除关联"})


def link_create(*, actor: Actor, source: str | Ref, relation: str, target: str | Ref, now: datetime) -> Link:
    """Link ``source`` (``workplans.item:12``) to ``target`` in a registered relation; a link that is there is returned.

    Raises NotPermitted, Refused when source and target are the same or the actor can see no such target, ValueError
    for a malformed reference and LookupError for an unknown relation.
    """
    start, end = Ref.parse(source), Ref.parse(target)
    label = relation_of(relation).label
    if not permissions.can_create_link(actor, start):
        raise NotPermitted(ability="建立关联")
    if issues := _issues(actor, start, end):
        raise Refused(issues)
    with transaction.atomic():
        ends = {"source_type": start.type, "source_id": start.id, "target_type": end.type, "target_id": end.id}
        link, created = Link.objects.get_or_create(
            **ends, relation=relation, defaults={"created_by_id": actor.user_id, "at": now}
        )
        if created:
            audit.record(
                actor=actor,
                action="links.link.create",
                target_type=start.type,
                target_id=start.id,
                summary=f"建立关联（{label}）：{end}",
                details={"relation": relation, "target": str(end)},
                now=now,
            )
    return link


def link_remove(*, actor: Actor, link_id: int, now: datetime) -> None:
    """Remove a link; one that is gone already is no mistake. The audit trail keeps what it was. Raises NotPermitted."""
    with transaction.atomic():
        link = Link.objects.select_for_update(of=("self",)).filter(pk=link_id).first()
        if link is None:
            return
        if not permissions.can_remove_link(actor, link):
            raise NotPermitted(ability="解除关联")
        link.delete()
        audit.record(
            actor=actor,
            action="links.link.remove",
            target_type=link.source_type,
            target_id=link.source_id,
            summary=f"解除关联（{relation_of(link.relation).label}）：{link.target}",
            details={"relation": link.relation, "target": link.target},
            now=now,
        )


def _issues(actor: Actor, start: Ref, end: Ref) -> list[Issue]:
    if start == end:
        return [Issue("links.same_object", field="target")]
    resolver = resolver_of(end.type)
    if resolver is not None and end.id not in resolver(actor, [end.id]):
        return [Issue("links.target_unknown", field="target", values={"target": str(end)})]
    return []
