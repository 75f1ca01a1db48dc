"""Imports of many documents: asked for, listed, worked off in chunks that are done whole or not at all, stopped."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError, transaction

from gongkai.domain.intake.sheet import SheetList, SheetRow, read_sheet
from gongkai.domain.issues import Issue, Severity
from gongkai.domain.items import UnitRef
from gongkai.features.disclosure import intake_permissions
from gongkai.features.disclosure.models import ImportBatch, ImportRow, Item
from gongkai.features.disclosure.selectors.imports import UNDER_WAY, BatchNotFound
from gongkai.features.disclosure.services.bulk_items import items_create
from gongkai.features.disclosure.services.import_duplicates import Likenesses
from gongkai.features.disclosure.services.import_reading import Chunk, Readings
from gongkai.features.disclosure.services.import_rows import Desk, Prepared, Source
from gongkai.features.disclosure.services.writing import day_of, refuse_if, require
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import gathered, record
from gongkai.kernel.documents import Limits, read_document
from gongkai.kernel.documents.bundles import Bundle, open_folder, open_zip
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.files.services import file_attach, file_store
from gongkai.kernel.jobs import enqueue
from gongkai.kernel.orgs.models import Unit
from gongkai.rulebook.disclosure import disclosure_rules
from gongkai.rulebook.messages import describe

TARGET = "disclosure.import"
IMPORT_JOB = "disclosure.import_documents"
logger = logging.getLogger(__name__)

CHUNK = 100
"""Rows of one transaction; a technical bound: what is lost at most when a worker dies."""

register_targets({TARGET: "批量导入"})
register_actions(
    {
        "disclosure.import.request": "批量导入：提交",
        "disclosure.import.finish": "批量导入：完成",
        "disclosure.import.cancel": "批量导入：停止",
        "disclosure.import.resume": "批量导入：继续",
    }
)


def import_request(
    *,
    actor: Actor,
    unit_id: int,
    kind: str,
    archive: Any = None,
    sheet: Any = None,
    folder: Path | None = None,
    name: str = "",
    history: bool = False,
    background: bool = True,
    now: datetime,
) -> ImportBatch:
    """Ask for many documents to be imported as drafts of a unit.

    ``archive`` is a ZIP (upload or bytes), ``sheet`` a list (XLSX), ``folder`` a folder of the server (command line
    only); at least one is given, and a folder and an archive never both. ``kind`` is the kind of rows that name none.
    With ``background`` a job works it off, else the caller does (``ImportSession``). Raises NotPermitted, Refused with
    every reason.
    """
    require(intake_permissions.can_take_in(actor, unit_id), "向这个单位批量导入")
    if folder is not None:
        require(intake_permissions.can_import_folder(actor) or not background, "导入服务器上的文件夹")
    issues: list[Issue] = []
    if archive is None and sheet is None and folder is None:
        issues.append(Issue("intake.batch.nothing", field="archive"))
    if archive is not None and folder is not None:
        issues.append(Issue("intake.batch.both", field="archive"))
    if kind not in disclosure_rules().kinds:
        issues.append(Issue("disclosure.kind.unknown", field="kind", values={"kind": kind}))
    if not Unit.objects.filter(pk=unit_id).exists():
        issues.append(Issue("disclosure.unit.unknown", field="unit", values={"unit": unit_id}))
    refuse_if(issues)
    with transaction.atomic():
        kept = {
            key: None if upload is None else _keep(actor, upload, unit_id, now)
            for key, upload in (("archive", archive), ("sheet", sheet))
        }
        named = name or next((file.name for file in kept.values() if file), folder.name if folder else "")
        batch = ImportBatch.objects.create(
            unit_id=unit_id,
            name=named[:255],
            kind=kind,
            folder=str(folder.resolve()) if folder else "",
            history=history,
            created_by_id=actor.user_id,
            created_at=now,
            **kept,
        )
        for file in kept.values():
            if file is not None:
                file_attach(actor=actor, file=file, target_type=TARGET, target_id=batch.pk, private=True, now=now)
        _record(batch, "request", f"提交批量导入{batch.pk}", actor=actor, now=now)
        if background:
            enqueue(IMPORT_JOB, batch_id=batch.pk, lock=f"import:{batch.pk}", once=f"import:{batch.pk}")
    return batch


def _keep(actor: Actor, upload: Any, unit_id: int, now: datetime) -> StoredFile:
    return file_store(
        actor=actor, upload=upload, unit_id=unit_id, most=settings.IMPORT_LIMIT_BYTES, private=True, now=now
    )


class ImportSession:
    """Works a batch off; used with ``with``, ``step`` again and again until it returns False.

    Each step is one transaction. After a crash another session goes on with the rows that still wait: a row is done
    when its item is there, both in one transaction, and the database holds that no row makes two items.
    """

    def __init__(self, batch_id: int) -> None:
        self.batch_id = batch_id
        self._open: contextlib.ExitStack = contextlib.ExitStack()
        self._bundle: Bundle | None = None
        self._desk: Desk | None = None
        self._readings: Readings | None = None
        self._next: Chunk = []
        self._reached = 0

    def __enter__(self) -> ImportSession:
        """Return the session."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the archive, end the processes that read."""
        self._open.close()

    def step(self, *, now: datetime) -> bool:
        """Do the next piece of work; return whether there is more. Whatever is wrong with the whole ends the batch."""
        batch = ImportBatch.objects.select_related("unit", "archive", "sheet", "created_by").filter(pk=self.batch_id)
        found = batch.filter(state__in=UNDER_WAY).first()
        if found is None:
            return False
        try:
            if self._desk is None:
                self._prepare(found, now=now)
            if found.state != ImportBatch.State.RUNNING:
                self._list(found, now=now)
                return True
            return self._chunk(found, now=now)
        except Refused as refused:
            _end(found, ImportBatch.State.FAILED, issues=refused.sentences(), now=now)
            return False

    def _prepare(self, batch: ImportBatch, *, now: datetime) -> None:
        if batch.archive is not None:
            opened = open_zip(file_path(file=batch.archive), name=batch.archive.name, limits=_limits())
            self._bundle = self._open.enter_context(opened)
        elif batch.folder:
            self._bundle = self._open.enter_context(open_folder(Path(batch.folder), limits=_limits()))
        place = file_path(file=batch.archive) if batch.archive else Path(batch.folder)
        source = Source(place, batch.archive is not None, _limits(), Path(settings.FILES_DIR))
        readings = Readings(source=source, bundle=self._bundle, size=settings.IMPORT_READERS)
        self._readings = self._open.enter_context(readings)
        self._desk = Desk.load(unit=UnitRef(batch.unit_id, batch.unit.name), kind=batch.kind, on=day_of(now))

    def _list(self, batch: ImportBatch, *, now: datetime) -> None:
        """Put every row on file before the first is worked on; listing again adds nothing."""
        rows, issues = _rows(batch, self._bundle)
        told = [describe(issue) for issue in issues]
        if any(issue.severity is Severity.ERROR for issue in issues):
            raise Refused([issue for issue in issues if issue.severity is Severity.ERROR])
        with transaction.atomic():
            locked = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
            if locked.state not in (ImportBatch.State.WAITING, ImportBatch.State.READING):
                return
            ImportRow.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
            locked.state, locked.rows_total, locked.issues = ImportBatch.State.RUNNING, len(rows), told
            locked.started_at = locked.started_at or now
            locked.save(update_fields=["state", "rows_total", "issues", "started_at"])

    def _chunk(self, batch: ImportBatch, *, now: datetime) -> bool:
        assert self._desk is not None and self._readings is not None
        chunk = self._next or self._begin(batch)
        if not chunk:
            self._reached = 0  # rows that another session held, and did not do after all
            chunk = self._begin(batch)
        if not chunk:
            _end(batch, ImportBatch.State.DONE, issues=batch.issues, now=now)
            return False
        self._next = self._begin(batch) if self._readings.ahead else []
        prepared = self._readings.finish(chunk, desk=self._desk)
        try:
            return _write(batch, prepared, now=now)
        except (DataError, IntegrityError, ValueError):
            # One row that the database does not take may not keep the others out: each by itself, then.
            logger.exception("a chunk of import %s could not be written", batch.pk)
        return all(_write_one(batch, one, now=now) for one in prepared)

    def _begin(self, batch: ImportBatch) -> Chunk:
        """Have the files of the next rows read."""
        assert self._readings is not None
        waiting = ImportRow.objects.filter(batch=batch, state=ImportRow.State.WAITING, number__gt=self._reached)
        rows = list(waiting.order_by("number")[:CHUNK])
        if rows:
            self._reached = rows[-1].number
        return self._readings.begin(rows)


