"""Published items for somebody who is about to apply for information: what the search of the site finds, the best first."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from gongkai.domain.publishing.moments import BEIJING
from gongkai.features.disclosure.selectors.public_items import PublicFilters, public_item_list
from gongkai.features.foi.suggesting import MOST, Published
from gongkai.portal.search import selectors
from gongkai.portal.search.selectors import Asked, Hit


def published_for(words: str, at: datetime) -> list[Published]:
    """Return what the public finds for some words; while there is no index, by titles and numbers, newest first."""
    found = selectors.search(asked=Asked(text=words), at=at)
    if found.ready:
        return [_published(hit) for hit in found.hits[:MOST]]
    listed = public_item_list(filters=PublicFilters(text=found.query.text), page=1, size=MOST, at=at)
    return [_published(selectors.hit_of(row)) for row in listed.rows]


def _published(hit: Hit) -> Published:
    return Published(
        title="".join(piece.text for piece in hit.title),
        url=reverse("disclosure:public:item_detail", args=[hit.uid]),
        unit=hit.unit_name,
        doc_no="".join(piece.text for piece in hit.doc_no),
        published_on=hit.published_at.astimezone(BEIJING).date(),
    )
