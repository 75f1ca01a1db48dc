"""Bundles: a document, its interpretation and how to apply for it go out at one moment, or none of them does (三同步)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items.states import State
from gongkai.domain.publishing import check_schedule, in_words, to_second
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Bundle, BundleMember, GateRun, Item, Schedule
from gongkai.features.disclosure.selectors.access import item_get
from gongkai.features.disclosure.services import gate, release_actions
from gongkai.features.disclosure.services.publishing import Ready, examine, items_lock, put_out
from gongkai.features.disclosure.services.schedules import step_back
from gongkai.features.disclosure.services.writing import name_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.models import Unit

OPEN = (Bundle.State.ASSEMBLING, Bundle.State.SCHEDULED)


def bundle_create(*, actor: Actor, unit_id: int, title: str, now: datetime) -> Bundle:
    """Begin an empty bundle of a unit. Raises Refused, NotPermitted."""
    title = title.strip()
    if not permissions.can_manage_bundle(actor, unit_id) or actor.user_id is None:
        raise NotPermitted(ability="建立同步发布组合")
    if not title:
        raise Refused(Issue("publication.bundle.title_missing", field="title"))
    with transaction.atomic():
        unit = Unit.objects.get(pk=unit_id)
        bundle = Bundle.objects.create(
            title=title[:300], unit=unit, created_by_id=actor.user_id, created_at=now, changed_at=now
        )
        _audit(actor, bundle, release_actions.BUNDLE_CREATE, f"建立同步发布组合“{bundle.title}”", now)
    return bundle


def bundle_add(
    *,
    actor: Actor,
    bundle_id: int,
    item_id: int,
    role: str = BundleMember.Role.OTHER.value,
    needs_item_id: int | None = None,
    now: datetime,
) -> BundleMember:
    """Put an item into a bundle; ``needs_item_id`` is the member it belongs to. Raises Refused with every reason."""
    with transaction.atomic():
        bundle = _open_bundle(actor, bundle_id, "加入同步发布组合")
        item = item_get(actor=actor, item_id=item_id)
        item = items_lock([item.pk])[0]
        _require_publisher(actor, item)
        issues = _unchangeable(bundle)
        former = BundleMember.objects.filter(item=item, open=True).select_related("bundle").first()
        if former is not None:
            values = {"item": item.title, "bundle": former.bundle.title}
            issues.append(Issue("publication.bundle.twice", field="item", values=values))
        if Schedule.objects.filter(item=item, action=Schedule.Action.PUBLISH, state=Schedule.State.WAITING).exists():
            issues.append(Issue("publication.bundle.item_scheduled", field="item", values={"item": item.title}))
        needs = None
        if needs_item_id is not None:
            needs = BundleMember.objects.filter(bundle=bundle, item_id=needs_item_id).first()
            if needs_item_id == item_id:
                issues.append(Issue("publication.bundle.needs_itself", field="needs"))
            elif needs is None:
                issues.append(Issue("publication.bundle.needs_unknown", field="needs", values={"bundle": bundle.title}))
        if issues:
            raise Refused(issues)
        member = BundleMember.objects.create(
            bundle=bundle,
            item=item,
            role=BundleMember.Role(role),
            needs=needs,
            order=bundle.members.count() + 1,
            added_by_id=actor.user_id,
            added_at=now,
        )
        _touch(bundle, now)
        words = f"把{name_of(item)}加入同步发布组合“{bundle.title}”"
        _audit(actor, bundle, release_actions.BUNDLE_ADD, words, now, item=item.pk, role=member.role)
    return member


def bundle_remove(*, actor: Actor, bundle_id: int, item_id: int, now: datetime) -> Bundle:
    """Take an item out of a bundle that is not out and not waiting. Raises Refused with every reason."""
    with transaction.atomic():
        bundle = _open_bundle(actor, bundle_id, "移出同步发布组合")
        member = BundleMember.objects.filter(bundle=bundle, item_id=item_id).select_related("item").first()
        issues = _unchangeable(bundle)
        if member is None:
            found = Item.objects.filter(pk=item_id).values_list("title", flat=True).first()
            values = {"item": found or str(item_id), "bundle": bundle.title}
            raise Refused([*issues, Issue("publication.bundle.not_member", field="item", values=values)])
        for other in BundleMember.objects.filter(needs=member).select_related("item"):
            values = {"item": name_of(member.item).strip("《》"), "needed_by": name_of(other.item).strip("《》")}
            issues.append(Issue("publication.bundle.needed", field="item", values=values))
        if issues:
            raise Refused(issues)
        BundleMember.objects.filter(pk=member.pk).delete()
        _touch(bundle, now)
        words = f"把{name_of(member.item)}移出同步发布组合“{bundle.title}”"
        _audit(actor, bundle, release_actions.BUNDLE_REMOVE, words, now, item=item_id)
    return bundle


def bundle_publish(*, actor: Actor, bundle_id: int, now: datetime) -> Bundle:
    """Publish every member at this moment; when anything stands in the way of one, none goes out and all reasons are told.

    The values of each issue name the item it is about. Raises Refused, NotPermitted.
    """
    runs = _gates(actor, bundle_id, "发布信息", now)
    with transaction.atomic():
        bundle = _open_bundle(actor, bundle_id, "发布信息")
        ready = _examine(actor, bundle, runs)
        Schedule.objects.filter(
            pk__in=list(
                Schedule.objects.select_for_update()
                .filter(bundle=bundle, state=Schedule.State.WAITING)
                .values_list("pk", flat=True)
            )
        ).update(state=Schedule.State.CANCELED, settled_at=now, settled_by_id=actor.user_id)
        bundle_close(bundle, published_at=now, now=now)
        put_out(actor=actor, ready=ready, published_at=now, by_id=actor.user_id, now=now, bundle=bundle)
        words = f"发布同步发布组合“{bundle.title}”（{len(ready)}项）"
        _audit(actor, bundle, release_actions.BUNDLE_PUBLISH, words, now, items=[one.item.pk for one in ready])
    return bundle


def bundle_schedule(*, actor: Actor, bundle_id: int, publish_at: datetime, now: datetime) -> Schedule:
    """Set the moment at which every member goes out; replaces the one set before. Raises Refused with every reason."""
    publish_at = to_second(publish_at)
    runs = _gates(actor, bundle_id, "定时发布信息", now)
    with transaction.atomic():
        bundle = _open_bundle(actor, bundle_id, "定时发布信息")
        issues = list(check_schedule(publish_at=publish_at, unpublish_at=None, public_since=None, now=now))
        ready = _examine(actor, bundle, runs, issues)
        waiting = Schedule.objects.select_for_update().filter(bundle=bundle, state=Schedule.State.WAITING)
        for former in waiting:
            former.state, former.settled_at, former.settled_by_id = Schedule.State.CANCELED, now, actor.user_id
            former.save(update_fields=["state", "settled_at", "settled_by"])
        schedule = Schedule.objects.create(
            action=Schedule.Action.PUBLISH, bundle=bundle, due_at=publish_at, set_by_id=actor.user_id, set_at=now
        )
        for one in ready:
            one.item.state, one.item.changed_at = State.SCHEDULED.value, now
            one.item.save(update_fields=["state", "changed_at"])
        bundle.state, bundle.changed_at = Bundle.State.SCHEDULED, now
        bundle.save(update_fields=["state", "changed_at"])
        words = f"设定同步发布组合“{bundle.title}”于{in_words(publish_at)}发布（{len(ready)}项）"
        _audit(actor, bundle, release_actions.SCHEDULE_SET, words, now, schedule=schedule.pk, due_at=publish_at)
    return schedule


def bundle_dissolve(*, actor: Actor, bundle_id: int, now: datetime) -> Bundle:
    """Give a bundle up; its items stay as they are and go out by themselves. Raises Refused, NotPermitted."""
    with transaction.atomic():
        bundle = _open_bundle(actor, bundle_id, "解散同步发布组合")
        items = items_lock(member.item_id for member in members_of(bundle))
        for waiting in Schedule.objects.select_for_update().filter(bundle=bundle, state=Schedule.State.WAITING):
            waiting.state, waiting.settled_at, waiting.settled_by_id = Schedule.State.CANCELED, now, actor.user_id
            waiting.save(update_fields=["state", "settled_at", "settled_by"])
        step_back(items, now=now)
        bundle.members.update(open=False)
        bundle.state, bundle.changed_at = Bundle.State.DISSOLVED, now
        bundle.save(update_fields=["state", "changed_at"])
        _audit(actor, bundle, release_actions.BUNDLE_DISSOLVE, f"解散同步发布组合“{bundle.title}”", now)
    return bundle


def members_of(bundle: Bundle) -> list[BundleMember]:
    """Return the members in their order."""
    return list(bundle.members.select_related("item").order_by("order", "pk"))


def bundle_close(bundle: Bundle, *, published_at: datetime, now: datetime) -> None:
    """Mark a locked bundle as out."""
    bundle.members.update(open=False)
    bundle.state, bundle.published_at, bundle.changed_at = Bundle.State.PUBLISHED, published_at, now
    bundle.save(update_fields=["state", "published_at", "changed_at"])


def _gates(actor: Actor, bundle_id: int, ability: str, now: datetime) -> dict[int, GateRun]:
    """Run the gate on every member in transactions of their own, so that what it found stays when the bundle is refused."""
    with transaction.atomic():
        bundle = _open_bundle(actor, bundle_id, ability)
        members = members_of(bundle)
        for member in members:
            _require_publisher(actor, member.item)
    return {
        member.item_id: gate.gate_run(actor=actor, item_id=member.item_id, now=now)
        for member in members
        if member.item.head_id
    }


def _examine(actor: Actor, bundle: Bundle, runs: Mapping[int, GateRun], issues: Iterable[Issue] = ()) -> list[Ready]:
    """Lock the members and return them as ready; raises Refused with every reason of every one."""
    found = list(issues)
    items = items_lock(member.item_id for member in members_of(bundle))
    if not items:
        found.append(Issue("publication.bundle.empty", values={"bundle": bundle.title}))
    ready = []
    for item in items:
        _require_publisher(actor, item)
        one, reasons = examine(item, run=runs.get(item.pk), within=bundle)
        found.extend(reasons)
        if one is not None:
            ready.append(one)
    if found:
        raise Refused(found)
    return ready


def _open_bundle(actor: Actor, bundle_id: int, ability: str) -> Bundle:
    """Lock a bundle that is not out; raises Refused when it is, or is hidden from the actor, NotPermitted."""
    rows = Bundle.objects.select_for_update(of=("self",), no_key=True).select_related("unit")
    bundle = rows.filter(pk=bundle_id).first()
    if bundle is None or not permissions.can_see_bundle(actor, bundle.unit_id):
        raise Refused(Issue("publication.bundle.not_found", values={"id": bundle_id}))
    if not permissions.can_manage_bundle(actor, bundle.unit_id) or actor.user_id is None:
        raise NotPermitted(ability=ability)
    if bundle.state not in OPEN:
        values = {"bundle": bundle.title, "state": bundle.get_state_display()}
        raise Refused(Issue("publication.bundle.closed", values=values))
    return bundle


def _require_publisher(actor: Actor, item: Item) -> None:
    if not permissions.can_publish(actor, item):
        raise NotPermitted(ability="发布信息")


def _unchangeable(bundle: Bundle) -> list[Issue]:
    if bundle.state == Bundle.State.SCHEDULED:
        return [Issue("publication.bundle.scheduled", values={"bundle": bundle.title})]
    return []


def _touch(bundle: Bundle, now: datetime) -> None:
    bundle.changed_at = now
    bundle.save(update_fields=["changed_at"])


def _audit(actor: Actor, bundle: Bundle, action: str, summary: str, now: datetime, **details: object) -> None:
    audit.record(
        actor=actor,
        action=action,
        target_type=release_actions.TARGET_BUNDLE,
        target_id=bundle.pk,
        summary=summary,
        unit_id=bundle.unit_id,
        details=details,
        now=now,
    )
