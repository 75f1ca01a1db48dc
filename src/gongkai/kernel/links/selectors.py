"""Finding links from either end, and showing them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.links.models import Link
from gongkai.kernel.links.references import Ref, Shown, relation_of, resolver_of


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link as seen from one end: the label of the relation from there, the other end, its title and address.

    ``visible`` is False when the actor may not see the other end, or it is gone; the title says so then.
    """

    link: Link
    label: str
    other: Ref
    title: str
    url: str
    visible: bool


def link_list(*, ref: str | Ref, relation: str | None = None) -> QuerySet[Link]:
    """Return the links from and to an object, oldest first; whoever may see the object may see its links."""
    end = Ref.parse(ref)
    out = Q(source_type=end.type, source_id=end.id)
    back = Q(target_type=end.type, target_id=end.id)
    links = Link.objects.filter(out | back).select_related("created_by").order_by("id")
    return links.filter(relation=relation) if relation else links


def link_counts(*, type_: str, ids: Iterable[str | int], relation: str) -> dict[str, int]:
    """Count the links of many sources at once (one query): id → number, 0 where there is none."""
    counts = {str(i): 0 for i in ids}
    found = Link.objects.filter(source_type=type_, source_id__in=list(counts), relation=relation)
    for source_id in found.values_list("source_id", flat=True):
        counts[source_id] += 1
    return counts


def link_shown(*, actor: Actor, ref: str | Ref, relation: str | None = None) -> list[ShownLink]:
    """Return an object's links as the actor may see them; each type of object at the other end is asked once."""
    here = Ref.parse(ref)
    pairs = []
    for link in link_list(ref=here, relation=relation):
        outward = (link.source_type, link.source_id) == (here.type, here.id)
        other = Ref(link.target_type, link.target_id) if outward else Ref(link.source_type, link.source_id)
        kind = relation_of(link.relation)
        pairs.append((link, kind.label if outward else kind.inverse, other))
    wanted: dict[str, set[str]] = defaultdict(set)
    for _, _, other in pairs:
        wanted[other.type].add(other.id)
    shown = {type_: _resolve(actor, type_, ids) for type_, ids in wanted.items()}
    result = []
    for link, label, other in pairs:
        seen = shown[other.type].get(other.id)
        title = seen.title if seen else "（无权查看或已不存在）"
        result.append(ShownLink(link, label, other, title, seen.url if seen else "", seen is not None))
    return result


def _resolve(actor: Actor, type_: str, ids: set[str]) -> dict[str, Shown]:
    resolver = resolver_of(type_)
    return dict(resolver(actor, sorted(ids))) if resolver else {}
