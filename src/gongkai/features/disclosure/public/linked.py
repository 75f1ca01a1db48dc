"""An item in the words of schema.org, for search engines and whoever works with the data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings

from gongkai.features.disclosure.public.facts import item_summary, item_url
from gongkai.features.disclosure.selectors.directory import ColumnView
from gongkai.features.disclosure.selectors.public_files import file_path, public_files
from gongkai.features.disclosure.selectors.public_items import PublicItem
from gongkai.features.disclosure.selectors.validity import PublicValidity
from gongkai.rulebook.disclosure import disclosure_rules

BEIJING = ZoneInfo("Asia/Shanghai")
IN_FORCE, NOT_IN_FORCE = "https://schema.org/InForce", "https://schema.org/NotInForce"


def item_data(item: PublicItem, *, columns: Iterable[ColumnView], validity: PublicValidity | None) -> dict[str, Any]:
    """Return an item as JSON-LD: a normative document as Legislation, anything else as Article; empty facts left out.

    Its identifier is the address that holds for ever; files come with size, digest and address.
    """
    content, rules = item.content, disclosure_rules()
    kind = rules.kinds.get(content.kind)
    issuers = [unit.name for unit in (content.issuer, *content.joint) if unit is not None] or [item.unit_name]
    url = item_url(item)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Legislation" if kind is not None and kind.normative else "Article",
        "@id": url,
        "url": url,
        "name": item.title,
        "headline": item.title,
        "inLanguage": "zh-Hans",
        "isAccessibleForFree": True,
        "datePublished": _moment(item.first_published_at),
        "dateModified": _moment(item.published_at),
        "dateCreated": _day(content.written_on),
        "description": item_summary(item),
        "keywords": list(content.keywords),
        "about": rules.subject_path(content.subject) if content.subject else "",
        "articleSection": [one.name for one in columns],
        "genre": kind.name if kind is not None else "",
        "author": [_organ(name) for name in issuers],
        "publisher": _organ(item.unit_name),
        "identifier": [
            {"@type": "PropertyValue", "name": name, "value": value}
            for name, value in (("索引号", item.index_no), ("文号", content.doc_no), ("SHA-256", item.digest))
            if value
        ],
        "associatedMedia": _media(item),
    }
    if data["@type"] == "Legislation":
        data |= {
            "legislationIdentifier": content.doc_no,
            "legislationDate": _day(content.issued_on or content.written_on),
            "legislationPassedBy": [_organ(name) for name in issuers],
            "legislationLegalForce": _force(validity),
            "temporalCoverage": _covered(content.effective_on, content.expires_on),
        }
    return {name: value for name, value in data.items() if value not in ("", [], None)}


def _media(item: PublicItem) -> list[dict[str, Any]]:
    """The attachments; pictures of the text stand in the text."""
    names = {one.file_id: one.name for one in public_files(content=item.content)}
    return [
        {
            "@type": "MediaObject",
            "name": file.title or file.name,
            "contentUrl": settings.BASE_URL
            + quote(file_path(uid=item.uid, file_id=file.file_id, name=names[file.file_id])),
            "encodingFormat": file.media_type,
            "contentSize": str(file.size),
            "sha256": file.sha256,
        }
        for file in item.content.attachments
        if file.file_id in names
    ]


def _organ(name: str) -> dict[str, str]:
    return {"@type": "GovernmentOrganization", "name": name}


def _force(validity: PublicValidity | None) -> str:
    if validity is None:
        return ""
    if validity.state.ended:
        return NOT_IN_FORCE
    return IN_FORCE if validity.state.value == "in_force" else ""


def _covered(begin: date | None, end: date | None) -> str:
    return f"{_day(begin) or '..'}/{_day(end) or '..'}" if begin or end else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _moment(moment: datetime) -> str:
    return moment.astimezone(BEIJING).isoformat(timespec="seconds")