def _write(batch: ImportBatch, prepared: Sequence[Prepared], *, now: datetime) -> bool:
    """Write the rows that are still free in one transaction; return whether the batch still runs.

    The chain of the audit trail, for which everybody waits who signs, is locked last and once.
    """
    with transaction.atomic(), gathered():
        locked = ImportRow.objects.select_for_update(skip_locked=True).filter(
            pk__in=[one.row.pk for one in prepared], state=ImportRow.State.WAITING
        )
        free = set(locked.values_list("pk", flat=True))
        if not ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.RUNNING).exists():
            return False
        rows_write(batch, [one for one in prepared if one.row.pk in free], actor=_actor(batch, now=now), now=now)
    return True


def _write_one(batch: ImportBatch, one: Prepared, *, now: datetime) -> bool:
    try:
        return _write(batch, [one], now=now)
    except (DataError, IntegrityError, ValueError):
        logger.exception("row %s of import %s could not be written", one.row.number, batch.pk)
        one.issues.append(describe(Issue("intake.row.not_written", values={"row": one.row.number})))
        return _write(batch, [one], now=now)


def rows_write(batch: ImportBatch, prepared: Sequence[Prepared], *, actor: Actor, now: datetime) -> list[Item]:
    """Write a chunk of rows: drafts for those that are sound and new, a reason for each of the others.

    Call inside a transaction that holds the rows. Raises NotPermitted when the person may no longer make items.
    """
    likenesses = Likenesses.load(batch, prepared, actor=actor)
    fresh: list[Prepared] = []
    for one in prepared:
        one.row.done_at, one.row.item = now, None
        one.row.digest = one.digest
        one.row.title = one.draft.content.title[:300] if one.draft else ""
        if one.issues or one.draft is None:
            one.row.state, one.row.issues = ImportRow.State.FAILED, one.issues + one.notes
        elif (told := likenesses.take(one)) is not None:
            one.row.state, one.row.issues = ImportRow.State.DUPLICATE, [told]
        else:
            one.row.state, one.row.issues = ImportRow.State.DONE, one.notes
            fresh.append(one)
    drafts = [one.draft for one in fresh if one.draft is not None]
    items = items_create(actor=actor, unit_id=batch.unit_id, drafts=drafts, now=now)
    for one, item in zip(fresh, items, strict=True):
        one.row.item = item
    _close([one.row for one in prepared])
    return items


