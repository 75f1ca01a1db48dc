"""What an OFD file holds and does not show: text that is switched off or covered, annotations, attachments, properties."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.domain.wording import Piece, Place, PlaceKind
from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.documents.ofd import load


def hidden_pieces(data: bytes, *, name: str, limits: Limits) -> Iterator[Piece]:
    """Yield the hidden texts of an OFD file that was read before (see ``gongkai.kernel.documents``)."""
    drawings, notes = load(data, name=name, limits=limits)
    for told, value in notes.properties:
        yield Piece(value, Place(PlaceKind.PROPERTY, part=told))
    for attachment in notes.attachments:
        yield Piece(attachment, Place(PlaceKind.CACHED, part="附件"))
    for number, drawing in enumerate(drawings, 1):
        for text in drawing.invisible:
            yield Piece(text, Place(PlaceKind.HIDDEN_TEXT, page=number))
        for text in drawing.covered():
            yield Piece(text, Place(PlaceKind.COVERED, page=number))
    for page, text in notes.annotations:
        yield Piece(text, Place(PlaceKind.ANNOTATION, page=page or None))
