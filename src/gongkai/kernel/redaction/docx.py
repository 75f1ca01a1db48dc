"""Redacting a Word document: a new package of named parts, each stripped, the marked words taken out of every one."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from lxml import etree

from gongkai.domain.issues import Issue, Severity
from gongkai.domain.redaction.marks import Removed, Report, check_marks, terms_of
from gongkai.domain.redaction.terms import contains, is_telling
from gongkai.kernel.documents.archive import Archive
from gongkai.kernel.documents.errors import refusal
from gongkai.kernel.documents.limits import DEFAULT
from gongkai.kernel.errors import Refused
from gongkai.kernel.redaction.docx_check import check_docx
from gongkai.kernel.redaction.docx_clean import (
    A,
    R,
    V,
    children_of,
    clean,
    drop,
    hidden_styles,
    local,
    parse,
    w,
    without_words,
)
from gongkai.kernel.redaction.docx_package import DOCUMENT, Package, relation_kind
from gongkai.kernel.redaction.docx_pictures import NotKept, cleaned, crop_of
from gongkai.kernel.redaction.docx_text import remove_words
from gongkai.kernel.redaction.pdf_scan import can_recognize, still_read
from gongkai.kernel.redaction.result import Order, Redacted, by_mark, gathered

STORIES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
PLAIN = ("styles", "numbering", "settings", "theme", "fontTable")
SETTINGS = (
    "mirrorMargins", "gutterAtTop", "defaultTabStop", "autoHyphenation", "evenAndOddHeaders", "drawingGridHorizontalSpacing",
    "drawingGridVerticalSpacing", "displayHorizontalDrawingGridEvery", "displayVerticalDrawingGridEvery", "noLineBreaksAfter",
    "noLineBreaksBefore", "characterSpacingControl", "footnotePr", "endnotePr", "compat", "themeFontLang", "decimalSymbol",
    "listSeparator", "clrSchemeMapping",
)  # fmt: skip
"""Settings that change how the document looks; all others (protection, variables, history) go."""


class _Work:
    """One redaction under way: the old file, the new package, what was removed."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.archive = Archive.open(order.data, name=order.name, limits=DEFAULT)
        self.terms = terms_of(order.marks)
        self.package = Package()
        self.removed: list[Removed] = []
        self.found: set[int] = set()
        self.used: set[str] = set()
        self.styles: frozenset[str] = frozenset()
        self.told: dict[str, bool] = {}

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return kind and path of what a part points to inside of the file, by its id."""
        folder, file = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        if path not in self.archive.names:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for relation in parse(self.archive.read(path)):
            target = relation.get("Target") or ""
            if relation.get("TargetMode") == "External":
                continue
            for told in (target, unquote(target)):
                inside = posixpath.normpath(posixpath.join("/", folder, told)).lstrip("/")
                if inside in self.archive.names:
                    found[relation.get("Id") or ""] = (relation_kind(relation.get("Type") or ""), inside)
                    break
        return found

    def holds(self, text: str) -> bool:
        """Tell whether a text holds any word that is to go."""
        return any(contains(text, term, whole=True) for _, term in self.terms)

    def tells(self, text: str) -> bool:
        """Tell whether an attribute holds any of them; sizes and names of the format are no words."""
        known = self.told.get(text)
        if known is None:  # a part has thousands of attributes and few different ones
            known = any(is_telling(term) and contains(text, term, whole=True) for _, term in self.terms)
            self.told[text] = known
        return known


def redact_docx(order: Order) -> Redacted:
    """Return the redacted document and its report.

    Raises Refused with all reasons: marks that cannot be used (regions: there are no pages), a file that cannot be read,
    or a result that did not pass the check.
    """
    if issues := check_marks(order.marks, grounds=order.grounds, pages=None):
        raise Refused(issues)
    work = _Work(order)
    main = next((path for kind, path in work.relations("").values() if kind == "officeDocument"), None)
    if main is None:
        raise refusal("document.damaged", name=order.name)
    try:
        _document(work, main)
    except etree.XMLSyntaxError as error:
        raise refusal("document.damaged", name=order.name) from error
    dropped = sorted(work.archive.names - work.used)
    _note_parts(work, dropped)
    missing = [number for number, _ in sorted(work.terms) if number not in work.found]
    values = [{"number": number + 1, "name": order.name} for number in missing]
    if not work.found:
        raise Refused([Issue("redaction.not_found", field="marks", values=one) for one in values])
    data = work.package.bytes()
    checks = check_docx(order, data)
    notices = tuple(Issue("redaction.not_found", "marks", one, Severity.WARNING) for one in values)
    return Redacted(data, Report(gathered(work.removed), checks, notices=notices))


def _document(work: _Work, main: str) -> None:
    relations = work.relations(main)
    work.used.add(main)
    first = dict(reversed(relations.values()))
    styles = parse(work.archive.read(first["styles"])) if "styles" in first else None
    work.styles = hidden_styles(styles)
    root = parse(work.archive.read(main))
    if root.tag != w("document"):  # the strict form of the format has other names for everything
        raise refusal("redaction.strict", name=work.order.name)
    pointers = _story(work, root, "正文", relations)
    for identity, (kind, path) in sorted(relations.items()):
        if kind in STORIES:
            part = parse(work.archive.read(path))
            name = work.package.name_of(kind)
            own = _story(work, part, STORIES[kind], work.relations(path))
            work.package.add_story(name, kind, part, own)
            pointers.append((identity, kind, name))
            work.used.add(path)
        elif kind in PLAIN and first.get(kind) == path:
            part = styles if kind == "styles" else parse(work.archive.read(path))
            _plain_part(work, kind, part)
            name = work.package.name_of(kind)
            work.package.add_story(name, kind, part, [])
            pointers.append((identity, kind, name))
            work.used.add(path)
    known = {identity for identity, _, _ in pointers}
    for reference in list(root.iter(w("headerReference"), w("footerReference"))):
        if reference.get(f"{{{R}}}id") not in known:
            drop(reference)
    work.package.add_story(DOCUMENT, "officeDocument", root, pointers)


def _story(work: _Work, root: Any, where: str, relations: dict[str, tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Clean and redact a part with text; returns its pointers: id, kind, target."""
    counts: Counter[str] = clean(root, hidden_styles=work.styles, keep_pictures=work.order.keep_pictures)
    pointers = _pictures(work, root, where, relations, counts)
    for number, paragraph in remove_words(root, work.terms):
        work.found.add(number)
        place = f"{where}第{paragraph}段" if where == "正文" else where
        work.removed.append(by_mark(work.order, number, where=place))
    counts["redaction.removed.attribute"] += without_words(root, work.holds, work.tells)
    work.removed += [Removed(code, where, count) for code, count in sorted(counts.items()) if count]
    return pointers


