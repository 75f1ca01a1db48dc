"""PDF files with a text layer: lines in reading order with their page; tables come as lines."""

from __future__ import annotations

import re
import threading
import unicodedata

import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.domain.document import Document, Paragraph
from gongkai.domain.issues import Issue
from gongkai.kernel.documents.errors import refusal, warning
from gongkai.kernel.documents.limits import Limits

_LOCK = threading.Lock()  # PDFium may be called by one thread at a time
_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_DROPPED = str.maketrans({"\ufffe": None, "\u0002": None, "\x00": None, "\ufeff": None, "\u200b": None, "\xa0": " "})


def read(data: bytes, *, name: str, limits: Limits) -> Document:
    """Read the text layer.

    Lines are as PDFium finds them, empty ones left out, counted through the whole file. Raises DocumentRefused for a
    password, too many pages, a damaged file, and for a scan (no page has text).
    """
    with _LOCK:
        pages = _pages(data, name=name, limits=limits)
    lines: list[Paragraph] = []
    silent: list[int] = []
    for number, text in enumerate(pages, 1):
        found = [line for line in (_clean(line) for line in text.splitlines()) if line]
        if not found:
            silent.append(number)
        for line in found:
            lines.append(Paragraph(text=line, line=len(lines) + 1, page=number))
        if len(lines) > limits.max_paragraphs:
            raise refusal("document.too_many_paragraphs", name=name, limit=limits.max_paragraphs)
    if not lines:
        raise refusal("document.pdf.no_text", name=name)
    issues = _doubts(lines, silent, name=name)
    return Document(format="pdf", name=name, blocks=tuple(lines), pages=len(pages), issues=issues)


def _pages(data: bytes, *, name: str, limits: Limits) -> list[str]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise refusal("document.encrypted", name=name) from error
        raise refusal("document.damaged", name=name) from error
    try:
        if len(document) == 0:
            raise refusal("document.empty", name=name)
        if len(document) > limits.max_pages:
            raise refusal("document.too_many_pages", name=name, count=len(document), limit=limits.max_pages)
        texts = []
        for page in document:
            layer = page.get_textpage()
            texts.append(layer.get_text_range(errors="replace"))
            layer.close()
            page.close()
        return texts
    finally:
        document.close()


def _clean(line: str) -> str:
    """Drop PDFium's marks and write radicals and compatibility forms as the characters they stand for."""
    line = line.translate(_DROPPED)
    return _RADICAL.sub(lambda m: unicodedata.normalize("NFKC", m.group()), line).rstrip()


def _doubts(lines: list[Paragraph], silent: list[int], *, name: str) -> tuple[Issue, ...]:
    issues = []
    if silent:
        shown = "、".join(str(n) for n in silent[:20]) + (" 等" if len(silent) > 20 else "")
        issues.append(warning("document.pdf.pages_without_text", name=name, count=len(silent), pages=shown))
    total = sum(len(p.text) for p in lines)
    broken = sum(len(_UNREADABLE.findall(p.text)) for p in lines)
    if broken * 10 > total:
        issues.append(warning("document.pdf.unreadable_text", name=name, percent=round(broken * 100 / total)))
    return tuple(issues)
