"""What hinders readers, in the live check of the editor, on the sign page, at the gate and in documents handed in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.features.disclosure.models import Intake, Item
from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.features.disclosure.services.gate import gate_run
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.files.models import StoredFile
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW
from tests.features.disclosure.staff.desk import browser, page_of, round_of_item, url, words_of
from tests.features.disclosure.staff.test_editor import PNG

LONG = "为进一步做好" + "有关方面的各项工作" * 20 + "。"


def draftail(*paragraphs: str, kind: str = "unstyled") -> str:
    """What the rich text box keeps of paragraphs."""
    blocks = [
        {"key": f"k{n}", "text": text, "type": kind, "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
        for n, text in enumerate(paragraphs)
    ]
    return json.dumps({"blocks": blocks, "entityMap": {}}, ensure_ascii=False)


def stream(*parts: tuple[str, dict[str, str] | str]) -> list[list[str]]:
    """What the block editor sends."""
    pairs = [["title", "通知"], ["body-count", str(len(parts))]]
    for n, (kind, values) in enumerate(parts):
        pairs += [
            [f"body-{n}-deleted", ""],
            [f"body-{n}-order", str(n)],
            [f"body-{n}-type", kind],
            [f"body-{n}-id", ""],
        ]
        given = {"": values} if isinstance(values, str) else {f"-{name}": value for name, value in values.items()}
        pairs += [[f"body-{n}-value{name}", value] for name, value in given.items()]
    return pairs


def ask(actor: Actor, item: Item, form: Any) -> Any:
    data = {"fields": [], "item": item.pk, "form": form}
    return (
        browser(actor).post(reverse("disclosure:staff:check"), data, content_type="application/json").json()["reading"]
    )


class TestInTheEditor:
    def test_leads_to_the_block_and_says_why_and_how_to_mend(self, bureau: Bureau) -> None:
        item = bureau.draft()
        form = stream(
            ("text", draftail("第一段。", "第二段。")),
            ("table", {"caption": "", "cells": "甲\t乙\n1\t2"}),
            ("text", draftail("第三段。", LONG)),
        )
        reading = ask(bureau.drafter, item, form)
        head, sentence = reading["findings"]
        assert (head["code"], head["part"], head["place"]) == ("accessibility.table.no_header", 1, "正文第 3 段")
        assert (sentence["code"], sentence["part"], sentence["place"]) == (
            "readability.sentence.long",
            2,
            "正文第 5 段",
        )
        assert LONG.startswith(sentence["shown"])
        assert all(one[name] for one in reading["findings"] for name in ("message", "why", "mend"))
        assert [one["count"] for one in reading["counts"]] == [1, 1]
        assert "待核" in reading["basis"][0]

    def test_reads_pictures_of_the_item_alone(self, bureau: Bureau) -> None:
        item = bureau.draft()
        browser(bureau.drafter).post(
            url("picture_add", item.pk), {"file": SimpleUploadedFile("a.png", PNG, "image/png")}
        )
        picture = StoredFile.objects.get()
        given = {"file_id": str(picture.pk), "alt": "", "caption": ""}
        found = ask(bureau.drafter, item, stream(("image", given)))["findings"]
        assert [one["code"] for one in found] == ["accessibility.image.no_alt"]
        assert ask(bureau.drafter, item, stream(("image", {**given, "file_id": "999"})))["findings"] == []

    def test_reads_the_plain_way_too(self, bureau: Bureau) -> None:
        form = [["plain", "1"], ["title", "通知"], ["body", f"第一段。\n\n{LONG}"]]
        assert [one["code"] for one in ask(bureau.drafter, bureau.draft(), form)["findings"]] == [
            "readability.sentence.long"
        ]

    def test_names_attachments(self, bureau: Bureau) -> None:
        item = bureau.draft()
        attachment_add(actor=bureau.drafter, item_id=item.pk, upload=b"words", name="附件1.txt", now=NOW)
        (found,) = ask(bureau.drafter, item, stream(("text", draftail("好。"))))["findings"]
        assert (found["code"], found["part"], found["place"]) == ("accessibility.file.no_name", None, "附件")

    @pytest.mark.parametrize(
        "form", [[], [["body-count", "x"]], [["body-count", "1"]], [1, ["a"]], stream(("text", "{"))]
    )
    def test_says_nothing_of_what_is_not_there_yet(self, bureau: Bureau, form: Any) -> None:
        assert ask(bureau.drafter, bureau.draft(), form) is None

    def test_says_nothing_to_who_may_not_edit(self, bureau: Bureau) -> None:
        item = bureau.draft()
        assert ask(bureau.people[Role.FIRST_REVIEWER], item, stream(("text", draftail(LONG)))) is None

    def test_page_has_its_panel(self, bureau: Bureau) -> None:
        page = page_of(browser(bureau.drafter).get(url("item_edit", bureau.draft().pk)))
        assert "data-dc-reading" in page
        assert "data-gk-check-item" in page


class TestBeforeRelease:
    BODY = (
        {
            "id": "p1",
            "type": "paragraph",
            "value": f'<p>见<a href="https://www.gov.cn/">https://www.gov.cn/</a>。{LONG}</p>',
        },
    )

    def test_sign_page_tells_it_once_and_lets_sign(self, bureau: Bureau) -> None:
        item = bureau.in_review(body=self.BODY)
        gate_run(actor=bureau.office, item_id=item.pk, now=NOW)
        page = words_of(
            browser(bureau.people[Role.FIRST_REVIEWER]).get(url("sign", round_of_item(item).pk, "first_review"))
        )
        assert "看得见1处，读得懂1处" in page
        assert page.count("链接文字是一个网址") == 1
        assert "怎么改：" in page

    def test_gate_warns_and_stops_nothing(self, bureau: Bureau) -> None:
        item = bureau.approved(body=self.BODY)
        run = gate_run(actor=bureau.office, item_id=item.pk, now=NOW)
        told = {one["code"]: one for one in run.issues}
        assert run.passed
        assert {"accessibility.link.bare", "gate.sentence.long"} <= set(told)
        assert (told["accessibility.link.bare"]["grade"], told["accessibility.link.bare"]["stops"]) == ("L4", False)

    def test_document_handed_in_is_read_over(self, bureau: Bureau) -> None:
        text = f"青溪县关于做好防汛的通知\n\n各单位：\n{LONG}\n请遵照执行。\n"
        client = browser(bureau.drafter)
        files = [SimpleUploadedFile("通知.txt", text.encode())]
        client.post(url("intake_upload"), {"unit": bureau.unit.pk, "files": files})
        page = words_of(client.get(url("intake_detail", Intake.objects.get().pk)))
        assert "读得懂、看得见" in page
        assert "超过120个字" in page


class TestPreview:
    @pytest.mark.parametrize(("size", "theme"), [("large", "dark"), ("normal", "contrast")])
    def test_shows_the_public_page_in_a_size_and_theme(self, bureau: Bureau, size: str, theme: str) -> None:
        item = bureau.approved()
        client = browser(bureau.office)
        page = page_of(client.get(url("preview", item.pk), {"size": size, "theme": theme}))
        sheet = reverse("disclosure:staff:preview_theme", args=[size, theme])
        assert sheet in page
        assert "data-gk-aloud" in page
        style = page_of(client.get(sheet))
        assert ("font-size: 125%" in style) is (size == "large")
        assert "font-size: 100%" in style
        assert client.get(reverse("disclosure:staff:preview_theme", args=["huge", theme])).status_code == 404

    def test_frame_runs_no_script_and_keeps_what_was_chosen(self, bureau: Bureau) -> None:
        item = bureau.approved()
        page = page_of(
            browser(bureau.office).get(url("look", item.pk), {"width": "375", "size": "large", "theme": "no"})
        )
        assert 'width="375"' in page
        assert 'sandbox="allow-same-origin"' in page
        assert f"{url('preview', item.pk)}?width=375&amp;size=large&amp;theme=light" in page

    def test_shows_what_was_typed_to_who_writes(self, bureau: Bureau) -> None:
        item = bureau.draft()
        data = {"plain": "1", "base": 1, "draft_version": 0, "title": "没有保存的标题", "body": "新的一段。"}
        assert browser(bureau.drafter).post(url("item_autosave", item.pk), data).status_code == 200
        page = page_of(browser(bureau.drafter).get(url("preview", item.pk), {"typed": "1"}))
        assert "没有保存的标题" in page
        assert "还没有存为版本" in page
        assert "没有保存的标题" not in page_of(browser(bureau.drafter).get(url("preview", item.pk)))

    def test_attachments_open_before_they_are_public(self, bureau: Bureau) -> None:
        item = bureau.draft()
        attachment_add(actor=bureau.drafter, item_id=item.pk, upload=b"words", name="名单.txt", now=NOW)
        page = page_of(browser(bureau.drafter).get(url("preview", item.pk)))
        assert reverse("files:staff:download", args=[StoredFile.objects.get().pk]) in page

    def test_is_reached_from_editor_and_sign_page(self, bureau: Bureau) -> None:
        item = bureau.in_review()
        page = page_of(
            browser(bureau.people[Role.FIRST_REVIEWER]).get(url("sign", round_of_item(item).pk, "first_review"))
        )
        assert url("look", item.pk) in page
        assert url("look", item.pk) in page_of(browser(bureau.drafter).get(url("item_edit", item.pk)))
