"""Gathering every text of a file with its place: the body, what the format hides, and the files inside the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gongkai.domain.document import Document
from gongkai.domain.issues import Issue
from gongkai.domain.personal_data import sensitive_columns
from gongkai.domain.wording import Finding, Piece, PlaceKind
from gongkai.kernel.content import docx_places, ofd_places, pdf_places, xlsx_places
from gongkai.kernel.content.body import body_pieces, cell_place, header_row
from gongkai.kernel.content.rules import ContentRules
from gongkai.kernel.documents import DocumentRefused, Limits, read_document
from gongkai.kernel.documents.archive import Archive
from gongkai.kernel.documents.errors import refusal, warning

_EMBEDDED = re.compile(r"(?:word|xl)/embeddings/[^/]+\.(?:docx|xlsx)", re.IGNORECASE)
DEEPEST = 2
"""How many files inside files are opened; a third one is reported as not looked at."""


@dataclass
class Gathered:
    """The texts of a file; ``sheets`` says what is hidden of the sheets of a workbook."""

    pieces: list[Piece] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    sheets: dict[str, xlsx_places.HiddenParts] = field(default_factory=dict)


def gather(document: Document, data: bytes, *, limits: Limits, depth: int = 0) -> Gathered:
    """Return all texts of the file ``data``, which was read as ``document``; empty bytes give the body alone.

    Raises DocumentRefused when a hidden part is damaged.
    """
    gathered = Gathered(pieces=list(body_pieces(document)))
    if not data:
        return gathered
    try:
        if document.format == "xlsx":
            archive = Archive.open(data, name=document.name, limits=limits)
            gathered.sheets = xlsx_places.hidden_parts(archive)
            gathered.pieces = [_layered(piece, gathered.sheets) for piece in gathered.pieces]
            gathered.pieces += xlsx_places.hidden_pieces(archive)
            _embedded(archive, gathered, limits=limits, depth=depth)
        elif document.format == "docx":
            archive = Archive.open(data, name=document.name, limits=limits)
            gathered.pieces += docx_places.hidden_pieces(archive)
            _embedded(archive, gathered, limits=limits, depth=depth)
        elif document.format == "pdf":
            gathered.pieces += pdf_places.hidden_pieces(data)
        elif document.format == "ofd":
            gathered.pieces += ofd_places.hidden_pieces(data, name=document.name, limits=limits)
    except DocumentRefused:
        raise
    except Exception as error:
        # The body could be read, a hidden part could not: nothing may be called clean that was not looked at.
        raise refusal("document.damaged", name=document.name) from error
    return gathered


def sensitive_headers(document: Document, *, rules: ContentRules) -> Iterator[Finding]:
    """Yield the columns of illness or of data about children that stand in one table with names."""
    for table in document.tables():
        head, labels = header_row(table)
        for column, code in sensitive_columns(labels, rules.headers) if head >= 0 else ():
            rule = rules.personal.kinds[code]
            yield Finding(
                code=code,
                grade=rule.grade,
                start=0,
                end=0,
                text=labels[column],
                shown=labels[column],
                rule=rule.rule,
                place=cell_place(table, head, column),
            )


def _layered(piece: Piece, sheets: dict[str, xlsx_places.HiddenParts]) -> Piece:
    place = piece.place
    parts = sheets.get(place.sheet or "")
    if parts is None or place.row is None or place.column is None:
        return piece
    kind = parts.kind(place.row, place.column)
    return piece if kind is PlaceKind.BODY else replace(piece, place=replace(place, kind=kind))


def _embedded(archive: Archive, gathered: Gathered, *, limits: Limits, depth: int) -> None:
    """Open the workbooks and documents inside the file, as those behind a chart."""
    for member in sorted(name for name in archive.names if "/embeddings/" in name):
        name = member.rpartition("/")[2]
        if not _EMBEDDED.fullmatch(member) or depth >= DEEPEST:
            gathered.issues.append(warning("content.embedded_not_read", name=archive.name, part=name))
            continue
        data = archive.read(member)
        try:
            inner = gather(read_document(data, name=name, limits=limits), data, limits=limits, depth=depth + 1)
        except DocumentRefused:
            gathered.issues.append(warning("content.embedded_not_read", name=archive.name, part=name))
            continue
        gathered.issues += inner.issues
        for piece in inner.pieces:
            part = f"{name}/{piece.place.part}" if piece.place.part else name
            gathered.pieces.append(replace(piece, place=replace(piece.place, part=part)))
