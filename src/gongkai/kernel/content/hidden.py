"""Findings about hidden content as such: whoever publishes should know of it, whatever it says."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.domain.wording import Finding, Place, PlaceKind
from gongkai.kernel.content.gathering import Gathered
from gongkai.kernel.content.rules import ContentRules

_CODES = {
    PlaceKind.HIDDEN_SHEET: "content.hidden.sheet",
    PlaceKind.HIDDEN_ROW: "content.hidden.rows",
    PlaceKind.HIDDEN_COLUMN: "content.hidden.columns",
    PlaceKind.COMMENT: "content.hidden.comment",
    PlaceKind.DEFINED_NAME: "content.hidden.defined_name",
    PlaceKind.PIVOT_CACHE: "content.hidden.pivot_cache",
    PlaceKind.CACHED: "content.hidden.cached",
    PlaceKind.TRACKED_DELETION: "content.hidden.tracked_change",
    PlaceKind.TRACKED_INSERTION: "content.hidden.tracked_change",
    PlaceKind.HIDDEN_TEXT: "content.hidden.hidden_text",
    PlaceKind.COVERED: "content.hidden.covered",
    PlaceKind.ANNOTATION: "content.hidden.annotation",
    PlaceKind.GPS: "content.hidden.gps",
    PlaceKind.PROPERTY: "content.hidden.property",
}
_PERSONAL_PROPERTIES = frozenset({"作者", "最后修改者", "管理者"})
_PROGRAMS = frozenset(
    {"openpyxl", "python-docx", "anonymous", "administrator", "admin", "user", "微软用户", "microsoft"}
)
"""What programs write where an author belongs."""


def hidden_findings(gathered: Gathered, *, rules: ContentRules) -> Iterator[Finding]:
    """Yield one finding for each kind of hidden content in each sheet, page or part, with how often it was met."""
    groups: dict[tuple[str, Place], list[str]] = {}
    for piece in gathered.pieces:
        place = piece.place
        code = _CODES.get(place.kind)
        if code is None or not piece.text.strip():
            continue
        if place.kind is PlaceKind.PROPERTY:
            known = place.part.rpartition("/")[2] in _PERSONAL_PROPERTIES
            if not known or piece.text.strip().lower() in _PROGRAMS:
                continue
        part = place.part if place.kind in {PlaceKind.PROPERTY, PlaceKind.GPS, PlaceKind.DEFINED_NAME} else ""
        if place.kind is PlaceKind.CACHED and place.part == "附件":
            code, part = "content.hidden.attachment", "附件"
        where = Place(place.kind, part=part, sheet=place.sheet, page=place.page)
        groups.setdefault((code, where), []).append(piece.text)
    for (code, place), texts in groups.items():
        told = texts[0] if place.kind in {PlaceKind.PROPERTY, PlaceKind.GPS} else f"{len(texts)} 处"
        yield Finding(
            code=code,
            grade=rules.hidden[code],
            start=0,
            end=0,
            text="\n".join(texts),
            shown=told,
            rule=code.rpartition(".")[2],
            place=place,
        )
