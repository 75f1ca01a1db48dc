"""PDF files with a text layer: lines and ruled tables in reading order with their page."""

from __future__ import annotations

import re
import threading

import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.domain.document import Document
from gongkai.domain.issues import Issue
from gongkai.kernel.documents.errors import refusal, warning
from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.documents.paged import join_pages, listed
from gongkai.kernel.documents.pdf_page import Page, PageReader

_LOCK = threading.Lock()  # PDFium may be called by one thread at a time
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")


def read(data: bytes, *, name: str, limits: Limits) -> Document:
    """Read the text layer.

    Lines are as PDFium finds them, empty ones left out, counted through the whole file; a row of a table counts one.
    Tables are found by their ruling lines; one that goes on over pages is one table, its repeated head left out, its
    page numbers and running heads behind it. Raises DocumentRefused for a password, too many pages, a damaged file, tables over the
    limits, and for a scan (no page has text).
    """
    with _LOCK:
        pages = _pages(data, name=name, limits=limits)
    done = join_pages(pages, name=name, limits=limits)
    if not done:
        raise refusal("document.pdf.no_text", name=name)
    document = Document(format="pdf", name=name, blocks=done, pages=len(pages))
    issues = _doubts(document.text(), pages, name=name)
    return Document(format="pdf", name=name, blocks=done, pages=len(pages), issues=issues)


def _pages(data: bytes, *, name: str, limits: Limits) -> list[Page]:
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
        reader = PageReader(limits)
        pages = []
        for page in document:
            pages.append(reader.read(page))
            page.close()
        return pages
    finally:
        document.close()


def _doubts(text: str, pages: list[Page], *, name: str) -> tuple[Issue, ...]:
    issues = []
    if silent := [n for n, page in enumerate(pages, 1) if not page.items]:
        issues.append(warning("document.pdf.pages_without_text", name=name, count=len(silent), pages=listed(silent)))
    if given_up := [n for n, page in enumerate(pages, 1) if page.tables_given_up]:
        issues.append(warning("document.pdf.tables_as_lines", name=name, count=len(given_up), pages=listed(given_up)))
    total = len(text) - text.count("\n") - text.count("\t")
    broken = len(_UNREADABLE.findall(text))
    if broken * 10 > total:
        issues.append(warning("document.pdf.unreadable_text", name=name, percent=round(broken * 100 / total)))
    return tuple(issues)
