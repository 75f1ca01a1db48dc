"""The bytes on disk."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from gongkai.kernel.errors import Refused
from gongkai.kernel.files import storage

DATA = "政务公开".encode()
DIGEST = hashlib.sha256(DATA).hexdigest()


def files_below(root: Path) -> list[str]:
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


class TestStore:
    def test_puts_bytes_under_their_digest(self, tmp_path: Path):
        stored = storage.store([DATA[:5], DATA[5:]], root=tmp_path, name="甲.txt", most=100)
        assert (stored.sha256, stored.size, stored.head, stored.known) == (DIGEST, len(DATA), DATA, False)
        assert storage.place_of(tmp_path, DIGEST).read_bytes() == DATA
        assert files_below(tmp_path) == [f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"]

    def test_keeps_equal_bytes_once(self, tmp_path: Path):
        storage.store([DATA], root=tmp_path, name="甲.txt", most=100)
        assert storage.store([DATA], root=tmp_path, name="乙.txt", most=100).known
        assert len(files_below(tmp_path)) == 1

    def test_mends_a_file_that_was_cut_short(self, tmp_path: Path):
        storage.store([DATA], root=tmp_path, name="甲.txt", most=100)
        storage.place_of(tmp_path, DIGEST).write_bytes(DATA[:3])
        assert not storage.store([DATA], root=tmp_path, name="甲.txt", most=100).known
        assert storage.is_whole(tmp_path, DIGEST)

    @pytest.mark.parametrize(
        ("chunks", "most", "code"),
        [([], 10, "files.empty"), ([b""], 10, "files.empty"), ([b"x" * 6, b"y" * 6], 10, "files.too_large")],
    )
    def test_refuses_and_leaves_nothing_behind(self, tmp_path: Path, chunks, most, code):
        with pytest.raises(Refused) as caught:
            storage.store(chunks, root=tmp_path, name="甲.txt", most=most)
        assert caught.value.codes() == [code]
        assert files_below(tmp_path) == []

    @pytest.mark.parametrize(
        ("number", "code"),
        [
            (errno.ENOSPC, "files.disk_full"),
            (errno.EDQUOT, "files.disk_full"),
            (errno.EROFS, "files.not_writable"),
            (errno.EIO, "files.write_failed"),
        ],
    )
    def test_says_in_words_what_the_disk_said(self, tmp_path: Path, monkeypatch, number, code):
        def failing(handle: int) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(storage.os, "fsync", failing)
        with pytest.raises(Refused) as caught:
            storage.store([DATA], root=tmp_path, name="甲.txt", most=100)
        assert caught.value.codes() == [code]
        assert "甲.txt" in str(caught.value)
        assert files_below(tmp_path) == []

    def test_leaves_nothing_behind_when_the_sender_breaks_off(self, tmp_path: Path):
        def broken():
            yield b"x"
            raise ConnectionResetError("gone")

        with pytest.raises(Refused):
            storage.store(broken(), root=tmp_path, name="甲.txt", most=100)
        assert files_below(tmp_path) == []


class TestPlaces:
    @pytest.mark.parametrize("digest", ["", "../../etc/passwd", DIGEST.upper(), DIGEST + "0"])
    def test_only_digests_have_a_place(self, tmp_path: Path, digest):
        with pytest.raises(ValueError, match="digest"):
            storage.place_of(tmp_path, digest)

    def test_changed_and_lost_bytes_are_noticed(self, tmp_path: Path):
        storage.store([DATA], root=tmp_path, name="甲.txt", most=100)
        assert storage.is_whole(tmp_path, DIGEST)
        storage.place_of(tmp_path, DIGEST).write_bytes(DATA[::-1])
        assert not storage.is_whole(tmp_path, DIGEST)
        storage.place_of(tmp_path, DIGEST).unlink()
        assert not storage.is_whole(tmp_path, DIGEST)
