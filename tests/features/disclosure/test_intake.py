"""Documents that are handed in: read, proposed, confirmed, put aside."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import AttributeDecision, Intake, Item
from gongkai.features.disclosure.selectors.intake import IntakeNotFound, duplicates, intake_get, intake_list
from gongkai.features.disclosure.selectors.near_duplicates import near_duplicates
from gongkai.features.disclosure.services.columns import directory_ensure
from gongkai.features.disclosure.services.intake import intake_confirm, intake_discard, intake_upload
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.selectors import file_open
from tests.factories.world import NOW, SYSTEM, World
from tests.kernel.documents import samples
from tests.kernel.documents.ofd_samples import lines_of, ofd

TEXT = """青溪县财政局文件
青财字〔2026〕7号
青溪县财政局关于做好预算公开的通知
各单位：
请于3月底前公开预算，有疑问请联系经办人，身份证号11010519491231002X。
青溪县财政局
2026年2月20日
（此件主动公开）
"""


@pytest.fixture(autouse=True)
def file_store_of_its_own(settings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def world(db: None) -> World:
    directory_ensure(actor=SYSTEM, now=NOW)
    return World()


@pytest.fixture
def drafter(world: World):
    return world.actor(Role.DRAFTER, world.finance)


def upload(actor, unit, data: bytes | str = TEXT, name: str = "通知.txt") -> Intake:
    data = data.encode() if isinstance(data, str) else data
    return intake_upload(actor=actor, unit_id=unit.pk, upload=data, name=name, now=NOW)


def content_of(intake: Intake, **more) -> ItemContent:
    """What a person would confirm of an intake."""
    best = {p["field"]: p["value"] for p in reversed(intake.proposals)}
    fields = {
        "kind": "notice",
        "title": best["title"],
        "doc_no": best.get("doc_no", ""),
        "written_on": date.fromisoformat(best["written_on"]) if "written_on" in best else None,
        "body": tuple(intake.body),
    }
    return ItemContent(**{**fields, **more})


class TestUpload:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("通知.txt", TEXT.encode()),
            ("通知.txt", TEXT.encode("gbk")),
            ("通知.ofd", ofd(lines_of(TEXT.splitlines()))),
            ("通知.pdf", samples.pdf_bytes([TEXT.splitlines()])),
            ("通知.html", "".join(f"<p>{line}</p>" for line in ["<html>", *TEXT.splitlines()]).encode()),
        ],
        ids=["utf8", "gbk", "ofd", "pdf", "html"],
    )
    def test_proposes_the_same_fields_whatever_the_format(self, world, drafter, name, data):
        intake = upload(drafter, world.finance, data, name)
        best = {p["field"]: p["shown"] for p in reversed(intake.proposals)}
        assert {key: best.get(key) for key in ("title", "doc_no", "issuers", "written_on", "attribute")} == {
            "title": "青溪县财政局关于做好预算公开的通知",
            "doc_no": "青财字〔2026〕7号",
            "issuers": "青溪县财政局",
            "written_on": "2026年2月20日",
            "attribute": "proactive",
        }
        assert intake.state == Intake.State.OPEN

    def test_keeps_source_body_and_what_was_left_out(self, world, drafter):
        intake = upload(drafter, world.finance)
        assert [line.get("part", "") for line in intake.source][:4] == ["masthead", "number", "title", ""]
        assert [block["type"] for block in intake.body] == ["paragraph"] * 4
        assert [left["part"] for left in intake.left_out] == ["masthead", "number", "title", "remark"]

    def test_checks_the_content_at_once(self, world, drafter):
        grades = {finding["grade"] for finding in upload(drafter, world.finance).findings}
        assert "L2" in grades

    def test_does_not_tell_the_name_in_the_audit_trail(self, world, drafter):
        upload(drafter, world.finance, name="绝密名单.txt")
        assert not any("绝密名单" in summary for summary in Entry.objects.values_list("summary", flat=True))

    @pytest.mark.parametrize(
        ("name", "data", "sentence"),
        [
            ("空.txt", b"", "空文件"),
            ("坏.docx", samples.docx_bytes()[:-200], "已损坏"),
            ("密.pdf", samples.pdf_bytes(password="x"), "设置了密码"),
            ("宏.docm", samples.changed_zip(samples.docx_bytes(), add={"word/vbaProject.bin": b"x"}), "带有宏"),
            ("宏.xlsm", samples.changed_zip(samples.xlsx_bytes(), add={"xl/vbaProject.bin": b"x"}), "带有宏"),
            ("包.zip", samples.zip_of(a__txt=b"x"), "ZIP 压缩包"),
            ("炸.docx", samples.changed_zip(samples.docx_bytes(), add={"word/a.bin": bytes(40_000_000)}), "展开后"),
            ("程序.pdf", b"MZ" + bytes(200), "可执行程序"),
            ("坏.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "已损坏"),
        ],
        ids=["empty", "damaged", "locked", "docm", "xlsm", "zip", "bomb", "program", "picture"],
    )
    def test_refuses_bad_files_in_words_and_keeps_nothing(self, world, drafter, name, data, sentence):
        with pytest.raises(Refused, match=sentence):
            upload(drafter, world.finance, data, name)
        assert (Intake.objects.count(), StoredFile.objects.count()) == (0, 0)

    def test_refuses_a_file_that_is_too_large_while_it_streams(self, world, drafter, settings):
        settings.UPLOAD_LIMIT_BYTES = 1_000_000
        read = []

        class Endless(io.RawIOBase):
            def read(self, size=-1):
                read.append(size)
                return b"x" * (size if size > 0 else 1_000_000)

        with pytest.raises(Refused, match="上限"):
            intake_upload(actor=drafter, unit_id=world.finance.pk, upload=Endless(), name="大.txt", now=NOW)
        assert len(read) < 5

    def test_reads_a_mistyped_file_as_what_it_is_and_says_so(self, world, drafter):
        intake = upload(drafter, world.finance, samples.docx_bytes(), "方案.pdf")
        assert intake.format == "docx"
        assert any("实际内容是Word 文档" in note["text"] for note in intake.notes)


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "unit", "may"),
        [
            (Role.DRAFTER, "finance", True),
            (Role.DISCLOSURE_OFFICE, "finance", True),
            (Role.FIRST_REVIEWER, "finance", False),
            (Role.DRAFTER, "justice", False),
            (Role.DISCLOSURE_OFFICE, "office", False),
            (Role.SYSTEM_ADMINISTRATOR, "top", False),
        ],
    )
    def test_hand_in_for_a_unit(self, world, role, unit, may):
        actor = world.actor(role, getattr(world, unit))
        if may:
            assert upload(actor, world.finance).pk
        else:
            with pytest.raises(NotPermitted):
                upload(actor, world.finance)

    @pytest.mark.parametrize(
        ("role", "unit", "may"),
        [
            (Role.DISCLOSURE_OFFICE, "finance", True),
            (Role.DRAFTER, "finance", False),
            (Role.DISCLOSURE_OFFICE, "office", False),
            (Role.SUPERVISOR, "top", False),
            (Role.SYSTEM_ADMINISTRATOR, "top", False),
        ],
    )
    def test_see_what_another_handed_in(self, world, drafter, role, unit, may):
        intake = upload(drafter, world.finance)
        actor = world.actor(role, getattr(world, unit))
        assert [row.pk for row in intake_list(actor=actor)] == ([intake.pk] if may else [])
        if may:
            assert intake_get(actor=actor, intake_id=intake.pk) == intake
            with file_open(actor=actor, file=intake.file) as opened:
                assert opened.read()
        else:
            for attempt in (
                lambda: intake_get(actor=actor, intake_id=intake.pk),
                lambda: intake_discard(actor=actor, intake_id=intake.pk, now=NOW),
                lambda: intake_confirm(actor=actor, intake_id=intake.pk, content=content_of(intake), now=NOW),
            ):
                with pytest.raises(IntakeNotFound):
                    attempt()
            with pytest.raises(NotPermitted):
                file_open(actor=actor, file=StoredFile.objects.get(pk=intake.file_id))


class TestConfirm:
    def test_makes_a_draft_with_the_original_as_attachment(self, world, drafter):
        intake = upload(drafter, world.finance)
        item = intake_confirm(actor=drafter, intake_id=intake.pk, content=content_of(intake), now=NOW)
        content = ItemContent.from_data(item.head.content)
        assert (item.state, item.title, item.doc_no, item.created_by_id) == (
            Item.State.DRAFTING,
            "青溪县财政局关于做好预算公开的通知",
            "青财字〔2026〕7号",
            drafter.user_id,
        )
        assert [(a.name, a.sha256) for a in content.attachments] == [("通知.txt", intake.sha256)]
        assert content.issuer.name == "青溪县财政局"
        intake.refresh_from_db()
        assert (intake.state, intake.item_id) == (Intake.State.CONFIRMED, item.pk)

    def test_decides_the_attribute_with_its_ground(self, world, drafter):
        intake = upload(drafter, world.finance)
        item = intake_confirm(
            actor=drafter,
            intake_id=intake.pk,
            content=content_of(intake),
            attribute="proactive",
            grounds=["art20_7"],
            keep_file=False,
            now=NOW,
        )
        assert (item.attribute, item.grounds, item.state) == ("proactive", ["art20_7"], Item.State.DRAFTING)
        assert AttributeDecision.objects.get(item=item).decided_by_id == drafter.user_id
        assert ItemContent.from_data(item.head.content).attachments == ()

    def test_tells_every_reason_at_once_and_makes_nothing(self, world, drafter):
        intake = upload(drafter, world.finance)
        with pytest.raises(Refused) as caught:
            intake_confirm(
                actor=drafter,
                intake_id=intake.pk,
                content=content_of(intake, title="", kind="?"),
                attribute="withheld",
                grounds=["art20_7"],
                now=NOW,
            )
        assert caught.value.issues
        assert (Item.objects.count(), Intake.objects.get().state) == (0, Intake.State.OPEN)

    @pytest.mark.parametrize(
        ("change", "how"),
        [
            ({}, "文件完全相同"),
            ({"data": TEXT.replace("请于", "请在")}, "文号相同"),
            ({"data": TEXT.replace("7号", "8号").replace("请于", "请在")}, "标题和成文日期相同"),
        ],
    )
    def test_tells_what_is_there_already(self, world, drafter, change, how):
        first = upload(drafter, world.finance)
        intake_confirm(actor=drafter, intake_id=first.pk, content=content_of(first), now=NOW)
        second = upload(drafter, world.finance, **change)
        with pytest.raises(Refused, match=how):
            intake_confirm(actor=drafter, intake_id=second.pk, content=content_of(second), now=NOW)
        item = intake_confirm(
            actor=drafter, intake_id=second.pk, content=content_of(second), accept_duplicate=True, now=NOW
        )
        assert Item.objects.count() == 2 and item.pk

    def test_knows_the_same_text_in_another_format(self, world, drafter):
        first = upload(drafter, world.finance)
        second = upload(drafter, world.finance, ofd(lines_of(TEXT.splitlines())), "通知.ofd")
        assert first.text_digest == second.text_digest
        found = duplicates(actor=drafter, unit_id=world.finance.pk, text_digest=second.text_digest, besides=second.pk)
        assert [(one.how, one.intake_id) for one in found] == [("text", first.pk)]

    def test_does_not_tell_of_what_is_hidden(self, world, drafter):
        office = world.actor(Role.DISCLOSURE_OFFICE, world.finance)
        first = upload(office, world.finance)
        intake_confirm(actor=office, intake_id=first.pk, content=content_of(first), access_limited=True, now=NOW)
        second = upload(drafter, world.finance)
        found = duplicates(actor=drafter, unit_id=world.finance.pk, sha256=second.sha256, doc_no="青财字〔2026〕7号")
        assert [one for one in found if one.item_id is not None] == []

    def test_happens_once(self, world, drafter):
        intake = upload(drafter, world.finance)
        intake_confirm(actor=drafter, intake_id=intake.pk, content=content_of(intake), now=NOW)
        with pytest.raises(Refused, match="已转为信息"):
            intake_confirm(
                actor=drafter, intake_id=intake.pk, content=content_of(intake), accept_duplicate=True, now=NOW
            )

    def test_keeps_a_body_that_was_changed(self, world, drafter):
        intake = upload(drafter, world.finance)
        body = ({"id": "x", "type": "paragraph", "value": "<p>改过</p><script>1</script>"},)
        item = intake_confirm(
            actor=drafter, intake_id=intake.pk, content=replace(content_of(intake), body=body), now=NOW
        )
        assert item.head.content["body"] == [{"id": "x", "type": "paragraph", "value": "<p>改过</p>"}]


class TestDiscard:
    def test_puts_a_document_aside(self, world, drafter):
        intake = upload(drafter, world.finance)
        intake_discard(actor=drafter, intake_id=intake.pk, reason="传错了", now=NOW)
        intake.refresh_from_db()
        assert intake.state == Intake.State.DISCARDED
        assert list(intake_list(actor=drafter)) == []
        with pytest.raises(Refused, match="已放弃"):
            intake_discard(actor=drafter, intake_id=intake.pk, now=NOW)


LONG = TEXT.replace(
    "请于3月底前公开预算，",
    "请于3月底前在门户网站的财政信息栏目集中公开部门预算和三公经费预算，并对增减变化的原因作出说明，"
    "涉密事项依法不予公开，公开以后五个工作日内把链接地址报送县财政局预算股备案，",
)


class TestNearDuplicates:
    def near(self, actor, world, intake: Intake) -> list[tuple[str, bool]]:
        content = content_of(intake)
        text = ItemContent(kind="", title=content.title, body=tuple(intake.body)).plain_text()
        found = near_duplicates(actor=actor, unit_id=world.finance.pk, title=content.title, text=text)
        return [(one.title, one.percent >= 80) for one in found]

    def test_tells_of_a_text_that_is_nearly_the_same_under_another_title(self, world, drafter):
        first = upload(drafter, world.finance, LONG)
        kept = intake_confirm(actor=drafter, intake_id=first.pk, content=content_of(first), now=NOW)
        changed = (
            LONG.replace("做好预算公开的通知", "预算公开事项").replace("7号", "9号").replace("五个工作日", "四个工作日")
        )
        assert self.near(drafter, world, upload(drafter, world.finance, changed)) == [(kept.title, True)]

    def test_does_not_tell_of_what_only_has_a_like_title(self, world, drafter):
        first = upload(drafter, world.finance, LONG)
        intake_confirm(actor=drafter, intake_id=first.pk, content=content_of(first), now=NOW)
        other = TEXT.replace(
            "请于3月底前公开预算，有疑问请联系经办人", "今年的预算编制从五月开始，具体安排另行通知各单位"
        )
        assert self.near(drafter, world, upload(drafter, world.finance, other)) == []

    def test_does_not_tell_of_what_is_hidden(self, world, drafter):
        office = world.actor(Role.DISCLOSURE_OFFICE, world.finance)
        first = upload(office, world.finance, LONG)
        intake_confirm(actor=office, intake_id=first.pk, content=content_of(first), access_limited=True, now=NOW)
        second = upload(drafter, world.finance, LONG.replace("五个工作日", "四个工作日"))
        assert self.near(drafter, world, second) == []
        assert self.near(office, world, second) != []
