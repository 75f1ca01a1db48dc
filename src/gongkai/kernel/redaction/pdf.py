"""Redacting a PDF file: pages with something to remove are made anew from their picture, the others are taken over stripped."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

from gongkai.domain.issues import Issue, Severity
from gongkai.domain.redaction.marks import Removed, Report, check_marks, regions_of, terms_of
from gongkai.domain.redaction.terms import occurrences, plain
from gongkai.kernel.documents.errors import refusal
from gongkai.kernel.documents.pdf import _LOCK as PDFIUM_LOCK
from gongkai.kernel.errors import Refused
from gongkai.kernel.redaction.pdf_before import Plain, make_plain
from gongkai.kernel.redaction.pdf_check import check_pdf
from gongkai.kernel.redaction.pdf_copy import Cleaner, NotCopied
from gongkai.kernel.redaction.pdf_fonts import tells
from gongkai.kernel.redaction.pdf_rebuild import blackened, block_sign, set_page
from gongkai.kernel.redaction.pdf_scan import can_recognize, recognized_boxes
from gongkai.kernel.redaction.pdf_signs import (
    Box,
    PageSigns,
    Placing,
    Sign,
    box_of,
    joined_boxes,
    read_page,
    touches,
)
from gongkai.kernel.redaction.result import MOST_PAGES, Order, Redacted, by_mark, gathered

LOOK_DPI, DPI = 100, 200
"""Dots per inch at which a page is looked at, and at which it is made anew."""
MOST_PIXELS = 40_000_000
PAD = 1.2
"""Points by which a black box goes over the signs it covers."""


@dataclass(slots=True)
class _Page:
    """What happens to one page: places to blacken, signs to drop, and the block that stands for each place."""

    number: int
    signs: PageSigns
    boxes: list[Box] = field(default_factory=list)
    drop: set[int] = field(default_factory=set)
    blocks: list[tuple[int, Box]] = field(default_factory=list)
    anew: bool = False

    def remove(self, places: list[int], boxes: list[Box]) -> None:
        """Blacken boxes, drop the signs at these places, and put one block where the first of them stood."""
        if boxes:
            self.boxes += boxes
            self.blocks.append((min(places, default=len(self.signs.signs)), boxes[0]))
        self.drop.update(places)
        self.anew = True

    def kept_signs(self) -> list[Sign]:
        """Return the text of the page made anew, in reading order."""
        inserted = defaultdict(list)
        for place, box in self.blocks:
            inserted[place].append(block_sign(box))
        found: list[Sign] = []
        for place, sign in enumerate(self.signs.signs):
            found += inserted[place]
            if place not in self.drop:
                found.append(sign)
        return found + inserted[len(self.signs.signs)]

    def removed_signs(self) -> set[str]:
        """Return the signs that are dropped."""
        return {self.signs.signs[place].text for place in self.drop}


def redact_pdf(order: Order) -> Redacted:
    """Return the redacted file and its report.

    Raises Refused with all reasons: marks that cannot be used, a file that cannot be read, scans that nobody looked at,
    or a result that did not pass the check (then there is none).
    """
    pages = _count(order)
    if issues := check_marks(order.marks, grounds=order.grounds, pages=pages):
        raise Refused(issues)
    try:
        plain_file = make_plain(order.data)
        removed = [
            Removed(code, f"第{number}页" if number else "", count)
            for (code, number), count in sorted(plain_file.removed.items(), key=lambda one: (one[0][1], one[0][0]))
        ]
        with PDFIUM_LOCK:
            work, notices = _looked_at(order, plain_file, removed)
            data = _made(plain_file.data, work, order.name)
    except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        raise refusal("document.damaged", name=order.name) from error
    checks = check_pdf(order, data, {page.number: page.boxes for page in work if page.anew}, _scans(order, work))
    rebuilt = tuple(page.number for page in work if page.anew)
    return Redacted(data, Report(gathered(removed), checks, pages, rebuilt, tuple(notices)))


def _count(order: Order) -> int:
    try:
        with pikepdf.open(BytesIO(order.data)) as pdf:
            count = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise refusal("document.encrypted", name=order.name) from error
    except pikepdf.PdfError as error:
        raise refusal("document.damaged", name=order.name) from error
    if not count:
        raise refusal("document.empty", name=order.name)
    if count > MOST_PAGES:
        raise refusal("redaction.too_many_pages", name=order.name, count=count, limit=MOST_PAGES)
    return count


def _looked_at(order: Order, plain_file: Plain, removed: list[Removed]) -> tuple[list[_Page], list[Issue]]:
    """Read every page and say what happens to it; adds to ``removed``. Raises Refused for scans nobody looked at."""
    document = pypdfium2.PdfDocument(plain_file.data)
    work: list[_Page] = []
    found: set[int] = set()
    empty: list[int] = []
    unread: list[int] = []
    try:
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            _require_size(page, number, order.name)
            picture = _drawn_page(page, LOOK_DPI)
            one = _Page(number, read_page(page, picture))
            work.append(one)
            _covers(one, plain_file.covers.get(number, []), page, removed)
            _terms(order, one, found, removed)
            if one.signs.is_scan and terms_of(order.marks):
                if order.recognize and can_recognize():
                    _scan_terms(order, one, _drawn_page(page, DPI), found, removed)
                elif number not in order.seen_pages:
                    unread.append(number)
            _regions(order, one, found, empty, removed)
            _unseen(one, removed)
            page.close()
    finally:
        document.close()
    if unread:
        raise refusal("redaction.scan_unread", name=order.name, pages="、".join(map(str, unread)))
    missing = [number for number, _ in sorted(terms_of(order.marks)) if number not in found]
    values = [{"number": number + 1, "name": order.name} for number in missing]
    if not found:
        raise Refused([Issue("redaction.not_found", field="marks", values=one) for one in values])
    notices = [Issue("redaction.not_found", "marks", one, Severity.WARNING) for one in values]
    notices += [
        Issue("redaction.nothing_under_region", "marks", {"number": number + 1}, Severity.NOTICE) for number in empty
    ]
    return work, notices


def _terms(order: Order, page: _Page, found: set[int], removed: list[Removed]) -> None:
    text = page.signs.text
    pad = (PAD / page.signs.width, PAD / page.signs.height)
    for number, term in terms_of(order.marks):
        for places in occurrences(text, term):
            found.add(number)
            if set(places) <= page.drop:
                continue  # inside a longer word that was removed before
            boxes = [sign.box for place in places if (sign := page.signs.signs[place]).box is not None]
            page.remove(places, joined_boxes([box for box in boxes if box], pad=pad))
            removed.append(by_mark(order, number, where=f"第{page.number}页"))


def _scan_terms(order: Order, page: _Page, picture: Image.Image, found: set[int], removed: list[Removed]) -> None:
    """The same for what character recognition reads in the picture of a scanned page."""
    for number, boxes in recognized_boxes(picture, terms_of(order.marks)):
        found.add(number)
        places = [
            place
            for place, sign in enumerate(page.signs.signs)
            if sign.box and any(touches(sign.box, box) for box in boxes)
        ]
        page.remove(places, boxes)
        removed.append(by_mark(order, number, where=f"第{page.number}页"))


def _regions(order: Order, page: _Page, found: set[int], empty: list[int], removed: list[Removed]) -> None:
    for number, region in regions_of(order.marks, page.number):
        found.add(number)
        if not _region(page, box_of(region)):
            empty.append(number)
        removed.append(by_mark(order, number, where=f"第{page.number}页", what="redaction.removed.region"))


def _region(page: _Page, box: Box) -> bool:
    """Blacken a box and drop the signs under it; returns whether there were any."""
    places = [place for place, sign in enumerate(page.signs.signs) if sign.box and touches(sign.box, box)]
    page.remove(places, [box])
    return bool(places)


def _covers(page: _Page, covers: list[tuple[float, ...]], drawn: Any, removed: list[Removed]) -> None:
    """Blacken what somebody covered with an annotation: that was meant as a redaction and was none."""
    placing = Placing(drawn)
    for cover in covers:
        if len(cover) == 4:
            box = placing.box(*cover)
            box = (max(0.0, box[0]), max(0.0, box[1]), min(1.0, box[2]), min(1.0, box[3]))
            if box[0] < box[2] and box[1] < box[3] and _region(page, box):
                removed.append(Removed("redaction.removed.hidden_text", f"第{page.number}页"))


def _unseen(page: _Page, removed: list[Removed]) -> None:
    """Drop signs that nobody can see: under boxes, in the color of the paper, outside of the page."""
    unseen = [n for n, sign in enumerate(page.signs.signs) if sign.box and not sign.seen and n not in page.drop]
    if page.signs.hides_pictures:
        page.anew = True
    if unseen:
        page.drop.update(unseen)
        page.anew = True
        removed.append(Removed("redaction.removed.hidden_text", f"第{page.number}页", len(unseen)))


def _scans(order: Order, work: list[_Page]) -> list[int]:
    """Return the pages that are read once more by character recognition in the result."""
    if not (order.recognize and can_recognize() and terms_of(order.marks)):
        return []
    return [page.number for page in work if page.signs.is_scan]


def _made(data: bytes, work: list[_Page], name: str) -> bytes:
    """Return the new file; marks more pages as made anew where they cannot be taken over."""
    document = pypdfium2.PdfDocument(data)
    try:
        with pikepdf.open(BytesIO(data)) as pdf, pikepdf.new() as out:
            cleaner = Cleaner(pdf)
            for one, page in zip(work, pdf.pages, strict=True):
                if not one.anew:
                    try:
                        cleaner.clean(page)
                    except NotCopied:
                        one.anew = True
            _fonts(work, pdf)
            for one, page in zip(work, pdf.pages, strict=True):
                if one.anew:
                    drawn = document[one.number - 1]
                    picture = blackened(_drawn_page(drawn, DPI), one.boxes)
                    drawn.close()
                    size = (one.signs.width, one.signs.height)
                    set_page(pdf, page, size=size, picture=picture, signs=one.kept_signs())
                out.pages.append(page)
            out.Root.Lang = pikepdf.String("zh-CN")
            target = BytesIO()
            out.save(
                target,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                compress_streams=True,
                recompress_flate=False,
            )
    finally:
        document.close()
    return target.getvalue()


def _fonts(work: list[_Page], pdf: pikepdf.Pdf) -> None:
    """Make those pages anew, too, whose fonts tell signs that stand in what was removed and nowhere else."""
    secret = {sign for page in work for sign in page.removed_signs() if plain(sign)}
    kept = {sign.text for page in work for n, sign in enumerate(page.signs.signs) if n not in page.drop}
    secret -= kept
    if not secret:
        return
    anew = [page for one, page in zip(work, pdf.pages, strict=True) if one.anew]
    for one, page in zip(work, pdf.pages, strict=True):
        if not one.anew and tells(page, secret, anew):
            one.anew = True


def _require_size(page: Any, number: int, name: str) -> None:
    width, height = page.get_size()
    if min(width, height) < 1 or width * height * (DPI / 72) ** 2 > MOST_PIXELS:
        raise refusal("redaction.page_too_large", name=name, page=number)


def _drawn_page(page: Any, dpi: float) -> Image.Image:
    picture: Image.Image = page.render(scale=dpi / 72, may_draw_forms=False, draw_annots=False).to_pil().convert("RGB")
    return picture
