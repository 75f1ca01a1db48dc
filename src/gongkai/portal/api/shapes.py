"""In which form the API tells things: plain data, ready for JSON. Nothing here asks the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings

from gongkai.domain.publishing.moments import BEIJING
from gongkai.features.disclosure.selectors.directory import ColumnView
from gongkai.features.disclosure.selectors.proofs import Proof
from gongkai.features.disclosure.selectors.public_changes import PublicChange
from gongkai.features.disclosure.selectors.public_files import address_name, file_path
from gongkai.features.disclosure.selectors.public_items import PublicItem, Tombstone
from gongkai.features.disclosure.selectors.public_records import PublicRecord
from gongkai.features.disclosure.selectors.related import Related
from gongkai.features.disclosure.selectors.validity import PublicValidity
from gongkai.portal.api.dumps import ADDRESS, Dump
from gongkai.portal.feeds.selectors import short_summary
from gongkai.rulebook.disclosure import disclosure_rules

API = "/api/v1/"
Data = dict[str, Any]


def whole(path: str) -> str:
    """Return a path of this site as a whole address."""
    return f"{settings.BASE_URL}{path}"


def stamp(at: datetime) -> str:
    """Return a moment in Beijing time."""
    return at.astimezone(BEIJING).isoformat()


def publication_data(record: PublicRecord) -> Data:
    """Return an item as lists tell it."""
    content = record.content
    return {
        "id": str(record.uid),
        "url": whole(f"/info/{record.uid}/"),
        "api_url": whole(f"{API}publications/{record.uid}/"),
        "title": record.title,
        "kind": {"code": content.kind, "name": record.kind_name},
        "unit": {"id": record.unit_id, "name": record.unit_name},
        "index_no": record.index_no,
        "doc_no": content.doc_no,
        "summary": short_summary(record),
        "columns": list(record.columns),
        "subject": {"code": content.subject, "name": _subject(content.subject)},
        "keywords": list(content.keywords),
        "written_on": _day(content.written_on),
        "issued_on": _day(content.issued_on),
        "effective_on": _day(content.effective_on),
        "expires_on": _day(content.expires_on),
        "published_at": stamp(record.first_published_at),
        "updated_at": stamp(record.published_at),
        "number": record.number,
        "validity": None if record.validity is None else {"code": record.validity.value, "name": record.validity.label},
        "digest": record.digest,
    }


def full_data(record: PublicRecord) -> Data:
    """Return an item with its text and its files: a line of the dump."""
    content = record.content
    issuers = [unit.name for unit in (content.issuer, *content.joint) if unit is not None]
    return {
        **publication_data(record),
        "issuers": issuers or [record.unit_name],
        "text": content.plain_text(),
        "attachments": [
            {
                "name": file.name,
                "title": file.title or file.name,
                "media_type": file.media_type,
                "size": file.size,
                "sha256": file.sha256,
                "url": whole(quote(file_path(uid=record.uid, file_id=file.file_id, name=address_name(file.name)))),
            }
            for file in content.attachments
        ],
    }


def detail_data(
    record: PublicRecord,
    *,
    item: PublicItem,
    columns: Iterable[ColumnView],
    validity: PublicValidity | None,
    related: Iterable[Related],
    proof: Proof | None,
) -> Data:
    """Return everything that is public of an item."""
    return {
        **full_data(record),
        "column_list": [{"code": one.code, "name": one.name, "url": column_url(one.code)} for one in columns],
        "validity_note": validity.note if validity is not None else "",
        "replaced_by": _item_link(validity.instead_uid, validity.instead_title)
        if validity is not None and validity.instead_uid
        else None,
        "corrections": [
            {"number": one.number, "published_at": stamp(one.published_at), "note": one.note}
            for one in item.corrections
        ],
        "related": [{"role": one.role, **_item_link(one.uid, one.title)} for one in related],
        "entered_late": item.entered_late,
        "proof": _proof(record, proof),
        "json_ld_url": whole(f"{API}publications/{record.uid}.jsonld"),
    }


def tombstone_data(grave: Tombstone) -> Data:
    """Return what is said of something that was taken down; of an error not even the title."""
    return {
        "id": str(grave.uid),
        "url": whole(f"/info/{grave.uid}/"),
        "title": grave.title,
        "unit_name": grave.unit_name,
        "kind": {"code": grave.kind, "name": grave.kind_label},
        "reason": grave.reason,
        "published_at": stamp(grave.published_at),
        "ended_at": stamp(grave.ended_at),
        "moved_to": _item_link(grave.redirect_uid, grave.redirect_title) if grave.redirect_uid else None,
    }


def column_data(column: ColumnView) -> Data:
    """Return a column with those below it."""
    return {
        "code": column.code,
        "name": column.name,
        "description": column.description,
        "statutory": column.statutory,
        "url": column_url(column.code),
        "feed_url": f"{column_url(column.code)}atom.xml",
        "children": [column_data(child) for child in column.children],
    }


def unit_data(unit_id: int, name: str) -> Data:
    """Return a unit that has something before the public."""
    url = whole(f"/info/units/{unit_id}/")
    return {"id": unit_id, "name": name, "url": url, "feed_url": f"{url}atom.xml"}


def change_data(change: PublicChange) -> Data:
    """Return an event of the order of changes."""
    ended = change.type == "ended"
    return {
        "sequence": change.sequence,
        "type": change.type,
        "id": str(change.uid),
        "url": whole(f"/info/{change.uid}/"),
        "api_url": whole(f"{API}publications/{change.uid}/"),
        "number": change.number,
        "at": stamp(change.at),
        "title": change.title or None,
        "end": {"code": change.end_kind, "name": change.end_label, "reason": change.reason} if ended else None,
        "moved_to": str(change.moved_to) if change.moved_to else None,
    }


def dump_data(dump: Dump) -> Data:
    """Return what is told of the daily file."""
    return {
        "url": whole(ADDRESS),
        "made_at": stamp(dump.made_at),
        "items": dump.items,
        "size": dump.size,
        "sha256": dump.sha256,
        "cursor": str(dump.cursor),
    }


def column_url(code: str) -> str:
    """Return the address of a column's list."""
    return whole(f"/info/columns/{quote(code, safe='')}/")


def _item_link(uid: object, title: str) -> Data:
    return {"id": str(uid), "title": title, "url": whole(f"/info/{uid}/")}


def _proof(record: PublicRecord, proof: Proof | None) -> Data:
    return {
        "url": whole(f"/info/{record.uid}/proof/"),
        "holds": proof.holds if proof is not None else False,
        "entry_sequence": proof.entry_sequence if proof is not None else None,
        "entry_digest": proof.entry_digest if proof is not None else "",
        "anchor_day": _day(proof.anchor_day) if proof is not None else None,
        "anchor_sequence": proof.anchor_sequence if proof is not None else None,
        "anchor_digest": proof.anchor_digest if proof is not None else "",
    }


def _subject(code: str) -> str:
    return disclosure_rules().subject_path(code) if code else ""


def _day(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None
