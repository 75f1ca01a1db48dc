from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.portal.feeds.selectors import feed_bytes, feed_files, short_summary
from gongkai.portal.release.builder import Builder
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, World

NAMES = ("feed.xml", "atom.xml", "feed.json")


@pytest.fixture
def bureau(db: None, settings: LazySettings, tmp_path: Path) -> Bureau:
    settings.BASE_URL = "https://www.example.gov.cn"
    settings.FILES_DIR, settings.RELEASE_DIR = tmp_path / "files", tmp_path / "release"
    return Bureau(World())


def titles(key: str, at: Any) -> list[str]:
    data = feed_bytes("feed.json", key, at)
    assert data is not None
    return [one["title"] for one in json.loads(data)["items"]]


class TestContent:
    def test_each_list_has_its_own(self, bureau: Bureau) -> None:
        item = bureau.published()
        for key in ("all", "column:C01-3", "column:C01", f"unit:{bureau.unit.pk}"):
            assert titles(key, NOW) == [item.title]
        assert titles(f"unit:{bureau.world.office.pk}", NOW) == []
        assert feed_files("column:none", at=NOW) == {} == feed_files("unit:999999", at=NOW)

    def test_addresses_are_whole_and_lasting(self, bureau: Bureau) -> None:
        item = bureau.published(doc_no="青财〔2026〕3号")
        [one] = json.loads(feed_bytes("feed.json", "all", NOW))["items"]
        assert one["id"] == one["url"] == f"https://www.example.gov.cn/info/{item.uid}/"
        assert one["_gongkai"]["doc_no"] == "青财〔2026〕3号"
        assert len(one["content_text"]) < 220

    def test_a_correction_comes_up_again_under_its_identifier(self, bureau: Bureau) -> None:
        first, second = bureau.published(), bureau.published(now=NOW + timedelta(minutes=1))
        later = NOW + timedelta(hours=1)
        bureau.edit(first, summary="补充了一个数字。", now=later)
        bureau.sign(bureau.circulate(fresh(first), now=later), now=later)
        publication_make(actor=bureau.office, item_id=first.pk, now=later)
        data = json.loads(feed_bytes("feed.json", "all", later))["items"]
        assert [one["title"] for one in data] == [first.title, second.title]
        assert (data[0]["date_published"], data[0]["date_modified"]) == (
            "2026-03-02T09:00:00+08:00",
            "2026-03-02T10:00:00+08:00",
        )

    def test_withdrawn_ones_leave_at_once_and_hidden_ones_never_come(self, bureau: Bureau) -> None:
        item = bureau.published()
        bureau.scheduled()
        bureau.approved("withheld")
        assert titles("all", NOW) == [item.title]
        later = NOW + timedelta(minutes=5)
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="error", reason="误发。", now=later)
        assert titles("all", later) == []
        assert titles("all", later - timedelta(seconds=1)) == [item.title]

    def test_asks_the_database_as_often_for_one_as_for_many(self, bureau: Bureau) -> None:
        bureau.published()
        with CaptureQueriesContext(
            connection,
        ) as one:
            feed_files("all", at=NOW)
        for _ in range(4):
            bureau.published()
        with CaptureQueriesContext(connection) as five:
            feed_files("all", at=NOW)
        assert len(one) == len(five) <= 7

    def test_long_texts_are_cut(self, bureau: Bureau) -> None:
        class Record:
            content = bureau.content(summary="很长的摘要。" * 100)

        assert len(short_summary(Record)) == 160
        assert short_summary(Record).endswith("…")


class TestAddresses:
    @pytest.mark.parametrize("name", NAMES)
    def test_answer_everybody_and_not_twice(self, client: Client, bureau: Bureau, name: str) -> None:
        bureau.published(now=timezone.now() - timedelta(minutes=1))
        for folder in ("", "columns/C01/", f"units/{bureau.unit.pk}/"):
            response = client.get(f"/info/{folder}{name}")
            assert response.status_code == 200
            assert response["Access-Control-Allow-Origin"] == "*"
            again = client.get(f"/info/{folder}{name}", headers={"If-None-Match": response["ETag"]})
            assert again.status_code == 304
            assert not response.cookies
        assert client.get(f"/info/columns/none/{name}").status_code == 404
        assert client.get(f"/info/units/999999/{name}").status_code == 404

    @pytest.mark.parametrize("page", ["/info/", "/info/columns/C01/", "/info/units/{unit}/", "/"])
    def test_lists_lead_to_their_feeds(self, client: Client, bureau: Bureau, page: str) -> None:
        path = page.format(unit=bureau.unit.pk)
        folder = "/info/" if path == "/" else path
        html = client.get(path).content.decode()
        for name in NAMES:
            assert f'href="{folder}{name}"' in html
        assert html.count('rel="alternate" type="application/rss+xml"') == 1


class TestRelease:
    def test_has_the_same_bytes_beside_each_list(self, client: Client, bureau: Bureau) -> None:
        item = bureau.published(now=timezone.now() - timedelta(minutes=1))
        builder = Builder(bureau_release(), clock=timezone.now)
        builder.full()
        for folder in ("info/", "info/columns/C01-3/", f"info/units/{bureau.unit.pk}/"):
            for name in NAMES:
                assert (builder.disk.site / folder / name).read_bytes() == client.get(f"/{folder}{name}").content
            assert f'href="/{folder}feed.xml"' in (builder.disk.site / folder / "index.html").read_text()
        publication_withdraw(
            actor=bureau.office, item_id=item.pk, kind="withdrawn", reason="需要核实。", now=timezone.now()
        )
        builder.step()
        assert str(item.uid).encode() not in (builder.disk.site / "info/feed.xml").read_bytes()


def bureau_release() -> Path:
    from django.conf import settings

    return Path(settings.RELEASE_DIR)
