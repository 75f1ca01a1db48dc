"""What an item's page tells to machines beside its tags."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from gongkai.features.disclosure.models import Item
from tests.factories.disclosure import Bureau
from tests.factories.world import World

BASE = "https://www.qinglu.example"


@pytest.fixture
def house(db: None, settings: LazySettings) -> Bureau:
    settings.BASE_URL = BASE
    return Bureau(World())


def told(client: Client, item: Item) -> dict[str, Any]:
    page = client.get(f"/info/{item.uid}/").content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return json.loads(block)


class TestItemData:
    def test_names_a_notice_an_article_with_who_and_when(self, client: Client, house: Bureau) -> None:
        item = house.published(title="关于<惠民>补贴 & 其他的通知", doc_no="青财字〔2026〕17号", keywords=("补贴",))
        data = told(client, item)
        assert data["@type"] == "Article"
        assert data["@id"] == data["url"] == f"{BASE}/info/{item.uid}/"
        assert data["headline"] == item.title
        assert data["publisher"] == {"@type": "GovernmentOrganization", "name": house.unit.display_name}
        assert data["datePublished"].endswith("+08:00")
        assert {"@type": "PropertyValue", "name": "文号", "value": "青财字〔2026〕17号"} in data["identifier"]
        assert data["keywords"] == ["补贴"]
        assert "" not in data.values() and [] not in data.values()

    def test_names_a_normative_document_legislation_with_its_force(self, client: Client, house: Bureau) -> None:
        item = house.published(
            kind="normative_document",
            doc_no="青府规〔2026〕2号",
            written_on=date(2026, 3, 1),
            issued_on=date(2026, 3, 2),
            effective_on=date(2026, 4, 1),
            expires_on=date(2099, 3, 31),
        )
        data = told(client, item)
        assert data["@type"] == "Legislation"
        assert data["legislationIdentifier"] == "青府规〔2026〕2号"
        assert data["legislationDate"] == "2026-03-02"
        assert data["temporalCoverage"] == "2026-04-01/2099-03-31"
        assert data["legislationLegalForce"] == "https://schema.org/InForce"


class TestItemPage:
    def test_shows_its_address_as_a_square_and_in_letters(self, client: Client, house: Bureau) -> None:
        item = house.published()
        page = client.get(f"/info/{item.uid}/").content.decode()
        assert 'aria-label="本页网址的二维码"' in page
        assert f'<code class="dc-digest">{BASE}/info/{item.uid}/</code>' in page
        assert f'<link rel="canonical" href="{BASE}/info/{item.uid}/">' in page
