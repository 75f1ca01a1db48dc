"""A document comes in: kept, read, understood; a person confirms what is proposed, and it becomes an item's draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items import ItemContent
from gongkai.features.disclosure import intake_permissions
from gongkai.features.disclosure.import_files import read_or_none
from gongkai.features.disclosure.models import Intake, Item, OcrJob
from gongkai.features.disclosure.selectors.intake import Duplicate, IntakeNotFound, duplicates
from gongkai.features.disclosure.services.attributes import attribute_decide, decision_issues
from gongkai.features.disclosure.services.intake_reading import findings_of, reading_of
from gongkai.features.disclosure.services.items import item_create
from gongkai.features.disclosure.services.uploads import NewAttachment
from gongkai.features.disclosure.services.writing import day_of, refuse_if, require
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import record
from gongkai.kernel.documents import Limits
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.files.services import file_attach, file_store
from gongkai.kernel.jobs import enqueue
from gongkai.kernel.ocr import count_pages, engine_ready
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.wordlists.selectors import content_rules

TARGET = "disclosure.intake"
OCR_JOB = "disclosure.recognize"
LISTED = 5
_HOW = {"file": "文件完全相同", "text": "文字内容相同", "number": "文号相同", "title": "标题和成文日期相同"}

register_targets({TARGET: "收件"})
register_actions(
    {
        "disclosure.intake.upload": "收件：上传",
        "disclosure.intake.confirm": "收件：转为公开信息",
        "disclosure.intake.discard": "收件：放弃",
        "disclosure.intake.recognize": "收件：文字识别",
    }
)


def intake_upload(*, actor: Actor, unit_id: int, upload: Any, name: str = "", now: datetime) -> Intake:
    """Keep a document that was handed in for a unit, read it, and propose what stands in which field.

    ``upload`` is Django's uploaded file, an open file, or bytes. A scan or picture is kept too and its text recognized
    in the background (state ``recognizing``). Raises NotPermitted, and Refused (DocumentRefused) with every reason when
    the file is empty, too large, damaged, encrypted, carries macros or is of no known kind; nothing is kept then.
    """
    require(intake_permissions.can_take_in(actor, unit_id), "上传文件到这个单位")
    if not Unit.objects.filter(pk=unit_id).exists():
        refuse_if([Issue("disclosure.unit.unknown", field="unit", values={"unit": unit_id})])
    name = Path(name or str(getattr(upload, "name", "") or "")).name or "未命名"
    limits = Limits(max_bytes=settings.UPLOAD_LIMIT_BYTES)
    with transaction.atomic():
        file = file_store(actor=actor, upload=upload, name=name, unit_id=unit_id, private=True, now=now)
        data = file_path(file=file).read_bytes()
        document = read_or_none(data, name=file.name, limits=limits)
        intake = Intake(
            unit_id=unit_id,
            file=file,
            name=file.name,
            sha256=file.sha256,
            created_by_id=actor.user_id,
            created_at=now,
            changed_at=now,
        )
        if document is None:
            _wait_for_text(intake, data, limits=limits, now=now)
        else:
            for column, value in reading_of(document).columns.items():
                setattr(intake, column, value)
            rules = content_rules(on=day_of(now), unit_id=unit_id)
            intake.findings = findings_of(data, document, rules=rules)
            intake.save()
        intake.file = file_attach(
            actor=actor, file=file, target_type=TARGET, target_id=intake.pk, private=True, now=now
        )
        record(
            actor=actor,
            action="disclosure.intake.upload",
            target_type=TARGET,
            target_id=intake.pk,
            summary=f"上传文件（收件{intake.pk}）",
            unit_id=unit_id,
            details={"file": file.pk, "sha256": file.sha256, "format": intake.format},
            now=now,
        )
    return intake


def _wait_for_text(intake: Intake, data: bytes, *, limits: Limits, now: datetime) -> None:
    """Keep a scan and have its text recognized; without the engine the file is refused with what to do instead."""
    if not engine_ready():
        refuse_if([Issue("intake.ocr.not_ready", field="file", values={"name": intake.name})])
    pages = count_pages(data, name=intake.name, limits=limits)
    intake.format, intake.state = "scan", Intake.State.RECOGNIZING
    intake.save()
    job = OcrJob.objects.create(intake=intake, pages_total=pages, requested_at=now)
    enqueue(OCR_JOB, job_id=job.pk)


def intake_confirm(
    *,
    actor: Actor,
    intake_id: int,
    content: ItemContent,
    attribute: str = "",
    grounds: Sequence[str] = (),
    note: str = "",
    keep_file: bool = True,
    access_limited: bool = False,
    accept_duplicate: bool = False,
    now: datetime,
) -> Item:
    """Make an item's draft of a document, with the fields and the body as a person confirmed them.

    With ``keep_file`` the original becomes an attachment. With an ``attribute`` it is decided at once, with its
    ``grounds`` and, where they need one, a reason. What is there already is refused unless ``accept_duplicate``. Raises
    IntakeNotFound, NotPermitted, Refused with every reason.
    """
    with transaction.atomic():
        intake = _lock(actor=actor, intake_id=intake_id)
        issues = [] if intake.state == Intake.State.OPEN else [_not_open(intake)]
        if attribute:
            issues += decision_issues(attribute, list(grounds), note.strip())
        if not accept_duplicate and not issues:
            issues += duplicate_issues(_likenesses(actor, intake, content))
        refuse_if(issues)
        files = [NewAttachment(name=intake.name, path=file_path(file=intake.file))] if keep_file else []
        item = item_create(
            actor=actor,
            unit_id=intake.unit_id,
            kind=content.kind,
            title=content.title,
            content=content,
            access_limited=access_limited,
            attachments=files,
            note=f"由收件{intake.pk}转入",
            now=now,
        )
        if attribute:
            attribute_decide(
                actor=actor, item_id=item.pk, attribute=attribute, grounds=list(grounds), note=note, now=now
            )
            item.refresh_from_db()
        intake.item, intake.state, intake.changed_at = item, Intake.State.CONFIRMED, now
        intake.save(update_fields=["item", "state", "changed_at"])
        record(
            actor=actor,
            action="disclosure.intake.confirm",
            target_type=TARGET,
            target_id=intake.pk,
            summary=f"收件{intake.pk}转为公开信息（编号{item.pk}）",
            unit_id=intake.unit_id,
            details={"item": item.pk, "kept_file": keep_file, "accepted_duplicate": accept_duplicate},
            now=now,
        )
    return item


def intake_discard(*, actor: Actor, intake_id: int, reason: str = "", now: datetime) -> Intake:
    """Put a document aside that becomes no item; recognition under way stops. Raises IntakeNotFound, Refused."""
    with transaction.atomic():
        intake = _lock(actor=actor, intake_id=intake_id)
        if intake.state in (Intake.State.CONFIRMED, Intake.State.DISCARDED):
            refuse_if([_not_open(intake)])
        intake.state, intake.changed_at = Intake.State.DISCARDED, now
        intake.save(update_fields=["state", "changed_at"])
        under_way = (OcrJob.State.WAITING, OcrJob.State.RUNNING)
        OcrJob.objects.filter(intake=intake, state__in=under_way).update(state=OcrJob.State.CANCELED, finished_at=now)
        told = f"：{reason.strip()}" if reason.strip() else ""
        record(
            actor=actor,
            action="disclosure.intake.discard",
            target_type=TARGET,
            target_id=intake.pk,
            summary=f"放弃收件{intake.pk}{told}",
            unit_id=intake.unit_id,
            now=now,
        )
    return intake


def _lock(*, actor: Actor, intake_id: int) -> Intake:
    rows = Intake.objects.select_related("file").select_for_update(of=("self",), no_key=True)
    intake = rows.filter(pk=intake_id).first()
    if intake is None or not intake_permissions.can_use_intake(actor, intake):
        raise IntakeNotFound(intake_id)
    return intake


def _not_open(intake: Intake) -> Issue:
    return Issue("intake.not_open", field=None, values={"name": intake.name, "state": intake.get_state_display()})


def _likenesses(actor: Actor, intake: Intake, content: ItemContent) -> list[Duplicate]:
    found = duplicates(
        actor=actor,
        unit_id=intake.unit_id,
        sha256=intake.sha256,
        text_digest=intake.text_digest,
        doc_no=content.doc_no,
        title=content.title,
        written_on=content.written_on,
        besides=intake.pk,
    )
    return [one for one in found if one.item_id is not None]


def duplicate_issues(found: Sequence[Duplicate]) -> list[Issue]:
    """Return how what is there already is told."""
    return [
        Issue("intake.duplicate", field="title", values={"how": _HOW[one.how], "title": one.title, "item": one.item_id})
        for one in found[:LISTED]
    ]
