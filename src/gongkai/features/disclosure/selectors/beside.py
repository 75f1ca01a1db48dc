"""What pages of items tell beside their content, read for many items in a few queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from gongkai.domain.publishing.moments import BEIJING
from gongkai.features.disclosure.selectors.directory import ColumnView, column_views
from gongkai.features.disclosure.selectors.lineage import unit_note
from gongkai.features.disclosure.selectors.public_items import PublicItem
from gongkai.features.disclosure.selectors.related import Related, public_related_many
from gongkai.features.disclosure.selectors.validity import PublicValidity, public_validities
from gongkai.kernel.orgs.succession import units_succeeded


@dataclass(frozen=True, slots=True)
class Beside:
    """The columns of an item, what belongs to it, whether it holds, and what became of the unit that issued it."""

    columns: list[ColumnView]
    related: list[Related]
    validity: PublicValidity | None
    unit_note: str


def public_beside(*, items: Collection[PublicItem], at: datetime, on: date) -> dict[int, Beside]:
    """Return what stands beside public items at the moment, by id; ``on`` is the day of the moment."""
    columns = column_views(codes={code for item in items for code in item.content.columns})
    related = public_related_many(item_ids=[item.item_id for item in items], at=at)
    validities = public_validities(items=items, on=on)
    gone = units_succeeded(unit_ids={_unit(item) for item in items}, on=on)
    return {
        item.item_id: Beside(
            columns=[column for column in columns if column.code in item.content.columns],
            related=related[item.item_id],
            validity=validities[item.item_id],
            unit_note=_what_became(item, on) if _unit(item) in gone else "",
        )
        for item in items
    }


def _unit(item: PublicItem) -> int:
    issuer = item.content.issuer
    return issuer.id if issuer is not None and issuer.id is not None else item.unit_id


def _what_became(item: PublicItem, on: date) -> str:
    """What became of the unit since the item was issued; the unit as the item names it, else the publishing one."""
    issuer = item.content.issuer
    since = item.content.issued_on or item.content.written_on
    return unit_note(
        unit_id=issuer.id if issuer is not None else item.unit_id,
        name=issuer.name if issuer is not None else item.unit_name,
        since=since or item.first_published_at.astimezone(BEIJING).date(),
        on=on,
    )
