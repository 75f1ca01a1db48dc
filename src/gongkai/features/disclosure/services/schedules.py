"""Setting the moment at which an item goes out or comes down, and calling it off. ``due`` does what was set."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items.states import State
from gongkai.domain.publishing import check_schedule, in_words, to_second
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Bundle, Item, Schedule
from gongkai.features.disclosure.selectors.access import item_get
from gongkai.features.disclosure.selectors.publications import publication_open
from gongkai.features.disclosure.services import gate, release_actions
from gongkai.features.disclosure.services.publishing import examine, items_lock, require_publisher
from gongkai.features.disclosure.services.telling_release import tell_failed
from gongkai.features.disclosure.services.writing import name_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.rulebook.messages import describe

PUBLISH, UNPUBLISH = Schedule.Action.PUBLISH, Schedule.Action.UNPUBLISH
WAITING = Schedule.State.WAITING


def schedule_set(
    *, actor: Actor, item_id: int, publish_at: datetime, unpublish_at: datetime | None = None, now: datetime
) -> Schedule:
    """Set when an approved item goes out, to the second, and perhaps when it comes down; replaces what was set before.

    The gate is run now, so that what would fail is told in time; it is run again at the moment. Raises Refused with
    every reason, NotPermitted.
    """
    item = item_get(actor=actor, item_id=item_id)
    require_publisher(actor, item)
    publish_at, unpublish_at = to_second(publish_at), to_second(unpublish_at) if unpublish_at else None
    run = gate.gate_run(actor=actor, item_id=item.pk, now=now)
    with transaction.atomic():
        item = items_lock([item_id])[0]
        require_publisher(actor, item)
        issues = check_schedule(publish_at=publish_at, unpublish_at=unpublish_at, public_since=None, now=now)
        _, reasons = examine(item, run=run)
        if issues or reasons:
            raise Refused([*issues, *reasons])
        replaced = waiting_cancel(item=item, by_id=actor.user_id, now=now)
        schedule = _add(actor, PUBLISH, publish_at, now, item=item)
        if unpublish_at is not None:
            _add(actor, UNPUBLISH, unpublish_at, now, item=item)
        item.state, item.changed_at = State.SCHEDULED.value, now
        item.save(update_fields=["state", "changed_at"])
        words = f"设定{name_of(item)}于{in_words(publish_at)}发布"
        words += f"，{in_words(unpublish_at)}下架" if unpublish_at else ""
        _audit(actor, item, release_actions.SCHEDULE_SET, words, schedule, now, replaced=replaced, until=unpublish_at)
    return schedule


def unpublish_set(*, actor: Actor, item_id: int, unpublish_at: datetime, now: datetime) -> Schedule:
    """Set when an item that is public, or is going to be, comes down. Raises Refused with every reason, NotPermitted."""
    unpublish_at = to_second(unpublish_at)
    with transaction.atomic():
        item = _visible_and_locked(actor, item_id)
        if not permissions.can_withdraw(actor, item) or actor.user_id is None:
            raise NotPermitted(ability="设定下架时间")
        goes_out = Schedule.objects.filter(item=item, action=PUBLISH, state=WAITING).first()
        current = publication_open(item_id=item.pk)
        begins = current.published_at if current else goes_out.due_at if goes_out else None
        issues = list(check_schedule(publish_at=None, unpublish_at=unpublish_at, public_since=begins, now=now))
        if begins is None:
            issues.append(Issue("publication.schedule.nothing_to_unpublish", values={"item": item.title}))
        if issues:
            raise Refused(issues)
        replaced = waiting_cancel(item=item, by_id=actor.user_id, now=now, action=UNPUBLISH)
        schedule = _add(actor, UNPUBLISH, unpublish_at, now, item=item)
        words = f"设定{name_of(item)}于{in_words(unpublish_at)}下架"
        _audit(actor, item, release_actions.SCHEDULE_SET, words, schedule, now, replaced=replaced)
    return schedule


def schedule_cancel(*, actor: Actor, schedule_id: int, now: datetime, reason: str = "") -> Schedule:
    """Call off what waits; an item that was to go out is approved as before, and does not come down either.

    Raises Refused when it is done, failed or called off already, NotPermitted.
    """
    with transaction.atomic():
        found = Schedule.objects.filter(pk=schedule_id).first()
        if found is None:
            raise Refused(Issue("publication.schedule.not_found", values={"id": schedule_id}))
        items = _items_of(found)
        if not items or not all(permissions.can_see_item(actor, item) for item in items):
            raise Refused(Issue("publication.schedule.not_found", values={"id": schedule_id}))
        if actor.user_id is None or not all(permissions.can_publish(actor, item) for item in items):
            raise NotPermitted(ability="取消定时发布")
        schedule = Schedule.objects.select_for_update().get(pk=schedule_id)
        if schedule.state != WAITING:
            values = {"state": schedule.get_state_display()}
            raise Refused(Issue("publication.schedule.not_waiting", values=values))
        schedule.state, schedule.settled_at, schedule.settled_by_id = Schedule.State.CANCELED, now, actor.user_id
        schedule.reasons = [reason.strip()] if reason.strip() else []
        schedule.save(update_fields=["state", "settled_at", "settled_by", "reasons"])
        if schedule.action == PUBLISH:
            step_back(items, now=now)
            for item in items:
                if publication_open(item_id=item.pk) is None:
                    waiting_cancel(item=item, by_id=actor.user_id, now=now, action=UNPUBLISH)
        words = f"取消{name_of(items[0])}的{schedule.get_action_display()}（{in_words(schedule.due_at)}）"
        words += f"：{reason.strip()}" if reason.strip() else ""
        _audit(actor, items[0], release_actions.SCHEDULE_CANCEL, words, schedule, now)
    return schedule


def _items_of(schedule: Schedule) -> list[Item]:
    """Lock what a schedule is about, in the order in which everybody does: bundle, items, then the schedule itself."""
    if schedule.bundle_id is None:
        return items_lock([schedule.item_id] if schedule.item_id else [])
    bundle = Bundle.objects.select_for_update(no_key=True).get(pk=schedule.bundle_id)
    if bundle.state == Bundle.State.SCHEDULED:
        bundle.state = Bundle.State.ASSEMBLING
        bundle.save(update_fields=["state"])
    return items_lock(bundle.members.values_list("item_id", flat=True))


def schedules_end_with_round(*, item: Item, now: datetime) -> int:
    """Fail at once what was to publish a locked item whose round of approval was ended, and tell people why.

    They learn of it before the moment, and a later round does not go out at a moment that was set for another. Returns
    how many schedules.
    """
    waiting = list(Schedule.objects.select_for_update().filter(item=item, action=PUBLISH, state=WAITING))
    reasons = [describe(Issue("publication.schedule.round_ended", values={"item": name_of(item).strip("《》")}))]
    for schedule in waiting:
        schedule.state, schedule.settled_at, schedule.alarmed_at = Schedule.State.FAILED, now, now
        schedule.reasons = reasons
        schedule.save(update_fields=["state", "settled_at", "alarmed_at", "reasons"])
        tell_failed(schedule=schedule, items=[item], reasons=reasons, now=now)
    if waiting and publication_open(item_id=item.pk) is None:
        waiting_cancel(item=item, by_id=None, now=now, action=UNPUBLISH)
    return len(waiting)


def step_back(items: list[Item], *, now: datetime) -> None:
    """Take locked items out of waiting: what is not to go out at a moment is approved as it was before."""
    for item in items:
        if item.state == State.SCHEDULED.value:
            item.state, item.changed_at = State.APPROVED.value, now
            item.save(update_fields=["state", "changed_at"])


def waiting_cancel(*, item: Item, by_id: int | None, now: datetime, action: Schedule.Action | None = None) -> list[int]:
    """Call off what waits for a locked item; returns the numbers of the schedules."""
    found = Schedule.objects.select_for_update().filter(item=item, state=WAITING)
    if action is not None:
        found = found.filter(action=action)
    numbers = sorted(found.values_list("pk", flat=True))
    Schedule.objects.filter(pk__in=numbers).update(state=Schedule.State.CANCELED, settled_at=now, settled_by_id=by_id)
    return numbers


def _add(actor: Actor, action: Schedule.Action, due_at: datetime, now: datetime, *, item: Item) -> Schedule:
    return Schedule.objects.create(
        action=action,
        item=item,
        digest=item.head.digest if item.head else "",
        due_at=due_at,
        set_by_id=actor.user_id,
        set_at=now,
    )


def _visible_and_locked(actor: Actor, item_id: int) -> Item:
    item_get(actor=actor, item_id=item_id)
    return items_lock([item_id])[0]


def _audit(
    actor: Actor, item: Item, action: str, summary: str, schedule: Schedule, now: datetime, **details: object
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target_type=release_actions.TARGET_ITEM,
        target_id=item.pk,
        summary=summary,
        unit_id=item.unit_id,
        details={
            "schedule": schedule.pk,
            "action": schedule.action,
            "due_at": schedule.due_at,
            "digest": schedule.digest,
            "bundle": schedule.bundle_id,
            **{name: value for name, value in details.items() if value},
        },
        now=now,
    )