def _close(rows: Sequence[ImportRow]) -> None:
    """Write what became of rows: as an insertion that finds every row there, a fraction of what an update of many costs."""
    ImportRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["state", "issues", "digest", "title", "item", "done_at"],
    )


def import_cancel(*, actor: Actor, batch_id: int, now: datetime) -> ImportBatch:
    """Stop an import; what is done stays. Raises BatchNotFound, Refused."""
    with transaction.atomic():
        batch = _lock(actor=actor, batch_id=batch_id)
        if batch.state not in UNDER_WAY:
            refuse_if([_not_now(batch)])
        batch.state, batch.finished_at = ImportBatch.State.CANCELED, now
        batch.save(update_fields=["state", "finished_at"])
        _record(batch, "cancel", f"停止批量导入{batch.pk}", actor=actor, now=now)
    return batch


def import_resume(*, actor: Actor, batch_id: int, retry_failed: bool = False, now: datetime) -> ImportBatch:
    """Go on with an import that was stopped or failed; with ``retry_failed`` rows with problems are tried again, too.

    Raises BatchNotFound, Refused.
    """
    with transaction.atomic():
        batch = _lock(actor=actor, batch_id=batch_id)
        if batch.state in UNDER_WAY:
            refuse_if([_not_now(batch)])
        if retry_failed:
            ImportRow.objects.filter(batch=batch, state=ImportRow.State.FAILED).update(
                state=ImportRow.State.WAITING, issues=[], done_at=None
            )
        listed = ImportRow.objects.filter(batch=batch).exists()
        batch.state = ImportBatch.State.RUNNING if listed else ImportBatch.State.WAITING
        batch.finished_at, batch.issues = None, []
        batch.save(update_fields=["state", "finished_at", "issues"])
        _record(batch, "resume", f"继续批量导入{batch.pk}", actor=actor, now=now)
        enqueue(IMPORT_JOB, batch_id=batch.pk, lock=f"import:{batch.pk}", once=f"import:{batch.pk}")
    return batch


