"""Imports read files in other processes and write whole chunks: no file and no row may take another one along."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import pytest
from django.db import DataError

from gongkai.features.disclosure.models import ImportBatch, ImportRow, Item
from gongkai.features.disclosure.services import imports
from gongkai.features.disclosure.services.imports import ImportSession, import_cancel
from gongkai.kernel.audit import services as audit
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.audit.selectors import chain_verify
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.storage import is_whole
from gongkai.kernel.reading import ReaderStopped, ReadingPool
from tests.factories.world import NOW, World
from tests.features.disclosure.test_bulk_import import ask, drafter, notice, packed, run, states, world
from tests.kernel.documents import samples

__all__ = ["drafter", "world"]

MIXED = {
    "1.txt": notice(1),
    "2.docx": samples.docx_bytes(),
    "3.html": samples.html_bytes(),
    "4.pdf": samples.pdf_bytes(),
    "空.txt": b"",
    "坏.docx": b"PK\x03\x04damaged",
    "6.txt": notice(6),
}


@pytest.fixture
def files(tmp_path: Path, settings) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def left(files: Path) -> list[str]:
    return [place.name for place in files.glob(".incoming-*")]


class TestProcesses:
    def test_read_what_one_process_reads(self, world: World, drafter, settings, files):
        here = run(ask(drafter, world, archive=packed(MIXED)))
        rows = list(here.rows.values_list("path", "state", "title", "issues", "digest"))
        before = [item.head.content | {"attachments": []} for item in Item.objects.order_by("pk")]
        ImportRow.objects.all().delete()
        Item.objects.update(state=Item.State.DISCARDED)
        last = Item.objects.latest("pk").pk
        settings.IMPORT_READERS = 2
        there = run(ask(drafter, world, archive=packed(MIXED)))
        assert list(there.rows.values_list("path", "state", "title", "issues", "digest")) == rows
        made = Item.objects.filter(pk__gt=last).order_by("pk")
        assert [item.head.content | {"attachments": []} for item in made] == before
        assert set(states(there).values()) == {"done", "failed"}
        assert all(is_whole(files, sha256) for sha256 in StoredFile.objects.values_list("sha256", flat=True))
        assert left(files) == []

    def test_leave_nothing_of_what_was_read_ahead(self, world: World, drafter, settings, files, monkeypatch):
        monkeypatch.setattr(imports, "CHUNK", 2)
        settings.IMPORT_READERS = 2
        batch = ask(drafter, world, archive=packed({f"{n}.txt": notice(n) for n in range(1, 8)}))
        with ImportSession(batch.pk) as session:
            assert session.step(now=NOW) and session.step(now=NOW)
            import_cancel(actor=drafter, batch_id=batch.pk, now=NOW)
            assert not session.step(now=NOW)
        assert Item.objects.count() == 2
        assert left(files) == []

    @pytest.mark.parametrize(
        ("problem", "words"),
        [
            (ReaderStopped(slow=True), "读取时间过长"),
            (ReaderStopped(slow=False), "读取中断"),
            (OSError("gone"), "读取中断"),
        ],
    )
    def test_that_stop_take_no_other_file_along(self, world: World, drafter, files, monkeypatch, problem, words):
        submit = ReadingPool.submit

        def stopping(self, task):
            if "坏" not in task.path:
                return submit(self, task)
            stopped: Future = Future()
            stopped.set_exception(problem)
            return stopped

        monkeypatch.setattr(ReadingPool, "submit", stopping)
        batch = run(ask(drafter, world, archive=packed({"1.txt": notice(1), "坏.txt": notice(2), "3.txt": notice(3)})))
        assert states(batch) == {"1.txt": "done", "坏.txt": "failed", "3.txt": "done"}
        [told] = batch.rows.get(path="坏.txt").issues
        assert words in told and "《坏.txt》" in told


class TestChunks:
    @pytest.fixture
    def picky(self, monkeypatch):
        """A database that does not take item 3."""
        create = imports.items_create

        def refusing(*, drafts, **more):
            items = create(drafts=drafts, **more)
            if any("第3项" in draft.content.title for draft in drafts):
                raise DataError("not this one")
            return items

        monkeypatch.setattr(imports, "items_create", refusing)

    def test_lose_only_the_row_that_the_database_does_not_take(self, world: World, drafter, files, picky):
        batch = run(ask(drafter, world, archive=packed({f"{n}.txt": notice(n) for n in range(1, 6)})))
        expected = {f"{n}.txt": "done" for n in range(1, 6)} | {"3.txt": "failed"}
        assert (batch.state, states(batch)) == (ImportBatch.State.DONE, expected)
        assert "没有写入成功" in batch.rows.get(path="3.txt").issues[0]
        assert Item.objects.count() == StoredFile.objects.filter(target_type="disclosure.item").count() == 4
        assert Entry.objects.filter(action="disclosure.item.create").count() == 4
        assert chain_verify() == []

    def test_lock_the_chain_of_the_audit_trail_once(self, world: World, drafter, files, monkeypatch):
        batch = ask(drafter, world, archive=packed({f"{n}.txt": notice(n) for n in range(1, 6)}))
        locked: list[int] = []
        lock = audit._lock_head

        def noted():
            locked.append(Item.objects.filter(head__isnull=False).count())
            return lock()

        monkeypatch.setattr(audit, "_lock_head", noted)
        run(batch)
        # Once when the chunk of five is written already, and once for the end of the batch.
        assert locked == [5, 5]
        assert ImportRow.objects.filter(batch=batch, state="done").count() == 5
