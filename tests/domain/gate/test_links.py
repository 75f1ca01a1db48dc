from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.gate import LinkKind, find_links, link_kind
from tests.domain.gate.samples import paragraph

OWN = frozenset({"www.qingxi.gov.cn"})


class TestLinkKind:
    @pytest.mark.parametrize(
        ("url", "kind"),
        [
            ("https://www.gov.cn/zhengce/", LinkKind.EXTERNAL),
            ("HTTP://WWW.GOV.CN:8080/a?b=1#c", LinkKind.EXTERNAL),
            ("http://政务.中国/", LinkKind.EXTERNAL),
            ("http://[2400:3200::1]/", LinkKind.EXTERNAL),
            ("https://www.qingxi.gov.cn/x", LinkKind.INTERNAL),
            ("/info/1/", LinkKind.INTERNAL),
            ("#top", LinkKind.ANCHOR),
            ("mailto:a@b.cn", LinkKind.CONTACT),
            ("tel:0797-8123456", LinkKind.CONTACT),
            ("http://192.168.1.2/", LinkKind.PRIVATE),
            ("http://10.1.1.1:8080/", LinkKind.PRIVATE),
            ("http://127.0.0.1/", LinkKind.PRIVATE),
            ("http://[::1]/", LinkKind.PRIVATE),
            ("http://localhost/", LinkKind.PRIVATE),
            ("http://oa/", LinkKind.PRIVATE),
            ("http://oa.lan/", LinkKind.PRIVATE),
            ("http://169.254.169.254/latest", LinkKind.PRIVATE),
            ("file:///C:/a.doc", LinkKind.PRIVATE),
            ("//oa/share", LinkKind.MALFORMED),
            ("javascript:alert(1)", LinkKind.MALFORMED),
            ("data:text/html,x", LinkKind.MALFORMED),
            ("https://user:pw@www.gov.cn/", LinkKind.MALFORMED),
            ("https://", LinkKind.MALFORMED),
            ("https://www.gov.cn:99999/", LinkKind.MALFORMED),
            ("www.gov.cn/a", LinkKind.MALFORMED),
            ("https://www.gov.cn/a b", LinkKind.MALFORMED),
            ("#", LinkKind.MALFORMED),
            ("", LinkKind.MALFORMED),
        ],
    )
    def test_is_told_by_form(self, url: str, kind: LinkKind) -> None:
        assert link_kind(url, own_hosts=OWN) is kind

    @given(st.text(max_size=60))
    def test_every_text_gets_an_answer(self, url: str) -> None:
        assert link_kind(url) in LinkKind


class TestFindLinks:
    def test_yields_address_and_words_in_order(self) -> None:
        blocks = (
            paragraph("见<a href='https://a.gov.cn/'>甲<b>文</b></a>和<A HREF='/b'><img alt='图'></A>", "p1"),
            {"id": "t", "type": "table", "value": {"head": ["<a href='x'>"], "rows": []}},
            paragraph("<a name='x'>锚</a><a href='c'>没有关上", "p2"),
        )
        assert [(one.block, one.url, one.text) for one in find_links(blocks)] == [
            ("p1", "https://a.gov.cn/", "甲文"),
            ("p1", "/b", "图"),
            ("p2", "c", "没有关上"),
        ]
