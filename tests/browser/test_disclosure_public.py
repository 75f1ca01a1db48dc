"""The public pages of disclosure in a real browser: accessible, never sideways, and whole without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone
from tests.browser.looks import sideways
from tests.factories.disclosure import Bureau
from tests.factories.world import World

from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.features.disclosure.services.banners import banner_raise
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.kernel.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {
    "head": [f"第{n}列" for n in range(12)],
    "rows": [[f"一个比较长的单元格{n}" for n in range(12)]],
    "caption": "表",
}


@pytest.fixture
def addresses(transactional_db: None, settings: LazySettings, tmp_path: Path) -> dict[str, str]:
    """An item with everything, one that was withdrawn, one that was merged into the first, and an alarm on top."""
    settings.FILES_DIR = tmp_path / "files"
    bureau = Bureau(World())
    lines = ["各单位：", "请按要求办理。", "青溪县财政局", "2026年3月1日"]
    blocks = [{"id": str(n), "type": "paragraph", "value": f"<p>{line}</p>"} for n, line in enumerate(lines)]
    blocks[1:1] = [
        {"id": "h", "type": "heading", "value": {"text": "一、要求", "level": 2}},
        {"id": "t", "type": "table", "value": WIDE},
    ]
    draft = bureau.draft(body=tuple(blocks), doc_no="青财字〔2026〕31号", title="关于公布惠民补贴一览表的通知")
    attachment_add(
        actor=bureau.drafter, item_id=draft.pk, upload="补贴标准，可以公开。".encode(), name="补贴标准.txt", now=timezone.now()
    )  # fmt: skip
    bureau.sign(bureau.circulate(bureau.decide(draft)))
    publication_make(actor=bureau.office, item_id=draft.pk, now=timezone.now())
    withdrawn, merged = bureau.withdrawn(title="已经撤下的通知"), bureau.published(title="并入他处的通知")
    publication_withdraw(
        actor=bureau.office, item_id=merged.pk, kind="merged", reason="合并", redirect_to=draft.pk, now=timezone.now()
    )  # fmt: skip
    now = timezone.now()
    banner_raise(
        actor=bureau.people[Role.DISCLOSURE_OFFICE_HEAD], unit_id=bureau.unit.pk, level="red", title="请立即转移到高处",
        text="安置点在体育馆。", item_id=draft.pk, expires_at=now + timedelta(hours=1), now=now,
    )  # fmt: skip
    return {
        "home": "/",
        "list": "/info/?since=2020-01-01",
        "nothing": "/info/?q=没有的词",
        "item": f"/info/{draft.uid}/",
        "tombstone": f"/info/{withdrawn.uid}/",
        "merged": f"/info/{merged.uid}/",
        "proof": f"/info/{draft.uid}/proof/",
    }


class TestPublicPages:
    def test_are_accessible_in_both_themes_and_never_scroll_sideways(
        self, page: Any, live_server: Any, axe: Callable[..., None], addresses: dict[str, str]
    ) -> None:
        for scheme, width in (("light", 1440), ("dark", 375)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            for name, address in addresses.items():
                page.goto(live_server.url + address)
                assert sideways(page) == 0, (name, width)
                assert page.locator(".gk-alarm--red").is_visible(), name
                axe(page)

    def test_say_everything_without_javascript(self, browser: Any, live_server: Any, addresses: dict[str, str]) -> None:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
        page = context.new_page()
        seen = {}
        for name, address in addresses.items():
            page.goto(live_server.url + address)
            seen[name] = page.locator("body").inner_text()
        context.close()
        assert all("请立即转移到高处" in text for text in seen.values())
        assert "关于公布惠民补贴一览表的通知" in seen["home"] and "关于公布惠民补贴一览表的通知" in seen["list"]
        assert "没有找到" in seen["nothing"] and "看全部信息" in seen["nothing"]
        assert all(
            word in seen["item"] for word in ("青财字〔2026〕31号", "补贴标准", "索引号", "所属栏目", "发布日期")
        )
        assert "已经撤下" in seen["tombstone"] and "内容有误" in seen["tombstone"]
        assert "《并入他处的通知》已经并入本信息" in seen["merged"]
        assert "没有一项不符" in seen["proof"] and seen["proof"].count("不符") == 1

    def test_are_searched_by_a_number_in_any_brackets(
        self, page: Any, live_server: Any, addresses: dict[str, str]
    ) -> None:
        page.goto(live_server.url + "/info/")
        page.fill("#dc-q", "青财字[2026]31")
        page.press("#dc-q", "Enter")
        page.wait_for_url("**/info/?q=*")
        assert page.locator(".dc-items__title").all_inner_texts() == ["关于公布惠民补贴一览表的通知"]
        page.click(".dc-items__title")
        with page.expect_download() as download:
            page.click("section[aria-labelledby=files-title] a")
        assert download.value.suggested_filename == "补贴标准.txt"
