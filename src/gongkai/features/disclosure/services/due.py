"""Doing at its moment what was set: publish, take down; or fail aloud. Any number of processes may do this at once.

The rows of ``Schedule`` are the truth. What is due is found by a query, so it does not matter which process looks, how
often, or whether one was killed. A publication is recorded a few seconds ahead with its exact moment (``AHEAD``), and
the public reads by that moment: what was recorded in time is public on the second, whatever the machine does then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import connection, transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items.states import State
from gongkai.domain.publishing import ApprovalStanding
from gongkai.features.disclosure.models import Bundle, GateRun, Item, Publication, PublicationEnd, Schedule
from gongkai.features.disclosure.publication_events import ScheduleFailed
from gongkai.features.disclosure.selectors.publications import approval_for, publication_open
from gongkai.features.disclosure.selectors.schedules import schedules_due, schedules_overdue
from gongkai.features.disclosure.services import gate, release_actions
from gongkai.features.disclosure.services.bundles import bundle_close, members_of
from gongkai.features.disclosure.services.endings import end_publication
from gongkai.features.disclosure.services.publishing import Ready, examine, items_lock, put_out
from gongkai.features.disclosure.services.schedules import waiting_cancel
from gongkai.features.disclosure.services.telling_release import tell_failed, tell_late
from gongkai.features.disclosure.services.writing import name_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.clocks.services import clocks_lock
from gongkai.kernel.errors import Refused
from gongkai.kernel.events import publish
from gongkai.rulebook.messages import describe

AHEAD = timedelta(seconds=5)
"""How long before its moment a publication is checked and recorded; a technical margin for checks that take time."""
LATE_FROM = timedelta(seconds=1)
"""From how late on people are told; row 12 of the capabilities promises one second."""
SCHEDULE_LOCK = 0x676B_7363  # "gksc": the class of the advisory locks under which schedules are done
MISSED_FROM = timedelta(minutes=1)
"""How long something may wait past its moment before it counts as missed, whatever the reason."""


@dataclass
class SweepReport:
    """What one look has done: numbers of schedules that were done, failed, or were met in another process's hands."""

    done: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)


def schedules_run(*, actor: Actor, now: datetime, ahead: timedelta = timedelta(0)) -> SweepReport:
    """Do everything that is due by ``now + ahead``, each in a transaction of its own."""
    report = SweepReport()
    for schedule_id in schedules_due(now=now, ahead=ahead):
        settled = schedule_run(actor=actor, schedule_id=schedule_id, now=now, ahead=ahead)
        kept = (
            report.skipped
            if settled is None
            else report.done
            if settled.state == Schedule.State.DONE
            else report.failed
        )
        kept.append(schedule_id)
    return report


def schedule_run(*, actor: Actor, schedule_id: int, now: datetime, ahead: timedelta = timedelta(0)) -> Schedule | None:
    """Do one schedule if it is due and nobody else is at it; None when there was nothing to do.

    Approval and gate are asked anew. What stands in the way (a superior document withdrawn meanwhile, an edit) makes it
    fail with every reason and an alarm; the item goes back to where it can be worked on.
    """
    with _alone_at(schedule_id) as mine:
        found = Schedule.objects.filter(pk=schedule_id, state=Schedule.State.WAITING).first() if mine else None
        if found is None or found.due_at > now + ahead:
            return None
        # Before the transaction: attachments may take a while, and nobody else's work is to wait for that.
        runs = {item.pk: gate.gate_run(actor=actor, item_id=item.pk, now=now) for item in _to_check(found)}
        with transaction.atomic():
            bundle, items = _lock(found)
            schedule = Schedule.objects.select_for_update().get(pk=schedule_id)
            if schedule.state != Schedule.State.WAITING:
                return None
            clocks_lock(target_type=release_actions.TARGET_ITEM, target_ids=[item.pk for item in items])
            moment = max(schedule.due_at, now)
            if schedule.action == Schedule.Action.UNPUBLISH:
                return _take_down(actor, schedule, items[0], moment, now)
            return _publish(actor, schedule, items, bundle, runs, moment, now)


