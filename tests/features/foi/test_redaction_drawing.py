"""Drawing what is redacted: pictures of pages for whoever handles the case, rows with grounds of their own, the printed list."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.features.foi import services
from gongkai.features.foi.models import CasePaper
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.files.selectors import file_path
from tests.factories.foi import Desk
from tests.factories.world import World
from tests.kernel.redaction.pdf_files import pdf, text_of

pytestmark = pytest.mark.django_db
SECRET, DRAFT = "诸葛青岚", "内部讨论意见"
LINES = [f"补偿对象{SECRET}，住学府路。", "", "", f"{DRAFT}：暂缓。", "", "补偿标准每平方米三千二百元。"]


def record(desk: Desk) -> CasePaper:
    upload = io.BytesIO(pdf([LINES, ["第二页是公开的内容。"]]))
    upload.name = "补偿明细.pdf"
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


def rows(kind: str, *filled: dict[str, str]) -> dict[str, str]:
    """What the rows of a form send."""
    sent = {f"{kind}-TOTAL_FORMS": str(len(filled) + 1), f"{kind}-INITIAL_FORMS": "0"}
    for number, row in enumerate(filled):
        sent |= {f"{kind}-{number}-{name}": value for name, value in row.items()}
    return sent


class TestPages:
    def test_are_shown_to_whoever_handles_the_case_and_kept_by_nobody(self, desk: Desk, clerk: Client) -> None:
        paper = record(desk)
        page = clerk.get(f"/admin/foi/papers/{paper.pk}/redact/").content.decode()
        assert page.count("data-foi-page=") == 2 and "redact.js" in page
        picture = clerk.get(f"/admin/foi/papers/{paper.pk}/redact/pages/1/")
        assert picture["Content-Type"] == "image/jpeg" and "no-store" in picture["Cache-Control"]
        assert picture.content[:2] == b"\xff\xd8"
        assert clerk.get(f"/admin/foi/papers/{paper.pk}/redact/pages/3/").status_code == 404

    def test_another_unit_and_a_judge_see_no_page_and_find_no_word(self, desk: Desk) -> None:
        paper = record(desk)
        for role, unit in ((Role.DISCLOSURE_OFFICE, desk.world.office), (Role.LEGALITY_REVIEWER, desk.unit)):
            client = Client()
            client.force_login(desk.world.person(role, unit))
            assert client.get(f"/admin/foi/papers/{paper.pk}/redact/pages/1/").status_code == 404
            assert client.post(f"/admin/foi/papers/{paper.pk}/redact/find/", {"term": SECRET}).status_code == 404

    def test_words_are_found_by_their_places(self, desk: Desk, clerk: Client) -> None:
        paper = record(desk)
        found = clerk.post(f"/admin/foi/papers/{paper.pk}/redact/find/", {"term": [SECRET, "第二页"]}).json()
        assert found["count"] == 2 and set(found["places"]) == {"1", "2"}
        assert SECRET not in " ".join(Entry.objects.values_list("summary", flat=True))


class TestRows:
    def test_each_has_its_own_ground_and_reason_in_one_round(self, desk: Desk, clerk: Client) -> None:
        paper = record(desk)
        find = clerk.post(f"/admin/foi/papers/{paper.pk}/redact/find/", {"term": DRAFT}).json()["places"]["1"][0]
        sides = dict(zip(("left", "top", "right", "bottom"), (str(100 * side) for side in find), strict=True))
        answers = {
            **rows("term", {"text": SECRET, "ground": "art15_privacy", "reason": "第三方个人信息"}),
            **rows("region", {"page": "1", **sides, "ground": "art16_discussion", "reason": "过程性信息"}),
        }
        answer = clerk.post(f"/admin/foi/papers/{paper.pk}/redact/", answers)
        assert answer.status_code == 302, answer.content.decode()
        copy = CasePaper.objects.get(kind="redacted")
        assert copy.file is not None
        words = text_of(file_path(file=copy.file).read_bytes())
        assert SECRET not in words and DRAFT not in words and "三千二百元" in words
        told = CasePaper.objects.get(evidence="redaction_list").note
        assert "第三方个人信息" in told and "过程性信息" in told
        assert [line for line in told.splitlines() if "第十五条" in line and "共1处" in line]
        assert [line for line in told.splitlines() if "第十六条" in line and "共1处" in line]

    def test_a_row_without_its_own_takes_the_common_ground(self, desk: Desk, clerk: Client) -> None:
        paper = record(desk)
        answers = {**rows("term", {"text": SECRET}), **rows("region"), "ground": "art15_privacy", "reason": "隐私"}
        assert clerk.post(f"/admin/foi/papers/{paper.pk}/redact/", answers).status_code == 302
        assert "隐私" in CasePaper.objects.get(evidence="redaction_list").note

    @pytest.mark.parametrize(
        ("row", "told"),
        [
            ({"page": "1", "left": "10"}, "第 1 个区域：页码和四边都要填写"),
            ({"page": "9", "left": "10", "top": "10", "right": "20", "bottom": "20"}, "第 9 页"),
            ({"page": "1", "left": "30", "top": "10", "right": "20", "bottom": "20"}, "超出页面"),
            ({"page": "1", "left": "x", "top": "10", "right": "20", "bottom": "20"}, "第 1 个区域：左%"),
        ],
        ids=["half", "no such page", "turned round", "no number"],
    )
    def test_a_row_that_cannot_be_used_is_told(self, desk: Desk, clerk: Client, row: dict[str, str], told: str) -> None:
        paper = record(desk)
        answers = {**rows("term"), **rows("region", row), "ground": "art15_privacy", "reason": "隐私"}
        answer = clerk.post(f"/admin/foi/papers/{paper.pk}/redact/", answers)
        assert answer.status_code == 422 and told in answer.content.decode()
        assert not CasePaper.objects.filter(kind="redacted").exists()

    def test_no_ground_at_all_is_asked_for(self, desk: Desk, clerk: Client) -> None:
        paper = record(desk)
        answers = {**rows("term", {"text": SECRET, "ground": "art15_privacy"}, {"text": DRAFT}), **rows("region")}
        page = clerk.post(f"/admin/foi/papers/{paper.pk}/redact/", answers)
        assert page.status_code == 422
        assert "请选择一项" in page.content.decode() and "请填写这一项" in page.content.decode()


class TestList:
    def test_is_shown_for_printing_and_names_nothing_that_went(self, desk: Desk, clerk: Client) -> None:
        paper = record(desk)
        answers = {**rows("term", {"text": SECRET}), **rows("region"), "ground": "art15_privacy", "reason": "隐私"}
        sheet = clerk.post(f"/admin/foi/papers/{paper.pk}/redact/", answers)["Location"]
        page = clerk.get(sheet).content.decode()
        assert "第十五条" in page and "重新读取" in page and "区分处理后的副本" in page
        assert SECRET not in page
        other = Client()
        other.force_login(desk.world.person(Role.DISCLOSURE_OFFICE, desk.world.office))
        assert other.get(sheet).status_code == 404
        assert clerk.get(f"/admin/foi/papers/{paper.pk}/redact/list/").status_code == 404
