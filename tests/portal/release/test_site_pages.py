"""Pages of sites in the release: after steps the tree is that of a whole build, whatever was edited, shared or taken down."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.domain.site.places import PageKind
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.portal.pages.services import publishing, sharing, websites
from gongkai.portal.pages.services.pictures import picture_store
from gongkai.portal.release.builder import Builder
from gongkai.portal.release.checking import release_check
from tests.factories.disclosure import Bureau
from tests.portal.pages.conftest import Sites, topic_body
from tests.portal.pages.test_pictures import picture
from tests.portal.release.conftest import Clock, tree


@pytest.fixture
def sites(bureau: Bureau) -> Sites:
    return Sites(bureau.world)


def read(builder: Builder, path: str) -> str:
    return (builder.disk.site / path).read_text()


def same_as_whole(builder: Builder, clock: Clock, tmp_path: Path, name: str) -> None:
    while builder.step() is not None:
        pass
    other = Builder(tmp_path / name, clock=clock)
    other.full()
    assert tree(builder.disk.site) == tree(other.disk.site)
    assert release_check(builder.disk).clean


def test_steps_follow_every_change_of_pages(
    bureau: Bureau, sites: Sites, builder: Builder, clock: Clock, tmp_path: Path
) -> None:
    first = bureau.published(title="临时救助办法", columns=("C01-3",), now=clock())
    builder.step()
    assert builder.step() is None
    assert "临时救助办法" in read(builder, "index.html")

    # A topic with a picture, a column and a site of the town, with an item that is shared to it.
    file_id = picture_store(actor=sites.writer, upload=picture(), website=sites.primary, now=clock())
    topic = sites.topic(first, now=clock(), picture=file_id, picture_alt="山和河")
    column = sites.column(now=clock())
    town = sites.town(now=clock())
    shared = sharing.item_share(
        actor=sites.town_head, website_id=town.pk, uid=first.uid, reason="适用于本镇", now=clock.forward(minutes=1)
    )
    built = builder.step()
    assert built is not None and not built.everything
    assert f"topics/jiuzhu/picture-{file_id}.jpg" in tree(builder.disk.site)
    for path in ("topics/jiuzhu", "columns/zhengce", "sites/dongwan"):
        assert "临时救助办法" in read(builder, f"{path}/index.html"), path
    assert "/topics/jiuzhu/</loc>" in read(builder, "sitemap/0.xml")
    assert 'href="/topics/jiuzhu/"' in read(builder, "sitemap/index.html")
    same_as_whole(builder, clock, tmp_path, "one")

    # What is edited, renamed, taken down, shared no more and withdrawn.
    topic.title, topic.slug, topic.picture = "救急难", "jiujinan", None
    topic.body = topic_body(first, words="怎样申请")
    websites.page_save(page=topic, actor=sites.writer)
    publishing.page_publish(actor=sites.head, page=topic, now=clock.forward(minutes=1))
    builder.step()
    assert not (builder.disk.site / "topics/jiuzhu").exists() or not tree(builder.disk.site / "topics/jiuzhu")
    assert "救急难" in read(builder, "index.html") and "怎样申请" in read(builder, "topics/jiujinan/index.html")
    publishing.page_end(actor=sites.head, page_id=column.pk, now=clock.forward(minutes=1))
    sharing.share_end(actor=sites.town_head, shared_id=shared.pk, now=clock.forward(minutes=1))
    builder.step()
    assert "columns/zhengce/index.html" not in tree(builder.disk.site)
    assert "临时救助办法" not in read(builder, "sites/dongwan/index.html")
    publication_withdraw(
        actor=bureau.office, item_id=first.pk, kind="withdrawn", reason="核实", now=clock.forward(minutes=1)
    )
    built = builder.step()
    assert built is not None and not built.everything
    for path in ("index.html", "topics/jiujinan/index.html", "sites/dongwan/index.html"):
        assert "临时救助办法" not in read(builder, path), path
    same_as_whole(builder, clock, tmp_path, "two")


def test_a_topic_is_marked_on_the_day_after_its_last(
    sites: Sites, builder: Builder, clock: Clock, tmp_path: Path
) -> None:
    sites.topic(now=clock(), ends_on=clock().date())
    builder.step()
    assert "已归档" not in read(builder, "topics/index.html")
    clock.forward(days=1)
    builder.step()
    assert "已归档" in read(builder, "topics/index.html")
    assert "遇到急难怎么办" not in read(builder, "index.html")
    same_as_whole(builder, clock, tmp_path, "other")


def test_an_item_of_another_site_touches_no_page_of_this_one(
    bureau: Bureau, sites: Sites, builder: Builder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites.town(now=clock())
    sites.column(now=clock())
    builder.step()
    written: list[str] = []
    put = builder.disk.put

    def noted(files: dict[str, object], *, check: bool = False) -> set[str]:
        written.extend(files)
        return put(files, check=check)

    monkeypatch.setattr(builder.disk, "put", noted)
    Bureau(sites.world, sites.world.east).published(title="东湾镇的通知", now=clock.forward(minutes=1))
    builder.step()
    assert "sites/dongwan/index.html" in written
    assert "columns/zhengce/index.html" not in written


def test_text_pages_are_files_like_others(sites: Sites, builder: Builder, clock: Clock) -> None:
    page = sites.draft(PageKind.TEXT, slug="about", title="关于本网站", now=clock())
    sites.publish(page, now=clock())
    builder.step()
    assert "关于本网站" in read(builder, "pages/about/index.html")
