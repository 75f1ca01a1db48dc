"""The pages of the sample city: topics, columns and a second site with what others share, made as people make them.

The clerk of the disclosure office writes, its head reads and publishes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gongkai.cli.demo import scenery
from gongkai.cli.demo.documents import content
from gongkai.domain.site.places import PageKind
from gongkai.features.disclosure.selectors.publications import is_public
from gongkai.features.disclosure.selectors.standing import uids_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.portal.pages import selectors
from gongkai.portal.pages.services import publishing, sharing, websites
from gongkai.portal.pages.services.pictures import picture_store
from gongkai.portal.pages.services.writing import page_write

if TYPE_CHECKING:
    from gongkai.cli.demo.loading import World

COLOURS = {"snow": scenery.SNOW, "dawn": scenery.DAWN, "spring": scenery.SPRING}


class Editors:
    """Who writes and who publishes, on the day of loading."""

    def __init__(self, world: World, ids: Mapping[str, int], now: datetime) -> None:
        self.world, self.ids, self.now = world, ids, now
        self.writer = world.actor("gongkai", now.date())
        self.head = world.actor("kezhang", now.date())

    def page(self, website: Any, kind: PageKind, **fields: Any) -> None:
        """Write a page and publish it."""
        page = page_write(actor=self.writer, website_id=website.pk, kind=kind, fields=fields, now=self.now)
        publishing.page_publish(actor=self.head, page=page, now=self.now)

    def topic(self, website: Any, told: Mapping[str, Any]) -> None:
        """Make a topic with its picture."""
        sections = []
        for section in told["sections"]:
            entries = [_block("item", self.ids[key]) for key in section.get("items", ()) if key in self.ids]
            entries += [_block("link", {"text": t, "url": u, "note": n}) for t, u, n in section.get("links", ())]
            if entries:
                value = {"title": section["title"], "text": section.get("text", ""), "entries": entries}
                sections.append(_block("section", value))
        drawn = told["picture"]
        picture = picture_store(
            actor=self.writer,
            upload=scenery.scenery(COLOURS[drawn["colours"]], seed=drawn["seed"], flakes=drawn["flakes"]),
            website=website,
            now=self.now,
        )
        self.page(
            website,
            PageKind.TOPIC,
            slug=told["slug"],
            title=told["title"],
            lead=told["lead"],
            keywords=told["keywords"],
            picture=picture,
            picture_alt=drawn["alt"],
            body=json.dumps(sections),
        )

    def column(self, website: Any, told: Mapping[str, Any]) -> None:
        """Make a column."""
        self.page(
            website,
            PageKind.COLUMN,
            slug=told["slug"],
            title=told["title"],
            codes=told["codes"],
            column_type=told["type"],
            update_days=told["days"],
            keeper_id=self.world.units[told["keeper"]],
            description=told["description"],
            keywords=told["keywords"],
        )


def _block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value}


def add_sites(world: World, ids: Mapping[str, int], *, now: datetime) -> None:
    """Give the city's site its unit, topics and columns, and set up the site of its development zone."""
    data = content("sites.yaml")
    admin: Actor = world.actor("admin", now.date())
    primary = selectors.website_primary()
    assert primary is not None
    primary = websites.website_edit(actor=admin, website_id=primary.pk, name="", unit_id=world.units["gov"], now=now)
    public = is_public(item_ids=list(ids.values()), at=now)
    editors = Editors(world, {key: pk for key, pk in ids.items() if pk in public}, now)
    for told in data["topics"]:
        editors.topic(primary, told)
    for told in data["columns"]:
        editors.column(primary, told)
    for told in data["texts"]:
        links = [{"text": t, "url": u, "note": n, "icon": i} for t, u, n, i in told["links"]]
        editors.page(
            primary,
            PageKind.TEXT,
            slug=told["slug"],
            title=told["title"],
            lead=told["lead"],
            body=json.dumps([_block("text", told["text"]), _block("links", links)]),
        )
    notice = data["notice"]
    home = selectors.page_of(page_id=primary.home_id)
    home.notice, home.notice_url = notice["text"], f"/topics/{notice['topic']}/"
    websites.page_save(page=home, actor=editors.writer)
    publishing.page_publish(actor=editors.head, page=home, now=now)
    _zone(editors, data["zone"], admin, now=now)


def _zone(editors: Editors, told: Mapping[str, Any], admin: Actor, *, now: datetime) -> None:
    facts = websites.SiteFacts(code=told["code"], contact=told["contact"])
    website = websites.website_create(
        actor=admin,
        slug=told["slug"],
        name=told["name"],
        unit_id=editors.world.units[told["unit"]],
        hosts=told["hosts"],
        facts=facts,
        now=now,
    )
    home = selectors.page_of(page_id=website.home_id)
    home.headline, home.lead = told["headline"], told["lead"]
    websites.page_save(page=home, actor=editors.writer)
    publishing.page_publish(actor=editors.head, page=home, now=now)
    uids = uids_of(item_ids=editors.ids.values())
    for key, reason in told["shared"]:
        if key in editors.ids:
            uid = uids[editors.ids[key]]
            sharing.item_share(actor=editors.head, website_id=website.pk, uid=uid, reason=reason, now=now)
    for column in told["columns"]:
        editors.column(website, column)
