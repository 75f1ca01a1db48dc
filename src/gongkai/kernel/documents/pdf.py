"""PDF files with a text layer: lines and ruled tables in reading order with their page."""

from __future__ import annotations

import re
import threading

import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.domain.document import Document, Paragraph
from gongkai.domain.issues import Issue
from gongkai.kernel.documents.errors import refusal, warning
from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.documents.pdf_page import Grid, Page, PageReader
from gongkai.kernel.documents.pdf_tables import Draft, is_page_number, running_lines, without_number

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
    blocks = _Blocks(name, limits)
    for number, page in enumerate(pages, 1):
        blocks.add(page, number, beside=pages[max(number - 2, 0) : number - 1] + pages[number : number + 1])
    if not blocks.count:
        raise refusal("document.pdf.no_text", name=name)
    done = tuple(block.table() if isinstance(block, Draft) else block for block in blocks.blocks)
    document = Document(format="pdf", name=name, blocks=done, pages=len(pages))
    issues = _doubts(document.text(), pages, name=name)
    return Document(format="pdf", name=name, blocks=done, pages=len(pages), issues=issues)


class _Blocks:
    """Collects lines and tables page by page."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.blocks: list[Paragraph | Draft] = []
        self.count = 0
        self._name = name
        self._limits = limits
        self._cells = 0
        self._open: Draft | None = None  # the last table, as long as only page numbers and running heads follow it

    def add(self, page: Page, number: int, *, beside: list[Page]) -> None:
        """Add a page; ``beside`` are the pages before and after it, which tell its running heads."""
        tabular = any(isinstance(item, Grid) for item in page.items)
        repeated = running_lines(page, beside) if tabular else frozenset()
        for item in page.items:
            if isinstance(item, str):
                self.count += 1
                self.blocks.append(Paragraph(text=item, line=self.count, page=number))
                if not is_page_number(item) and without_number(item) not in repeated:
                    self._open = None
                continue
            self._measure(len(item.rows), len(item.edges) - 1)
            before = self._open
            first = self.count + 1
            self.count += len(item.rows)
            if before is None or before.last_page != number - 1 or not before.take(item, first_line=first, page=number):
                self._open = Draft.of(item, first_line=first, page=number)
                self.blocks.append(self._open)
            elif len(before.rows) > self._limits.max_rows:
                raise refusal("document.too_many_rows", name=self._name, limit=self._limits.max_rows)
        if self.count > self._limits.max_paragraphs:
            raise refusal("document.too_many_paragraphs", name=self._name, limit=self._limits.max_paragraphs)

    def _measure(self, rows: int, columns: int) -> None:
        self._cells += rows * columns
        if rows > self._limits.max_rows:
            raise refusal("document.too_many_rows", name=self._name, limit=self._limits.max_rows)
        if self._cells > self._limits.max_cells:
            raise refusal("document.too_many_cells", name=self._name, limit=self._limits.max_cells)


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
        issues.append(warning("document.pdf.pages_without_text", name=name, count=len(silent), pages=_listed(silent)))
    if given_up := [n for n, page in enumerate(pages, 1) if page.tables_given_up]:
        issues.append(warning("document.pdf.tables_as_lines", name=name, count=len(given_up), pages=_listed(given_up)))
    total = len(text) - text.count("\n") - text.count("\t")
    broken = len(_UNREADABLE.findall(text))
    if broken * 10 > total:
        issues.append(warning("document.pdf.unreadable_text", name=name, percent=round(broken * 100 / total)))
    return tuple(issues)


def _listed(numbers: list[int]) -> str:
    return "、".join(str(n) for n in numbers[:20]) + (" 等" if len(numbers) > 20 else "")
