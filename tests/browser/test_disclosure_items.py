"""The list, page, editor and comparison of items in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from tests.browser.looks import sideways
from tests.factories.disclosure import Bureau
from tests.factories.world import World

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services.revisions import item_save
from gongkai.kernel.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/admin/disclosure/items/"


@pytest.fixture
def bureau(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Bureau:
    settings.FILES_DIR = tmp_path / "files"
    return Bureau(World())


@pytest.fixture
def item(bureau: Bureau) -> Item:
    """An item of two revisions."""
    item = bureau.decide(bureau.draft(title="关于防汛的通知"))
    assert item.head is not None
    content = ItemContent.from_data({**item.head.content, "title": "关于防汛抗旱的通知"})
    item_save(actor=bureau.drafter, item_id=item.pk, content=content, base=item.head.number, now=datetime.now(UTC))
    item.refresh_from_db()
    return item


@pytest.fixture
def signed_in(page: Any, live_server: Any, bureau: Bureau) -> Any:
    """A page of the drafter's."""
    client = Client()
    user = User.objects.get(pk=bureau.drafter.user_id)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    return page


class TestScreens:
    def test_are_accessible_and_never_scroll_sideways(
        self, signed_in: Any, live_server: Any, axe: Callable[..., None], item: Item
    ) -> None:
        for rest in ("", f"{item.pk}/", f"{item.pk}/edit/", f"{item.pk}/revisions/", f"{item.pk}/revisions/compare/"):
            for width in (1440, 375):
                signed_in.set_viewport_size({"width": width, "height": 900})
                signed_in.goto(f"{live_server.url}{LIST}{rest}")
                signed_in.wait_for_load_state("networkidle")
                assert sideways(signed_in) == 0, (rest, width)
            axe(signed_in)


class TestEditor:
    def test_saves_by_itself_and_restores_what_was_typed(self, signed_in: Any, live_server: Any, item: Item) -> None:
        address = f"{live_server.url}{LIST}{item.pk}/edit/"
        signed_in.goto(address)
        box = signed_in.locator(".public-DraftEditor-content").first
        box.wait_for()
        signed_in.wait_for_timeout(2000)
        box.click()
        signed_in.keyboard.press("End")
        signed_in.keyboard.insert_text("补写的一句")
        signed_in.wait_for_selector("text=已自动保存", timeout=15000)
        signed_in.goto(address)
        assert "补写的一句" in signed_in.locator(".public-DraftEditor-content").first.inner_text()
        assert signed_in.is_visible("text=已恢复上次没有保存的修改")
        signed_in.fill("#id_note", "补写")
        signed_in.click("button:has-text('保存为新版本')")
        signed_in.wait_for_selector("text=已保存为第")
        item.refresh_from_db()
        assert item.head is not None
        assert "补写的一句" in item.head.text
