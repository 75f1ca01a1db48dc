from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.kernel.accounts.roles import Role
from gongkai.portal.models import PinnedResult, SearchMiss, SynonymGroup
from gongkai.portal.search import store, tasks
from gongkai.portal.search.services.feed import index_rebuild
from gongkai.portal.search.services.misses import miss_record, misses_forget, without_persons
from tests.factories.away import database_away
from tests.factories.disclosure import Bureau

OPERATORS = [
    "a AND OR NOT (",
    "title:(公积金",
    '"',
    "“",
    "公积金~2^9",
    "[2024 TO",
    "*",
    "?" * 500,
    "\\",
    "+-&&||!{}",
    "..",
    "%00",
]


@pytest.fixture
def item(bureau: Bureau) -> Any:
    found = bureau.published(title="住房公积金提取办法", now=timezone.now() - timedelta(hours=1))
    index_rebuild(at=timezone.now())
    return found


@pytest.mark.django_db
class TestPage:
    def test_begins_with_a_field_and_what_it_takes(self, client: Client, item: Any) -> None:
        page = client.get("/search/").content.decode()
        assert 'name="q"' in page
        assert "文号" in page

    def test_shows_what_is_found_marked(self, client: Client, item: Any) -> None:
        page = client.get("/search/", {"q": "公积金"}).content.decode()
        assert f'href="/info/{item.uid}/"' in page
        assert "<mark>住房公积金</mark>提取办法" in page
        assert "共 1 条" in page

    def test_what_was_typed_is_shown_as_text(self, client: Client, item: Any) -> None:
        page = client.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
        assert "<script>alert" not in page

    def test_nothing_found_says_what_to_do(self, client: Client, item: Any) -> None:
        page = client.get("/search/", {"q": "火星移民 指南"}).content.decode()
        assert "没有找到" in page
        assert "依申请公开" in page
        assert '?q=%E7%81%AB%E6%98%9F%E7%A7%BB%E6%B0%91"' in page

    def test_corrects_a_mistake_with_a_link(self, client: Client, item: Any) -> None:
        page = client.get("/search/", {"q": "公积今"}).content.decode()
        assert "您是不是要找" in page
        assert ">公积金</a>" in page

    def test_withdrawn_item_is_gone_before_the_index_knows(self, client: Client, bureau: Bureau, item: Any) -> None:
        publication_withdraw(
            actor=bureau.office,
            item_id=item.pk,
            kind="error",
            reason="误发。",
            now=timezone.now() - timedelta(seconds=1),
        )
        page = client.get("/search/", {"q": "住房公积金提取办法"}).content.decode()
        assert str(item.uid) not in page
        assert client.get("/search/suggest/", {"q": "住房公"}).json() == {"suggestions": []}

    def test_without_an_index_titles_are_looked_through(self, client: Client, bureau: Bureau) -> None:
        found = bureau.published(title="住房公积金提取办法", now=timezone.now() - timedelta(hours=1))
        page = client.get("/search/", {"q": "公积金"}).content.decode()
        assert f'href="/info/{found.uid}/"' in page
        assert "检索正在准备" in page

    def test_damaged_index_is_stood_in_for_and_made_anew(self, client: Client, item: Any) -> None:
        broken = store.root() / store.current_name()
        for place in broken.iterdir():
            place.write_bytes(b"not an index")
        store.forget()
        page = client.get("/search/", {"q": "公积金"}).content.decode()
        assert f'href="/info/{item.uid}/"' in page
        assert "检索正在准备" in page
        tasks.sweep()
        assert store.current_name() != broken.name
        assert "检索正在准备" not in client.get("/search/", {"q": "公积金"}).content.decode()

    def test_suggestions_come_as_json(self, client: Client, item: Any) -> None:
        assert client.get("/search/suggest/", {"q": "住房公"}).json() == {"suggestions": ["住房公积金提取办法"]}

    def test_every_public_page_leads_here(self, client: Client) -> None:
        assert 'action="/search/"' in client.get("/").content.decode()

    def test_machine_that_asks_without_a_pause_is_told_to_wait(self, client: Client, settings: Any, item: Any) -> None:
        settings.SEARCH_PER_MINUTE = 3
        codes = [client.get("/search/", {"q": "公积金"}).status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        answer = client.get("/search/", {"q": "公积金"})
        assert answer["Retry-After"] == "60"
        assert "检索过于频繁" in answer.content.decode()


@pytest.mark.django_db
class TestFeed:
    def test_saved_query_tells_what_is_new(self, client: Client, item: Any) -> None:
        answer = client.get("/search/feed/", {"q": "公积金"})
        assert answer["Content-Type"].startswith("application/atom+xml")
        text = answer.content.decode()
        assert f"urn:uuid:{item.uid}" in text
        assert "<title>住房公积金提取办法</title>" in text
        assert "/search/feed/?q=" in client.get("/search/", {"q": "公积金"}).content.decode()

    def test_what_has_only_some_of_the_words_is_no_news(self, client: Client, item: Any) -> None:
        text = client.get("/search/feed/", {"q": "住房公积金提取 火星"}).content.decode()
        assert "<entry>" not in text

    def test_withdrawn_item_is_in_no_feed(self, client: Client, bureau: Bureau, item: Any) -> None:
        earlier = timezone.now() - timedelta(seconds=1)
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="error", reason="误发。", now=earlier)
        assert str(item.uid) not in client.get("/search/feed/", {"q": "公积金"}).content.decode()

    def test_control_characters_do_not_break_it(self, client: Client, item: Any) -> None:
        assert client.get("/search/feed/", {"q": "公积金\x00\x1b<&"}).status_code == 200


