"""Worklists after publication: what has to be looked at again, and what is withheld and has to be reassessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone

from gongkai.domain.deadlines import Fact, read_clock
from gongkai.domain.items.validity import Validity, validity_on
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item, Publication, Reassessment, ValidityReview
from gongkai.features.disclosure.selectors.access import public_at, visible_items
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.selectors import calendar_current, rulebook
from gongkai.rulebook.disclosure import disclosure_rules
from gongkai.rulebook.lookup import Value

NEAR = timedelta(days=30)
"""How early a review shows on the worklist; a courtesy, not a rule."""
REASSESSMENT = "proactive.reassessment"
MOST_CHOICES = 200


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A published item that has to be looked at: ``validity`` is what the public reads today."""

    id: int
    uid: str
    title: str
    doc_no: str
    kind_name: str
    unit_name: str
    due_on: date
    expires_on: date | None
    overdue_days: int
    validity: Validity
    why: str
    may_review: bool


@dataclass(frozen=True, slots=True)
class ReassessmentRow:
    """An item on file that is not disclosed proactively, with the day on which it has to be reassessed."""

    id: int
    title: str
    unit_name: str
    attribute: str
    attribute_name: str
    grounds: tuple[str, ...]
    last_on: date
    last_outcome: str
    due_on: date | None
    overdue_days: int
    light: str
    may_reassess: bool


def review_months(*, kind: str) -> int | None:
    """Return after how many months an item of this kind is looked at again; None for a kind without a period."""
    found = disclosure_rules().kinds.get(kind)
    return (found.review_months or None) if found is not None else None


def review_list(*, actor: Actor, today: date, unit_id: int | None = None, everything: bool = False) -> list[ReviewRow]:
    """Return the published items whose review is due within a month or overdue, the longest overdue first.

    ``everything`` lists all items with a review day. Only items that the actor may see; ``unit_id`` narrows to a unit.
    """
    found = visible_items(actor).filter(review_on__isnull=False)
    found = found.filter(publications__isnull=False, publications__end__isnull=True).distinct()
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    if not everything:
        found = found.filter(review_on__lte=today + NEAR)
    items = list(found.select_related("unit").order_by("review_on", "id")[:2000])
    contents = _public_contents(items)
    reviewed = latest_outcomes(item_ids=[item.pk for item in items])
    return [_review_row(actor, item, contents.get(item.pk, {}), reviewed.get(item.pk), today) for item in items]


def latest_outcomes(*, item_ids: list[int]) -> dict[int, Validity]:
    """Return by item the outcome of its last review (one query)."""
    rows = ValidityReview.objects.filter(item_id__in=item_ids).order_by("reviewed_at", "id")
    return {item_id: Validity(outcome) for item_id, outcome in rows.values_list("item_id", "outcome")}


def validity_reviews(*, item_id: int) -> list[ValidityReview]:
    """Return the reviews of an item, the newest first; the caller has asked whether the actor sees the item."""
    found = ValidityReview.objects.filter(item_id=item_id).select_related("reviewed_by", "instead")
    return list(found.order_by("-reviewed_at", "-id"))


def replacement_choices(*, actor: Actor, item: Item, at: datetime) -> list[tuple[int, str]]:
    """Return the public items of the same unit that may replace an item, the newest first, as (id, title)."""
    found = Publication.objects.filter(public_at(at), item__in=visible_items(actor), unit_id=item.unit_id)
    rows = found.exclude(item_id=item.pk).order_by("-published_at", "-id").values_list("item_id", "title", "doc_no")
    return [(item_id, f"{title}（{doc_no}）" if doc_no else title) for item_id, title, doc_no in rows[:MOST_CHOICES]]


def reassessments(*, item_id: int) -> list[Reassessment]:
    """Return the looks at an item, the newest first; the caller has asked whether the actor sees the item."""
    found = Reassessment.objects.filter(item_id=item_id).select_related("assessed_by")
    return list(found.order_by("-assessed_at", "-id"))


