"""The list of items: filtered, ordered, a page at a time, in a number of queries that does not depend on its length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from gongkai.domain.items import OPEN_STATES, STATE_NAMES, State
from gongkai.features.disclosure.models import DirectoryColumn, Item, Publication
from gongkai.features.disclosure.selectors.access import public_at, visible_items
from gongkai.features.disclosure.selectors.addresses import item_path
from gongkai.features.disclosure.selectors.filters import ItemFilters
from gongkai.features.disclosure.selectors.values import ItemPage, ItemRow
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.models import ClockState, StoredClock
from gongkai.kernel.orgs.selectors import unit_descendant_ids
from gongkai.rulebook.disclosure import disclosure_rules

TARGET = "disclosure.item"
ORDERS: Mapping[str, tuple[str, ...]] = {
    "changed": ("-changed_at", "-pk"),
    "created": ("-created_at", "-pk"),
    "title": ("title", "pk"),
    "issued": ("-issued_on", "-pk"),
    "unit": ("unit__sort_key", "-changed_at", "-pk"),
    "review": ("review_on", "pk"),
}
LARGEST_PAGE = 500
ENDED = (State.ARCHIVED.value, State.DISCARDED.value)


def items_filtered(*, actor: Actor, filters: ItemFilters, today: date) -> QuerySet[Item]:
    """Return the items the actor sees, narrowed by the filters, in no order."""
    items = visible_items(actor)
    if filters.ids:
        items = items.filter(pk__in=filters.ids)
    if filters.states:
        items = items.filter(state__in=[state.value for state in filters.states])
    elif not filters.ended and not filters.ids:
        items = items.exclude(state__in=ENDED)
    if filters.unit_id is not None:
        items = items.filter(unit_id__in=unit_descendant_ids(unit_id=filters.unit_id))
    if filters.kind:
        items = items.filter(kind=filters.kind)
    if filters.attribute:
        items = items.filter(attribute="" if filters.attribute == "none" else filters.attribute)
    if filters.column:
        items = items.filter(_in_columns(filters.column))
    if filters.since is not None:
        items = items.filter(changed_at__gte=_start(filters.since))
    if filters.until is not None:
        items = items.filter(changed_at__lt=_start(filters.until + timedelta(days=1)))
    if filters.text:
        words = filters.text
        items = items.filter(Q(title__icontains=words) | Q(doc_no__icontains=words) | Q(index_no__icontains=words))
    if filters.mine:
        wrote = Q(created_by_id=actor.user_id) | Q(draft_by_id=actor.user_id)
        items = items.filter(wrote | Q(revisions__created_by_id=actor.user_id)).distinct()
    if filters.own:
        items = items.filter(unit_id__in=actor.unit_ids)
    if filters.limited:
        items = items.filter(access_limited=True)
    if filters.review:
        items = items.filter(review_on__lte=today)
    if filters.late:
        items = items.filter(state__in=OPEN_STATES, pk__in=_late(today))
    return items


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _in_columns(code: str) -> Q:
    """Items in the column or in one below it."""
    rows = list(DirectoryColumn.objects.values_list("code", "parent__code"))
    wanted, size = {code}, 0
    while len(wanted) > size:
        size = len(wanted)
        wanted |= {child for child, parent in rows if parent in wanted}
    found = Q(pk__in=())
    for one in sorted(wanted):
        found |= Q(columns__contains=[one])
    return found


def _late(today: date) -> QuerySet[StoredClock, dict[str, int]]:
    """Ids of items with a running clock that is past its due day."""
    clocks = StoredClock.objects.filter(target_type=TARGET, state=ClockState.RUNNING, due_on__lt=today)
    return clocks.annotate(item_id=Cast("target_id", BigIntegerField())).values("item_id")


def item_list(
    *,
    actor: Actor,
    filters: ItemFilters | None = None,
    order: str = "changed",
    page: int = 1,
    size: int = 50,
    today: date,
) -> ItemPage:
    """Return a page of the items the actor sees; ``order`` is a key of ``ORDERS``, ``page`` counts from 1.

    A page beyond the last one is the last one.
    """
    found = items_filtered(actor=actor, filters=filters or ItemFilters(), today=today)
    size = min(max(size, 1), LARGEST_PAGE)
    total = found.count()
    page = min(max(page, 1), max((total + size - 1) // size, 1))
    ordered = found.order_by(*ORDERS.get(order, ORDERS["changed"]))[(page - 1) * size : page * size]
    return ItemPage(tuple(item_rows(ordered, today=today)), page, size, total)


def item_counts(*, actor: Actor, filters: ItemFilters | None = None, today: date) -> dict[State, int]:
    """Count the items the actor sees by state; every state is there."""
    found = items_filtered(actor=actor, filters=filters or ItemFilters(ended=True), today=today)
    counts = dict.fromkeys(State, 0)
    for state in found.order_by().values_list("state", flat=True).iterator():
        counts[State(state)] += 1
    return counts


def item_rows(items: Iterable[Item], *, today: date) -> list[ItemRow]:
    """Return the lines of items in their order; a constant number of queries."""
    loaded = list(items.select_related("unit", "head", "created_by")) if isinstance(items, QuerySet) else list(items)
    ids = [item.pk for item in loaded]
    now = _start(today + timedelta(days=1)) - timedelta(microseconds=1)
    published = dict(
        Publication.objects.filter(public_at(now), item_id__in=ids)
        .order_by("published_at")
        .values_list("item_id", "published_at")
    )
    clocks: dict[int, StoredClock] = {}
    rows = StoredClock.objects.filter(target_type=TARGET, target_id__in=[str(i) for i in ids], state="running")
    for clock in rows.order_by("-due_on"):
        clocks[int(clock.target_id)] = clock
    codes = {code for item in loaded for code in item.columns}
    names = dict(DirectoryColumn.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    return [_row(item, published.get(item.pk), clocks.get(item.pk), names, today) for item in loaded]


def _row(
    item: Item, published_at: datetime | None, clock: StoredClock | None, names: Mapping[str, str], today: date
) -> ItemRow:
    kind = disclosure_rules().kinds.get(item.kind)
    due_on = clock.due_on if clock is not None else None
    return ItemRow(
        id=item.pk,
        uid=str(item.uid),
        title=item.title,
        doc_no=item.doc_no,
        index_no=item.index_no or "",
        unit_id=item.unit_id,
        unit_name=item.unit.display_name,
        kind=item.kind,
        kind_name=kind.name if kind else item.kind,
        state=State(item.state),
        state_name=STATE_NAMES[State(item.state)],
        attribute=item.attribute,
        attribute_name=item.get_attribute_display() if item.attribute else "未确定",
        access_limited=item.access_limited,
        columns=tuple(item.columns),
        column_names=tuple(names.get(code, code) for code in item.columns),
        number=item.head.number if item.head else 0,
        written_on=item.written_on,
        issued_on=item.issued_on,
        review_on=item.review_on,
        created_by_name=item.created_by.get_full_name() if item.created_by else "系统",
        changed_at=item.changed_at,
        published_at=published_at,
        due_on=due_on,
        late=due_on is not None and due_on < today and State(item.state) in OPEN_STATES,
        unsaved=item.draft is not None,
        path=item_path(item.pk),
    )
