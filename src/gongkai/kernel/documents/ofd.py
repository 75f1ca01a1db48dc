"""OFD files (GB/T 33190-2016), the national format of fixed layout: lines and ruled tables in reading order.

Read here with ``zipfile`` and ``lxml``. The library ``easyofd`` was tried first and is not used: it needs PyMuPDF (AGPL,
at odds with our license), unpacks a file without asking how large it becomes, gives pieces of text with coordinates but
in no reading order, and passes over what it does not understand with a line in a log. The text of a page is a small part
of the norm, and the machinery for lines and tables is the same as for PDF.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from gongkai.domain.document import Document
from gongkai.domain.issues import Issue
from gongkai.kernel.documents.archive import Archive
from gongkai.kernel.documents.errors import notice, refusal, warning
from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.documents.ofd_page import SAME, Drawing, Matrix, chars_in_order, children, draw, local
from gongkai.kernel.documents.paged import join_pages, listed
from gongkai.kernel.documents.pdf_page import page_of

PROPERTIES = {"Title": "标题", "Author": "作者", "Subject": "主题", "Abstract": "摘要", "Keyword": "关键词"}
_ENCRYPTION = ("encryptions.xml", "decryptseed.dat", "encryptentries.xml")


@dataclass(slots=True)
class Notes:
    """What a file holds beside its pages: annotations by page (counted from 1), attachments, properties by name."""

    annotations: list[tuple[int, str]] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    signatures: int = 0


def read(data: bytes, *, name: str, limits: Limits) -> Document:
    """Read the text of an OFD file.

    Text that is not shown, annotations and attachments are left out and told. Raises DocumentRefused for an encrypted or
    damaged file, too many pages, and one whose pages are pictures only.
    """
    drawings, notes = load(data, name=name, limits=limits)
    pages = []
    left = limits.max_drawn_lines
    for drawing in drawings:
        if drawing.rulings.read > left:
            drawing.rulings.complete = False
        left -= drawing.rulings.read
        pages.append(page_of(chars_in_order(drawing), drawing.rulings, limits=limits))
    blocks = join_pages(pages, name=name, limits=limits)
    if not blocks:
        raise refusal("document.ofd.no_text", name=name)
    issues = list(_told(drawings, notes, name=name))
    if silent := [n for n, page in enumerate(pages, 1) if not page.items]:
        issues.append(warning("document.pdf.pages_without_text", name=name, count=len(silent), pages=listed(silent)))
    if given_up := [n for n, page in enumerate(pages, 1) if page.tables_given_up]:
        issues.append(warning("document.pdf.tables_as_lines", name=name, count=len(given_up), pages=listed(given_up)))
    return Document(format="ofd", name=name, blocks=blocks, pages=len(pages), issues=tuple(issues))


def load(data: bytes, *, name: str, limits: Limits) -> tuple[list[Drawing], Notes]:
    """Return what is drawn on each page and what stands beside the pages. Raises DocumentRefused."""
    archive = Archive.open(data, name=name, limits=limits)
    if any(member.lower().endswith(_ENCRYPTION) for member in archive.names):
        raise refusal("document.encrypted", name=name)
    archive.check_xml()
    return _File(archive).load()


class _File:
    """Follows the references from part to part; a part that is not there counts as damage only where text is lost."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._names = {member.lower(): member for member in archive.names}
        self._notes = Notes()
        self._drawings: list[Drawing] = []

    def load(self) -> tuple[list[Drawing], Notes]:
        root = self._tree("OFD.xml")
        if any(local(element) == "Encryptions" for element in root.iter()):
            raise refusal("document.encrypted", name=self._archive.name)
        for body in children(root, "DocBody"):
            self._properties(body)
            for place in children(body, "DocRoot"):
                self._document(_joined("", place.text))
            for place in children(body, "Signatures"):
                signed = self._optional(_joined("", place.text))
                self._notes.signatures += 0 if signed is None else sum(1 for _ in children(signed, "Signature"))
        return self._drawings, self._notes

    def _document(self, member: str) -> None:
        root = self._tree(member)
        folder = posixpath.dirname(member)
        templates = {
            element.get("ID", ""): _joined(folder, element.get("BaseLoc"))
            for common in children(root, "CommonData")
            for element in children(common, "TemplatePage")
        }
        pages = [page for group in children(root, "Pages") for page in children(group, "Page")]
        name, limits = self._archive.name, self._archive.limits
        if len(self._drawings) + len(pages) > limits.max_pages:
            raise refusal(
                "document.too_many_pages",
                name=name,
                count=len(self._drawings) + len(pages),
                limit=limits.max_pages,
            )
        numbers = {}
        for page in pages:
            self._drawings.append(self._page(_joined(folder, page.get("BaseLoc")), templates))
            numbers[page.get("ID", "")] = len(self._drawings)
        for place in children(root, "Annotations"):
            self._annotations(_joined(folder, place.text), numbers)
        for place in children(root, "Attachments"):
            self._attachments(_joined(folder, place.text))

    def _page(self, member: str, templates: dict[str, str]) -> Drawing:
        root = self._tree(member)
        drawing = Drawing()
        limit = self._archive.limits.max_page_lines
        for used in children(root, "Template"):
            template = self._optional(templates.get(used.get("TemplateID", ""), ""))
            if template is not None:
                draw(list(children(template, "Content")), drawing, limit=limit)
        draw(list(children(root, "Content")), drawing, limit=limit)
        return drawing

    def _annotations(self, member: str, numbers: dict[str, int]) -> None:
        root = self._optional(member)
        for page in children(root, "Page") if root is not None else ():
            number = numbers.get(page.get("PageID", ""), 0)
            for place in children(page, "FileLoc"):
                notes = self._optional(_joined(posixpath.dirname(member), place.text))
                for note in children(notes, "Annot") if notes is not None else ():
                    self._annotation(note, number)

    def _annotation(self, note: Any, number: int) -> None:
        """Keep an annotation's remark and the text that it shows; links say nothing of their own."""
        texts = ["".join(remark.itertext()).strip() for remark in children(note, "Remark")]
        for look in children(note, "Appearance"):
            drawing = Drawing()
            draw([look], drawing, limit=self._archive.limits.max_page_lines, moved=_moved(look))
            text = "".join((c.spaces or " " * c.parted) + c.text for c in chars_in_order(drawing))
            texts += [text.strip(), *drawing.invisible]
        for block in children(note, "Parameters"):
            texts += ["".join(parameter.itertext()).strip() for parameter in children(block, "Parameter")]
        texts = [text for text in dict.fromkeys(texts) if text]
        if texts and note.get("Type") != "Link":
            self._notes.annotations.append((number, " ".join(texts)))

    def _attachments(self, member: str) -> None:
        root = self._optional(member)
        for entry in children(root, "Attachment") if root is not None else ():
            place = next((element.text for element in children(entry, "FileLoc")), "")
            self._notes.attachments.append(entry.get("Name") or posixpath.basename(place or "") or "未命名")

    def _properties(self, body: Any) -> None:
        for info in children(body, "DocInfo"):
            for element in info.iter():
                told = PROPERTIES.get(local(element))
                if told and (element.text or "").strip():
                    self._notes.properties.append((told, element.text.strip()))
                elif local(element) == "CustomData" and (element.text or "").strip():
                    self._notes.properties.append((element.get("Name") or "自定义", element.text.strip()))

    def _optional(self, member: str) -> Any:
        return self._tree(member) if member and member.lower() in self._names else None

    def _tree(self, member: str) -> Any:
        found = self._names.get(member.lower())
        if found is None:
            raise refusal("document.damaged", name=self._archive.name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=False)
        try:
            return etree.fromstring(self._archive.read(found), parser)
        except etree.XMLSyntaxError as error:
            raise refusal("document.damaged", name=self._archive.name) from error


def _joined(folder: str, place: str | None) -> str:
    """Return the member that a reference names: absolute from the root of the package, or beside the part itself."""
    place = (place or "").strip().replace("\\", "/")
    return posixpath.normpath(posixpath.join("/" + folder, place)).lstrip("/") if place else ""


def _moved(look: Any) -> Matrix:
    parts = (look.get("Boundary") or "").split()
    try:
        return (*SAME[:4], float(parts[0]), float(parts[1]))
    except (IndexError, ValueError):
        return SAME


def _told(drawings: list[Drawing], notes: Notes, *, name: str) -> Iterator[Issue]:
    hidden = sum(len(drawing.invisible) for drawing in drawings)
    if hidden:
        yield warning("document.ofd.hidden_text", name=name, count=hidden)
    if notes.annotations:
        yield notice("document.ofd.annotations", name=name, count=len(notes.annotations))
    if notes.attachments:
        yield warning("document.ofd.attachments", name=name, names="、".join(notes.attachments[:10]))
    if notes.signatures:
        yield notice("document.ofd.signatures", name=name, count=notes.signatures)
    pictures = sum(drawing.pictures for drawing in drawings)
    if pictures:
        yield notice("document.ofd.pictures", name=name, count=pictures)
