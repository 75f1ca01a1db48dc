"""Word documents for these tests, made by python-docx with XML put in by hand for what it cannot make."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml import parse_xml
from tests.kernel.redaction.pdf_files import GROUNDS

from gongkai.domain.redaction.marks import Mark
from gongkai.kernel.redaction.result import Order

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": W,
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)


def order(data: bytes, *marks: Mark, **more: object) -> Order:
    return Order(data=data, name="材料.docx", marks=marks, grounds=GROUNDS, **more)  # type: ignore[arg-type]


def made(build: Callable[[Document], None], *, parts: Mapping[str, bytes] | None = None) -> bytes:
    """A document that ``build`` fills; ``parts`` are put into the package as they are."""
    document = docx.Document()
    build(document)
    target = BytesIO()
    document.save(target)
    if not parts:
        return target.getvalue()
    again = BytesIO()
    with zipfile.ZipFile(target) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return again.getvalue()


def put(document: Document, xml: str) -> None:
    """Add a paragraph given as XML."""
    document.element.body.insert(0, parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {NAMESPACES}", xml.strip(), count=1)))


def runs(document: Document, *texts: str) -> None:
    """Add a paragraph of several runs."""
    paragraph = document.add_paragraph()
    for text in texts:
        paragraph.add_run(text)


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def text_of(data: bytes) -> str:
    """Body and tables as python-docx reads them."""
    body = docx.Document(BytesIO(data)).element.body
    return "\n".join("".join(t.text or "" for t in p.xpath(".//w:t")) for p in body.xpath(".//w:p"))


def raw_texts(data: bytes) -> Sequence[str]:
    """Every part as text: with tags, and without."""
    texts = []
    for held in parts_of(data).values():
        text = held.decode("utf-8", "replace")
        texts += [text, re.sub(r"<[^>]+>", "", text)]
    return texts
