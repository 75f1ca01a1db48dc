"""What the public pages of items show at a moment, for the views and for the static release alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongkai.domain.site import column_page
from gongkai.features.disclosure.public import facts, linked
from gongkai.features.disclosure.selectors import validity
from gongkai.features.disclosure.selectors.beside import Beside, public_beside
from gongkai.features.disclosure.selectors.proofs import Proof
from gongkai.features.disclosure.selectors.public_items import PublicItem, Tombstone

ITEM, PROOF, TOMBSTONE = (f"disclosure/public/{name}.html" for name in ("item_detail", "item_proof", "tombstone"))


def item_context(item: PublicItem, *, at: datetime, merged: str = "", beside: Beside | None = None) -> dict[str, Any]:
    """Return what the page of a public item shows; ``merged`` is the title of an item whose readers were sent here.

    ``beside``: what the page tells beside the content, where it was read for many items at once.
    """
    if beside is None:
        beside = public_beside(items=[item], at=at, on=timezone.localdate(at))[item.item_id]
    return {
        "page_title": item.title,
        "gk_page": facts.item_page(item, beside.columns),
        "breadcrumbs": [
            ("首页", "/"),
            ("政府信息公开", reverse("disclosure:public:item_list")),
            *((one.name, reverse("disclosure:public:column", args=[one.code])) for one in beside.columns[:1]),
            ("正文", ""),
        ],
        "columns": beside.columns,
        "related": beside.related,
        "item": item,
        "content": item.content,
        "validity": beside.validity,
        "facts": validity.public_facts(item=item, index_no=item.index_no),
        "merged": merged,
        "unit_note": beside.unit_note,
        "address": facts.item_url(item),
        "linked": linked.item_data(item, columns=beside.columns, validity=beside.validity),
    }


def proof_context(item: PublicItem | Tombstone, proof: Proof) -> dict[str, Any]:
    """Return what the page that proves a publication shows."""
    title = item.title or "已撤下的信息"
    return {
        "page_title": f"发布证明：{title}",
        "gk_page": column_page("发布证明", f"怎样核对《{title}》的发布时间和内容没有被改动"),
        "breadcrumbs": [
            ("首页", "/"),
            ("政府信息公开", reverse("disclosure:public:item_list")),
            (title, reverse("disclosure:public:item_detail", args=[item.uid])),
            ("发布证明", ""),
        ],
        "item": item,
        "proof": proof,
    }


def tombstone_context(grave: Tombstone) -> dict[str, Any]:
    """Return what stands in the place of something taken down."""
    return {
        "page_title": grave.title or "这条信息已经撤下",
        "gk_page": column_page("已撤下", "已经撤下的信息：原因和时间"),
        "breadcrumbs": [("首页", "/"), ("政府信息公开", reverse("disclosure:public:item_list")), ("已撤下", "")],
        "grave": grave,
    }


def merged_into(grave: Tombstone) -> str:
    """Return the address that the readers of an item that went into another are sent to, empty for any other end."""
    if grave.kind != "merged" or not grave.redirect_uid:
        return ""
    return f"{reverse('disclosure:public:item_detail', args=[grave.redirect_uid])}?merged={grave.uid}"
