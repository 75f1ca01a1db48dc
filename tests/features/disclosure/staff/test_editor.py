"""Writing an item: by hand, as plain text, beside somebody else, under review, with files."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import AttributeDecision, Item, Revision
from gongkai.features.disclosure.services.drafts import item_autosave, item_editing
from gongkai.features.disclosure.services.revisions import item_save
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.files.models import StoredFile
from tests.factories.disclosure import Bureau
from tests.features.disclosure.staff.pages import address, browser, typed, words

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00"
    b"\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def content_now(item: Item) -> ItemContent:
    item.refresh_from_db()
    assert item.head is not None
    return ItemContent.from_data(item.head.content)


def now() -> datetime:
    return datetime.now(UTC)


class TestNew:
    def form(self, bureau: Bureau, **more: object) -> dict[str, object]:
        given = {"kind": "notice", "title": "关于防汛的通知", "unit": bureau.unit.pk, "attribute": "later"}
        return {**given, **more}

    def test_asks_for_the_attribute_first(self, bureau: Bureau) -> None:
        page = words(browser(bureau.drafter).get("/admin/disclosure/items/new/"))
        assert "主动公开的依据" in page
        assert "第二十条第七项" in page
        assert "须说明理由" in page
        refused = browser(bureau.drafter).post("/admin/disclosure/items/new/", {**self.form(bureau), "attribute": ""})
        assert refused.status_code == 422
        assert not Item.objects.exists()

    def test_makes_the_item_and_decides_its_attribute(self, bureau: Bureau) -> None:
        form = self.form(bureau, attribute="proactive", grounds_proactive=["art19", "art20_12"])
        response = browser(bureau.drafter).post("/admin/disclosure/items/new/", form)
        item = Item.objects.get()
        assert response["Location"] == address(item, "edit/")
        assert (item.attribute, item.grounds) == ("proactive", ["art19", "art20_12"])

    def test_says_that_it_cannot_circulate_before_the_attribute(self, bureau: Bureau) -> None:
        client = browser(bureau.drafter)
        page = words(client.post("/admin/disclosure/items/new/", self.form(bureau), follow=True))
        assert "不能送审" in page
        assert Item.objects.get().attribute == ""

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"attribute": "withheld"}, "请至少选择一条依据"),
            ({"attribute": "withheld", "grounds_withheld": ["art14_law"]}, "须写明理由"),
            ({"title": ""}, "请填写这一项"),
            ({"kind": "no-such"}, "没有“no-such”这个选项"),
        ],
    )
    def test_tells_what_is_missing(self, bureau: Bureau, more: dict[str, object], said: str) -> None:
        response = browser(bureau.drafter).post("/admin/disclosure/items/new/", self.form(bureau, **more))
        assert response.status_code == 422
        assert said in words(response)
        assert not Item.objects.exists()

    def test_grounds_of_another_attribute_do_not_count(self, bureau: Bureau) -> None:
        form = self.form(bureau, attribute="proactive", grounds_withheld=["art14_law"])
        assert browser(bureau.drafter).post("/admin/disclosure/items/new/", form).status_code == 422

    def test_shows_items_of_a_similar_title_once(self, bureau: Bureau) -> None:
        old = bureau.draft(title="关于做好2026年防汛抗旱工作的通知")
        form = self.form(bureau, title="关于做好2026年防汛抗旱工作的通知")
        client = browser(bureau.drafter)
        page = words(client.post("/admin/disclosure/items/new/", form))
        assert "已经有标题相近的信息" in page
        assert address(old) in page
        client.post("/admin/disclosure/items/new/", {**form, "anyway": "1"})
        assert Item.objects.count() == 2

    @pytest.mark.parametrize("role", [Role.FIRST_REVIEWER, Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR])
    def test_is_for_writers(self, bureau: Bureau, role: Role) -> None:
        assert browser(bureau.people[role]).get("/admin/disclosure/items/new/").status_code == 403


class TestSave:
    def test_without_javascript_keeps_everything_that_was_typed(self, bureau: Bureau) -> None:
        item = bureau.draft()
        form = typed(
            item,
            title="关于防汛的通知",
            doc_no="青府办字[2026]12号",
            joint=f"{bureau.world.justice.name}\n外县人民政府",
            subject="财政",
            keywords="防汛、抗旱",
            columns=["C01-3", "C01-1"],
            body="## 一、要求\n第一段\n- 甲\n- 乙\n【表格】表1\n项目|金额\n路灯|3\n【表格结束】",
            note="第一稿",
        )
        form["subject"] = "0201"
        response = browser(bureau.drafter).post(address(item, "edit/"), form)
        assert response["Location"] == address(item)
        content = content_now(item)
        assert (content.title, content.doc_no) == ("关于防汛的通知", "青府办字〔2026〕12号")
        assert [unit.id for unit in content.joint] == [bureau.world.justice.pk, None]
        assert content.keywords == ("防汛", "抗旱")
        assert [block["type"] for block in content.body] == ["heading", "paragraph", "list", "table"]
        assert item.head is not None
        assert item.head.note == "第一稿"

    def test_of_nothing_new_makes_no_revision(self, bureau: Bureau) -> None:
        item = bureau.draft()
        page = words(browser(bureau.drafter).post(address(item, "edit/"), typed(item), follow=True))
        assert "内容没有变化" in page
        assert Revision.objects.filter(item=item).count() == 1

    def test_tells_every_problem_at_once_with_its_field(self, bureau: Bureau) -> None:
        item = bureau.draft()
        form = typed(item, title="", subject="没有这一类", written_on="2026-13-01")
        response = browser(bureau.drafter).post(address(item, "edit/"), form)
        page = words(response)
        assert response.status_code == 422
        for field in ("id_title", "id_subject", "id_written_on"):
            assert f'href="#{field}"' in page
        assert Revision.objects.filter(item=item).count() == 1

    def test_refusal_of_the_service_keeps_what_was_typed(self, bureau: Bureau) -> None:
        item = bureau.draft()
        form = typed(item, title="新标题", written_on="2026-02-02", issued_on="2026-02-01")
        response = browser(bureau.drafter).post(address(item, "edit/"), form)
        assert response.status_code == 422
        assert "新标题" in words(response)

    def test_beside_somebody_keeps_both_texts_and_says_who(self, bureau: Bureau) -> None:
        item = bureau.draft()
        mine = typed(item, title="我的标题", body="我写的一段")
        theirs = content_now(item)
        item_save(
            actor=bureau.office,
            item_id=item.pk,
            content=type(theirs).from_data({**theirs.as_data(), "title": "对方的标题"}),
            base=1,
            now=now(),
        )
        client = browser(bureau.drafter)
        response = client.post(address(item, "edit/"), mine)
        page = words(response)
        assert response.status_code == 409
        assert bureau.office.name in page
        assert "我写的一段" in page
        assert "对方的" in page
        assert 'name="base" value="2"' in page
        assert content_now(item).title == "对方的标题"
        client.post(address(item, "edit/"), {**mine, "base": 2})
        assert content_now(item).title == "我的标题"
        assert [row.content["title"] for row in Revision.objects.filter(item=item, number=2)] == ["对方的标题"]

    def test_after_an_attachment_of_another_goes_through(self, bureau: Bureau) -> None:
        item = bureau.draft()
        mine = typed(item, title="我的标题")
        upload = SimpleUploadedFile("说明.txt", "说明".encode())
        browser(bureau.office).post(address(item, "attachments/"), {"file": upload})
        assert browser(bureau.drafter).post(address(item, "edit/"), mine).status_code == 302
        assert content_now(item).title == "我的标题"
        assert len(content_now(item).attachments) == 1

    def test_names_whose_signatures_it_voids_first(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        signer = bureau.sign(bureau.circulate(item), steps=1)[0]
        client = browser(bureau.drafter)
        assert f"{signer.name}已经签批了现在的内容" in words(client.get(address(item, "edit/?plain=1")))
        form = typed(item, title="改了的标题")
        refused = client.post(address(item, "edit/"), form)
        assert refused.status_code == 422
        assert signer.name in words(refused)
        assert content_now(item).title != "改了的标题"
        client.post(address(item, "edit/"), {**form, "void_signatures": "on"})
        assert content_now(item).title == "改了的标题"
        assert item.state == "drafting"

    def test_makes_html_that_was_pasted_safe(self, bureau: Bureau) -> None:
        item = bureau.draft()
        form = typed(item, body='<img src=x onerror="alert(1)"><script>alert(2)</script>一段<b onclick="x()">话</b>')
        browser(bureau.drafter).post(address(item, "edit/"), form)
        assert content_now(item).body[0]["value"] == "<p>一段<b>话</b></p>"


class TestBlocks:
    def test_editor_is_filled_and_read_back_without_a_change(self, bureau: Bureau) -> None:
        item = bureau.draft()
        client = browser(bureau.drafter)
        assert "data-block" in words(client.get(address(item, "edit/")))
        form = typed(item)
        del form["plain"], form["body"]
        form |= {
            "body-count": "2",
            "body-0-deleted": "",
            "body-0-order": "0",
            "body-0-type": "text",
            "body-0-id": "",
            "body-0-value": '{"blocks": [{"key": "a", "text": "一段话", "type": "unstyled", "depth": 0, '
            '"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}',
            "body-1-deleted": "",
            "body-1-order": "1",
            "body-1-type": "table",
            "body-1-id": "",
            "body-1-value-caption": "表1",
            "body-1-value-cells": "甲\t乙\n1\t2",
            "body-1-value-has_head": "on",
        }
        assert client.post(address(item, "edit/"), form).status_code == 302
        body = content_now(item).body
        assert [block["value"] for block in body] == [
            "<p>一段话</p>",
            {"caption": "表1", "head": ["甲", "乙"], "rows": [["1", "2"]]},
        ]
        old = item.head
        assert client.post(address(item, "edit/"), {**form, "base": 2}).status_code == 302
        item.refresh_from_db()
        assert item.head == old


class TestAutosave:
    def test_keeps_what_is_typed_and_shows_it_again(self, bureau: Bureau) -> None:
        item = bureau.draft()
        client = browser(bureau.drafter)
        answer = client.post(address(item, "autosave/"), typed(item, title="写到一半", body="半段")).json()
        assert len(answer["saved_at"]) == 8
        page = words(client.get(address(item, "edit/?plain=1")))
        assert "已恢复上次没有保存的修改" in page
        assert "写到一半" in page
        assert "半段" in page
        assert Revision.objects.filter(item=item).count() == 1
        again = client.post(address(item, "autosave/"), typed(item, title="写完了"))
        assert again.json()["version"] > answer["version"]

    def test_takes_what_is_not_complete(self, bureau: Bureau) -> None:
        item = bureau.draft()
        form = typed(item, title="", written_on="2026-99-99", summary="概述")
        assert browser(bureau.drafter).post(address(item, "autosave/"), form).status_code == 200
        item.refresh_from_db()
        assert item.draft is not None
        assert item.draft["changes"]["summary"] == "概述"

    def test_beside_somebody_answers_who_it_was(self, bureau: Bureau) -> None:
        item = bureau.draft()
        mine = typed(item, title="我的")
        item_autosave(actor=bureau.office, item_id=item.pk, draft_version=0, changes={"title": "对方的"}, now=now())
        response = browser(bureau.drafter).post(address(item, "autosave/"), mine)
        assert response.status_code == 409
        assert bureau.office.name in response.json()["issues"][0]

    def test_may_be_thrown_away(self, bureau: Bureau) -> None:
        item = bureau.draft()
        client = browser(bureau.drafter)
        client.post(address(item, "autosave/"), typed(item, title="写到一半"))
        client.post(address(item, "draft/discard/"))
        assert "写到一半" not in words(client.get(address(item, "edit/?plain=1")))


class TestPresence:
    def test_names_who_else_is_editing(self, bureau: Bureau) -> None:
        item = bureau.draft()
        item_editing(actor=bureau.office, item_id=item.pk, now=now())
        client = browser(bureau.drafter)
        told = client.post(address(item, "presence/")).json()
        assert told["names"] == [bureau.office.name]
        assert told["head"] == 1
        assert f"{bureau.office.name}正在编辑" in words(client.get(address(item, "edit/?plain=1")))


class TestAttachments:
    def test_several_are_uploaded_and_a_refused_one_says_why(self, bureau: Bureau) -> None:
        item = bureau.draft()
        files = [SimpleUploadedFile("说明.txt", "说明".encode()), SimpleUploadedFile("坏的.docx", b"not a document")]
        page = words(browser(bureau.drafter).post(address(item, "attachments/"), {"file": files}, follow=True))
        assert "已上传附件：说明.txt" in page
        assert "坏的.docx：" in page
        assert [one.name for one in content_now(item).attachments] == ["说明.txt"]

    def test_are_renamed_moved_replaced_and_removed_without_losing_typed_text(self, bureau: Bureau) -> None:
        item = bureau.draft()
        client = browser(bureau.drafter)
        files = [SimpleUploadedFile("甲.txt", "甲".encode()), SimpleUploadedFile("乙.txt", "乙".encode())]
        client.post(address(item, "attachments/"), {"file": files})
        client.post(address(item, "autosave/"), typed(item, title="写到一半"))
        first, second = content_now(item).attachments
        client.post(address(item, f"attachments/{second.file_id}/move/"), {"to": "up"})
        client.post(address(item, f"attachments/{first.file_id}/rename/"), {"title": "情况说明", "alt": ""})
        assert [(one.name, one.title) for one in content_now(item).attachments] == [
            ("乙.txt", "乙"),
            ("甲.txt", "情况说明"),
        ]
        client.post(
            address(item, f"attachments/{first.file_id}/replace/"),
            {"file": SimpleUploadedFile("甲二.txt", "甲二".encode())},
        )
        client.post(address(item, f"attachments/{second.file_id}/remove/"))
        assert [(one.name, one.title) for one in content_now(item).attachments] == [("甲二.txt", "情况说明")]
        item.refresh_from_db()
        assert item.draft is not None
        assert item.draft["changes"]["title"] == "写到一半"

    def test_of_the_body_are_offered_to_the_picture_block(self, bureau: Bureau) -> None:
        item = bureau.draft()
        client = browser(bureau.drafter)
        page = words(client.post(address(item, "pictures/"), {"file": SimpleUploadedFile("图.png", PNG)}, follow=True))
        assert "已上传图片：图.png" in page
        picture = StoredFile.objects.get(name="图.png")
        form = typed(item, body=f"【图片 {picture.pk}】示意图｜图1")
        client.post(address(item, "edit/"), form)
        content = content_now(item)
        assert content.body[0]["value"] == {
            "file_id": picture.pk,
            "sha256": picture.sha256,
            "alt": "示意图",
            "caption": "图1",
        }
        assert content.attachments == ()

    def test_without_a_file_says_so(self, bureau: Bureau) -> None:
        item = bureau.draft()
        page = words(browser(bureau.drafter).post(address(item, "attachments/"), follow=True))
        assert "请先选择附件文件" in page


class TestAttribute:
    def test_is_decided_anew_with_its_history(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        client = browser(bureau.drafter)
        form = {"attribute": "withheld", "grounds_withheld": ["art16_internal"], "ground_note": "内部事务。"}
        assert client.post(address(item, "attribute/"), form)["Location"] == address(item)
        item.refresh_from_db()
        assert (item.attribute, item.grounds) == ("withheld", ["art16_internal"])
        assert AttributeDecision.objects.filter(item=item).count() == 2
        assert "历次认定" in words(client.get(address(item, "attribute/")))

    def test_offers_the_usual_grounds_of_the_kind(self, bureau: Bureau) -> None:
        item = bureau.draft()
        assert browser(bureau.drafter).get(address(item, "attribute/")).status_code == 200

    def test_is_not_for_reviewers(self, bureau: Bureau) -> None:
        item = bureau.draft()
        reviewer = browser(bureau.people[Role.FIRST_REVIEWER])
        assert reviewer.get(address(item, "attribute/")).status_code == 403
