"""The tags in the head of every kind of public page, read as those read them who check government web sites."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.test import Client

from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.rulebook.site import meta_rules
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW, World

CODE = "3600000001"
SITE = {
    "name": "青麓市人民政府",
    "domain": "www.qinglu.example",
    "code": CODE,
    "icp": "赣ICP备00000001号",
    "police": "赣公网安备 36000002000001号",
    "host": "青麓市人民政府办公室",
    "keeper": "青麓市大数据中心",
    "contact": "0790-1234567",
    "errors_url": "https://errors.example/?site_id=3600000001",
}
Page = Callable[[Item], str]
COLUMN_PAGES: dict[str, Page] = {
    "everything": lambda item: "/info/",
    "a column": lambda item: "/info/columns/C01/",
    "a column of the same name as another": lambda item: "/info/columns/C10-3/",
    "a unit's items": lambda item: f"/info/units/{item.unit_id}/",
    "proof": lambda item: f"/info/{item.uid}/proof/",
    "units": lambda item: "/units/",
    "site map": lambda item: "/sitemap/",
    "feedback": lambda item: f"/feedback/?about={item.uid}",
    "unit": lambda item: f"/units/{item.unit_id}/",
    "plans": lambda item: "/plans/",
    "anchors": lambda item: "/audit/anchors/",
    "search": lambda item: "/search/?q=补贴",
}
PAGES: dict[str, Page] = {"home": lambda item: "/", **COLUMN_PAGES, "item": lambda item: f"/info/{item.uid}/"}


class Head(HTMLParser):
    """The meta tags of a page as (name, content), its first heading, the times it shows and its last breadcrumb."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.metas: list[tuple[str, str]] = []
        self.heading = ""
        self.times: list[str] = []
        self._within = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and given.get("name"):
            self.metas.append((given["name"] or "", given.get("content") or ""))
        if tag == "time" and given.get("datetime"):
            self.times.append(given["datetime"] or "")
        if tag == "h1" and not self.heading:
            self._within = "h1"

    def handle_endtag(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "h1":
            self.heading += data.strip()

    @property
    def tags(self) -> dict[str, str]:
        return {name: content for name, content in self.metas if name in meta_rules().tags}


@pytest.fixture
def house(db: None, settings: LazySettings) -> Bureau:
    settings.SITE = SITE
    settings.BASE_URL = "https://www.qinglu.example"
    return Bureau(World())


@pytest.fixture
def item(house: Bureau) -> Item:
    return house.published(title="关于公布惠民补贴（2026年）的通知", summary="补贴的对象和标准。", columns=("C01-2",))


@pytest.fixture
def read(client: Client, item: Item) -> Callable[[str], str]:
    return lambda kind: client.get(PAGES[kind](item)).content.decode()


class TestEveryPage:
    @pytest.mark.parametrize("kind", PAGES)
    def test_carries_what_its_kind_has_to(self, read: Callable[[str], str], kind: str) -> None:
        found = Head(read(kind)).tags
        carried = meta_rules().pages[kind if kind == "home" else "article" if kind == "item" else "column"]
        assert {name for name in carried if meta_rules().tags[name].required == "yes"} <= set(found)
        assert set(found) <= set(carried)
        assert all(meta_rules().tags[name].fits(content) for name, content in found.items())

    @pytest.mark.parametrize("kind", PAGES)
    def test_has_the_code_of_its_footer(self, read: Callable[[str], str], kind: str) -> None:
        page = read(kind)
        assert Head(page).tags["SiteIDCode"] == CODE
        assert f"网站标识码：{CODE}" in page

    @pytest.mark.parametrize("kind", PAGES)
    def test_shows_no_word_of_a_template(self, read: Callable[[str], str], kind: str) -> None:
        assert not set(Head(read(kind)).tags.values()) & meta_rules().placeholders

    @pytest.mark.parametrize("kind", PAGES)
    def test_says_nothing_twice_in_whatever_letters(self, read: Callable[[str], str], kind: str) -> None:
        names = [name.lower() for name, _ in Head(read(kind)).metas]
        assert len(names) == len(set(names))


class TestItemPage:
    def test_tells_title_source_and_address(self, read: Callable[[str], str], item: Item) -> None:
        head = Head(read("item"))
        assert head.tags["ArticleTitle"] == head.heading == item.title
        assert head.tags["ContentSource"] == item.unit.display_name
        assert head.tags["Url"] == f"https://www.qinglu.example/info/{item.uid}/"
        assert head.tags["Description"] == "补贴的对象和标准。"
        assert head.tags["ColumnName"] == "行政规范性文件"
        assert head.tags["ColumnType"] == "信息公开,政策文件"

    def test_tells_the_moment_that_it_shows(self, read: Callable[[str], str]) -> None:
        head = Head(read("item"))
        beijing = ZoneInfo("Asia/Shanghai")
        told = datetime.strptime(head.tags["PubDate"], "%Y-%m-%d %H:%M").replace(tzinfo=beijing)
        assert abs(told - NOW) < timedelta(minutes=1)
        assert any(abs(datetime.fromisoformat(shown) - told) < timedelta(minutes=1) for shown in head.times)

    def test_takes_the_beginning_of_the_text_without_a_summary(self, client: Client, house: Bureau) -> None:
        other = house.published(title="关于停水的公告", summary="")
        text = Head(client.get(f"/info/{other.uid}/").content.decode()).tags["Description"]
        assert text.startswith("各单位要按照要求")

    def test_of_what_was_taken_down_is_no_article(self, client: Client, house: Bureau) -> None:
        other = house.published(title="关于停电的公告")
        publication_withdraw(actor=house.office, item_id=other.pk, kind="error", reason="发错了", now=NOW)
        response = client.get(f"/info/{other.uid}/")
        found = Head(response.content.decode()).tags
        assert response.status_code == 410
        assert "ArticleTitle" not in found
        assert "关于停电的公告" not in response.content.decode()


class TestColumns:
    def test_are_described_each_in_its_own_words(self, client: Client, item: Item) -> None:
        pages = [Head(client.get(f"/info/columns/{code}/").content.decode()).tags for code in ("C09-3", "C10-3", "C01")]
        assert [page["ColumnName"] for page in pages] == ["实施情况", "实施情况", "履职依据/政策"]
        assert len({page["ColumnDescription"] for page in pages}) == 3


class TestFooter:
    def test_names_who_answers_for_the_site(self, read: Callable[[str], str]) -> None:
        page = read("home")
        for words in (
            "主办单位：青麓市人民政府办公室",
            "承办单位：青麓市大数据中心",
            "联系方式：0790-1234567",
            SITE["icp"],
        ):
            assert words in page
        assert 'href="https://beian.mps.gov.cn/#/query/webSearch?code=36000002000001"' in page
        assert f'href="{SITE["errors_url"]}"' in page

    def test_leaves_out_what_is_not_set(self, client: Client, settings: LazySettings, db: None) -> None:
        settings.SITE = dict.fromkeys(SITE, "")
        page = client.get("/").content.decode()
        for words in ("承办单位", "网站标识码", "beian", "找错", "联系方式", "SiteIDCode", "SiteDomain"):
            assert words not in page

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "errors.example", "//errors.example"])
    def test_links_to_web_addresses_only(self, client: Client, settings: LazySettings, db: None, address: str) -> None:
        settings.SITE = {**SITE, "errors_url": address}
        assert "找错" not in client.get("/").content.decode()
