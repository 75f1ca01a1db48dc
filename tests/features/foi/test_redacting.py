"""Severance in a case: words leave the file for good, the list says what went on which ground, the original stays."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document

from gongkai.features.foi import services
from gongkai.features.foi.models import CasePaper
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.documents.reader import read_document
from gongkai.kernel.files.selectors import file_path
from tests.factories.foi import Desk
from tests.factories.world import World

pytestmark = pytest.mark.django_db
SECRET = "诸葛青岚"
ID_NUMBER = "360721199001011233"


def record(desk: Desk) -> CasePaper:
    """A record with a name and an identity number in it."""
    document = Document()
    document.add_paragraph(f"补偿对象{SECRET}，身份证号{ID_NUMBER}，住学府路。")
    document.add_paragraph("补偿标准按每平方米三千二百元执行。")
    data = io.BytesIO()
    document.save(data)
    upload = io.BytesIO(data.getvalue())
    upload.name = "补偿明细.docx"
    application = desk.taken().application
    return services.paper_add(
        actor=desk.clerk, application_id=application.pk, kind="record", upload=upload, now=timezone.now()
    )


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, timezone.localdate())


@pytest.fixture
def clerk(desk: Desk) -> Client:
    client = Client()
    client.force_login(desk.world.person(Role.DISCLOSURE_OFFICE, desk.unit))
    return client


def words_of(paper: CasePaper) -> str:
    assert paper.file is not None
    return read_document(file_path(file=paper.file).read_bytes(), name=paper.file.name).text()


class TestRedact:
    def test_words_are_gone_from_the_copy_and_the_list_tells_ground_and_reason(self, desk: Desk, clerk: Client) -> None:
        paper = record(desk)
        answers = {"terms": f"{SECRET}\n{ID_NUMBER}", "ground": "art15_privacy", "reason": "第三方个人信息"}
        clerk.post(f"/admin/foi/papers/{paper.pk}/redact/", answers)
        copy = CasePaper.objects.get(kind="redacted")
        assert SECRET not in words_of(copy) and ID_NUMBER not in words_of(copy)
        assert "三千二百元" in words_of(copy)
        told = CasePaper.objects.get(evidence="redaction_list")
        assert "第十五条" in told.note and "第三方个人信息" in told.note
        assert SECRET not in told.note and ID_NUMBER not in told.note
        assert SECRET in words_of(paper)

    def test_personal_data_that_the_check_finds_are_proposed(self, desk: Desk, clerk: Client) -> None:
        paper = record(desk)
        assert ID_NUMBER in clerk.get(f"/admin/foi/papers/{paper.pk}/redact/").content.decode()

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({"ground": ""}, "请选择一项"),
            ({"reason": ""}, "请填写这一项"),
            ({"terms": ""}, ""),
            ({"regions": "第二页 左上"}, "看不懂"),
            ({"regions": "1 10 10 60 40"}, ""),
            ({"seen": "一"}, "写数字"),
        ],
        ids=["ground", "reason", "nothing", "region words", "region in word file", "pages"],
    )
    def test_what_is_missing_or_unreadable_is_told_and_nothing_is_made(
        self, desk: Desk, clerk: Client, more: dict[str, str], told: str
    ) -> None:
        paper = record(desk)
        answers = {"terms": SECRET, "ground": "art15_privacy", "reason": "隐私", **more}
        answer = clerk.post(f"/admin/foi/papers/{paper.pk}/redact/", answers)
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert not CasePaper.objects.filter(kind="redacted").exists()

    def test_another_unit_or_a_judge_finds_nothing(self, desk: Desk) -> None:
        paper = record(desk)
        for role, unit in ((Role.DISCLOSURE_OFFICE, desk.world.finance), (Role.LEGALITY_REVIEWER, desk.unit)):
            client = Client()
            client.force_login(desk.world.person(role, unit))
            assert client.get(f"/admin/foi/papers/{paper.pk}/redact/").status_code == 404
