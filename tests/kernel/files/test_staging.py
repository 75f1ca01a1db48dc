"""Many files at once: nothing has its name before its bytes are on disk, and nothing is left beside the store."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from gongkai.kernel.errors import Refused
from gongkai.kernel.files import staging
from gongkai.kernel.files.staging import drop, settle, stage
from gongkai.kernel.files.storage import is_whole, place_of


def put(root: Path, data: bytes):
    return stage(data, root=root, name="甲.txt", most=100)


def left(root: Path) -> list[str]:
    return [place.name for place in root.glob(".incoming-*")]


class TestStage:
    def test_writes_beside_the_store(self, tmp_path: Path):
        staged = put(tmp_path, b"text")
        assert (staged.sha256, staged.size, staged.head) == (hashlib.sha256(b"text").hexdigest(), 4, b"text")
        assert Path(staged.incoming).read_bytes() == b"text"
        assert not place_of(tmp_path, staged.sha256).exists()

    @pytest.mark.parametrize(("data", "code"), [(b"", "files.empty"), (bytes(101), "files.too_large")])
    def test_refuses_and_leaves_nothing_behind(self, tmp_path: Path, data, code):
        with pytest.raises(Refused) as caught:
            put(tmp_path, data)
        assert caught.value.codes() == [code]
        assert left(tmp_path) == []

    def test_drops_what_is_not_wanted(self, tmp_path: Path):
        staged = put(tmp_path, b"text")
        drop(staged)
        drop(staged)
        assert left(tmp_path) == []


class TestSettle:
    def test_brings_all_in_under_their_digests(self, tmp_path: Path):
        staged = [put(tmp_path, f"text {number}".encode()) for number in range(50)]
        assert settle(staged, root=tmp_path) == {}
        assert all(is_whole(tmp_path, one.sha256) for one in staged)
        assert left(tmp_path) == []

    def test_keeps_equal_bytes_once(self, tmp_path: Path):
        first = put(tmp_path, b"text")
        settle([first, put(tmp_path, b"text")], root=tmp_path)
        before = place_of(tmp_path, first.sha256).stat().st_ino
        settle([put(tmp_path, b"text")], root=tmp_path)
        assert place_of(tmp_path, first.sha256).stat().st_ino == before
        assert left(tmp_path) == []

    def test_flushes_bytes_before_they_get_their_name_and_names_before_it_returns(self, tmp_path, monkeypatch):
        done: list[str] = []
        flush, rename = staging._flush, os.replace

        def noted_flush(path: str) -> None:
            done.append(f"flush {path}")
            flush(path)

        def noted_rename(source: str, target: Path) -> None:
            done.append(f"rename {source}")
            rename(source, target)

        monkeypatch.setattr(staging, "_flush", noted_flush)
        monkeypatch.setattr(os, "replace", noted_rename)
        staged = put(tmp_path, b"text")
        settle([staged], root=tmp_path)
        place = place_of(tmp_path, staged.sha256)
        assert done[:2] == [f"flush {staged.incoming}", f"rename {staged.incoming}"]
        assert set(done[2:]) == {f"flush {folder}" for folder in (place.parent, place.parent.parent, tmp_path)}

    def test_tells_the_file_that_the_disk_did_not_take_and_keeps_the_others(self, tmp_path, monkeypatch):
        bad, good = put(tmp_path, b"bad"), put(tmp_path, b"good")
        flush = staging._flush

        def full(path: str) -> None:
            if path == bad.incoming:
                raise OSError(errno.ENOSPC, "full")
            flush(path)

        monkeypatch.setattr(staging, "_flush", full)
        faults = settle([bad, good], root=tmp_path)
        assert {digest: error.errno for digest, error in faults.items()} == {bad.sha256: errno.ENOSPC}
        assert is_whole(tmp_path, good.sha256) and not place_of(tmp_path, bad.sha256).exists()
        assert left(tmp_path) == []

    def test_promises_nothing_when_the_names_could_not_be_flushed(self, tmp_path, monkeypatch):
        staged, flush = put(tmp_path, b"text"), staging._flush

        def broken(path: str) -> None:
            if Path(path).is_dir():
                raise OSError(errno.EIO, "broken")
            flush(path)

        monkeypatch.setattr(staging, "_flush", broken)
        assert set(settle([staged], root=tmp_path)) == {staged.sha256}
