"""Reading a redacted Word document again: by two readers, part by part, byte by byte."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.etree import ElementTree

import docx

from gongkai.domain.issues import Issue
from gongkai.domain.redaction.marks import terms_of
from gongkai.domain.redaction.terms import contains, encodings_of, is_telling
from gongkai.kernel.documents import read_document
from gongkai.kernel.documents.errors import DocumentRefused
from gongkai.kernel.errors import Refused
from gongkai.kernel.redaction.result import Order

ALLOWED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|word/(document|styles|numbering|settings|fontTable|footnotes|endnotes"
    r"|header\d+|footer\d+)\.xml|word/theme/theme1\.xml|word/_rels/(document|footnotes|endnotes|header\d+|footer\d+)\.xml\.rels"
    r"|word/media/image\d+\.(png|jpeg)"
)
FORBIDDEN = frozenset(
    {"del", "ins", "moveFrom", "moveTo", "comment", "commentReference", "object", "OLEObject", "vanish", "altChunk",
     "dataBinding", "docVar", "hyperlink", "control", "delText"}
)  # fmt: skip
NO_TEXT = {"document.no_text"}
SURE_BYTES = 6


def check_docx(order: Order, data: bytes) -> tuple[str, ...]:
    """Return which checks the result passed. Raises Refused naming everything that is still to be found."""
    terms = terms_of(order.marks)
    issues = _own_reader(data, terms) + _second_reader(data, terms) + _inside(data, terms)
    if issues:
        raise Refused(list({f"{one.code} {one.values}": one for one in issues}.values()))
    return tuple(f"redaction.checked.{one}" for one in ("own_reader", "second_reader", "bytes", "parts"))


def _own_reader(data: bytes, terms: Sequence[tuple[int, str]]) -> list[Issue]:
    try:
        text = read_document(data, name="结果.docx").text()
    except DocumentRefused as refused:
        if set(refused.codes()) <= NO_TEXT:
            return []
        return [Issue("redaction.check.unreadable", values={"reader": "本系统"})]
    return _found("本系统", [("全文", text)], terms)


def _second_reader(data: bytes, terms: Sequence[tuple[int, str]]) -> list[Issue]:
    """Read with python-docx: body, tables, headers and footers."""
    try:
        document = docx.Document(BytesIO(data))
        texts = [("正文", _joined(document.element.body))]
        for section in document.sections:
            for name in (
                "header",
                "footer",
                "first_page_header",
                "first_page_footer",
                "even_page_header",
                "even_page_footer",
            ):
                part = getattr(section, name)
                if not part.is_linked_to_previous:
                    texts.append(("页眉页脚", _joined(part._element)))
    except Exception:  # a reader that fails has read nothing
        return [Issue("redaction.check.unreadable", values={"reader": "另一种读取程序"})]
    return _found("另一种读取程序", texts, terms)


def _joined(element: object) -> str:
    paragraphs = element.xpath(".//w:p")  # type: ignore[attr-defined]
    return "\n".join("".join(text.text or "" for text in one.xpath(".//w:t")) for one in paragraphs)


def _found(reader: str, texts: Sequence[tuple[str, str]], terms: Sequence[tuple[int, str]]) -> list[Issue]:
    return [
        Issue("redaction.check.text", values={"reader": reader, "number": number + 1, "where": where})
        for number, term in terms
        for where, text in texts
        if contains(text, term)
    ]


def _inside(data: bytes, terms: Sequence[tuple[int, str]]) -> list[Issue]:
    issues: list[Issue] = []
    patterns = [(number, term, encodings_of(term)) for number, term in terms]
    with zipfile.ZipFile(BytesIO(data)) as file:
        for info in file.infolist():
            held = file.read(info)
            if not ALLOWED.fullmatch(info.filename) or info.extra or info.comment:
                issues.append(Issue("redaction.check.part", values={"part": info.filename}))
            is_xml = info.filename.endswith((".xml", ".rels"))
            least = 4 if is_xml else SURE_BYTES
            text, attributes = _texts(held) if is_xml else ("", "")
            for number, term, forms in patterns:
                in_text = contains(text, term) or (is_telling(term) and contains(attributes, term, whole=False))
                if in_text or any(len(form) >= least and form in held for form in forms):
                    issues.append(Issue("redaction.check.bytes", values={"where": info.filename, "number": number + 1}))
            if is_xml:
                issues += [Issue("redaction.check.part", values={"part": name}) for name in _forbidden(held)]
    if data.count(b"PK\x05\x06") != 1 or not data.startswith(b"PK\x03\x04"):
        issues.append(Issue("redaction.check.part", values={"part": "压缩包"}))
    return issues


def _texts(xml: bytes) -> tuple[str, str]:
    """Return the text of a part, a line a paragraph, and its attributes, one a line, as a third reader gives them: Python's own."""
    root = ElementTree.fromstring(xml)
    whole: list[str] = []
    attributes: set[str] = set()
    for element in root.iter():
        whole += ["\n" if element.tag.endswith("}p") else "", element.text or "", element.tail or ""]
        attributes.update(element.attrib.values())
    return "".join(whole), "\n".join(sorted(attributes))


def _forbidden(xml: bytes) -> list[str]:
    root = ElementTree.fromstring(xml)
    names = {element.tag.rpartition("}")[2] for element in root.iter() if isinstance(element.tag, str)}
    external = any(element.get("TargetMode") == "External" for element in root.iter())
    return (
        sorted((names & FORBIDDEN) - ({"vanish"} if root.tag.endswith("}styles") else set())) + ["外部链接"] * external
    )
