"""A query as an Atom feed: what is published later and found by it comes to a reader without anybody leaving an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from gongkai.domain.search import Piece
from gongkai.portal.search.selectors import Found


def feed_of(found: Found, *, title: str, query: str, now: datetime) -> bytes:
    """Return the newest results of a query as Atom; ``query`` is the query string of the page, ``?`` included.

    Addresses begin with the base address of the installation. A feed without results is dated ``now``.
    """
    base = f"{settings.BASE_URL}/"
    feed = _Dated(
        title=title,
        link=urljoin(base, reverse("search:public:page") + query),
        feed_url=urljoin(base, reverse("search:public:feed") + query),
        description="",
        language="zh-Hans",
        moment=max((hit.published_at for hit in found.hits), default=now),
    )
    for hit in found.hits:
        address = urljoin(base, reverse("disclosure:public:item_detail", args=[hit.uid]))
        feed.add_item(
            title=_said(hit.title),
            link=address,
            description=_said(hit.text),
            unique_id=f"urn:uuid:{hit.uid}",
            author_name=hit.unit_name,
            pubdate=hit.published_at,
            updateddate=hit.published_at,
        )
    return str(feed.writeString("utf-8")).encode()


class _Dated(Atom1Feed):
    """An Atom feed whose own date is that of its newest entry."""

    def latest_post_date(self) -> datetime:
        """Return the moment of the newest entry."""
        moment: datetime = self.feed["moment"]
        return moment


def _said(pieces: Iterable[Piece]) -> str:
    """The text without characters that XML cannot carry."""
    return "".join(sign for piece in pieces for sign in piece.text if sign.isprintable())
