"""The pages of the back office: the board, a case with its steps, entering an application, opening what is sealed."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.domain.foi.model import Stage
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.staff.command_fields import asked_fields
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from tests.factories.foi import ADDRESS, NAME, NUMBER, PHONE, Desk
from tests.factories.world import World

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def signed_in(world: World, role: Role, unit: object) -> Client:
    client = Client()
    client.force_login(world.person(role, unit))  # type: ignore[arg-type]
    return client


@pytest.fixture
def now_desk(world: World) -> Desk:
    """A desk on the real day, as the pages read the clock."""
    return Desk(world, timezone.localdate())


@pytest.fixture
def clerk(now_desk: Desk) -> Client:
    return signed_in(now_desk.world, Role.DISCLOSURE_OFFICE, now_desk.unit)


def entry(desk: Desk, **more: str) -> dict[str, str]:
    """What the clerk fills in for somebody at the counter."""
    return {
        "unit": str(desk.unit.pk),
        "channel": "in_person",
        "on": desk.today.isoformat(),
        "kind": "natural_person",
        "name": NAME,
        "id_number": NUMBER,
        "phone": PHONE,
        "address": ADDRESS,
        "subject": "学府路改造项目批复",
        "description": "2025年的批复文件",
        "wanted_form": "electronic",
        "wanted_delivery": "online",
        **more,
    }


class TestCommandForms:
    @pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.SUBMIT])
    def test_every_field_of_every_command_is_described(self, verb: Verb) -> None:
        assert all(callable(maker) for _, maker in asked_fields(verb))


class TestBoard:
    def test_shows_the_unit_s_cases_with_masked_names(self, now_desk: Desk, clerk: Client) -> None:
        case = now_desk.taken().application
        page = clerk.get("/admin/foi/").content.decode()
        assert "2026-0001" in page and "欧**" in page
        assert f'<a href="{reverse("foi:staff:case", args=[case.pk])}">2026-0001</a>' in page
        assert NAME not in page and PHONE not in page

    def test_another_unit_sees_none_of_them(self, now_desk: Desk) -> None:
        now_desk.taken()
        other = signed_in(now_desk.world, Role.DISCLOSURE_OFFICE, now_desk.world.finance)
        assert "2026-0001" not in other.get("/admin/foi/").content.decode()

    def test_costs_as_many_statements_with_many_as_with_one(self, now_desk: Desk, clerk: Client) -> None:
        now_desk.taken()
        clerk.get("/admin/foi/")
        with CaptureQueriesContext(connection) as one:
            clerk.get("/admin/foi/")
        for _ in range(5):
            now_desk.taken()
        with CaptureQueriesContext(connection) as six:
            clerk.get("/admin/foi/")
        assert len(six) == len(one)

    @pytest.mark.parametrize(
        "board", ["open", "confirm", "overdue", "near", "waiting", "lapsed", "deciding", "ended", "x"]
    )
    def test_every_board_opens(self, now_desk: Desk, clerk: Client, board: str) -> None:
        now_desk.online()
        answer = clerk.get(f"/admin/foi/?board={board}&text=学府&channel=online")
        assert answer.status_code == 200


class TestCase:
    def test_the_page_offers_what_can_be_done_now(self, now_desk: Desk, clerk: Client) -> None:
        application = now_desk.taken().application
        page = clerk.get(f"/admin/foi/{application.pk}/").content.decode()
        assert "下一步：转入办理" in page and "发出补正告知" in page
        assert "签发" not in page.replace("签发人", "")
        assert NUMBER not in page and ADDRESS not in page

    def test_a_step_by_its_form(self, now_desk: Desk, clerk: Client) -> None:
        application = now_desk.taken().application
        answer = clerk.post(
            f"/admin/foi/{application.pk}/do/notify_supplement/",
            {"on": now_desk.today.isoformat(), "items": "请写明文件的年份\n请写明项目名称", "days": "10"},
            follow=True,
        )
        application.refresh_from_db()
        assert application.stage == Stage.SUPPLEMENT_WAIT.value
        assert "请写明文件的年份、请写明项目名称" in answer.content.decode()

    def test_a_refused_step_keeps_what_was_typed_and_says_why(self, now_desk: Desk, clerk: Client) -> None:
        application = now_desk.taken().application
        answer = clerk.post(f"/admin/foi/{application.pk}/do/accept/", {"on": "2999-01-01"})
        assert answer.status_code == 422
        assert "晚于今天" in answer.content.decode()

    def test_another_unit_gets_not_found_everywhere(self, now_desk: Desk) -> None:
        application = now_desk.taken().application
        other = signed_in(now_desk.world, Role.DISCLOSURE_OFFICE_HEAD, now_desk.world.office)
        for address in ("", "course/"):
            assert other.get(f"/admin/foi/{application.pk}/{address}").status_code == 404
        assert other.post(f"/admin/foi/{application.pk}/do/accept/", {"on": "2026-03-02"}).status_code == 404
        assert other.post(f"/admin/foi/{application.pk}/applicant/", {"reason": "看看"}).status_code == 404

    def test_the_sheet_counts_every_day(self, now_desk: Desk, clerk: Client) -> None:
        application = now_desk.taken().application
        page = clerk.get(f"/admin/foi/{application.pk}/course/").content.decode()
        assert "第三十三条" in page and "不计入" in page

    def test_the_sheet_is_printed_for_whoever_asks(self, now_desk: Desk, clerk: Client) -> None:
        application = now_desk.taken().application
        sheets = {
            who: clerk.get(f"/admin/foi/{application.pk}/course/?for={who}").content.decode()
            for who in ("staff", "applicant", "review_body", "nobody")
        }
        assert all(page.count("<td>计入</td>") == 20 for page in sheets.values())
        told = {who: "登记（" in page.split('id="events"')[1] for who, page in sheets.items()}
        assert told == {"staff": True, "applicant": False, "review_body": True, "nobody": True}


class TestOpening:
    def test_opening_the_applicant_needs_a_reason_and_is_written_down(self, now_desk: Desk, clerk: Client) -> None:
        application = now_desk.taken().application
        refused = clerk.post(f"/admin/foi/{application.pk}/applicant/", {"reason": ""})
        assert refused.status_code == 422 and NAME not in refused.content.decode()
        opened = clerk.post(f"/admin/foi/{application.pk}/applicant/", {"reason": "电话核对申请内容"})
        assert NAME in opened.content.decode() and PHONE in opened.content.decode()
        assert "no-store" in opened["Cache-Control"]
        assert Entry.objects.filter(action="sealed.value.unmask", summary__contains="电话核对申请内容").count() == 1

    def test_a_colleague_who_only_judges_may_not_open_it(self, now_desk: Desk) -> None:
        application = now_desk.taken().application
        lawyer = signed_in(now_desk.world, Role.LEGALITY_REVIEWER, now_desk.unit)
        answer = lawyer.post(f"/admin/foi/{application.pk}/applicant/", {"reason": "看看"})
        assert answer.status_code == 403 and NAME not in answer.content.decode()


class TestEntry:
    def test_an_application_at_the_counter_is_entered_and_its_code_shown_once(
        self, now_desk: Desk, clerk: Client
    ) -> None:
        answer = clerk.post("/admin/foi/new/", entry(now_desk))
        assert answer.status_code == 200 and "2026-0001" in answer.content.decode()
        application = Application.objects.get()
        assert application.stage == Stage.CHECKING.value
        assert "no-store" in answer["Cache-Control"]

    def test_what_is_missing_stands_at_its_field(self, now_desk: Desk, clerk: Client) -> None:
        answer = clerk.post("/admin/foi/new/", entry(now_desk, phone="", address="", id_number=""))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "电话、邮箱、地址至少填写一项" in page and "身份证件号码" in page
        assert Application.objects.count() == 0

    def test_a_day_that_the_channel_does_not_know_is_refused(self, now_desk: Desk, clerk: Client) -> None:
        answer = clerk.post("/admin/foi/new/", entry(now_desk, signed=now_desk.today.isoformat()))
        assert answer.status_code == 422 and "不需要填写" in answer.content.decode()


class TestPapers:
    def test_a_proof_of_identity_lies_sealed_and_opens_with_a_reason(self, now_desk: Desk, clerk: Client) -> None:
        upload = SimpleUploadedFile("身份证.png", PNG, "image/png")
        clerk.post("/admin/foi/new/", {**entry(now_desk, id_number=""), "identity": upload})
        paper = CasePaper.objects.select_related("file").get(kind="identity")
        assert paper.sealed and "身份证.png" not in paper.file.name
        assert clerk.get(f"/admin/files/{paper.file_id}/download/").status_code in (403, 404)
        opened = clerk.post(f"/admin/foi/papers/{paper.pk}/identity/", {"reason": "核对身份"})
        assert opened.content == PNG
        assert Entry.objects.filter(action="foi.paper.open").count() == 1
        clerk.post(f"/admin/foi/papers/{paper.pk}/identity/", {"reason": ""})
        assert Entry.objects.filter(action="foi.paper.open").count() == 1

    @pytest.mark.parametrize(
        ("name", "data", "told"),
        [("身份证.exe", PNG, "格式不能用"), ("身份证.png", b"MZ" + b"\x00" * 40, "内容与扩展名不符")],
        ids=["ending", "disguised"],
    )
    def test_a_file_of_another_kind_is_refused_and_nothing_is_entered(
        self, now_desk: Desk, clerk: Client, name: str, data: bytes, told: str
    ) -> None:
        upload = SimpleUploadedFile(name, data)
        answer = clerk.post("/admin/foi/new/", {**entry(now_desk), "identity": upload})
        assert answer.status_code == 422 and told in answer.content.decode()
        assert Application.objects.count() == 0

    def test_a_paper_is_added_read_by_colleagues_and_taken_out_with_a_reason(
        self, now_desk: Desk, clerk: Client
    ) -> None:
        application = now_desk.taken().application
        upload = BytesIO(b"%PDF-1.4 test")
        upload.name = "检索记录.pdf"
        clerk.post(f"/admin/foi/{application.pk}/papers/", {"kind": "evidence", "upload": upload})
        paper = CasePaper.objects.get()
        lawyer = signed_in(now_desk.world, Role.LEGALITY_REVIEWER, now_desk.unit)
        read = lawyer.get(f"/admin/files/{paper.file_id}/download/")
        assert b"".join(read.streaming_content) == b"%PDF-1.4 test"
        other = signed_in(now_desk.world, Role.DISCLOSURE_OFFICE, now_desk.world.finance)
        assert other.get(f"/admin/files/{paper.file_id}/download/").status_code in (403, 404)
        clerk.post(f"/admin/foi/papers/{paper.pk}/remove/", {"reason": "传错了"})
        paper.refresh_from_db()
        assert paper.removed_reason == "传错了"


class TestSuperuser:
    def test_a_superuser_without_a_post_in_the_unit_sees_no_case(self, now_desk: Desk) -> None:
        application = now_desk.taken().application
        client = Client()
        client.force_login(User.objects.create_superuser("root1", password="x"))
        assert client.get(f"/admin/foi/{application.pk}/").status_code in (403, 404)
