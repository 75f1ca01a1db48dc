"""How large a file may be before it is refused; every figure can be changed by the caller."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for reading one file.

    They are technical bounds that keep one upload from taking the whole machine, not rules of law.
    """

    max_bytes: int = 50 * 1024 * 1024
    """Size of the file itself, in bytes."""
    max_unpacked_bytes: int = 400 * 1024 * 1024
    """Sum of the unpacked members of a DOCX or XLSX file, in bytes."""
    max_part_bytes: int = 120 * 1024 * 1024
    """One unpacked XML member of a DOCX or XLSX file, in bytes."""
    max_ratio: int = 300
    """Unpacked bytes per packed byte over the whole file; asked only above ``ratio_floor_bytes``."""
    ratio_floor_bytes: int = 20 * 1024 * 1024
    """Below this unpacked size (bytes) a high ratio is harmless and is not looked at."""
    max_members: int = 10_000
    """Members of a DOCX or XLSX file, a count."""
    max_pages: int = 2_000
    """Pages of a PDF file, a count."""
    max_page_lines: int = 100_000
    """Pieces of line drawn on one page of a PDF that are looked at for tables, a count; above it tables stay lines."""
    max_drawn_lines: int = 2_000_000
    """The same for all pages together, a count."""
    max_page_crossings: int = 400_000
    """Lines across times lines down on one page of a PDF, a count; above it tables stay lines."""
    max_rows: int = 120_000
    """Rows of one table or sheet, a count."""
    max_cells: int = 500_000
    """Places of all tables together (rows times columns), a count."""
    max_paragraphs: int = 500_000
    """Paragraphs or lines of the whole document, a count."""
    max_depth: int = 200
    """Nesting of elements inside elements (tables in tables, HTML blocks), a count."""


DEFAULT = Limits()
