"""Where items stand that another feature brought in: it knows them by number and asks no more than this."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from gongkai.domain.items.states import STATE_NAMES, State
from gongkai.features.disclosure.models import Item, Publication
from gongkai.features.disclosure.selectors.addresses import item_path, public_path
from gongkai.features.disclosure.selectors.publications import ending_of, is_public


@dataclass(frozen=True, slots=True)
class Offered:
    """Where one item stands; ``ended`` says why the public reads it no longer, empty while it does or never did."""

    state: str
    public: bool
    discarded: bool
    staff_url: str
    public_url: str
    published_on: date | None
    ended: str


def offered_items(*, item_ids: Collection[int], at: datetime) -> dict[int, Offered]:
    """Return where the items stand at the moment, by number; three statements. Titles are not told."""
    wanted = sorted({item_id for item_id in item_ids if item_id})
    rows = Item.objects.filter(pk__in=wanted).values_list("pk", "uid", "state")
    public = is_public(item_ids=wanted, at=at) if wanted else frozenset()
    newest: dict[int, Publication] = {}
    for row in Publication.objects.filter(item_id__in=wanted).select_related("end").order_by("item_id", "number"):
        newest[row.item_id] = row
    found = {}
    for pk, uid, state in rows:
        publication = newest.get(pk)
        end = ending_of(publication) if publication is not None and pk not in public else None
        found[pk] = Offered(
            state=STATE_NAMES[State(state)],
            public=pk in public,
            discarded=state == State.DISCARDED,
            staff_url=item_path(pk),
            public_url=public_path(uid) if publication is not None else "",
            published_on=timezone.localdate(publication.published_at) if publication is not None else None,
            ended=f"{end.get_kind_display()}：{end.reason}" if end is not None else "",
        )
    return found
