"""Evidence put on record and taken off again; a check that has enough of it is kept by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.ledger import State, attention_on
from gongkai.features.workplans import permissions
from gongkai.features.workplans.events import EvidenceAdded
from gongkai.features.workplans.models import Check, Evidence, WorkItem
from gongkai.features.workplans.selectors.access import NotFound, item_standing
from gongkai.features.workplans.selectors.checks import check_tallies
from gongkai.features.workplans.services.writing import (
    acting_unit,
    audit_item,
    day_of,
    lock_item,
    require,
    write_entry,
)
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.events import publish
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.services import file_store
from gongkai.kernel.links.references import Ref
from gongkai.kernel.links.services import link_create

RELATION = "evidence"


def evidence_add(
    *,
    actor: Actor,
    item_id: int,
    title: str,
    kind: str,
    occurred_on: date,
    upload: Any = None,
    ref: str = "",
    url: str = "",
    check_id: int | None = None,
    counted: bool = True,
    now: datetime,
) -> Evidence:
    """Put evidence on record: a file (``upload``), an object of the platform (``ref``) or a web page (``url``).

    ``check_id`` names the check it is for; without it, it counts by its day. Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        item = lock_item(item_id)
        standing = item_standing(item=item, today=day_of(now))
        allowed = permissions.can_work_on_item(actor, standing) or permissions.can_check_item(actor, standing)
        require(allowed, "添加佐证材料")
        issues = _issues(item, title, kind, occurred_on, upload, ref, url, check_id, day_of(now))
        if issues:
            raise Refused(issues)
        unit_id = acting_unit(actor, [standing.responsible | standing.cooperating, standing.lead])
        file: StoredFile | None = None
        if kind == Evidence.Kind.FILE:
            file = file_store(
                actor=actor,
                upload=upload,
                unit_id=unit_id,
                target_type="workplans.item",
                target_id=item.pk,
                now=now,
            )
            ref = f"files.file:{file.pk}"
        evidence = Evidence.objects.create(
            item=item,
            check_row_id=check_id,
            kind=kind,
            title=title.strip()[:300],
            file=file,
            ref=ref,
            url=url.strip(),
            occurred_on=occurred_on,
            counted=counted,
            unit_id=unit_id,
            added_by_id=actor.user_id,
            added_at=now,
        )
        write_entry(
            item=item,
            actor=actor,
            verb="evidence_add",
            text=evidence.title,
            occurred_on=occurred_on,
            unit_id=unit_id,
            details={"evidence": evidence.pk, "ref": ref, "url": url.strip()},
            now=now,
        )
        settle_checks(item_ids=[item.pk], now=now)
        if kind == Evidence.Kind.LINK:
            source = f"workplans.item:{item.pk}"
            link_create(actor=actor, source=source, relation=RELATION, target=ref, now=now)
        publish(EvidenceAdded(item_id=item.pk, evidence_id=evidence.pk, at=now))
        audit_item(
            item=item,
            actor=actor,
            action="workplans.evidence.add",
            summary=f"添加佐证材料“{evidence.title}”：{item}",
            unit_id=unit_id,
            evidence=evidence.pk,
            ref=ref,
            url=url.strip(),
            now=now,
        )
    return evidence


def _issues(
    item: WorkItem,
    title: str,
    kind: str,
    occurred_on: date,
    upload: Any,
    ref: str,
    url: str,
    check_id: int | None,
    today: date,
) -> list[Issue]:
    issues: list[Issue] = []
    if item.state in (State.CLOSED.value, State.CANCELED.value):
        issues.append(Issue("workplans.evidence.item_ended"))
    if not title.strip():
        issues.append(Issue("workplans.evidence.no_title", field="title"))
    if occurred_on > today:
        issues.append(Issue("workplans.day.future", field="occurred_on", values={"day": occurred_on.isoformat()}))
    if kind not in Evidence.Kind.values:
        issues.append(Issue("workplans.evidence.kind", field="kind", values={"kind": kind}))
    if kind == Evidence.Kind.FILE and upload is None:
        issues.append(Issue("workplans.evidence.no_file", field="upload"))
    if kind == Evidence.Kind.URL and not _is_web_address(url):
        issues.append(Issue("workplans.evidence.bad_url", field="url", values={"url": url.strip()[:100]}))
    if kind == Evidence.Kind.LINK:
        issues.extend(_link_issues(item, ref))
    if check_id is not None and not Check.objects.filter(pk=check_id, item=item).exists():
        issues.append(Issue("workplans.evidence.check_elsewhere", field="check_id"))
    return issues


