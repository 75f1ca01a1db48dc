from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gongkai.portal.feeds.formats import FORMATS, Channel, Entry, atom, json_feed, rss

AT = datetime(2026, 3, 2, 1, 0, 0, 500, tzinfo=UTC)
URL = "https://www.example.gov.cn/info/00000000-0000-4000-8000-000000000001/"
ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"


def entry(**more: object) -> Entry:
    given = {
        "url": URL,
        "title": "关于“两直”补助的通知",
        "summary": "补助标准是多少。",
        "unit_name": "青溪县财政局",
        "kind_name": "通知",
        "doc_no": "青财〔2026〕3号",
        "validity": "有效",
        "published_at": AT,
        "updated_at": AT + timedelta(days=1),
        **more,
    }
    return Entry(**given)


def channel(*entries: Entry, **more: object) -> Channel:
    given = {
        "title": "通知公告 - 青溪县政务公开",
        "description": "青溪县的通知公告。",
        "home_url": "https://www.example.gov.cn/info/columns/C01/",
        "folder_url": "https://www.example.gov.cn/info/columns/C01/",
        "author": "青溪县人民政府",
        "entries": entries,
        **more,
    }
    return Channel(**given)


TEXTS = st.text(max_size=60)


class TestRss:
    def test_tells_everything_of_an_item(self) -> None:
        [item] = etree.fromstring(rss(channel(entry()))).iterfind("channel/item")
        assert item.findtext("title") == "关于“两直”补助的通知"
        assert (item.findtext("guid"), item.findtext("link")) == (URL, URL)
        assert item.findtext("description") == "文号：青财〔2026〕3号；有效性：有效。补助标准是多少。"
        assert item.findtext(f"{DC}identifier") == "青财〔2026〕3号"
        assert item.findtext(f"{DC}creator") == "青溪县财政局"
        assert parsedate_to_datetime(item.findtext("pubDate")) == AT.replace(microsecond=0)

    def test_names_the_day_of_the_last_change(self) -> None:
        assert "<lastBuildDate>Tue, 03 Mar 2026 09:00:00 +0800</lastBuildDate>" in rss(channel(entry())).decode()
        assert b"lastBuildDate" not in rss(channel())


class TestAtom:
    def test_keeps_the_identifier_and_tells_the_change(self) -> None:
        [item] = etree.fromstring(atom(channel(entry()))).iterfind(f"{ATOM}entry")
        assert item.findtext(f"{ATOM}id") == URL
        assert item.findtext(f"{ATOM}published") == "2026-03-02T09:00:00+08:00"
        assert item.findtext(f"{ATOM}updated") == "2026-03-03T09:00:00+08:00"
        assert item.find(f"{ATOM}category").get("term") == "通知"

    def test_has_what_the_form_requires_when_it_is_empty(self) -> None:
        feed = etree.fromstring(atom(channel()))
        assert feed.findtext(f"{ATOM}id") == "https://www.example.gov.cn/info/columns/C01/atom.xml"
        assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"
        assert feed.findtext(f"{ATOM}author/{ATOM}name") == "青溪县人民政府"


class TestJson:
    def test_tells_the_same(self) -> None:
        data = json.loads(json_feed(channel(entry())))
        assert data["version"] == "https://jsonfeed.org/version/1.1"
        assert data["feed_url"].endswith("/info/columns/C01/feed.json")
        [item] = data["items"]
        assert item["id"] == URL
        assert item["_gongkai"] == {"doc_no": "青财〔2026〕3号", "validity": "有效"}
        assert item["date_modified"] == "2026-03-03T09:00:00+08:00"


class TestEveryFormat:
    @pytest.mark.parametrize("make", FORMATS.values(), ids=FORMATS)
    @given(title=TEXTS, summary=TEXTS, unit=TEXTS, number=TEXTS)
    def test_is_well_formed_whatever_is_written(self, make, title, summary, unit, number) -> None:
        data = make(channel(entry(title=title, summary=summary, unit_name=unit, doc_no=number)))
        if make is json_feed:
            assert json.loads(data)["items"][0]["title"] == title
            return
        found = etree.fromstring(data).find("channel/item/title" if make is rss else f"{ATOM}entry/{ATOM}title")
        held = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", title)
        assert (found.text or "").split() == held.split()

    @pytest.mark.parametrize("make", FORMATS.values(), ids=FORMATS)
    def test_gives_the_same_bytes_again(self, make) -> None:
        assert make(channel(entry(), entry(doc_no=""))) == make(channel(entry(), entry(doc_no="")))
