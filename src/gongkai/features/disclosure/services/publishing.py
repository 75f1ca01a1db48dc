"""Putting an item before the public: the one way, held by the triggers of ``0007_publication_guard`` too.

Order inside the transaction: everything is locked and written first, then what writes to the audit chain (clocks, the
review after an emergency, the entry itself), because the chain is locked last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items.states import State
from gongkai.domain.publishing import check_publication
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Bundle, GateRun, Item, Publication, PublicationEnd, Schedule
from gongkai.features.disclosure.publication_events import ItemPublished
from gongkai.features.disclosure.selectors.access import item_get
from gongkai.features.disclosure.selectors.publications import open_bundle_of, publication_open, release_state
from gongkai.features.disclosure.services import gate, release_actions
from gongkai.features.disclosure.services.timeliness import clocks_stop
from gongkai.features.disclosure.services.writing import index_no_ensure
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals.models import Approval, Purpose
from gongkai.kernel.approvals.services import approval_open_after_review
from gongkai.kernel.audit import services as audit
from gongkai.kernel.clocks.services import clocks_lock
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.events import publish

TARGET = release_actions.TARGET_ITEM


@dataclass(frozen=True, slots=True)
class Ready:
    """A locked item for which nothing stands in the way, with what lets it out."""

    item: Item
    approval: Approval
    run: GateRun


def publication_make(*, actor: Actor, item_id: int, now: datetime) -> Publication:
    """Publish the item's newest revision now; what was public of it ends as superseded at the same moment.

    The gate is run anew. Raises Refused with every reason, NotPermitted.
    """
    item = item_get(actor=actor, item_id=item_id)
    require_publisher(actor, item)
    run = gate.gate_run(actor=actor, item_id=item.pk, now=now)
    with transaction.atomic():
        item = items_lock([item_id])[0]
        require_publisher(actor, item)
        ready, issues = examine(item, run=run)
        if ready is None:
            raise Refused(issues)
        waiting = Schedule.objects.select_for_update().filter(
            item=item, action=Schedule.Action.PUBLISH, state=Schedule.State.WAITING
        )
        replaced = waiting.update(state=Schedule.State.CANCELED, settled_at=now, settled_by_id=actor.user_id)
        (publication,) = put_out(
            actor=actor, ready=[ready], published_at=now, by_id=actor.user_id, now=now, details={"replaced": replaced}
        )
    return publication


def require_publisher(actor: Actor, item: Item) -> None:
    """Raise NotPermitted unless the person may publish the item; a job may not: it only does what a person has set."""
    if not permissions.can_publish(actor, item):
        raise NotPermitted(ability="发布信息")
    if actor.user_id is None:
        raise NotPermitted(Issue("publication.nobody"))


def items_lock(item_ids: Iterable[int]) -> list[Item]:
    """Lock items in the order of their numbers, with their newest revision and unit."""
    locked = Item.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(item_ids))
    return list(locked.select_related("head", "unit").order_by("pk"))


def examine(item: Item, *, run: GateRun | None, within: Bundle | None = None) -> tuple[Ready | None, tuple[Issue, ...]]:
    """Return the item as ready, or None with every reason; ``within`` is the bundle that it is going out with."""
    member = open_bundle_of(item_ids=[item.pk]).get(item.pk)
    bundle = member.bundle.title if member is not None and (within is None or member.bundle_id != within.pk) else ""
    state, approval = release_state(item, run=run, bundle=bundle)
    issues = check_publication(state)
    if issues or approval is None or run is None:
        return None, issues
    return Ready(item, approval, run), ()


def put_out(
    *,
    actor: Actor,
    ready: Sequence[Ready],
    published_at: datetime,
    by_id: int | None,
    now: datetime,
    schedule: Schedule | None = None,
    bundle: Bundle | None = None,
    details: Mapping[str, Any] | None = None,
) -> list[Publication]:
    """Write the publications of locked items that are ready, all at one moment, and everything that follows from it.

    What all of it records is written together at the end, so that the chain is locked for two statements.
    """
    with audit.gathered():
        return _put_out(actor, ready, published_at, by_id, now, schedule, bundle, details)


def _put_out(
    actor: Actor,
    ready: Sequence[Ready],
    published_at: datetime,
    by_id: int | None,
    now: datetime,
    schedule: Schedule | None,
    bundle: Bundle | None,
    details: Mapping[str, Any] | None,
) -> list[Publication]:
    made = [_write(one, published_at, by_id, now, schedule, bundle) for one in ready]
    clocks_lock(target_type=TARGET, target_ids=sorted(one.item.pk for one in ready))
    clocks_stop(actor=actor, items=[one.item for one in ready], published_at=published_at, now=now)
    for one, (publication, _) in zip(ready, made, strict=True):
        if one.approval.purpose == Purpose.EMERGENCY:
            approval_open_after_review(actor=actor, approval_id=one.approval.pk, now=now)
        publish(
            ItemPublished(
                item_id=one.item.pk,
                publication_id=publication.pk,
                number=publication.number,
                bundle_id=bundle.pk if bundle else None,
                emergency=one.approval.purpose == Purpose.EMERGENCY,
                published_at=published_at,
            )
        )
    audit.record_many(
        actor=actor,
        entries=[
            _entry(one, publication, former, details) for one, (publication, former) in zip(ready, made, strict=True)
        ],
        now=now,
    )
    return [publication for publication, _ in made]


def _write(
    ready: Ready,
    published_at: datetime,
    by_id: int | None,
    now: datetime,
    schedule: Schedule | None,
    bundle: Bundle | None,
) -> tuple[Publication, Publication | None]:
    item, revision = ready.item, ready.item.head
    assert revision is not None
    former = publication_open(item_id=item.pk)
    number = Publication.objects.filter(item=item).count() + 1
    content: Mapping[str, Any] = revision.content
    kind = Publication.Kind.CORRECTION if former else Publication.Kind.AGAIN if number > 1 else Publication.Kind.FIRST
    try:
        with transaction.atomic():
            if former is not None:
                PublicationEnd.objects.create(
                    publication=former,
                    ended_at=max(published_at, former.published_at),
                    recorded_at=now,
                    kind=PublicationEnd.Kind.SUPERSEDED,
                    ended_by_id=by_id,
                )
            publication = Publication.objects.create(
                item=item,
                number=number,
                kind=kind,
                revision=revision,
                digest=revision.digest,
                approval=ready.approval,
                gate_run=ready.run,
                bundle=bundle,
                schedule=schedule,
                unit=item.unit,
                unit_name=item.unit.name,
                title=content["title"],
                item_kind=content["kind"],
                doc_no=content["doc_no"],
                columns=content["columns"],
                files=published_files(content),
                published_at=published_at,
                recorded_at=now,
                published_by_id=by_id,
            )
    except IntegrityError as error:
        words = str(error).strip().splitlines()[0]
        raise Refused(Issue("publication.refused_by_database", values={"item": item.title, "words": words})) from error
    index_no_ensure(item, now=now)
    item.state = State.PUBLISHED.value
    item.changed_at = now
    item.save(update_fields=["state", "changed_at", "index_no"])
    return publication, former


def published_files(content: Mapping[str, Any]) -> list[str]:
    """Return the digests of the files that are published with a content: attachments first, then pictures, in order."""
    pictures = [block for block in content["body"] if block.get("type") == "image"]
    found = [one.get("sha256") for one in content["attachments"]]
    return [one for one in found + [block["value"].get("sha256") for block in pictures] if one is not None]


def _entry(
    ready: Ready, publication: Publication, former: Publication | None, more: Mapping[str, Any] | None
) -> dict[str, Any]:
    word = publication.get_kind_display()
    return {
        "action": release_actions.MAKE,
        "target_type": TARGET,
        "target_id": ready.item.pk,
        "summary": f"{word}“{publication.title}”（第{publication.number}次，摘要值{publication.digest[:12]}）",
        "unit_id": publication.unit_id,
        "details": {
            "publication": publication.pk,
            "number": publication.number,
            "digest": publication.digest,
            "revision": ready.item.head.number if ready.item.head else None,
            "approval": publication.approval_id,
            "gate_run": publication.gate_run_id,
            "published_at": publication.published_at,
            "published_by": publication.published_by_id,
            "schedule": publication.schedule_id,
            "bundle": publication.bundle_id,
            "supersedes": former.pk if former else None,
            **{name: value for name, value in (more or {}).items() if value},
        },
    }
