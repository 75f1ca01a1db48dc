"""One PDF page: its lines, and the tables drawn on it, in reading order."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.documents.pdf_frames import Frame, Place, find_frames
from gongkai.kernel.documents.pdf_rulings import Rulings, has_paths, read_rulings
from gongkai.kernel.documents.pdf_text import Char, cell_texts, clean, outside_lines, read_chars, turn_of

_WIDE = 0.6  # share of the text's width from which a table parts the page into above and below


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of one page: rows, origins (see ``domain.document.Table``) and the places of its column edges, in points
    from its left side."""

    rows: tuple[tuple[str, ...], ...]
    origins: tuple[tuple[Place, ...], ...]
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page: lines of text and tables; ``tables_given_up`` where too much is drawn to look for tables."""

    items: tuple[str | Grid, ...]
    tables_given_up: bool = False


class PageReader:
    """Reads the pages of one file; the cost of looking for tables is bounded for the file as a whole."""

    def __init__(self, limits: Limits) -> None:
        self._lines_left = limits.max_drawn_lines
        self._limits = limits

    def read(self, page: pypdfium2.PdfPage) -> Page:
        """Return the page's lines and tables."""
        layer = page.get_textpage()
        try:
            if not has_paths(page.raw):
                return Page(_plain(layer))
            return self._ruled(page.raw, layer)
        finally:
            layer.close()

    def _ruled(self, page: pdfium.FPDF_PAGE, layer: pypdfium2.PdfTextPage) -> Page:
        turn = turn_of(layer.raw)
        limit = min(self._limits.max_page_lines, self._lines_left)
        rulings = read_rulings(page, turn, limit=limit)
        self._lines_left -= rulings.read
        frames = find_frames(rulings, limit=self._limits.max_page_crossings) if rulings.complete else None
        if frames is None:
            return Page(_plain(layer), tables_given_up=True)
        if not frames:
            return Page(_plain(layer))
        return Page(_with_tables(frames, read_chars(layer.raw, turn)) or _plain(layer))


def _plain(layer: pypdfium2.PdfTextPage) -> tuple[str, ...]:
    text = layer.get_text_range(errors="replace")
    return tuple(line for line in map(clean, text.splitlines()) if line)


def page_of(chars: list[Char], rulings: Rulings, *, limits: Limits) -> Page:
    """Return the lines and tables of a page of any format whose characters come in reading order."""
    plain = tuple(text for _, text, _ in outside_lines(chars, {}))
    frames = find_frames(rulings, limit=limits.max_page_crossings) if rulings.complete else None
    if frames is None:
        return Page(plain, tables_given_up=bool(plain))
    return Page((_with_tables(frames, chars) if chars else ()) or plain)


def _with_tables(frames: list[Frame], chars: list[Char]) -> tuple[str | Grid, ...]:
    """Return lines and tables in order; nothing where none of the frames is a table."""
    kept, cells = _share_out(frames, chars)
    return _in_order(kept, cells, chars) if kept else ()


Cells = dict[Place, list[Char]]


def _share_out(frames: list[Frame], chars: list[Char]) -> tuple[list[Frame], list[Cells]]:
    """Give every character to the smallest table around it; grids with text in fewer than two cells are none.

    One filled cell is enough among three columns: a page may hold nothing but the middle of a long cell.
    """
    kept = frames
    while True:
        cells: list[Cells] = [{} for _ in kept]
        for char in chars:
            for frame, found in zip(kept, cells, strict=True):
                place = frame.place(char.x, char.y)
                if place is not None:
                    found.setdefault(place, []).append(char)
                    break
        good = [
            frame for frame, found in zip(kept, cells, strict=True) if len(found) >= 2 or (found and len(frame.xs) > 3)
        ]
        if len(good) == len(kept):
            return kept, cells
        kept = good


def _in_order(frames: list[Frame], cells: list[Cells], chars: list[Char]) -> tuple[str | Grid, ...]:
    """Put lines and tables in the order of the text; what stands above or below a wide table is kept on its side."""
    inside: dict[int, int] = {}
    for n, found in enumerate(cells):
        for members in found.values():
            inside.update((char.index, n) for char in members)
    width = max(c.x1 for c in chars) - min(c.x0 for c in chars)
    cuts = sorted(f.ys[0] for f in frames if f.xs[-1] - f.xs[0] >= _WIDE * width)
    items: list[tuple[int, int, str | Grid]] = [
        (bisect_right(cuts, char.y), first, text) for first, text, char in outside_lines(chars, inside)
    ]
    for frame, found in zip(frames, cells, strict=True):
        first = min(char.index for members in found.values() for char in members)
        # A table opens its own stretch of the page; lines beside or under it follow.
        stretch = bisect_right(cuts, frame.ys[0])
        items.append((stretch, -1 if frame.ys[0] in cuts else first, _grid(frame, found)))
    return tuple(item for _, _, item in sorted(items, key=lambda i: i[:2]))


def _grid(frame: Frame, cells: Cells) -> Grid:
    texts = cell_texts(frame, cells)
    rows = tuple(tuple(texts.get(place, "") for place in row) for row in frame.origins)
    # The strip between the last row and the end of the page, where a table goes on over it.
    end = len(rows) - (len(rows) > 1 and not any(rows[-1]) and len(set(frame.origins[-1])) == 1)
    return Grid(rows[:end], frame.origins[:end], tuple(x - frame.xs[0] for x in frame.xs))
