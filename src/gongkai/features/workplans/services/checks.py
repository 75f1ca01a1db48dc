"""Recurring duties: adding and ending them, opening the check of each period, recording results, harvesting evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from gongkai.domain.issues import Issue
from gongkai.domain.ledger import PERIOD_NAMES, Period, State, spans_begun
from gongkai.features.workplans import metrics, permissions
from gongkai.features.workplans.models import Check, Duty, Evidence, WorkItem, WorkPlan
from gongkai.features.workplans.selectors.access import NotFound, item_standing, item_standings
from gongkai.features.workplans.selectors.checks import check_tallies
from gongkai.features.workplans.services.evidence import refresh_items, settle_checks
from gongkai.features.workplans.services.writing import audit_item, day_of, lock_item, require, write_entry
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused

BATCH = 500


def duty_add(
    *,
    actor: Actor,
    item_id: int,
    kind: str,
    period: str,
    times: int,
    phrase: str = "",
    starts_on: date,
    ends_on: date | None = None,
    harvester: str = "",
    now: datetime,
) -> Duty:
    """Add a recurring duty (每月至少1次) to an item; its checks are opened at once for the periods begun.

    Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        item = lock_item(item_id)
        standing = item_standing(item=item, today=day_of(now))
        require(permissions.can_assign_item(actor, standing), "设置定期任务")
        issues = _duty_issues(item, kind, period, times, starts_on, ends_on, harvester)
        if issues:
            raise Refused(issues)
        duty = Duty.objects.create(
            item=item,
            kind=kind,
            period=period,
            times=times,
            phrase=phrase.strip()[:200],
            starts_on=starts_on,
            ends_on=ends_on,
            harvester=harvester,
        )
        if kind == Duty.Kind.PERIODIC:
            item.periodic = True
        else:
            item.standing = True
        item.changed_at = now
        item.save(update_fields=["periodic", "standing", "changed_at"])
        open_checks(duties=[duty], now=now)
        audit_item(
            item=item,
            actor=actor,
            action="workplans.duty.add",
            summary=f"建立定期任务“{duty}”：{item}",
            duty=duty.pk,
            now=now,
        )
    return duty


def _duty_issues(
    item: WorkItem, kind: str, period: str, times: int, starts_on: date, ends_on: date | None, harvester: str
) -> list[Issue]:
    issues = []
    if item.state in (State.CLOSED.value, State.CANCELED.value):
        issues.append(Issue("workplans.evidence.item_ended"))
    if kind not in Duty.Kind.values:
        issues.append(Issue("workplans.duty.kind", field="kind", values={"kind": kind}))
    if period not in Duty.Period.values:
        issues.append(Issue("workplans.duty.period", field="period", values={"period": period}))
    if not 1 <= times <= 1000:
        issues.append(Issue("workplans.duty.times", field="times", values={"times": times}))
    if ends_on is not None and ends_on < starts_on:
        values = {"start": starts_on.isoformat(), "end": ends_on.isoformat()}
        issues.append(Issue("workplans.duty.ends_before_start", field="ends_on", values=values))
    if harvester and metrics.harvester(harvester) is None:
        issues.append(Issue("workplans.duty.harvester", field="harvester", values={"harvester": harvester}))
    return issues


