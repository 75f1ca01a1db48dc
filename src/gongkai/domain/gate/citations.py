"""Documents that a text cites: those it rests on (根据 …) and those it hands on (转发 …, 印发 …)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongkai.domain.identifiers import find_doc_nos

_TITLE = re.compile("《([^《》\n]{2,120})》")
_HANDS_ON = re.compile(
    "(?:转发|印发|批转)(?:[^。；;！？!?\n《]{0,24})(?:《[^《》\n]{1,120}》)?[^。；;！？!?\n《》]{0,4}$"
)
_FORWARDS = re.compile("(?:转发|批转)[^。；;！？!?\n《》]{0,24}$")
_NUMBER_BEHIND = re.compile(r"\s*[（(]\s*")


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """A cited document. ``ref`` is its number in the one correct form, or its title in 《》 where no number is given.

    ``forwards`` says that the item hands the document on, so that the public needs it to understand the item.
    ``text[start:end]`` is where it is named.
    """

    start: int
    end: int
    ref: str
    forwards: bool = False


def find_citations(text: str, *, own_number: str = "") -> list[Citation]:
    """Find the documents that ``text`` cites by number, and those it forwards by title alone; each named once.

    ``own_number`` is the item's own document number, which it does not cite. Where a document is both cited and handed
    on, it counts as handed on.
    """
    found: dict[str, Citation] = {}
    numbered: list[tuple[int, int]] = []
    for number in find_doc_nos(text):
        numbered.append((number.start, number.end))
        ref = str(number.doc_no)
        if ref == own_number:
            continue
        before = text[max(0, number.start - 180) : number.start]
        forwards = _HANDS_ON.search(before) is not None
        known = found.get(ref)
        if known is None or (forwards and not known.forwards):
            found[ref] = Citation(number.start, number.end, ref, forwards)
    for title in _TITLE.finditer(text):
        if not _FORWARDS.search(text[max(0, title.start() - 40) : title.start()]):
            continue
        behind = _NUMBER_BEHIND.match(text, title.end())
        if behind is not None and any(start == behind.end() for start, _ in numbered):
            continue  # the number says it better
        ref = title.group()
        if ref not in found:
            found[ref] = Citation(title.start(), title.end(), ref, forwards=True)
    return sorted(found.values())


def citations_of_withdrawn(cited: Mapping[int, Iterable[str]], withdrawn: Iterable[str]) -> dict[int, tuple[str, ...]]:
    """Return which public items cite what was withdrawn since: item id → references, in order.

    ``cited`` has the references of each public item; items without such a citation are left out.
    """
    gone = frozenset(withdrawn)
    hits = {item: tuple(sorted(gone.intersection(refs))) for item, refs in cited.items()}
    return {item: refs for item, refs in sorted(hits.items()) if refs}
