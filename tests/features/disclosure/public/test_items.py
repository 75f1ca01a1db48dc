"""The public list and page of items: what is found by which words, what belongs together, what files are called."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client

from gongkai.features.disclosure.selectors.public_items import (
    PublicFilters,
    public_item_list,
    public_kinds,
    public_units,
)
from gongkai.features.disclosure.selectors.related import public_related
from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.features.disclosure.services.bundles import bundle_add, bundle_create, bundle_publish
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.kernel.orgs.services.changes import unit_merge, unit_rename
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, SYSTEM, TODAY

LATER = NOW + timedelta(hours=1)
TEXT = "说明：这是附件的全部内容，可以公开。".encode()


@pytest.fixture
def numbered(bureau: Bureau):
    """An item with a document number, public since ``NOW``."""
    return bureau.published(title="关于公布惠民补贴（2026年）的通知", doc_no="青财字〔2026〕17号")


def found(text: str) -> list[str]:
    return [row.title for row in public_item_list(filters=PublicFilters(text=text), at=LATER).rows]


class TestSearch:
    @pytest.mark.parametrize(
        "words",
        [
            "青财字〔2026〕17号",
            "青财字[2026]17号",
            "青财字(2026)17",
            "青财字（２０２６）17号",
            "【2026】17",
            "补贴 17号",
            "补贴(2026年)",
        ],
    )
    def test_finds_title_and_number_with_any_brackets(self, numbered, words):
        assert found(words) == [numbered.title]

    def test_finds_by_the_index_number(self, numbered):
        assert numbered.index_no
        assert found(numbered.index_no) == [numbered.title]
        assert found(numbered.index_no.lower()) == [numbered.title]

    @pytest.mark.parametrize("words", ["青财字〔2026〕18号", "补贴 县长", "%", "_"])
    def test_finds_nothing_else(self, numbered, words):
        assert found(words) == []

    def test_offers_only_units_and_kinds_that_have_something_public(self, bureau, numbered):
        bureau.approved(kind="announcement", columns=())
        assert public_units(at=LATER) == [(bureau.unit.pk, bureau.unit.display_name)]
        assert [code for code, _ in public_kinds(at=LATER)] == ["notice"]
        assert public_units(at=NOW - timedelta(days=1)) == []


class TestList:
    @pytest.mark.parametrize(
        ("query", "there"),
        [
            ("", True),
            ("q=17号&kind=notice", True),
            ("kind=announcement", False),
            ("unit=999999", False),
            ("since=2100-01-01", False),
            ("until=2100-01-01", True),
            ("since=昨天&until=2026-02-31&page=-3&unit=x", True),
            ("q=%00&kind=%00", True),
        ],
    )
    def test_is_narrowed_and_never_trips_over_odd_input(self, numbered, query, there):
        answer = Client().get(f"/info/?{query}")
        assert answer.status_code == 200
        assert (numbered.title in answer.content.decode()) is there

    def test_says_what_to_do_when_nothing_is_found(self, numbered):
        page = Client().get("/info/?q=没有的词").content.decode()
        assert "没有找到" in page and "看全部信息" in page


class TestPage:
    def test_shows_number_columns_and_the_parts_of_the_document(self, bureau):
        lines = ["各单位：", "请按要求办理。", "青溪县财政局", "2026年3月1日"]
        body = tuple({"id": str(n), "type": "paragraph", "value": f"<p>{line}</p>"} for n, line in enumerate(lines))
        item = bureau.published(body=body, doc_no="青财字〔2026〕21号")
        page = Client().get(f"/info/{item.uid}/").content.decode()
        assert re.search('<p class="dc-item__number"[^>]*>青财字〔2026〕21号</p>', page)
        assert "所属栏目" in page and 'href="/info/columns/C01-3/"' in page
        assert page.count("gk-prose__signature") == 2 and page.count("gk-prose__address") == 1

    def test_hands_files_out_under_their_chinese_name(self, bureau):
        item = bureau.draft()
        attachment_add(actor=bureau.drafter, item_id=item.pk, upload=TEXT, name="补贴标准 一览表.txt", now=NOW)
        bureau.sign(bureau.circulate(bureau.decide(fresh(item))))
        publication_make(actor=bureau.office, item_id=item.pk, now=NOW)
        [file] = fresh(item).head.content["attachments"]
        page = Client().get(f"/info/{item.uid}/").content.decode()
        assert "补贴标准 一览表" in page and "TXT，" in page
        address = f"/info/{item.uid}/files/{file['file_id']}/{quote('补贴标准 一览表.txt')}"
        assert f'href="{address}"' in page
        assert Client().get(f"/info/{item.uid}/files/{file['file_id']}/")["Location"] == address
        assert Client().get(f"/info/{item.uid}/files/{file['file_id']}/other.txt")["Location"] == address
        answer = Client().get(address)
        assert quote("补贴标准 一览表.txt") in answer["Content-Disposition"]
        assert (b"".join(answer.streaming_content), answer["X-Content-Type-Options"]) == (TEXT, "nosniff")

    def test_links_what_went_out_together_as_long_as_it_is_public(self, bureau):
        document, reading = bureau.approved(), bureau.approved(kind="interpretation", title="通知解读", columns=())
        bundle = bundle_create(actor=bureau.office, unit_id=bureau.unit.pk, title="一组", now=NOW)
        for item, role in ((document, "document"), (reading, "interpretation")):
            bundle_add(actor=bureau.office, bundle_id=bundle.pk, item_id=item.pk, role=role, now=NOW)
        bundle_publish(actor=bureau.office, bundle_id=bundle.pk, now=NOW)
        page = Client().get(f"/info/{document.uid}/").content.decode()
        assert "政策解读" in page and f"/info/{reading.uid}/" in page
        assert "政策文件" in Client().get(f"/info/{reading.uid}/").content.decode()
        publication_withdraw(actor=bureau.office, item_id=reading.pk, kind="withdrawn", reason="有误", now=LATER)
        assert public_related(item_id=document.pk, at=LATER) == []

    def test_answers_404_for_what_never_was_public(self, bureau):
        for uid in (bureau.approved().uid, uuid4()):
            for rest in ("", "proof/", "files/1/"):
                assert Client().get(f"/info/{uid}/{rest}").status_code == 404

    def test_says_what_was_entered_later_in_whole_days(self, bureau):
        item = bureau.published(now=NOW)
        page = Client().get(f"/info/{item.uid}/proof/").content.decode()
        assert "补录" in page and "待公布" in page

    def test_keeps_the_name_of_then_and_says_what_became_of_the_unit(self, bureau, world):
        item = bureau.published()
        former = bureau.unit.name
        unit_rename(actor=SYSTEM, unit_id=bureau.unit.pk, name="青溪县财政和国资局", on=TODAY, now=NOW)
        page = Client().get(f"/info/{item.uid}/").content.decode()
        assert f"原{former}（{TODAY.year}年" in page and "青溪县财政和国资局" in page
        assert "本信息保留发布时的单位名称" in page
        unit_merge(
            actor=SYSTEM,
            source_ids=[bureau.unit.pk],
            into=world.justice.pk,
            on=TODAY + timedelta(days=1),
            now=NOW + timedelta(days=1),
        )
        page = Client().get(f"/info/{item.uid}/").content.decode()
        assert f"原{former}（" in page and f"并入{world.justice.name}" in page
