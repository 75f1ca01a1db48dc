"""What the public reads about an item beside its text: whether it holds, and its metadata in the fixed order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from gongkai.domain.items.validity import Validity, validity_on
from gongkai.features.disclosure.models import Item, ValidityReview
from gongkai.features.disclosure.selectors.public_items import PublicItem
from gongkai.rulebook.disclosure import disclosure_rules


@dataclass(frozen=True, slots=True)
class PublicValidity:
    """Whether an item holds on a day, since when that was stated, and what came instead, where that is public."""

    state: Validity
    note: str
    stated_on: date | None
    instead_uid: str
    instead_title: str


def public_validity(*, item: PublicItem, on: date) -> PublicValidity | None:
    """Return the validity that is shown with an item; None for kinds that lay nothing down and have no end.

    ``on`` is the day of asking.
    """
    return public_validities(items=[item], on=on)[item.item_id]


def public_validities(*, items: Collection[PublicItem], on: date) -> dict[int, PublicValidity | None]:
    """Return the same for many items at once, by item."""
    reviews = ValidityReview.objects.filter(item_id__in=[item.item_id for item in items]).select_related("instead")
    newest = {review.item_id: review for review in reviews.order_by("reviewed_at", "id")}
    return {item.item_id: _validity(item, newest.get(item.item_id), on) for item in items}


def _validity(item: PublicItem, review: ValidityReview | None, on: date) -> PublicValidity | None:
    kind = disclosure_rules().kinds.get(item.content.kind)
    content = item.content
    lays_down = kind is not None and kind.normative
    if not lays_down and review is None and content.expires_on is None:
        return None
    reviewed = Validity(review.outcome) if review is not None else None
    state = validity_on(on, effective_on=content.effective_on, expires_on=content.expires_on, reviewed=reviewed)
    stated = review is not None and reviewed is state
    instead = review.instead if review is not None and stated and _is_public(review.instead) else None
    return PublicValidity(
        state=state,
        note=review.note if review is not None and stated else "",
        stated_on=review.reviewed_at.date() if review is not None and stated else None,
        instead_uid=str(instead.uid) if instead is not None else "",
        instead_title=instead.title if instead is not None else "",
    )


def public_facts(*, item: PublicItem, index_no: str = "") -> list[tuple[str, str]]:
    """Return the metadata of an item as (label, text), in the order of the disclosure directory; empty ones left out."""
    content, rules = item.content, disclosure_rules()
    kind = rules.kinds.get(content.kind)
    units = [unit.name for unit in (content.issuer, *content.joint) if unit is not None]
    number = index_no or Item.objects.filter(uid=item.uid).values_list("index_no", flat=True).first() or ""
    facts = [
        ("索引号", number),
        ("文号", content.doc_no),
        ("发布机构", "、".join(units) or item.unit_name),
        ("信息种类", kind.name if kind is not None else ""),
        ("主题分类", rules.subject_path(content.subject) if content.subject else ""),
        ("成文日期", _said(content.written_on)),
        ("印发日期", _said(content.issued_on)),
        ("施行日期", _said(content.effective_on)),
        ("有效期至", _said(content.expires_on)),
        ("公开方式", dict(Item.Attribute.choices).get(content.attribute, "")),
        ("关键词", "、".join(content.keywords)),
    ]
    return [(label, str(text)) for label, text in facts if text]


def _said(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day is not None else ""


def _is_public(item: Item | None) -> bool:
    return item is not None and item.publications.filter(end__isnull=True).exists()
