"""Writing long exports in the background, telling who asked, and deleting them after a while."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from typing import IO

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.workplans.models import LedgerExport
from gongkai.features.workplans.selectors.addresses import export_path
from gongkai.features.workplans.selectors.export import items_export_count, items_export_name, items_write
from gongkai.features.workplans.selectors.exports import export_days
from gongkai.features.workplans.selectors.filters import ItemFilters
from gongkai.features.workplans.services.actions import KIND_EXPORT
from gongkai.features.workplans.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.audit import services as audit
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.services import file_discard, file_store
from gongkai.kernel.jobs import enqueue
from gongkai.kernel.notices.services import notice_send

JOB = "workplans.write_export"
LARGEST = 1024 * 1024 * 1024
"""Bytes of a file that is still stored; a technical bound far above the longest ledger."""
STALE_AFTER = timedelta(days=1)
"""An export that has not ended by then will not; a technical bound."""
UNDER_WAY = (LedgerExport.State.WAITING, LedgerExport.State.RUNNING)


def export_request(*, actor: Actor, query: str = "", now: datetime) -> LedgerExport:
    """Ask for the ledger, narrowed by a query string, to be written in the background.

    Raises NotPermitted for somebody who is not signed in, and Refused while another export of the person is under way.
    """
    if actor.user_id is None or not (actor.grants or actor.is_superuser):
        raise NotPermitted(ability="导出台账")
    total = items_export_count(actor=actor, filters=ItemFilters.from_text(query), today=day_of(now))
    with transaction.atomic():
        if LedgerExport.objects.filter(requested_by_id=actor.user_id, state__in=UNDER_WAY).exists():
            raise Refused(Issue("workplans.export.under_way"))
        export = LedgerExport.objects.create(
            query=query, rows_total=total, requested_by_id=actor.user_id, requested_at=now
        )
        audit.record(
            actor=actor,
            action="workplans.export.request",
            target_type="workplans.export",
            target_id=export.pk,
            summary=f"申请导出台账（约{total}项）",
            details={"query": query, "rows": total},
            now=now,
        )
        enqueue(JOB, export_id=export.pk)
    return export


def export_write(*, export_id: int, now: datetime) -> None:
    """Write the file of an export that waits, or that an earlier try did not finish, and tell the person.

    What the person may see is asked now. Whatever goes wrong is told to the person, too, ends the export as
    failed and is raised, so that the job is seen among the failed ones.
    """
    export = LedgerExport.objects.select_related("requested_by").filter(pk=export_id, state__in=UNDER_WAY).first()
    if export is None:
        return
    LedgerExport.objects.filter(pk=export.pk).update(state=LedgerExport.State.RUNNING, rows_done=0)
    try:
        with tempfile.TemporaryFile() as target:
            _write(export, target, now=now)
    except Exception:
        export_fail(export_id=export_id, now=now)
        raise


def _write(export: LedgerExport, target: IO[bytes], *, now: datetime) -> None:
    today = day_of(now)
    actor = actor_get(user=export.requested_by, today=today)

    def progress(done: int, total: int) -> None:
        LedgerExport.objects.filter(pk=export.pk).update(rows_done=done, rows_total=total)

    filters = ItemFilters.from_text(export.query)
    written = items_write(target, actor=actor, filters=filters, today=today, progress=progress)
    target.seek(0)
    with transaction.atomic():
        file = file_store(
            actor=actor,
            upload=target,
            name=items_export_name(today=today),
            target_type="workplans.export",
            target_id=export.pk,
            most=LARGEST,
            now=now,
        )
        LedgerExport.objects.filter(pk=export.pk).update(
            state=LedgerExport.State.DONE, file=file, rows_done=written, rows_total=written, finished_at=now
        )
        notice_send(
            recipients=[export.requested_by_id],
            kind=KIND_EXPORT,
            title="台账导出已完成，可以下载",
            body=f"共{written}项任务。文件保留{export_days(on=today)}天，到期自动清理。",
            url=export_path(export.pk),
            dedupe_key=f"workplans.export:{export.pk}:done",
            now=now,
        )


def export_fail(*, export_id: int, now: datetime) -> None:
    """End an export as failed and tell the person; nothing when it has ended."""
    with transaction.atomic():
        export = LedgerExport.objects.select_for_update().filter(pk=export_id, state__in=UNDER_WAY).first()
        if export is None:
            return
        export.state, export.finished_at = LedgerExport.State.FAILED, now
        export.save(update_fields=["state", "finished_at"])
        notice_send(
            recipients=[export.requested_by_id],
            kind=KIND_EXPORT,
            title="台账导出没有成功",
            body="请重新导出；如仍不成功，请缩小筛选范围，或联系系统管理员查看日志。",
            url=export_path(export.pk),
            dedupe_key=f"workplans.export:{export.pk}:failed",
            level="warning",
            now=now,
        )


def exports_sweep(*, now: datetime) -> int:
    """Delete the files of exports older than the rulebook allows, end those that got stuck; returns how many it deleted."""
    for export_id in LedgerExport.objects.filter(state__in=UNDER_WAY, requested_at__lt=now - STALE_AFTER).values_list(
        "pk", flat=True
    ):
        export_fail(export_id=export_id, now=now)
    kept = now - timedelta(days=export_days(on=day_of(now)))
    swept = 0
    for export_id in LedgerExport.objects.filter(state=LedgerExport.State.DONE, finished_at__lt=kept).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            export = LedgerExport.objects.select_for_update().get(pk=export_id)
            file, export.file, export.state = export.file, None, LedgerExport.State.EXPIRED
            export.save(update_fields=["file", "state"])
            if file is not None:
                file_discard(actor=Actor.system("清理过期导出"), file=file, reason="导出文件过期", now=now)
                swept += 1
    return swept
