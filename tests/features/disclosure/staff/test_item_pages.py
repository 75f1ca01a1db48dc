"""The list, the page of one item, its revisions, its readers, the columns: by role and by state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from gongkai.domain.items import ItemContent, State
from gongkai.features.disclosure.models import DirectoryColumn, IndexScheme, Item, ItemReader
from gongkai.features.disclosure.services.drafts import item_autosave
from gongkai.features.disclosure.services.revisions import item_save
from gongkai.kernel.accounts.roles import Role
from tests.factories.disclosure import Bureau
from tests.features.disclosure.staff.pages import address, browser, words

LIST = "/admin/disclosure/items/"
OF_ONE = ("", "edit/", "attribute/", "revisions/", "revisions/compare/")
PRESSED = (
    "autosave/",
    "draft/discard/",
    "presence/",
    "do/circulate/",
    "limit/",
    "readers/",
    "attachments/",
    "pictures/",
    "attachments/1/rename/",
    "attachments/1/replace/",
    "attachments/1/remove/",
    "attachments/1/move/",
    "revisions/1/restore/",
)


def now() -> datetime:
    return datetime.now(UTC)


def change(bureau: Bureau, item: Item, **fields: object) -> None:
    item.refresh_from_db()
    assert item.head is not None
    content = ItemContent.from_data({**item.head.content, **fields})
    item_save(actor=bureau.drafter, item_id=item.pk, content=content, base=item.head.number, now=now())
    item.refresh_from_db()


class TestList:
    def test_tells_each_item_with_its_attribute_and_state(self, bureau: Bureau) -> None:
        bureau.draft(title="甲通知", doc_no="青财〔2026〕1号")
        bureau.decide(bureau.draft(title="乙通知"))
        page = words(browser(bureau.drafter).get(LIST))
        for text in ("甲通知", "青财〔2026〕1号", "未确定", "乙通知", "主动公开", "您能看到的 2 条"):
            assert text in page

    def test_is_narrowed_and_counted_by_state(self, bureau: Bureau) -> None:
        bureau.draft(title="甲通知")
        bureau.in_review(title="乙通知")
        client = browser(bureau.drafter)
        page = words(client.get(LIST, {"states": "in_review"}))
        assert "乙通知" in page
        assert "甲通知" not in page
        assert '拟稿<span class="gk-tabs__count">1</span>' in page
        assert "没有符合条件的信息" in words(client.get(LIST, {"text": "没有这样的标题"}))

    def test_never_shows_what_is_limited_to_others(self, bureau: Bureau) -> None:
        bureau.draft(title="秘而不宣的通知", limited=True)
        assert "秘而不宣" in words(browser(bureau.drafter).get(LIST))
        for role in (Role.FIRST_REVIEWER, Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR):
            client = browser(bureau.people[role])
            assert "秘而不宣" not in words(client.get(LIST))
            assert "没有符合条件" in words(client.get(LIST, {"text": "秘而不宣"}))

    def test_helps_when_it_is_empty(self, bureau: Bureau) -> None:
        assert "新建公开信息" in words(browser(bureau.drafter).get(LIST))
        assert "请您审核的" in words(browser(bureau.people[Role.FIRST_REVIEWER]).get(LIST))

    def test_survives_any_address(self, bureau: Bureau) -> None:
        strange = {"page": "-3", "unit": "x", "states": "no", "since": "2026-99-99", "order": "?", "column": "%00"}
        assert browser(bureau.drafter).get(LIST, strange).status_code == 200
        assert browser(bureau.drafter).get(LIST, {"page": "99"}).status_code == 200

    def test_is_exported_as_a_spreadsheet(self, bureau: Bureau) -> None:
        bureau.draft(title="甲通知")
        bureau.draft(title="乙通知", limited=True)
        client = browser(bureau.people[Role.FIRST_REVIEWER])
        sheet = load_workbook(BytesIO(client.get(f"{LIST}export/").content)).active
        assert sheet is not None
        titles = [row[1] for row in sheet.iter_rows(values_only=True)]
        assert "甲通知" in titles
        assert "乙通知" not in titles

    def test_takes_a_constant_number_of_queries(self, bureau: Bureau, django_assert_max_num_queries: object) -> None:
        for _ in range(6):
            bureau.decide(bureau.draft())
        client = browser(bureau.drafter)
        client.get(LIST)
        with django_assert_max_num_queries(45):  # type: ignore[operator]
            client.get(LIST)


class TestHidden:
    @pytest.mark.parametrize("rest", OF_ONE)
    def test_item_is_as_if_it_were_not(self, bureau: Bureau, rest: str) -> None:
        item = bureau.draft(limited=True)
        for role in (Role.FIRST_REVIEWER, Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR):
            assert browser(bureau.people[role]).get(address(item, rest)).status_code == 404

    @pytest.mark.parametrize("rest", PRESSED)
    def test_item_takes_no_button(self, bureau: Bureau, rest: str) -> None:
        item = bureau.draft(limited=True)
        client = browser(bureau.people[Role.SYSTEM_ADMINISTRATOR])
        assert client.post(address(item, rest), {"circulate-reason": ""}).status_code in (302, 404)
        item.refresh_from_db()
        assert item.state == "drafting"


class TestItemPage:
    @pytest.mark.parametrize("state", [state for state in State if state is not State.WITHDRAWN])
    def test_opens_in_every_state(self, bureau: Bureau, state: State) -> None:
        item = bureau.in_state(state)
        page = words(browser(bureau.office).get(address(item)))
        assert item.title in page
        assert item.get_state_display() in page or state is State.ON_FILE

    def test_leads_through_the_steps(self, bureau: Bureau) -> None:
        item = bureau.draft()
        client = browser(bureau.drafter)
        assert "先确定公开属性" in words(client.get(address(item)))
        bureau.decide(item)
        assert "可以送审了" in words(client.get(address(item)))
        item.refresh_from_db()
        item_autosave(
            actor=bureau.drafter,
            item_id=item.pk,
            draft_version=item.draft_version,
            changes={"title": "写到一半"},
            now=now(),
        )
        assert "有未保存的修改" in words(client.get(address(item)))

    def test_says_what_its_kind_still_needs(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(kind="normative_document", doc_no=""))
        page = words(browser(bureau.drafter).get(address(item)))
        assert "补齐必填项" in page
        assert "文号" in page

    def test_circulates_and_recalls(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        client = browser(bureau.drafter)
        client.post(address(item, "do/circulate/"))
        item.refresh_from_db()
        assert item.state == "in_review"
        assert "正在审核" in words(client.get(address(item)))
        refused = client.post(address(item, "do/recall/"), {"recall-reason": ""})
        assert refused.status_code == 422
        client.post(address(item, "do/recall/"), {"recall-reason": "补充附件"})
        item.refresh_from_db()
        assert item.state == "drafting"

    def test_without_attribute_does_not_circulate(self, bureau: Bureau) -> None:
        item = bureau.draft()
        response = browser(bureau.drafter).post(address(item, "do/circulate/"))
        assert response.status_code == 422
        item.refresh_from_db()
        assert item.state == "drafting"

    def test_asks_the_signer_to_sign(self, bureau: Bureau) -> None:
        item = bureau.in_review()
        assert "请您签署" in words(browser(bureau.people[Role.FIRST_REVIEWER]).get(address(item)))
        assert "请您签署" not in words(browser(bureau.drafter).get(address(item)))

    def test_offers_nothing_to_those_who_only_look(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        page = words(browser(bureau.people[Role.SUPERVISOR]).get(address(item)))
        assert "送审" not in page.split("gk-staff-body")[1].split("办理记录")[0].replace("还没有送审", "")
        assert browser(bureau.people[Role.SUPERVISOR]).get(address(item, "edit/")).status_code == 404

    def test_discards_and_reopens_with_a_reason(self, bureau: Bureau) -> None:
        item = bureau.draft()
        client = browser(bureau.office)
        client.post(address(item, "do/discard/"), {"discard-reason": "重复"})
        item.refresh_from_db()
        assert item.state == "discarded"
        client.post(address(item, "do/reopen/"), {"reopen-reason": "仍需要"})
        item.refresh_from_db()
        assert item.state == "drafting"

    def test_knows_no_other_verbs(self, bureau: Bureau) -> None:
        assert browser(bureau.office).post(address(bureau.draft(), "do/publish/")).status_code == 404

    def test_shows_that_an_older_version_is_public(self, bureau: Bureau) -> None:
        item = bureau.published(now=now() - timedelta(minutes=5))
        change(bureau, item, title="改过的标题")
        page = words(browser(bureau.drafter).get(address(item)))
        assert "公众现在看到的是" in page
        assert "正在公开" in page


class TestReaders:
    def test_are_let_in_and_put_out(self, bureau: Bureau) -> None:
        item = bureau.draft(limited=True)
        reader = bureau.people[Role.FIRST_REVIEWER]
        client = browser(bureau.office)
        assert browser(reader).get(address(item)).status_code == 404
        client.post(address(item, "readers/"), {"reader-user": reader.user_id})
        assert browser(reader).get(address(item)).status_code == 200
        client.post(address(item, f"readers/{reader.user_id}/remove/"))
        assert browser(reader).get(address(item)).status_code == 404
        assert not ItemReader.objects.exists()

    def test_limit_needs_a_reason(self, bureau: Bureau) -> None:
        item = bureau.draft()
        client = browser(bureau.office)
        assert client.post(address(item, "limit/"), {"limit-reason": ""}).status_code == 422
        client.post(address(item, "limit/"), {"limit-reason": "涉及人事"})
        item.refresh_from_db()
        assert item.access_limited


class TestRevisions:
    def test_are_compared_word_by_word(self, bureau: Bureau) -> None:
        item = bureau.draft(title="关于防汛的通知")
        change(
            bureau,
            item,
            title="关于防汛抗旱的通知",
            body=[{"id": "a", "type": "paragraph", "value": "<p>各单位要按要求及时公开本单位有关信息。</p>"}],
        )
        page = words(browser(bureau.drafter).get(address(item, "revisions/compare/")))
        assert "<ins>抗旱</ins>" in page
        assert "<del>" in page
        assert "第 1 版与第 2 版的差别" in page

    def test_of_one_and_the_same_say_so(self, bureau: Bureau) -> None:
        item = bureau.draft()
        page = words(browser(bureau.drafter).get(address(item, "revisions/compare/"), {"left": 1, "right": 1}))
        assert "两个版本完全一样" in page

    def test_that_are_not_there_answer_404(self, bureau: Bureau) -> None:
        item = bureau.draft()
        client = browser(bureau.drafter)
        assert client.get(address(item, "revisions/compare/"), {"left": 1, "right": 7}).status_code == 404

    def test_are_restored_as_a_new_one(self, bureau: Bureau) -> None:
        item = bureau.draft(title="第一稿")
        change(bureau, item, title="第二稿")
        page = words(browser(bureau.drafter).post(address(item, "revisions/1/restore/"), follow=True))
        item.refresh_from_db()
        assert item.title == "第一稿"
        assert item.head is not None
        assert item.head.number == 3
        assert "存为第 3 版" in page

    def test_that_were_signed_are_restored_only_when_that_is_meant(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(title="第一稿"))
        change(bureau, item, title="第二稿")
        bureau.sign(bureau.circulate(item), steps=1)
        client = browser(bureau.drafter)
        client.post(address(item, "revisions/1/restore/"))
        item.refresh_from_db()
        assert item.title == "第二稿"
        client.post(address(item, "revisions/1/restore/"), {"void_signatures": "1"})
        item.refresh_from_db()
        assert (item.title, item.state) == ("第一稿", "drafting")


class TestColumns:
    def test_are_shown_as_a_tree_to_everybody(self, bureau: Bureau) -> None:
        page = words(browser(bureau.drafter).get("/admin/disclosure/columns/"))
        assert "其他政策文件" in page
        assert "第二十条第七项" in page
        assert "新建栏目" not in page

    def test_are_kept_by_the_authority(self, bureau: Bureau) -> None:
        keeper = browser(bureau.world.actor(Role.DISCLOSURE_OFFICE, bureau.world.office))
        form = {"code": "X-1", "name": "专题", "parent": "C01-3", "update_days": "30", "unit_id": bureau.unit.pk}
        assert keeper.post("/admin/disclosure/columns/new/", form).status_code == 302
        column = DirectoryColumn.objects.get(code="X-1")
        assert (column.name, column.update_days, column.unit_id) == ("专题", 30, bureau.unit.pk)
        keeper.post("/admin/disclosure/columns/X-1/", {**form, "name": "专题专栏"})
        keeper.post("/admin/disclosure/columns/X-1/close/")
        column.refresh_from_db()
        assert column.name == "专题专栏"
        assert column.closed_on is not None
        taken = keeper.post("/admin/disclosure/columns/new/", {**form, "code": "C01-3"})
        assert taken.status_code == 422

    @pytest.mark.parametrize("rest", ["new/", "C01-3/"])
    def test_are_not_for_units(self, bureau: Bureau, rest: str) -> None:
        client = browser(bureau.office)
        assert client.get(f"/admin/disclosure/columns/{rest}").status_code == 403
        assert client.post(f"/admin/disclosure/columns/{rest}", {"name": "x"}).status_code == 403

    def test_index_scheme_is_set_by_the_unit(self, bureau: Bureau) -> None:
        client = browser(bureau.office)
        form = {"unit": bureau.unit.pk, "scheme": "letter_cat", "code": "B12345"}
        assert client.post("/admin/disclosure/index-schemes/", form).status_code == 302
        assert IndexScheme.objects.get().code == "B12345"
        assert client.post("/admin/disclosure/index-schemes/", {**form, "code": "?"}).status_code == 422
        assert browser(bureau.people[Role.FIRST_REVIEWER]).get("/admin/disclosure/index-schemes/").status_code == 403