def _pictures(
    work: _Work, root: Any, where: str, relations: dict[str, tuple[str, str]], counts: Counter[str]
) -> list[tuple[str, str, str]]:
    """Take over the pictures that a part shows; one that cannot be kept goes with its drawing."""
    pointers: dict[str, tuple[str, str, str]] = {}
    embed, link, plain_id = f"{{{R}}}embed", f"{{{R}}}link", f"{{{R}}}id"
    for element in list(root.iter(f"{{{A}}}blip", f"{{{V}}}imagedata")):
        key = embed if local(element) == "blip" else plain_id
        _, path = relations.get(element.get(key) or "", ("", ""))
        for name in (embed, link, plain_id, f"{{{R}}}pict", f"{{{R}}}href"):
            element.attrib.pop(name, None)
        crop = crop_of(element) if local(element) == "blip" else (0, 0, 0, 0)
        try:
            if not path:
                raise NotKept
            data, extension = cleaned(work.archive.read(path), crop)
            shown = _shows_words(work, data)
        except NotKept:
            counts["redaction.removed.pictures"] += 1
            _drop_drawing(element)
            continue
        if shown:
            for number in shown:
                work.found.add(number)
                entry = by_mark(work.order, number, where=where, what="redaction.removed.pictures")
                work.removed.append(entry)
            _drop_drawing(element)
            continue
        work.used.add(path)
        name = work.package.add_picture(data, extension)
        identity = f"rIdP{posixpath.splitext(posixpath.basename(name))[0]}"
        pointers[identity] = (identity, "image", name)
        element.set(key, identity)
    # What else points out of the part (links of shapes, sounds, objects) has lost its target.
    for element in root.iter():
        for name in list(element.attrib):
            if name.startswith(f"{{{R}}}") and element.get(name) not in pointers:
                if local(element) in ("headerReference", "footerReference"):
                    continue
                del element.attrib[name]
    return list(pointers.values())


def _shows_words(work: _Work, data: bytes) -> Sequence[int]:
    """Return the numbers of words that character recognition reads in a picture, where it is installed."""
    if not (work.order.recognize and can_recognize()):
        return []
    from io import BytesIO

    from PIL import Image

    return still_read(Image.open(BytesIO(data)).convert("RGB"), work.terms)


def _drop_drawing(element: Any) -> None:
    holder = next(element.iterancestors(w("drawing"), w("pict")), None)
    drop(element if holder is None else holder)


def _plain_part(work: _Work, kind: str, root: Any) -> None:
    """Strip a part without text of its own: styles, lists, settings, fonts, colors."""
    if kind == "settings":
        children_of(root, SETTINGS)
    for element in list(root.iter()):
        if local(element) in ("extLst", "rsids", "numPicBullet", "lvlPicBulletId") or local(element).startswith(
            "embed"
        ):
            drop(element)
            continue
        for key in list(element.attrib):
            if key.rpartition("}")[2].startswith("rsid") or key.startswith(f"{{{R}}}"):
                del element.attrib[key]
    if count := without_words(root, work.holds, work.tells):
        work.removed.append(Removed("redaction.removed.attribute", "样式和设置", count))
    if kind == "theme":
        for element in list(root.iter(f"{{{A}}}blipFill")):
            drop(element)


def _note_parts(work: _Work, dropped: Sequence[str]) -> None:
    """Tell which parts of the old package are not in the new one."""
    counts: Counter[str] = Counter()
    for path in dropped:
        folder = path.partition("/")[0]
        if path.endswith(".rels") or path == "[Content_Types].xml":
            continue
        if folder == "docProps":
            counts["redaction.removed.properties"] += 1
        elif "embeddings/" in path or "charts/" in path or "diagrams/" in path or "activeX/" in path:
            counts["redaction.removed.objects"] += 1
        elif "comments" in path.lower() or "people" in path:
            counts["redaction.removed.comments"] += 1
        elif "/media/" in path:
            counts["redaction.removed.pictures"] += 1
        else:
            counts["redaction.removed.parts"] += 1
    work.removed += [Removed(code, "", count) for code, count in sorted(counts.items())]