def duty_end(*, actor: Actor, duty_id: int, ends_on: date, now: datetime) -> Duty:
    """Let a duty end on a day; checks of periods that begin later are void. Raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        duty = Duty.objects.filter(pk=duty_id).first()
        if duty is None:
            raise NotFound("定期任务", duty_id)
        item = lock_item(duty.item_id)
        require(permissions.can_assign_item(actor, item_standing(item=item, today=day_of(now))), "结束定期任务")
        if ends_on < duty.starts_on:
            values = {"start": duty.starts_on.isoformat(), "end": ends_on.isoformat()}
            raise Refused(Issue("workplans.duty.ends_before_start", field="ends_on", values=values))
        duty.ends_on = ends_on
        duty.save(update_fields=["ends_on"])
        later = Check.objects.filter(duty=duty, state=Check.State.OPEN, from_on__gt=ends_on)
        later.update(state=Check.State.VOID, recorded_at=now, recorded_by_id=actor.user_id, note="定期任务已结束")
        refresh_items([item.pk])
        audit_item(
            item=item,
            actor=actor,
            action="workplans.duty.end",
            summary=f"结束定期任务“{duty}”：{item}",
            duty=duty.pk,
            now=now,
        )
    return duty


def open_checks(*, duties: Sequence[Duty], now: datetime) -> int:
    """Open the check of every period begun by today that has none yet; safe to repeat and to be late. Returns how many."""
    today = day_of(now)
    checks = []
    for duty in duties:
        for span in spans_begun(Period(duty.period), starts_on=duty.starts_on, ends_on=duty.ends_on, today=today):
            phrase = duty.phrase or f"{PERIOD_NAMES[Period(duty.period)]}{duty.times}次"
            checks.append(
                Check(
                    item_id=duty.item_id,
                    duty=duty,
                    kind=duty.kind,
                    label=f"{span.label}：{phrase}"[:200],
                    from_on=span.from_on,
                    due_on=span.to_on,
                    required=duty.times,
                    opened_at=now,
                )
            )
    known = set(Check.objects.filter(duty__in=duties).values_list("duty_id", "from_on"))
    fresh = [check for check in checks if (check.duty_id, check.from_on) not in known]
    Check.objects.bulk_create(fresh, ignore_conflicts=True)
    settle_checks(item_ids={duty.item_id for duty in duties}, now=now)
    return len(fresh)


def checks_sweep(*, now: datetime) -> int:
    """Open the checks that have become due to be opened, for every active plan; returns how many.

    A duty gets one check for each period begun since it started, so a sweep that comes days late opens all that were
    missed, and one that runs twice opens nothing.
    """
    today = day_of(now)
    live = Duty.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today - timedelta(days=366)),
        starts_on__lte=today,
        item__plan__state=WorkPlan.State.ACTIVE,
    ).exclude(item__state__in=[State.CLOSED.value, State.CANCELED.value])
    opened = 0
    ids = list(live.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            duties = list(Duty.objects.filter(pk__in=ids[start : start + BATCH]))
            list(
                WorkItem.objects.select_for_update(no_key=True)
                .filter(pk__in={d.item_id for d in duties})
                .order_by("pk")
            )
            opened += open_checks(duties=duties, now=now)
    return opened


def evidence_harvest(*, now: datetime) -> int:
    """Ask the counters of the platform for evidence of every open check that names one; returns how many were new."""
    checks = Check.objects.filter(state=Check.State.OPEN, item__plan__state=WorkPlan.State.ACTIVE, duty__isnull=False)
    found = 0
    for pk in list(checks.exclude(duty__harvester="").order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            found += _harvest(pk, now)
    return found


def _harvest(check_id: int, now: datetime) -> int:
    check = Check.objects.select_related("duty").get(pk=check_id)
    counter = metrics.harvester(check.duty.harvester) if check.duty else None
    if counter is None or check.from_on is None:
        return 0
    item = lock_item(check.item_id)
    today = day_of(now)
    standing = item_standings(items=[item], today=today)[item.pk]
    query = metrics.HarvestQuery(item.pk, standing.doers, check.from_on, min(check.due_on, today))
    known = set(Evidence.objects.filter(item=item).exclude(ref="").values_list("ref", flat=True))
    rows = [
        Evidence(
            item=item,
            check_row=check,
            kind=Evidence.Kind.LINK,
            title=thing.title[:300],
            ref=thing.ref,
            occurred_on=thing.occurred_on,
            harvester=counter.code,
            unit_id=thing.unit_id,
            added_at=now,
        )
        for thing in {thing.ref: thing for thing in counter.find(query)}.values()
        if thing.ref not in known  # removed evidence is known too: what a person took off does not come back
    ]
    Evidence.objects.bulk_create(rows)
    settle_checks(item_ids=[item.pk], now=now)
    return len(rows)


def check_record(*, actor: Actor, check_id: int, kept: bool, note: str = "", now: datetime) -> Check:
    """Record the result of a check; one that was not kept, or kept without enough evidence, needs a note.

    Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        found = Check.objects.filter(pk=check_id).values_list("item_id", flat=True).first()
        if found is None:
            raise NotFound("检查", check_id)
        item = lock_item(found)
        check = Check.objects.select_for_update(of=("self",), no_key=True).get(pk=check_id)
        standing = item_standing(item=item, today=day_of(now))
        # Whoever does the work says what was done; that something was done without evidence is for the checkers to say.
        checker = permissions.can_check_item(actor, standing)
        require(checker or permissions.can_work_on_item(actor, standing), "记录检查结果")
        tally = check_tallies([check])[check.pk]
        issues = []
        if check.state != Check.State.OPEN:
            issues.append(Issue("workplans.check.recorded", values={"label": check.label}))
        if check.from_on is not None and check.from_on > day_of(now):
            issues.append(Issue("workplans.check.not_begun", values={"label": check.label}))
        if not note.strip() and (not kept or not tally.kept):
            issues.append(Issue("workplans.check.note_missing", field="note"))
        if kept and not tally.kept and not checker:
            values = {"label": check.label, "required": tally.required, "counted": tally.counted}
            issues.append(Issue("workplans.check.short", values=values))
        if issues:
            raise Refused(issues)
        check.state = Check.State.KEPT if kept else Check.State.MISSED
        check.counted, check.note = tally.counted, note.strip()
        check.recorded_by_id, check.recorded_at = actor.user_id, now
        check.save()
        write_entry(
            item=item,
            actor=actor,
            verb="check_record",
            text=f"{check.label}：{check.get_state_display()}",
            reason=note.strip(),
            details={"check": check.pk, "required": tally.required, "counted": tally.counted},
            now=now,
        )
        refresh_items([item.pk])
        audit_item(
            item=item,
            actor=actor,
            action="workplans.check.record",
            summary=f"检查“{check.label}”记为{check.get_state_display()}：{item}",
            check=check.pk,
            note=note.strip(),
            now=now,
        )
    return check
