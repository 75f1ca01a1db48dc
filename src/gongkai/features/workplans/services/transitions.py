"""The sign-off of an item, one function a step: start, report, submit, accept, return, close, reopen, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from gongkai.domain.issues import Issue
from gongkai.domain.ledger import VERB_NAMES, Command, Facts, State, Verb, decide, evolve
from gongkai.features.workplans import permissions
from gongkai.features.workplans.events import ItemMoved
from gongkai.features.workplans.models import Check, Evidence, LedgerEntry, WorkItem, WorkItemUnit, WorkPlan
from gongkai.features.workplans.permissions import Standing
from gongkai.features.workplans.selectors.access import item_standing
from gongkai.features.workplans.selectors.checks import checks_short
from gongkai.features.workplans.services.actions import ITEM_ACTIONS
from gongkai.features.workplans.services.writing import (
    acting_unit,
    audit_item,
    day_of,
    lock_item,
    refresh_attention,
    require,
    write_entry,
)
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.events import publish

ENDED = (State.ACCEPTED.value, State.CLOSED.value, State.CANCELED.value)


def item_facts(item: WorkItem, verb: Verb, *, today: date) -> Facts:
    """Collect what the ledger has to know before it decides ``verb``; evidence and checks matter for closing only."""
    rows = WorkItemUnit.objects.filter(item=item)
    children = WorkItem.objects.filter(parent=item).exclude(state__in=ENDED).order_by("sort_order", "pk")
    closing = verb is Verb.CLOSE
    return Facts(
        owned=rows.filter(Q(unit__isnull=False) | Q(group__isnull=False)).exists(),
        submitted_by=item.submitted_by_id,
        accepted_by=item.accepted_by_id,
        evidence=_evidence_of(item) if closing else 0,
        open_children=tuple(str(child) for child in children),
        short_checks=tuple(check.label for check in checks_short(item_id=item.pk)) if closing else (),
        standing=item.standing and today <= date(item.plan.year, 12, 31),
        parent_ended=item.parent is not None and item.parent.state in (State.CLOSED.value, State.CANCELED.value),
        plan_active=item.plan.state == WorkPlan.State.ACTIVE,
    )


def _evidence_of(item: WorkItem) -> int:
    """Count the evidence on the item and on every part split off from it."""
    family = [item.pk, *WorkItem.objects.filter(Q(root=item) | Q(parent=item)).values_list("pk", flat=True)]
    return Evidence.objects.filter(item_id__in=family, removed_at__isnull=True, counted=True).count()


def settle(
    *,
    actor: Actor,
    item: WorkItem,
    command: Command,
    standing: Standing,
    now: datetime,
    percent: int | None = None,
    occurred_on: date | None = None,
    details: Mapping[str, Any] | None = None,
    also: Sequence[Issue] = (),
) -> LedgerEntry:
    """Ask the ledger, apply what it decides to the locked item, and return the line written to its history.

    ``also`` are reasons against it that the ledger does not know; they are told together with its own. Raises NotPermitted, or Refused with every reason. The caller changes what else belongs to the verb, saves, publishes
    and audits (``finish``).
    """
    verb = command.verb
    require(permissions.can_do(actor, verb, standing), VERB_NAMES[verb] + "任务")
    decision = decide(State(item.state), command, item_facts(item, verb, today=day_of(now)))
    if decision.issues or also:
        raise Refused((*decision.issues, *also))
    (event,) = decision.events
    item.state = evolve(State(item.state), event).value
    _apply(item, verb, command, actor, standing, now)
    return write_entry(
        item=item,
        actor=actor,
        verb=verb.value,
        before=event.before.value,
        after=event.after.value,
        text=event.text,
        reason=event.reason,
        percent=percent,
        occurred_on=occurred_on,
        details=details,
        unit_id=acting_unit(actor, [standing.responsible | standing.cooperating, standing.lead, standing.lead_above]),
        now=now,
    )


def finish(*, actor: Actor, item: WorkItem, entry: LedgerEntry, now: datetime) -> None:
    """Save the item with its next day that matters, publish what happened, and audit it; call it last."""
    refresh_attention(item)
    item.save()
    publish(
        ItemMoved(
            item_id=item.pk,
            verb=entry.verb,
            before=entry.before,
            after=entry.after,
            actor_id=actor.user_id,
            entry_id=entry.pk,
            at=now,
        )
    )
    verb = Verb(entry.verb)
    audit_item(
        item=item,
        actor=actor,
        action=ITEM_ACTIONS[verb],
        summary=f"{VERB_NAMES[verb]}：{item}",
        unit_id=entry.unit_id,
        now=now,
        state_from=entry.before,
        state_to=entry.after,
        text=entry.text,
        reason=entry.reason,
        percent=entry.percent,
        **entry.details,
    )


def _apply(item: WorkItem, verb: Verb, command: Command, actor: Actor, standing: Standing, now: datetime) -> None:
    """Set the fields that go with the verb."""
    item.changed_at = now
    if verb in (Verb.RETURN, Verb.CANCEL, Verb.REOPEN, Verb.CLOSE):
        item.state_reason = command.reason.strip()
    elif verb in (Verb.START, Verb.SUBMIT, Verb.ACCEPT):
        item.state_reason = ""
    if verb is Verb.SUBMIT:
        item.submitted_on = day_of(now)
        item.submitted_by_id = actor.user_id
        item.submitted_unit_id = acting_unit(actor, [standing.responsible | standing.cooperating, standing.lead])
    elif verb is Verb.ACCEPT:
        item.accepted_by_id, item.accepted_at, item.percent = actor.user_id, now, 100
    elif verb in (Verb.RETURN, Verb.REOPEN):
        item.accepted_by_id = item.accepted_at = item.closed_by_id = item.closed_at = None
        item.submitted_on = None
        item.percent = min(item.percent, 99)
    elif verb is Verb.CLOSE:
        item.closed_by_id, item.closed_at = actor.user_id, now


def _move(
    *,
    actor: Actor,
    item_id: int,
    verb: Verb,
    now: datetime,
    text: str = "",
    reason: str = "",
    percent: int | None = None,
    occurred_on: date | None = None,
    also: Sequence[Issue] = (),
) -> WorkItem:
    with transaction.atomic():
        item = lock_item(item_id)
        require_person(actor, verb)
        entry = settle(
            actor=actor,
            item=item,
            command=Command(verb, by=actor.user_id, text=text, reason=reason),
            standing=item_standing(item=item, today=day_of(now)),
            percent=percent,
            occurred_on=occurred_on,
            also=also,
            now=now,
        )
        if percent is not None and item.state not in ENDED:
            item.percent = percent
        if verb in (Verb.CLOSE, Verb.CANCEL):
            _void_checks(item, actor, now)
        finish(actor=actor, item=item, entry=entry, now=now)
    return item


def require_person(actor: Actor, verb: Verb) -> None:
    """Submitting, accepting and closing are signed by a person: a job may not."""
    require(actor.user_id is not None or verb not in (Verb.SUBMIT, Verb.ACCEPT, Verb.CLOSE), VERB_NAMES[verb] + "任务")


def _void_checks(item: WorkItem, actor: Actor, now: datetime) -> None:
    """An ended item is no longer looked at."""
    Check.objects.filter(item=item, state=Check.State.OPEN).update(
        state=Check.State.VOID, recorded_at=now, recorded_by_id=actor.user_id, note="任务已终止"
    )


def item_start(*, actor: Actor, item_id: int, now: datetime) -> WorkItem:
    """Begin the work; raises NotFound, NotPermitted, Refused."""
    return _move(actor=actor, item_id=item_id, verb=Verb.START, now=now)


def item_report_progress(
    *, actor: Actor, item_id: int, text: str, percent: int | None = None, occurred_on: date | None = None, now: datetime
) -> WorkItem:
    """Report progress in words, and in percent (0 to 100) where that says something; the day defaults to today.

    Raises NotFound, NotPermitted, Refused.
    """
    issues = []
    if percent is not None and not 0 <= percent <= 100:
        issues.append(Issue("workplans.percent.range", field="percent", values={"percent": percent}))
    if occurred_on is not None and occurred_on > day_of(now):
        issues.append(Issue("workplans.day.future", field="occurred_on", values={"day": occurred_on.isoformat()}))
    return _move(
        actor=actor,
        item_id=item_id,
        verb=Verb.REPORT,
        text=text,
        percent=percent,
        occurred_on=occurred_on,
        also=issues,
        now=now,
    )


def item_submit(*, actor: Actor, item_id: int, text: str, now: datetime) -> WorkItem:
    """Report the work as done; ``text`` says what was achieved. Raises NotFound, NotPermitted, Refused."""
    return _move(actor=actor, item_id=item_id, verb=Verb.SUBMIT, text=text, now=now)


def item_accept(*, actor: Actor, item_id: int, text: str = "", now: datetime) -> WorkItem:
    """Accept what was submitted; the submitter may not. Raises NotFound, NotPermitted, Refused."""
    return _move(actor=actor, item_id=item_id, verb=Verb.ACCEPT, text=text, now=now)


def item_return(*, actor: Actor, item_id: int, reason: str, now: datetime) -> WorkItem:
    """Give a submission back with a reason. Raises NotFound, NotPermitted, Refused."""
    return _move(actor=actor, item_id=item_id, verb=Verb.RETURN, reason=reason, now=now)


def item_close(*, actor: Actor, item_id: int, reason: str = "", now: datetime) -> WorkItem:
    """Strike the item off (销号). Without evidence, or for a standing duty, a reason is needed.

    Raises NotFound, NotPermitted, Refused.
    """
    return _move(actor=actor, item_id=item_id, verb=Verb.CLOSE, reason=reason, now=now)


def item_reopen(*, actor: Actor, item_id: int, reason: str, now: datetime) -> WorkItem:
    """Take a closed or canceled item up again. Raises NotFound, NotPermitted, Refused."""
    return _move(actor=actor, item_id=item_id, verb=Verb.REOPEN, reason=reason, now=now)


def item_cancel(*, actor: Actor, item_id: int, reason: str, now: datetime) -> WorkItem:
    """Cancel the item with a reason; parts split off that are still open are named in a refusal.

    Raises NotFound, NotPermitted, Refused.
    """
    return _move(actor=actor, item_id=item_id, verb=Verb.CANCEL, reason=reason, now=now)


STEPS: Mapping[Verb, Any] = {
    Verb.START: item_start,
    Verb.REPORT: item_report_progress,
    Verb.SUBMIT: item_submit,
    Verb.ACCEPT: item_accept,
    Verb.RETURN: item_return,
    Verb.CLOSE: item_close,
    Verb.REOPEN: item_reopen,
    Verb.CANCEL: item_cancel,
}
