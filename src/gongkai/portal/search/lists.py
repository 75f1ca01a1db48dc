"""Lists for the staff pages of the search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, QuerySet, Sum

from gongkai.features.disclosure.selectors.publications import public_publications
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted
from gongkai.portal.models import AttachmentText, PinnedResult, SearchEntry, SearchGeneration, SearchMiss, SynonymGroup
from gongkai.portal.search import permissions, store


@dataclass(frozen=True, slots=True)
class IndexStanding:
    """How the index stands: documents in it, public items, unreadable attachments, up to when it was compared."""

    name: str
    documents: int
    public: int
    unread: int
    swept_at: datetime | None


def miss_list(*, actor: Actor, since: date) -> QuerySet:
    """Return what was not found since a day as rows of ``text``, ``times``, ``days``, ``last``, the most frequent first.

    Raises NotPermitted.
    """
    _need_view(actor)
    rows = SearchMiss.objects.filter(day__gte=since).order_by().values("text")
    return rows.annotate(times=Sum("times"), days=Count("day"), last=Max("day")).order_by("-times", "-last", "text")


def synonym_list(*, actor: Actor, text: str = "", ended: bool = False) -> QuerySet[SynonymGroup]:
    """Return the groups of synonyms, newest first, those with a word that contains ``text``; raises NotPermitted."""
    _need_view(actor)
    found = SynonymGroup.objects.select_related("created_by", "ended_by").filter(ended_at__isnull=not ended)
    return found.filter(words__icontains=text) if text else found


def pinned_list(*, actor: Actor, ended: bool = False) -> QuerySet[PinnedResult]:
    """Return the pinned results, newest first; raises NotPermitted."""
    _need_view(actor)
    return PinnedResult.objects.select_related("created_by", "ended_by").filter(ended_at__isnull=not ended)


def index_standing(*, actor: Actor, at: datetime) -> IndexStanding:
    """Return how the index stands at a moment; raises NotPermitted."""
    _need_view(actor)
    name = store.current_name()
    generation = SearchGeneration.objects.filter(name=name).first() if name else None
    return IndexStanding(
        name=name if generation is not None else "",
        documents=SearchEntry.objects.filter(generation=name).count() if generation is not None else 0,
        public=public_publications(at=at).count(),
        unread=AttachmentText.objects.exclude(problem="").count(),
        swept_at=generation.swept_at if generation is not None else None,
    )


def _need_view(actor: Actor) -> None:
    if not permissions.can_view_search(actor):
        raise NotPermitted(ability="查看检索用词")
