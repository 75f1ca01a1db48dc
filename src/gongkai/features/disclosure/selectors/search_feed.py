"""What the search of the public site reads of publications: their facts in bulk, and what has ended lately."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from gongkai.domain.items import ItemContent
from gongkai.domain.items.validity import Validity, validity_on
from gongkai.features.disclosure.models import DirectoryColumn, Publication, PublicationEnd, ValidityReview
from gongkai.kernel.orgs.models import Unit
from gongkai.rulebook.disclosure import disclosure_rules

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PublishedFacts:
    """A publication as the search needs it.

    ``columns`` are codes with everything above them. ``validity`` is None for what lays nothing down and has no end;
    ``again_on`` is the next day on which it is another one by its dates, ``review_id`` the review it rests on (0: none).
    """

    publication_id: int
    item_id: int
    uid: UUID
    content: ItemContent
    index_no: str
    unit_id: int
    unit_name: str
    columns: tuple[str, ...]
    published_at: datetime
    validity: Validity | None
    review_id: int
    again_on: date | None


def published_facts(
    *, publication_ids: Collection[int], on: date, contents: dict[int, ItemContent] | None = None
) -> list[PublishedFacts]:
    """Return the facts of publications, by their ids, the validity on the day ``on``.

    A publication whose content does not agree with its digest is left out and logged, as on the public pages.
    ``contents`` are those that were read and checked before, by publication, and need not be read again; what is read
    is added.
    """
    known = contents if contents is not None else {}
    rows = Publication.objects.select_related("item").defer("item__draft").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[pk for pk in publication_ids if pk in known])}
    read = rows.select_related("item", "revision").filter(pk__in=[pk for pk in publication_ids if pk not in known])
    found |= {row.pk: row for row in read}
    above, reviews = _above(), _reviews({row.item_id for row in found.values()})
    facts = []
    for row in (found[pk] for pk in sorted(found)):
        content = known.get(row.pk)
        if content is None:
            content = ItemContent.from_data(row.revision.content)
            if content.digest() != row.digest:
                logger.error("publication %s does not agree with its digest and is not searched", row.pk)
                continue
            known[row.pk] = content
        review_id, reviewed = reviews.get(row.item_id, (0, None))
        facts.append(
            PublishedFacts(
                publication_id=row.pk,
                item_id=row.item_id,
                uid=row.item.uid,
                content=content,
                index_no=row.item.index_no or "",
                unit_id=row.unit_id,
                unit_name=row.unit_name,
                columns=_with_above(row.columns, above),
                published_at=row.published_at,
                validity=_validity(content, reviewed, on),
                review_id=review_id,
                again_on=_again_on(content, on),
            )
        )
    return facts


def publications_ended(*, since: datetime, at: datetime) -> list[int]:
    """Return the publications that ended after ``since`` and by ``at``."""
    return list(
        PublicationEnd.objects.filter(ended_at__gt=since, ended_at__lte=at).values_list("publication_id", flat=True)
    )


def newest_reviews() -> dict[int, int]:
    """Return the newest review of validity of every item that has one, as item → review."""
    rows = ValidityReview.objects.order_by("item_id", "-reviewed_at", "-id").distinct("item_id")
    return dict(rows.values_list("item_id", "pk"))


def directory_digest() -> str:
    """Return a name of the present order of the columns; another one when a column has moved."""
    return hashlib.sha256(json.dumps(sorted(_above().items())).encode()).hexdigest()


def unit_names(*, unit_ids: Collection[int]) -> dict[str, str]:
    """Return the names of units by their ids as text, as they are called now; units that are gone included."""
    return {str(unit.pk): unit.display_name for unit in Unit.objects.filter(pk__in=unit_ids)}


def _reviews(item_ids: Collection[int]) -> dict[int, tuple[int, Validity]]:
    rows = ValidityReview.objects.filter(item_id__in=item_ids).order_by("item_id", "-reviewed_at", "-id")
    found = rows.distinct("item_id").values_list("item_id", "pk", "outcome")
    return {item_id: (pk, Validity(outcome)) for item_id, pk, outcome in found}


def _validity(content: ItemContent, reviewed: Validity | None, on: date) -> Validity | None:
    kind = disclosure_rules().kinds.get(content.kind)
    if not (kind is not None and kind.normative) and reviewed is None and content.expires_on is None:
        return None
    return validity_on(on, effective_on=content.effective_on, expires_on=content.expires_on, reviewed=reviewed)


def _again_on(content: ItemContent, on: date) -> date | None:
    """The next day on which the dates of the text change the validity: the day it takes effect, the day after its last."""
    lapse = content.expires_on + timedelta(days=1) if content.expires_on else None
    return min((day for day in (content.effective_on, lapse) if day is not None and day > on), default=None)


def _above() -> dict[str, str]:
    return {code: parent or "" for code, parent in DirectoryColumn.objects.values_list("code", "parent__code")}


def _with_above(codes: Iterable[str], above: Mapping[str, str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for code in codes:
        while code and code not in found:
            found[code] = None
            code = above.get(code, "")
    return tuple(found)
