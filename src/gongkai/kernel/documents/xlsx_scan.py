"""One cheap pass over a workbook's sheets before anything is built: counts rows, cells and unsaved formulas."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from gongkai.kernel.documents.archive import Archive
from gongkai.kernel.documents.errors import refusal
from gongkai.kernel.documents.limits import Limits

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """``rows`` and ``cells`` count what holds a value, ``empty`` the rows and cells that are only formatted.

    ``uncached`` counts formulas without a stored value, ``first_uncached`` names the first of them (``C5``).
    """

    member: str
    rows: int
    cells: int
    empty: int
    uncached: int
    first_uncached: str


def scan(data: bytes, *, name: str, limits: Limits) -> list[SheetFacts]:
    """Count what each sheet holds; raises DocumentRefused when rows or cells go beyond the limits."""
    archive = Archive.open(data, name=name, limits=limits)
    facts: list[SheetFacts] = []
    total = 0
    for member in sorted(archive.names):
        if not (member.startswith("xl/worksheets/") and member.endswith(".xml")):
            continue
        rows = cells = empty = uncached = 0
        first = ""
        parser = etree.iterparse(
            BytesIO(archive.read(member)),
            events=("end",),
            tag=(f"{_MAIN}row", f"{_MAIN}c"),
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
        )
        for _, element in parser:
            if element.tag == f"{_MAIN}row":
                filled = any(len(cell) for cell in element)
                rows += filled
                empty += not filled
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            else:
                formula = element.find(f"{_MAIN}f")
                cells += len(element) > 0
                empty += len(element) == 0
                if formula is not None and element.get("t") != "str" and not element.findtext(f"{_MAIN}v"):
                    uncached += 1
                    first = first or element.get("r", "")
            if rows > limits.max_rows:
                raise refusal("document.too_many_rows", name=name, limit=limits.max_rows)
            if total + cells > limits.max_cells:
                raise refusal("document.too_many_cells", name=name, limit=limits.max_cells)
        total += cells
        facts.append(SheetFacts(member, rows, cells, empty, uncached, first))
    return facts
