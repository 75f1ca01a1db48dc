"""Archives and folders of documents: listed without trusting them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from gongkai.kernel.documents import DocumentRefused, Limits
from gongkai.kernel.documents.bundles import open_folder, open_zip


def packed(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """A ZIP archive of members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as out:
        for name, data in members.items():
            out.writestr(name, data)
    target.seek(0)
    return target


def codes(entry) -> list[str]:
    return [issue.code for issue in entry.issues]


class TestOpenZip:
    def test_lists_files_and_reads_them(self):
        with open_zip(packed({"a/甲.txt": b"1", "乙.txt": b"22"}), name="包.zip") as bundle:
            assert [(e.path, e.size) for e in bundle.entries] == [("a/甲.txt", 1), ("乙.txt", 2)]
            assert bundle.read("乙.txt") == b"22"

    def test_passes_over_what_systems_leave_behind(self):
        members = {"__MACOSX/甲.txt": b"1", "Thumbs.db": b"1", "a/~$甲.docx": b"1", "a/._甲": b"1", "甲.txt": b"1"}
        with open_zip(packed(members), name="包.zip") as bundle:
            assert [e.path for e in bundle.entries] == ["甲.txt"]

    def test_reads_names_that_windows_packed_in_gbk(self):
        # A name of the same length is put in its place, without the mark of UTF-8.
        data = packed({"XXXXXXXX.txt": b"1"}).getvalue().replace(b"XXXXXXXX", "通知一二".encode("gbk"))
        with open_zip(io.BytesIO(data), name="包.zip") as bundle:
            assert [e.path for e in bundle.entries] == ["通知一二.txt"]
            assert bundle.read("通知一二.txt") == b"1"

    @pytest.mark.parametrize("name", ["../甲.txt", "/etc/甲.txt", "a/../../甲.txt", "..\\甲.txt", "C:/甲.txt"])
    def test_does_not_take_paths_that_lead_out(self, name):
        with open_zip(packed({name: b"1", "乙.txt": b"1"}), name="包.zip") as bundle:
            assert codes(bundle.entries[0]) == ["intake.bundle.outside"]
            with pytest.raises(DocumentRefused, match="以外的位置"):
                bundle.read(bundle.entries[0].path)

    def test_does_not_take_links(self):
        info = zipfile.ZipInfo("甲.txt")
        info.external_attr = 0o120777 << 16
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as out:
            out.writestr(info, "/etc/passwd")
        with open_zip(target, name="包.zip") as bundle:
            assert codes(bundle.entries[0]) == ["intake.bundle.outside"]

    def test_tells_encrypted_files(self):
        data = bytearray(packed({"甲.txt": b"1"}).getvalue())
        at = data.index(b"PK\x01\x02")
        data[at + 8] |= 1
        with open_zip(io.BytesIO(bytes(data)), name="包.zip") as bundle:
            assert codes(bundle.entries[0]) == ["document.encrypted"]

    def test_tells_files_that_unpack_to_too_much(self):
        with open_zip(packed({"甲.txt": bytes(30_000_000)}), name="包.zip") as bundle:
            assert codes(bundle.entries[0]) == ["document.bomb"]

    def test_tells_files_that_are_too_large(self):
        with open_zip(packed({"甲.txt": b"x" * 20}), name="包.zip", limits=Limits(max_bytes=10)) as bundle:
            assert codes(bundle.entries[0]) == ["document.too_large"]

    def test_does_not_trust_the_size_that_the_archive_tells(self):
        data = bytearray(packed({"甲.txt": b"x" * 1000}, method=zipfile.ZIP_STORED).getvalue())
        at = data.index(b"PK\x01\x02")
        data[at + 24 : at + 28] = (5).to_bytes(4, "little")
        with (
            open_zip(io.BytesIO(bytes(data)), name="包.zip", limits=Limits(max_bytes=100)) as bundle,
            pytest.raises(DocumentRefused),
        ):
            bundle.read("甲.txt")

    def test_tells_empty_files(self):
        with open_zip(packed({"甲.txt": b""}), name="包.zip") as bundle:
            assert codes(bundle.entries[0]) == ["document.empty"]

    @pytest.mark.parametrize(
        ("data", "sentence"), [(b"no zip", "不是可以打开的 ZIP"), (packed({}).getvalue(), "没有文件")]
    )
    def test_refuses_what_is_no_archive(self, data, sentence):
        with pytest.raises(DocumentRefused, match=sentence):
            open_zip(io.BytesIO(data), name="包.zip")

    def test_lists_thousands_of_files(self):
        members = {f"{n:05}.txt": b"1" for n in range(5000)}
        with open_zip(packed(members, method=zipfile.ZIP_STORED), name="包.zip") as bundle:
            assert len(bundle.entries) == 5000


class TestOpenFolder:
    def test_lists_everything_below(self, tmp_path: Path):
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "乙.txt").write_bytes(b"22")
        (tmp_path / "甲.txt").write_bytes(b"1")
        with open_folder(tmp_path) as bundle:
            assert [(e.path, e.size) for e in bundle.entries] == [("b/乙.txt", 2), ("甲.txt", 1)]
            assert bundle.read("b/乙.txt") == b"22"

    def test_does_not_follow_links_out(self, tmp_path: Path):
        inside, outside = tmp_path / "in", tmp_path / "secret.txt"
        inside.mkdir()
        outside.write_bytes(b"1")
        (inside / "甲.txt").symlink_to(outside)
        with open_folder(inside) as bundle:
            assert codes(bundle.entries[0]) == ["intake.bundle.outside"]
            for path in ("甲.txt", "../secret.txt"):
                with pytest.raises(DocumentRefused, match="以外的位置"):
                    bundle.read(path)

    def test_refuses_a_folder_that_is_not_there(self, tmp_path: Path):
        with pytest.raises(DocumentRefused, match="没有文件夹"):
            open_folder(tmp_path / "无")
