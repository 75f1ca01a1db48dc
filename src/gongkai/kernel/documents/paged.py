"""Pages of lines and ruled tables, joined to the blocks of one document: tables go on over the pages."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.domain.document import Block, Paragraph
from gongkai.kernel.documents.errors import refusal
from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.documents.pdf_page import Grid, Page
from gongkai.kernel.documents.pdf_tables import Draft, is_page_number, running_lines, without_number


def join_pages(pages: Sequence[Page], *, name: str, limits: Limits) -> tuple[Block, ...]:
    """Return the blocks of a file in order, each with its page; lines and table rows are counted through the file.

    Raises DocumentRefused where lines, rows or cells go beyond the limits.
    """
    blocks = _Blocks(name, limits)
    for number, page in enumerate(pages, 1):
        beside = [*pages[max(number - 2, 0) : number - 1], *pages[number : number + 1]]
        blocks.add(page, number, beside=beside)
    return tuple(block.table() if isinstance(block, Draft) else block for block in blocks.blocks)


def listed(numbers: Sequence[int]) -> str:
    """Write page numbers for a sentence, the first twenty of them."""
    return "、".join(str(n) for n in numbers[:20]) + (" 等" if len(numbers) > 20 else "")


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
