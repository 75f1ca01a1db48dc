"""The fields of the index, and how a public document is laid down in them.

Chinese is cut before it comes here: a text field holds terms parted by spaces. ``shown`` is what a result displays; it
is stored and not searched.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import tantivy

from gongkai.domain.items.validity import Validity
from gongkai.domain.search import cut, cut_plain, doc_no_key, index_no_key, number_terms, pinyin_terms, title_key

VERSION = 1
"""Raise it when a field changes: an index of another version is made anew."""
MOST_BODY, MOST_FILES = 60_000, 60_000
"""Characters of a body, and of all attachments of an item together, that are searched."""
MOST_SHOWN = 12_000
"""Characters of the body that are kept for showing where a word stands; of each attachment a quarter."""
FACETS = ("kind", "unit", "column", "subject", "year", "validity")
NO_VALIDITY = "none"


@dataclass(frozen=True, slots=True)
class AttachedText:
    """An attachment with what could be read of it."""

    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A public document as it goes into the index; ``columns`` and ``subjects`` with everything above them."""

    item_id: int
    publication_id: int
    uid: str
    title: str
    body: str
    kind: str
    unit_id: int
    unit_name: str
    published_at: datetime
    year: int
    doc_no: str = ""
    index_no: str = ""
    keywords: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    validity: Validity | None = None
    files: tuple[AttachedText, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a result displays of a document; times in ISO form."""

    item_id: int
    publication_id: int
    uid: str
    title: str
    doc_no: str
    index_no: str
    kind: str
    unit_id: int
    unit_name: str
    published_at: str
    validity: str
    body: str
    files: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, data: bytes) -> Shown:
        """Read what ``as_document`` stored."""
        kept = json.loads(data)
        kept["files"] = tuple((str(name), str(text)) for name, text in kept["files"])
        return cls(**kept)


def build_schema() -> tantivy.Schema:
    """Return the fields of the index."""
    builder = tantivy.SchemaBuilder()
    for name in ("item_id", "publication_id"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("title", "body", "files"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    for name in ("numbers", "pinyin"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("title_key", "doc_no", "index_no"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("published_at", fast=True)
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


Fields = list[tuple[str, str | int | float | bytes]]
"""A document field by field, terms cut: plain values, so that another process may make them."""


def fields_of(doc: SearchDocument) -> Fields:
    """Lay a public document down in fields: all the cutting is done here."""
    out: Fields = [
        ("item_id", doc.item_id),
        ("publication_id", doc.publication_id),
        ("title", " ".join(cut(doc.title))),
        ("title_key", title_key(doc.title)),
        ("body", " ".join(cut("\n".join((" ".join(doc.keywords), doc.body[:MOST_BODY]))))),
        ("pinyin", " ".join(pinyin_terms(cut_plain(doc.title)))),
        ("kind", doc.kind),
        ("unit", str(doc.unit_id)),
        ("year", str(doc.year)),
        ("validity", doc.validity.value if doc.validity else NO_VALIDITY),
        ("published_at", max(0, int(doc.published_at.timestamp()))),
        ("weight", weight_of(doc)),
        ("shown", _shown(doc)),
    ]
    texts = "\n".join(f"{file.name}\n{file.text}" for file in doc.files)[:MOST_FILES]
    if texts:
        out.append(("files", " ".join(cut(texts))))
    numbers = number_terms(doc_no=doc.doc_no, index_no=doc.index_no)
    if numbers:
        out.append(("numbers", " ".join(numbers)))
    if doc.doc_no:
        out.append(("doc_no", doc_no_key(doc.doc_no)))
    if index_no_key(doc.index_no):
        out.append(("index_no", index_no_key(doc.index_no)))
    out += [("column", code) for code in doc.columns]
    out += [("subject", code) for code in doc.subjects]
    return out


def document_from(fields: Fields) -> tantivy.Document:
    """Return fields as a document of the index."""
    out = tantivy.Document()
    for name, value in fields:
        if isinstance(value, str):
            out.add_text(name, value)
        elif isinstance(value, bytes):
            out.add_bytes(name, value)
        elif isinstance(value, int):
            out.add_unsigned(name, value)
        else:
            out.add_float(name, value)
    return out


def as_document(doc: SearchDocument) -> tantivy.Document:
    """Lay a public document down as a document of the index."""
    return document_from(fields_of(doc))


def weight_of(doc: SearchDocument) -> float:
    """Return by what the score of a document is multiplied, as tantivy wants it: the factor is log2(2 + weight).

    What is repealed or has lapsed counts half of what holds; among the others a newer year counts a little more.
    """
    if doc.validity is not None and doc.validity.ended:
        return 0.0
    newer = min(max(doc.year - 2000, 0), 50) / 100
    factor = 2.0 + newer if doc.validity is not Validity.PARTLY_LAPSED else 1.6
    return float(2.0**factor - 2.0)


def _shown(doc: SearchDocument) -> bytes:
    kept: dict[str, Any] = {
        "item_id": doc.item_id,
        "publication_id": doc.publication_id,
        "uid": doc.uid,
        "title": doc.title,
        "doc_no": doc.doc_no,
        "index_no": doc.index_no,
        "kind": doc.kind,
        "unit_id": doc.unit_id,
        "unit_name": doc.unit_name,
        "published_at": doc.published_at.isoformat(),
        "validity": doc.validity.value if doc.validity else "",
        "body": doc.body[:MOST_SHOWN],
        "files": [(file.name, file.text[: MOST_SHOWN // 4]) for file in doc.files],
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