@contextmanager
def _alone_at(schedule_id: int) -> Iterator[bool]:
    """Hold a lock of this connection, so that no two processes check the same thing; it ends with a killed process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SCHEDULE_LOCK, schedule_id % 2**31])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SCHEDULE_LOCK, schedule_id % 2**31])


def _to_check(schedule: Schedule) -> list[Item]:
    if schedule.action == Schedule.Action.UNPUBLISH:
        return []
    return [item for item in _concerned(schedule) if item.head_id is not None]


def _lock(schedule: Schedule) -> tuple[Bundle | None, list[Item]]:
    """Lock bundle and items, in the order in which everybody does."""
    if schedule.bundle_id is None:
        return None, items_lock([schedule.item_id] if schedule.item_id else [])
    bundle = Bundle.objects.select_for_update(of=("self",), no_key=True).get(pk=schedule.bundle_id)
    return bundle, items_lock(member.item_id for member in members_of(bundle))


def _publish(
    actor: Actor,
    schedule: Schedule,
    items: list[Item],
    bundle: Bundle | None,
    runs: Mapping[int, GateRun],
    moment: datetime,
    now: datetime,
) -> Schedule:
    ready: list[Ready] = []
    issues: list[Issue] = []
    for item in items:
        if bundle is None and item.head is not None and item.head.digest != schedule.digest:
            issues.append(Issue("publication.schedule.edited", values={"item": item.title}))
        one, reasons = examine(item, run=runs.get(item.pk), within=bundle)
        issues.extend(reasons)
        if one is not None:
            ready.append(one)
    if not items and bundle is not None:
        issues.append(Issue("publication.bundle.empty", values={"bundle": bundle.title}))
    if issues:
        return _fail(actor, schedule, items, bundle, _told(issues, items), now)
    late = (moment - schedule.due_at).total_seconds()
    try:
        with transaction.atomic():
            _settle(schedule, now, late)
            if bundle is not None:
                bundle_close(bundle, published_at=moment, now=now)
            if late >= LATE_FROM.total_seconds():
                tell_late(schedule=schedule, items=items, seconds=late, done=True, now=now)
            put_out(
                actor=actor,
                ready=ready,
                published_at=moment,
                by_id=schedule.set_by_id,
                now=now,
                schedule=schedule,
                bundle=bundle,
                details={"late_seconds": late},
            )
    except Refused as refusal:  # the database's own guard: whatever we overlooked, it did not
        for item in items:
            item.refresh_from_db()
        if bundle is not None:
            bundle.refresh_from_db()
        schedule.refresh_from_db()
        return _fail(actor, schedule, items, bundle, _told(refusal.issues, items), now)
    return schedule


def _told(issues: Iterable[Issue], items: Iterable[Item]) -> list[str]:
    """Return the reasons as they are written down and sent: an access-limited item is named by its number."""
    hidden = {item.title: name_of(item) for item in items if item.access_limited}
    return [
        describe(
            replace(issue, values={name: hidden.get(str(value), value) for name, value in issue.values.items()})
            if hidden
            else issue
        )
        for issue in issues
    ]


def _settle(schedule: Schedule, now: datetime, late: float) -> None:
    schedule.state, schedule.settled_at, schedule.late_seconds = Schedule.State.DONE, now, late
    if late >= LATE_FROM.total_seconds() and schedule.alarmed_at is None:
        schedule.alarmed_at = now
    schedule.save(update_fields=["state", "settled_at", "late_seconds", "alarmed_at"])


def _take_down(actor: Actor, schedule: Schedule, item: Item, moment: datetime, now: datetime) -> Schedule:
    current: Publication | None = publication_open(item_id=item.pk)
    if current is None:
        issues = [Issue("publication.not_public", values={"item": item.title})]
        return _fail(actor, schedule, [item], None, _told(issues, [item]), now)
    late = (moment - schedule.due_at).total_seconds()
    _settle(schedule, now, late)
    if late >= LATE_FROM.total_seconds():
        tell_late(schedule=schedule, items=[item], seconds=late, done=True, now=now)
    end_publication(
        actor=actor,
        item=item,
        publication=current,
        kind=PublicationEnd.Kind.EXPIRED,
        reason="",
        target=None,
        ended_at=moment,
        by_id=schedule.set_by_id,
        now=now,
    )
    return schedule


def _fail(
    actor: Actor,
    schedule: Schedule,
    items: list[Item],
    bundle: Bundle | None,
    reasons: Sequence[str],
    now: datetime,
) -> Schedule:
    """Settle as failed: the items are worked on again, people are told every reason, nothing went out."""
    schedule.state, schedule.settled_at, schedule.alarmed_at = Schedule.State.FAILED, now, now
    schedule.reasons = list(reasons)
    schedule.save(update_fields=["state", "settled_at", "alarmed_at", "reasons"])
    for item in items:
        if item.state == State.SCHEDULED.value:
            standing, _ = approval_for(item)
            after = State.APPROVED if standing is ApprovalStanding.COMPLETE else State.DRAFTING
            item.state, item.changed_at = after.value, now
            item.save(update_fields=["state", "changed_at"])
        if publication_open(item_id=item.pk) is None:
            waiting_cancel(item=item, by_id=None, now=now, action=Schedule.Action.UNPUBLISH)
    if bundle is not None and bundle.state == Bundle.State.SCHEDULED:
        bundle.state, bundle.changed_at = Bundle.State.ASSEMBLING, now
        bundle.save(update_fields=["state", "changed_at"])
    tell_failed(schedule=schedule, items=items, reasons=reasons, now=now)
    publish(ScheduleFailed(schedule_id=schedule.pk, at=now))
    audit.record(
        actor=actor,
        action=release_actions.SCHEDULE_FAIL,
        target_type=release_actions.TARGET_BUNDLE if bundle else release_actions.TARGET_ITEM,
        target_id=bundle.pk if bundle else items[0].pk,
        summary=f"{schedule.get_action_display()}未能执行："
        + (bundle.title if bundle else "、".join(name_of(item) for item in items)),
        unit_id=bundle.unit_id if bundle else items[0].unit_id,
        details={"schedule": schedule.pk, "due_at": schedule.due_at, "reasons": list(reasons)},
        now=now,
    )
    return schedule


def schedules_alarm(*, actor: Actor, now: datetime) -> int:
    """Tell people of what still waits a minute after its moment, once each; returns how many schedules."""
    told = 0
    for schedule_id in schedules_overdue(now=now, by=MISSED_FROM):
        with transaction.atomic():
            waiting = Schedule.objects.select_for_update(skip_locked=True).filter(
                pk=schedule_id, state=Schedule.State.WAITING, alarmed_at__isnull=True
            )
            schedule = waiting.first()
            if schedule is None:
                continue
            schedule.alarmed_at = now
            schedule.save(update_fields=["alarmed_at"])
            items = _concerned(schedule)
            late = (now - schedule.due_at).total_seconds()
            tell_late(schedule=schedule, items=items, seconds=late, done=False, now=now)
            audit.record(
                actor=actor,
                action=release_actions.SCHEDULE_LATE,
                target_type=release_actions.TARGET_ITEM,
                target_id=items[0].pk if items else 0,
                summary=f"{schedule.get_action_display()}未按时：" + "、".join(name_of(item) for item in items),
                unit_id=items[0].unit_id if items else None,
                details={"schedule": schedule.pk, "due_at": schedule.due_at, "late_seconds": round(late)},
                now=now,
            )
            told += 1
    return told


def _concerned(schedule: Schedule) -> list[Item]:
    if schedule.item_id is not None:
        return list(Item.objects.filter(pk=schedule.item_id))
    return list(Item.objects.filter(bundle_members__bundle_id=schedule.bundle_id).order_by("pk"))
