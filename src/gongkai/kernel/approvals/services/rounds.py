"""Opening a round, ending it by an edit or by withdrawing it, and the review that an emergency release owes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from gongkai.domain import approval as domain
from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals import permissions
from gongkai.kernel.approvals.events import ApprovalVoided, StepWaiting
from gongkai.kernel.approvals.following import lock_target, tell_follower
from gongkai.kernel.approvals.models import (
    Approval,
    ApprovalEnd,
    ApprovalState,
    ApprovalStep,
    Purpose,
    StepOpening,
)
from gongkai.kernel.approvals.selectors.rounds import Round, day_of, is_complete, round_made
from gongkai.kernel.approvals.selectors.routes import forms, route_for
from gongkai.kernel.approvals.targets import used_rounds
from gongkai.kernel.audit.services import record
from gongkai.kernel.clocks.selectors import calendar_current, rulebook
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.events import publish
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.orgs.selectors import unit_ancestor_ids

DIGEST = re.compile(r"[0-9a-f]{64}")
TITLE_LENGTH = Approval._meta.get_field("title").max_length or 300


def approval_open(
    *,
    actor: Actor,
    target_type: str,
    target_id: str | int,
    title: str,
    url: str,
    unit_id: int,
    digest: str,
    author_ids: Iterable[int],
    now: datetime,
    columns: Sequence[str] = (),
    kind: str = "",
    flags: Iterable[str] = (),
    emergency: bool = False,
    reason: str = "",
) -> Approval:
    """Open a round over the text with this digest, along the route that holds for its unit, columns and kind.

    ``author_ids`` is everybody who edited the text since it was last published; ``flags`` say which special reviews it
    needs (``legality``, ``fair_competition``). An ``emergency`` takes the short route and needs a ``reason``.
    Raises NotPermitted, or Refused with every reason.
    """
    authors = sorted(set(author_ids))
    held = sorted(set(flags))
    reason = reason.strip()
    today = day_of(now)
    with transaction.atomic():
        if not permissions.can_open(actor):
            raise NotPermitted(ability="送审")
        unit = Unit.objects.get(pk=unit_id)
        issues = []
        if not unit.exists(today):
            issues.append(Issue("approvals.open.unit_gone", "unit", {"unit": unit.name}))
        if not authors:
            issues.append(Issue("approvals.open.no_author", "authors"))
        if not DIGEST.fullmatch(digest):
            issues.append(Issue("approvals.open.digest", "digest"))
        strange = [flag for flag in held if flag not in domain.FLAG_NAMES]
        issues += [Issue("approvals.open.flag", "flags", {"flag": flag}) for flag in strange]
        if emergency and not reason:
            issues.append(Issue("approvals.emergency.no_reason", "reason"))
        earlier = Approval.objects.select_for_update(no_key=True).filter(
            target_type=target_type, target_id=str(target_id), state=ApprovalState.OPEN
        )
        running = next((one for one in earlier.order_by() if one.purpose != Purpose.AFTER_REVIEW), None)
        if running is not None:
            issues.append(Issue("approvals.open.running", values={"round": running.round}))
        if issues:
            raise Refused(issues)
        route = route_for(unit_id=unit.pk, columns=columns, kind=kind, emergency=emergency, on=today).route
        fields = {
            "target_type": target_type,
            "target_id": str(target_id),
            "title": _short(title),
            "url": url,
            "unit": unit,
            "digest": digest,
            "columns": list(columns),
            "kind": kind,
            "flags": held,
            "purpose": Purpose.EMERGENCY if emergency else Purpose.ORDINARY,
            "reason": reason,
            "authors": authors,
        }
        return _begin(actor, fields, route, now)


def approval_open_after_review(*, actor: Actor, approval_id: int, now: datetime) -> Approval:
    """Open the full review of what an emergency released, over the same digest; the open or finished one is returned.

    Call it when the release has happened. Raises Refused when the round was no emergency, or is not complete.
    """
    today = day_of(now)
    with transaction.atomic():
        urgent = Approval.objects.select_for_update(no_key=True).filter(pk=approval_id).first()
        if urgent is None:
            raise Refused(Issue("approvals.not_found", values={"id": approval_id}))
        if not permissions.can_open(actor):
            raise NotPermitted(ability="发起补审")
        if urgent.purpose != Purpose.EMERGENCY:
            raise Refused(Issue("approvals.emergency.not_one"))
        if not is_complete(urgent.pk, urgent.digest):
            raise Refused(Issue("approvals.emergency.not_complete"))
        known = urgent.after_reviews.filter(state__in=[ApprovalState.OPEN, ApprovalState.COMPLETED]).first()
        if known is not None:
            return known
        route = route_for(unit_id=urgent.unit_id, columns=urgent.columns, kind=urgent.kind, on=today).route
        due_on, provisional = review_due(today)
        copied = ("target_type", "target_id", "title", "url", "unit", "digest", "columns", "kind", "flags", "authors")
        fields = {name: getattr(urgent, name) for name in copied}
        fields.update(
            purpose=Purpose.AFTER_REVIEW, emergency=urgent, review_due_on=due_on, review_provisional=provisional
        )
        return _begin(actor, fields, route, now)


def review_due(released_on: date) -> tuple[date, bool]:
    """Return by when a review after an emergency release is due, and whether that is provisional."""
    number = rulebook().value("approval.after_review", on=released_on, layer=settings.LAYER).number
    return _working_days_after(released_on, number or 0)


def _working_days_after(day: date, count: int) -> tuple[date, bool]:
    calendar = calendar_current()
    due_on = calendar.add_working_days(day, count, strict=False)
    return due_on, bool(calendar.missing_years(day, due_on))


def _begin(actor: Actor, fields: dict[str, object], route: domain.Route, now: datetime) -> Approval:
    """Write the round with its frozen steps, open the first ones, publish and audit."""
    known_forms = forms(on=day_of(now))
    rounds = Approval.objects.filter(target_type=fields["target_type"], target_id=fields["target_id"])
    try:
        with transaction.atomic():
            approval = Approval.objects.create(
                **fields,
                round=(rounds.aggregate(last=Max("round"))["last"] or 0) + 1,
                route_code=route.code,
                route_number=route.number,
                route_name=route.name,
                route_content=route.as_data(),
                opened_by_id=actor.user_id,
                opened_at=now,
            )
    except IntegrityError:  # somebody else opened one at the same moment
        raise Refused(Issue("approvals.open.running", values={"round": rounds.count()})) from None
    steps = [
        ApprovalStep(
            approval=approval,
            code=step.code,
            name=step.name,
            kind=step.kind.value,
            order=step.order,
            position=position,
            roles=list(step.roles),
            where=step.place.value,
            separate_from=list(step.separate_from),
            due_working_days=step.due_working_days,
            links=step.links,
            form_code=step.form,
            form=known_forms[step.form].as_data() if step.form else {},
        )
        for position, step in enumerate(route.needed(approval.flags), start=1)
    ]
    ApprovalStep.objects.bulk_create(steps)
    open_steps(round_made(approval, steps, ()), now)
    what = {"ordinary": "送审", "emergency": "应急发布送审", "after_review": "开始补审"}[approval.purpose]
    record(
        actor=actor,
        action="approvals.approval.open",
        target_type=approval.target_type,
        target_id=approval.target_id,
        unit_id=approval.unit_id,
        summary=f"{what}：“{approval.title}”第{approval.round}轮，路线“{approval.route_name}”",
        details={
            "approval": approval.pk,
            "digest": approval.digest,
            "route": f"{approval.route_code}:{approval.route_number}",
            "authors": approval.authors,
            "flags": approval.flags,
            "purpose": str(approval.purpose),
            "reason": approval.reason,
        },
        now=now,
    )
    return approval


def open_steps(one: Round, now: datetime) -> None:
    """Write down that the steps whose turn it is can be signed from now on, with their due days; tell who listens."""
    opened = {step.pk for step in one.steps if hasattr(step, "opening")}
    rows = []
    for step in one.current:
        row = one.step_row(step.code)
        if row is None or row.pk in opened:
            continue
        due_on, provisional = _working_days_after(day_of(now), step.due_working_days)
        rows.append(StepOpening(step=row, opened_at=now, due_on=due_on, provisional=provisional))
        publish(
            StepWaiting(
                approval_id=one.approval.pk,
                target_type=one.approval.target_type,
                target_id=one.approval.target_id,
                step=step.code,
                at=now,
            )
        )
    StepOpening.objects.bulk_create(rows)


def approval_void(
    *, actor: Actor, target_type: str, target_id: str | int, reason: str, now: datetime
) -> list[Approval]:
    """End the rounds over an object because its text was changed: what was signed counts no more.

    The running round and a complete one both end. What something was released under stays as evidence (see
    ``targets.register_uses``), and so does a review after an emergency release: both are about what was published. No
    permission is asked, the edit itself was permitted. Nothing to end: an empty list.
    """
    with transaction.atomic():
        found = (
            Approval.objects.select_for_update(no_key=True)
            .filter(target_type=target_type, target_id=str(target_id))
            .filter(state__in=[ApprovalState.OPEN, ApprovalState.COMPLETED])
            .exclude(purpose=Purpose.AFTER_REVIEW)
            .order_by("pk")
        )
        rows = list(found)
        used = used_rounds(target_type, [row.pk for row in rows if row.state == ApprovalState.COMPLETED])
        ended = [row for row in rows if row.pk not in used]
        for approval in ended:
            _end(actor, approval, ApprovalState.VOIDED, reason.strip() or "内容已修改", now)
        for approval in ended:
            _record_end(actor, approval, "approvals.approval.void", "审批失效", reason, now)
    return ended


def approval_cancel(*, actor: Actor, approval_id: int, reason: str, now: datetime) -> Approval:
    """Withdraw a round: by who opened or wrote it, or the disclosure office; one after an emergency by the authority.

    Raises NotPermitted, or Refused without a reason or when the round has ended.
    """
    with transaction.atomic():
        target = Approval.objects.filter(pk=approval_id).values_list("target_type", "target_id").first()
        if target is not None:
            lock_target(*target)
        approval = Approval.objects.select_for_update(no_key=True).filter(pk=approval_id).first()
        if approval is None:
            raise Refused(Issue("approvals.not_found", values={"id": approval_id}))
        if approval.purpose == Purpose.AFTER_REVIEW:
            allowed = permissions.can_manage_after_reviews(actor)
        else:
            units = (approval.unit_id, *unit_ancestor_ids(unit_id=approval.unit_id))
            allowed = permissions.can_cancel(
                actor, opened_by=approval.opened_by_id, authors=approval.authors, unit_ids=units
            )
        if not allowed:
            raise NotPermitted(ability="撤销这一轮审批")
        issues = []
        if not reason.strip():
            issues.append(Issue("approvals.round.reason", "reason"))
        if approval.state not in (ApprovalState.OPEN, ApprovalState.COMPLETED):
            issues.append(_ended(approval, "撤销"))
        if issues:
            raise Refused(issues)
        _end(actor, approval, ApprovalState.CANCELED, reason.strip(), now)
        _record_end(actor, approval, "approvals.approval.cancel", "撤销审批", reason, now)
    return approval


def _ended(approval: Approval, verb: str) -> Issue:
    return Issue("approvals.round.ended", values={"state": approval.get_state_display(), "verb": verb})


def _end(actor: Actor, approval: Approval, kind: ApprovalState, reason: str, now: datetime) -> None:
    ApprovalEnd.objects.create(approval=approval, kind=kind, reason=reason, ended_by_id=actor.user_id, ended_at=now)
    approval.state = kind
    approval.closed_at = now
    approval.save(update_fields=["state", "closed_at"])
    if approval.purpose != Purpose.AFTER_REVIEW:
        tell_follower(actor, approval, now)
    publish(
        ApprovalVoided(
            approval_id=approval.pk,
            target_type=approval.target_type,
            target_id=approval.target_id,
            kind=str(kind.value),
            reason=reason,
            at=now,
        )
    )


def _record_end(actor: Actor, approval: Approval, action: str, words: str, reason: str, now: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_type=approval.target_type,
        target_id=approval.target_id,
        unit_id=approval.unit_id,
        summary=f"{words}：“{approval.title}”第{approval.round}轮（{reason.strip() or '内容已修改'}）",
        details={"approval": approval.pk, "digest": approval.digest, "reason": reason.strip()},
        now=now,
    )


def _short(title: str) -> str:
    title = " ".join(title.split())
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"