def _lock(*, actor: Actor, batch_id: int) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update(no_key=True).filter(pk=batch_id).first()
    if batch is None or not intake_permissions.can_use_intake(actor, batch):
        raise BatchNotFound(batch_id)
    return batch


def _not_now(batch: ImportBatch) -> Issue:
    return Issue("intake.batch.not_now", values={"name": batch.name, "state": batch.get_state_display()})


def _end(batch: ImportBatch, state: str, *, issues: Sequence[str], now: datetime) -> None:
    with transaction.atomic():
        ended = ImportBatch.objects.filter(pk=batch.pk, state__in=UNDER_WAY)
        if ended.update(state=state, finished_at=now, issues=list(issues)) and state == ImportBatch.State.DONE:
            _record(batch, "finish", f"批量导入{batch.pk}完成", actor=Actor.system("批量导入"), now=now)


def _record(batch: ImportBatch, verb: str, summary: str, *, actor: Actor, now: datetime) -> None:
    record(
        actor=actor,
        action=f"disclosure.import.{verb}",
        target_type=TARGET,
        target_id=batch.pk,
        summary=summary,
        unit_id=batch.unit_id,
        details={"rows": batch.rows_total, "history": batch.history},
        now=now,
    )


def _actor(batch: ImportBatch, *, now: datetime) -> Actor:
    """Return who asked for the import with the posts of today: who has left may not go on."""
    if batch.created_by is None:
        return Actor.system("批量导入")
    return actor_get(user=batch.created_by, today=day_of(now))


def _limits() -> Limits:
    return Limits(max_bytes=settings.UPLOAD_LIMIT_BYTES)


def _rows(batch: ImportBatch, bundle: Bundle | None) -> tuple[list[ImportRow], list[Issue]]:
    """Return the rows of a batch: those of its list, else one for each file; and what is wrong with the whole."""
    if batch.sheet is not None:
        document = read_document(file_path(file=batch.sheet), name=batch.sheet.name, limits=_limits())
        listed = read_sheet(document)
        rows = [_sheet_row(batch, row) for row in listed.rows]
        return rows, [*listed.issues, *_unlisted(listed, bundle)]
    rows = []
    for number, entry in enumerate(bundle.entries if bundle else (), 1):
        row = ImportRow(batch=batch, number=number, path=entry.path)
        if entry.issues:
            row.state, row.issues = ImportRow.State.FAILED, [describe(issue) for issue in entry.issues]
        rows.append(row)
    return rows, []


def _sheet_row(batch: ImportBatch, row: SheetRow) -> ImportRow:
    values: dict[str, object] = {
        key: value.isoformat() if isinstance(value, date) else value for key, value in row.values.items()
    }
    if row.paths:
        values["paths"] = list(row.paths)
    made = ImportRow(batch=batch, number=row.number, path=row.paths[0] if row.paths else "", values=values)
    made.title = row.text("title")[:300]
    if row.issues:
        made.state, made.issues = ImportRow.State.FAILED, [describe(issue) for issue in row.issues]
    return made


def _unlisted(listed: SheetList, bundle: Bundle | None) -> list[Issue]:
    """Tell the files that no row of the list names."""
    if bundle is None or not listed.rows:
        return []
    named = {path for row in listed.rows for path in row.paths}
    left = [entry.path for entry in bundle.entries if entry.path not in named and not entry.path.endswith(".xlsx")]
    if not left:
        return []
    values = {"count": len(left), "names": "、".join(left[:10]) + (" 等" if len(left) > 10 else "")}
    return [Issue("intake.batch.unlisted", field="archive", values=values, severity=Severity.WARNING)]
