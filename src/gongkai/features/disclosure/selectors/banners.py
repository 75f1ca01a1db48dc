"""Emergency banners: what stands on top of the public pages now, and the record of those before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Banner, Publication
from gongkai.features.disclosure.selectors.access import public_at
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs.models import Unit

SHOWN = 3
"""How many banners stand on a page at once, gravest first: a page full of alarms alarms nobody."""
LATEST = 50
"""How many of the newest public items are offered as what a banner leads to."""
_ORDER = {Banner.Level.RED: 0, Banner.Level.ORANGE: 1, Banner.Level.YELLOW: 2, Banner.Level.BLUE: 3}


@dataclass(frozen=True, slots=True)
class BannerRow:
    """A banner for a screen. ``running`` tells whether it is before the public at the moment asked about."""

    id: int
    level: str
    level_name: str
    title: str
    text: str
    item_uid: str
    item_title: str
    unit_name: str
    starts_at: datetime
    expires_at: datetime
    raised_by_name: str
    ended_at: datetime | None
    end_reason: str
    running: bool
    waiting: bool


def banner_public_list(*, at: datetime) -> list[BannerRow]:
    """Return the banners before the public at a moment, gravest first, then the newest (one query)."""
    running = _rows().filter(starts_at__lte=at, expires_at__gt=at, ended_at__isnull=True)
    found = sorted(running, key=lambda banner: (_ORDER[Banner.Level(banner.level)], -banner.starts_at.timestamp()))
    return [_row(banner, at) for banner in found[:SHOWN]]


def banner_list(*, actor: Actor, now: datetime) -> list[BannerRow]:
    """Return every banner, the newest first. Raises NotPermitted."""
    if not permissions.can_raise_banner(actor):
        raise NotPermitted(ability="管理应急横幅")
    return [_row(banner, now) for banner in _rows()[:200]]


def _rows() -> QuerySet[Banner]:
    return Banner.objects.select_related("unit", "item", "raised_by").order_by("-starts_at", "-id")


def _row(banner: Banner, at: datetime) -> BannerRow:
    alive = banner.ended_at is None and banner.expires_at > at
    return BannerRow(
        id=banner.pk,
        level=banner.level,
        level_name=banner.get_level_display(),
        title=banner.title,
        text=banner.text,
        item_uid=str(banner.item.uid) if banner.item else "",
        item_title=banner.item.title if banner.item else "",
        unit_name=banner.unit.display_name,
        starts_at=banner.starts_at,
        expires_at=banner.expires_at,
        raised_by_name=banner.raised_by.display_name or banner.raised_by.get_username(),
        ended_at=banner.ended_at,
        end_reason=banner.end_reason,
        running=alive and banner.starts_at <= at,
        waiting=alive and banner.starts_at > at,
    )


def banner_units(*, actor: Actor) -> list[tuple[int, str]]:
    """Return the units in whose name the actor may raise a banner, as (id, name)."""
    ids = [unit_id for unit_id in actor.unit_ids if permissions.can_raise_banner(actor, unit_id)]
    return [(unit.pk, unit.display_name) for unit in Unit.objects.filter(pk__in=ids).order_by("sort_key")]


def banner_items(*, actor: Actor, at: datetime) -> list[tuple[int, str]]:
    """Return the newest public items that a banner may lead to, as (id, title)."""
    if not permissions.can_raise_banner(actor):
        raise NotPermitted(ability="管理应急横幅")
    found = Publication.objects.filter(public_at(at)).order_by("-published_at", "-id")[:LATEST]
    return [(publication.item_id, publication.title) for publication in found]
