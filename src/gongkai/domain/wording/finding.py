"""What a content check finds, and where."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How grave a finding is, gravest first. The grading is a proposal of this project, not a rule of law (待核)."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"

    @property
    def stops(self) -> bool:
        """Tell whether a finding of this grade keeps the content from being published as it is."""
        return self in {Grade.L1, Grade.L2}


class PlaceKind(StrEnum):
    """In which layer of a file something stands; everything but ``BODY`` and ``FOOTNOTE`` is easily overlooked."""

    BODY = "body"
    FILE_NAME = "file_name"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_ROW = "hidden_row"
    HIDDEN_COLUMN = "hidden_column"
    COMMENT = "comment"
    DEFINED_NAME = "defined_name"
    PIVOT_CACHE = "pivot_cache"
    CACHED = "cached"
    DRAWING = "drawing"
    TRACKED_DELETION = "tracked_deletion"
    TRACKED_INSERTION = "tracked_insertion"
    HIDDEN_TEXT = "hidden_text"
    HEADER = "header"
    FOOTER = "footer"
    PROPERTY = "property"
    COVERED = "covered"
    ANNOTATION = "annotation"
    FORM_FIELD = "form_field"
    GPS = "gps"


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file; numbers count from 1.

    ``part`` names what is inside the file: an embedded file, a property, a defined name, the author of a comment.
    ``column`` is in letters, as Excel shows it. ``row`` is a sheet's row, ``line`` a line or paragraph of a text.
    """

    kind: PlaceKind = PlaceKind.BODY
    part: str = ""
    page: int | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should look at before the content is published.

    ``code`` names the sentence in ``rulebook/messages/content.yaml``, ``rule`` the entry of the rule file.
    ``start`` and ``end`` are character offsets in the checked text, end exclusive. ``text`` is what stands there,
    ``shown`` the same as it may be repeated on a screen (personal data are masked), ``context`` the words around it,
    masked alike. ``replacement`` is what to write instead, empty when a person has to decide. ``remark`` tells in
    which cases the text is right as it stands.
    """

    code: str
    grade: Grade
    start: int
    end: int
    text: str
    rule: str
    replacement: str = ""
    context: str = ""
    shown: str = ""
    remark: str = ""
    category: str = ""
    place: Place | None = None


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Keep one of the findings that overlap: the graver, then the longer, then the earlier, then by rule.

    The result does not depend on the order of the input and is sorted by position.
    """
    kept: list[tuple[int, int, int]] = []
    ranked = sorted(findings, key=lambda f: (f.grade.value, f.start - f.end, f.start, f.rule, f.code, f.replacement))
    for number, finding in enumerate(ranked):
        at = bisect_left(kept, (finding.start, finding.end, -1))
        if at and kept[at - 1][1] > finding.start:
            continue
        if at < len(kept) and kept[at][0] < finding.end:
            continue
        insort(kept, (finding.start, finding.end, number))
    return [ranked[number] for _, _, number in kept]


def around(text: str, start: int, end: int, *, reach: int = 14) -> str:
    """Return the words around ``text[start:end]`` on its own line, with … where something was left out."""
    # Only the reach is searched for the ends of the line: a line may be a whole book.
    least, most = max(0, start - reach), min(len(text), end + reach)
    left = max(text.rfind("\n", least, start) + 1, least)
    stop = text.find("\n", end, most)
    right = most if stop < 0 else stop
    before = "…" if left > 0 and text[left - 1] != "\n" else ""
    after = "…" if right < len(text) and text[right] != "\n" else ""
    return before + text[left:right].replace("\t", " ") + after
