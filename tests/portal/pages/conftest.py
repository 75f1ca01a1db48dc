"""A county with its site, a second site of a town's government, and pages written and published by two people."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from gongkai.domain.site.places import PageKind
from gongkai.features.disclosure.models import Item
from gongkai.kernel.accounts.roles import Role
from gongkai.portal.models import PagePublication, Website
from gongkai.portal.models.pages import SitePage
from gongkai.portal.pages.services import publishing, websites
from gongkai.portal.pages.services.writing import page_write
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW, SYSTEM, World

LATER = NOW + timedelta(hours=1)


def block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value}


def topic_body(*items: Item, words: str = "看办法") -> str:
    entries = [block("item", item.pk) for item in items] + [block("link", {"text": words, "url": "/info/", "note": ""})]
    return json.dumps([block("section", {"title": "政策文件", "text": "", "entries": entries})])


class Sites:
    """The primary site (of the county), the site of 东湾镇, and who works on them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.writer = world.actor(Role.DRAFTER, world.office)
        self.head = world.actor(Role.DISCLOSURE_OFFICE_HEAD, world.office)
        self.clerk = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        self.primary = websites.primary_ensure(actor=SYSTEM, now=NOW)
        self.primary = websites.website_edit(
            actor=self.head, website_id=self.primary.pk, name="", unit_id=world.top.pk, now=NOW
        )
        self.town_clerk = world.actor(Role.DISCLOSURE_OFFICE, world.east)
        self.town_head = world.actor(Role.DISCLOSURE_OFFICE_HEAD, world.east)

    def town(self, **more: Any) -> Website:
        """Set the second site up."""
        given = {"slug": "dongwan", "name": "东湾镇政务公开", "unit_id": self.world.east.pk, "now": NOW, **more}
        return websites.website_create(actor=self.head, **given)

    def draft(self, kind: PageKind, *, website: Website | None = None, now: datetime = NOW, **fields: Any) -> SitePage:
        """Write a page as the drafter (of the town's site: its clerk)."""
        site = website or self.primary
        actor = self.writer if site == self.primary else self.town_clerk
        return page_write(actor=actor, website_id=site.pk, kind=kind, fields=fields, now=now)

    def publish(self, page: SitePage, *, now: datetime = NOW) -> PagePublication:
        """Publish it as the head of the office."""
        return publishing.page_publish(actor=self.head, page=page, now=now)

    def topic(self, *items: Item, now: datetime = NOW, **fields: Any) -> SitePage:
        """A topic that is public."""
        given = {
            "slug": "jiuzhu",
            "title": "临时救助",
            "lead": "遇到急难怎么办。",
            "body": topic_body(*items),
            **fields,
        }
        page = self.draft(PageKind.TOPIC, now=now, **given)
        self.publish(page, now=now)
        return page

    def column(self, *, website: Website | None = None, now: datetime = NOW, **fields: Any) -> SitePage:
        """A column that is public."""
        given = {"slug": "zhengce", "title": "政策文件", "description": "各类政策文件", "codes": ["C01"], **fields}
        page = self.draft(PageKind.COLUMN, website=website, now=now, **given)
        self.publish(page, now=now)
        return page


@pytest.fixture(autouse=True)
def files_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau(World())


@pytest.fixture
def sites(bureau: Bureau) -> Sites:
    return Sites(bureau.world)


@pytest.fixture
def get(client: Any) -> Callable[[str], str]:
    """Ask for a page and return its text; the answer has to be 200."""

    def asked(path: str) -> str:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return str(response.content.decode())

    return asked