@pytest.mark.django_db
class TestHostileQueries:
    @pytest.mark.parametrize(
        "text", [*OPERATORS, "公" * 10_000, "a " * 5_000, "\x00\x1b[31m", "\ud83d\ude00"], ids=repr
    )
    def test_get_a_page(self, client: Client, item: Any, text: str) -> None:
        assert client.get("/search/", {"q": text.encode("utf-16", "surrogatepass").decode("utf-16")}).status_code == 200

    @pytest.mark.parametrize("page", ["0", "-1", "999999", "1e9", "x", "٣"])
    @pytest.mark.parametrize("name", ["page", "kind", "unit", "column", "year", "validity", "order"])
    def test_wrong_numbers_and_codes_get_a_page(
        self, client: Client, settings: Any, item: Any, name: str, page: str
    ) -> None:
        settings.SEARCH_PER_MINUTE = 0
        assert client.get("/search/", {"q": "公积金", name: page}).status_code == 200

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=150), narrow=st.text(max_size=20))
    def test_any_text_gets_a_page(self, client: Client, settings: Any, item: Any, text: str, narrow: str) -> None:
        settings.SEARCH_PER_MINUTE = 0
        given = {"q": text, "kind": narrow.encode("utf-8", "ignore").decode()}
        assert client.get("/search/", given).status_code == 200
        assert client.get("/search/suggest/", given).status_code == 200
        assert client.get("/search/feed/", given).status_code == 200


@pytest.mark.django_db
class TestDatabaseAway:
    def test_says_so_and_leads_to_what_needs_none(self, client: Client, item: Any) -> None:
        with database_away():
            answer = client.get("/search/", {"q": "公积金"})
        page = answer.content.decode()
        assert answer.status_code == 503 and answer["Retry-After"] and "no-store" in answer["Cache-Control"]
        assert "检索暂时不能使用" in page and 'href="/info/"' in page and "再查“公积金”" in page
        assert client.get("/search/", {"q": "公积金"}).status_code == 200

    def test_the_feed_tells_programs_to_come_again_and_nothing_is_suggested(self, client: Client, item: Any) -> None:
        with database_away():
            assert client.get("/search/feed/", {"q": "公积金"}).status_code == 503
            suggested = client.get("/search/suggest/", {"q": "公积金"})
        assert suggested.status_code == 200 and suggested.json() == {"suggestions": []}


@pytest.mark.django_db
class TestMisses:
    def test_what_was_not_found_is_counted_by_day(self, client: Client, item: Any) -> None:
        for _ in range(2):
            client.get("/search/", {"q": "火星移民"})
        client.get("/search/", {"q": "公积金"})
        assert list(SearchMiss.objects.values_list("text", "times")) == [("火星移民", 2)]

    @pytest.mark.parametrize(
        "text",
        ["张三 11010519491231002X 补贴", "手机13800138000", "电话 0797-8391234", "帐号6222021234567890123", "1234567"],
    )
    def test_numbers_of_persons_are_masked_before_they_are_written(self, text: str) -> None:
        kept = without_persons(text)
        assert "****" in kept
        assert not any(
            part in kept for part in ("19491231", "13800138000", "8391234", "6222021234567890123", "1234567")
        )

    def test_document_numbers_stay_readable(self) -> None:
        assert without_persons("青府办字〔2026〕12号") == "青府办字〔2026〕12号"

    def test_old_ones_are_forgotten(self) -> None:
        from gongkai.domain.search import parse_query

        today = timezone.localdate()
        miss_record(query=parse_query("火星移民"), on=today - timedelta(days=200))
        miss_record(query=parse_query("月球"), on=today)
        assert misses_forget(on=today) == 1
        assert list(SearchMiss.objects.values_list("text", flat=True)) == ["月球"]


