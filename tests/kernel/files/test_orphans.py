"""Bytes that no record names: deleted, but never under an upload in progress."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.files import storage
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.services import file_store, orphans_sweep
from gongkai.kernel.files.tasks import sweep_orphans


def age(place: Path, now: datetime, hours: float) -> None:
    stamp = (now - timedelta(hours=hours)).timestamp()
    os.utime(place, (stamp, stamp))


def left_behind(home: Path, data: bytes) -> Path:
    """What a rolled-back upload leaves."""
    stored = storage.store([data], root=home / "files", name="甲.txt", most=100)
    return storage.place_of(home / "files", stored.sha256)


@pytest.mark.django_db
class TestOrphansSweep:
    def test_deletes_what_a_rolled_back_upload_left_a_day_ago(self, home: Path, now: datetime) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            file_store(actor=Actor.system("测试"), upload=b"rolled back", name="a.txt", now=now)
            raise RuntimeError
        assert not StoredFile.objects.exists()
        (place,) = [p for p in (home / "files").rglob("*") if p.is_file()]
        age(place, now, 25)
        assert orphans_sweep(now=now) == (1, 11)
        assert not place.exists()
        assert orphans_sweep(now=now) == (0, 0)

    def test_leaves_uploads_in_progress_and_files_with_a_record(self, home: Path, now: datetime) -> None:
        kept = file_store(actor=Actor.system("测试"), upload=b"kept", name="a.txt", now=now)
        old = storage.place_of(home / "files", kept.sha256)
        age(old, now, 1000)
        young = left_behind(home, b"young")
        age(young, now, 23)
        assert orphans_sweep(now=now) == (0, 0)
        assert old.exists() and young.exists()

    def test_bytes_that_are_stored_again_are_young_again(self, home: Path, now: datetime) -> None:
        place = left_behind(home, b"again")
        age(place, now, 1000)
        assert storage.store([b"again"], root=home / "files", name="乙.txt", most=100).known
        assert storage.remove(place, before=(now - timedelta(days=1)).timestamp()) == 0
        assert place.exists()

    def test_deletes_halves_left_by_a_crash_and_nothing_that_is_not_ours(self, home: Path, now: datetime) -> None:
        half, stranger = home / "files" / ".incoming-abc", home / "files" / "ab" / "cd" / "readme.txt"
        stranger.parent.mkdir(parents=True)
        for place in (half, stranger):
            place.write_bytes(b"123")
            age(place, now, 48)
        assert orphans_sweep(now=now) == (1, 3)
        assert stranger.exists() and not half.exists()

    def test_the_job_sweeps(self, home: Path, now: datetime) -> None:
        place = left_behind(home, b"old")
        os.utime(place, (0, 0))
        sweep_orphans()
        assert not place.exists()
