"""What was published, corrected and ended, in one order into which no later commit can come before.

The order is that of the audit chain: the entry of a publication or an end is written in the same transaction, under a
lock that is held until commit, and the sequence has no gap. Whoever has read up to a number has read all there will ever
be up to it. A publication may be on record some seconds ahead of its moment: the order is then told up to just before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gongkai.features.disclosure.models import Publication, PublicationEnd
from gongkai.features.disclosure.selectors.publications import public_publications
from gongkai.kernel.audit.models import Entry

TARGET = "disclosure.item"
MAKE, END = "disclosure.publication.make", "disclosure.publication.end"
_TYPES = {
    Publication.Kind.FIRST: "published",
    Publication.Kind.CORRECTION: "corrected",
    Publication.Kind.AGAIN: "republished",
}


@dataclass(frozen=True, slots=True)
class PublicChange:
    """One event. ``type``: published, corrected, republished or ended; ``at`` its moment.

    ``title`` is told only as long as this very publication is public. ``end_kind``, ``end_label`` and ``reason`` say
    why it ended; ``moved_to`` is the item that its readers are sent to.
    """

    sequence: int
    type: str
    uid: UUID
    number: int
    at: datetime
    title: str
    end_kind: str = ""
    end_label: str = ""
    reason: str = ""
    moved_to: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Events in their order; ``until`` is how far the order has been read, ``more`` whether there are others now.

    ``head`` is the last number that was given out at all, to things of any kind.
    """

    changes: tuple[PublicChange, ...]
    until: int
    more: bool
    head: int


def changes_horizon(*, at: datetime) -> int:
    """Return up to where the order holds at the moment: everything up to this number is in effect."""
    return _horizon(_head(), at)


def _head() -> int:
    return Entry.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def _horizon(head: int, at: datetime) -> int:
    begins = Publication.objects.filter(published_at__gt=at).values_list("pk", "item_id")
    ends = PublicationEnd.objects.filter(ended_at__gt=at).exclude(kind=PublicationEnd.Kind.SUPERSEDED)
    ahead = {(MAKE, pk): item_id for pk, item_id in begins}
    ahead |= {(END, pk): item_id for pk, item_id in ends.values_list("publication_id", "publication__item_id")}
    if not ahead:
        return head
    found = _entries(0, head).filter(target_id__in=[str(item_id) for item_id in ahead.values()])
    waiting = [
        sequence
        for sequence, action, details in found.values_list("sequence", "action", "details")
        if (action, details.get("publication")) in ahead
    ]
    return min(waiting, default=head + 1) - 1


def public_changes(*, after: int, limit: int, at: datetime) -> ChangePage:
    """Return up to ``limit`` events after a number, as far as the order holds at the moment (at most nine queries)."""
    head = _head()
    horizon = _horizon(head, at)
    entries = list(_entries(after, horizon).values_list("sequence", "action", "details")[: limit + 1])
    shown = entries[:limit]
    ids = {details.get("publication") for _, _, details in shown}
    publications = {row.pk: row for row in Publication.objects.filter(pk__in=ids).select_related("item")}
    ends = {
        row.publication_id: row
        for row in PublicationEnd.objects.filter(publication_id__in=ids).select_related("redirect_to")
    }
    public = set(public_publications(at=at).filter(pk__in=ids).values_list("pk", flat=True))
    changes = []
    for sequence, action, details in shown:
        publication = publications.get(details.get("publication"))
        if publication is None:
            continue
        title = publication.title if publication.pk in public else ""
        if action == MAKE:
            changes.append(_begun(sequence, publication, title))
        elif publication.pk in ends:
            changes.append(_ended(sequence, publication, ends[publication.pk]))
    more = len(entries) > limit
    return ChangePage(tuple(changes), shown[-1][0] if more else max(after, horizon), more, head)


def taken_down_after(*, sequence: int) -> bool:
    """Tell whether anything was taken down after a place in the order."""
    return Entry.objects.filter(action=END, target_type=TARGET, sequence__gt=sequence).exists()


def corrected_after(*, sequence: int) -> bool:
    """Tell whether anything was corrected after a place in the order."""
    found = Entry.objects.filter(action=MAKE, target_type=TARGET, sequence__gt=sequence)
    return found.filter(details__supersedes__isnull=False).exclude(details__supersedes=None).exists()


def _entries(after: int, until: int) -> Any:
    found = Entry.objects.filter(action__in=(MAKE, END), target_type=TARGET)
    return found.filter(sequence__gt=after, sequence__lte=until).order_by("sequence")


def _begun(sequence: int, publication: Publication, title: str) -> PublicChange:
    return PublicChange(
        sequence=sequence,
        type=_TYPES[Publication.Kind(publication.kind)],
        uid=publication.item.uid,
        number=publication.number,
        at=publication.published_at,
        title=title,
    )


def _ended(sequence: int, publication: Publication, end: PublicationEnd) -> PublicChange:
    return PublicChange(
        sequence=sequence,
        type="ended",
        uid=publication.item.uid,
        number=publication.number,
        at=end.ended_at,
        title="",
        end_kind=end.kind,
        end_label=end.get_kind_display(),
        reason=end.reason,
        moved_to=end.redirect_to.uid if end.redirect_to is not None else None,
    )
