"""Jobs of the search: what was published or taken down is in the index within seconds, and a sweep finds what was missed."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from gongkai.features.disclosure.publication_events import ItemPublished, ItemWithdrawn
from gongkai.kernel.jobs import enqueue, job, periodic
from gongkai.portal.search.selectors import index_ready
from gongkai.portal.search.services.feed import index_follow, index_rebuild
from gongkai.portal.search.services.misses import misses_forget

logger = logging.getLogger(__name__)

FOLLOW = "search.follow"
TOGETHER = 2
"""Seconds within which what is published is taken in by one job, so that an import of thousands makes a few."""


def on_item_published(event: ItemPublished) -> None:
    """Take the item into the index right after its moment, which may lie a few seconds ahead."""
    _follow_soon(max(event.published_at, timezone.now()))


def on_item_withdrawn(event: ItemWithdrawn) -> None:
    """Take the item out of the index; until then it is hidden by the comparison at every question."""
    _follow_soon(max(event.ended_at, timezone.now()))


def _follow_soon(moment: datetime) -> None:
    turn = int(moment.timestamp()) // TOGETHER + 1
    enqueue(FOLLOW, once=f"{FOLLOW}.{turn}", at=datetime.fromtimestamp(turn * TOGETHER, tz=UTC))


@job(FOLLOW, lock="search.index", retries=3)
def follow() -> None:
    """Bring the index up to what is public."""
    index_follow(at=timezone.now())


@periodic("* * * * *", name="search.sweep", longest=timedelta(hours=6))
def sweep() -> None:
    """Compare the whole index with the publications, every minute; make it where there is none."""
    if not index_ready():
        done = index_rebuild(at=timezone.now())
        if done is not None:
            logger.info("the search index was made with %s documents", done)
    index_follow(at=timezone.now())


@periodic("35 * * * *", name="search.forget")
def forget() -> None:
    """Delete queries that found nothing and are half a year old; every hour."""
    misses_forget(on=timezone.localdate())


__all__ = ["follow", "forget", "on_item_published", "on_item_withdrawn", "sweep"]
