"""What lies between the last signature and the public: for the release desk and the workbench."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item, PublicationEnd
from gongkai.features.disclosure.selectors.access import visible_items
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import allows
from gongkai.kernel.accounts.selectors import visible_unit_ids
from gongkai.kernel.orgs.models import Unit

ON_THE_WAY = (Item.State.DRAFTING, Item.State.RETURNED, Item.State.IN_REVIEW, Item.State.APPROVED)
CHOICES = 50
"""How many items a choice offers; the search narrows it."""
LISTED = 200
"""How many rows each part of the desk shows; nobody works through more at a time."""


@dataclass(frozen=True, slots=True)
class EndingRow:
    """A publication that was taken down."""

    item_id: int
    title: str
    unit_name: str
    kind_name: str
    reason: str
    ended_at: datetime
    by_name: str


def approved_list(*, actor: Actor) -> list[Item]:
    """Return the items that are signed to the end and neither published nor scheduled, the longest waiting first."""
    return list(approved_items(actor).select_related("unit", "head").order_by("changed_at", "id")[:LISTED])


def approved_items(actor: Actor) -> QuerySet[Item]:
    """Return the items that may go out and that the actor sees."""
    return visible_items(actor).filter(state=Item.State.APPROVED)


def ending_list(*, actor: Actor, now: datetime, days: int) -> list[EndingRow]:
    """Return what was withdrawn, published by mistake, merged or expired in the last days, the newest first."""
    found = PublicationEnd.objects.filter(
        ended_at__gt=now - timedelta(days=days), ended_at__lte=now, publication__item__in=visible_items(actor)
    ).exclude(kind=PublicationEnd.Kind.SUPERSEDED)
    related = ("publication__item", "ended_by")
    return [
        EndingRow(
            item_id=end.publication.item_id,
            title=end.publication.title,
            unit_name=end.publication.unit_name,
            kind_name=end.get_kind_display(),
            reason=end.reason,
            ended_at=end.ended_at,
            by_name=end.ended_by.display_name if end.ended_by else "",
        )
        for end in found.select_related(*related).order_by("-ended_at", "-id")[:LISTED]
    ]


def publishing_units(*, actor: Actor) -> list[tuple[int, str]]:
    """Return the units for which the actor publishes, as choices: own ones, for the disclosure authority all."""
    units = Unit.objects.filter(dissolved_on__isnull=True).order_by("sort_key", "id")
    if not allows(actor, "disclosure.item.publish_any"):
        units = units.filter(pk__in=actor.unit_ids)
    return [(unit.pk, unit.display_name) for unit in units if permissions.can_manage_bundle(actor, unit.pk)]


def timeliness_units(*, actor: Actor) -> list[tuple[int, str]]:
    """Return the units whose timeliness the actor may look at, as choices."""
    units = Unit.objects.filter(dissolved_on__isnull=True).order_by("sort_key", "id")
    seen = visible_unit_ids(actor=actor)
    if seen is not None:
        units = units.filter(pk__in=seen)
    return [(unit.pk, unit.display_name) for unit in units]


def bundle_candidates(
    *, actor: Actor, find: str, without: Collection[int], only: Collection[int] | None = None
) -> list[tuple[int, str]]:
    """Return the items that may join a bundle, as choices: on their way out, seen by the actor, the newest first.

    ``find`` narrows by title and document number, ``only`` to these ids.
    """
    found = visible_items(actor).filter(state__in=ON_THE_WAY).exclude(pk__in=without)
    if only is not None:
        found = found.filter(pk__in=only)
    if find:
        found = found.filter(Q(title__icontains=find) | Q(doc_no__icontains=find))
    rows = found.select_related("unit").order_by("-changed_at", "-id")[:CHOICES]
    return [(item.pk, f"{item.title}（{item.unit.display_name}，{item.get_state_display()}）") for item in rows]
