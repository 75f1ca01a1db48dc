"""Lists of words, allowed phrases and leaders for the screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.wordlists import permissions
from gongkai.kernel.wordlists.models import AllowedWord, LeaderName, LexiconEntry


@dataclass(frozen=True, slots=True)
class WordFilters:
    """How a list is narrowed; ``scope`` is ``""`` (all), ``common`` or a unit's id, ``ended`` shows what was ended."""

    search: str = ""
    grade: str = ""
    scope: str = ""
    ended: bool = False


def word_list(*, actor: Actor, filters: WordFilters | None = None) -> QuerySet[LexiconEntry]:
    """Return the words of the lexicon, newest first; raises NotPermitted."""
    _need_view(actor)
    wanted = filters or WordFilters()
    found = LexiconEntry.objects.select_related("unit", "created_by", "ended_by")
    found = _narrow(found, wanted)
    if wanted.search:
        found = found.filter(Q(wrong__icontains=wanted.search) | Q(right__icontains=wanted.search))
    return found.filter(grade=wanted.grade) if wanted.grade else found


def word_counts(*, actor: Actor) -> dict[str, int]:
    """Return how many words are in use, by grade and together (``all``); raises NotPermitted."""
    _need_view(actor)
    rows = LexiconEntry.objects.filter(ended_at__isnull=True).order_by().values_list("grade").annotate(n=Count("id"))
    counted = dict(rows)
    return {**{grade: counted.get(grade, 0) for grade in ("L1", "L2", "L3", "L4")}, "all": sum(counted.values())}


def allowed_list(*, actor: Actor, filters: WordFilters | None = None) -> QuerySet[AllowedWord]:
    """Return the allowed words, newest first; raises NotPermitted."""
    _need_view(actor)
    wanted = filters or WordFilters()
    found = _narrow(AllowedWord.objects.select_related("unit", "created_by", "ended_by"), wanted)
    if wanted.search:
        found = found.filter(Q(word__icontains=wanted.search) | Q(context__icontains=wanted.search))
    return found


def leader_list(*, actor: Actor, on: date | None = None) -> QuerySet[LeaderName]:
    """Return the leaders in their order, those in office on a day where one is given; raises NotPermitted."""
    _need_view(actor)
    found = LeaderName.objects.select_related("created_by")
    if on is None:
        return found
    return found.filter(Q(from_on__isnull=True) | Q(from_on__lte=on), Q(until_on__isnull=True) | Q(until_on__gte=on))


def leader_get(*, actor: Actor, leader_id: int) -> LeaderName:
    """Return one leader; raises NotPermitted or Refused when there is none."""
    _need_view(actor)
    leader = LeaderName.objects.filter(pk=leader_id).first()
    if leader is None:
        raise Refused(Issue("wordlists.not_found", None))
    return leader


def _need_view(actor: Actor) -> None:
    if not permissions.can_view_words(actor):
        raise NotPermitted(ability="查看词库")


def _narrow(found: QuerySet, wanted: WordFilters) -> QuerySet:
    found = found.filter(ended_at__isnull=not wanted.ended)
    if wanted.scope == "common":
        return found.filter(unit__isnull=True)
    return found.filter(unit_id=int(wanted.scope)) if wanted.scope.isdecimal() else found
