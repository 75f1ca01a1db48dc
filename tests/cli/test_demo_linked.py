"""The linked applications, the reconsideration and the amendments of the sample city, played alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from gongkai.cli.demo.foi_linked import add_linked
from gongkai.cli.demo.history import Stage
from gongkai.cli.demo.loading import CHINA, World, _people, _units
from gongkai.features.foi.models import AmendmentRequest, Application, CaseLink, CaseRemedy

pytestmark = pytest.mark.django_db


@pytest.fixture
def played(settings: LazySettings, tmp_path: Path) -> datetime:
    settings.FILES_DIR = tmp_path / "files"
    world, now = World(), timezone.now().astimezone(CHINA)
    _units(world)
    _people(world, set())
    stage = Stage(world, now, {})
    add_linked(stage)
    stage.play()
    return now


def test_every_kind_of_link_and_request_is_there(played: datetime) -> None:
    assert sorted(CaseLink.objects.values_list("kind", flat=True)) == ["merged", "moved", "split", "split", "split"]
    remedy = CaseRemedy.objects.get()
    assert remedy.notified_on is not None and remedy.answer_due_on is not None and remedy.answered_on is None
    assert remedy.hearing_on is not None and remedy.hearing_on >= played.date()
    assert sorted(AmendmentRequest.objects.values_list("stage", flat=True)) == ["checking", "evidence_wait"]
    parts = Application.objects.filter(links_back__kind="split")
    assert all("临水镇集镇改造项目" in part.description for part in parts)
