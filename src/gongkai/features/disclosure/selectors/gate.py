"""What the gate answered, what was let pass, and which public items cite what was withdrawn since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from gongkai.domain.gate import citations_of_withdrawn
from gongkai.features.disclosure import gate_permissions
from gongkai.features.disclosure.models import (
    CitedDocument,
    GateOverride,
    GateRun,
    Item,
    Publication,
    PublicationEnd,
)
from gongkai.features.disclosure.selectors.access import visible_items
from gongkai.features.disclosure.selectors.publications import public_publications
from gongkai.kernel.accounts.actor import Actor

TAKEN_DOWN = (PublicationEnd.Kind.WITHDRAWN, PublicationEnd.Kind.ERROR, PublicationEnd.Kind.MERGED)
"""Ends after which a document cannot be cited as it was; one that came down on the day set for it still holds."""
ON_THEIR_WAY = (Item.State.IN_REVIEW, Item.State.RETURNED, Item.State.APPROVED, Item.State.SCHEDULED)


@dataclass(frozen=True, slots=True)
class CitingItem:
    """An item that cites documents of ours which were taken down, by number or title (``refs``)."""

    item: Item
    refs: tuple[str, ...]


def gate_run_latest(*, item_id: int, digest: str | None = None) -> GateRun | None:
    """Return the newest run over an item, over exactly this content where a digest is given."""
    runs = GateRun.objects.filter(item_id=item_id).select_related("run_by", "revision")
    if digest is not None:
        runs = runs.filter(digest=digest)
    return runs.order_by("-run_at", "-pk").first()


def gate_passed(*, item_id: int, digest: str) -> GateRun | None:
    """Return the newest run over exactly this content if it passed, else None."""
    run = gate_run_latest(item_id=item_id, digest=digest)
    return run if run is not None and run.passed else None


def overrides_agreed(*, item_id: int, digest: str) -> frozenset[str]:
    """Return the keys that two persons agreed to let pass for exactly this content."""
    found = GateOverride.objects.filter(item_id=item_id, digest=digest, state=GateOverride.State.AGREED)
    return frozenset(found.values_list("key", flat=True))


def override_list(*, actor: Actor, item_id: int, digest: str | None = None) -> list[GateOverride]:
    """Return the overrides of an item the actor may see, newest first; of one content where a digest is given."""
    if not visible_items(actor).filter(pk=item_id).exists():
        return []
    found = _overrides().filter(item_id=item_id)
    return list(found.filter(digest=digest) if digest is not None else found)


def overrides_waiting(*, actor: Actor) -> list[GateOverride]:
    """Return the overrides that the actor could answer: asked by somebody else, about what the item still says."""
    if actor.user_id is None:
        return []
    waiting = (
        _overrides()
        .filter(state=GateOverride.State.ASKED, digest=F("item__head__digest"), item__in=visible_items(actor))
        .exclude(asked_by_id=actor.user_id)
    )
    return [one for one in waiting if gate_permissions.can_decide_overrides(actor, one.item)]


def overrides_lit(*, actor: Actor, at: datetime) -> list[GateOverride]:
    """Return the overrides that stay lit: agreed on, of content that the public reads at the moment."""
    public = public_publications(at=at).filter(item__in=visible_items(actor)).values_list("item_id", "digest")
    pairs = set(public)
    agreed = _overrides().filter(state=GateOverride.State.AGREED, item_id__in={item_id for item_id, _ in pairs})
    return [one for one in agreed if (one.item_id, one.digest) in pairs]


def citing_withdrawn(*, actor: Actor, at: datetime) -> list[CitingItem]:
    """Return the public items, seen by the actor, that cite a document of ours which was taken down since."""
    gone = gone_references(Publication.objects.filter(end__ended_at__lte=at, end__kind__in=TAKEN_DOWN), at=at)
    return _citing(public_publications(at=at).filter(item__in=visible_items(actor)), gone)


def citing(*, publication_id: int, at: datetime) -> list[CitingItem]:
    """Return the public items, whoever sees them, that cite a document which was taken down; to tell their owners."""
    gone = gone_references(Publication.objects.filter(pk=publication_id, end__kind__in=TAKEN_DOWN), at=at)
    return _citing(public_publications(at=at).exclude(item__publications=publication_id), gone)


def citing_under_way(*, publication_id: int, at: datetime) -> list[CitingItem]:
    """Return the items on their way out whose newest revision cites a document that was taken down."""
    gone = gone_references(Publication.objects.filter(pk=publication_id, end__kind__in=TAKEN_DOWN), at=at)
    items = Item.objects.filter(state__in=ON_THEIR_WAY, head__cited_documents__ref__in=gone)
    heads = dict(items.exclude(publications=publication_id).values_list("head_id", "pk"))
    return _hits(heads, gone)


def gone_references(ended: QuerySet[Publication], *, at: datetime) -> set[str]:
    """Return the numbers and titles of these publications under which the public finds nothing any more."""
    names = list(ended.values_list("doc_no", "title"))
    still = public_publications(at=at).filter(
        Q(doc_no__in={number for number, _ in names if number}) | Q(title__in={title for _, title in names})
    )
    return _references(names) - _references(still.values_list("doc_no", "title"))


def _citing(public: QuerySet[Publication], gone: set[str]) -> list[CitingItem]:
    if not gone:
        return []
    found = public.filter(revision__cited_documents__ref__in=gone).distinct()
    return _hits(dict(found.values_list("revision_id", "item_id")), gone)


def _hits(item_of: dict[int, int], gone: set[str]) -> list[CitingItem]:
    cited: dict[int, list[str]] = defaultdict(list)
    rows = CitedDocument.objects.filter(revision_id__in=item_of, ref__in=gone)
    for revision_id, ref in rows.values_list("revision_id", "ref"):
        cited[item_of[revision_id]].append(ref)
    hits = citations_of_withdrawn(cited, gone)
    items = Item.objects.select_related("unit").in_bulk(hits)
    return [CitingItem(items[item_id], refs) for item_id, refs in hits.items()]


def _references(names: Iterable[tuple[str, str]]) -> set[str]:
    found: set[str] = set()
    for doc_no, title in names:
        found.add(f"《{title}》")
        if doc_no:
            found.add(doc_no)
    return found


def _overrides() -> QuerySet[GateOverride]:
    return GateOverride.objects.select_related("item", "item__unit", "item__head", "asked_by", "answered_by")