@pytest.mark.django_db
class TestStaffPages:
    @pytest.fixture
    def editor(self, bureau: Bureau) -> Client:
        client = Client()
        person = bureau.world.person(Role.DISCLOSURE_OFFICE, bureau.world.office)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def test_editor_sees_what_was_missed_and_adds_a_synonym(self, editor: Client, item: Any) -> None:
        Client().get("/search/", {"q": "廉租屋"})
        assert "廉租屋" in editor.get("/admin/site-search/").content.decode()
        answer = editor.post("/admin/site-search/synonyms/add/", {"words": "廉租屋、住房公积金"}, follow=True)
        assert "已加入同义词" in answer.content.decode()
        assert "<mark>住房公积金</mark>" in Client().get("/search/", {"q": "廉租屋"}).content.decode()

    def test_word_of_two_groups_is_refused(self, editor: Client) -> None:
        editor.post("/admin/site-search/synonyms/add/", {"words": "廉租屋、公租屋"})
        answer = editor.post("/admin/site-search/synonyms/add/", {"words": "廉租屋、保障房"})
        assert answer.status_code == 422
        assert "已在另一组" in answer.content.decode()

    def test_list_is_imported_and_faults_are_told(self, editor: Client) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("同义词.txt", "廉租屋、公租屋\n单独\n随迁子女=外来务工子女\n".encode())
        answer = editor.post("/admin/site-search/synonyms/import/", {"file": file})
        assert "一组至少要有两个不同的词" in answer.content.decode()
        assert SynonymGroup.objects.count() == 2

    def test_sample_list_can_be_imported_as_it_is(self, editor: Client) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        sample = editor.get("/admin/site-search/synonyms/template/").content
        answer = editor.post("/admin/site-search/synonyms/import/", {"file": SimpleUploadedFile("样表.xlsx", sample)})
        assert "没有收下" in answer.content.decode()
        assert SynonymGroup.objects.count() == 2

    def test_ended_group_means_nothing_any_more(self, editor: Client, item: Any) -> None:
        editor.post("/admin/site-search/synonyms/add/", {"words": "廉租屋、住房公积金"})
        editor.post(f"/admin/site-search/synonyms/{SynonymGroup.objects.get().pk}/end/")
        assert "没有找到" in Client().get("/search/", {"q": "廉租屋"}).content.decode()

    def test_editor_pins_an_item_by_its_address(self, editor: Client, item: Any) -> None:
        given = {"words": "买房", "address": f"http://127.0.0.1/info/{item.uid}/"}
        editor.post("/admin/site-search/pinned/add/", given)
        assert "推荐" in Client().get("/search/", {"q": "买房"}).content.decode()
        editor.post(f"/admin/site-search/pinned/{PinnedResult.objects.get().pk}/end/")
        assert "推荐" not in Client().get("/search/", {"q": "买房"}).content.decode()

    def test_pinning_something_else_says_everything_that_is_wrong(self, editor: Client) -> None:
        given = {"words": "。", "address": "http://x/", "from_on": "2026-03-02", "until_on": "2026-03-01"}
        page = editor.post("/admin/site-search/pinned/add/", given).content.decode()
        assert "没有填写检索词" in page
        assert "不是公开信息的网址" in page
        assert "结束日期早于开始日期" in page

    def test_drafter_looks_and_changes_nothing(self, bureau: Bureau) -> None:
        client = Client()
        person = bureau.world.person(Role.DRAFTER, bureau.unit)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/admin/site-search/synonyms/").status_code == 200
        assert client.get("/admin/site-search/synonyms/add/").status_code == 403
        assert client.post("/admin/site-search/synonyms/add/", {"words": "甲乙、丙丁"}).status_code == 403
        assert not SynonymGroup.objects.exists()