def _link_issues(item: WorkItem, ref: str) -> list[Issue]:
    try:
        Ref.parse(ref)
    except ValueError:
        return [Issue("workplans.evidence.bad_ref", field="ref", values={"ref": ref[:100]})]
    if Evidence.objects.filter(item=item, ref=ref, removed_at__isnull=True).exists():
        return [Issue("workplans.evidence.already", field="ref", values={"ref": ref})]
    return []


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(url) <= 600 and " " not in url.strip()


def evidence_remove(*, actor: Actor, evidence_id: int, reason: str, now: datetime) -> Evidence:
    """Take evidence off the record with a reason; the row stays. Raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        found = Evidence.objects.filter(pk=evidence_id).values_list("item_id", flat=True).first()
        if found is None:
            raise NotFound("佐证材料", evidence_id)
        item = lock_item(found)
        evidence = Evidence.objects.select_for_update(of=("self",), no_key=True).get(pk=evidence_id)
        standing = item_standing(item=item, today=day_of(now))
        own = evidence.added_by_id is not None and evidence.added_by_id == actor.user_id
        manages = permissions.can_manage_item(actor, standing)
        require(manages or (own and permissions.can_work_on_item(actor, standing)), "移除佐证材料")
        issues = []
        if evidence.removed_at is not None:
            issues.append(Issue("workplans.evidence.removed_already"))
        if item.state == State.CLOSED.value:
            issues.append(Issue("workplans.evidence.item_ended"))
        if not reason.strip():
            issues.append(Issue("ledger.reason.missing", field="reason", values={"verb": "移除佐证材料"}))
        if issues:
            raise Refused(issues)
        evidence.removed_at, evidence.removed_by_id, evidence.removed_reason = now, actor.user_id, reason.strip()
        evidence.save(update_fields=["removed_at", "removed_by", "removed_reason"])
        write_entry(item=item, actor=actor, verb="evidence_remove", text=evidence.title, reason=reason.strip(), now=now)
        reopen_checks(item_ids=[item.pk])
        settle_checks(item_ids=[item.pk], now=now)
        audit_item(
            item=item,
            actor=actor,
            action="workplans.evidence.remove",
            summary=f"移除佐证材料“{evidence.title}”：{item}",
            evidence=evidence.pk,
            reason=reason.strip(),
            now=now,
        )
    return evidence


def settle_checks(*, item_ids: Iterable[int], now: datetime) -> int:
    """Mark open checks with enough counted evidence as kept, by no person's hand; returns how many.

    Works on locked items; their next day that matters is brought up to date.
    """
    wanted = list(item_ids)
    checks = list(Check.objects.filter(item_id__in=wanted, state=Check.State.OPEN))
    tallies = check_tallies(checks)
    kept = [check for check in checks if tallies[check.pk].kept and check.required > 0]
    for check in kept:
        check.state, check.counted, check.recorded_at = Check.State.KEPT, tallies[check.pk].counted, now
        check.note = "佐证材料已达到要求次数"
    Check.objects.bulk_update(kept, ["state", "counted", "recorded_at", "note"])
    refresh_items(wanted)
    return len(kept)


def reopen_checks(*, item_ids: Iterable[int]) -> None:
    """Open checks again that were kept by evidence alone, so that they are counted anew."""
    Check.objects.filter(item_id__in=list(item_ids), state=Check.State.KEPT, recorded_by__isnull=True).update(
        state=Check.State.OPEN, counted=None, recorded_at=None, note=""
    )


def refresh_items(item_ids: Iterable[int]) -> None:
    """Bring the next day that matters of items up to date; three statements, however many there are."""
    items = list(WorkItem.objects.filter(pk__in=list(item_ids)))
    days: dict[int, list[date]] = defaultdict(list)
    waiting = Check.objects.filter(item__in=items, state=Check.State.OPEN)
    for item_id, day in waiting.values_list("item_id", "due_on"):
        days[item_id].append(day)
    moved = []
    for item in items:
        day = attention_on(State(item.state), item.due_on, days[item.pk])
        if day != item.attention_on:
            item.attention_on = day
            moved.append(item)
    WorkItem.objects.bulk_update(moved, ["attention_on"])
