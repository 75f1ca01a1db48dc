"""Scans: recognized page by page in the background, then proposed like any document."""

from __future__ import annotations

import pytest

from gongkai.features.disclosure.models import Intake, OcrJob, TextLayer
from gongkai.features.disclosure.services import ocr
from gongkai.features.disclosure.services.intake import intake_discard, intake_upload
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.ocr import Word, engine_ready
from tests.factories.world import NOW, World
from tests.kernel.documents.samples import pdf_bytes

LINES = ["青溪县财政局关于做好预算公开的通知", "各单位：", "请于3月底前公开。"]
SCAN = pdf_bytes([[], []])
pytestmark = pytest.mark.skipif(not engine_ready(), reason="the recognition engine is not installed")


def words(*_: object) -> list[Word]:
    return [Word(t, 0.99 if n else 0.5, (0.1, 0.1 + n / 10, 0.6, 0.14 + n / 10)) for n, t in enumerate(LINES)]


@pytest.fixture
def intake(world: World, monkeypatch: pytest.MonkeyPatch) -> Intake:
    monkeypatch.setattr(ocr, "recognize", words)
    actor = world.actor(Role.DRAFTER, world.finance)
    return intake_upload(actor=actor, unit_id=world.finance.pk, upload=SCAN, name="扫描.pdf", now=NOW)


class TestRecognition:
    def test_waits_then_proposes_and_marks_doubts(self, intake: Intake) -> None:
        assert intake.state == Intake.State.RECOGNIZING
        ocr.ocr_run(job_id=intake.ocr.pk, now=NOW)
        intake.refresh_from_db()
        job = OcrJob.objects.get()
        assert (intake.state, job.state, job.pages_done, job.pages_total) == ("open", "done", 2, 2)
        assert intake.proposals[0]["value"] == LINES[0]
        assert intake.source[0]["doubt"] == [LINES[0]]

    def test_does_not_recognize_a_page_twice(self, intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
        done = {"text": LINES[0], "score": 0.9, "box": [0.1, 0.1, 0.5, 0.2]}
        TextLayer.objects.create(sha256=intake.sha256, page=1, words=[done], score=0.9, engine="x", created_at=NOW)
        asked: list[object] = []
        monkeypatch.setattr(ocr, "recognize", lambda image: asked.append(image) or words())
        ocr.ocr_run(job_id=intake.ocr.pk, now=NOW)
        assert len(asked) == 1

    def test_tells_why_it_failed_and_may_be_tried_again(self, intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr, "recognize", lambda image: [])
        ocr.ocr_run(job_id=intake.ocr.pk, now=NOW)
        intake.refresh_from_db()
        assert intake.state == "failed" and "没有识别出文字" in OcrJob.objects.get().error

    def test_stops_when_the_document_is_put_aside(self, intake: Intake, world: World) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.finance)
        intake_discard(actor=office, intake_id=intake.pk, now=NOW)
        ocr.ocr_run(job_id=intake.ocr.pk, now=NOW)
        assert (OcrJob.objects.get().state, TextLayer.objects.count()) == ("canceled", 0)
