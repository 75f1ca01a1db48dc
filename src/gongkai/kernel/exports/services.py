"""Asking for an export, writing it in the background, telling who asked, and deleting it after a while."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.audit import services as audit
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.exports.models import ExportBase
from gongkai.kernel.exports.selectors import days_kept
from gongkai.kernel.files.services import file_discard, file_store
from gongkai.kernel.jobs import enqueue
from gongkai.kernel.notices.services import notice_send

LARGEST = 1024 * 1024 * 1024
"""Bytes of a file that is still stored; a technical bound far above the longest list."""
STALE_AFTER = timedelta(days=1)
"""An export that has not ended by then will not; a technical bound."""
UNDER_WAY = (ExportBase.State.WAITING, ExportBase.State.RUNNING)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ExportKind:
    """What a feature exports.

    ``type`` names it for audit and files (``workplans.export``), ``what`` in Chinese (台账), ``unit`` what is counted
    (项任务). ``count`` and ``write`` take the actor, the query string and the day; ``write`` the open file first, and
    ``progress`` (rows done, rows in all).
    """

    table: Callable[[], type[ExportBase]]
    type: str
    job: str
    notice: str
    what: str
    unit: str
    retention: str
    path: Callable[[int], str]
    name: Callable[[date], str]
    count: Callable[[Actor, str, date], int]
    write: Callable[[IO[bytes], Actor, str, date, Progress], int]
    day: Callable[[datetime], date]

    @property
    def rows(self) -> Any:
        """The rows of the feature's table."""
        return self.table()._default_manager


def export_ask(kind: ExportKind, *, actor: Actor, query: str, now: datetime) -> Any:
    """Ask for an export, narrowed by a query string, to be written in the background.

    Raises NotPermitted for somebody who is not signed in, and Refused while another export of the person is under way.
    """
    if actor.user_id is None or not (actor.grants or actor.is_superuser):
        raise NotPermitted(ability=f"导出{kind.what}")
    total = kind.count(actor, query, kind.day(now))
    with transaction.atomic():
        if kind.rows.filter(requested_by_id=actor.user_id, state__in=UNDER_WAY).exists():
            raise Refused(Issue("exports.under_way"))
        export = kind.rows.create(query=query, rows_total=total, requested_by_id=actor.user_id, requested_at=now)
        audit.record(
            actor=actor,
            action=f"{kind.type}.request",
            target_type=kind.type,
            target_id=export.pk,
            summary=f"申请导出{kind.what}（约{total}项）",
            details={"query": query, "rows": total},
            now=now,
        )
        enqueue(kind.job, export_id=export.pk)
    return export


def export_run(kind: ExportKind, *, export_id: int, now: datetime) -> None:
    """Write the file of an export that waits, or that an earlier try did not finish, and tell the person.

    What the person may see is asked now. Whatever goes wrong is told to the person, too, ends the export as failed and
    is raised, so that the job is seen among the failed ones.
    """
    export = kind.rows.select_related("requested_by").filter(pk=export_id, state__in=UNDER_WAY).first()
    if export is None:
        return
    kind.rows.filter(pk=export.pk).update(state=ExportBase.State.RUNNING, rows_done=0)
    try:
        with tempfile.TemporaryFile() as target:
            _write(kind, export, target, now=now)
    except Exception:
        export_end_failed(kind, export_id=export_id, now=now)
        raise


def _write(kind: ExportKind, export: Any, target: IO[bytes], *, now: datetime) -> None:
    today = kind.day(now)
    actor = actor_get(user=export.requested_by, today=today)

    def progress(done: int, total: int) -> None:
        kind.rows.filter(pk=export.pk).update(rows_done=done, rows_total=total)

    written = kind.write(target, actor, export.query, today, progress)
    target.seek(0)
    with transaction.atomic():
        file = file_store(
            actor=actor,
            upload=target,
            name=kind.name(today),
            target_type=kind.type,
            target_id=export.pk,
            most=LARGEST,
            now=now,
        )
        kind.rows.filter(pk=export.pk).update(
            state=ExportBase.State.DONE, file=file, rows_done=written, rows_total=written, finished_at=now
        )
        notice_send(
            recipients=[export.requested_by_id],
            kind=kind.notice,
            title=f"{kind.what}导出已完成，可以下载",
            body=f"共{written}{kind.unit}。文件保留{days_kept(kind.retention, on=today)}天，到期自动清理。",
            url=kind.path(export.pk),
            dedupe_key=f"{kind.type}:{export.pk}:done",
            now=now,
        )


def export_end_failed(kind: ExportKind, *, export_id: int, now: datetime) -> None:
    """End an export as failed and tell the person; nothing when it has ended."""
    with transaction.atomic():
        export = kind.rows.select_for_update().filter(pk=export_id, state__in=UNDER_WAY).first()
        if export is None:
            return
        export.state, export.finished_at = ExportBase.State.FAILED, now
        export.save(update_fields=["state", "finished_at"])
        notice_send(
            recipients=[export.requested_by_id],
            kind=kind.notice,
            title=f"{kind.what}导出没有成功",
            body="请重新导出；如仍不成功，请缩小筛选范围，或联系系统管理员查看日志。",
            url=kind.path(export.pk),
            dedupe_key=f"{kind.type}:{export.pk}:failed",
            level="warning",
            now=now,
        )


def exports_clean(kind: ExportKind, *, now: datetime) -> int:
    """Delete the files of exports older than the rulebook allows, end those that got stuck; returns how many it deleted."""
    stuck = kind.rows.filter(state__in=UNDER_WAY, requested_at__lt=now - STALE_AFTER)
    for export_id in stuck.values_list("pk", flat=True):
        export_end_failed(kind, export_id=export_id, now=now)
    kept = now - timedelta(days=days_kept(kind.retention, on=kind.day(now)))
    swept = 0
    for export_id in kind.rows.filter(state=ExportBase.State.DONE, finished_at__lt=kept).values_list("pk", flat=True):
        with transaction.atomic():
            export = kind.rows.select_for_update().get(pk=export_id)
            file, export.file, export.state = export.file, None, ExportBase.State.EXPIRED
            export.save(update_fields=["file", "state"])
            if file is not None:
                file_discard(actor=Actor.system("清理过期导出"), file=file, reason="导出文件过期", now=now)
                swept += 1
    return swept
