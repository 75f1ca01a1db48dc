from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

from django.template import Context, Template
from django.test import RequestFactory

from gongkai.domain.items import ItemContent
from tests.features.disclosure.staff.test_blocks import BODY, block

UID = UUID("12345678-1234-5678-1234-567812345678")


def shown(content: ItemContent, path: str = "/admin/disclosure/items/1/", source: str = "") -> str:
    template = Template(source or '{% include "disclosure/_item_body.html" %}')
    request = RequestFactory().get(path)
    return template.render(Context({"content": content, "request": request, "item": SimpleNamespace(uid=UID)}))


class TestBody:
    def test_is_written_in_semantic_html(self) -> None:
        page = shown(ItemContent(kind="notice", title="题", body=BODY))
        assert '<h2 id="b-h1">一、总则</h2>' in page
        assert "<p>第一条</p><p>第二条</p>" in page
        assert '<th scope="col">项目</th>' in page
        assert "<caption>表1</caption>" in page
        assert 'src="/admin/files/7/' in page
        assert 'alt="示意图"' in page
        assert '<blockquote class="gk-prose__quote"><p>引文</p></blockquote>' in page

    def test_headings_go_down_under_the_headings_of_a_page(self) -> None:
        source = "{% load gk_disclosure %}{% gk_item_body content under=2 %}"
        assert '<h3 id="b-h1">一、总则</h3>' in shown(ItemContent(kind="notice", title="题", body=BODY), source=source)

    def test_never_runs_what_a_block_may_hide(self) -> None:
        evil = (
            block("paragraph", '<p onclick="x()">甲<script>alert(1)</script><img src=x onerror=alert(2)></p>', "p"),
            block("heading", {"text": "<script>alert(3)</script>", "level": 2}, "h"),
            block("table", {"caption": "", "head": [], "rows": [["<b onmouseover=x>乙"]]}, "t"),
        )
        page = shown(ItemContent(kind="notice", title="题", body=evil))
        assert "<script" not in page
        assert "onerror" not in page
        assert "<b onmouseover" not in page

    def test_says_when_there_is_none(self) -> None:
        assert "没有正文" in shown(ItemContent(kind="notice", title="题"))
