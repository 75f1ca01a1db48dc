"""Where a case leaves traces in the house: tables, files, queue, sessions, cache, counts, notices, audit trail."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gongkai.features.foi.services.actions import APPLICANT, CASE
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.models import Notice
from gongkai.kernel.throttle.models import RateCount
from tests.factories.foi import Desk
from tests.factories.world import World
from tests.features.foi.planted import ASKED, FILE_NAME, PERSON, PNG, REASON, Planted, plant, shapes_of, traces

pytestmark = pytest.mark.django_db
TELL_WHAT_WAS_ASKED = {"foi_application", "foi_applicationwords"}
"""Tables of the case itself; the unit that was asked reads them, by its pages alone."""


@pytest.fixture
def planted(world: World, settings: LazySettings, tmp_path: Path) -> Planted:
    settings.PROOF_WORK = 0
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "uploads")
    (tmp_path / "uploads").mkdir()
    found = plant(Desk(world, timezone.localdate()))
    run_jobs()
    return found


def tables_with(words: tuple[str, ...]) -> set[str]:
    """The tables in which any of the words stands readable."""
    wanted = [f"%{shape}%" for word in words for shape in shapes_of(word)]
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" AS row WHERE row::text LIKE ANY(%s))', [wanted])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


class TestTables:
    def test_nothing_of_the_applicant_is_readable_in_any(self, planted: Planted) -> None:
        assert tables_with(planted.person) == set()

    def test_what_was_asked_stands_in_the_case_alone(self, planted: Planted) -> None:
        assert tables_with(ASKED) <= TELL_WHAT_WAS_ASKED

    def test_the_search_finds_what_is_there(self, planted: Planted) -> None:
        assert "foi_application" in tables_with(ASKED) and "foi_applicant" in tables_with(("natural_person",))


class TestFiles:
    def test_the_proof_lies_sealed_without_its_name(self, planted: Planted) -> None:
        paper = planted.papers["identity"]
        assert paper.file is not None
        kept = file_path(file=paper.file).read_bytes()
        assert b"zhuge" not in kept and PNG not in kept
        assert traces(f"{paper.title}{paper.file.name}{paper.note}", (*PERSON, FILE_NAME)) == []

    def test_no_name_on_the_disk_tells_anything(self, planted: Planted, settings: LazySettings) -> None:
        names = " ".join(str(path) for path in Path(settings.FILES_DIR).rglob("*"))
        assert names and traces(names, planted.everything) == []

    def test_nothing_stays_where_uploads_pass_through(self, planted: Planted, settings: LazySettings) -> None:
        assert list(Path(str(settings.FILE_UPLOAD_TEMP_DIR)).iterdir()) == []


class TestOnTheWay:
    def test_jobs_carry_numbers_only(self, planted: Planted) -> None:
        arguments = [str(args) for args in ProcrastinateJob.objects.values_list("args", flat=True)]
        assert arguments and traces(" ".join(arguments), planted.everything) == []

    def test_visitors_get_no_session_and_those_there_are_tell_nothing(self, planted: Planted) -> None:
        assert all("sessionid" not in answer.cookies for answer in planted.answers[:4])
        told = [str(session.get_decoded()) for session in Session.objects.all()]
        assert told and traces(" ".join(told), planted.everything) == []

    def test_the_cache_keeps_nothing(self, planted: Planted) -> None:
        for cache in caches.all():
            kept = b" ".join(getattr(cache, "_cache", {}).values()) if hasattr(cache, "_cache") else b""
            assert traces(kept, planted.everything) == []

    def test_counts_keep_digests_only(self, planted: Planted) -> None:
        rows = [f"{row.kind} {row.place}" for row in RateCount.objects.all()]
        assert rows and "127.0.0.1" not in " ".join(rows) and traces(" ".join(rows), planted.everything) == []


class TestTelling:
    def test_notices_name_the_number_and_no_more(self, planted: Planted) -> None:
        told = " ".join(f"{one.title} {one.body} {one.url}" for one in Notice.objects.all())
        assert planted.application.register_no in told and traces(told, planted.everything) == []

    def test_mails_name_no_more_either(self, planted: Planted) -> None:
        told = " ".join(f"{one.subject} {one.body} {one.to}" for one in mail.outbox)
        assert traces(told, planted.everything) == []

    def test_the_audit_trail_tells_who_did_what_and_nothing_of_the_matter(self, planted: Planted) -> None:
        entries = Entry.objects.all()
        told = " ".join(f"{one.summary} {one.details} {one.target_id}" for one in entries)
        assert entries.count() > 12 and traces(told, planted.everything) == []


class TestOpening:
    def test_every_way_of_opening_is_written_down_with_its_reason(self, planted: Planted) -> None:
        opened = Entry.objects.filter(action__in=["sealed.value.unmask", "foi.paper.open"])
        assert {one.target_type for one in opened} == {APPLICANT, CASE}
        assert all(REASON in one.summary and one.unit_id == planted.desk.unit.pk for one in opened)
        assert all(one.actor_name for one in opened)
