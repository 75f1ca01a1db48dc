"""What a Word document holds beside its text: comments, tracked changes, hidden text, headers, footers, properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

from gongkai.domain.wording import Piece, Place, PlaceKind
from gongkai.kernel.content.parts import local, members, pictures, properties, tree
from gongkai.kernel.documents.archive import Archive

_OFF = frozenset({"0", "false", "off"})
_CHANGED = {
    qn("w:del"): PlaceKind.TRACKED_DELETION,
    qn("w:moveFrom"): PlaceKind.TRACKED_DELETION,
    qn("w:ins"): PlaceKind.TRACKED_INSERTION,
    qn("w:moveTo"): PlaceKind.TRACKED_INSERTION,
}


def hidden_pieces(archive: Archive) -> Iterator[Piece]:
    """Yield every text that the body does not show. Inserted text is in the body too, and yielded here as a change."""
    for member in _parts(archive):
        yield from _changes_and_hidden(tree(archive, member))
    for kind, pattern in ((PlaceKind.HEADER, "header"), (PlaceKind.FOOTER, "footer")):
        for member in members(archive, rf"word/{pattern}[0-9]*\.xml"):
            for text in _paragraphs(tree(archive, member)):
                yield Piece(text, Place(kind))
    if "word/comments.xml" in archive.names:
        for comment in tree(archive, "word/comments.xml").iter(qn("w:comment")):
            text = "\n".join(_paragraphs(comment))
            if text:
                yield Piece(text, Place(PlaceKind.COMMENT, part=comment.get(qn("w:author"), "")))
    for element in tree(archive, "word/document.xml").iter():
        if local(element) == "docPr" and (element.get("descr") or "").strip():
            yield Piece(element.get("descr"), Place(PlaceKind.DRAWING))
    yield from properties(archive)
    yield from pictures(archive)


def _parts(archive: Archive) -> list[str]:
    return members(archive, r"word/(?:document|footnotes|endnotes|header[0-9]*|footer[0-9]*)\.xml")


def _changes_and_hidden(root: Any) -> Iterator[Piece]:
    """Yield, paragraph by paragraph, deleted text, inserted text and text with the hidden attribute."""
    for line, paragraph in enumerate(root.iter(qn("w:p")), 1):
        for tag, kind in _CHANGED.items():
            for change in paragraph.iter(tag):
                text = _text(change)
                if text and _nearest(change) is paragraph:
                    yield Piece(text, Place(kind, part=change.get(qn("w:author"), ""), line=line))
        hidden = "".join(
            _text(run) for run in paragraph.iter(qn("w:r")) if _vanishes(run) and _nearest(run) is paragraph
        )
        if hidden:
            yield Piece(hidden, Place(PlaceKind.HIDDEN_TEXT, line=line))


def _nearest(element: Any) -> Any:
    return next(element.iterancestors(qn("w:p")), None)


def _vanishes(run: Any) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val"), "1") not in _OFF


def _text(element: Any) -> str:
    return "".join(e.text or "" for e in element.iter(qn("w:t"), qn("w:delText")))


def _paragraphs(root: Any) -> list[str]:
    texts = ("".join(e.text or "" for e in p.iter(qn("w:t"))) for p in root.iter(qn("w:p")))
    return [text for text in texts if text.strip()]
