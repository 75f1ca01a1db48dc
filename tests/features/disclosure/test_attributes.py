"""Attribute first, then circulation; attachments looked at; the item follows its round."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from docx import Document as Docx
from PIL import Image

from gongkai.domain.items import ItemContent, State
from gongkai.features.disclosure.models import AttributeDecision, Item
from gongkai.features.disclosure.services.attachments import (
    attachment_add,
    attachment_remove,
    attachment_replace,
    picture_add,
)
from gongkai.features.disclosure.services.attributes import attribute_decide
from gongkai.features.disclosure.services.circulation import item_recall, round_followed
from gongkai.features.disclosure.services.items import item_create
from gongkai.features.disclosure.services.uploads import NewAttachment
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals.models import Approval
from gongkai.kernel.approvals.services import approval_cancel
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.models import StoredFile
from tests.factories.disclosure import GROUNDS, Bureau, fresh
from tests.factories.world import NOW, SYSTEM

LATER = NOW + timedelta(minutes=5)


def decide(bureau: Bureau, item: Item, attribute: str, grounds: list[str], **more: Any) -> AttributeDecision:
    return attribute_decide(
        actor=bureau.drafter, item_id=item.pk, attribute=attribute, grounds=grounds, now=LATER, **more
    )


class TestAttributeDecide:
    @pytest.mark.parametrize("attribute", ["proactive", "on_application", "withheld"])
    def test_is_part_of_the_content_and_on_record(self, bureau: Bureau, attribute: str) -> None:
        item = bureau.draft()
        decide(bureau, item, attribute, GROUNDS[attribute], note="按规定办理。")
        item = fresh(item)
        assert item.head is not None
        content = ItemContent.from_data(item.head.content)
        assert (content.attribute, list(content.grounds), content.ground_note) == (
            attribute,
            GROUNDS[attribute],
            "按规定办理。",
        )
        assert (item.attribute_decided_at, item.attribute_decided_by_id) == (LATER, bureau.drafter.user_id)
        assert AttributeDecision.objects.get().attribute == attribute

    @pytest.mark.parametrize(
        "attribute, grounds, note, codes",
        [
            ("secret", ["art19"], "", ["disclosure.attribute.unknown"]),
            ("proactive", [], "", ["disclosure.ground.missing"]),
            ("proactive", ["art99"], "", ["disclosure.ground.unknown"]),
            ("proactive", ["art14_secret"], "有", ["disclosure.ground.unfit"]),
            ("withheld", ["art19"], "", ["disclosure.ground.unfit"]),
            ("withheld", ["art16_internal"], " ", ["disclosure.ground.note_missing"]),
            ("on_application", ["art27"], "", ["disclosure.ground.note_missing"]),
            ("proactive", ["art20_15"], "", ["disclosure.ground.note_missing"]),
            ("withheld", ["art19", "x", "art15_trade"], "", ["disclosure.ground.unfit", "disclosure.ground.unknown", "disclosure.ground.note_missing"]),
            ("withheld", ["art16_case"], "长" * 2001, ["disclosure.text.too_long"]),
        ],
    )  # fmt: skip
    def test_every_reason_against_it_is_told(
        self, bureau: Bureau, attribute: str, grounds: list[str], note: str, codes: list[str]
    ) -> None:
        item = bureau.draft()
        with pytest.raises(Refused) as refused:
            decide(bureau, item, attribute, grounds, note=note)
        assert refused.value.codes() == codes
        assert all("{" not in sentence for sentence in refused.value.sentences())
        assert fresh(item).attribute == ""

    def test_a_change_voids_what_was_signed_after_saying_so(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        bureau.sign(bureau.circulate(item), steps=2)
        with pytest.raises(Refused) as refused:
            decide(bureau, item, "withheld", ["art16_internal"], note="内部事务。")
        assert refused.value.codes() == ["disclosure.save.signed"]
        decide(bureau, item, "withheld", ["art16_internal"], note="内部事务。", void_signatures=True)
        assert fresh(item).state == "drafting"
        assert Approval.objects.get().state == "voided"

    def test_the_same_decision_again_changes_nothing_else(self, bureau: Bureau) -> None:
        item = bureau.approved("withheld")
        head = fresh(item).head
        decide(bureau, item, "withheld", GROUNDS["withheld"], note="按规定办理。", reassessed=True)
        item = fresh(item)
        assert (item.state, item.head) == ("on_file", head)
        assert AttributeDecision.objects.filter(reassessed=True).count() == 1

    def test_a_reassessment_that_opens_an_item_begins_a_new_round(self, bureau: Bureau) -> None:
        item = bureau.approved("withheld")
        decide(bureau, item, "proactive", ["art19"], reassessed=True)
        assert (fresh(item).state, fresh(item).attribute) == ("drafting", "proactive")

    @pytest.mark.parametrize("state", [State.SCHEDULED, State.ARCHIVED, State.DISCARDED])
    def test_is_refused_where_the_table_says_so(self, bureau: Bureau, state: State) -> None:
        with pytest.raises(Refused) as refused:
            decide(bureau, bureau.in_state(state), "proactive", ["art20_1"])
        assert refused.value.codes() == ["disclosure.state.not_possible"]


class TestCirculate:
    def test_without_an_attribute_nothing_circulates(self, bureau: Bureau) -> None:
        with pytest.raises(Refused) as refused:
            bureau.circulate(bureau.draft())
        assert refused.value.codes() == ["disclosure.circulate.attribute_first"]
        assert not Approval.objects.exists()

    def test_opens_a_round_over_exactly_what_is_saved(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(kind="normative_document"))
        bureau.edit(item, by=bureau.office)
        approval = bureau.circulate(item)
        item = fresh(item)
        assert item.head is not None
        assert (approval.digest, approval.kind, sorted(approval.flags)) == (
            item.head.digest,
            "normative_document",
            ["fair_competition", "legality"],
        )
        assert sorted(approval.authors) == sorted([bureau.drafter.user_id, bureau.office.user_id])
        assert item.index_no == f"U{bureau.unit.pk:05d}-0201-2026-0001"

    def test_authors_count_from_the_last_publication(self, bureau: Bureau) -> None:
        item = bureau.published()
        bureau.edit(item, by=bureau.office)
        assert bureau.circulate(item, by=bureau.office).authors == [bureau.office.user_id]

    def test_the_index_number_is_given_once_and_never_again(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        bureau.circulate(item)
        number = fresh(item).index_no
        item_recall(actor=bureau.drafter, item_id=item.pk, reason="再改改", now=LATER)
        bureau.circulate(item)
        other = bureau.in_review()
        assert fresh(item).index_no == number
        assert number is not None and other.index_no is not None
        assert (int(number[-4:]), int(other.index_no[-4:])) == (1, 2)

    def test_a_limited_items_title_is_in_no_round(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(limited=True, title="某案件处理情况"))
        approval = bureau.circulate(item)
        assert "某案件" not in approval.title and str(item.pk) in approval.title


class TestRecall:
    @pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED])
    def test_takes_it_back_with_a_reason(self, bureau: Bureau, state: State) -> None:
        item = bureau.in_state(state)
        with pytest.raises(Refused):
            item_recall(actor=bureau.drafter, item_id=item.pk, reason=" ", now=LATER)
        assert item_recall(actor=bureau.drafter, item_id=item.pk, reason="补充材料", now=LATER).state == "drafting"
        assert Approval.objects.get().state in ("canceled", "voided")
        assert bureau.circulate(item).round == 2


class TestFollowing:
    def test_a_canceled_round_lets_the_item_fall_back(self, bureau: Bureau) -> None:
        item = bureau.in_review()
        approval_cancel(actor=bureau.drafter, approval_id=Approval.objects.get().pk, reason="撤销", now=LATER)
        assert fresh(item).state == "drafting"

    def test_following_twice_or_late_changes_nothing(self, bureau: Bureau) -> None:
        item = bureau.approved()
        approval = Approval.objects.get()
        assert round_followed(actor=SYSTEM, approval_id=approval.pk, now=LATER) is None
        bureau.edit(item)
        assert round_followed(actor=SYSTEM, approval_id=approval.pk, now=LATER) is None
        assert fresh(item).state == "drafting"

    def test_a_returned_item_is_signed_anew_after_it_was_mended(self, bureau: Bureau) -> None:
        item = bureau.returned()
        bureau.edit(item)
        assert fresh(item).state == "returned"
        bureau.sign(bureau.circulate(item))
        assert fresh(item).state == "approved"


def docx() -> bytes:
    target = io.BytesIO()
    document = Docx()
    document.add_paragraph("正文")
    document.save(target)
    return target.getvalue()


def png() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (3, 3)).save(target, "PNG")
    return target.getvalue()


def macro() -> bytes:
    target = io.BytesIO(docx())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    return target.getvalue()


def bomb() -> bytes:
    target = io.BytesIO(docx())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/x.bin", b"\0" * 60_000_000)
    return target.getvalue()


def locked_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target, encrypt=StandardEncryption("geheim"))
    canvas.drawString(1, 1, "x")
    canvas.save()
    return target.getvalue()


class TestAttachments:
    @pytest.mark.parametrize("name, make", [("一.docx", docx), ("图.png", png), ("说明.txt", lambda: "说明".encode())])
    def test_is_kept_under_the_item_and_named_by_its_bytes(
        self, bureau: Bureau, name: str, make: Callable[[], bytes]
    ) -> None:
        item = bureau.draft()
        ref = attachment_add(actor=bureau.drafter, item_id=item.pk, name=name, upload=make(), alt="图示", now=NOW)
        file = StoredFile.objects.get(pk=ref.file_id)
        assert (file.target_type, file.target_id, file.sha256) == ("disclosure.item", str(item.pk), ref.sha256)
        assert (ref.title, ref.alt, fresh(item).head.number) == (name.partition(".")[0], "图示", 2)  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        "name, make, code",
        [
            ("a.docx", lambda: b"PK\x03\x04 broken", "document.damaged"),
            ("a.docx", macro, "document.macros"),
            ("a.docx", bomb, "document.bomb"),
            ("a.pdf", locked_pdf, "document.encrypted"),
            ("a.pdf", lambda: b"%PDF-1.4 broken", "document.damaged"),
            ("a.pdf", docx, "document.mistyped_refused"),
            ("a.docx", png, "document.mistyped_refused"),
            ("a.exe", lambda: b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "document.unsupported"),
            ("a.png", lambda: png()[:20], "document.damaged"),
            ("a.txt", lambda: b"", "document.empty"),
        ],
    )
    def test_what_may_not_go_out_is_refused_with_a_sentence(
        self, bureau: Bureau, name: str, make: Callable[[], bytes], code: str
    ) -> None:
        item = bureau.draft()
        with pytest.raises(Refused) as refused:
            attachment_add(actor=bureau.drafter, item_id=item.pk, name=name, upload=make(), now=NOW)
        assert refused.value.codes() == [code]
        assert name in str(refused.value)
        assert not StoredFile.objects.exists() and fresh(item).head.number == 1  # type: ignore[union-attr]

    def test_too_large_a_file_is_refused_before_it_is_read(self, bureau: Bureau, settings: LazySettings) -> None:
        settings.UPLOAD_LIMIT_BYTES = 1000
        item = bureau.draft()
        with pytest.raises(Refused) as refused:
            attachment_add(actor=bureau.drafter, item_id=item.pk, name="a.txt", upload=b"x" * 1001, now=NOW)
        assert refused.value.codes() == ["document.too_large"]

    def test_replacing_keeps_place_title_and_older_revisions(self, bureau: Bureau) -> None:
        item = bureau.draft()
        refs = [
            attachment_add(
                actor=bureau.drafter,
                item_id=item.pk,
                name=f"{n}.txt",
                upload=f"{n}".encode(),
                title=f"第{n}个",
                now=NOW,
            )
            for n in (1, 2)
        ]
        new = attachment_replace(
            actor=bureau.drafter, item_id=item.pk, file_id=refs[0].file_id, name="n.txt", upload=b"neu", now=NOW
        )
        item = fresh(item)
        kept = ItemContent.from_data(item.head.content).attachments  # type: ignore[union-attr]
        assert [(a.file_id, a.title) for a in kept] == [(new.file_id, "第1个"), (refs[1].file_id, "第2个")]
        attachment_remove(actor=bureau.drafter, item_id=item.pk, file_id=new.file_id, now=NOW)
        assert StoredFile.objects.count() == 3
        assert item.revisions.get(number=3).content["attachments"][0]["file_id"] == refs[0].file_id

    def test_many_files_come_with_the_first_revision_or_not_at_all(self, bureau: Bureau) -> None:
        files = [
            NewAttachment("a.txt", upload=b"a"),
            NewAttachment("b.docx", upload=macro()),
            NewAttachment("c.png", upload=b"x"),
        ]
        given = {"actor": bureau.drafter, "unit_id": bureau.unit.pk, "kind": "notice", "title": "通知", "now": NOW}
        with pytest.raises(Refused) as refused:
            item_create(**given, attachments=files)
        assert refused.value.codes() == ["document.macros", "document.mistyped_refused"]
        assert not Item.objects.exists() and not StoredFile.objects.exists()
        item = item_create(**given, attachments=files[:1])
        assert fresh(item).head.content["attachments"][0]["name"] == "a.txt"  # type: ignore[union-attr]

    def test_signed_content_is_asked_about_before_a_byte_is_kept(self, bureau: Bureau) -> None:
        item = bureau.approved()
        given = {"actor": bureau.drafter, "item_id": item.pk, "name": "a.txt", "upload": b"a", "now": NOW}
        with pytest.raises(Refused) as refused:
            attachment_add(**given)
        assert refused.value.codes() == ["disclosure.save.signed"]
        assert not StoredFile.objects.exists()
        attachment_add(**given, void_signatures=True)
        assert fresh(item).state == "drafting"

    def test_a_picture_for_the_body_is_one(self, bureau: Bureau) -> None:
        item = bureau.draft()
        with pytest.raises(Refused) as refused:
            picture_add(actor=bureau.drafter, item_id=item.pk, name="a.txt", upload=b"a", now=NOW)
        assert refused.value.codes() == ["disclosure.picture.kind"]
        file = picture_add(actor=bureau.drafter, item_id=item.pk, name="a.png", upload=png(), now=NOW)
        value = {"file_id": file.pk, "sha256": "forged", "alt": "图", "caption": ""}
        bureau.edit(item, body=({"id": "p", "type": "image", "value": value},))
        assert fresh(item).head.content["body"][0]["value"]["sha256"] == file.sha256  # type: ignore[union-attr]

    def test_is_not_for_reviewers(self, bureau: Bureau) -> None:
        with pytest.raises(NotPermitted):
            attachment_add(
                actor=bureau.people[Role.FIRST_REVIEWER], item_id=bureau.draft().pk, name="a.txt", upload=b"a", now=NOW
            )
