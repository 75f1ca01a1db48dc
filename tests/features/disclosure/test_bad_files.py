"""Files that nobody should hand in: each is answered in words, at one upload and in an import, and nothing of it is kept."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import pytest

from gongkai.features.disclosure.models import ImportBatch, ImportRow, Intake, Item
from gongkai.features.disclosure.services.columns import directory_ensure
from gongkai.features.disclosure.services.imports import import_request
from gongkai.features.disclosure.services.intake import intake_upload
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.models import StoredFile
from tests.factories.world import NOW, SYSTEM, World
from tests.features.disclosure.test_bulk_import import ask, notice, packed, run, sheet, states
from tests.kernel.documents import samples

TWO_GIGABYTES = 2 * 1024**3
MACRO = samples.changed_zip(samples.docx_bytes(), add={"word/vbaProject.bin": b"x"})
BAD = {
    "坏.docx": (samples.docx_bytes()[:-200], "已损坏"),
    "密.pdf": (samples.pdf_bytes(password="x"), "设置了密码"),
    "宏.docm": (MACRO, "带有宏"),
    "改名的宏.docx": (MACRO, "带有宏"),
    "炸.docx": (samples.changed_zip(samples.docx_bytes(), add={"word/a.bin": bytes(40_000_000)}), "展开后"),
    "程序.pdf": (b"MZ" + bytes(200), "可执行程序"),
    "空.txt": (b"", "空文件"),
    "包.zip": (samples.zip_of(a__txt=b"x"), "ZIP 压缩包"),
}
"""Name, bytes, and what the answer says."""


@pytest.fixture
def world(db: None) -> World:
    directory_ensure(actor=SYSTEM, now=NOW)
    return World()


@pytest.fixture
def drafter(world: World):
    return world.actor(Role.DRAFTER, world.finance)


class Claimed(io.RawIOBase):
    """An upload that claims a size and must not be read."""

    def __init__(self, name: str) -> None:
        self.name, self.size = name, TWO_GIGABYTES

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("read before its size was looked at")

    def chunks(self, chunk_size: int = 0) -> Any:
        return iter(self.read, b"")


def claiming(archive: bytes, size: int) -> bytes:
    """Change the directory of an archive so that its first file claims to unpack to a size."""
    at = archive.index(b"PK\x01\x02")
    return archive[: at + 24] + struct.pack("<L", size) + archive[at + 28 :]


def told(batch: ImportBatch) -> dict[str, str]:
    return {row.path: " ".join(row.issues) for row in ImportRow.objects.filter(batch=batch)}


class TestUpload:
    def test_of_two_gigabytes_is_refused_before_a_byte_is_read(self, world, drafter):
        with pytest.raises(Refused, match="上限"):
            intake_upload(actor=drafter, unit_id=world.finance.pk, upload=Claimed("大.pdf"), now=NOW)
        assert (Intake.objects.count(), StoredFile.objects.count()) == (0, 0)

    def test_of_an_import_of_two_gigabytes_is_refused_before_a_byte_is_read(self, world, drafter):
        with pytest.raises(Refused, match="上限"):
            import_request(actor=drafter, unit_id=world.finance.pk, kind="notice", archive=Claimed("全部.zip"), now=NOW)
        assert ImportBatch.objects.count() == 0


class TestArchive:
    def test_tells_each_bad_file_why_and_imports_the_others(self, world, drafter):
        members = {name: data for name, (data, _) in BAD.items()} | {"好.txt": notice(1)}
        batch = run(ask(drafter, world, archive=packed(members)))
        answers = told(batch)
        assert {name: sentence in answers[name] for name, (_, sentence) in BAD.items()} == dict.fromkeys(BAD, True)
        assert states(batch) == dict.fromkeys(BAD, "failed") | {"好.txt": "done"}
        assert Item.objects.count() == 1

    def test_never_unpacks_a_file_that_claims_two_gigabytes(self, world, drafter):
        data = claiming(packed({"大.txt": notice(1), "好.txt": notice(2)}), TWO_GIGABYTES - 1)
        batch = run(ask(drafter, world, archive=data))
        assert states(batch) == {"大.txt": "failed", "好.txt": "done"}
        assert "上限" in told(batch)["大.txt"]

    def test_never_unpacks_a_bomb(self, world, drafter):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("炸.txt", bytes(30_000_000))
            out.writestr("好.txt", notice(2))
        batch = run(ask(drafter, world, archive=target.getvalue()))
        assert states(batch) == {"炸.txt": "failed", "好.txt": "done"}
        assert "展开" in told(batch)["炸.txt"]

    def test_reads_a_mistyped_file_as_an_attachment_only_under_its_right_name(self, world, drafter):
        batch = run(
            ask(drafter, world, archive=packed({"通知.txt": samples.docx_bytes(), "图.pdf": b"GIF89a" + bytes(9)}))
        )
        assert states(batch)["图.pdf"] == "failed"
        assert "Word" in told(batch)["通知.txt"]


class TestSheet:
    HEAD = ("标题", "附件路径")

    def test_tells_a_file_that_a_row_names_and_that_is_not_there(self, world, drafter):
        listed = sheet(("甲", "没有.txt"), ("乙", "1.txt"), head=self.HEAD)
        batch = run(ask(drafter, world, archive=packed({"1.txt": notice(1)}), listed=listed))
        assert states(batch) == {"没有.txt": "failed", "1.txt": "done"}
        assert "没有找到文件“没有.txt”" in told(batch)["没有.txt"]

    def test_tells_the_files_that_no_row_names(self, world, drafter):
        listed = sheet(("乙", "1.txt"), head=self.HEAD)
        batch = run(ask(drafter, world, archive=packed({"1.txt": notice(1), "2.txt": notice(2)}), listed=listed))
        assert (batch.state, Item.objects.count()) == (ImportBatch.State.DONE, 1)
        assert ["2.txt" in sentence and "没有提到" in sentence for sentence in batch.issues] == [True]

    def test_refuses_a_row_whose_second_file_may_not_be_attached(self, world, drafter):
        members = {"1.txt": notice(1), "附件.exe": b"MZ" + bytes(99), "宏.docm": MACRO}
        listed = sheet(("甲", "1.txt；附件.exe；宏.docm"), head=self.HEAD)
        batch = run(ask(drafter, world, archive=packed(members), listed=listed))
        [answer] = told(batch).values()
        assert "可执行程序" in answer and "带有宏" in answer
        assert Item.objects.count() == 0

    @pytest.mark.parametrize("name", [name for name, (data, _) in BAD.items() if data])
    def test_refuses_a_list_that_cannot_be_read(self, world, drafter, name):
        data, sentence = BAD[name]
        batch = run(ask(drafter, world, listed=data))
        assert batch.state == ImportBatch.State.FAILED
        assert sentence in " ".join(batch.issues)

    def test_refuses_an_empty_list_when_it_is_handed_in(self, world, drafter):
        with pytest.raises(Refused, match="空文件"):
            import_request(actor=drafter, unit_id=world.finance.pk, kind="notice", sheet=io.BytesIO(b""), now=NOW)