def reassessment_basis(*, today: date) -> Value:
    """Return the rule by which items are reassessed, with its citation and whether the number is verified."""
    return rulebook().value(REASSESSMENT, on=today, layer=settings.LAYER)


def reassessment_due(*, item: Item, today: date) -> date | None:
    """Return the day on which an item that is not disclosed has to be reassessed, by the rule of today."""
    return _due(_last_looked(Item.objects.filter(pk=item.pk)).get(pk=item.pk), today)


def reassessment_list(
    *, actor: Actor, today: date, unit_id: int | None = None, due_only: bool = True
) -> list[ReassessmentRow]:
    """Return the items on file that are withheld or given on application only, the longest overdue first."""
    found = visible_items(actor).filter(
        state=Item.State.ON_FILE, attribute__in=[Item.Attribute.ON_APPLICATION, Item.Attribute.WITHHELD]
    )
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    items = list(_last_looked(found).select_related("unit").prefetch_related("reassessments"))
    rows = [_reassessment_row(actor, item, today) for item in items]
    if due_only:
        rows = [row for row in rows if row.due_on is not None and row.due_on <= today + NEAR]
    return sorted(rows, key=lambda row: (row.due_on or date.max, row.id))


def _last_looked(items: QuerySet[Item]) -> QuerySet[Item]:
    return items.annotate(assessed_at=Max("reassessments__assessed_at"))


def _last_on(item: Item) -> date:
    moments = [m for m in (item.assessed_at, item.attribute_decided_at) if m is not None]  # type: ignore[attr-defined]
    return timezone.localdate(max(moments, default=item.created_at))


def _due(item: Item, today: date) -> date | None:
    rule = rulebook().clock_rule(REASSESSMENT, on=today, layer=settings.LAYER)
    reading = read_clock(rule, [Fact("reviewed", _last_on(item))], calendar_current(), today=today)
    return reading.due_on or reading.target_on


def _reassessment_row(actor: Actor, item: Item, today: date) -> ReassessmentRow:
    due_on = _due(item, today)
    overdue = max((today - due_on).days, 0) if due_on is not None else 0
    latest = max(item.reassessments.all(), key=lambda one: (one.assessed_at, one.pk), default=None)
    near = due_on is not None and due_on <= today + NEAR
    grounds = disclosure_rules().grounds
    return ReassessmentRow(
        id=item.pk,
        title=item.title,
        unit_name=item.unit.display_name,
        attribute=item.attribute,
        attribute_name=item.get_attribute_display(),
        grounds=tuple(grounds[code].label if code in grounds else code for code in item.grounds),
        last_on=_last_on(item),
        last_outcome=latest.get_outcome_display() if latest is not None else "",
        due_on=due_on,
        overdue_days=overdue,
        light="red" if overdue else "yellow" if near else "green",
        may_reassess=permissions.can_reassess(actor, item),
    )


def _public_contents(items: list[Item]) -> dict[int, dict[str, object]]:
    found = Publication.objects.filter(item__in=items, end__isnull=True).select_related("revision")
    return {publication.item_id: publication.revision.content for publication in found}


def _review_row(
    actor: Actor, item: Item, content: dict[str, object], reviewed: Validity | None, today: date
) -> ReviewRow:
    effective, expires = (_day(content.get(name)) for name in ("effective_on", "expires_on"))
    kinds = disclosure_rules().kinds
    assert item.review_on is not None, "the list asks for items with a review day"
    validity = validity_on(today, effective_on=effective, expires_on=expires, reviewed=reviewed)
    return ReviewRow(
        id=item.pk,
        uid=str(item.uid),
        title=item.title,
        doc_no=item.doc_no,
        kind_name=kinds[item.kind].name if item.kind in kinds else item.kind,
        unit_name=item.unit.display_name,
        due_on=item.review_on,
        expires_on=expires,
        overdue_days=max((today - item.review_on).days, 0),
        validity=validity,
        why="有效期满" if expires is not None and expires < item.review_on else "定期复核",
        may_review=permissions.can_review_validity(actor, item),
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None
