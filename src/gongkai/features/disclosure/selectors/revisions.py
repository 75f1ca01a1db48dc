"""The revisions of an item, two of them side by side, and what happened to the item."""

from __future__ import annotations

from gongkai.domain.issues import Issue
from gongkai.domain.items import Comparison, ItemContent, compare
from gongkai.features.disclosure.models import Item, Publication, Revision
from gongkai.features.disclosure.selectors.access import item_get
from gongkai.features.disclosure.selectors.items import TARGET
from gongkai.features.disclosure.selectors.values import HistoryRow, RevisionRow
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import action_label
from gongkai.kernel.audit.selectors import entry_list
from gongkai.kernel.errors import Refused

LISTED = 300


def revision_list(*, actor: Actor, item_id: int) -> list[RevisionRow]:
    """Return the revisions of an item, newest first; raises NotFound."""
    item = item_get(actor=actor, item_id=item_id)
    published = dict(
        Publication.objects.filter(item=item).order_by("-published_at").values_list("revision_id", "published_at")
    )
    rows = Revision.objects.filter(item=item).select_related("created_by").defer("content", "text")
    return [
        RevisionRow(
            number=row.number,
            digest=row.digest,
            note=row.note,
            restored_from=row.restored_from,
            by_id=row.created_by_id,
            by_name=row.created_by.get_full_name() if row.created_by else "系统",
            at=row.created_at,
            published_at=published.get(row.pk),
            current=row.pk == item.head_id,
        )
        for row in rows.order_by("-number")
    ]


def revision_content(*, actor: Actor, item_id: int, number: int) -> ItemContent:
    """Return the content of one revision; raises NotFound, Refused."""
    item = item_get(actor=actor, item_id=item_id)
    return _content(item, number)


def revision_compare(*, actor: Actor, item_id: int, left: int, right: int) -> Comparison:
    """Compare two revisions by their numbers, the older one left; raises NotFound, Refused."""
    item = item_get(actor=actor, item_id=item_id)
    return compare(_content(item, left), _content(item, right))


def _content(item: Item, number: int) -> ItemContent:
    row = Revision.objects.filter(item=item, number=number).first()
    if row is None:
        raise Refused(Issue("disclosure.revision.unknown", field="number", values={"number": number}))
    return ItemContent.from_data(row.content)


def item_history(*, actor: Actor, item_id: int) -> list[HistoryRow]:
    """Return what the audit trail tells about an item, newest first; raises NotFound."""
    item = item_get(actor=actor, item_id=item_id)
    return [
        HistoryRow(entry.at, entry.action, action_label(entry.action), entry.summary, entry.actor_name)
        for entry in entry_list(target_type=TARGET, target_id=item.pk)[:LISTED]
    ]
