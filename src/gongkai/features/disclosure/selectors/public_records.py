"""What the public reads of many items at once, with all metadata: for feeds, the read API and the daily dump.

Like the public pages it goes by publications and the moment alone, and content that does not agree with its digest is
left out and logged. The number of queries is the same for one record and for a hundred.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform

from gongkai.domain.items import ItemContent
from gongkai.domain.items.validity import Validity
from gongkai.features.disclosure.models import Publication, ValidityReview
from gongkai.features.disclosure.selectors.public_items import PublicFilters, narrowed
from gongkai.features.disclosure.selectors.publications import public_publications
from gongkai.features.disclosure.selectors.search_feed import published_facts
from gongkai.rulebook.disclosure import disclosure_rules

EVERYTHING = PublicFilters()


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """An item as it is public: its content and everything said about it.

    ``number`` counts the publications of the item, ``published_at`` is the moment of this one and
    ``first_published_at`` of the first; ``columns`` are the codes given to the item, without those above them.
    ``validity`` is None for what lays nothing down and has no end.
    """

    uid: UUID
    item_id: int
    number: int
    content: ItemContent
    index_no: str
    unit_id: int
    unit_name: str
    published_at: datetime
    first_published_at: datetime
    validity: Validity | None
    digest: str

    @property
    def title(self) -> str:
        """Return the title as it was published."""
        return self.content.title

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the codes of the item's own columns."""
        return self.content.columns

    @property
    def kind_name(self) -> str:
        """Return the Chinese name of the kind of item."""
        kind = disclosure_rules().kinds.get(self.content.kind)
        return kind.name if kind is not None else ""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a list was left: moment and number of the last publication that was read."""

    published_at: datetime
    publication_id: int


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Records of a list, the newest first, and where to go on; None at its end."""

    records: tuple[PublicRecord, ...]
    after: Position | None


def public_record_page(
    *,
    filters: PublicFilters = EVERYTHING,
    validity: Validity | None = None,
    after: Position | None = None,
    size: int,
    at: datetime,
    on: date,
) -> RecordPage:
    """Return up to ``size`` records that are public at the moment, the newest publication first.

    ``on`` is the day of the moment, by which validity is told. What is published or taken down while somebody reads on
    from ``after`` shifts nothing.
    """
    found = narrowed(public_publications(at=at), filters)
    if validity is not None:
        found = _valid(found, validity, on)
    if after is not None:
        behind = Q(published_at=after.published_at, pk__lt=after.publication_id)
        found = found.filter(Q(published_at__lt=after.published_at) | behind, published_at__lte=after.published_at)
    places = list(found.order_by("-published_at", "-pk").values_list("pk", "published_at")[: size + 1])
    records = _records([pk for pk, _ in places[:size]], on=on)
    last = places[size - 1] if len(places) > size else None
    return RecordPage(records, Position(last[1], last[0]) if last else None)


def public_record_ids(
    *, filters: PublicFilters, size: int, at: datetime, parents: Mapping[str, str | None] | None = None
) -> list[int]:
    """Return the ids of the newest publications of a list; ``parents`` is the directory where it was read before."""
    found = narrowed(public_publications(at=at), filters, parents=parents).order_by("-published_at", "-pk")
    return list(found.values_list("pk", flat=True)[:size])


def public_records(
    *, publication_ids: Collection[int], on: date, contents: dict[int, ItemContent] | None = None
) -> dict[int, PublicRecord]:
    """Return the records of publications by their ids; ``contents`` as for ``published_facts``."""
    return _read(list(publication_ids), on=on, contents=contents)


def public_record_get(*, item_id: int, at: datetime, on: date) -> PublicRecord | None:
    """Return the record of an item; None while it is not public."""
    ids = list(public_publications(at=at).filter(item_id=item_id).values_list("pk", flat=True)[:1])
    return next(iter(_records(ids, on=on)), None)


def public_records_all(*, at: datetime, on: date, chunk: int = 500) -> Iterator[tuple[PublicRecord, ...]]:
    """Yield every record that is public at the moment in the order of the publications, in chunks."""
    last = 0
    while True:
        found = public_publications(at=at).filter(pk__gt=last).order_by("pk")
        ids = list(found.values_list("pk", flat=True)[:chunk])
        if not ids:
            return
        yield _records(ids, on=on)
        last = ids[-1]


def _records(ids: list[int], *, on: date) -> tuple[PublicRecord, ...]:
    """The records of publications, in the order of their ids as given."""
    return tuple(_read(ids, on=on).values())


def _read(ids: list[int], *, on: date, contents: dict[int, ItemContent] | None = None) -> dict[int, PublicRecord]:
    """The records of publications by their ids, in the order given (six queries)."""
    if not ids:
        return {}
    facts = {one.publication_id: one for one in published_facts(publication_ids=ids, on=on, contents=contents)}
    items = [one.item_id for one in facts.values()]
    first = dict(Publication.objects.filter(item_id__in=items, number=1).values_list("item_id", "published_at"))
    known = {pk: (number, digest) for pk, number, digest in _numbers(ids)}
    found = {}
    for pk in ids:
        one = facts.get(pk)
        if one is None:
            continue
        number, digest = known[pk]
        found[pk] = PublicRecord(
            uid=one.uid,
            item_id=one.item_id,
            number=number,
            content=one.content,
            index_no=one.index_no,
            unit_id=one.unit_id,
            unit_name=one.unit_name,
            published_at=one.published_at,
            first_published_at=first[one.item_id],
            validity=one.validity,
            digest=digest,
        )
    return found


def _numbers(ids: list[int]) -> QuerySet[Publication, tuple[int, int, str]]:
    return Publication.objects.filter(pk__in=ids).values_list("pk", "number", "digest")


def _valid(found: QuerySet[Publication], wanted: Validity, on: date) -> QuerySet[Publication]:
    """Those whose validity on the day is the wanted one: ``validity_on`` as the database asks it."""
    newest = ValidityReview.objects.filter(item_id=OuterRef("item_id")).order_by("-reviewed_at", "-id")
    effective, expires = (KeyTextTransform(name, "revision__content") for name in ("effective_on", "expires_on"))
    normative = [code for code, kind in disclosure_rules().kinds.items() if kind.normative]
    day = Value(on.isoformat())
    if wanted in {Validity.AMENDED, Validity.PARTLY_LAPSED, Validity.REPEALED}:  # only a review says so
        found = found.filter(Exists(ValidityReview.objects.filter(item_id=OuterRef("item_id"), outcome=wanted)))
    ended = [one.value for one in Validity if one.ended]
    reviewed = Subquery(newest.values("outcome")[:1])
    found = found.alias(reviewed=reviewed, effective=effective, expires=expires)
    undated = Q(expires__isnull=True) | Q(expires="")
    state = Case(
        When(Q(reviewed__isnull=True) & undated & ~Q(item_kind__in=normative), then=Value("")),
        When(reviewed__in=ended, then=F("reviewed")),
        When(Q(expires__gt="") & Q(expires__lt=day), then=Value(Validity.LAPSED.value)),
        When(Q(effective__gt=day), then=Value(Validity.NOT_YET.value)),
        When(reviewed__isnull=False, then=F("reviewed")),
        default=Value(Validity.IN_FORCE.value),
        output_field=CharField(),
    )
    return found.alias(validity=state).filter(validity=wanted.value)
