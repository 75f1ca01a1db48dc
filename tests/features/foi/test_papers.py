"""The archive of a case: everything that was done in time and what proves it, nothing that is sealed, the same each time."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest

from gongkai.domain.foi import commands as c
from gongkai.features.foi import services
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.foi import ADDRESS, NAME, NUMBER, PHONE, Desk
from tests.factories.world import TODAY, moment

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@pytest.fixture
def archive(desk: Desk) -> zipfile.ZipFile:
    application = desk.taken(identity=_upload("身份证.png", PNG)).application
    desk.do(application, c.Accept(on=TODAY))
    for title, text in (("检索记录.txt", b"a"), ("../检索:记录.txt", b"b")):
        services.paper_add(
            actor=desk.clerk,
            application_id=application.pk,
            kind="evidence",
            upload=_upload(title, text),
            now=moment(TODAY, 11),
        )
    name, data = services.case_file(actor=desk.clerk, application_id=application.pk, now=moment(TODAY, 12))
    assert name == "2026-0001 案卷.zip"
    return zipfile.ZipFile(io.BytesIO(data))


def _upload(name: str, data: bytes) -> io.BytesIO:
    upload = io.BytesIO(data)
    upload.name = name
    return upload


class TestCaseFile:
    def test_holds_index_course_events_audit_and_every_open_paper(self, archive: zipfile.ZipFile) -> None:
        names = archive.namelist()
        assert [name[:2] for name in names[:4]] == ["00", "01", "02", "03"]
        papers = [name for name in names if name.startswith("材料/")]
        assert sorted(archive.read(name) for name in papers) == [b"a", b"b"]
        assert all(".." not in name.removesuffix(".txt") and name.count("/") == 1 for name in papers)
        events = json.loads(archive.read("02 办理事件.json"))
        assert [event["type"] for event in events] == ["Submitted", "Received", "Registered", "Accepted"]
        assert "2026-03-30" in archive.read("01 办理经过和期限.txt").decode()
        assert "收到公开申请" in archive.read("03 审计记录.txt").decode()

    def test_tells_what_was_asked_and_the_digest_of_every_member(self, archive: zipfile.ZipFile) -> None:
        asked = archive.read("05 申请内容.txt").decode()
        assert "2025年学府路改造项目的环境影响报告表及批复文件全文。" in asked
        assert not [word for word in (NAME, NUMBER, PHONE, ADDRESS) if word in asked]
        lines = archive.read("09 文件校验.txt").decode().splitlines()
        digests = {line.partition("　")[2]: line.partition("　")[0] for line in lines}
        others = [name for name in archive.namelist() if name != "09 文件校验.txt"]
        assert digests == {name: hashlib.sha256(archive.read(name)).hexdigest() for name in others}

    def test_sets_the_evidence_beside_the_checklist_of_the_result(self, desk: Desk) -> None:
        application = desk.granted(TODAY)
        services.paper_add(
            actor=desk.clerk,
            application_id=application.pk,
            kind="evidence",
            title="提供凭证",
            note="当面领取",
            evidence="handover_proof",
            now=moment(TODAY, 11),
        )
        _, data = services.case_file(actor=desk.clerk, application_id=application.pk, now=moment(TODAY, 12))
        told = zipfile.ZipFile(io.BytesIO(data)).read("06 依据材料对照.txt").decode()
        assert "有　提供信息的凭证" in told and "缺　所提供信息的副本" in told and "当面领取" in told

    def test_names_what_is_sealed_and_carries_none_of_it(self, archive: zipfile.ZipFile) -> None:
        assert "加密保存，不随案卷导出" in archive.read("00 案卷目录.txt").decode()
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert PNG not in everything
        assert not any(word.encode() in everything for word in (NAME, PHONE, NUMBER, ADDRESS))

    def test_the_same_case_gives_the_same_bytes_and_each_export_is_on_record(self, desk: Desk) -> None:
        application = desk.taken().application
        other = desk.taken().application
        first = services.case_file(actor=desk.clerk, application_id=application.pk, now=moment(TODAY, 12))
        assert Entry.objects.filter(action="foi.application.export").count() == 1
        services.case_file(actor=desk.clerk, application_id=other.pk, now=moment(TODAY, 12))
        again = services.case_file(actor=desk.clerk, application_id=application.pk, now=moment(TODAY, 12))
        differing = [
            name
            for name in zipfile.ZipFile(io.BytesIO(first[1])).namelist()
            if zipfile.ZipFile(io.BytesIO(first[1])).read(name) != zipfile.ZipFile(io.BytesIO(again[1])).read(name)
        ]
        assert differing == ["03 审计记录.txt", "09 文件校验.txt"]  # it tells of the first export

    def test_only_who_handles_the_case_exports_it(self, desk: Desk) -> None:
        application = desk.taken().application
        with pytest.raises(NotPermitted):
            services.case_file(actor=desk.lawyer, application_id=application.pk, now=moment(TODAY))
        with pytest.raises(Refused):
            services.case_file(actor=desk.world.actor(None, None), application_id=application.pk, now=moment(TODAY))
