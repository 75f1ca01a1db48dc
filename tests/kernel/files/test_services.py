"""Storing files and the record of them."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.selectors import entry_list
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.selectors import file_get, file_issues, file_list, file_open, file_path
from gongkai.kernel.files.services import clean_name, file_attach, file_store

PDF = b"%PDF-1.7 example"


class TestFileStore:
    def test_stores_an_upload_with_its_record_and_audit_entry(self, home, make_actor, unit, now):
        actor = make_actor("张三", (Role.DRAFTER, unit.pk))
        upload = SimpleUploadedFile("方案.pdf", PDF)
        file = file_store(
            actor=actor, upload=upload, unit_id=unit.pk, target_type="filetest.thing", target_id=12, now=now
        )
        assert (file.name, file.size, file.media_type) == ("方案.pdf", len(PDF), "application/pdf")
        assert (file.sha256, file.unit_id, file.uploaded_by_id) == (
            hashlib.sha256(PDF).hexdigest(),
            unit.pk,
            actor.user_id,
        )
        assert (file.target_type, file.target_id, file.created_at) == ("filetest.thing", "12", now)
        with file_open(actor=actor, file=file) as source:
            assert source.read() == PDF
        entry = entry_list(target_type="files.file", target_id=file.pk)[0]
        assert (entry.action, entry.details["target"]) == ("files.file.store", "filetest.thing:12")

    def test_takes_bytes_streams_and_paths(self, home, make_actor, now, tmp_path: Path):
        actor = make_actor("张三")
        path = tmp_path / "丙.txt"
        path.write_bytes(b"abc")
        files = [
            file_store(actor=actor, upload=b"abc", name="甲.txt", now=now),
            file_store(actor=actor, upload=io.BytesIO(b"abc"), name="乙.txt", now=now),
            file_store(actor=actor, path=path, now=now),
        ]
        assert [f.name for f in files] == ["甲.txt", "乙.txt", "丙.txt"]
        assert len({f.sha256 for f in files}) == 1

    def test_needs_exactly_one_source(self, home, make_actor, now, tmp_path: Path):
        actor = make_actor("张三")
        with pytest.raises(TypeError):
            file_store(actor=actor, name="x", now=now)
        with pytest.raises(TypeError):
            file_store(actor=actor, upload=b"x", path=tmp_path / "x", now=now)

    def test_refuses_what_is_too_large_and_writes_no_record(self, home, make_actor, now, settings):
        settings.UPLOAD_LIMIT_BYTES = 10
        with pytest.raises(Refused, match="上限"):
            file_store(actor=make_actor("张三"), upload=b"x" * 11, name="大.txt", now=now)
        assert not StoredFile.objects.exists()

    def test_refuses_a_path_that_is_not_there(self, home, make_actor, now, tmp_path: Path):
        with pytest.raises(Refused, match="打不开"):
            file_store(actor=make_actor("张三"), path=tmp_path / "无.txt", now=now)

    def test_a_page_called_pdf_is_not_sent_as_one(self, home, make_actor, now):
        file = file_store(actor=make_actor("张三"), upload=b"<html><script>", name="方案.pdf", now=now)
        assert file.media_type == "application/octet-stream"

    def test_is_for_people_of_the_unit(self, home, make_actor, unit, now):
        outsider = make_actor("李四")
        authority = make_actor("王五", (Role.DISCLOSURE_OFFICE, 999), authority_ids={999})
        with pytest.raises(NotPermitted):
            file_store(actor=Actor.anonymous(), upload=b"x", name="甲.txt", now=now)
        with pytest.raises(NotPermitted):
            file_store(actor=outsider, upload=b"x", name="甲.txt", unit_id=unit.pk, now=now)
        assert file_store(actor=authority, upload=b"x", name="甲.txt", unit_id=unit.pk, now=now).pk


class TestFileAttach:
    def test_says_once_which_object_a_file_belongs_to(self, home, make_actor, now):
        actor = make_actor("张三")
        file = file_store(actor=actor, upload=b"x", name="甲.txt", now=now)
        attached = file_attach(actor=actor, file=file, target_type="filetest.plan", target_id=3, now=now)
        again = file_attach(actor=actor, file=file, target_type="filetest.plan", target_id=3, now=now)
        assert (attached.target_type, again.target_id) == ("filetest.plan", "3")
        assert entry_list(target_type="files.file", target_id=file.pk).count() == 2
        with pytest.raises(Refused, match="其他事项"):
            file_attach(actor=actor, file=file, target_type="filetest.plan", target_id=4, now=now)

    def test_is_not_for_strangers(self, home, make_actor, now):
        file = file_store(actor=make_actor("张三"), upload=b"x", name="甲.txt", now=now)
        with pytest.raises(NotPermitted):
            file_attach(actor=make_actor("李四"), file=file, target_type="filetest.plan", target_id=3, now=now)


class TestCleanName:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("C:\\文件\\方案.docx", "方案.docx"),
            ("../../etc/passwd", "passwd"),
            ("甲\r\n乙\x00.txt", "甲乙.txt"),
            ("", "未命名文件"),
            ("..", "未命名文件"),
            ("长" * 300 + ".docx", "长" * 195 + ".docx"),
            ("长" * 300, "长" * 200),
        ],
    )
    def test_keeps_a_bare_readable_name(self, name, expected):
        assert clean_name(name) == expected


class TestSelectors:
    def test_lists_the_files_of_an_object_newest_first(self, home, make_actor, now):
        actor = make_actor("张三")
        for name in ("甲.txt", "乙.txt"):
            file_store(actor=actor, upload=name.encode(), name=name, target_type="t.x", target_id=1, now=now)
        file_store(actor=actor, upload=b"z", name="丙.txt", target_type="t.x", target_id=2, now=now)
        assert [f.name for f in file_list(actor=actor, target_type="t.x", target_id=1)] == ["乙.txt", "甲.txt"]
        assert file_list(actor=make_actor("李四"), target_type="t.x", target_id=1) == []

    def test_lost_bytes_are_named_once_and_refused(self, home, make_actor, now):
        actor = make_actor("张三")
        file = file_store(actor=actor, upload=b"x", name="甲.txt", now=now)
        file_store(actor=actor, upload=b"y", name="乙.txt", now=now)
        assert list(file_issues()) == []
        file_path(file=file).unlink()
        assert [i.values["name"] for i in file_issues()] == ["甲.txt"]
        with pytest.raises(Refused, match="备份"):
            file_open(actor=actor, file=file)

    def test_asks_for_permission(self, home, make_actor, now):
        file = file_store(actor=make_actor("张三"), upload=b"x", name="甲.txt", now=now)
        for ask in (lambda a: file_get(actor=a, file_id=file.pk), lambda a: file_open(actor=a, file=file)):
            with pytest.raises(NotPermitted):
                ask(make_actor(f"李四{ask}"[:100]))
