from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gongkai.domain.site import (
    ArticleFacts,
    ColumnFacts,
    PageFacts,
    SiteFacts,
    article_page,
    column_page,
    home_page,
    page_tags,
)
from gongkai.rulebook.site import meta_rules

SITE = SiteFacts("青麓市人民政府", "www.qinglu.example", "3600000001")
ARTICLE = ArticleFacts(
    title="关于公布惠民补贴的通知",
    published_at=datetime(2026, 11, 20, 16, 5, 59, tzinfo=UTC),
    source="青麓市财政局",
    url="https://www.qinglu.example/info/1/",
    keywords=("补贴", "补贴", " ", "惠民,利民"),
    description="一、补贴\n对象",
)
PAGES = {
    "home": home_page(),
    "column": column_page(
        "财政预决算", "财政预算、决算信息", keywords=("财政", "预算"), types=("信息公开", "政策文件")
    ),
    "article": article_page(ColumnFacts("财政预决算", "财政预算、决算信息"), ARTICLE),
}


def tags(page: PageFacts, site: SiteFacts = SITE) -> dict[str, str]:
    found = page_tags(meta_rules().pages[page.kind], site=site, page=page)
    assert len({name.lower() for name, _ in found}) == len(found)
    return dict(found)


class TestPageTags:
    @pytest.mark.parametrize(("kind", "page"), PAGES.items())
    def test_are_those_of_the_kind_in_their_order(self, kind: str, page: PageFacts) -> None:
        carried = meta_rules().pages[kind]
        found = list(tags(page))
        assert found == [name for name in carried if name in found]
        required = [name for name in carried if meta_rules().tags[name].required == "yes"]
        assert set(required) <= set(found)

    @pytest.mark.parametrize("page", PAGES.values())
    def test_have_the_form_that_is_looked_for(self, page: PageFacts) -> None:
        for name, content in tags(page).items():
            assert meta_rules().tags[name].fits(content), (name, content)

    def test_tell_the_moment_in_beijing_to_the_minute(self) -> None:
        assert tags(PAGES["article"])["PubDate"] == "2026-11-21 00:05"

    def test_part_words_by_commas_each_once(self) -> None:
        assert tags(PAGES["article"])["Keywords"] == "补贴,惠民，利民"
        assert tags(PAGES["column"])["ColumnType"] == "信息公开,政策文件"

    def test_stand_on_one_line(self) -> None:
        assert tags(PAGES["article"])["Description"] == "一、补贴 对象"

    def test_shorten_a_long_summary(self) -> None:
        long = ArticleFacts("题", ARTICLE.published_at, "局", "u", description="长" * 500)
        text = tags(article_page(ColumnFacts("栏", "述"), long))["Description"]
        assert (len(text), text[-1]) == (200, "…")

    def test_leave_out_what_is_not_known(self) -> None:
        found = tags(PAGES["article"], SiteFacts("青麓市人民政府"))
        assert not {"SiteDomain", "SiteIDCode", "Author", "Image"} & set(found)

    def test_take_the_name_for_the_words_of_a_column_without_any(self) -> None:
        assert tags(column_page("单位目录", "各单位的职能"))["ColumnKeywords"] == "单位目录"
