"""Recognizing the text of scans in the background, page by page; a page that is done is never done again."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.disclosure.models import Intake, OcrJob, TextLayer
from gongkai.features.disclosure.selectors.intake import intake_get, text_layers
from gongkai.features.disclosure.services.intake import OCR_JOB, TARGET
from gongkai.features.disclosure.services.intake_reading import findings_of, reading_of
from gongkai.features.disclosure.services.writing import day_of, refuse_if
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.documents import Limits
from gongkai.kernel.documents.errors import DocumentRefused
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.jobs import enqueue
from gongkai.kernel.ocr import Word, count_pages, document_of, page_image, recognize
from gongkai.kernel.ocr.engine import engine_name
from gongkai.kernel.wordlists.selectors import content_rules
from gongkai.rulebook.messages import describe

UNDER_WAY = (OcrJob.State.WAITING, OcrJob.State.RUNNING)


def ocr_run(*, job_id: int, now: datetime) -> None:
    """Recognize the pages of a file that are still missing, then fill the intake with what was read.

    May run again after its worker died. Whatever goes wrong ends the job with a reason that the screen shows; an error
    of the program is raised too, so that it is seen among the failed jobs.
    """
    job = OcrJob.objects.select_related("intake__file").filter(pk=job_id, state__in=UNDER_WAY).first()
    if job is None:
        return
    OcrJob.objects.filter(pk=job.pk, state__in=UNDER_WAY).update(state=OcrJob.State.RUNNING)
    try:
        if _pages(job, now=now):
            _finish(job, now=now)
    except DocumentRefused as refused:
        _fail(job, str(refused), now=now)
    except Exception:
        _fail(job, describe(Issue("intake.ocr.failed", values={"name": job.intake.name})), now=now)
        raise


def _pages(job: OcrJob, *, now: datetime) -> bool:
    """Recognize page after page; False when the job was canceled meanwhile."""
    intake = job.intake
    data = file_path(file=intake.file).read_bytes()
    limits = Limits(max_bytes=settings.UPLOAD_LIMIT_BYTES)
    total = count_pages(data, name=intake.name, limits=limits)
    done = set(TextLayer.objects.filter(sha256=intake.sha256).values_list("page", flat=True))
    for page in range(1, total + 1):
        if page not in done:
            words = recognize(page_image(data, page, name=intake.name))
            TextLayer.objects.get_or_create(
                sha256=intake.sha256,
                page=page,
                defaults={
                    "words": [_data(word) for word in words],
                    "score": round(sum(w.score for w in words) / len(words), 4) if words else 0,
                    "engine": engine_name(),
                    "created_at": now,
                },
            )
        running = OcrJob.objects.filter(pk=job.pk, state=OcrJob.State.RUNNING)
        if not running.update(pages_done=page, pages_total=total):
            return False
    return True


def _finish(job: OcrJob, *, now: datetime) -> None:
    intake = job.intake
    document, doubts = document_of(text_layers(sha256=intake.sha256), name=intake.name)
    if not document.text().strip():
        _fail(job, describe(Issue("intake.ocr.no_text", values={"name": intake.name})), now=now)
        return
    columns = reading_of(document, doubts=doubts).columns
    rules = content_rules(on=day_of(now), unit_id=intake.unit_id)
    columns["findings"] = findings_of(b"", document, rules=rules, recognized=True)
    columns["format"] = "scan"
    if doubts:
        count = sum(len(texts) for texts in doubts.values())
        columns["notes"] = [{"text": describe(Issue("intake.ocr.doubts", values={"count": count})), "level": "warning"}]
    with transaction.atomic():
        ended = OcrJob.objects.filter(pk=job.pk, state=OcrJob.State.RUNNING)
        if not ended.update(state=OcrJob.State.DONE, finished_at=now):
            return
        waiting = Intake.objects.filter(pk=intake.pk, state=Intake.State.RECOGNIZING)
        waiting.update(state=Intake.State.OPEN, changed_at=now, **columns)
        record(
            actor=Actor.system("文字识别"),
            action="disclosure.intake.recognize",
            target_type=TARGET,
            target_id=intake.pk,
            summary=f"识别收件{intake.pk}的文字（{job.pages_total}页）",
            unit_id=intake.unit_id,
            details={"engine": engine_name()},
            now=now,
        )


def _fail(job: OcrJob, reason: str, *, now: datetime) -> None:
    with transaction.atomic():
        ended = OcrJob.objects.filter(pk=job.pk, state__in=UNDER_WAY)
        if ended.update(state=OcrJob.State.FAILED, error=reason, finished_at=now):
            waiting = Intake.objects.filter(pk=job.intake_id, state=Intake.State.RECOGNIZING)
            waiting.update(state=Intake.State.FAILED, changed_at=now)


def ocr_retry(*, actor: Actor, intake_id: int, now: datetime) -> OcrJob:
    """Try a recognition again that did not succeed; raises IntakeNotFound, Refused."""
    with transaction.atomic():
        intake = intake_get(actor=actor, intake_id=intake_id)
        job = OcrJob.objects.select_for_update().filter(intake=intake, state=OcrJob.State.FAILED).first()
        if job is None or intake.state != Intake.State.FAILED:
            values = {"name": intake.name, "state": intake.get_state_display()}
            refuse_if([Issue("intake.not_open", values=values)])
        assert job is not None
        job.state, job.error, job.finished_at = OcrJob.State.WAITING, "", None
        job.save(update_fields=["state", "error", "finished_at"])
        Intake.objects.filter(pk=intake.pk).update(state=Intake.State.RECOGNIZING, changed_at=now)
        enqueue(OCR_JOB, job_id=job.pk)
    return job


def _data(word: Word) -> dict[str, object]:
    return {"text": word.text.replace("\x00", ""), "score": word.score, "box": list(word.box)}
