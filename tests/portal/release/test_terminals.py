"""Pages for terminals and sheets in the release: there from the first step, and after any change those of a whole build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from gongkai.domain.release import Kind, Part, part_of
from gongkai.domain.site.places import PageKind
from gongkai.features.disclosure.services.columns import column_save
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.services.changes import unit_rename
from gongkai.portal.pages.services import websites
from gongkai.portal.pages.services.ordering import pages_order
from gongkai.portal.release.builder import Builder
from gongkai.portal.release.frame import frame_digest
from gongkai.portal.terminals.pages import PAGES, READ
from tests.factories.disclosure import Bureau
from tests.factories.world import SYSTEM
from tests.portal.pages.conftest import Sites
from tests.portal.release.conftest import Clock
from tests.portal.release.test_site_pages import read, same_as_whole


def office_of(bureau: Bureau) -> Actor:
    """Who keeps the columns."""
    return bureau.world.actor(Role.DISCLOSURE_OFFICE, bureau.world.office)


def test_steps_follow_what_terminals_show(bureau: Bureau, builder: Builder, clock: Clock, tmp_path: Path) -> None:
    builder.step()
    assert "还没有公开的信息" in read(builder, "kiosk/read/index.html")
    item = bureau.published(title="高龄津贴发放办法", now=clock.forward(minutes=1))
    built = builder.step()
    assert built is not None and not built.everything and built.parts < 25
    assert "高龄津贴发放办法" in read(builder, "kiosk/read/index.html")
    sheet = f"sheets/units/{bureau.unit.pk}/index.html"
    before = read(builder, sheet)

    unit_rename(
        actor=SYSTEM, unit_id=bureau.unit.pk, name="青溪县财政服务局", on=clock().date(), now=clock.forward(minutes=1)
    )
    builder.step()
    assert read(builder, sheet) != before and "青溪县财政服务局" in read(builder, sheet)
    assert "青溪县财政服务局" in read(builder, "kiosk/print/index.html")
    column_save(actor=office_of(bureau), code="C01", name="规范性文件目录", now=clock.forward(minutes=1))
    publication_withdraw(
        actor=bureau.office, item_id=item.pk, kind="withdrawn", reason="核实", now=clock.forward(minutes=1)
    )
    builder.step()
    assert "高龄津贴发放办法" not in read(builder, "kiosk/read/index.html")
    assert "规范性文件目录" in read(builder, "sheets/columns/C01/index.html")
    clock.forward(days=1)
    same_as_whole(builder, clock, tmp_path, "other")


def test_steps_follow_hosts_and_the_order_of_pages(
    bureau: Bureau, builder: Builder, clock: Clock, tmp_path: Path
) -> None:
    sites = Sites(bureau.world)
    builder.step()
    assert json.loads(read(builder, "sites/hosts.json")) == {}
    columns = [sites.column(slug=slug, title=title, now=clock()).pk for slug, title in (("a", "甲栏"), ("b", "乙栏"))]
    sites.town(hosts=["www.dongwan.example"], now=clock.forward(minutes=1))
    builder.step()
    assert json.loads(read(builder, "sites/hosts.json")) == {"www.dongwan.example": "sites/dongwan/"}
    assert read(builder, "columns/index.html").index("甲栏") < read(builder, "columns/index.html").index("乙栏")
    now = clock.forward(minutes=1)
    pages_order(actor=sites.head, website_id=sites.primary.pk, kind=PageKind.COLUMN, page_ids=columns[::-1], now=now)
    built = builder.step()
    assert built is not None and not built.everything
    assert read(builder, "columns/index.html").index("乙栏") < read(builder, "columns/index.html").index("甲栏")
    same_as_whole(builder, clock, tmp_path, "other")


def test_a_damaged_page_is_mended_alone(bureau: Bureau, builder: Builder) -> None:
    builder.step()
    for path in (
        "kiosk/index.html",
        "kiosk-worker.js",
        "sites/hosts.json",
        f"sheets/units/{bureau.unit.pk}/index.html",
    ):
        part = part_of(path)
        assert part is not None
        before = read(builder, path)
        (builder.disk.site / path).write_text("x")
        builder.mend([part])
        assert read(builder, path) == before


class TestWithoutRelease:
    """Django answers where the release has no file at the moment."""

    @pytest.mark.parametrize("page", PAGES)
    def test_shows_every_page(self, bureau: Bureau, client: Client, page: str) -> None:
        answer = client.get(f"/kiosk/{page}/" if page else "/kiosk/")
        assert answer.status_code == 200 and answer["Content-Type"] == "text/html; charset=utf-8"
        assert 'data-gk-idle="120"' in answer.content.decode() and "noindex" in answer.content.decode()

    def test_sends_the_worker_as_a_script_of_the_whole_site(self, db: None, client: Client) -> None:
        answer = client.get("/kiosk-worker.js")
        assert answer["Content-Type"] == "text/javascript; charset=utf-8"
        assert b"addEventListener" in answer.content

    @pytest.mark.parametrize(
        "path", ["/kiosk/nothing/", "/sheets/units/999999/", "/sheets/columns/no-such/", "/kiosk/read/more/"]
    )
    def test_knows_nothing_else(self, bureau: Bureau, client: Client, path: str) -> None:
        assert client.get(path).status_code == 404

    def test_a_county_name_shows_its_own_first_page(
        self, bureau: Bureau, settings: LazySettings, client: Client
    ) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        sites = Sites(bureau.world)
        websites.website_create(
            actor=sites.head, slug="dongwan", name="东湾镇政务公开", unit_id=bureau.world.east.pk,
            hosts=["www.dongwan.example"], now=Clock()(),
        )  # fmt: skip
        assert "东湾镇政务公开" in client.get("/", HTTP_HOST="www.dongwan.example:8000").content.decode()
        assert "东湾镇政务公开" not in client.get("/", HTTP_HOST="testserver").content.decode()


class TestSheet:
    def test_says_where_when_and_how(self, bureau: Bureau, client: Client) -> None:
        unit = bureau.world.office
        page = client.get(f"/sheets/units/{unit.pk}/").content.decode()
        for words in (
            unit.name,
            "管什么",
            "在哪里、找谁",
            "没有找到，可以申请",
            f"/units/{unit.pk}/",
            "/apply/",
            "20 个工作日",
        ):
            assert words in page, words
        assert "gk-qr" in page

    def test_of_a_column_names_who_keeps_it_and_what_is_in_it(self, bureau: Bureau, client: Client) -> None:
        column_save(
            actor=office_of(bureau),
            code="C01",
            name="规范性文件",
            unit_id=bureau.unit.pk,
            update_days=30,
            now=Clock()(),
        )
        page = client.get("/sheets/columns/C01/").content.decode()
        assert bureau.unit.display_name in page and "30 天内至少更新一次" in page and "/info/columns/C01/" in page


def test_the_idle_time_is_part_of_what_all_pages_depend_on(settings: LazySettings) -> None:
    before = frame_digest()
    settings.KIOSK_IDLE_SECONDS = 300
    assert frame_digest() != before


def test_reading_is_a_page_that_items_change() -> None:
    assert part_of("kiosk/read/index.html") == Part(Kind.KIOSK, READ)
