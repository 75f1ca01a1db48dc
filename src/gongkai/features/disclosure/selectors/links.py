"""Which addresses on the web are to be asked: those of what is going out and of what is public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from gongkai.features.disclosure.models import Item, LinkCheck, LinkUse
from gongkai.features.disclosure.selectors.access import visible_items
from gongkai.features.disclosure.selectors.publications import open_publications, public_publications
from gongkai.kernel.accounts.actor import Actor

GOING_OUT = (Item.State.IN_REVIEW, Item.State.APPROVED, Item.State.SCHEDULED)


@dataclass(frozen=True, slots=True)
class DeadLink:
    """An address in a public item that did not open when it was last asked."""

    item: Item
    url: str
    status: int | None
    problem: str
    checked_at: datetime | None
    failures: int


def links_due(*, now: datetime, most: int) -> list[str]:
    """Return the addresses that are to be asked now, the longest waiting first."""
    heads = Item.objects.filter(head_id=OuterRef("revision_id"), state__in=GOING_OUT)
    public = open_publications().filter(revision_id=OuterRef("revision_id"))
    used = LinkUse.objects.filter(Exists(heads) | Exists(public), link_id=OuterRef("pk"))
    due = LinkCheck.objects.filter(Exists(used), due_at__lte=now).order_by("due_at", "pk")
    return list(due.values_list("url", flat=True)[:most])


def dead_links(*, actor: Actor, at: datetime, most: int = 500) -> list[DeadLink]:
    """Return the addresses in public items the actor sees that do not open, asked twice at least; worst first."""
    public = dict(
        public_publications(at=at).filter(item__in=visible_items(actor)).values_list("revision_id", "item_id")
    )
    uses = LinkUse.objects.filter(
        link__reachable=False, link__failures__gte=2, revision_id__in=public_publications(at=at).values("revision_id")
    )
    found = [use for use in uses.select_related("link").order_by("-link__failures", "pk") if use.revision_id in public]
    items = Item.objects.select_related("unit").in_bulk({public[use.revision_id] for use in found})
    return [
        DeadLink(
            items[public[use.revision_id]],
            use.link.url,
            use.link.status,
            use.link.problem,
            use.link.checked_at,
            use.link.failures,
        )
        for use in found[:most]
    ]
